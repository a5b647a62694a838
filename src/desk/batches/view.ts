// Doing one thing to many cases: choose, look over, confirm, watch. Pure.
import { html } from 'hono/html';
import type { Batch, Choice, Plan, Preview, Selection } from '#src/applications/batches/actions.ts';
import { button, buttons, confirmDialog, emptyState, linkButton, notice, tag } from '#ui/components.ts';
import { errorSummary, form, hiddenFields, radios, selectField, textArea } from '#ui/fields.ts';
import { formatDateTime, formatNumber } from '#ui/format.ts';
import { attributes, type Content, type Html, hidden } from '#ui/html.ts';
import { facts, pager, table } from '#ui/lists.ts';

const many = (count: number): string => `${formatNumber(count, 0)} berkas`;

/** Under the inbox: ticks above it belong to this form; the filter goes along for "all". */
export function batchBar(filters: Record<string, string | undefined>): Html {
  const kept = Object.fromEntries(
    Object.entries(filters).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
  return html`<form id="borongan" class="bar" action="/kerja/borongan" method="post">${hiddenFields(kept)}<span class="small">Borongan:</span>${button('Tindak yang dipilih', { kind: 'secondary', name: 'lingkup', value: 'pilihan' })}${button('Tindak semua di tampilan ini', { kind: 'secondary', name: 'lingkup', value: 'semua' })}<a href="/kerja/borongan">Borongan saya</a></form>`;
}

/** The selection as a form carries it from page to page: ids and filters, nothing about people. */
export function selectionFields(selection: Selection): Content {
  if ('ids' in selection) return selection.ids.map((id) => html`<input type="hidden" name="pilih" value="${id}">`);
  const { service, late, mine } = selection.filter;
  return hiddenFields({
    lingkup: 'semua',
    ...(service && { layanan: service }),
    ...(late ? { lihat: 'terlambat' } : mine ? { lihat: 'saya' } : {}),
  });
}

export type ChooseSetting = {
  count: number;
  choices: Choice[];
  selection: Selection;
  sentences: { id: string; title: string; text: string }[];
  plan?: Plan | undefined;
  errors?: Record<string, string>;
};

/** Which action, with which words. */
export function chooseView({ count, choices, selection, plan, errors = {}, sentences }: ChooseSetting): Html {
  if (count === 0)
    return html`<h1>Tindakan borongan</h1>${emptyState({ title: 'Tidak ada berkas yang dipilih.', body: html`<p>Centang berkas di kotak masuk, atau pilih semua di satu tampilan. Pertanyaan pendapat dijawab satu per satu.</p>`, action: linkButton('Ke kotak masuk', '/kerja', 'secondary') })}`;
  if (choices.length === 0)
    return html`<h1>Tindakan borongan</h1>${emptyState({ title: 'Tidak ada tindakan yang dapat diborong untuk berkas ini.', body: html`<p>Minta perbaikan dan pendapat selalu satu per satu, karena isinya lain di tiap berkas.</p>`, action: linkButton('Ke kotak masuk', '/kerja', 'secondary') })}`;
  const reasons = [...new Map(choices.flatMap((choice) => choice.reasons).map((one) => [one.id, one])).values()];
  const fault = (name: string) => (errors[name] ? { error: errors[name] } : {});
  return html`${errorSummary(Object.entries(errors).map(([path, message]) => ({ path, message })))}<h1>Tindakan borongan untuk ${many(count)}</h1>${form(
    {
      action: '/kerja/borongan/periksa',
      body: [
        selectionFields(selection),
        radios({
          name: 'tindakan',
          label: 'Tindakan',
          options: choices.map((choice) => ({
            value: choice.action,
            text: choice.name,
            hint:
              choice.count === count ? 'Untuk semuanya' : `Untuk ${many(choice.count)} dari ${formatNumber(count, 0)}`,
          })),
          value: plan?.action ?? (choices.length === 1 ? choices[0]?.action : undefined),
          ...fault('tindakan'),
        }),
        reasons.length > 0 &&
          selectField({
            name: 'alasan',
            label: 'Alasan, bila menolak',
            hint: 'Dibaca setiap pemohon, yang berhak mengajukan keberatan.',
            options: reasons.map(({ id, name }) => ({ value: id, text: name })),
            value: plan?.reason,
            ...fault('alasan'),
          }),
        sentences.length > 0 &&
          html`<div class="ready"><label for="kalimat">Kalimat siap pakai</label><select id="kalimat" name="kalimat" data-fill="catatan"><option value="">Pilih kalimat</option>${sentences.map((one) => html`<option${attributes({ value: one.id, 'data-text': one.text })}>${one.title}</option>`)}</select>${button('Pakai', { kind: 'secondary', name: 'pakai', value: 'ya', action: '/kerja/borongan' })}</div>`,
        textArea({
          name: 'catatan',
          label: 'Catatan yang sama untuk semua berkas',
          optional: true,
          rows: 3,
          hint: 'Jangan menulis hal yang hanya benar untuk satu orang.',
          value: plan?.note,
          ...fault('catatan'),
        }),
        button('Lihat dulu'),
      ],
    },
  )}<p><a href="/kerja">Batal, kembali ke kotak masuk</a></p>`;
}

const LEFT: Record<Preview['left'][number]['why'], string> = {
  'no-such-action': 'tidak mempunyai tindakan ini pada tahapnya sekarang',
  'opinions-open': 'masih menunggu pendapat instansi lain',
  forbidden: 'tindakannya bukan milik peran Anda, atau perlu pengaman kedua',
  'each-by-itself': 'harus ditindak satu per satu',
};

/** What would happen, before it does. */
export function previewView(given: { preview: Preview; selection: Selection; plan: Plan; commandId: string }): Html {
  const { preview, plan } = given;
  const reason = preview.choice.reasons.find(({ id }) => id === plan.reason)?.name;
  return html`<h1>${preview.choice.name}: ${many(preview.may)}</h1>${notice({
    tone: preview.choice.kind === 'refuse' || preview.choice.kind === 'complete' ? 'warning' : 'info',
    body: html`<p><b>${many(preview.may)}</b> akan ditindak.${reason && ` Alasan: ${reason}.`}</p>${plan.note && html`<blockquote>${plan.note}</blockquote>`}<p>Setiap berkas ditindak sendiri-sendiri dan tercatat atas nama Anda. Yang sudah berubah keadaannya sejak sekarang dilewati. Yang sudah ditindak tidak bisa ditarik kembali; sisanya bisa dihentikan.</p>`,
  })}${
    preview.left.length > 0 &&
    html`<h2>Tidak ikut</h2><ul>${preview.left.map(({ why, count }) => html`<li><b>${many(count)}</b> ${LEFT[why]}</li>`)}</ul>`
  }${form({
    action: '/kerja/borongan/mulai',
    body: [
      selectionFields(given.selection),
      hiddenFields({
        tindakan: plan.action,
        alasan: plan.reason ?? '',
        catatan: plan.note ?? '',
        perintah: given.commandId,
      }),
      buttons(
        button(`Ya, tindak ${many(preview.may)}`, { kind: preview.choice.kind === 'refuse' ? 'danger' : 'primary' }),
        button('Ubah', { kind: 'secondary', action: '/kerja/borongan' }),
      ),
    ],
  })}<p><a href="/kerja">Batal, kembali ke kotak masuk</a></p>`;
}

const STATES: Record<Batch['state'], { text: string; tone: 'running' | 'done' | 'stopped' }> = {
  running: { text: 'Berjalan', tone: 'running' },
  done: { text: 'Selesai', tone: 'done' },
  cancelled: { text: 'Dihentikan', tone: 'stopped' },
};

/** What the engine's codes say to an officer. */
const OUTCOMES: Record<string, string> = {
  'moved-on': 'sudah ditindak orang lain atau berubah keadaannya',
  'no-such-action': 'tindakan ini tidak ada pada tahapnya',
  'opinions-open': 'masih menunggu pendapat instansi lain',
  forbidden: 'tidak boleh Anda tindak',
  ended: 'sudah berakhir',
  invalid: 'alasan ini tidak ada pada layanannya',
  erased: 'isinya sudah dimusnahkan',
  internal: 'gangguan di pihak kami; coba satu per satu',
};
export const outcomeWords = (code: string | null): string =>
  code === null ? 'belum ditindak' : code === 'done' ? 'ditindak' : (OUTCOMES[code] ?? code);

const percent = (batch: Batch): number =>
  batch.total === 0 ? 100 : Math.floor(((batch.done + batch.refused) / batch.total) * 100);

export type ProgressSetting = {
  batch: Batch;
  actionName: string;
  offset: number;
  refused: { number: string; outcome: string }[];
  next: string | undefined;
  mayCancel: boolean;
  commandId: string;
};

/** How far it is. Without script the page loads itself anew; with it only the figures change. */
export function progressView({
  batch,
  actionName,
  offset,
  refused,
  next,
  mayCancel,
  commandId,
}: ProgressSetting): Html {
  const path = `/kerja/borongan/${batch.id}`;
  const state = STATES[batch.state];
  const left = batch.total - batch.done - batch.refused;
  return html`<div class="top"><h1>${actionName}: ${many(batch.total)} ${tag(state.text, state.tone)}</h1></div><batch-progress data-state="${batch.state}"><p><progress max="100" value="${percent(batch)}">${percent(batch)}%</progress> <b>${percent(batch)}%</b></p>${facts(
    [
      { label: 'Ditindak', value: formatNumber(batch.done, 0) },
      { label: 'Tidak bisa', value: formatNumber(batch.refused, 0) },
      { label: batch.state === 'running' ? 'Belum' : 'Tidak ditindak', value: formatNumber(left, 0) },
    ],
  )}</batch-progress><p class="small">Dimulai ${formatDateTime(batch.started, offset)}${batch.ended && `, berakhir ${formatDateTime(batch.ended, offset)}`}. <a href="${path}">Muat ulang</a> · <a href="${path}/hasil.csv">Unduh hasil (CSV)</a> · <a href="/kerja/borongan">Borongan saya</a></p>${
    mayCancel &&
    confirmDialog({
      id: 'hentikan',
      trigger: 'Hentikan sisanya',
      title: `Hentikan ${many(left)} yang belum ditindak?`,
      body: form({
        action: `${path}/hentikan`,
        hidden: { perintah: commandId },
        body: [html`<p>Yang sudah ditindak tetap berlaku.</p>`, button('Ya, hentikan', { kind: 'danger' })],
      }),
    })
  }<h2>Yang tidak bisa ditindak</h2>${
    refused.length > 0
      ? table({
          caption: 'Berkas yang tidak bisa ditindak, dengan sebabnya',
          captionHidden: true,
          columns: [{ text: 'Nomor' }, { text: 'Sebab' }],
          rows: refused.map(({ number, outcome }) => [
            html`<a href="/kerja/${number}">${number}</a>`,
            outcomeWords(outcome),
          ]),
        })
      : html`<p>${batch.state === 'running' ? 'Belum ada.' : 'Tidak ada.'}</p>`
  }${pager({ older: next && `${path}?setelah=${next}`, olderText: 'Berikutnya' })}`;
}

/** One's own batches. */
export function batchesView(given: {
  items: Batch[];
  actionName: (batch: Batch) => string;
  offset: number;
  next: string | undefined;
}): Html {
  return html`<h1>Borongan saya</h1>${
    given.items.length > 0
      ? table({
          caption: 'Tindakan borongan, yang terbaru di atas',
          captionHidden: true,
          columns: [
            { text: 'Dimulai' },
            { text: 'Tindakan' },
            { text: 'Keadaan' },
            { text: 'Berkas', numeric: true },
            { text: 'Ditindak', numeric: true },
            { text: 'Tidak bisa', numeric: true },
          ],
          rows: given.items.map((batch) => [
            html`<a href="/kerja/borongan/${batch.id}">${formatDateTime(batch.started, given.offset)}${hidden(' lihat')}</a>`,
            given.actionName(batch),
            tag(STATES[batch.state].text, STATES[batch.state].tone),
            formatNumber(batch.total, 0),
            formatNumber(batch.done, 0),
            formatNumber(batch.refused, 0),
          ]),
        })
      : emptyState({
          title: 'Belum ada tindakan borongan.',
          body: html`<p>Centang berkas di kotak masuk, lalu pilih <b>Tindak yang dipilih</b>.</p>`,
          action: linkButton('Ke kotak masuk', '/kerja', 'secondary'),
        })
  }${pager({ older: given.next && `/kerja/borongan?sebelum=${given.next}` })}`;
}
