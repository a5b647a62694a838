// Who is acting: officers sign in by password and second factor.
import type { Actor, Ctx } from '#platform/context.ts';
import { sha256, signValue, verifyValue } from '#platform/crypto.ts';
import { isId, newId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { checkCode, isSecured } from './factors/actions.ts';
import { hashPassword, isPassword, pretendCheck } from './password.ts';
import { tried } from './passwords/actions.ts';
import { openSession } from './sessions/actions.ts';
import { addOfficer, findOfficer, findOfficerByLogin, forgetTries, type Officer } from './store.ts';

export { authenticate, createToken, SESSION_HOURS, signOut } from './sessions/actions.ts';
export { listDemoOfficers, officerNames } from './store.ts';

/** How long one may take between password and code. */
export const SECOND_STEP_MINUTES = 10;

/** A session, or (`second`) what proves for ten minutes that the password was right. */
export type SignedIn =
  | { officer: Officer; token: string; second?: undefined }
  | { officer: Officer; token?: undefined; second: string };

/**
 * Signs an officer in with login and password; with a second factor enrolled this is only the first step. Undefined for a
 * wrong login, a wrong password and a paused account alike, after the same work.
 */
export async function signIn(ctx: Ctx, login: string, password: string, device = ''): Promise<SignedIn | undefined> {
  const officer = await findOfficerByLogin(ctx, login.trim().toLowerCase());
  // a database that once was a demo: everybody knows that password
  if (!officer || (officer.demo && ctx.config.mode !== 'demo')) return (await pretendCheck(password)) || undefined;
  const right = await tried(ctx, officer, () => isPassword(password, officer.password), { giveBack: true });
  if (!right) return undefined;
  if (await isSecured(ctx, officer.id)) return { officer, second: sealSecond(ctx, officer) };
  await forgetTries(ctx, officer.id);
  return { officer, token: await openSession(ctx, officer.id, { device }) };
}

/**
 * The second step: a code of the app, or a recovery code. Throws signIn when the first step is too old or not ours;
 * undefined for a wrong code, a used one and a paused account alike.
 */
export async function signInSecond(
  ctx: Ctx,
  second: string | undefined,
  code: string,
  device = '',
): Promise<{ officer: Officer; token: string } | undefined> {
  const officer = await openSecond(ctx, second);
  if (!officer) throw new Problem(PROBLEMS.signIn);
  if (!(await tried(ctx, officer, () => checkCode(ctx, officer, code)))) return undefined;
  return { officer, token: await enter(ctx, officer.id, device) };
}

/** Opens the session of an officer whose passkey or code has just been checked. */
export async function enter(ctx: Ctx, officer: string, device: string): Promise<string> {
  await forgetTries(ctx, officer);
  return openSession(ctx, officer, { device, strong: true });
}

// the password's own hash is part of it: a new password ends a step begun with the old one
const stampOf = (officer: Officer): string => sha256(officer.password).toString('base64url').slice(0, 16);

function sealSecond(ctx: Ctx, officer: Officer): string {
  const until = ctx.now.getTime() + SECOND_STEP_MINUTES * 60_000;
  return signValue(ctx.keys, `second ${officer.id} ${until} ${stampOf(officer)}`);
}

/** Whose password was right a moment ago in this browser. */
export async function openSecond(ctx: Ctx, second: string | undefined): Promise<Officer | undefined> {
  const [purpose, id = '', until, stamp] = (second && verifyValue(ctx.keys, second))?.split(' ') ?? [];
  if (purpose !== 'second' || !isId(id) || !(Number(until) > ctx.now.getTime())) return undefined;
  const officer = await findOfficer(ctx, id);
  return officer && stampOf(officer) === stamp ? officer : undefined;
}

/** The officer with this login, as an actor who has signed in with both factors; undefined when there is none, or disabled. */
export async function officerByLogin(ctx: Pick<Ctx, 'db'>, login: string): Promise<Actor | undefined> {
  const found = await findOfficerByLogin(ctx, login.trim().toLowerCase());
  if (!found) return undefined;
  const { id, name, agency, roles, area } = found;
  return { kind: 'officer', id, name, agency, roles, area };
}

/** Adds an officer. False when the login is taken. */
export async function createOfficer(
  ctx: Ctx,
  officer: {
    id?: string;
    login: string;
    name: string;
    agency: string;
    roles: string[];
    area?: string;
    demo?: boolean;
  } & ({ password: string } | { hashed: string }),
): Promise<boolean> {
  return addOfficer(ctx, {
    id: officer.id ?? newId(ctx.now),
    login: officer.login,
    name: officer.name,
    agency: officer.agency,
    roles: officer.roles,
    area: officer.area ?? '',
    password: 'hashed' in officer ? officer.hashed : await hashPassword(officer.password),
    demo: officer.demo ?? false,
  });
}
