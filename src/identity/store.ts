// The only place that reads and writes the identity schema.
import type { Ctx } from '#platform/context.ts';

type Db = Pick<Ctx, 'db'>;
export type Officer = {
  id: string;
  login: string;
  name: string;
  agency: string;
  roles: string[];
  area: string;
  password: string;
  demo: boolean;
};

const COLUMNS = ['id', 'login', 'name', 'agency', 'roles', 'area', 'password', 'demo'] as const;

export async function findOfficerByLogin({ db }: Db, login: string): Promise<Officer | undefined> {
  return db
    .selectFrom('identity.officers')
    .select(COLUMNS)
    .where('login', '=', login)
    .where('disabled', '=', false)
    .executeTakeFirst();
}

export async function listDemoOfficers({ db }: Db): Promise<Officer[]> {
  return db
    .selectFrom('identity.officers')
    .select(COLUMNS)
    .where('demo', '=', true)
    .where('disabled', '=', false)
    .orderBy('login')
    .execute();
}

export async function officerNames({ db }: Db, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('identity.officers').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Adds an officer; false when the login is taken. */
export async function addOfficer({ db }: Db, officer: Officer): Promise<boolean> {
  const result = await db
    .insertInto('identity.officers')
    .values(officer)
    .onConflict((conflict) => conflict.column('login').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function addSession(
  { db }: Db,
  session: {
    token: Buffer;
    officer: string;
    kind: 'browser' | 'token';
    rights: string[] | null;
    created: Date;
    expires: Date;
  },
): Promise<void> {
  await db.insertInto('identity.sessions').values(session).execute();
}

export async function findSession(
  { db, now }: Pick<Ctx, 'db' | 'now'>,
  token: Buffer,
): Promise<(Officer & { rights: string[] | null; kind: string }) | undefined> {
  return db
    .selectFrom('identity.sessions as s')
    .innerJoin('identity.officers as o', 'o.id', 's.officer')
    .select([
      'o.id',
      'o.login',
      'o.name',
      'o.agency',
      'o.roles',
      'o.area',
      'o.password',
      'o.demo',
      's.rights',
      's.kind',
    ])
    .where('s.token', '=', token)
    .where('s.expires', '>', now)
    .where('o.disabled', '=', false)
    .executeTakeFirst();
}

export async function removeSession({ db }: Db, token: Buffer): Promise<void> {
  await db.deleteFrom('identity.sessions').where('token', '=', token).execute();
}

/** Ends all bearer tokens of an officer; browsers stay signed in. Returns how many there were. */
export async function removeTokens({ db }: Db, officer: string): Promise<number> {
  const result = await db
    .deleteFrom('identity.sessions')
    .where('officer', '=', officer)
    .where('kind', '=', 'token')
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

export async function removeExpiredSessions({ db, now }: Pick<Ctx, 'db' | 'now'>): Promise<void> {
  await db.deleteFrom('identity.sessions').where('expires', '<', now).execute();
}
