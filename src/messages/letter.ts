// One message as a page shows it: its words as text, with links only where they lead to pages of ours.
import { html } from 'hono/html';
import { tag } from '#ui/components.ts';
import { formatDateTime } from '#ui/format.ts';
import type { Content, Html } from '#ui/html.ts';
import type { OpenMessage } from './actions.ts';

/** `bare`: without heading and time, where the caller writes them. */
export function letter(one: OpenMessage, publicUrl: string, offset: number, options: { bare?: boolean } = {}): Html {
  const head =
    !options.bare &&
    html`<h2>${one.title}${!one.readAt && html` ${tag('baru', 'yours')}`}</h2><p class="small">${formatDateTime(one.createdAt, offset)}</p>`;
  if (one.text === undefined)
    return html`${head}<p class="hint">Isi pesan ini sudah dimusnahkan menurut jadwalnya.</p>`;
  return html`${head}${one.text.split(/\n{2,}/).map((part) => html`<p>${part.split('\n').map((line, index) => html`${index > 0 && html`<br>`}${linked(line, publicUrl)}`)}</p>`)}`;
}

function linked(line: string, publicUrl: string): Content {
  return line.split(' ').map((word, index) => {
    const path = word.startsWith(`${publicUrl}/`) ? word.slice(publicUrl.length) : undefined;
    return html`${index > 0 && ' '}${path ? html`<a href="${path}">${word}</a>` : word}`;
  });
}
