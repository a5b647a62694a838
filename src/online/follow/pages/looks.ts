// "Siapa melihat data saya": which office and role looked at a case, when, at what and why. Officers are not named.
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { listLooks } from '#src/applications/looks/actions.ts';
import { type Look, whatOf, whyOf } from '#src/applications/looks/look.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { roleName } from '#src/catalogue/roles.ts';
import { emptyState, lead } from '#ui/components.ts';
import { formatDateTime, formatList } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { pager } from '#ui/lists.ts';
import { show, type Web, zone } from '../../pages/site.ts';
import { held } from './held.ts';

/** `about`: what stands before each line when several cases are told of together. */
export async function lookList(ctx: Ctx, looks: Look[], about?: (look: Look) => Content): Promise<Content> {
  if (looks.length === 0)
    return emptyState({
      title: 'Belum ada yang melihat.',
      body: html`<p>Begitu petugas membuka permohonan, foto, atau nomor lengkap Anda, tercatat di sini.</p>`,
    });
  const { agencies } = await getCatalogue(ctx);
  const agency = (id: string) => agencies.get(id)?.short ?? id;
  const line = (look: Look) => {
    const who = look.agency ? (agencies.get(look.agency)?.name ?? look.agency) : 'Petugas';
    const roles = formatList(look.roles.map((role) => roleName(role).toLowerCase()));
    return html`<li class="card"><p><b>${whatOf(look, agency)}</b></p>${about?.(look)}<p>${who}${roles && html` (${roles})`}</p><p class="small">${formatDateTime(look.at, zone(ctx))}. Untuk: ${whyOf(look).toLowerCase()}.</p></li>`;
  };
  return html`<ul class="cards">${looks.map(line)}</ul>`;
}

export const ABOUT_LOOKS = html`<p class="small">Tiap petugas yang membuka permohonan tercatat sekali sehari. Daftar kerja petugas, yang hanya menunjukkan nama dan nomor, tidak dicatat. Merasa ada yang tidak patut? Tanyakan ke kantornya, atau ajukan permintaan tentang data Anda.</p>`;

export const beforeOf = (c: Web): number | undefined => {
  const typed = c.req.query('sebelum') ?? '';
  return /^\d{1,15}$/.test(typed) ? Number(typed) : undefined;
};

export async function getLooks(c: Web): Promise<Response> {
  const open = await held(c);
  if (open instanceof Response) return open;
  const { ctx, dossier } = open;
  const path = `/lacak/${dossier.number}/dilihat`;
  const { items, next } = await listLooks(ctx, [dossier.application.id], { before: beforeOf(c) });
  return show(c, {
    title: 'Siapa melihat data saya',
    back: { text: `${dossier.service.name} ${dossier.number}`, href: `/lacak/${dossier.number}` },
    body: html`<h1>Siapa melihat data saya?</h1>${lead('Yang terbaru di atas.')}${await lookList(ctx, items)}${pager({ newer: beforeOf(c) === undefined ? undefined : path, newerText: 'Terbaru', older: next ? `${path}?sebelum=${next}` : undefined })}${ABOUT_LOOKS}`,
  });
}
