// The register of breaches: rows and entries are added, never changed; a subject's row learns once what became of its notice.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';

export type BreachRow = { id: string; agency: string; foundAt: Date; key: Buffer };
export type EntryRow = { id: string; kind: string; content: Buffer; at: Date; by: string };

const COLUMNS = ['id', 'agency', 'found_at as foundAt', 'key'] as const;

/** Makes the row; false when it is there (the form came twice). */
export async function addBreach(ctx: Pick<Ctx, 'db' | 'now'>, row: BreachRow & { by: string }): Promise<boolean> {
  const added = await ctx.db
    .insertInto('privacy.breaches')
    .values({
      id: row.id,
      agency: row.agency,
      found_at: row.foundAt,
      key: row.key,
      created_at: ctx.now,
      created_by: row.by,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

/** False when the same command wrote it before. */
export async function addEntry(
  ctx: Pick<Ctx, 'db' | 'now'>,
  entry: { id: string; breach: string; kind: string; content: Buffer; by: string },
): Promise<boolean> {
  const added = await ctx.db
    .insertInto('privacy.breach_entries')
    .values({ ...entry, at: ctx.now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

export const findBreach = (ctx: Pick<Ctx, 'db'>, id: string): Promise<BreachRow | undefined> =>
  ctx.db.selectFrom('privacy.breaches').select(COLUMNS).where('id', '=', id).executeTakeFirst();

/** The register, newest first. `agency`: only that one's. */
export async function breachPage(
  ctx: Pick<Ctx, 'db'>,
  agency: string | undefined,
  before: { at: Date; id: string } | undefined,
  limit: number,
): Promise<BreachRow[]> {
  let query = ctx.db
    .selectFrom('privacy.breaches')
    .select(COLUMNS)
    .orderBy('found_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (agency) query = query.where('agency', '=', agency);
  if (before) query = query.where((e) => e(e.refTuple('found_at', 'id'), '<', e.tuple(before.at, before.id)));
  return query.execute();
}

/** In the order they were written. */
export const entriesOf = (ctx: Pick<Ctx, 'db'>, breach: string): Promise<EntryRow[]> =>
  ctx.db
    .selectFrom('privacy.breach_entries')
    .select(['id', 'kind', 'content', 'at', 'by'])
    .where('breach', '=', breach)
    .orderBy('at')
    .orderBy('id')
    .execute();

/** Adds people to the list, each once. */
export async function addSubjects(
  ctx: Pick<Ctx, 'db'>,
  breach: string,
  subjects: { id: string; subject: Buffer; mark: Buffer }[],
): Promise<void> {
  if (subjects.length === 0) return;
  await ctx.db
    .insertInto('privacy.breach_subjects')
    .values(subjects.map((one) => ({ ...one, breach })))
    .onConflict((conflict) => conflict.columns(['breach', 'mark']).doNothing())
    .execute();
}

/** Some that were told nothing yet, locked until the transaction ends; another worker takes others. */
export async function takeSubjects(
  ctx: Pick<Ctx, 'db'>,
  breach: string,
  limit: number,
): Promise<{ id: string; subject: Buffer }[]> {
  return ctx.db
    .selectFrom('privacy.breach_subjects')
    .select(['id', 'subject'])
    .where('breach', '=', breach)
    .where('outcome', 'is', null)
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

export async function setOutcome(
  ctx: Pick<Ctx, 'db'>,
  id: string,
  outcome: 'queued' | 'no-address' | 'erased',
): Promise<void> {
  await ctx.db.updateTable('privacy.breach_subjects').set({ outcome }).where('id', '=', id).execute();
}

export type SubjectCounts = { total: number; queued: number; noAddress: number; erased: number };

export async function countSubjects(ctx: Pick<Ctx, 'db'>, breach: string): Promise<SubjectCounts> {
  const { rows } = await sql<SubjectCounts>`
    SELECT count(*)::int AS total, count(*) FILTER (WHERE outcome = 'queued')::int AS queued,
      count(*) FILTER (WHERE outcome = 'no-address')::int AS "noAddress", count(*) FILTER (WHERE outcome = 'erased')::int AS erased
    FROM privacy.breach_subjects WHERE breach = ${breach}`.execute(ctx.db);
  return rows[0] as SubjectCounts;
}
