// Long walks through all cases in order of id, a chunk at a time: for the night and for registers, never for a page.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';

const START = '00000000-0000-0000-0000-000000000000';

export type EndedCase = {
  id: string;
  number: string;
  service: string;
  version: number;
  agency: string;
  village: string;
  endedAt: Date;
};

/** Ended cases that still can be read, submitted before `before`. */
export async function endedAfter(
  ctx: Pick<Ctx, 'db'>,
  given: { after?: string | undefined; before: Date; limit: number },
): Promise<EndedCase[]> {
  return ctx.db
    .selectFrom('applications.applications')
    .select(['id', 'number', 'service', 'version', 'agency', 'village', sql<Date>`ended_at`.as('endedAt')])
    .where('id', '>', given.after ?? START)
    .where('submitted_at', '<', given.before)
    .where('ended_at', 'is not', null)
    .where('key', 'is not', null)
    .orderBy('id')
    .limit(given.limit)
    .execute();
}

export type Within = {
  agency?: string | undefined;
  service?: string | undefined;
  village?: string | undefined;
  from: Date;
  to: Date;
};

/** Ids of the cases that a filter names, whatever became of them. */
export async function idsWithin(
  ctx: Pick<Ctx, 'db'>,
  within: Within,
  given: { after?: string | undefined; limit: number },
): Promise<string[]> {
  let query = ctx.db
    .selectFrom('applications.applications')
    .select('id')
    .where('id', '>', given.after ?? START)
    .where('submitted_at', '>=', within.from)
    .where('submitted_at', '<', within.to)
    .orderBy('id')
    .limit(given.limit);
  if (within.agency) query = query.where('agency', '=', within.agency);
  if (within.service) query = query.where('service', '=', within.service);
  if (within.village) query = query.where('village', '=', within.village);
  return (await query.execute()).map((row) => row.id);
}

/** The same person's cases by ids: what lists of them show. */
export async function briefly(
  ctx: Pick<Ctx, 'db'>,
  ids: string[],
): Promise<
  {
    id: string;
    number: string;
    service: string;
    agency: string;
    village: string;
    status: string;
    submittedAt: Date;
    ended: boolean;
    erased: boolean;
  }[]
> {
  if (ids.length === 0) return [];
  return ctx.db
    .selectFrom('applications.applications')
    .select(['id', 'number', 'service', 'agency', 'village', 'status', 'submitted_at as submittedAt'])
    .select(sql<boolean>`ended_at IS NOT NULL`.as('ended'))
    .select(sql<boolean>`key IS NULL`.as('erased'))
    .where('id', 'in', ids)
    .orderBy('submitted_at')
    .execute();
}

/** What the tables of this module take on disk, with their indexes and long values. */
export async function tableBytes(ctx: Pick<Ctx, 'db'>): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    SELECT (pg_total_relation_size('applications.applications') + pg_total_relation_size('applications.notes'))::bigint AS bytes`.execute(
    ctx.db,
  );
  return Number(rows[0]?.bytes ?? 0);
}
