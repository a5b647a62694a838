// Words for officers: what each event says in the history, and what a deed of theirs has done.
import type { ApplicationEvent, ApplicationEventType } from '#src/applications/application.ts';
import { channelWords, PURPOSES } from '#src/applications/text.ts';
import { roleName } from '#src/catalogue/roles.ts';
import type { Service } from '#src/catalogue/service.ts';
import { formatList } from '#ui/format.ts';

type Data<T extends ApplicationEventType> = Extract<ApplicationEvent, { type: T }>['data'];
export type Words = {
  service: Service;
  agencyName: (id: string) => string;
  officerName?: (id: string) => string | undefined;
};

/** What happened, without who and when: "Minta perbaikan: Nama ibu, Kartu Keluarga". */
export function sentenceOf(event: { type: ApplicationEventType; data: Record<string, unknown> }, words: Words): string {
  const { type } = event;
  const data = event.data as never;
  switch (type) {
    case 'application.submitted':
      return `Permohonan diajukan lewat ${channelWords((data as Data<typeof type>).channel).toLowerCase()}`;
    case 'application.advanced':
    case 'application.reopened':
    case 'application.completed':
    case 'application.withdrawn':
    case 'application.expired':
    case 'application.objected':
      return deedOf(words.service, data as Data<typeof type>);
    case 'application.returned': {
      const { correction } = data as Data<typeof type>;
      return `${deedOf(words.service, data as Data<typeof type>)}: ${formatList([...correction.fields.map((id) => fieldName(words.service, id)), ...correction.requirements.map((id) => requirementName(words.service, id))])}`;
    }
    case 'application.resubmitted': {
      const { changed } = data as Data<typeof type>;
      const what = changed.map((id) => fieldName(words.service, id, requirementName(words.service, id)));
      return `Perbaikan dikirim${what.length > 0 ? `: ${formatList(what)}` : ''}`;
    }
    case 'application.refused': {
      const moved = data as Data<typeof type>;
      const reason = moved.reason && reasonName(words.service, moved, moved.reason);
      return `${deedOf(words.service, moved)}${reason ? `: ${reason}` : ''}`;
    }
    case 'application.noted': {
      const { action } = data as Data<typeof type>;
      return action ? actionName(words.service, action) : 'Catatan';
    }
    case 'application.consulted': {
      const { opinion } = data as Data<typeof type>;
      return `Minta pendapat ${words.agencyName(opinion.agency)} (${roleName(opinion.role).toLowerCase()})`;
    }
    case 'application.recalled':
      return 'Pertanyaan kepada instansi lain ditarik kembali';
    case 'application.opined': {
      const { answer, moved } = data as Data<typeof type>;
      const on = moved && stateName(words.service, moved.to);
      return `Pendapat: ${answer === 'agree' ? 'setuju' : 'tidak setuju'}${on ? `; berkas lanjut ke ${on}` : ''}`;
    }
    case 'application.escalated':
      return `Batas waktu meja terlewati; diberitahukan kepada ${roleName((data as Data<typeof type>).role).toLowerCase()}`;
    case 'application.taken':
      return (data as Data<typeof type>).over ? 'Mengambil alih berkas ini dari rekan' : 'Mengambil berkas ini';
    case 'application.revealed':
      return `Membuka nomor lengkap: ${purposeName((data as Data<typeof type>).purpose).toLowerCase()}`;
  }
}

/** Codes that a redirect carries, as sentences. `%` is the number of the case. */
const DONE: Record<string, string> = {
  advance: 'Tersimpan. Berkas % berlanjut ke meja berikutnya.',
  return: 'Tersimpan. Pemohon berkas % diminta memperbaiki; waktu janji berhenti sampai perbaikannya masuk.',
  resubmit: 'Tersimpan. Perbaikan berkas % sudah masuk.',
  refuse: 'Tersimpan. Permohonan % ditolak dan pemohon dapat membaca alasannya.',
  complete: 'Tersimpan. Permohonan % selesai; dokumennya segera terbit.',
  withdraw: 'Tersimpan. Permohonan % dibatalkan.',
  object: 'Tersimpan. Keberatan atas % tercatat.',
  reopen: 'Tersimpan. Berkas % diperiksa lagi dari awal, dengan waktu janji yang baru.',
  expire: 'Tersimpan. Permohonan % ditutup.',
  note: 'Catatan pada berkas % tersimpan.',
  consult: 'Pertanyaan tentang berkas % terkirim.',
  recall: 'Pertanyaan tentang berkas % ditarik kembali.',
  opine: 'Pendapat Anda tentang berkas % tersimpan.',
  take: 'Berkas % sekarang atas nama Anda.',
  release: 'Berkas % kembali ke meja, tanpa nama.',
  assign: 'Tugas pada berkas % sudah dibagi.',
  'sent-back': 'Berkas % dikembalikan ke mejanya dengan pesan Anda.',
  single: 'Tercatat: berkas % bukan permohonan ganda.',
  revoke: 'Dokumen pada berkas % dicabut. Siapa pun yang memeriksa kodenya akan melihatnya.',
  reissue: 'Dokumen pada berkas % diterbitkan ulang dengan kode baru. Yang lama dicabut dan menunjuk ke yang baru.',
};

export type Done = keyof typeof DONE;
export const isDone = (code: string): boolean => Object.hasOwn(DONE, code);
export const doneWords = (code: string, number: string): string => (DONE[code] ?? '').replace('%', number);

export const purposeName = (purpose: string): string => (PURPOSES as Record<string, string>)[purpose] ?? purpose;
export const stateName = (service: Service, state: string): string => service.workflow.states[state]?.name ?? state;

export function actionName(service: Service, action: string, from?: string): string {
  const states = service.workflow.states;
  const own = from !== undefined ? states[from]?.actions[action] : undefined;
  const found = own ?? Object.values(states).find((state) => Object.hasOwn(state.actions, action))?.actions[action];
  return found?.name ?? action;
}

/** What the workflow calls the deed, and where it led. */
function deedOf(service: Service, moved: { action: string; from: string; to: string }): string {
  const to = service.workflow.states[moved.to];
  const led = to && !to.end && !to.waitsFor ? ` → ${to.name}` : '';
  return `${actionName(service, moved.action, moved.from)}${led}`;
}

function reasonName(service: Service, moved: { action: string; from: string }, reason: string): string {
  return (
    service.workflow.states[moved.from]?.actions[moved.action]?.reasons?.find(({ id }) => id === reason)?.name ?? reason
  );
}

export function fieldName(service: Service, id: string, otherwise = id): string {
  for (const step of service.form) {
    if (step.repeat && step.id === id) return step.title;
    const field = step.properties[id];
    if (field && !step.repeat) return field.title;
  }
  return otherwise;
}

export function requirementName(service: Service, id: string): string {
  return service.requirements.find((requirement) => requirement.id === id)?.options[0]?.name ?? id;
}

const DOORS: Record<string, string> = { online: 'Digital', doorstep: 'Jemput bola', onestop: 'Loket' };
/** The door in one word, for narrow columns. */
export const doorName = (channel: string): string => DOORS[channel] ?? channel;
