// The page that keeps an agency's ready-made sentences. Pure.
import { html } from 'hono/html';
import { button, buttons, details, emptyState, tag } from '#ui/components.ts';
import { errorSummary, form, selectField, textArea, textField } from '#ui/fields.ts';
import type { Html } from '#ui/html.ts';
import type { Kind, Sentence, Written } from './actions.ts';

const KIND_WORDS: Record<Kind, string> = {
  any: 'Catatan apa pun',
  return: 'Minta perbaikan',
  refuse: 'Penolakan',
  advance: 'Melanjutkan berkas',
  opinion: 'Pendapat',
};

export type SentencesSetting = {
  sentences: Sentence[];
  mayWrite: boolean;
  commandId: () => string;
  /** A form that came back: its own id ('' = the new one), what was typed, and the faults. */
  typed?: { id: string; values: Written; errors: Record<string, string> } | undefined;
  retired?: string | undefined;
};

export function sentencesView(setting: SentencesSetting): Html {
  const { sentences, mayWrite, typed } = setting;
  return html`${typed && errorSummary(Object.entries(typed.errors).map(([path, message]) => ({ path: `${path}${typed.id && `-${typed.id}`}`, message })))}<h1>Kalimat siap pakai</h1><p class="lead">Ditawarkan di samping kolom catatan, lalu boleh diubah. Jangan menulis nama, NIK, atau hal yang hanya benar untuk satu orang.</p>${
    setting.retired &&
    mayWrite &&
    html`<div role="status" class="note success"><p>Kalimat tidak ditawarkan lagi.</p>${form({ action: `/kerja/pengelola/kalimat/${setting.retired}/pulihkan`, hidden: { perintah: setting.commandId() }, body: button('Urungkan', { kind: 'secondary' }) })}</div>`
  }${
    sentences.length === 0
      ? emptyState({
          title: 'Belum ada kalimat.',
          body: html`<p>${mayWrite ? 'Tulis yang pertama di bawah ini.' : 'Atasan atau pengelola instansi dapat menambahkannya.'}</p>`,
        })
      : html`<ol class="sentences">${sentences.map((one, index) => html`<li><h2>${one.title} ${tag(KIND_WORDS[one.kind])}</h2><p>${one.text}</p>${mayWrite && tools(setting, one, index)}</li>`)}</ol>`
  }${mayWrite && details('Tambah kalimat', sentenceForm(setting, undefined), { open: sentences.length === 0 || typed?.id === '' })}`;
}

function tools(setting: SentencesSetting, one: Sentence, index: number): Html {
  const press = (to: string, text: string) =>
    form({
      action: `/kerja/pengelola/kalimat/${one.id}/${to}`,
      hidden: { perintah: setting.commandId() },
      body: button(text, { kind: 'secondary' }),
    });
  return html`${buttons(index > 0 && html`<div class="press">${press('naik', 'Naikkan')}</div>`, html`<div class="press">${press('hapus', 'Jangan tawarkan lagi')}</div>`)}${details('Ubah', sentenceForm(setting, one), { open: setting.typed?.id === one.id })}`;
}

function sentenceForm(setting: SentencesSetting, one: Sentence | undefined): Html {
  const typed = setting.typed?.id === (one?.id ?? '') ? setting.typed : undefined;
  const name = (field: string) => `${field}${one ? `-${one.id}` : ''}`;
  const fault = (field: string) => (typed?.errors[field] ? { error: typed.errors[field] } : {});
  return form({
    action: one ? `/kerja/pengelola/kalimat/${one.id}` : '/kerja/pengelola/kalimat',
    hidden: { perintah: setting.commandId() },
    body: [
      textField({
        name: name('judul'),
        label: 'Nama pendek',
        maxlength: 80,
        value: typed?.values.title ?? one?.title,
        ...fault('judul'),
      }),
      selectField({
        name: name('untuk'),
        label: 'Untuk',
        options: Object.entries(KIND_WORDS).map(([value, text]) => ({ value, text })),
        value: typed?.values.kind ?? one?.kind ?? 'any',
        ...fault('untuk'),
      }),
      textArea({
        name: name('kalimat'),
        label: 'Kalimat',
        rows: 3,
        limit: 2000,
        value: typed?.values.text ?? one?.text,
        ...fault('kalimat'),
      }),
      button('Simpan'),
    ],
  });
}
