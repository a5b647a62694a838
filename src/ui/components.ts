// What people press and read: buttons, notices, marks of status, the number on the last page, and a confirmation.
import { html, raw } from 'hono/html';
import { formatNumber } from './format.ts';
import { attributes, type Content, type Html } from './html.ts';

export type ButtonKind = 'primary' | 'secondary' | 'danger';
const BUTTON: Record<ButtonKind, string> = { primary: 'btn', secondary: 'btn alt', danger: 'btn stop' };

export function button(
  text: Content,
  options: {
    kind?: ButtonKind;
    name?: string;
    value?: string;
    form?: string;
    action?: string;
    opens?: string;
    id?: string;
    disabled?: boolean;
  } = {},
): Html {
  return html`<button${attributes({
    class: BUTTON[options.kind ?? 'primary'],
    type: options.opens ? 'button' : 'submit',
    id: options.id,
    name: options.name,
    value: options.value,
    form: options.form,
    formaction: options.action,
    popovertarget: options.opens,
    disabled: options.disabled,
  })}>${text}</button>`;
}

export function linkButton(text: Content, href: string, kind: ButtonKind = 'primary'): Html {
  return html`<a class="${BUTTON[kind]}" href="${href}">${text}</a>`;
}

/** Buttons side by side; under each other on a phone. */
export function buttons(...items: Content[]): Html {
  return html`<div class="btns">${items}</div>`;
}

/** The status in words; the colour only helps. `yours`: the reader has something to do. */
export type Tone = 'done' | 'running' | 'yours' | 'stopped' | 'quiet';

export function tag(text: string, tone: Tone = 'quiet'): Html {
  return html`<span class="tag ${tone}">${text}</span>`;
}

/** How long is left, in working days; negative is late. */
export function timeLeft(left: { workingDays: number; paused?: boolean; finished?: boolean }): Html {
  const n = Math.abs(left.workingDays);
  const days = `${formatNumber(n, 0)} hari kerja`;
  if (left.finished)
    return html`<span class="time ${left.workingDays < 0 ? 'still' : 'ok'}">${left.workingDays < 0 ? `selesai, terlambat ${days}` : 'selesai tepat waktu'}</span>`;
  if (left.paused) return html`<span class="time still">berhenti, menunggu pemohon</span>`;
  if (left.workingDays < 0) return html`<span class="time late">terlambat ${days}</span>`;
  if (left.workingDays === 0) return html`<span class="time soon">batas hari ini</span>`;
  return html`<span class="time ${left.workingDays <= 1 ? 'soon' : 'ok'}">${days} lagi</span>`;
}

/** A small mark on a fact that no source backs yet, which opens its explanation. Stands in block content, not in a <p>. */
export function provenanceMark(
  unverified: boolean,
  explanation: Content = 'Keterangan ini belum dicocokkan dengan sumber resmi. Tanyakan ke petugas sebelum memakainya.',
): Html | null {
  if (!unverified) return null;
  return html`<details class="prov"><summary>perlu diverifikasi</summary><p>${explanation}</p></details>`;
}

export type NoticeTone = 'info' | 'warning' | 'danger' | 'success';

export function notice(given: { body: Content; title?: string; tone?: NoticeTone }): Html {
  return html`<div class="note ${given.tone ?? 'info'}">${given.title && html`<h2>${given.title}</h2>`}${given.body}</div>`;
}

/** The good news on top of the last page: the heading of that page, and its number large enough to copy by hand. */
export function panel(given: { title: string; number?: string; numberLabel?: string; body?: Content }): Html {
  return html`<div class="panel eaves"><h1>${given.title}</h1>${
    given.number && html`<p class="small">${given.numberLabel ?? 'Nomor Anda'}</p>${codeBig(given.number)}`
  }${given.body}</div>`;
}

/** A code to read aloud or copy by hand. Groups are only drawn: copying gives the code as it is. */
export function codeBig(code: string, options: { group?: number } = {}): Html {
  const groups = code.includes('-')
    ? code.split(/(-)/)
    : (code.match(new RegExp(`.{1,${options.group ?? 4}}`, 'gu')) ?? []);
  return html`<p class="code">${groups.map((g) => html`<span>${g}</span>`)}</p>`;
}

/** "Langkah 2 dari 6" in words, and a thin bar that only repeats it. */
export function stepProgress(current: number, total: number, label?: string): Html {
  return html`<div class="steps"><p>Langkah ${current} dari ${total}${label && html`<span>: ${label}</span>`}</p><svg viewBox="0 0 ${total} 1" preserveAspectRatio="none" aria-hidden="true" focusable="false"><path d="M0 0h${current}v1H0z"/></svg></div>`;
}

export function details(summary: string, body: Content, options: { open?: boolean } = {}): Html {
  return html`<details class="more"${attributes({ open: options.open })}><summary>${summary}</summary><div>${body}</div></details>`;
}

/** A key that officers may press: the letter, and what it does. */
export function keyHint(key: string, does: string): Html {
  return html`<span class="key"><kbd>${key}</kbd> ${does}</span>`;
}

export function emptyState(given: { title: string; body?: Content; action?: Content }): Html {
  return html`<div class="empty"><p class="t">${given.title}</p>${given.body}${given.action}</div>`;
}

/** No script, so no print button: the sentence that says how. */
export function printHint(what = 'halaman ini'): Html {
  return html`<p class="hint noprint">Untuk mencetak ${what}, buka menu peramban (⋮) lalu pilih <b>Cetak</b> atau <b>Bagikan → Cetak</b>.</p>`;
}

/**
 * A button that asks once more. Opens natively, without script; where a browser is too old for popovers, the question
 * stands open on the page. `body` holds the form that does it.
 */
export function confirmDialog(given: {
  id: string;
  trigger: string;
  title: string;
  body: Content;
  kind?: ButtonKind;
  cancel?: string;
}): Html {
  return html`${button(given.trigger, { kind: given.kind ?? 'danger', opens: given.id })}<dialog class="ask" popover id="${given.id}" aria-labelledby="${given.id}-title"><h2 id="${given.id}-title">${given.title}</h2>${given.body}<p class="no"><button class="btn alt" type="button" popovertarget="${given.id}" popovertargetaction="hide" autofocus>${given.cancel ?? 'Batal'}</button></p></dialog>`;
}

/** The first words of a page, larger: what it is for. */
export function lead(text: Content): Html {
  return html`<p class="lead">${text}</p>`;
}

export function section(title: string, body: Content, options: { id?: string; aside?: Content } = {}): Html {
  return html`<section${attributes({ id: options.id })}><h2>${title}</h2>${options.aside}${body}</section>`;
}

/** Large text with the search under it, on the roof-green floor of the front page; goes to `page({ hero })`. */
export function heroText(title: string, text: Content, body?: Content): Html {
  return html`<h1>${title}</h1>${lead(text)}${body}`;
}

/** Officers: the work on the left, the papers and the history on the right; under each other when narrow. */
export function split(left: Content, right: Content, label = 'Keterangan'): Html {
  return html`<div class="split"><div>${left}</div><aside aria-label="${label}">${right}</aside></div>`;
}

/** Officers: the decision stays in sight at the foot of the window. */
export function actionBar(...items: Content[]): Html {
  return html`<div class="bar">${items}</div>`;
}

/** A drawing that we made ourselves, as SVG text; a wide one scrolls by itself, also with the keyboard. */
export function drawing(svg: string, label: string): Html {
  return html`<section class="scroll" aria-label="${label}" tabindex="0">${raw(svg)}</section>`;
}
