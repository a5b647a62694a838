// Sessions of officers: a random token whose hash alone is stored; opened, known for five seconds, listed and ended.
import { randomBytes } from 'node:crypto';
import type { Actor, Ctx, World } from '#platform/context.ts';
import { sha256 } from '#platform/crypto.ts';
import { recordEvent } from '#platform/event-log.ts';
import { isId, newId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import {
  addSession,
  findSession,
  removeSession,
  removeSessions,
  type Session,
  sessionsOf,
  touchSession,
} from '../store.ts';

export const SESSION_HOURS = 10; // a working day
const TOKEN_DAYS = 365;
const CACHE_MS = 5000;
const SEEN_MS = 15 * 60_000; // "last used" is told to the quarter of an hour

type Cached = { actor: Actor | undefined; until: number };
const caches = new WeakMap<World['pool'], Map<string, Cached>>();

/** A bearer token for another system, scoped to some rights of one officer account (undefined = all of them). */
export const createToken = (ctx: Ctx, officer: string, rights?: string[]): Promise<string> =>
  openSession(ctx, officer, { kind: 'token', hours: TOKEN_DAYS * 24, rights });

export async function openSession(
  ctx: Ctx,
  officer: string,
  how: { kind?: 'token'; hours?: number; rights?: string[] | undefined; device?: string; strong?: boolean },
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await addSession(ctx, {
    id: newId(ctx.now),
    token: sha256(token),
    officer,
    kind: how.kind ?? 'browser',
    rights: how.rights ?? null,
    device: (how.device ?? '').slice(0, 60),
    strong: how.strong ?? false,
    created: ctx.now,
    seen: coarse(ctx.now),
    expires: new Date(ctx.now.getTime() + (how.hours ?? SESSION_HOURS) * 3_600_000),
  });
  return token;
}

const coarse = (at: Date): Date => new Date(Math.floor(at.getTime() / SEEN_MS) * SEEN_MS);

/**
 * The officer behind a token, or undefined. Known tokens are remembered for five seconds, which is how long a revoked
 * session can still act in another process. `weak`: a browser that has shown a password and nothing more; accounts of the
 * demo count as strong until they enrol a factor, since everybody knows their password.
 */
export async function authenticate(world: World, token: string): Promise<Actor | undefined> {
  const cache = cacheOf(world);
  const hash = sha256(token);
  const key = hash.toString('base64');
  const known = cache.get(key);
  if (known && known.until > performance.now()) return known.actor;
  const now = world.clock();
  const session = await findSession({ db: world.db, now }, hash);
  const found = session?.demo && world.config.mode !== 'demo' ? undefined : session;
  const demo = found?.demo && !found.secured;
  const actor: Actor | undefined = found && {
    kind: 'officer',
    id: found.id,
    name: found.name,
    agency: found.agency,
    roles: found.roles,
    area: found.area,
    ...(found.rights && { rights: found.rights }),
    ...(found.kind === 'browser' && !found.strong && !demo && { weak: true }),
  };
  if (found && (found.seen?.getTime() ?? 0) < coarse(now).getTime()) await touchSession(world, hash, coarse(now));
  if (cache.size > 10_000) cache.clear();
  cache.set(key, { actor, until: performance.now() + CACHE_MS });
  return actor;
}

/** What was remembered of an officer's sessions is asked anew: after ending some, or after a change of rights. */
export function forgetOfficer(world: Pick<World, 'pool'>, officer: string): void {
  const cache = cacheOf(world);
  for (const [key, { actor }] of cache) if (actor?.kind === 'officer' && actor.id === officer) cache.delete(key);
}

export async function signOut(world: World, token: string): Promise<void> {
  const hash = sha256(token);
  cacheOf(world).delete(hash.toString('base64'));
  await removeSession(world, hash);
}

/** A new token in place of the old one, proved by a second factor. */
export async function strengthen(ctx: Ctx, token: string | undefined, device: string): Promise<string> {
  const { id } = self(ctx);
  if (token) await signOut(ctx, token);
  return openSession(ctx, id, { device, strong: true });
}

/** The browsers where I am signed in. */
export const mySessions = (ctx: Ctx, token: string | undefined): Promise<Session[]> =>
  sessionsOf(ctx, self(ctx).id, token === undefined ? undefined : sha256(token));

/** Ends one of my sessions, or all but this one. Returns how many ended; again is none. */
export async function endSessions(ctx: Ctx, which: { id: string } | { keep: string | undefined }): Promise<number> {
  const { id } = self(ctx);
  if ('id' in which && !isId(which.id)) return 0;
  const ended = await removeSessions(
    ctx,
    id,
    'id' in which ? which : { keep: which.keep === undefined ? undefined : sha256(which.keep) },
  );
  forgetOfficer(ctx, id);
  return ended;
}

/** Ends all browsers of an officer; the caller permits. Returns how many; none is no event. */
export async function endAllSessions(ctx: Ctx, { id, agency }: { id: string; agency: string }): Promise<number> {
  const ended = await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    const sessions = await removeSessions(tx, id);
    if (sessions > 0) await recordEvent(tx, { type: 'officer.signed-out', subject: id, agency, data: { sessions } });
    return sessions;
  });
  forgetOfficer(ctx, id);
  return ended;
}

/** The officer who acts. Throws signIn for anybody else. */
export function self(ctx: Pick<Ctx, 'actor'>): Extract<Actor, { kind: 'officer' }> {
  if (ctx.actor.kind !== 'officer') throw new Problem(PROBLEMS.signIn);
  return ctx.actor;
}

function cacheOf({ pool }: Pick<World, 'pool'>): Map<string, Cached> {
  let cache = caches.get(pool);
  if (!cache) {
    cache = new Map();
    caches.set(pool, cache);
  }
  return cache;
}
