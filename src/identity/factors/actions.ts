// Second factors: authenticator app, passkeys, recovery codes. Enrolled and taken away by their owner; an admin resets.
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Ctx } from '#platform/context.ts';
import { newDataKey, openDataKey, seal, sha256, unseal } from '#platform/crypto.ts';
import { recordEvent } from '#platform/event-log.ts';
import { grouped, isId, newId, randomCode } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { randomBytes } from '#platform/random.ts';
import { provePassword } from '../passwords/actions.ts';
import { OFFICER_PROBLEMS } from '../problems.ts';
import { forgetOfficer, self } from '../sessions/actions.ts';
import { findOfficer, type Officer, weakenSessions } from '../store.ts';
import { RECOVERY_CODES, RECOVERY_LENGTH, readRecoveryCode, recoveryHash } from './recovery.ts';
import {
  type App,
  acceptCounter,
  acceptStep,
  addChallenge,
  addPasskey,
  beginApp,
  type Challenge,
  confirmApp,
  countRecoveryCodes,
  type Factor,
  factorsOf,
  findApp,
  findBegunApp,
  findPasskey,
  passkeysOf,
  removeFactors,
  replaceRecoveryCodes,
  takeChallenge,
  takeRecoveryCode,
} from './store.ts';
import { SECRET_BYTES, stepOf } from './totp.ts';

const CHALLENGE_MINUTES = 5;
/** EdDSA, ES256, RS256: what phones, keys and computers sign with. */
const ALGORITHMS = [-8, -7, -257];

export type Security = { factors: Factor[]; recoveryLeft: number };

/** The second factors of an account, and how many recovery codes are left. */
export async function securityOf(ctx: Pick<Ctx, 'db'>, officer: string): Promise<Security> {
  const [factors, recoveryLeft] = await Promise.all([factorsOf(ctx, officer), countRecoveryCodes(ctx, officer)]);
  return { factors, recoveryLeft };
}

export const isSecured = async (ctx: Pick<Ctx, 'db'>, officer: string): Promise<boolean> =>
  (await factorsOf(ctx, officer)).length > 0;

/** Whether a typed code is the app's, not used before, or a recovery code, which is then used up. */
export async function checkCode(ctx: Ctx, officer: Officer, typed: string): Promise<boolean> {
  const recovery = readRecoveryCode(typed);
  if (recovery === undefined) {
    const app = await findApp(ctx, officer.id);
    const step = app && stepOf(secretOf(ctx, app), typed, ctx.now);
    return app !== undefined && step !== undefined && acceptStep(ctx, app.id, step);
  }
  return ctx.db.transaction().execute(async (db) => {
    if (!(await takeRecoveryCode({ ...ctx, db }, officer.id, recoveryHash(officer.id, recovery)))) return false;
    const left = await countRecoveryCodes({ db }, officer.id);
    await recordEvent(
      { ...ctx, db },
      { type: 'officer.recovered', subject: officer.id, agency: officer.agency, data: { left } },
    );
    return true;
  });
}

const secretOf = (ctx: Pick<Ctx, 'keys'>, app: App): Buffer => unseal(openDataKey(ctx.keys, app.key), app.secret);

/** I, provided that this session was opened with the factor that my account has. Throws proveAgain otherwise. */
async function proven(ctx: Ctx): Promise<Officer> {
  const actor = self(ctx);
  const officer = await findOfficer(ctx, actor.id);
  if (!officer) throw new Problem(PROBLEMS.signIn);
  if (actor.weak && (await isSecured(ctx, actor.id))) throw new Problem(OFFICER_PROBLEMS.proveAgain);
  return officer;
}

/** Begins an authenticator app: a secret that proves nothing until its first code is typed. Again shows the same one. */
export async function startApp(ctx: Ctx): Promise<void> {
  const officer = await proven(ctx);
  const key = newDataKey(ctx.keys);
  const secret = seal(key.plain, randomBytes(SECRET_BYTES));
  await beginApp(ctx, { id: newId(ctx.now), officer: officer.id, name: 'Aplikasi kode', key: key.wrapped, secret });
}

/** The secret of the app I have begun, and whose it is. */
export async function begunApp(ctx: Ctx): Promise<{ secret: Buffer; login: string } | undefined> {
  const officer = await proven(ctx);
  const app = await findBegunApp(ctx, officer.id);
  return app && { secret: secretOf(ctx, app), login: officer.login };
}

/**
 * Confirms the begun app by its first code; it takes the place of the one before. Returns recovery codes when this is the
 * first factor: they are shown once. Throws wrongCode.
 */
export async function finishApp(ctx: Ctx, typed: string): Promise<string[] | undefined> {
  const officer = await proven(ctx);
  const app = await findBegunApp(ctx, officer.id);
  const step = app && stepOf(secretOf(ctx, app), typed, ctx.now);
  if (!app || step === undefined)
    throw new Problem(OFFICER_PROBLEMS.wrongCode, undefined, [
      { path: 'kode', message: 'Kode ini tidak cocok. Periksa jam ponsel, lalu tulis kode yang sedang tampil.' },
    ]);
  return ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    const first = !(await isSecured(tx, officer.id));
    if (!(await confirmApp(tx, officer.id, app.id, step))) throw new Problem(OFFICER_PROBLEMS.wrongCode);
    await added(tx, officer, { id: app.id, kind: 'totp' });
    return first ? newRecoveryCodes(tx, officer.id) : undefined;
  });
}

async function added(ctx: Ctx, { id, agency }: Officer, factor: { id: string; kind: string }): Promise<void> {
  await recordEvent(ctx, {
    type: 'officer.factor-added',
    subject: id,
    agency,
    data: { factor: factor.id, kind: factor.kind },
  });
}

async function newRecoveryCodes(ctx: Ctx, officer: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => randomCode(RECOVERY_LENGTH));
  await replaceRecoveryCodes(
    ctx,
    officer,
    codes.map((code) => recoveryHash(officer, code)),
  );
  return codes.map((code) => grouped(code));
}

/** Ten new recovery codes in place of the old ones; my password proves that it is me. */
export async function renewRecoveryCodes(ctx: Ctx, password: string): Promise<string[]> {
  const officer = await proven(ctx);
  if (!(await isSecured(ctx, officer.id))) throw new Problem(PROBLEMS.invalid, 'Pasang dulu pengaman kedua.');
  await provePassword(ctx, password);
  return ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    await recordEvent(tx, {
      type: 'officer.recovery-renewed',
      subject: officer.id,
      agency: officer.agency,
      data: {},
    });
    return newRecoveryCodes(tx, officer.id);
  });
}

/** Takes one of my factors away; my password proves that it is me. With the last one the sessions become weak. */
export async function dropFactor(ctx: Ctx, id: string, password: string): Promise<void> {
  const officer = await proven(ctx);
  await provePassword(ctx, password);
  if (isId(id)) await removed(ctx, officer, id);
}

/** Takes all factors and recovery codes of an officer away; the caller permits. Returns how many factors there were. */
export const resetFactors = (ctx: Ctx, officer: { id: string; agency: string }): Promise<number> =>
  removed(ctx, officer);

async function removed(ctx: Ctx, officer: { id: string; agency: string }, id?: string): Promise<number> {
  const gone = await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    const gone = await removeFactors(tx, officer.id, id);
    if (gone.length > 0 && !(await isSecured(tx, officer.id))) {
      await replaceRecoveryCodes(tx, officer.id, []);
      await weakenSessions(tx, officer.id);
    }
    if (gone.length > 0)
      await recordEvent(tx, {
        type: 'officer.factor-removed',
        subject: officer.id,
        agency: officer.agency,
        data: { factors: gone.map((one) => one.id), kinds: gone.map(({ kind }) => kind) },
      });
    return gone.length;
  });
  forgetOfficer(ctx, officer.id);
  return gone;
}

// what a passkey is bound to: the name of the site, and the whole origin
const siteOf = ({ config }: Pick<Ctx, 'config'>) => {
  const { hostname, origin } = new URL(config.publicUrl);
  return { rpID: hostname, origin };
};

/** Options for `navigator.credentials.create`; the challenge is good once, in this browser, for five minutes. */
export async function passkeyOffer(ctx: Ctx, browser: string) {
  const officer = await proven(ctx);
  const known = await passkeysOf(ctx, officer.id);
  const options = await generateRegistrationOptions({
    rpName: 'Pendopo Blora',
    rpID: siteOf(ctx).rpID,
    userName: officer.login,
    userDisplayName: officer.name,
    userID: new Uint8Array(Buffer.from(officer.id.replaceAll('-', ''), 'hex')),
    timeout: CHALLENGE_MINUTES * 60_000,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: known.map(describe),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await pose(ctx, { purpose: 'enrol', officer: officer.id, browser, challenge: options.challenge });
  return options;
}

/** Enrols the passkey that the browser made. Returns recovery codes when this is the first factor. Throws passkey. */
export async function enrolPasskey(
  ctx: Ctx,
  given: { browser: string; name: string; answer: string },
): Promise<string[] | undefined> {
  const officer = await proven(ctx);
  const { rpID, origin } = siteOf(ctx);
  const made = await answered(() =>
    verifyRegistrationResponse({
      response: JSON.parse(given.answer) as RegistrationResponseJSON,
      expectedChallenge: (challenge) =>
        taken(ctx, { purpose: 'enrol', officer: officer.id, browser: given.browser, challenge }),
      expectedOrigin: origin,
      expectedRPID: rpID,
      supportedAlgorithmIDs: ALGORITHMS,
      requireUserVerification: true,
    }),
  );
  if (!made?.verified) throw new Problem(OFFICER_PROBLEMS.passkey);
  const { credential } = made.registrationInfo;
  return ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    const first = !(await isSecured(tx, officer.id));
    const id = newId(ctx.now);
    const fresh = await addPasskey(tx, {
      id,
      officer: officer.id,
      name: given.name.trim().slice(0, 60) || 'Kunci sandi',
      credential: Buffer.from(credential.id, 'base64url'),
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: (credential.transports ?? []).filter((one) => /^[a-z-]{2,20}$/.test(one)).slice(0, 8),
    });
    if (!fresh) throw new Problem(OFFICER_PROBLEMS.passkey, 'Kunci sandi ini sudah terpasang.');
    await added(tx, officer, { id, kind: 'passkey' });
    return first ? newRecoveryCodes(tx, officer.id) : undefined;
  });
}

/** Options for `navigator.credentials.get`: any passkey of ours, or (second step) one of this officer's. */
export async function passkeyQuestion(ctx: Ctx, browser: string, officer?: string) {
  const known = officer === undefined ? [] : await passkeysOf(ctx, officer);
  const options = await generateAuthenticationOptions({
    rpID: siteOf(ctx).rpID,
    timeout: CHALLENGE_MINUTES * 60_000,
    userVerification: 'required',
    allowCredentials: known.map(describe),
  });
  await pose(ctx, {
    purpose: officer === undefined ? 'sign-in' : 'second',
    officer: officer ?? null,
    browser,
    challenge: options.challenge,
  });
  return options;
}

/**
 * The officer whose passkey answered: device and fingerprint, face or PIN, hence both factors at once. Undefined for a
 * used, old or foreign challenge, a wrong signature, a counter that went back, another officer's passkey. Nothing can be
 * guessed here, so a pause of the account does not stop it: who owns the passkey is never locked out by others' guesses.
 */
export async function checkPasskey(
  ctx: Ctx,
  given: { browser: string; answer: string },
  officer?: string,
): Promise<Officer | undefined> {
  const { rpID, origin } = siteOf(ctx);
  const response = await answered(async () => JSON.parse(given.answer) as AuthenticationResponseJSON);
  const passkey =
    typeof response?.id === 'string' ? await findPasskey(ctx, Buffer.from(response.id, 'base64url')) : undefined;
  if (!response || !passkey || (officer !== undefined && passkey.officer !== officer)) return undefined;
  const purpose = officer === undefined ? 'sign-in' : 'second';
  const checked = await answered(() =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) =>
        taken(ctx, { purpose, officer: officer ?? null, browser: given.browser, challenge }),
      expectedOrigin: origin,
      expectedRPID: rpID,
      credential: {
        id: response.id,
        publicKey: new Uint8Array(passkey.publicKey),
        counter: passkey.counter,
        transports: passkey.transports,
      },
      requireUserVerification: true,
    }),
  );
  if (!checked?.verified) return undefined;
  if (!(await acceptCounter(ctx, passkey.id, passkey.counter, checked.authenticationInfo.newCounter))) return undefined;
  return findOfficer(ctx, passkey.officer);
}

const describe = ({ credential, transports }: { credential: Buffer; transports: string[] }) => ({
  id: credential.toString('base64url'),
  transports,
});

/** What the library finds wrong with bytes from outside is an answer that does not count, never a fault of ours. */
async function answered<T>(check: () => Promise<T>): Promise<T | undefined> {
  try {
    return await check();
  } catch {
    return undefined;
  }
}

type Asked = Pick<Challenge, 'purpose' | 'officer'> & { browser: string; challenge: string };

const asRow = ({ purpose, officer, browser, challenge }: Asked): Challenge => ({
  purpose,
  officer,
  hash: sha256(challenge),
  browser: sha256(browser),
});

const pose = (ctx: Ctx, asked: Asked): Promise<void> =>
  addChallenge(ctx, { ...asRow(asked), expires: new Date(ctx.now.getTime() + CHALLENGE_MINUTES * 60_000) });

const taken = (ctx: Ctx, asked: Asked): Promise<boolean> => takeChallenge(ctx, asRow(asked));
