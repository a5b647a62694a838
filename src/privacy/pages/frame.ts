// The frame of the privacy officer's pages, and what their forms share.
import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { localDate } from '#platform/calendar.ts';
import type { Ctx } from '#platform/context.ts';
import { isId } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { type FieldError, PROBLEMS, Problem } from '#platform/problem.ts';
import { officerFrame } from '#src/office.ts';
import { errorSummary } from '#ui/fields.ts';
import type { Content } from '#ui/html.ts';
import { page } from '#ui/layout.ts';
import { tabs } from '#ui/lists.ts';

export type Web = Context<Env>;
type Handler = (c: Web, ctx: Ctx) => Promise<Response>;

const VIEWS = [
  { text: 'Permintaan', href: '/kerja/data-pribadi' },
  { text: 'Masa simpan', href: '/kerja/data-pribadi/masa-simpan' },
  { text: 'Kebocoran', href: '/kerja/data-pribadi/insiden' },
  { text: 'Catatan pemrosesan', href: '/kerja/data-pribadi/ropa' },
];

/** Adds a page or form of officers; whoever is not signed in is asked to, and comes back to a page he can read. */
export function officers(app: Hono<Env>, method: 'get' | 'post', path: string, handle: Handler): void {
  const answer = async (c: Web): Promise<Response> => {
    const ctx = c.get('ctx');
    if (ctx.actor.kind === 'officer') return handle(c, ctx);
    const back = method === 'get' ? c.req.path : '/kerja/data-pribadi';
    return c.redirect(`/masuk?ke=${encodeURIComponent(back)}`, 303);
  };
  if (method === 'get') app.get(path, answer);
  else app.post(path, answer);
}

export function desk(
  c: Web,
  given: { title: string; body: Content; errors?: readonly FieldError[]; open?: string; bare?: boolean },
): Response | Promise<Response> {
  const ctx = c.get('ctx');
  const errors = given.errors ?? [];
  const head = given.bare
    ? null
    : tabs(
        VIEWS.map((view) => ({ ...view, current: view.href === given.open })),
        'Data pribadi',
      );
  return c.html(
    page({
      ...officerFrame(ctx),
      title: given.title,
      path: '/kerja/data-pribadi',
      wide: true,
      scripts: ['/desk.js'],
      error: errors.length > 0,
      body: html`${errorSummary(errors)}${head}${given.body}`,
    }),
    errors.length > 0 ? 422 : 200,
  );
}

/** The faults of a form, to be shown on it again; anything else goes on to the one handler. */
export function faultsOf(error: unknown): FieldError[] {
  if (!(error instanceof Problem) || error.kind.code !== PROBLEMS.invalid.code || error.errors.length === 0)
    throw error;
  return error.errors;
}

export const commandOf = (ctx: Ctx, typed: string): Ctx => ({
  ...ctx,
  commandId: isId(typed) ? typed.toLowerCase() : ctx.commandId,
});

/** "2026-11-23" and "14.05" as an instant in the regency's zone; undefined when they are none. */
export function momentOf(ctx: Pick<Ctx, 'calendar'>, date: string, time = '00.00'): Date | undefined {
  const clock = /^([01]?\d|2[0-3])[.:]([0-5]\d)$/.exec(time.trim());
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !clock) return undefined;
  const utc = Date.parse(`${date}T${clock[1]?.padStart(2, '0')}:${clock[2]}:00Z`);
  const moment = new Date(utc - ctx.calendar.offsetMinutes * 60_000);
  // a day that does not exist rolls over: 31 June would be 1 July
  return Number.isNaN(utc) || localDate(ctx.calendar, moment) !== date ? undefined : moment;
}

/** The three boxes of a date field as YYYY-MM-DD; '' when one is empty or no number. */
export function dayOf(form: Record<string, unknown>, name: string): string {
  const part = (which: string) => {
    const value = form[`${name}.${which}`];
    return typeof value === 'string' && /^\d{1,4}$/.test(value.trim()) ? value.trim() : '';
  };
  const [d, m, y] = [part('d'), part('m'), part('y')];
  return d && m && y ? `${y.padStart(4, '0')}-${m.padStart(2, '0')}-${d.padStart(2, '0')}` : '';
}
