// What residents' pages of this module share: the frame, and who is asking as a resident.
import type { Context } from 'hono';
import type { Ctx } from '#platform/context.ts';
import { isId } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { type Page, page } from '#ui/layout.ts';

export type Web = Context<Env>;
type Status = 200 | 404 | 409 | 410 | 422;

export function show(
  c: Web,
  given: Omit<Page, 'area' | 'path' | 'banner'>,
  status: Status = 200,
): Response | Promise<Response> {
  const { config } = c.get('ctx');
  return c.html(page({ ...given, area: 'resident', path: c.req.path, banner: config.mode === 'demo' }), status);
}

/** Whoever uses these pages does so as a resident, also an officer at home who is still signed in. */
export const asResident = (c: Web): Ctx => ({ ...c.get('ctx'), actor: c.get('resident'), channel: 'online' });

/** Cases that are the reader's own: an agent with a mandate acts in the case, but its principal's rights over data are not hers. */
export function ownCases(ctx: Ctx): string[] {
  const { actor } = ctx;
  if (actor.kind !== 'resident') return [];
  return actor.holds.filter((id) => !Object.hasOwn(actor.asAgent ?? {}, id));
}

/** The command of a form: made when the form is shown, so that pressing twice is pressing once. */
export const commandOf = (ctx: Ctx, typed: string): Ctx => ({
  ...ctx,
  commandId: isId(typed) ? typed.toLowerCase() : ctx.commandId,
});
