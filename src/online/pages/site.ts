// What all pages of this door share: the frame, who is asking, and forms read as text.
import type { Context } from 'hono';
import type { Ctx } from '#platform/context.ts';
import { readForm } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { type Page, page } from '#ui/layout.ts';
import { type Typed, typedOf } from '../draft/reading.ts';

export type Web = Context<Env>;
type Given = Omit<Page, 'area' | 'path' | 'banner'>;

/** A resident's page as text. */
export async function render(ctx: Pick<Ctx, 'config'>, path: string, given: Given): Promise<string> {
  return String(await page({ ...given, area: 'resident', path, banner: ctx.config.mode === 'demo' }));
}

export async function show(
  c: Web,
  given: Given,
  status: 200 | 401 | 404 | 409 | 410 | 413 | 422 | 429 = 200,
): Promise<Response> {
  return c.html(await render(c.get('ctx'), c.req.path, given), status);
}

/** Whoever uses these pages does so as a resident, also an officer at home who is still signed in. */
export function asResident(c: Web): Ctx {
  const ctx = c.get('ctx');
  if (ctx.actor.kind === 'resident') return ctx;
  return { ...ctx, actor: c.get('resident'), channel: 'online' };
}

export type Posted = { typed: Typed; files(name: string): File[] };

export async function readPost(c: Web): Promise<Posted> {
  const form = await readForm(c);
  return {
    typed: typedOf(form),
    // a box for a file that was left empty arrives as a file without a name and without bytes
    files: (name) =>
      [form[name] ?? []].flat().filter((one): one is File => one instanceof File && (one.size > 0 || one.name !== '')),
  };
}

/** The moment in the regency's zone, for formats that take an offset. */
export const zone = (ctx: Pick<Ctx, 'calendar'>): number => ctx.calendar.offsetMinutes;
