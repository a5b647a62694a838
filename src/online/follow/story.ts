// What happened to an application, in sentences for its owner. Officers appear as their office, never by name. Pure.
import type { ApplicationEventType, Status } from '#src/applications/application.ts';
import type { Service } from '#src/catalogue/service.ts';
import type { Action, State } from '#src/catalogue/workflow.ts';
import { CAME } from '../text.ts';

/** One moment as the dossier gives it. */
export type Happened = {
  type: ApplicationEventType;
  at: Date;
  who: string;
  channel: string;
  note?: string;
  data: Record<string, unknown>;
};
/** One line of the story. `note`: the words that came with it, only those meant for the owner. */
export type Line = { at: Date; text: string; note?: string; stopped?: boolean };

export type Names = { office: string; agency(id: string): string };

/** The story so far, first to last; what concerns only the office is left out. */
export function storyOf(service: Service, moments: Happened[], names: Names): Line[] {
  return moments.flatMap((moment) => {
    const told = tell(service, moment, names);
    return told ? [{ at: moment.at, ...told }] : [];
  });
}

function tell(service: Service, moment: Happened, { office, agency }: Names): Omit<Line, 'at'> | undefined {
  const { data, note } = moment;
  const said = note ? { note } : {};
  switch (moment.type) {
    case 'application.submitted':
      return { text: `Permohonan diterima ${CAME[String(data.channel)] ?? ''}`.trim() };
    case 'application.advanced':
      return { text: `${office}: ${lower(actionOf(service, data)?.name ?? 'diteruskan')}` };
    case 'application.returned':
      return { text: `${office} meminta perbaikan dari Anda`, ...said };
    case 'application.resubmitted':
      return { text: 'Anda mengirim perbaikan' };
    case 'application.refused':
      return {
        text: `${office} menolak permohonan: ${lower(reasonOf(service, data) ?? 'lihat penjelasan')}`,
        ...said,
        stopped: true,
      };
    case 'application.completed':
      return { text: `${office} menyelesaikan permohonan Anda`, ...said };
    case 'application.withdrawn':
      return { text: 'Anda membatalkan permohonan', stopped: true };
    case 'application.expired':
      return { text: 'Permohonan ditutup karena waktunya habis', stopped: true };
    case 'application.objected':
      return { text: 'Anda mengajukan keberatan', ...said };
    case 'application.reopened':
      return { text: `${office} menerima keberatan Anda dan memeriksa lagi`, ...said };
    case 'application.consulted': {
      const opinion = data.opinion as { agency?: string } | undefined;
      return { text: `Pendapat ${agency(opinion?.agency ?? '')} diminta` };
    }
    case 'application.opined':
      return { text: data.moved ? 'Pendapat instansi lain sudah lengkap' : 'Satu instansi memberi pendapat' };
    case 'application.escalated':
      return { text: 'Lewat batas waktu; atasan petugas sudah diberi tahu' };
    case 'application.taken':
      return { text: `Petugas ${office} mulai mengerjakan berkas Anda` };
    case 'application.noted':
    case 'application.recalled':
    case 'application.revealed':
      return undefined;
  }
}

function actionOf(service: Service, data: Record<string, unknown>): Action | undefined {
  return service.workflow.states[String(data.from)]?.actions[String(data.action)];
}

/** The sentence of a refusal's reason, from the action that refused. */
export function reasonOf(service: Service, data: Record<string, unknown>): string | undefined {
  return actionOf(service, data)?.reasons?.find((reason) => reason.id === data.reason)?.name;
}

const lower = (text: string): string =>
  /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

/** A label of one or two words, and its colour. */
export function labelOf(status: Status): { text: string; tone: 'done' | 'running' | 'yours' | 'stopped' | 'quiet' } {
  switch (status) {
    case 'in-progress':
      return { text: 'Sedang dikerjakan', tone: 'running' };
    case 'waiting-opinion':
      return { text: 'Menunggu instansi lain', tone: 'running' };
    case 'waiting-resident':
      return { text: 'Menunggu Anda', tone: 'yours' };
    case 'completed':
      return { text: 'Selesai', tone: 'done' };
    case 'refused':
      return { text: 'Ditolak', tone: 'stopped' };
    case 'withdrawn':
      return { text: 'Dibatalkan', tone: 'quiet' };
    case 'expired':
      return { text: 'Ditutup', tone: 'quiet' };
  }
}

/** The states that still lie ahead when all goes well, in the owner's order; never more than a few. */
export function aheadOf(service: Service, state: string): State[] {
  const ahead: State[] = [];
  const seen = new Set([state]);
  for (let at = service.workflow.states[state]; at && !at.end && ahead.length < 6; ) {
    const actions = Object.values(at.actions);
    const next = at.waitsFor
      ? actions.find((one) => one.kind === 'resubmit' || one.kind === 'advance')
      : (actions.find((one) => one.kind === 'complete') ??
        actions.find((one) => one.kind === 'advance' && !seen.has(one.to)));
    const to = next?.to ?? at.opinions?.agreed;
    const target = to === undefined || seen.has(to) ? undefined : service.workflow.states[to];
    if (!target || to === undefined) break;
    seen.add(to);
    ahead.push(target);
    at = target;
  }
  return ahead;
}
