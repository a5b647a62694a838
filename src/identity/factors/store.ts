// Second factors, recovery codes and the challenges that passkeys sign.
import type { Ctx } from '#platform/context.ts';

type Db = Pick<Ctx, 'db'>;
type At = Pick<Ctx, 'db' | 'now'>;

export type Factor = { id: string; kind: string; name: string; confirmed: Date | null; used: Date | null };

/** Confirmed factors of an officer, oldest first. */
export async function factorsOf({ db }: Db, officer: string): Promise<Factor[]> {
  return db
    .selectFrom('identity.factors')
    .select(['id', 'kind', 'name', 'confirmed', 'used'])
    .where('officer', '=', officer)
    .where('confirmed', 'is not', null)
    .orderBy('created')
    .orderBy('id')
    .execute();
}

export type App = { id: string; key: Buffer; secret: Buffer; step: number | null };

async function selectApp({ db }: Db, officer: string, confirmed: boolean): Promise<App | undefined> {
  const row = await db
    .selectFrom('identity.factors')
    .select(['id', 'key', 'secret', 'step'])
    .where('officer', '=', officer)
    .where('kind', '=', 'totp')
    .where('confirmed', confirmed ? 'is not' : 'is', null)
    .executeTakeFirst();
  // the table's CHECK says that an app has both
  return row && { id: row.id, key: row.key as Buffer, secret: row.secret as Buffer, step: row.step };
}

/** The authenticator app in use, and the one begun beside it. */
export const findApp = (ctx: Db, officer: string) => selectApp(ctx, officer, true);
export const findBegunApp = (ctx: Db, officer: string) => selectApp(ctx, officer, false);

/** Begins an app; one that was begun before stays, so that pressing twice shows the same secret. */
export async function beginApp(
  { db, now }: At,
  app: { id: string; officer: string; name: string; key: Buffer; secret: Buffer },
): Promise<void> {
  await db
    .insertInto('identity.factors')
    .values({ ...app, kind: 'totp', created: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The begun app takes the place of the one before. */
export async function confirmApp({ db, now }: At, officer: string, id: string, step: number): Promise<boolean> {
  await db
    .deleteFrom('identity.factors')
    .where('officer', '=', officer)
    .where('kind', '=', 'totp')
    .where('confirmed', 'is not', null)
    .execute();
  const result = await db
    .updateTable('identity.factors')
    .set({ confirmed: now, used: now, step })
    .where('id', '=', id)
    .where('officer', '=', officer)
    .where('confirmed', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Accepts a time step once: false when it, or a later one, was accepted before. */
export async function acceptStep({ db, now }: At, id: string, step: number): Promise<boolean> {
  const result = await db
    .updateTable('identity.factors')
    .set({ step, used: now })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('step', 'is', null), eb('step', '<', step)]))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export type Passkey = {
  id: string;
  officer: string;
  credential: Buffer;
  publicKey: Buffer;
  counter: number;
  transports: string[];
};

/** False when the passkey is enrolled already, here or elsewhere. */
export async function addPasskey(
  { db, now }: At,
  { publicKey, ...passkey }: Passkey & { name: string },
): Promise<boolean> {
  const result = await db
    .insertInto('identity.factors')
    .values({ ...passkey, public_key: publicKey, kind: 'passkey', created: now, confirmed: now })
    .onConflict((conflict) => conflict.column('credential').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

const PASSKEY = ['id', 'officer', 'credential', 'public_key as publicKey', 'counter', 'transports'] as const;

type PasskeyRow = Pick<Passkey, 'id' | 'officer'> & {
  credential: Buffer | null;
  publicKey: Buffer | null;
  counter: string | null;
  transports: string[] | null;
};
// the table's CHECK says that a passkey has them
const passkey = ({ credential, publicKey, counter, transports, ...row }: PasskeyRow): Passkey => ({
  ...row,
  credential: credential as Buffer,
  publicKey: publicKey as Buffer,
  counter: Number(counter),
  transports: transports ?? [],
});

export async function findPasskey({ db }: Db, credential: Buffer): Promise<Passkey | undefined> {
  const row = await db
    .selectFrom('identity.factors')
    .select(PASSKEY)
    .where('credential', '=', credential)
    .executeTakeFirst();
  return row && passkey(row);
}

export async function passkeysOf({ db }: Db, officer: string): Promise<Passkey[]> {
  const rows = await db
    .selectFrom('identity.factors')
    .select(PASSKEY)
    .where('officer', '=', officer)
    .where('kind', '=', 'passkey')
    .execute();
  return rows.map(passkey);
}

/** Notes how often the passkey has signed; false when the same or a later signing was noted meanwhile. */
export async function acceptCounter({ db, now }: At, id: string, before: number, counter: number): Promise<boolean> {
  const result = await db
    .updateTable('identity.factors')
    .set({ counter, used: now })
    .where('id', '=', id)
    .where('counter', '=', String(before))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Takes away one factor of an officer, or all. Returns the kinds that went. */
export async function removeFactors({ db }: Db, officer: string, id?: string): Promise<{ id: string; kind: string }[]> {
  let query = db.deleteFrom('identity.factors').where('officer', '=', officer);
  query = id ? query.where('id', '=', id).where('confirmed', 'is not', null) : query;
  return query.returning(['id', 'kind']).execute();
}

export async function replaceRecoveryCodes({ db }: Db, officer: string, hashes: Buffer[]): Promise<void> {
  await db.deleteFrom('identity.recovery_codes').where('officer', '=', officer).execute();
  if (hashes.length > 0)
    await db
      .insertInto('identity.recovery_codes')
      .values(hashes.map((hash) => ({ officer, hash })))
      .execute();
}

/** Uses a code up; false when it is none or was used. */
export async function takeRecoveryCode({ db, now }: At, officer: string, hash: Buffer): Promise<boolean> {
  const result = await db
    .updateTable('identity.recovery_codes')
    .set({ used: now })
    .where('officer', '=', officer)
    .where('hash', '=', hash)
    .where('used', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function countRecoveryCodes({ db }: Db, officer: string): Promise<number> {
  const row = await db
    .selectFrom('identity.recovery_codes')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('officer', '=', officer)
    .where('used', 'is', null)
    .executeTakeFirst();
  return row?.n ?? 0;
}

export type Challenge = {
  hash: Buffer;
  purpose: 'enrol' | 'sign-in' | 'second';
  officer: string | null;
  browser: Buffer;
};

export async function addChallenge({ db }: Db, challenge: Challenge & { expires: Date }): Promise<void> {
  await db.insertInto('identity.challenges').values(challenge).execute();
}

/** Takes a challenge away from the browser that asked; true when it was the right one and not too late. */
export async function takeChallenge({ db, now }: At, { hash, purpose, officer, browser }: Challenge): Promise<boolean> {
  const row = await db
    .deleteFrom('identity.challenges')
    .where('hash', '=', hash)
    .where('browser', '=', browser)
    .returning(['purpose', 'officer', 'expires'])
    .executeTakeFirst();
  return row !== undefined && row.purpose === purpose && row.officer === officer && row.expires > now;
}

export async function sweepChallenges({ db, now }: At): Promise<void> {
  await db.deleteFrom('identity.challenges').where('expires', '<', now).execute();
}
