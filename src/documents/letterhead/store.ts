// Versions of letterheads: added, never changed.
import type { Ctx } from '#platform/context.ts';
import type { Letterhead } from './letterhead.ts';

export type StoredLetterhead = Letterhead & {
  id: string;
  agency: string;
  version: number;
  madeAt: Date;
  madeBy: string;
};

/** An agency's versions, the newest first. */
export async function versionsOf(ctx: Pick<Ctx, 'db'>, agency: string, limit: number): Promise<StoredLetterhead[]> {
  const rows = await ctx.db
    .selectFrom('documents.letterheads')
    .selectAll()
    .where('agency', '=', agency)
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ made_at, made_by, mark, ...row }) => ({
    ...row,
    mark: mark as Letterhead['mark'],
    madeAt: made_at,
    madeBy: made_by,
  }));
}

/** False when somebody else has made this version meanwhile. */
export async function addVersion(
  ctx: Ctx,
  { id, agency, version, regency, name, address, phone, mark, madeBy }: Omit<StoredLetterhead, 'madeAt'>,
): Promise<boolean> {
  const row = await ctx.db
    .insertInto('documents.letterheads')
    .values({ id, agency, version, regency, name, address, phone, mark, made_by: madeBy, made_at: ctx.now })
    .onConflict((conflict) => conflict.columns(['agency', 'version']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
