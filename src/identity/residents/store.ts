// Reads and writes accounts of residents, their codes, sessions and holdings.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';
import { MOST_TRIES } from './code.ts';
import type { ContactKind } from './contact.ts';

type Db = Pick<Ctx, 'db'>;
type At = Pick<Ctx, 'db' | 'now'>;

export type CodeRow = {
  id: string;
  browser: Buffer;
  address: Buffer;
  purpose: 'sign-in' | 'contact';
  resident: string | null;
  kind: ContactKind;
  contact: Buffer;
  key: Buffer;
  contact_hash: Buffer;
  code: Buffer;
  asked: Date;
  expires: Date;
};

/** How often codes were asked for a contact, and from an address, since a moment. */
export async function countAsked(
  { db }: Db,
  given: { contact: Buffer; address: Buffer; hour: Date; day: Date },
): Promise<{ contactHour: number; contactDay: number; addressHour: number }> {
  const { rows } = await sql<{ contact_hour: number; contact_day: number; address_hour: number }>`
    SELECT (SELECT count(*) FROM identity.codes WHERE contact_hash = ${given.contact} AND asked > ${given.hour}) AS contact_hour,
      (SELECT count(*) FROM identity.codes WHERE contact_hash = ${given.contact} AND asked > ${given.day}) AS contact_day,
      (SELECT count(*) FROM identity.codes WHERE address = ${given.address} AND asked > ${given.hour}) AS address_hour`.execute(
    db,
  );
  const [row] = rows;
  return {
    contactHour: row?.contact_hour ?? 0,
    contactDay: row?.contact_day ?? 0,
    addressHour: row?.address_hour ?? 0,
  };
}

/** One asker of a contact at a time: who counts while another writes would let both through. */
export async function lockContact({ db }: Db, contact: Buffer): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${contact.readBigInt64BE(0).toString()}::bigint)`.execute(db);
}

export async function addCode({ db }: Db, row: CodeRow): Promise<void> {
  await db.insertInto('identity.codes').values(row).execute();
}

/** A code that its browser may still type or ask again. */
export async function findCode(
  { db, now }: At,
  id: string,
  browser: Buffer,
): Promise<(CodeRow & { tries: number }) | undefined> {
  return db
    .selectFrom('identity.codes')
    .selectAll()
    .where('id', '=', id)
    .where('browser', '=', browser)
    .where('used', 'is', null)
    .where('expires', '>', now)
    .executeTakeFirst() as Promise<(CodeRow & { tries: number }) | undefined>;
}

/** Takes one try; right only once, only from the browser that asked. Undefined when there is no try left. */
export async function tryCode(
  { db, now }: At,
  id: string,
  browser: Buffer,
  code: Buffer,
): Promise<{ right: boolean; left: number; row: CodeRow } | undefined> {
  const row = await db
    .updateTable('identity.codes')
    .set((eb) => ({
      tries: eb('tries', '+', 1),
      used: sql<Date | null>`CASE WHEN code = ${code} THEN ${now}::timestamptz END`,
    }))
    .where('id', '=', id)
    .where('browser', '=', browser)
    .where('used', 'is', null)
    .where('expires', '>', now)
    .where('tries', '<', MOST_TRIES)
    .returningAll()
    .executeTakeFirst();
  return row && { right: row.used !== null, left: MOST_TRIES - row.tries, row: row as CodeRow };
}

/** A newer code of the same browser makes the older ones worthless. */
export async function endCodes({ db, now }: At, browser: Buffer): Promise<void> {
  await db
    .updateTable('identity.codes')
    .set({ expires: now })
    .where('browser', '=', browser)
    .where('used', 'is', null)
    .where('expires', '>', now)
    .execute();
}

export type ResidentRow = { id: string; key: Buffer | null };

export async function addResident({ db, now }: At, id: string, key: Buffer): Promise<void> {
  await db.insertInto('identity.residents').values({ id, key, created: now }).execute();
}

/** The account while others wait that would change it too. */
export async function lockResident({ db }: Db, id: string): Promise<ResidentRow | undefined> {
  return db
    .selectFrom('identity.residents')
    .select(['id', 'key'])
    .where('id', '=', id)
    .where('closed', 'is', null)
    .forUpdate()
    .executeTakeFirst();
}

export async function findResident({ db }: Db, id: string): Promise<(ResidentRow & { created: Date }) | undefined> {
  return db
    .selectFrom('identity.residents')
    .select(['id', 'key', 'created'])
    .where('id', '=', id)
    .where('closed', 'is', null)
    .executeTakeFirst();
}

export async function residentByContact({ db }: Db, hash: Buffer): Promise<string | undefined> {
  const row = await db.selectFrom('identity.contacts').select('resident').where('hash', '=', hash).executeTakeFirst();
  return row?.resident;
}

/** False when the contact belongs to an account already. */
export async function addContact(
  { db, now }: At,
  contact: { id: string; resident: string; kind: ContactKind; value: Buffer; hash: Buffer },
): Promise<boolean> {
  const result = await db
    .insertInto('identity.contacts')
    .values({ ...contact, confirmed: now })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function contactsOf(
  { db }: Db,
  resident: string,
): Promise<{ id: string; kind: ContactKind; value: Buffer; confirmed: Date }[]> {
  return db
    .selectFrom('identity.contacts')
    .select(['id', 'kind', 'value', 'confirmed'])
    .where('resident', '=', resident)
    .orderBy('confirmed')
    .orderBy('id')
    .execute() as Promise<{ id: string; kind: ContactKind; value: Buffer; confirmed: Date }[]>;
}

export async function removeContact({ db }: Db, resident: string, id: string): Promise<boolean> {
  const result = await db
    .deleteFrom('identity.contacts')
    .where('resident', '=', resident)
    .where('id', '=', id)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

export async function residentBySubject({ db }: Db, issuer: string, subject: Buffer): Promise<string | undefined> {
  const row = await db
    .selectFrom('identity.oidc_subjects')
    .select('resident')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.resident;
}

export async function addSubject({ db }: Db, issuer: string, subject: Buffer, resident: string): Promise<boolean> {
  const result = await db
    .insertInto('identity.oidc_subjects')
    .values({ issuer, subject, resident })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function issuersOf({ db }: Db, resident: string): Promise<string[]> {
  const rows = await db
    .selectFrom('identity.oidc_subjects')
    .select('issuer')
    .where('resident', '=', resident)
    .execute();
  return rows.map((row) => row.issuer);
}

export type Device = { id: string; device: string; via: string; created: Date; seen: Date; own: boolean };

export async function addSession(
  { db, now }: At,
  session: { id: string; token: Buffer; resident: string; device: string; via: 'code' | 'oidc' },
): Promise<void> {
  await db
    .insertInto('identity.resident_sessions')
    .values({ ...session, created: now, seen: now })
    .execute();
}

/** The devices where an account is signed in, last used first. */
export async function sessionsOf(
  { db }: Db,
  resident: string,
  since: Date,
  token: Buffer | undefined,
): Promise<Device[]> {
  const rows = await db
    .selectFrom('identity.resident_sessions')
    .select(['id', 'token', 'device', 'via', 'created', 'seen'])
    .where('resident', '=', resident)
    .where('seen', '>', since)
    .orderBy('seen', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ token: one, ...row }) => ({ ...row, own: token?.equals(one) ?? false }));
}

/** Ends one session by its id, all of them, or all but the one of `keep`. Returns how many ended. */
export async function removeSessions(
  { db }: Db,
  resident: string,
  which: { id?: string; keep?: Buffer } = {},
): Promise<number> {
  let query = db.deleteFrom('identity.resident_sessions').where('resident', '=', resident);
  if (which.id) query = query.where('id', '=', which.id);
  if (which.keep) query = query.where('token', '!=', which.keep);
  return Number((await query.executeTakeFirst()).numDeletedRows);
}

export async function removeSession({ db }: Db, token: Buffer): Promise<string | undefined> {
  const row = await db
    .deleteFrom('identity.resident_sessions')
    .where('token', '=', token)
    .returning('resident')
    .executeTakeFirst();
  return row?.resident;
}

export async function touchSession({ db, now }: At, token: Buffer): Promise<void> {
  await db.updateTable('identity.resident_sessions').set({ seen: now }).where('token', '=', token).execute();
}

/** Why an account holds a case, as long as it does: a code that was replaced and a mandate that is over hold nothing. */
const VALID = sql`(h.how = 'submitted'
  OR (h.how = 'code' AND coalesce((SELECT k.code FROM identity.follow_codes k WHERE k.application = h.application), h.application) = h.via)
  OR (h.how = 'mandate' AND EXISTS (SELECT FROM identity.mandates m WHERE m.id = h.via AND m.application = h.application
    AND m.revoked_at IS NULL AND m.starts <= `;

const valid = (now: Date) => sql`${VALID}${now} AND m.ends > ${now})))`;

/** A case that is open to somebody; by a mandate, or else as its owner. */
export type Held = { application: string; mandate: string | null };

/** The account of a session that was used lately, with what it holds at this moment. */
export async function findSession(
  { db, now }: At,
  token: Buffer,
  since: Date,
): Promise<{ resident: string; seen: Date; holds: Held[] } | undefined> {
  const { rows } = await sql<{ resident: string; seen: Date; holds: Held[] }>`
    SELECT s.resident, s.seen, coalesce((SELECT json_agg(json_build_object('application', h.application,
        'mandate', CASE h.how WHEN 'mandate' THEN h.via END))
      FROM identity.holdings h WHERE h.resident = s.resident AND ${valid(now)}), '[]') AS holds
    FROM identity.resident_sessions s JOIN identity.residents r ON r.id = s.resident
    WHERE s.token = ${token} AND s.seen > ${since} AND r.closed IS NULL`.execute(db);
  return rows[0];
}

/** Of codes shown, those that open their application at this moment. `via` equals the application for its first code. */
export async function openPasses({ db, now }: At, passes: { application: string; via: string }[]): Promise<Held[]> {
  const { rows } = await sql<Held>`
    SELECT p.application, CASE WHEN m.id IS NOT NULL THEN p.via END AS mandate FROM unnest(${passes.map((one) => one.application)}::uuid[], ${passes.map((one) => one.via)}::uuid[]) AS p(application, via)
      LEFT JOIN identity.mandates m ON m.id = p.via AND m.application = p.application
        AND m.revoked_at IS NULL AND m.starts <= ${now} AND m.ends > ${now}
    WHERE m.id IS NOT NULL
      OR coalesce((SELECT k.code FROM identity.follow_codes k WHERE k.application = p.application), p.application) = p.via`.execute(
    db,
  );
  return rows;
}

export type Holding = { application: string; how: 'submitted' | 'code' | 'mandate'; via: string | null; since: Date };

/** What an account holds at this moment, newest first; a page of `limit` after `after` (an application). */
export async function validHoldings(
  { db, now }: At,
  resident: string,
  page: { limit: number; after?: string | undefined },
): Promise<Holding[]> {
  const { rows } = await sql<Holding>`
    SELECT h.application, h.how, h.via, h.since FROM identity.holdings h WHERE h.resident = ${resident} AND ${valid(now)}
      AND (${page.after ?? null}::uuid IS NULL OR h.application < ${page.after ?? null}::uuid)
    ORDER BY h.application DESC LIMIT ${page.limit}`.execute(db);
  return rows;
}

/** The accounts that hold a case at this moment. */
export async function holdersOfApplication({ db, now }: At, application: string): Promise<string[]> {
  const { rows } = await sql<{ resident: string }>`
    SELECT h.resident FROM identity.holdings h WHERE h.application = ${application} AND ${valid(now)}
    ORDER BY h.since, h.resident LIMIT 20`.execute(db);
  return rows.map((row) => row.resident);
}

/** A stronger reason replaces a weaker one: own before code before mandate. */
export async function addHolding(
  { db, now }: At,
  resident: string,
  holding: { application: string; how: Holding['how']; via: string | null },
): Promise<void> {
  await sql`
    INSERT INTO identity.holdings AS h (resident, application, how, via, since)
    VALUES (${resident}, ${holding.application}, ${holding.how}, ${holding.via}, ${now})
    ON CONFLICT (resident, application) DO UPDATE SET how = excluded.how, via = excluded.via
    WHERE h.how <> 'submitted' AND NOT (h.how = 'code' AND excluded.how = 'mandate' AND ${valid(now)})`.execute(db);
}

/** Takes away all that lets anybody use or reach the account; its row stays, so that events keep their meaning. */
export async function eraseResident({ db, now }: At, resident: string): Promise<void> {
  for (const table of [
    'identity.codes',
    'identity.contacts',
    'identity.resident_sessions',
    'identity.oidc_subjects',
    'identity.holdings',
  ] as const)
    await db.deleteFrom(table).where('resident', '=', resident).execute();
  await db.updateTable('identity.residents').set({ key: null, closed: now }).where('id', '=', resident).execute();
}

export type OidcRequest = { nonce: string; verifier: string; back: string };

export async function addOidcRequest(
  { db }: Db,
  request: OidcRequest & { state: Buffer; browser: Buffer; expires: Date },
): Promise<void> {
  await db.insertInto('identity.oidc_requests').values(request).execute();
}

/** Takes the request away, so that its answer counts once; undefined for another browser, an unknown or an old one. */
export async function takeOidcRequest(
  { db, now }: At,
  state: Buffer,
  browser: Buffer,
): Promise<OidcRequest | undefined> {
  return db
    .deleteFrom('identity.oidc_requests')
    .where('state', '=', state)
    .where('browser', '=', browser)
    .where('expires', '>', now)
    .returning(['nonce', 'verifier', 'back'])
    .executeTakeFirst();
}

/** Sweeps codes and requests past counting, and sessions nobody used. */
export async function sweep({ db, now }: At, codes: Date, sessions: Date): Promise<void> {
  await db.deleteFrom('identity.codes').where('asked', '<', codes).execute();
  await db.deleteFrom('identity.oidc_requests').where('expires', '<', now).execute();
  await db.deleteFrom('identity.resident_sessions').where('seen', '<', sessions).execute();
}
