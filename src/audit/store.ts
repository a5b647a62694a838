// The only place that reads and writes the audit schema: leaves, finished parts of the tree, signed heads.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';
import type { HeadKey, SignedHead } from './head.ts';
import type { FinishedPart, Part } from './tree.ts';

type Db = Pick<Ctx, 'db'>;

/** Where sealing stands: all up to `floor` is sealed for good; `next` is the log's end as of `snapshot`. */
export type Mark = { floor: number; next: number; snapshot: string };
export type NewLeaf = { position: number; id: string; hash: Buffer };

/** True when this transaction is the only one that seals. */
export async function lockSealing({ db }: Db): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtextextended('audit.seal', 0)) AS mine`.execute(db);
  return rows[0]?.mine ?? false;
}

/** The log's end, and then which transactions have ended: in this order, so that the end was true of that moment. */
export async function endOfLog({ db }: Db): Promise<{ next: number; snapshot: string }> {
  const end = await sql<{
    next: number;
  }>`SELECT coalesce((SELECT position FROM platform.events ORDER BY position DESC LIMIT 1), 0) AS next`.execute(db);
  const now = await sql<{ snapshot: string }>`SELECT pg_current_snapshot()::text AS snapshot`.execute(db);
  return { next: end.rows[0]?.next ?? 0, snapshot: now.rows[0]?.snapshot ?? '1:1:' };
}

/** Events in (from, to] that are no leaf yet, in order of position. */
export async function unsealed({ db }: Db, from: number, to: number, limit: number): Promise<NewLeaf[]> {
  const { rows } = await sql<NewLeaf>`
    WITH sealed AS MATERIALIZED (SELECT p FROM audit.leaves, unnest(positions) p WHERE high > ${from} AND p > ${from})
    SELECT e.position, e.id, e.hash FROM platform.events e
    WHERE e.position > ${from} AND e.position <= ${to} AND NOT EXISTS (SELECT FROM sealed WHERE sealed.p = e.position)
    ORDER BY e.position LIMIT ${limit}`.execute(db);
  return rows;
}

export async function addLeaves({ db }: Db, first: number, leaves: NewLeaf[]): Promise<void> {
  const positions = leaves.map(({ position }) => position);
  await db
    .insertInto('audit.leaves')
    .values({
      first,
      count: leaves.length,
      low: Math.min(...positions),
      high: Math.max(...positions),
      positions,
      events: leaves.map(({ id }) => id),
      hashes: leaves.map(({ hash }) => hash),
    })
    .execute();
}

export async function addParts({ db }: Db, parts: FinishedPart[]): Promise<void> {
  if (parts.length > 0) await db.insertInto('audit.nodes').values(parts).execute();
}

export async function addHead({ db }: Db, head: SignedHead & Mark): Promise<void> {
  const { size, root, at, keyId, signature, floor, next, snapshot } = head;
  await db
    .insertInto('audit.heads')
    .values({ size, root, at, key_name: keyId, signature, floor, next, snapshot })
    .execute();
}

type StoredHead = SignedHead & Mark;
const HEAD = sql`size, root, at, key_name, signature, floor, next, snapshot`;

/** Heads of `above` < size < `below`; largest first, or smallest first. */
async function heads(
  { db }: Db,
  find: { above?: number; below?: number; limit: number; ascending?: boolean },
): Promise<StoredHead[]> {
  const order = find.ascending ? sql`ASC` : sql`DESC`;
  const { rows } = await sql<Omit<StoredHead, 'at' | 'keyId'> & { at: Date; key_name: string }>`
    SELECT ${HEAD} FROM audit.heads WHERE size > ${find.above ?? 0} AND size < ${find.below ?? Number.MAX_SAFE_INTEGER}
    ORDER BY size ${order} LIMIT ${find.limit}`.execute(db);
  return rows.map(({ at, key_name, ...row }) => ({ ...row, at: at.toISOString(), keyId: key_name }));
}

/** The newest head, or the newest of at most `size` leaves. */
export const newestHead = async (ctx: Db, size?: number): Promise<StoredHead | undefined> =>
  (await heads(ctx, { limit: 1, ...(size !== undefined && { below: size + 1 }) }))[0];

/** Heads of more than `above` leaves, smallest first. */
export const headsAfter = (ctx: Db, above: number, limit: number) => heads(ctx, { above, limit, ascending: true });

/** Heads of fewer than `below` leaves, largest first. */
export const headsBefore = (ctx: Db, below: number, limit: number) => heads(ctx, { below, limit });

/** `id` is the key's name in heads, `row` that of its row. */
export type StoredKey = HeadKey & { row: string; key: Buffer | null; madeAt: Date };

/** All keys that ever signed, the present one last. */
export async function allKeys({ db }: Db): Promise<StoredKey[]> {
  const rows = await db.selectFrom('audit.keys').selectAll().orderBy('made_at').orderBy('id').execute();
  return rows.map(({ id, name, made_at, ...key }) => ({ ...key, id: name, row: id, madeAt: made_at }));
}

/** Adds the log's first key; another process may have been faster. */
export async function addKey({ db }: Db, key: StoredKey): Promise<void> {
  const { madeAt, id, row, ...kept } = key;
  await db
    .insertInto('audit.keys')
    .values({ ...kept, id: row, name: id, made_at: madeAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Hashes of the events that are the leaves `start` to `end`, in order. */
export async function leafContents({ db }: Db, start: number, end: number): Promise<Buffer[]> {
  const { rows } = await sql<{ hash: Buffer }>`
    SELECT h.hash FROM audit.leaves l, unnest(l.hashes) WITH ORDINALITY h(hash, n)
    WHERE l.first < ${end} AND l.first + l.count > ${start} AND l.first + h.n - 1 >= ${start} AND l.first + h.n - 1 < ${end}
    ORDER BY l.first + h.n`.execute(db);
  return rows.map(({ hash }) => hash);
}

/** Finished parts by "level/index". */
export async function partHashes({ db }: Db, parts: Part[]): Promise<Map<string, Buffer>> {
  if (parts.length === 0) return new Map();
  const { rows } = await sql<{ level: number; index: number; hash: Buffer }>`
    SELECT n.level, n.index, n.hash FROM unnest(${parts.map(({ level }) => level)}::smallint[], ${parts.map(({ index }) => index)}::bigint[])
      AS wanted(level, index) JOIN audit.nodes n ON n.level = wanted.level AND n.index = wanted.index`.execute(db);
  return new Map(rows.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
}

/** Which leaf an event at this position is. */
export async function leafAt({ db }: Db, position: number): Promise<number | undefined> {
  const { rows } = await sql<{ leaf: number }>`
    SELECT first + array_position(positions, ${position}::bigint) - 1 AS leaf FROM audit.leaves
    WHERE high >= ${position} AND low <= ${position} AND ${position}::bigint = ANY (positions) LIMIT 1`.execute(db);
  return rows[0]?.leaf;
}

/**
 * The subject and place in the log of an event. Ids hold the time they were made, and most events are recorded then: their
 * month is looked through first, the whole log only for those that came in later.
 */
export async function findEvent(
  { db }: Db,
  id: string,
): Promise<{ subject: string; position: number; recordedAt: Date } | undefined> {
  const look = async (from: Date, to: Date) => {
    const { rows } = await sql<{ subject: string; position: number; recordedAt: Date }>`
      SELECT subject, position, recorded_at AS "recordedAt" FROM platform.events
      WHERE id = ${id} AND recorded_at >= ${from} AND recorded_at < ${to}`.execute(db);
    return rows[0];
  };
  const made = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  const near = await look(new Date(made - HOUR), new Date(made + HOUR));
  return near ?? look(new Date(0), new Date('9999-01-01'));
}
const HOUR = 3_600_000;
