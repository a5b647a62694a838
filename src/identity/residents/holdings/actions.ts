// What an account holds: sent by it, opened with a code, or as an agent; as long as code and mandate are good.
import type { Ctx } from '#platform/context.ts';
import { accountOf } from '../actions.ts';
import { addHolding, type Holding, holdersOfApplication, validHoldings } from '../store.ts';

export type { Holding } from '../store.ts';

/**
 * Keeps an application in the account signed in. `via`: what the shown code derives from; `how` 'mandate' when that is a
 * mandate. The caller has made sure that the code was shown or the application sent. Without an account nothing happens.
 */
export async function keepHolding(
  ctx: Ctx,
  holding: { application: string; how: 'submitted' } | { application: string; how: 'code' | 'mandate'; via: string },
): Promise<void> {
  if (ctx.actor.kind !== 'resident' || !ctx.actor.account) return;
  await addHolding(ctx, ctx.actor.account, { via: null, ...holding });
}

/** The applications that an account holds now, newest first, a page at a time. */
export async function listHoldings(
  ctx: Ctx,
  page: { limit?: number; after?: string | undefined } = {},
): Promise<{ items: Holding[]; next: string | undefined }> {
  const limit = page.limit ?? 20;
  const items = await validHoldings(ctx, accountOf(ctx), { limit: limit + 1, after: page.after });
  return { items: items.slice(0, limit), next: items.length > limit ? items[limit - 1]?.application : undefined };
}

/** The ids of all applications that an account holds now. */
export const holdingsOf = async (ctx: Ctx, account: string): Promise<string[]> =>
  (await validHoldings(ctx, account, { limit: 10_000 })).map((one) => one.application);

/** The accounts that hold an application now: those whom its news concern. */
export const holdersOf = (ctx: Ctx, application: string): Promise<string[]> => holdersOfApplication(ctx, application);
