// When a case is destroyed, what was written to people about it goes too; that something was sent, and when, stays.
import type { Ctx } from '#platform/context.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { emptyMessages } from './store.ts';

/** Destroys the keys of all messages about an application. Returns how many. */
export async function destroyMessages(ctx: Ctx, about: string): Promise<number> {
  if (ctx.actor.kind !== 'system') throw new Problem(PROBLEMS.forbidden);
  return emptyMessages(ctx, about);
}
