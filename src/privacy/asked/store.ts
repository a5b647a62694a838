// Which right a request asks for, and for which cases.
import type { Ctx } from '#platform/context.ts';

export type RequestRow = {
  application: string;
  asked: string;
  account: string | null;
  at: Date;
  carriedOut: Date | null;
};

/** False when it was written before. */
export async function addRequest(
  ctx: Pick<Ctx, 'db' | 'now'>,
  given: { application: string; asked: string; account: string | null; scope: string[] },
): Promise<boolean> {
  const { application, asked, account, scope } = given;
  const row = await ctx.db
    .insertInto('privacy.requests')
    .values({ application, asked, account, at: ctx.now })
    .onConflict((conflict) => conflict.column('application').doNothing())
    .returning('application')
    .executeTakeFirst();
  if (!row) return false;
  await ctx.db
    .insertInto('privacy.scope')
    .values(scope.map((one) => ({ request: application, application: one })))
    .execute();
  return true;
}

const COLUMNS = ['application', 'asked', 'account', 'at', 'carried_out as carriedOut'] as const;

export const requestOf = (ctx: Pick<Ctx, 'db'>, application: string): Promise<RequestRow | undefined> =>
  ctx.db.selectFrom('privacy.requests').select(COLUMNS).where('application', '=', application).executeTakeFirst();

export async function scopeOf(ctx: Pick<Ctx, 'db'>, request: string): Promise<string[]> {
  const rows = await ctx.db.selectFrom('privacy.scope').select('application').where('request', '=', request).execute();
  return rows.map((row) => row.application);
}

/** Requests about one of the cases, or made by the account, newest first. */
export async function requestsAbout(
  ctx: Pick<Ctx, 'db'>,
  given: { cases: string[]; account?: string | undefined },
): Promise<RequestRow[]> {
  if (given.cases.length === 0 && !given.account) return [];
  return ctx.db
    .selectFrom('privacy.requests')
    .select(COLUMNS)
    .where((e) =>
      e.or([
        ...(given.account ? [e('account', '=', given.account)] : []),
        ...(given.cases.length > 0
          ? [
              e(
                'application',
                'in',
                e.selectFrom('privacy.scope').select('request').where('application', 'in', given.cases),
              ),
            ]
          : []),
      ]),
    )
    .orderBy('at', 'desc')
    .limit(50)
    .execute();
}

/** Requests whose effect or message is still to come. */
export const unsettled = (ctx: Pick<Ctx, 'db'>, limit: number): Promise<RequestRow[]> =>
  ctx.db
    .selectFrom('privacy.requests')
    .select(COLUMNS)
    .where('carried_out', 'is', null)
    .orderBy('at')
    .limit(limit)
    .execute();

export async function markSettled(ctx: Pick<Ctx, 'db' | 'now'>, application: string): Promise<boolean> {
  const row = await ctx.db
    .updateTable('privacy.requests')
    .set({ carried_out: ctx.now })
    .where('application', '=', application)
    .where('carried_out', 'is', null)
    .returning('application')
    .executeTakeFirst();
  return row !== undefined;
}
