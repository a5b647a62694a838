// What officers' account pages share: the frame, cookies of a session and of a step, and the sentence after a deed.
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { cookieOptions, SESSION_COOKIE } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { Problem } from '#platform/problem.ts';
import { randomBytes } from '#platform/random.ts';
import { findVillage, ownVillages } from '#src/areas/actions.ts';
import { officerFrame } from '#src/office.ts';
import { notice } from '#ui/components.ts';
import type { Content, Html } from '#ui/html.ts';
import { page } from '#ui/layout.ts';
import { SESSION_HOURS, signOut } from '../actions.ts';
import { deviceName } from '../residents/device.ts';
import { safeReturn } from '../return.ts';

export type Request = Context<Env>;

type Given = {
  title: string;
  path: string;
  body: Content;
  error?: boolean;
  wide?: boolean;
  back?: { text: string; href: string } | undefined;
  scripts?: string[];
};

/** A page of an officer, signed in or about to be. */
export function officerPage(ctx: Ctx, given: Given): Html {
  const { back, ...rest } = given;
  return page({
    ...officerFrame(ctx),
    ...(ctx.actor.kind !== 'officer' && { nav: [{ text: 'Untuk warga', href: '/' }] }),
    ...rest,
    ...(back && { back }),
  });
}

export const PEOPLE = '/kerja/pengelola/orang';
export const SECURITY = '/akun/keamanan';

export const deviceOf = (c: Request): string => deviceName(c.req.header('user-agent'));
export const sessionOf = (c: Request): string | undefined => getCookie(c, SESSION_COOKIE);

/** Keeps a new session in the browser; the one before it ends here, whoever's it was. */
export async function keepSession(c: Request, token: string): Promise<void> {
  const ctx = c.get('ctx');
  const before = sessionOf(c);
  if (before) await signOut(ctx, before);
  setCookie(c, SESSION_COOKIE, token, { ...cookieOptions(ctx), maxAge: SESSION_HOURS * 3600 });
}

const STEP = 'langkah';
const BROWSER = 'kunci';

/** Between password and code, nothing but this cookie tells that the password was right. */
export const keepStep = (c: Request, value: string, minutes: number): void =>
  setCookie(c, STEP, value, { ...cookieOptions(c.get('ctx')), path: '/masuk', maxAge: minutes * 60 });
export const stepOf = (c: Request): string | undefined => getCookie(c, STEP);
export const forgetStep = (c: Request): void => {
  deleteCookie(c, STEP, { ...cookieOptions(c.get('ctx')), path: '/masuk' });
};

/** Names this browser while it is asked for a passkey, so that an answer counts only where the question was put. */
export function browserOf(c: Request): string {
  const known = getCookie(c, BROWSER);
  if (known && /^[\w-]{22}$/.test(known)) return known;
  const fresh = randomBytes(16).toString('base64url');
  setCookie(c, BROWSER, fresh, { ...cookieOptions(c.get('ctx')), sameSite: 'Strict', maxAge: 3600 });
  return fresh;
}

/** Where to go after signing in: an admin without a desk begins with the people. */
export const homeOf = (back: string, roles: string[]): string =>
  safeReturn(back, roles.length > 0 && roles.every((role) => role === 'admin') ? PEOPLE : '/kerja');

/** Sentences that follow a redirect, by the code in `?selesai=`; any other code says nothing. */
export function done(c: Request, sentences: Record<string, string>): Html | null {
  const code = c.req.query('selesai') ?? '';
  if (!Object.hasOwn(sentences, code)) return null;
  return html`<div role="status">${notice({ tone: 'success', body: html`<p>${sentences[code]}</p>` })}</div>`;
}

/** The faults of a form, by field; anything else is thrown on. */
export function faultsOf(error: unknown): { message: string; of: Record<string, string>; list: Problem['errors'] } {
  if (!(error instanceof Problem) || error.kind.status !== 422) throw error;
  const list = error.errors.length > 0 ? error.errors : [{ path: '', message: error.message }];
  return { message: error.message, of: Object.fromEntries(list.map((one) => [one.path, one.message])), list };
}

export async function areaName(ctx: Ctx, area: string): Promise<string> {
  if (area === '') return 'Seluruh Kabupaten Blora';
  const village = await findVillage(ctx, area);
  if (village) return `${village.name}, Kecamatan ${village.district}`;
  const inside = [...(await ownVillages(ctx)).values()].find((place) => place.code.startsWith(`${area}.`));
  return inside ? `Kecamatan ${inside.district}` : area;
}
