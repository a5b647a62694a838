// Who is acting: officers sign in, sessions are known by a token whose hash alone is stored.
import { randomBytes } from 'node:crypto';
import type { Actor, Ctx, World } from '#platform/context.ts';
import { sha256 } from '#platform/crypto.ts';
import { newId } from '#platform/ids.ts';
import { hashPassword, isPassword, pretendCheck } from './password.ts';
import { addOfficer, addSession, findOfficerByLogin, findSession, type Officer, removeSession } from './store.ts';

export { listDemoOfficers, officerNames } from './store.ts';

export const SESSION_HOURS = 10; // a working day
const TOKEN_DAYS = 365;
const CACHE_MS = 5000;

type Cached = { actor: Actor | undefined; until: number };
const caches = new WeakMap<World['pool'], Map<string, Cached>>();

/** Signs an officer in with login and password. Undefined for both a wrong login and a wrong password, after the same time. */
export async function signIn(
  ctx: Ctx,
  login: string,
  password: string,
): Promise<{ token: string; officer: Officer } | undefined> {
  const officer = await findOfficerByLogin(ctx, login.trim().toLowerCase());
  const right = officer ? await isPassword(password, officer.password) : await pretendCheck(password);
  if (!officer || !right) return undefined;
  return { token: await openSession(ctx, officer.id, 'browser', SESSION_HOURS), officer };
}

/** A bearer token for another system, scoped to some rights of one officer account (undefined = all of them). */
export const createToken = (ctx: Ctx, officer: string, rights?: string[]): Promise<string> =>
  openSession(ctx, officer, 'token', TOKEN_DAYS * 24, rights);

async function openSession(
  ctx: Ctx,
  officer: string,
  kind: 'browser' | 'token',
  hours: number,
  rights?: string[],
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const expires = new Date(ctx.now.getTime() + hours * 3_600_000);
  await addSession(ctx, { token: sha256(token), officer, kind, rights: rights ?? null, created: ctx.now, expires });
  return token;
}

/**
 * The officer behind a token, or undefined. Known tokens are remembered for five seconds, which is how long a revoked
 * session can still act in another process.
 */
export async function authenticate(world: World, token: string): Promise<Actor | undefined> {
  const cache = cacheOf(world);
  const hash = sha256(token);
  const key = hash.toString('base64');
  const known = cache.get(key);
  if (known && known.until > performance.now()) return known.actor;
  const found = await findSession({ db: world.db, now: world.clock() }, hash);
  const actor: Actor | undefined = found && {
    kind: 'officer',
    id: found.id,
    name: found.name,
    agency: found.agency,
    roles: found.roles,
    area: found.area,
    ...(found.rights && { rights: found.rights }),
  };
  if (cache.size > 10_000) cache.clear();
  cache.set(key, { actor, until: performance.now() + CACHE_MS });
  return actor;
}

export async function signOut(world: World, token: string): Promise<void> {
  const hash = sha256(token);
  cacheOf(world).delete(hash.toString('base64'));
  await removeSession(world, hash);
}

/** Adds an officer. False when the login is taken. */
export async function createOfficer(
  ctx: Ctx,
  officer: {
    login: string;
    name: string;
    agency: string;
    roles: string[];
    area?: string;
    password: string;
    demo?: boolean;
  },
): Promise<boolean> {
  return addOfficer(ctx, {
    id: newId(ctx.now),
    login: officer.login,
    name: officer.name,
    agency: officer.agency,
    roles: officer.roles,
    area: officer.area ?? '',
    password: await hashPassword(officer.password),
    demo: officer.demo ?? false,
  });
}

function cacheOf({ pool }: World): Map<string, Cached> {
  let cache = caches.get(pool);
  if (!cache) {
    cache = new Map();
    caches.set(pool, cache);
  }
  return cache;
}
