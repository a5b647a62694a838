// The keys that sign the codes on papers.
import type { Ctx } from '#platform/context.ts';
import { newId } from '#platform/ids.ts';

export type StoredKey = { kid: string; public: Buffer; key: Buffer; madeAt: Date; retiredAt: Date | null };

/** All keys that ever were, the newest first. */
export async function allKeys(ctx: Pick<Ctx, 'db'>): Promise<StoredKey[]> {
  const rows = await ctx.db.selectFrom('documents.keys').selectAll().orderBy('made_at', 'desc').execute();
  return rows.map(({ made_at, retired_at, id: _, ...row }) => ({ ...row, madeAt: made_at, retiredAt: retired_at }));
}

export async function activeKey(ctx: Pick<Ctx, 'db'>): Promise<StoredKey | undefined> {
  const row = await ctx.db.selectFrom('documents.keys').selectAll().where('retired_at', 'is', null).executeTakeFirst();
  return row && { kid: row.kid, public: row.public, key: row.key, madeAt: row.made_at, retiredAt: row.retired_at };
}

/** Adds a key; of two at once only one becomes the active one. */
export async function addKey(
  ctx: Pick<Ctx, 'db' | 'now'>,
  key: Pick<StoredKey, 'kid' | 'public' | 'key'>,
): Promise<void> {
  await ctx.db
    .insertInto('documents.keys')
    .values({ ...key, id: newId(ctx.now), made_at: ctx.now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function retireKey(ctx: Pick<Ctx, 'db' | 'now'>, kid: string): Promise<void> {
  await ctx.db.updateTable('documents.keys').set({ retired_at: ctx.now }).where('kid', '=', kid).execute();
}
