// Following the log in the background, for what need not be done with the act itself and must not burden it.
import { sql } from 'kysely';
import type { Ctx } from './context.ts';

/** Events read in one transaction. */
const STRETCH = 20_000;

/** How far the log was followed: `done` is read, `next` was the log's end when `snapshot` was taken. */
type Followed = { done: number; next: number; snapshot: string };
type Reader = Pick<Ctx, 'db'>;

/**
 * Reads on from where the last reading under this name ended, as far as every transaction of that time has settled: what was
 * under way then is read the next time. `read` gets a stretch (from, to] of positions in a transaction; its work and the mark of
 * how far it went are one commit, so each event counts once. One reader a name at a time.
 */
export async function followLog<C extends Reader>(
  ctx: C,
  name: string,
  read: (tx: C, from: number, to: number) => Promise<void>,
): Promise<void> {
  const now = await endOfLog(ctx);
  const known = (await findFollowed(ctx, name)) ?? { done: 0, next: now.next, snapshot: now.snapshot };
  // transaction numbers that went back mean another cluster (a restored backup): the wait begins anew
  const settled = now.first >= endOf(known.snapshot) || now.last < endOf(known.snapshot);
  const stretch = async (tx: C): Promise<boolean> => {
    await lock(tx, name);
    const mark = await findFollowed(tx, name);
    const from = mark?.done ?? 0;
    const to = Math.min(from + STRETCH, known.next);
    if (to <= from) return false;
    await read(tx, from, to);
    await save(tx, name, { next: known.next, snapshot: '1:1:', ...mark, done: to });
    return to < known.next;
  };
  if (settled) {
    let more = true;
    while (more) more = await ctx.db.transaction().execute((db) => stretch({ ...ctx, db }));
  }
  await ctx.db.transaction().execute(async (db) => {
    await lock({ db }, name);
    const done = (await findFollowed({ db }, name))?.done ?? 0;
    await save({ db }, name, settled ? { done, next: now.next, snapshot: now.snapshot } : { ...known, done });
  });
}

/** Queues `job` with { subject, event } for each event of a type in a stretch of the log, unless it is older than `since`. */
export async function queueFor(
  { db }: Reader,
  given: { type: string; job: string; from: number; to: number; since: Date },
): Promise<void> {
  await sql`
    SELECT count(platform.enqueue(${given.job}, json_build_object('subject', subject, 'event', id))) FROM platform.events
    WHERE position > ${given.from} AND position <= ${given.to} AND type = ${given.type} AND recorded_at >= ${given.since}`.execute(
    db,
  );
}

async function findFollowed({ db }: Reader, name: string): Promise<Followed | undefined> {
  const row = await db.selectFrom('platform.settings').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value as Followed | undefined;
}

async function save({ db }: Reader, name: string, followed: Followed): Promise<void> {
  const value = JSON.stringify(followed);
  await db
    .insertInto('platform.settings')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

async function lock({ db }: Reader, name: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`follow.${name}`}, 0))`.execute(db);
}

/** The end of the log as seen now, and the first and last numbers of transactions that may be under way. */
async function endOfLog({ db }: Reader): Promise<{ next: number; snapshot: string; first: number; last: number }> {
  const { rows } = await sql<{ next: number; snapshot: string; first: string; last: string }>`
    SELECT coalesce((SELECT position FROM platform.events ORDER BY position DESC LIMIT 1), 0) AS next, s::text AS snapshot,
      pg_snapshot_xmin(s)::text AS first, pg_snapshot_xmax(s)::text AS last FROM pg_current_snapshot() s`.execute(db);
  const row = rows[0] as (typeof rows)[0];
  return { next: row.next, snapshot: row.snapshot, first: Number(row.first), last: Number(row.last) };
}

// "xmin:xmax:under way": none from xmax on had begun
const endOf = (snapshot: string): number => Number(snapshot.split(':')[1]);
