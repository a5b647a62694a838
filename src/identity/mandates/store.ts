// Reads and writes mandates, and the follow-up codes that took the place of earlier ones.
import type { Ctx } from '#platform/context.ts';
import type { AgentKind, Origin, Relation } from './mandate.ts';

type Db = Pick<Ctx, 'db'>;
type At = Pick<Ctx, 'db' | 'now'>;

export type MandateRow = {
  id: string;
  application: string;
  origin: Origin;
  relation: Relation;
  principal: Buffer;
  agent_kind: AgentKind;
  agent: string | null;
  agency: string | null;
  agent_name: Buffer | null;
  key: Buffer | null;
  starts: Date;
  ends: Date;
  revoked_at: Date | null;
  revoked_by: 'principal' | 'agent' | null;
};

const COLUMNS = [
  'id',
  'application',
  'origin',
  'relation',
  'principal',
  'agent_kind',
  'agent',
  'agency',
  'agent_name',
  'key',
  'starts',
  'ends',
  'revoked_at',
  'revoked_by',
] as const;

/** Adds a mandate; the id of the one that this command gave before, when it did. */
export async function addMandate(
  { db }: Db,
  row: Omit<MandateRow, 'revoked_at' | 'revoked_by'> & { command: string; nik_hash: Buffer | null },
): Promise<string> {
  const added = await db
    .insertInto('identity.mandates')
    .values(row)
    .onConflict((conflict) => conflict.column('command').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (added) return added.id;
  const known = await db
    .selectFrom('identity.mandates')
    .select('id')
    .where('command', '=', row.command)
    .executeTakeFirstOrThrow();
  return known.id;
}

export async function findMandate({ db }: Db, id: string): Promise<MandateRow | undefined> {
  return db.selectFrom('identity.mandates').select(COLUMNS).where('id', '=', id).executeTakeFirst() as Promise<
    MandateRow | undefined
  >;
}

/** Mandates of one application, newest first; at most fifty are shown. */
export async function mandatesOf({ db }: Db, applications: string[]): Promise<MandateRow[]> {
  if (applications.length === 0) return [];
  return db
    .selectFrom('identity.mandates')
    .select(COLUMNS)
    .where('application', 'in', applications)
    .orderBy('id', 'desc')
    .limit(50)
    .execute() as Promise<MandateRow[]>;
}

/** Mandates that an account or officer has as agent, newest first. */
export async function mandatesOfAgent({ db }: Db, agent: string): Promise<MandateRow[]> {
  return db
    .selectFrom('identity.mandates')
    .select(COLUMNS)
    .where('agent', '=', agent)
    .orderBy('id', 'desc')
    .limit(50)
    .execute() as Promise<MandateRow[]>;
}

/** Ends a running mandate; false when it was over. */
export async function revokeMandate({ db, now }: At, id: string, by: 'principal' | 'agent'): Promise<boolean> {
  const result = await db
    .updateTable('identity.mandates')
    .set({ revoked_at: now, revoked_by: by })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .where('ends', '>', now)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Marks mandates that have run out; each is given out once. */
export async function endMandates({ db, now }: At, limit: number): Promise<{ id: string; application: string }[]> {
  return db
    .updateTable('identity.mandates')
    .set({ ended_at: now })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('identity.mandates')
        .select('id')
        .where('revoked_at', 'is', null)
        .where('ended_at', 'is', null)
        .where('ends', '<=', now)
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'application'])
    .execute();
}

/** Destroys what is sealed in the mandates of an application. */
export async function eraseMandates({ db }: Db, application: string): Promise<void> {
  await db.updateTable('identity.mandates').set({ key: null }).where('application', '=', application).execute();
}

/** From what the present follow-up code of an application derives. */
export async function codeOf({ db }: Db, application: string): Promise<string> {
  const row = await db
    .selectFrom('identity.follow_codes')
    .select('code')
    .where('application', '=', application)
    .executeTakeFirst();
  return row?.code ?? application;
}

export async function replaceCode({ db, now }: At, application: string, code: string): Promise<void> {
  await db
    .insertInto('identity.follow_codes')
    .values({ application, code, changed: now })
    .onConflict((conflict) => conflict.column('application').doUpdateSet({ code, changed: now }))
    .execute();
}

/** Mandates whose own code opens the application at this moment. */
export async function runningMandates({ db, now }: At, application: string): Promise<string[]> {
  const rows = await db
    .selectFrom('identity.mandates')
    .select('id')
    .where('application', '=', application)
    .where('revoked_at', 'is', null)
    .where('starts', '<=', now)
    .where('ends', '>', now)
    .orderBy('id', 'desc')
    .limit(50)
    .execute();
  return rows.map((row) => row.id);
}
