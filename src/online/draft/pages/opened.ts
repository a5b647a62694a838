// A request inside a draft: who it belongs to, where it stands, and the frame around each of its pages.
import { getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { localDate } from '#platform/calendar.ts';
import type { Ctx } from '#platform/context.ts';
import { cookieOptions, holdApplication } from '#platform/http.ts';
import { grouped } from '#platform/ids.ts';
import { Problem } from '#platform/problem.ts';
import { stepProgress } from '#ui/components.ts';
import { errorSummary } from '#ui/fields.ts';
import { formatDayMonthYear } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { asResident, show, type Web, zone } from '../../pages/site.ts';
import { kinds } from '../../problems.ts';
import { type Draft, findDraft, type Sent, villageCheck } from '../actions.ts';
import {
  before,
  DRAFT_DAYS,
  type Content as DraftContent,
  type DraftPage,
  type Gap,
  gapsOf,
  pagesOf,
  progress,
} from '../draft.ts';

const COOKIE = 'draf';

export type Opened = { ctx: Ctx; draft: Draft; base: string; today: string };

/** The draft whose code this browser keeps for the service of the address. */
export async function heldDraft(c: Web): Promise<Draft | undefined> {
  const code = getCookie(c, COOKIE);
  const draft = code ? await findDraft(asResident(c), code) : undefined;
  return draft?.service.id === c.req.param('id') ? draft : undefined;
}

export function keepDraft(c: Web, service: string, code: string): void {
  setCookie(c, COOKIE, code, {
    ...cookieOptions(c.get('ctx')),
    path: `/layanan/${service}`,
    maxAge: DRAFT_DAYS * 86_400,
  });
}

export function forgetDraft(c: Web, service: string): void {
  setCookie(c, COOKIE, '', { ...cookieOptions(c.get('ctx')), path: `/layanan/${service}`, maxAge: 0 });
}

/** Opens the draft for a page of it, or answers where to go instead: to the start, or to the receipt when it was sent. */
export async function opened(c: Web): Promise<Opened | Response> {
  const ctx = asResident(c);
  const id = c.req.param('id') ?? '';
  const draft = await heldDraft(c);
  if (!draft) {
    if (c.req.method === 'POST') throw new Problem(kinds.draftGone);
    return c.redirect(`/layanan/${encodeURIComponent(id)}/ajukan`, 303);
  }
  const { mandate } = draft.content;
  if (draft.application && draft.content.number)
    return toReceipt(c, ctx, { id: draft.application, number: draft.content.number, ...(mandate && { mandate }) });
  return { ctx, draft, base: `/layanan/${id}/ajukan`, today: localDate(ctx.calendar, ctx.now) };
}

/** An account keeps what it sent; without one this browser does, as its owner's or as an agent's. */
export function toReceipt(c: Web, ctx: Ctx, { id, number, mandate }: Sent): Response {
  if (ctx.actor.kind !== 'resident' || !ctx.actor.account)
    holdApplication(c, ctx, { application: id, ...(mandate && { via: mandate }) });
  return c.redirect(`/lacak/${number}/terima`, 303);
}

export async function gapsNow({ ctx, draft, today }: Opened, content: DraftContent): Promise<Gap[]> {
  return gapsOf(draft.service, content, today, await villageCheck(ctx, draft.service, content.answers));
}

type Framed = {
  title: string;
  body: Content;
  errors?: readonly { path: string; message: string }[];
  fromCheck?: boolean;
  label?: string;
  status?: 200 | 422 | 413;
};

/** One page of the way: back, where we are, what is wrong, the question, and the code to go on with later. */
export async function showStep(
  c: Web,
  { ctx, draft, base, today }: Opened,
  page: DraftPage,
  given: Framed,
): Promise<Response> {
  const pages = pagesOf(draft.service, draft.content, today);
  const { current, total } = progress(pages, page);
  const earlier = before(pages, page.path);
  const back = given.fromCheck ? `${base}/periksa` : earlier ? `${base}/${earlier}` : `/layanan/${draft.service.id}`;
  const errors = given.errors ?? [];
  return show(
    c,
    {
      title: `${given.title} – ${draft.service.name}`,
      back,
      error: errors.length > 0,
      body: html`${errorSummary(errors)}${stepProgress(current, total, given.label ?? draft.service.name)}${given.body}${resumeNote(ctx, draft)}`,
    },
    given.status ?? (errors.length > 0 ? 422 : 200),
  );
}

function resumeNote(ctx: Ctx, draft: Draft): Content {
  const until = formatDayMonthYear(new Date(ctx.now.getTime() + DRAFT_DAYS * 86_400_000), zone(ctx));
  return html`<p class="small">Jawaban tersimpan tiap kali Anda menekan Lanjutkan. Mau diteruskan nanti? Catat kode <b>${grouped(draft.code)}</b>, lalu buka <a href="/lanjut">halaman Lanjutkan</a> dari HP mana pun. Berlaku sampai ${until}.</p>`;
}
