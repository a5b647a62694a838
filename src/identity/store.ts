// Officers, their sessions and their wrong tries.
import type { Ctx } from '#platform/context.ts';
import type { Tries } from './pause.ts';

type Db = Pick<Ctx, 'db'>;
type At = Pick<Ctx, 'db' | 'now'>;
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

/** An officer who may act; undefined when disabled or unknown. */
export async function findOfficer({ db }: Db, id: string): Promise<Officer | undefined> {
  return db
    .selectFrom('identity.officers')
    .select(COLUMNS)
    .where('id', '=', id)
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

export async function setPassword({ db }: Db, officer: string, password: string): Promise<void> {
  await db.updateTable('identity.officers').set({ password }).where('id', '=', officer).execute();
}

export async function addSession(
  { db }: Db,
  session: {
    id: string;
    token: Buffer;
    officer: string;
    kind: 'browser' | 'token';
    rights: string[] | null;
    device: string;
    strong: boolean;
    created: Date;
    seen: Date;
    expires: Date;
  },
): Promise<void> {
  await db.insertInto('identity.sessions').values(session).execute();
}

export type FoundSession = Officer & {
  rights: string[] | null;
  kind: string;
  strong: boolean;
  seen: Date | null;
  secured: boolean;
};

/** The officer of a session, with how it was proved; `secured`: the account has a second factor. */
export async function findSession({ db, now }: At, token: Buffer): Promise<FoundSession | undefined> {
  return db
    .selectFrom('identity.sessions as s')
    .innerJoin('identity.officers as o', 'o.id', 's.officer')
    .select(['o.id', 'o.login', 'o.name', 'o.agency', 'o.roles', 'o.area', 'o.password', 'o.demo'])
    .select(['s.rights', 's.kind', 's.strong', 's.seen'])
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom('identity.factors as f')
            .select('f.id')
            .whereRef('f.officer', '=', 'o.id')
            .where('f.confirmed', 'is not', null),
        )
        .$castTo<boolean>()
        .as('secured'),
    )
    .where('s.token', '=', token)
    .where('s.expires', '>', now)
    .where('o.disabled', '=', false)
    .executeTakeFirst();
}

export async function touchSession({ db }: Db, token: Buffer, seen: Date): Promise<void> {
  await db.updateTable('identity.sessions').set({ seen }).where('token', '=', token).execute();
}

export type Session = { id: string; device: string; strong: boolean; created: Date; seen: Date | null; own: boolean };

/** The browsers where an officer is signed in, last used first. */
export async function sessionsOf({ db, now }: At, officer: string, own: Buffer | undefined): Promise<Session[]> {
  const rows = await db
    .selectFrom('identity.sessions')
    .select(['id', 'token', 'device', 'strong', 'created', 'seen'])
    .where('officer', '=', officer)
    .where('kind', '=', 'browser')
    .where('expires', '>', now)
    .orderBy('seen', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ token, ...row }) => ({ ...row, own: own?.equals(token) ?? false }));
}

export async function removeSession({ db }: Db, token: Buffer): Promise<void> {
  await db.deleteFrom('identity.sessions').where('token', '=', token).execute();
}

/** Ends browsers of an officer: one by its id, all, or all but the one of `keep`. Returns how many. */
export async function removeSessions(
  { db }: Db,
  officer: string,
  which: { id?: string; keep?: Buffer | undefined } = {},
): Promise<number> {
  let query = db.deleteFrom('identity.sessions').where('officer', '=', officer).where('kind', '=', 'browser');
  if (which.id) query = query.where('id', '=', which.id);
  if (which.keep) query = query.where('token', '!=', which.keep);
  return Number((await query.executeTakeFirst()).numDeletedRows);
}

/** Without a second factor none of the officer's sessions is strong any more. */
export async function weakenSessions({ db }: Db, officer: string): Promise<void> {
  await db.updateTable('identity.sessions').set({ strong: false }).where('officer', '=', officer).execute();
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

export async function removeExpiredSessions({ db, now }: At): Promise<void> {
  await db.deleteFrom('identity.sessions').where('expires', '<', now).execute();
}

/** The count of wrong tries while nobody else counts; in a transaction. */
export async function lockTries({ db, now }: At, officer: string): Promise<Tries> {
  await db
    .insertInto('identity.tries')
    .values({ officer, wrong: 0, since: now, pauses: 0, until: null })
    .onConflict((conflict) => conflict.column('officer').doNothing())
    .execute();
  return db
    .selectFrom('identity.tries')
    .select(['wrong', 'since', 'pauses', 'until'])
    .where('officer', '=', officer)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

export async function findTries({ db }: Db, officer: string): Promise<Tries | undefined> {
  return db
    .selectFrom('identity.tries')
    .select(['wrong', 'since', 'pauses', 'until'])
    .where('officer', '=', officer)
    .executeTakeFirst();
}

export async function setTries({ db }: Db, officer: string, tries: Tries): Promise<void> {
  await db.updateTable('identity.tries').set(tries).where('officer', '=', officer).execute();
}

export async function forgetTries({ db }: Db, officer: string): Promise<boolean> {
  const result = await db.deleteFrom('identity.tries').where('officer', '=', officer).executeTakeFirst();
  return result.numDeletedRows === 1n;
}
