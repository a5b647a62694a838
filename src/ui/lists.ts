// What stands in rows: answers to check, things to bring, the way of a request, tables, cards, key figures.
import { html } from 'hono/html';
import { type Tone, tag } from './components.ts';
import { attributes, type Content, type Html, hidden, type Link } from './html.ts';

/** Check answers: "Ubah" says to listeners what it changes. */
export function summaryList(
  rows: readonly { key: string; value: Content; change?: string; changeText?: string; what?: string }[],
): Html {
  return html`<dl class="sum">${rows.map(
    (r) =>
      html`<div><dt>${r.key}</dt><dd>${r.value === '' || r.value === null || r.value === undefined ? html`<span class="hint">Tidak diisi</span>` : r.value}</dd>${
        r.change &&
        html`<dd class="act"><a href="${r.change}">${r.changeText ?? 'Ubah'}${hidden(` ${r.what ?? r.key.toLowerCase()}`)}</a></dd>`
      }</div>`,
  )}</dl>`;
}

/** What to bring. `ready` ticks it; `optional` says so. */
export function checklist(
  items: readonly { text: Content; hint?: Content; ready?: boolean; optional?: boolean }[],
): Html {
  return html`<ul class="check">${items.map(
    (i) =>
      html`<li${attributes({ class: i.ready ? 'ok' : undefined })}>${i.ready && hidden('Sudah ada: ')}${i.text}${i.optional && html` <span class="opt">(bila ada)</span>`}${i.hint && html`<div class="hint">${i.hint}</div>`}</li>`,
  )}</ul>`;
}

/** Things to do in any order, each with its status. */
export function taskList(
  items: readonly { text: string; href?: string; status: string; tone?: Tone; hint?: Content }[],
): Html {
  return html`<ul class="tasks">${items.map(
    (i) =>
      html`<li><div>${i.href ? html`<a href="${i.href}">${i.text}</a>` : i.text}${i.hint && html`<div class="hint">${i.hint}</div>`}</div>${tag(i.status, i.tone)}</li>`,
  )}</ul>`;
}

export type Moment = {
  title: Content;
  state: 'done' | 'current' | 'waiting' | 'stopped';
  time?: Content;
  body?: Content;
};
const STATE = { done: 'Selesai: ', current: 'Sedang berjalan: ', waiting: 'Berikutnya: ', stopped: 'Berhenti: ' };

/** The way of a request, first to last: done, now, still to come. */
export function timeline(moments: readonly Moment[]): Html {
  return html`<ol class="way">${moments.map(
    (m) =>
      html`<li${attributes({ class: m.state, 'aria-current': m.state === 'current' ? 'step' : undefined })}><p class="t">${hidden(STATE[m.state])}${m.title}</p>${m.time && html`<p class="when">${m.time}</p>`}${m.body && html`<div>${m.body}</div>`}</li>`,
  )}</ol>`;
}

export type Column = { text: Content; numeric?: boolean; sort?: { href: string; order?: 'ascending' | 'descending' } };
export type Row = readonly Content[] | { cells: readonly Content[]; tone?: 'late' | 'soon' | 'new' };

/** A table that scrolls by itself on a narrow screen, also with the keyboard. The first cell names its row. */
export function table(given: {
  caption: string;
  columns: readonly Column[];
  rows: readonly Row[];
  captionHidden?: boolean;
  footer?: readonly Content[];
}): Html {
  const cell = (c: Content, i: number) => {
    const num = given.columns[i]?.numeric;
    if (i === 0) return html`<th scope="row"${attributes({ class: num ? 'num' : undefined })}>${c}</th>`;
    return html`<td${attributes({ class: num ? 'num' : undefined })}>${c}</td>`;
  };
  const row = (r: Row) => {
    const cells = 'cells' in r ? r.cells : r;
    return html`<tr${attributes({ class: 'cells' in r ? r.tone : undefined })}>${cells.map(cell)}</tr>`;
  };
  return html`<section class="scroll" aria-label="${given.caption}" tabindex="0"><table><caption${attributes({ class: given.captionHidden ? 'vh' : undefined })}>${given.caption}</caption><thead><tr>${given.columns.map(
    (c) =>
      html`<th scope="col"${attributes({ class: c.numeric ? 'num' : undefined, 'aria-sort': c.sort?.order })}>${c.sort ? html`<a href="${c.sort.href}">${c.text}</a>` : c.text}</th>`,
  )}</tr></thead><tbody>${given.rows.map(row)}</tbody>${given.footer && html`<tfoot>${row(given.footer)}</tfoot>`}</table></section>`;
}

/** Newer and older, never numbered: lists are read by key. */
export function pager(given: {
  newer?: string | undefined;
  older?: string | undefined;
  label?: string;
  newerText?: string;
  olderText?: string;
}): Html | null {
  if (!given.newer && !given.older) return null;
  return html`<nav class="pager" aria-label="${given.label ?? 'Halaman daftar'}">${given.newer && html`<a href="${given.newer}" rel="prev"><span aria-hidden="true">←</span> ${given.newerText ?? 'Lebih baru'}</a>`}${given.older && html`<a href="${given.older}" rel="next">${given.olderText ?? 'Lebih lama'} <span aria-hidden="true">→</span></a>`}</nav>`;
}

export type Card = { href: string; title: string; text?: Content; meta?: Content; tag?: Content };

/** One thing to choose; the whole card can be tapped. Level 3 stands under a section's heading. */
export function card(item: Card, level: 2 | 3 = 3): Html {
  const link = html`<a href="${item.href}">${item.title}</a>`;
  return html`<li class="card">${level === 2 ? html`<h2>${link}</h2>` : html`<h3>${link}</h3>`}${item.text && html`<p>${item.text}</p>`}${item.meta && html`<p class="small">${item.meta}</p>`}${item.tag && html`<div>${item.tag}</div>`}</li>`;
}

/** Cards in a list (one column) or a grid (two or three where there is room). */
export function cards(items: readonly Card[], options: { grid?: boolean; level?: 2 | 3 } = {}): Html {
  return html`<ul class="${options.grid ? 'cards grid' : 'cards'}">${items.map((i) => card(i, options.level))}</ul>`;
}

/** Key figures: the number first for the eye, its name first for the ear. */
export function facts(items: readonly { label: string; value: Content; note?: Content }[]): Html {
  return html`<dl class="facts">${items.map(
    (f) => html`<div><dt>${f.label}</dt><dd>${f.value}</dd>${f.note && html`<dd class="small">${f.note}</dd>`}</div>`,
  )}</dl>`;
}

/** Views of one list as links, with counts; the open one says so. */
export function tabs(items: readonly (Link & { count?: number; current?: boolean })[], label: string): Html {
  return html`<nav class="tabs" aria-label="${label}"><ul>${items.map(
    (i) =>
      html`<li><a${attributes({ href: i.href, 'aria-current': i.current ? 'page' : undefined })}>${i.text}${i.count !== undefined && html` <b>${i.count}</b>`}</a></li>`,
  )}</ul></nav>`;
}
