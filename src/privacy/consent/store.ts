// The register of consents: rows are added, never changed.
import type { Ctx } from '#platform/context.ts';
import type { ConsentRow } from './consent.ts';

/** All receipts of an account, newest first. */
export const receiptsOf = (ctx: Pick<Ctx, 'db'>, account: string): Promise<ConsentRow[]> =>
  ctx.db
    .selectFrom('privacy.consents')
    .select(['purpose', 'version', 'given', 'at'])
    .where('account', '=', account)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute();

export async function addReceipt(
  ctx: Pick<Ctx, 'db' | 'now'>,
  receipt: { id: string; account: string; purpose: string; version: number; given: boolean },
): Promise<void> {
  await ctx.db
    .insertInto('privacy.consents')
    .values({ ...receipt, at: ctx.now })
    .execute();
}
