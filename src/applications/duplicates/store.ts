// Pairs of cases of one person, and what officers said of them.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';

export type Twin = {
  id: string;
  number: string;
  state: string;
  status: string;
  submittedAt: Date;
  endedAt: Date | null;
};

/** Near in time: two applications for the same service within this many days, or the other one still open. */
export const NEAR_DAYS = 90;

/** Other cases of the same person (keyed hash of the NIK) and service, the nearest first; those said to be no double left out. */
export async function twinsOf({ db }: Pick<Ctx, 'db'>, application: string, limit: number): Promise<Twin[]> {
  const { rows } = await sql<Twin>`
    SELECT o.id, o.number, o.state, o.status, o.submitted_at AS "submittedAt", o.ended_at AS "endedAt"
    FROM applications.applications a JOIN applications.applications o ON o.nik_hash = a.nik_hash AND o.service = a.service AND o.id <> a.id
    WHERE a.id = ${application} AND a.nik_hash IS NOT NULL
      AND (o.ended_at IS NULL OR abs(extract(epoch FROM o.submitted_at - a.submitted_at)) <= ${NEAR_DAYS * 86_400})
      AND NOT EXISTS (SELECT FROM applications.singles s WHERE s.one = least(a.id, o.id) AND s.other = greatest(a.id, o.id))
    ORDER BY abs(extract(epoch FROM o.submitted_at - a.submitted_at)), o.id LIMIT ${limit}`.execute(db);
  return rows;
}

/** Writes down that a pair is no double; false when it stood there already. */
export async function addSingle(
  ctx: Pick<Ctx, 'db' | 'now'>,
  pair: readonly [string, string],
  by: string,
): Promise<boolean> {
  const result = await ctx.db
    .insertInto('applications.singles')
    .values({ one: pair[0], other: pair[1], by, at: ctx.now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Whether two cases are of one person and one service. */
export async function samePerson({ db }: Pick<Ctx, 'db'>, one: string, other: string): Promise<boolean> {
  const row = await db
    .selectFrom('applications.applications as a')
    .innerJoin('applications.applications as o', (join) =>
      join.onRef('o.nik_hash', '=', 'a.nik_hash').onRef('o.service', '=', 'a.service').onRef('o.id', '<>', 'a.id'),
    )
    .select('a.id')
    .where('a.id', '=', one)
    .where('o.id', '=', other)
    .executeTakeFirst();
  return row !== undefined;
}
