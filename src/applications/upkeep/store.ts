// What the clock and the night's tidying read and write.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';

export async function forgetCommands(ctx: Pick<Ctx, 'db'>, before: Date): Promise<void> {
  await ctx.db.deleteFrom('platform.commands').where('at', '<', before).execute();
}

/** Uploads of before `before` that prove nothing: sent and never used. */
export async function unusedUploads(ctx: Pick<Ctx, 'db'>, before: Date, limit: number): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('platform.files as f')
    .select('f.id')
    .where('f.origin', '=', 'uploaded')
    .where('f.at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('applications.evidence as e').select('e.file').whereRef('e.file', '=', 'f.id'))),
    )
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** Tasks whose time has run out and on which the clock must act. */
export async function lateTasks(
  ctx: Pick<Ctx, 'db' | 'now'>,
  limit: number,
): Promise<{ application: string; kind: string; state: string }[]> {
  return ctx.db
    .selectFrom('applications.tasks')
    .select(['application', 'kind', 'state'])
    .where('closed_at', 'is', null)
    .where('late_at', '<=', ctx.now)
    .orderBy('late_at')
    .limit(limit)
    .execute();
}

/** Gives gapless register numbers, oldest first, to at most `limit` applications. One worker at a time. */
export async function giveRegisterNumbers(ctx: Pick<Ctx, 'db'>, offsetMinutes: number, limit: number): Promise<number> {
  return ctx.db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('applications.registers', 0))`.execute(tx);
    const result = await sql<{ given: number }>`
      WITH waiting AS (
        SELECT id, service, date_part('year', submitted_at AT TIME ZONE 'UTC' + make_interval(mins => ${offsetMinutes}))::smallint AS year,
          row_number() OVER (PARTITION BY service, date_part('year', submitted_at AT TIME ZONE 'UTC' + make_interval(mins => ${offsetMinutes})) ORDER BY submitted_at, id) AS n
        FROM (SELECT id, service, submitted_at FROM applications.applications WHERE register_no IS NULL ORDER BY submitted_at LIMIT ${limit}) w),
      base AS (INSERT INTO applications.registers AS g (service, year, last) SELECT service, year, max(n) FROM waiting GROUP BY service, year
        ON CONFLICT (service, year) DO UPDATE SET last = g.last + excluded.last RETURNING service, year, last),
      counted AS (SELECT service, year, max(n) AS n FROM waiting GROUP BY service, year),
      given AS (UPDATE applications.applications a SET register_no = b.last - c.n + w.n, register_year = w.year
        FROM waiting w JOIN base b USING (service, year) JOIN counted c USING (service, year) WHERE a.id = w.id RETURNING 1)
      SELECT count(*)::int AS given FROM given`.execute(tx);
    return result.rows[0]?.given ?? 0;
  });
}

export type ResidentWait = { task: string; application: string; until: Date };

/** Open tasks of residents with an end, of one application or within a range of time. */
export async function residentWaits(
  ctx: Pick<Ctx, 'db'>,
  wanted: { application: string; limit: number } | { from: Date; to: Date; openedBefore: Date; limit: number },
): Promise<ResidentWait[]> {
  let query = ctx.db
    .selectFrom('applications.tasks')
    .select(['id as task', 'application', 'late_at as until'])
    .where('closed_at', 'is', null)
    .where('kind', '=', 'resident')
    .where('late_at', 'is not', null)
    .orderBy('late_at')
    .orderBy('id')
    .limit(wanted.limit);
  query =
    'application' in wanted
      ? query.where('application', '=', wanted.application)
      : query
          .where('late_at', '>', wanted.from)
          .where('late_at', '<=', wanted.to)
          .where('opened_at', '<', wanted.openedBefore);
  return (await query.execute()) as ResidentWait[];
}
