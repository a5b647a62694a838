// Reads the log for durations and keeps their roll-up. Every read is bounded: one month's partition, a page at a time.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';

type Db = Pick<Ctx, 'db'>;

/**
 * How far the roll-up has read. A position alone is not enough: an event of a transaction that is under way has a lower
 * position than others that are there already. `snapshot` says what had been committed at the last reading; whatever it
 * did not show lies after `position`, the end of the log one reading earlier; `next` is its end at the last reading.
 */
export type Watermark = { position: number; next: number; snapshot: string };

export async function findWatermark(ctx: Db): Promise<Watermark | undefined> {
  return (await findSetting(ctx, 'durations')) as Watermark | undefined;
}

export async function saveWatermark({ db }: Db, watermark: Watermark): Promise<void> {
  const value = JSON.stringify(watermark);
  await db
    .insertInto('platform.settings')
    .values({ name: 'durations', value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/** The log's end as seen now. */
export async function endOfLog({ db }: Db): Promise<{ next: number; snapshot: string }> {
  const { rows } = await sql<{ next: number; snapshot: string }>`
    SELECT coalesce((SELECT position FROM platform.events ORDER BY position DESC LIMIT 1), 0) AS next,
      pg_current_snapshot()::text AS snapshot`.execute(db);
  return rows[0] ?? { next: 0, snapshot: '1:1:' };
}

export async function findSetting({ db }: Db, name: string): Promise<unknown> {
  return (await db.selectFrom('platform.settings').select('value').where('name', '=', name).executeTakeFirst())?.value;
}

// What changes a month's figures: an arrival, an end, and the undoing of an end.
const ARRIVALS_AND_ENDS = sql`('application.submitted', 'application.completed', 'application.refused',
  'application.objected', 'application.reopened')`;

/**
 * The months (first day, in the regency's zone) that events in (from, to] touch, as far as `seen`, the snapshot of the
 * last reading, did not show them already. An undone end touches the month of that end too.
 */
export async function touchedMonths(
  { db }: Db,
  from: number,
  to: number,
  seen: string | null,
  offsetMinutes: number,
): Promise<string[]> {
  const { rows } = await sql<{ month: string }>`
    WITH stretch AS MATERIALIZED (SELECT type, subject, seq, at FROM platform.events
        WHERE position > ${from} AND position <= ${to} AND type IN ${ARRIVALS_AND_ENDS}
          AND (${seen}::text IS NULL OR NOT pg_visible_in_snapshot(xid, ${seen}::text::pg_snapshot))),
      moments AS (SELECT at FROM stretch
        UNION ALL SELECT e.at FROM stretch s JOIN platform.events e ON e.subject = s.subject AND e.seq < s.seq
          AND e.type IN ('application.completed', 'application.refused')
        WHERE s.type IN ('application.objected', 'application.reopened'))
    SELECT DISTINCT to_char(at + make_interval(mins => ${offsetMinutes}), 'YYYY-MM-01') AS month FROM moments`.execute(
    db,
  );
  return rows.map((row) => row.month);
}

export type Arrived = { service: string; channel: string; submitted: number; simulated: boolean };

/** How many applications came in between two instants, by service and door. */
export async function arrivedBetween({ db }: Db, from: Date, to: Date): Promise<Arrived[]> {
  const { rows } = await sql<Arrived>`
    SELECT a.service, a.channel, count(*)::int AS submitted, bool_or(a.simulated) AS simulated
    FROM platform.events e JOIN applications.applications a ON a.id = e.subject
    WHERE e.type = 'application.submitted' AND e.recorded_at >= ${from} AND e.recorded_at < ${to}
    GROUP BY a.service, a.channel`.execute(db);
  return rows;
}

/** One case that ended, with the moves by which its clock ran and stood still. */
export type Ended = {
  id: string;
  service: string;
  version: number;
  channel: string;
  simulated: boolean;
  endedAt: Date;
  dueAt: Date;
  moves: { at: string; to: string }[];
};

/**
 * Cases that were completed or refused between two instants and still are, in order of id after `after`. Ids are
 * UUIDv7, so a page's cases came in close together and their events lie in few of the log's months.
 */
export async function endedBetween(
  { db }: Db,
  from: Date,
  to: Date,
  after: string,
  limit: number,
): Promise<{ ended: Ended[]; last: string | undefined }> {
  const page = await sql<{ subject: string; submitted: Date }>`
    SELECT s.subject, a.submitted_at AS submitted FROM (SELECT DISTINCT subject FROM platform.events
      WHERE type IN ('application.completed', 'application.refused') AND recorded_at >= ${from} AND recorded_at < ${to}
        AND subject > ${after}::uuid ORDER BY subject LIMIT ${limit}) s
    JOIN applications.applications a ON a.id = s.subject ORDER BY s.subject`.execute(db);
  if (page.rows.length === 0) return { ended: [], last: undefined };
  const ids = page.rows.map((row) => row.subject);
  const reach = new Date(Math.min(...page.rows.map((row) => row.submitted.getTime())));
  const { rows } = await sql<Ended>`
    SELECT a.id, a.service, a.version, a.channel, a.simulated, a.ended_at AS "endedAt", a.due_at AS "dueAt",
      json_agg(json_build_object('at', e.at, 'to', coalesce(e.data->>'to', e.data->'moved'->>'to', e.data->>'state'))
        ORDER BY e.seq) AS moves
    FROM applications.applications a JOIN platform.events e ON e.subject = a.id
    WHERE a.id = ANY(${ids}::uuid[]) AND a.status IN ('completed', 'refused')
      AND a.ended_at >= ${from} AND a.ended_at < ${to}
      AND e.recorded_at >= ${reach} AND e.recorded_at < ${to}
      AND e.type NOT IN ('application.taken', 'application.noted', 'application.revealed',
        'application.escalated', 'application.consulted', 'application.recalled')
      AND (e.type <> 'application.opined' OR e.data ? 'moved')
    GROUP BY a.id`.execute(db);
  return { ended: rows, last: ids.length < limit ? undefined : ids.at(-1) };
}

export type DurationRow = {
  service: string;
  channel: string;
  submitted: number;
  finished: number;
  onTime: number;
  median: number | null;
  p90: number | null;
  simulated: boolean;
};

/** Puts a month's figures in the place of the old ones. */
export async function replaceMonth({ db }: Db, month: string, rows: DurationRow[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('applications.durations')
      .where('month', '=', month as never)
      .execute();
    if (rows.length === 0) return;
    await sql`INSERT INTO applications.durations (service, month, channel, submitted, finished, on_time, median_minutes,
        p90_minutes, simulated)
      SELECT service, ${month}::date, channel, submitted, finished, "onTime", median, p90, simulated
      FROM json_to_recordset(${JSON.stringify(rows)}::json)
        AS r(service text, channel text, submitted int, finished int,
          "onTime" int, median int, p90 int, simulated boolean)`.execute(tx);
  });
}

/** The months of one service from `month` on. */
export async function monthsOf({ db }: Db, service: string, month: string): Promise<DurationRow[]> {
  const { rows } = await sql<DurationRow>`
    SELECT service, channel, submitted, finished, on_time AS "onTime", median_minutes AS median,
      p90_minutes AS p90, simulated
    FROM applications.durations WHERE service = ${service} AND month >= ${month}::date ORDER BY month`.execute(db);
  return rows;
}
