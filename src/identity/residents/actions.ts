// Accounts of residents: signed in by a one-time code or an identity provider, known by a token, closed at will.
import { randomBytes, randomInt } from 'node:crypto';
import type { Ctx, Resident, World } from '#platform/context.ts';
import { blindIndex, newDataKey, openDataKey, seal, sha256, unseal } from '#platform/crypto.ts';
import { recordEvent } from '#platform/event-log.ts';
import type { Pass } from '#platform/http.ts';
import { isId, newId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { sendMessage } from '#src/messages/actions.ts';
import { returnMandates } from '../mandates/actions.ts';
import { CODE_MINUTES, LIMITS, RESEND_SECONDS } from './code.ts';
import { type Contact, readContact } from './contact.ts';
import { kinds } from './problems.ts';
import {
  addCode,
  addContact,
  addResident,
  addSession,
  type CodeRow,
  contactsOf,
  countAsked,
  type Device,
  endCodes,
  eraseResident,
  findCode,
  findResident,
  findSession,
  issuersOf,
  lockContact,
  lockResident,
  openPasses,
  removeContact,
  removeSession,
  removeSessions,
  residentByContact,
  sessionsOf,
  sweep,
  touchSession,
  tryCode,
} from './store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
export const IDLE_DAYS = 30;
const MOST_CONTACTS = 5;

/** What the asking browser keeps: the code's row and a secret without which the right code opens nothing. */
export type Asked = { id: string; secret: string };

export type Ask = {
  typed: string;
  address: string;
  purpose: 'sign-in' | 'contact';
  /** What this browser asked before; that code is worthless now. */
  before?: Asked | undefined;
};

/**
 * Sends a code to a contact, with the same work and answer whether or not an account knows it. Throws Problem invalid or
 * tooManyCodes.
 */
export async function askCode(ctx: Ctx, ask: Ask): Promise<Asked> {
  const contact = readContact(ask.typed);
  if (!contact)
    throw new Problem(PROBLEMS.invalid, undefined, [
      { path: 'kontak', message: 'Tulis nomor HP yang lengkap, misalnya 0812 3456 7890, atau alamat email.' },
    ]);
  return send(ctx, contact, ask);
}

async function send(ctx: Ctx, contact: Contact, ask: Omit<Ask, 'typed'>): Promise<Asked> {
  const hash = contactHash(ctx, contact);
  const address = blindIndex(ctx.keys, 'address', ask.address);
  return inTransaction(ctx, async (tx) => {
    await lockContact(tx, hash);
    const asked = await countAsked(tx, { contact: hash, address, hour: ago(tx, HOUR), day: ago(tx, DAY) });
    if (
      asked.contactHour >= LIMITS.contactHour ||
      asked.contactDay >= LIMITS.contactDay ||
      asked.addressHour >= LIMITS.addressHour
    )
      throw new Problem(kinds.tooManyCodes);
    if (ask.before) await endCodes(tx, sha256(ask.before.secret));
    const id = newId(tx.now);
    const secret = randomBytes(32).toString('base64url');
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const key = newDataKey(tx.keys);
    await addCode(tx, {
      id,
      browser: sha256(secret),
      address,
      purpose: ask.purpose,
      resident: ask.purpose === 'contact' ? accountOf(tx) : null,
      kind: contact.kind,
      contact: seal(key.plain, contact.value),
      key: key.wrapped,
      contact_hash: hash,
      code: codeHash(tx, id, code),
      asked: tx.now,
      expires: new Date(tx.now.getTime() + CODE_MINUTES * MINUTE),
    });
    await sendMessage(tx, {
      id,
      template: 'kode-masuk',
      to: { [contact.kind]: contact.value },
      values: { kode: code, menit: String(CODE_MINUTES) },
      urgent: true,
    });
    return { id, secret };
  });
}

/** Where this browser's code went, as long as it may be typed. */
export async function findAsked(
  ctx: Ctx,
  asked: Asked,
): Promise<{ contact: Contact; purpose: CodeRow['purpose']; asked: Date } | undefined> {
  const row = isId(asked.id) ? await findCode(ctx, asked.id, sha256(asked.secret)) : undefined;
  return row && { contact: contactOf(ctx, row), purpose: row.purpose, asked: row.asked };
}

/** Sends another code to the same contact; the one before opens nothing any more. Throws Problem codeGone, tooSoon, tooManyCodes. */
export async function resendCode(ctx: Ctx, before: Asked, address: string): Promise<Asked> {
  const known = await findAsked(ctx, before);
  if (!known) throw new Problem(kinds.codeGone);
  if (ctx.now.getTime() - known.asked.getTime() < RESEND_SECONDS * 1000) throw new Problem(kinds.tooSoon);
  return send(ctx, known.contact, { purpose: known.purpose, address, before });
}

export type Tried<T> = { right: true; done: T } | { right: false; left: number };

/** Signs in with the typed code. An account is made only here, for a right code. Throws Problem codeGone. */
export const signInByCode = (
  ctx: Ctx,
  asked: Asked,
  typed: string,
  device: string,
): Promise<Tried<{ token: string }>> =>
  tried(ctx, asked, 'sign-in', typed, async (tx, row) => {
    await lockContact(tx, row.contact_hash);
    const account = (await residentByContact(tx, row.contact_hash)) ?? (await open(tx, contactOf(tx, row)));
    return { token: await openSession(tx, account, 'code', device) };
  });

/** Adds a contact to the account signed in. Throws Problem codeGone, contactTaken, contactsFull. */
export async function confirmContact(
  ctx: Ctx,
  asked: Asked,
  typed: string,
): Promise<Tried<'added' | 'taken' | 'full'>> {
  const account = accountOf(ctx);
  return tried(ctx, asked, 'contact', typed, async (tx, row) => {
    const resident = await lockResident(tx, account);
    if (row.resident !== account || !resident?.key) throw new Problem(kinds.codeGone);
    const owner = await residentByContact(tx, row.contact_hash);
    if (owner) return owner === account ? 'added' : 'taken';
    if ((await contactsOf(tx, account)).length >= MOST_CONTACTS) return 'full';
    await keepContact(tx, account, openDataKey(tx.keys, resident.key), contactOf(tx, row));
    await note(tx, 'account.contact-added', account, { kind: row.kind });
    return 'added';
  });
}

/** One try; a wrong one is counted whatever happens after. */
async function tried<T>(
  ctx: Ctx,
  asked: Asked,
  purpose: CodeRow['purpose'],
  typed: string,
  work: (tx: Ctx, row: CodeRow) => Promise<T>,
): Promise<Tried<T>> {
  return inTransaction(ctx, async (tx) => {
    const known = isId(asked.id) ? await findCode(tx, asked.id, sha256(asked.secret)) : undefined;
    if (known?.purpose !== purpose) throw new Problem(kinds.codeGone);
    const code = typed.replaceAll(/[\s.-]/g, '');
    const result = await tryCode(tx, asked.id, sha256(asked.secret), codeHash(tx, asked.id, code));
    if (!result) throw new Problem(kinds.codeGone);
    return result.right ? { right: true, done: await work(tx, result.row) } : { right: false, left: result.left };
  });
}

async function open(ctx: Ctx, contact?: Contact): Promise<string> {
  const account = newId(ctx.now);
  const key = newDataKey(ctx.keys);
  await addResident(ctx, account, key.wrapped);
  if (contact) await keepContact(ctx, account, key.plain, contact);
  await note(ctx, 'account.opened', account, {});
  return account;
}

/** A new account without any contact, for who comes from an identity provider. */
export const openAccount = (ctx: Ctx): Promise<string> => open(ctx);

async function keepContact(
  ctx: Ctx,
  resident: string,
  key: ReturnType<typeof openDataKey>,
  contact: Contact,
): Promise<void> {
  await addContact(ctx, {
    id: newId(ctx.now),
    resident,
    kind: contact.kind,
    value: seal(key, contact.value),
    hash: contactHash(ctx, contact),
  });
}

/** Begins a session of an account; the token goes into the cookie and is stored only as a hash. */
export async function openSession(ctx: Ctx, account: string, via: 'code' | 'oidc', device: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await addSession(ctx, { id: newId(ctx.now), token: sha256(token), resident: account, device, via });
  await note(ctx, 'account.signed-in', account, { via });
  return token;
}

/** The resident behind a token and codes shown, with all that they open now. Nothing is remembered: what ended has ended. */
export async function recognise(world: World, token: string | undefined, passes: Pass[]): Promise<Resident> {
  const at = { db: world.db, now: world.clock() };
  const hash = token ? sha256(token) : undefined;
  const [session, shown] = await Promise.all([
    hash && findSession(at, hash, ago(at, IDLE_DAYS * DAY)),
    passes.length > 0
      ? openPasses(
          at,
          passes.map(({ application, via = application }) => ({ application, via })),
        )
      : [],
  ]);
  if (hash && session && at.now.getTime() - session.seen.getTime() > HOUR) await touchSession(at, hash);
  const held = [...(session ? session.holds : []), ...shown];
  // whoever owns a case in one way is its owner, whatever mandate there is beside
  const owned = new Set(held.filter(({ mandate }) => !mandate).map(({ application }) => application));
  const agent = held.filter(({ application, mandate }) => mandate && !owned.has(application));
  return {
    kind: 'resident',
    holds: [...new Set(held.map(({ application }) => application))],
    ...(session && { account: session.resident }),
    ...(agent.length > 0 && {
      asAgent: Object.fromEntries(agent.map(({ application, mandate }) => [application, mandate as string])),
    }),
  };
}

/** Ends the session of a token. */
export async function signOut(ctx: Ctx, token: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const account = await removeSession(tx, sha256(token));
    if (account) await note(tx, 'account.signed-out', account, { devices: 1 });
  });
}

/** The devices where the account is signed in; `token` marks this one. */
export const listDevices = (ctx: Ctx, token: string | undefined): Promise<Device[]> =>
  sessionsOf(ctx, accountOf(ctx), ago(ctx, IDLE_DAYS * DAY), token ? sha256(token) : undefined);

/** Ends one device of the own account, or all of them except the one of `keep`. Returns how many. */
export async function endDevices(ctx: Ctx, which: { id: string } | { keep?: string | undefined }): Promise<number> {
  const account = accountOf(ctx);
  if ('id' in which && !isId(which.id)) return 0;
  return inTransaction(ctx, async (tx) => {
    const keep = 'keep' in which && which.keep ? { keep: sha256(which.keep) } : {};
    const devices = await removeSessions(tx, account, 'id' in which ? { id: which.id } : keep);
    if (devices > 0) await note(tx, 'account.signed-out', account, { devices });
    return devices;
  });
}

export type Account = {
  id: string;
  created: Date;
  contacts: (Contact & { id: string; confirmed: Date })[];
  issuers: string[];
};

/** The account signed in. Throws Problem signIn. */
export async function getAccount(ctx: Ctx): Promise<Account> {
  const id = accountOf(ctx);
  const resident = await findResident(ctx, id);
  if (!resident?.key) throw new Problem(PROBLEMS.signIn);
  const key = openDataKey(ctx.keys, resident.key);
  const [contacts, issuers] = await Promise.all([contactsOf(ctx, id), issuersOf(ctx, id)]);
  return {
    id,
    created: resident.created,
    issuers,
    contacts: contacts.map(({ value, ...rest }) => ({ ...rest, value: unseal(key, value).toString() })),
  };
}

/** The first phone and the first e-mail address of an account, for messages; empty for a closed one. */
export async function addressesOf(ctx: Ctx, account: string): Promise<{ phone?: string; email?: string }> {
  const resident = await findResident(ctx, account);
  if (!resident?.key) return {};
  const key = openDataKey(ctx.keys, resident.key);
  const addresses: { phone?: string; email?: string } = {};
  for (const { kind, value } of await contactsOf(ctx, account)) addresses[kind] ??= unseal(key, value).toString();
  return addresses;
}

/** Takes a contact away. The last one only when an identity provider still lets the person in, and only when `sure`. */
export async function dropContact(ctx: Ctx, id: string, sure: boolean): Promise<'dropped' | 'ask'> {
  const account = accountOf(ctx);
  return inTransaction(ctx, async (tx) => {
    await lockResident(tx, account);
    const contacts = await contactsOf(tx, account);
    const contact = contacts.find((one) => one.id === id);
    if (!contact) return 'dropped';
    if (contacts.length === 1) {
      if ((await issuersOf(tx, account)).length === 0) throw new Problem(kinds.lastContact);
      if (!sure) return 'ask';
    }
    await removeContact(tx, account, id);
    await note(tx, 'account.contact-removed', account, { kind: contact.kind });
    return 'dropped';
  });
}

/** Closes the account: what it held is released, its contacts and devices are forgotten. Applications stay with number and code. */
export async function closeAccount(ctx: Ctx): Promise<void> {
  const account = accountOf(ctx);
  await inTransaction(ctx, async (tx) => {
    if (!(await lockResident(tx, account))) return;
    await returnMandates(tx, account);
    await eraseResident(tx, account);
    await note(tx, 'account.closed', account, {});
  });
}

/** Forgets codes of yesterday, requests that were never answered, and sessions that nobody used. */
export const sweepResidents = (ctx: Ctx): Promise<void> => sweep(ctx, ago(ctx, DAY + HOUR), ago(ctx, IDLE_DAYS * DAY));

/** The account of the actor. Throws Problem signIn. */
export function accountOf({ actor }: Pick<Ctx, 'actor'>): string {
  if (actor.kind !== 'resident' || !actor.account) throw new Problem(PROBLEMS.signIn);
  return actor.account;
}

const note = (ctx: Ctx, type: `account.${string}`, account: string, data: Record<string, unknown>): Promise<void> =>
  recordEvent({ ...ctx, actor: { kind: 'resident', holds: [], account } }, { type, subject: account, data });

const contactHash = (ctx: Pick<Ctx, 'keys'>, { kind, value }: Contact): Buffer =>
  blindIndex(ctx.keys, `contact-${kind}`, value);
const codeHash = (ctx: Pick<Ctx, 'keys'>, id: string, code: string): Buffer =>
  blindIndex(ctx.keys, 'sign-in-code', `${id}:${code}`);
const contactOf = (ctx: Pick<Ctx, 'keys'>, row: Pick<CodeRow, 'kind' | 'contact' | 'key'>): Contact => ({
  kind: row.kind,
  value: unseal(openDataKey(ctx.keys, row.key), row.contact).toString(),
});
const ago = ({ now }: Pick<Ctx, 'now'>, ms: number): Date => new Date(now.getTime() - ms);

const inTransaction = <T>(ctx: Ctx, work: (tx: Ctx) => Promise<T>): Promise<T> =>
  ctx.db.isTransaction ? work(ctx) : ctx.db.transaction().execute((db) => work({ ...ctx, db }));
