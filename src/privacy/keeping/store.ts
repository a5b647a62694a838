// Holds and the proof of destructions.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';

export type Hold = { id: string; application: string; reason: string; setAt: Date; setBy: string };

/** Which of the cases are held now. */
export async function heldAmong(ctx: Pick<Ctx, 'db'>, applications: string[]): Promise<Set<string>> {
  if (applications.length === 0) return new Set();
  const rows = await ctx.db
    .selectFrom('privacy.holds')
    .select('application')
    .where('application', 'in', applications)
    .where('lifted_at', 'is', null)
    .execute();
  return new Set(rows.map((row) => row.application));
}

/** Which of the cases have lost their files by schedule already. */
export async function purgedAmong(ctx: Pick<Ctx, 'db'>, applications: string[]): Promise<Set<string>> {
  if (applications.length === 0) return new Set();
  const rows = await ctx.db
    .selectFrom('privacy.destructions')
    .select('application')
    .where('application', 'in', applications)
    .where('what', '=', 'files')
    .execute();
  return new Set(rows.map((row) => row.application));
}

export async function standingHolds(ctx: Pick<Ctx, 'db'>, limit: number): Promise<Hold[]> {
  return ctx.db
    .selectFrom('privacy.holds')
    .select(['id', 'application', 'reason', 'set_at as setAt', 'set_by as setBy'])
    .where('lifted_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Holds and erasures of one case wait for each other, until the transaction ends. */
export async function lockCase(ctx: Pick<Ctx, 'db'>, application: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('privacy.case:' || ${application}::text, 0))`.execute(ctx.db);
}

/** False when the case is held already. */
export async function addHold(
  ctx: Ctx,
  hold: { id: string; application: string; reason: string; by: string },
): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    INSERT INTO privacy.holds (id, application, reason, set_at, set_by)
    VALUES (${hold.id}, ${hold.application}, ${hold.reason}, ${ctx.now}, ${hold.by})
    ON CONFLICT (application) WHERE lifted_at IS NULL DO NOTHING RETURNING id`.execute(ctx.db);
  return rows.length > 0;
}

/** The hold that was lifted, or undefined when none stood. */
export async function liftHold(ctx: Ctx, application: string, reason: string, by: string): Promise<string | undefined> {
  const row = await ctx.db
    .updateTable('privacy.holds')
    .set({ lifted_at: ctx.now, lifted_by: by, lifted_reason: reason })
    .where('application', '=', application)
    .where('lifted_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

export type Destruction = {
  id: string;
  application: string;
  what: 'files' | 'case';
  cause: 'retention' | 'request';
  files: number;
  bytes: number;
};

/** False when this was written down before. */
export async function addDestruction(ctx: Ctx, given: Destruction): Promise<boolean> {
  const row = await ctx.db
    .insertInto('privacy.destructions')
    .values({ ...given, at: ctx.now })
    .onConflict((conflict) => conflict.columns(['application', 'what']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function lastDestructions(
  ctx: Pick<Ctx, 'db'>,
  before: { at: Date; id: string } | undefined,
  limit: number,
): Promise<(Destruction & { at: Date })[]> {
  let query = ctx.db
    .selectFrom('privacy.destructions')
    .select(['id', 'application', 'what', 'cause', 'files', 'bytes', 'at'])
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (before) query = query.where((e) => e(e.refTuple('at', 'id'), '<', e.tuple(before.at, before.id)));
  return (await query.execute()).map((row) => ({ ...row, bytes: Number(row.bytes) })) as (Destruction & { at: Date })[];
}

/** Sealed bytes that still have a key, as the rows know them. */
export async function keptFileBytes(ctx: Pick<Ctx, 'db'>): Promise<number> {
  const { rows } = await sql<{
    bytes: string;
  }>`SELECT coalesce(sum(size), 0)::bigint AS bytes FROM platform.files WHERE key IS NOT NULL`.execute(ctx.db);
  return Number(rows[0]?.bytes ?? 0);
}
