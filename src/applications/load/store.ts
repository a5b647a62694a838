// How much lies on the desks of an agency: one pass over its open tasks, and the weeks counted from the log.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';

/** Figures of one group. `age` and `oldest` in hours since the case came to the desk. */
export type LoadRow = {
  by: 'all' | 'desk' | 'officer' | 'service';
  role: string | null;
  area: string | null;
  officer: string | null;
  service: string | null;
  open: number;
  today: number;
  late: number;
  escalated: number;
  age: number;
  oldest: number;
};

/** Open work of an agency in `areas` ('' = all), by desk, officer and service. `today` = due until that instant. */
export async function loadOf(
  ctx: Pick<Ctx, 'pool' | 'now'>,
  agency: string,
  areas: string[],
  today: Date,
): Promise<LoadRow[]> {
  const place = areas.includes('')
    ? ''
    : `AND EXISTS (SELECT FROM unnest($4::text[]) p(area) WHERE t.area = p.area OR t.area LIKE p.area || '.%')`;
  const values: unknown[] = [agency, ctx.now, today];
  if (place) values.push(areas);
  const { rows } = await ctx.pool.query({
    name: `load${place && '-place'}`,
    text: `SELECT CASE GROUPING(role, taken_by, service) WHEN 7 THEN 'all' WHEN 3 THEN 'desk' WHEN 5 THEN 'officer' ELSE 'service' END AS by,
        role, area, taken_by AS officer, service, count(*)::int AS open,
        count(*) FILTER (WHERE due_at >= $2 AND due_at <= $3)::int AS today, count(*) FILTER (WHERE due_at < $2)::int AS late,
        count(*) FILTER (WHERE kind = 'escalation')::int AS escalated,
        (extract(epoch FROM $2 - percentile_disc(0.5) WITHIN GROUP (ORDER BY opened_at)) / 3600)::float8 AS age,
        (extract(epoch FROM $2 - min(opened_at)) / 3600)::float8 AS oldest
      FROM applications.tasks t WHERE agency = $1 AND closed_at IS NULL AND kind <> 'resident' ${place}
      GROUP BY GROUPING SETS ((), (role, area), (taken_by), (service))
      ORDER BY 1, late DESC, open DESC`,
    values,
  });
  return rows;
}

export type WeekRow = { week: string; submitted: number; finished: number; late: number };

/** The last weeks of an agency, the newest first. */
export async function weeksOf({ db }: Pick<Ctx, 'db'>, agency: string, weeks: number): Promise<WeekRow[]> {
  return db
    .selectFrom('applications.weeks')
    .select(['week', 'submitted', 'finished', 'late'])
    .where('agency', '=', agency)
    .orderBy('week', 'desc')
    .limit(weeks)
    .execute() as unknown as Promise<WeekRow[]>;
}

/** Adds a stretch of the log to the weeks. Each stretch is added once: the caller marks it in the same transaction. */
export async function countWeeks(
  { db }: Pick<Ctx, 'db'>,
  from: number,
  to: number,
  offsetMinutes: number,
): Promise<void> {
  await sql`
    INSERT INTO applications.weeks AS w (agency, week, submitted, finished, late)
    SELECT agency, date_trunc('week', (at AT TIME ZONE 'UTC') + make_interval(mins => ${offsetMinutes}))::date,
      count(*) FILTER (WHERE type = 'application.submitted'), count(*) FILTER (WHERE type <> 'application.submitted'),
      count(*) FILTER (WHERE type <> 'application.submitted' AND at > (data ->> 'due')::timestamptz)
    FROM platform.events WHERE position > ${from} AND position <= ${to} AND agency IS NOT NULL
      AND type IN ('application.submitted', 'application.completed', 'application.refused')
    GROUP BY 1, 2
    ON CONFLICT (agency, week) DO UPDATE SET submitted = w.submitted + excluded.submitted,
      finished = w.finished + excluded.finished, late = w.late + excluded.late`.execute(db);
}
