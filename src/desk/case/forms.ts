// The deeds that an officer may do with a case now, each a small form of its own. Pure.
import { html } from 'hono/html';
import type { Dossier } from '#src/applications/dossier/actions.ts';
import { COMPARING, PURPOSES } from '#src/applications/text.ts';
import { roleName } from '#src/catalogue/roles.ts';
import type { Agency } from '#src/catalogue/service.ts';
import type { Action } from '#src/catalogue/workflow.ts';
import { button, buttons, notice } from '#ui/components.ts';
import { checkboxes, form, radios, selectField, textArea } from '#ui/fields.ts';
import { formatList } from '#ui/format.ts';
import { attributes, type Content, fieldId, type Html } from '#ui/html.ts';
import type { Sentence } from '../sentences/actions.ts';
import { stateName } from '../text.ts';

/** What a form brought that could not be done: shown again with its errors, nothing typed is lost. */
export type Typed = { form: string; values: Record<string, string[]>; errors: Record<string, string> };

export type FormSetting = {
  path: string;
  dossier: Dossier;
  /** A fresh id for one form: sending it twice does it once. */
  commandId: () => string;
  typed: Typed | undefined;
  /** Where this case stands in the inbox, so that "next" goes on from here. */
  place: string | undefined;
  mendable: { id: string; text: string }[];
  /** Ready-made sentences of the agency. */
  sentences: readonly Sentence[];
};

const value = (setting: FormSetting, own: string, name: string): string | undefined =>
  setting.typed?.form === own ? setting.typed.values[name]?.at(-1) : undefined;
const values = (setting: FormSetting, own: string, name: string): string[] =>
  setting.typed?.form === own ? (setting.typed.values[name] ?? []) : [];
const fault = (setting: FormSetting, own: string, name: string): { error?: string } => {
  const error = setting.typed?.form === own ? setting.typed.errors[name] : undefined;
  return error ? { error } : {};
};

/** Every action on its own line; one opens at a time. The usual next step stands open, except where it ends the case. */
export function actionForms(setting: FormSetting): Html {
  const { dossier, typed } = setting;
  const waiting = dossier.application.opinions.filter((opinion) => !opinion.answer);
  const usual =
    typed || waiting.length > 0 ? undefined : dossier.actions.find(([, action]) => action.kind === 'advance')?.[0];
  const sorted = [...dossier.actions].sort(([, a], [, b]) => rank(a) - rank(b));
  return html`<div class="deeds">${sorted.map(([id, action], index) => {
    const blocked =
      waiting.length > 0 && (action.kind === 'advance' || action.kind === 'refuse' || action.kind === 'complete');
    return html`<details${attributes({ name: 'tindakan', id: `tindakan-${id}`, class: action.kind === 'refuse' ? 'grave' : undefined, open: typed ? typed.form === id : id === usual })}><summary><span>${action.name}</span>${
      index < 9 && html`<kbd>${index + 1}</kbd>`
    }</summary>${blocked ? html`<p class="hint">Baru bisa setelah pendapat yang ditunggu dijawab atau ditarik kembali.</p>` : actionForm(setting, id, action)}</details>`;
  })}</div>`;
}

// what moves the case on comes first, what ends it against the resident last
const ORDER: Partial<Record<Action['kind'], number>> = {
  complete: 0,
  advance: 1,
  reopen: 2,
  resubmit: 2,
  return: 3,
  note: 4,
  refuse: 6,
};
const rank = (action: Action): number => ORDER[action.kind] ?? 5;

function actionForm(setting: FormSetting, id: string, action: Action): Html {
  return form({
    action: `${setting.path}/tindakan`,
    hidden: {
      tindakan: id,
      dari: setting.dossier.application.state,
      perintah: setting.commandId(),
      ...(setting.place && { tempat: setting.place }),
    },
    body: [fieldsFor(setting, id, action), sendButtons(action)],
  });
}

function fieldsFor(setting: FormSetting, id: string, action: Action): Content {
  const { dossier } = setting;
  const note = (label: string, more: { hint?: string; optional?: boolean } = {}) => [
    readyMade(setting, id, action.kind === 'return' || action.kind === 'refuse' ? action.kind : 'advance'),
    textArea({
      name: `${id}.catatan`,
      label,
      rows: 3,
      limit: undefined,
      value: value(setting, id, 'catatan'),
      ...more,
      ...fault(setting, id, 'catatan'),
    }),
  ];
  switch (action.kind) {
    case 'return':
      return [
        mendBoxes(setting, id),
        note('Apa yang harus diperbaiki?', { hint: 'Dibaca pemohon. Sebut apa yang keliru dan bagaimana seharusnya.' }),
      ];
    case 'refuse':
      return [
        radios({
          name: `${id}.alasan`,
          label: 'Alasan penolakan',
          options: (action.reasons ?? []).map((reason) => ({ value: reason.id, text: reason.name })),
          value: value(setting, id, 'alasan'),
          ...fault(setting, id, 'alasan'),
        }),
        note('Penjelasan untuk pemohon', { optional: true, hint: 'Dibaca pemohon, yang berhak mengajukan keberatan.' }),
      ];
    case 'complete': {
      const products = dossier.service.products.filter((product) => product.document).map((product) => product.name);
      return [
        notice({
          body: html`<p>${products.length > 0 ? html`Terbit atas pengesahan Anda: <b>${formatList(products)}</b>, untuk <b>${dossier.name}</b>.` : 'Permohonan ini selesai.'} Ini tidak bisa dibatalkan; dokumen yang keliru hanya bisa dicabut.</p>`,
        }),
        note('Catatan', { optional: true }),
      ];
    }
    case 'advance':
    case 'resubmit':
    case 'withdraw':
    case 'object':
    case 'reopen':
    case 'note':
    case 'expire':
      return [
        action.to !== dossier.application.state &&
          html`<p class="hint">Berlanjut ke: ${stateName(dossier.service, action.to)}</p>`,
        note('Catatan', { optional: action.kind !== 'object' }),
      ];
  }
}

function sendButtons(action: Action): Html {
  const kind = action.kind === 'refuse' ? 'danger' : 'primary';
  const verb = action.kind === 'complete' || action.kind === 'refuse' ? 'Ya, ' : '';
  const name = verb ? `${verb}${action.name.toLowerCase()}` : 'Simpan';
  return buttons(
    button(`${name}, buka berikutnya`, { kind, name: 'lalu', value: 'berikutnya' }),
    button(verb ? `${name} saja` : 'Simpan saja', { kind: 'secondary', name: 'lalu', value: 'di-sini' }),
  );
}

/** Sentences to choose from: "Pakai" fills one into the note; a script does it without going to the server. */
function readyMade(setting: FormSetting, own: string, kind: Sentence['kind']): Content {
  const fitting = setting.sentences.filter((one) => one.kind === 'any' || one.kind === kind);
  if (fitting.length === 0) return null;
  const id = fieldId(`${own}.kalimat`);
  return html`<div class="ready"><label for="${id}">Kalimat siap pakai</label><select${attributes({ id, name: `${own}.kalimat`, 'data-fill': fieldId(`${own}.catatan`) })}><option value="">Pilih kalimat</option>${fitting.map((one) => html`<option${attributes({ value: one.id, 'data-text': one.text })}>${one.title}</option>`)}</select>${button('Pakai', { kind: 'secondary', name: 'pakai', value: own, action: `${setting.path}/kalimat` })}</div>`;
}

/** Ticks for each field and each requirement that may be asked again. */
function mendBoxes(setting: FormSetting, id: string): Content {
  const papers = setting.dossier.documents
    .filter(({ requirement }) => requirement.evidence === 'upload')
    .map(({ requirement, options }) => ({
      value: `berkas:${requirement.id}`,
      text: options[0]?.name ?? requirement.id,
    }));
  const fields = setting.mendable.map((field) => ({ value: `isian:${field.id}`, text: field.text }));
  const chosen = values(setting, id, 'perbaiki');
  const boxes = (name: string, label: string, options: { value: string; text: string }[]) =>
    options.length > 0 &&
    checkboxes({ name, label, options, values: chosen, ...fault(setting, id, name.split('.')[1] ?? '') });
  return html`<div class="mend">${boxes(`${id}.perbaiki`, 'Berkas yang diminta lagi', papers)}${boxes(papers.length > 0 ? `${id}.isian` : `${id}.perbaiki`, 'Isian yang diminta lagi', fields)}</div>`;
}

/** For an agency whose opinion is asked. */
export function answerForms(
  setting: FormSetting,
  questions: Map<string, string>,
  agencyName: (id: string) => string,
): Content {
  return setting.dossier.opinions.map((task) => {
    const own = `pendapat-${task.opinion}`;
    const question = questions.get(task.opinion ?? '');
    return html`<section class="asked"><h2>Pendapat Anda diminta</h2><p class="hint">Sebagai ${roleName(task.role).toLowerCase()} ${agencyName(task.agency)}</p>${question && html`<blockquote>${question}</blockquote>`}${form(
      {
        action: `${setting.path}/pendapat/${task.opinion}/jawab`,
        hidden: { perintah: setting.commandId(), ...(setting.place && { tempat: setting.place }) },
        body: [
          radios({
            name: `${own}.jawaban`,
            label: 'Jawaban',
            inline: true,
            options: [
              { value: 'agree', text: 'Setuju' },
              { value: 'disagree', text: 'Tidak setuju' },
            ],
            value: value(setting, own, 'jawaban'),
            ...fault(setting, own, 'jawaban'),
          }),
          readyMade(setting, own, 'opinion'),
          textArea({
            name: `${own}.catatan`,
            label: 'Pertimbangan',
            hint: 'Wajib bila tidak setuju. Dibaca petugas yang bertanya.',
            rows: 3,
            value: value(setting, own, 'catatan'),
            ...fault(setting, own, 'catatan'),
          }),
          buttons(
            button('Kirim pendapat, buka berikutnya', { name: 'lalu', value: 'berikutnya' }),
            button('Kirim saja', { kind: 'secondary', name: 'lalu', value: 'di-sini' }),
          ),
        ],
      },
    )}</section>`;
  });
}

/** Roles that answer for an agency of each kind. */
const ASKED_ROLES: Record<Agency['kind'], string[]> = {
  opd: ['verifier', 'examiner', 'supervisor', 'approver', 'head'],
  vertical: ['verifier', 'examiner', 'supervisor', 'approver', 'head'],
  hospital: ['verifier', 'examiner', 'supervisor', 'approver', 'head'],
  district: ['district-head', 'verifier'],
  village: ['village-head', 'village-registrar'],
};

/** Which part of the regency a desk of this agency answers for. */
export const areaLevel = (agency: Agency): 'district' | 'village' | undefined =>
  agency.kind === 'village' ? 'village' : agency.kind === 'district' ? 'district' : undefined;

/** Whether somebody in this role can answer for this agency. */
export const canAnswer = (agency: Agency, role: string): boolean => ASKED_ROLES[agency.kind].includes(role);

export function askForm(setting: FormSetting, agencies: Agency[]): Html {
  const own = 'tanya';
  const roles = [...new Set(Object.values(ASKED_ROLES).flat())].map((role) => ({ value: role, text: roleName(role) }));
  const place = (agency: Agency) =>
    agency.kind === 'village' ? ' pemohon' : agency.kind === 'district' ? ' pemohon' : '';
  return html`<details class="more" id="tanya"${attributes({ open: setting.typed?.form === own })}><summary>Minta pendapat instansi lain</summary><div>${form(
    {
      action: `${setting.path}/pendapat`,
      hidden: { perintah: setting.commandId() },
      body: [
        selectField({
          name: `${own}.instansi`,
          label: 'Instansi',
          options: agencies.map((agency) => ({ value: agency.id, text: `${agency.short}${place(agency)}` })),
          value: value(setting, own, 'instansi'),
          ...fault(setting, own, 'instansi'),
        }),
        selectField({
          name: `${own}.peran`,
          label: 'Kepada siapa',
          hint: 'Di desa: kepala desa atau petugas registrasi; di kecamatan: camat atau verifikator.',
          options: roles,
          value: value(setting, own, 'peran'),
          ...fault(setting, own, 'peran'),
        }),
        textArea({
          name: `${own}.catatan`,
          label: 'Pertanyaan',
          hint: 'Yang ditanya dapat membaca berkas ini sampai ia menjawab.',
          rows: 3,
          value: value(setting, own, 'catatan'),
          ...fault(setting, own, 'catatan'),
        }),
        button('Kirim pertanyaan', { kind: 'secondary' }),
      ],
    },
  )}</div></details>`;
}

export function noteForm(setting: FormSetting): Html {
  const own = 'catatan';
  return html`<details class="more" id="catatan"${attributes({ open: setting.typed?.form === own })}><summary>Tulis catatan</summary><div>${form(
    {
      action: `${setting.path}/catatan`,
      hidden: { perintah: setting.commandId() },
      body: [
        readyMade(setting, own, 'any'),
        textArea({
          name: `${own}.catatan`,
          label: 'Catatan',
          hint: 'Tidak memindahkan berkas. Dibaca petugas yang membuka berkas ini.',
          rows: 3,
          value: value(setting, own, 'catatan'),
          ...fault(setting, own, 'catatan'),
        }),
        button('Simpan catatan', { kind: 'secondary' }),
      ],
    },
  )}</div></details>`;
}

/** One press, no question: taking, recalling. */
export const pressForm = (setting: FormSetting, to: string, text: string): Html =>
  html`<div class="press">${form({ action: `${setting.path}/${to}`, hidden: { perintah: setting.commandId() }, body: button(text, { kind: 'secondary' }) })}</div>`;

export function revealForm(setting: FormSetting): Html {
  const own = 'lengkap';
  return html`<details class="more" id="lengkap"${attributes({ open: setting.typed?.form === own })}><summary>Tampilkan nomor lengkap</summary><div>${form(
    {
      action: `${setting.path}/lengkap`,
      body: [
        radios({
          name: `${own}.guna`,
          label: 'Untuk apa?',
          hint: 'Tercatat atas nama Anda, dan dapat dibaca pemohon.',
          options: Object.entries(PURPOSES)
            .filter(([code]) => code !== COMPARING)
            .map(([code, text]) => ({ value: code, text })),
          ...fault(setting, own, 'guna'),
        }),
        button('Tampilkan sekali ini', { kind: 'secondary' }),
      ],
    },
  )}</div></details>`;
}
