// What the applicant was told, and whether it arrived; a failed message can be sent again. Pure.
import { html } from 'hono/html';
import type { MessageLine } from '#src/messages/actions.ts';
import { CHANNEL_WORDS, fateOf, reasonWords } from '#src/messages/text.ts';
import { button, tag } from '#ui/components.ts';
import { formatDateTime } from '#ui/format.ts';
import { type Content, hidden } from '#ui/html.ts';

export function told(path: string, lines: MessageLine[], offset: number, mayResend: boolean): Content {
  if (lines.length === 0) return null;
  return html`<section id="pesan"><h2>Pesan kepada pemohon</h2><ul>${lines.map((line) => {
    const { text, tone } = fateOf(line);
    const way = line.channel && line.channel !== 'inbox' && html` · ${CHANNEL_WORDS[line.channel]} ${line.masked}`;
    const why =
      line.reason && line.state !== 'sent' && line.state !== 'delivered' && html` (${reasonWords(line.reason)})`;
    const again =
      mayResend &&
      line.state === 'failed' &&
      html`<form action="${path}/pesan/${line.id}/ulang" method="post">${button(html`Kirim ulang${hidden(` ${line.title}`)}`, { kind: 'secondary' })}</form>`;
    return html`<li>${line.title} ${tag(text, tone)}<div class="hint">${formatDateTime(line.deliveredAt ?? line.sentAt ?? line.createdAt, offset)}${way}${why}</div>${again}</li>`;
  })}</ul></section>`;
}
