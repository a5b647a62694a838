// Batches and their items. What is done to a case goes through the engine's own statement, never from here.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';
import { type Desk, deskColumns, type TaskFilter } from '../inbox/store.ts';
import type { Group } from './batch.ts';

export const MOST = 100_000;

/** Which cases: these, or all on the desks that the filter lets through. */
export type Selection = { ids: string[] } | { filter: TaskFilter };

export type BatchRow = {
  id: string;
  agency: string;
  officer: string;
  action: string;
  reason: string | null;
  note: Buffer | null;
  key: Buffer | null;
  state: 'running' | 'done' | 'cancelled';
  total: number;
  done: number;
  refused: number;
  rights: string[] | null;
  started: Date;
  ended: Date | null;
};
const COLUMNS = [
  'id',
  'agency',
  'officer',
  'action',
  'reason',
  'note',
  'key',
  'state',
  'total',
  'done',
  'refused',
  'rights',
  'started',
  'ended',
] as const;

// the cases of open work on the desks, each once, the most urgent first
function chosen(now: Date, desks: Desk[], selection: Selection) {
  const [agencies, roles, areas] = deskColumns(desks);
  const filter: TaskFilter = 'filter' in selection ? selection.filter : {};
  const when = (wanted: unknown, condition: ReturnType<typeof sql>) => (wanted ? condition : sql``);
  return sql`SELECT t.application, min(t.due_at) AS due
    FROM unnest(${agencies}::text[], ${roles}::text[], ${areas}::text[]) AS d(agency, role, area)
      JOIN applications.tasks t ON t.agency = d.agency AND t.role = d.role AND t.area = d.area
    WHERE t.closed_at IS NULL AND t.kind = 'work'
      ${when('ids' in selection, sql`AND t.application = ANY(${'ids' in selection ? selection.ids : []}::uuid[])`)}
      ${when(filter.service, sql`AND t.service = ${filter.service}`)} ${when(filter.late, sql`AND t.due_at < ${now}`)}
      ${when(filter.mine, sql`AND t.taken_by = ${filter.mine}`)} ${when(filter.untaken, sql`AND t.taken_by IS NULL`)}
    GROUP BY t.application ORDER BY due, t.application LIMIT ${MOST}`;
}

/** The chosen cases, as the workflow sees them. */
export async function groupsOf(ctx: Pick<Ctx, 'db' | 'now'>, desks: Desk[], selection: Selection): Promise<Group[]> {
  const { rows } = await sql<Group>`
    SELECT a.service, a.version, a.state, a.status, count(*)::int AS count FROM (${chosen(ctx.now, desks, selection)}) c
    JOIN applications.applications a ON a.id = c.application GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`.execute(ctx.db);
  return rows;
}

export type NewBatch = Pick<BatchRow, 'id' | 'agency' | 'officer' | 'action' | 'reason' | 'note' | 'key' | 'rights'>;

/**
 * Writes a batch with the chosen cases of these groups, each with the state in which it was seen. Undefined when it was
 * written before.
 */
export async function addBatch(
  ctx: Pick<Ctx, 'db' | 'now'>,
  batch: NewBatch,
  desks: Desk[],
  selection: Selection,
  groups: Group[],
): Promise<number | undefined> {
  const { numInsertedOrUpdatedRows } = await ctx.db
    .insertInto('applications.batches')
    .values({ ...batch, state: 'running', total: 0, started: ctx.now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 1n) return undefined;
  const added = await sql`
    INSERT INTO applications.batch_items (batch, application, seen)
    SELECT ${batch.id}::uuid, a.id, a.state FROM (${chosen(ctx.now, desks, selection)}) c
      JOIN applications.applications a ON a.id = c.application
      JOIN jsonb_to_recordset(${JSON.stringify(groups)}::jsonb) AS g(service text, version int, state text, status text)
        ON g.service = a.service AND g.version = a.version AND g.state = a.state AND g.status = a.status`.execute(
    ctx.db,
  );
  const total = Number(added.numAffectedRows ?? 0n);
  await ctx.db.updateTable('applications.batches').set({ total }).where('id', '=', batch.id).execute();
  return total;
}

export async function findBatch({ db }: Pick<Ctx, 'db'>, id: string): Promise<BatchRow | undefined> {
  return db.selectFrom('applications.batches').select(COLUMNS).where('id', '=', id).executeTakeFirst() as Promise<
    BatchRow | undefined
  >;
}

/** An officer's batches, the newest first; before this one. */
export async function batchesOf(
  { db }: Pick<Ctx, 'db'>,
  officer: string,
  before: { at: Date; id: string } | undefined,
  limit: number,
): Promise<BatchRow[]> {
  let query = db.selectFrom('applications.batches').select(COLUMNS).where('officer', '=', officer);
  if (before) query = query.where(sql<boolean>`(started, id) < (${before.at}, ${before.id}::uuid)`);
  return query.orderBy('started', 'desc').orderBy('id', 'desc').limit(limit).execute() as Promise<BatchRow[]>;
}

/** Takes a running batch for one worker; undefined while another is at it. A worker that died loses it after a while. */
export async function leaseBatch({ db }: Pick<Ctx, 'db'>, id: string, lease: string): Promise<BatchRow | undefined> {
  return db
    .updateTable('applications.batches')
    .set({ lease, leased_at: sql`clock_timestamp()` })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .where(
      sql<boolean>`(lease IS NULL OR lease = ${lease}::uuid OR leased_at < clock_timestamp() - interval '20 seconds')`,
    )
    .returning(COLUMNS)
    .executeTakeFirst() as Promise<BatchRow | undefined>;
}

/** Running batches that nobody works at. */
export async function forsaken({ db }: Pick<Ctx, 'db'>): Promise<string[]> {
  const rows = await db
    .selectFrom('applications.batches')
    .select('id')
    .where('state', '=', 'running')
    .where(sql<boolean>`(leased_at IS NULL OR leased_at < clock_timestamp() - interval '20 seconds')`)
    .execute();
  return rows.map((row) => row.id);
}

export type Item = { application: string; number: string; seen: string };

export async function waitingItems({ db }: Pick<Ctx, 'db'>, batch: string, limit: number): Promise<Item[]> {
  return db
    .selectFrom('applications.batch_items as i')
    .innerJoin('applications.applications as a', 'a.id', 'i.application')
    .select(['i.application', 'a.number', 'i.seen'])
    .where('i.batch', '=', batch)
    .where('i.outcome', 'is', null)
    .orderBy('i.application')
    .limit(limit)
    .execute();
}

/** Writes what came of items, and counts them: an item counts once, however often it is told. */
export async function settleItems(
  { db }: Pick<Ctx, 'db'>,
  batch: string,
  outcomes: { application: string; outcome: string }[],
): Promise<void> {
  await sql`
    WITH told AS (UPDATE applications.batch_items i SET outcome = v.outcome
        FROM jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) AS v(application uuid, outcome text)
        WHERE i.batch = ${batch}::uuid AND i.application = v.application AND i.outcome IS NULL RETURNING i.outcome),
      counted AS (SELECT count(*) FILTER (WHERE outcome = 'done')::int AS done, count(*) FILTER (WHERE outcome <> 'done')::int AS refused FROM told)
    UPDATE applications.batches b SET done = b.done + c.done, refused = b.refused + c.refused, leased_at = clock_timestamp()
    FROM counted c WHERE b.id = ${batch}::uuid`.execute(db);
}

/** Ends a batch: its note is needed no more. False when it had ended already. */
export async function endBatch(
  ctx: Pick<Ctx, 'db' | 'now'>,
  id: string,
  state: 'done' | 'cancelled',
): Promise<boolean> {
  const result = await ctx.db
    .updateTable('applications.batches')
    .set({ state, ended: ctx.now, note: null, key: null })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** The next chunk as a job; one waiting job a batch. */
export async function queueBatch({ db }: Pick<Ctx, 'db'>, batch: string, lease: string): Promise<void> {
  await sql`SELECT platform.enqueue('applications.batch', ${JSON.stringify({ batch, lease })}::json, NULL, ${`batch/${batch}`})`.execute(
    db,
  );
}

/** Items that were not done, with the number of the case. All of them when `limit` is left out. */
export async function refusedItems(
  { db }: Pick<Ctx, 'db'>,
  batch: string,
  after: string | undefined,
  limit: number,
): Promise<{ application: string; number: string; outcome: string }[]> {
  let query = db
    .selectFrom('applications.batch_items as i')
    .innerJoin('applications.applications as a', 'a.id', 'i.application')
    .select(['i.application', 'a.number', 'i.outcome'])
    .where('i.batch', '=', batch)
    .where('i.outcome', '<>', 'done');
  if (after) query = query.where('i.application', '>', after);
  return query.orderBy('i.application').limit(limit).execute() as Promise<
    { application: string; number: string; outcome: string }[]
  >;
}

/** A page of all items, for the file that can be taken along. */
export async function itemsAfter(
  { db }: Pick<Ctx, 'db'>,
  batch: string,
  after: string | undefined,
  limit: number,
): Promise<{ application: string; number: string; service: string; outcome: string | null }[]> {
  let query = db
    .selectFrom('applications.batch_items as i')
    .innerJoin('applications.applications as a', 'a.id', 'i.application')
    .select(['i.application', 'a.number', 'a.service', 'i.outcome'])
    .where('i.batch', '=', batch);
  if (after) query = query.where('i.application', '>', after);
  return query.orderBy('i.application').limit(limit).execute();
}

/** The officer as she stands in the office now; undefined when her account is closed or she works elsewhere. */
export async function officerNow(
  { db }: Pick<Ctx, 'db'>,
  id: string,
  agency: string,
): Promise<{ name: string; roles: string[]; area: string } | undefined> {
  return db
    .selectFrom('identity.officers')
    .select(['name', 'roles', 'area'])
    .where('id', '=', id)
    .where('agency', '=', agency)
    .where('disabled', '=', false)
    .executeTakeFirst();
}
