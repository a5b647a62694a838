// The cookies of a resident's browser: a code asked for, and the session of an account.
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { cookieOptions, RESIDENT_COOKIE } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import type { Asked } from './actions.ts';

type Web = Context<Env>;

const ASKED_COOKIE = 'kode';
/** The session itself ends after thirty days without use, on the server; browsers keep the cookie longer. */
const COOKIE_DAYS = 180;

export const keepAsked = (c: Web, path: string, { id, secret }: Asked): void =>
  setCookie(c, ASKED_COOKIE, `${id}.${secret}`, { ...cookieOptions(c.get('ctx')), path, maxAge: 15 * 60 });

export function askedOf(c: Web): Asked | undefined {
  const [id, secret] = (getCookie(c, ASKED_COOKIE) ?? '').split('.');
  return id && secret ? { id, secret } : undefined;
}

export const forgetAsked = (c: Web, path: string): void =>
  setCookie(c, ASKED_COOKIE, '', { ...cookieOptions(c.get('ctx')), path, maxAge: 0 });

export const keepSession = (c: Web, token: string): void =>
  setCookie(c, RESIDENT_COOKIE, token, { ...cookieOptions(c.get('ctx')), maxAge: COOKIE_DAYS * 86_400 });

export const sessionToken = (c: Web): string | undefined => getCookie(c, RESIDENT_COOKIE);

export const forgetSession = (c: Web): void => {
  deleteCookie(c, RESIDENT_COOKIE, cookieOptions(c.get('ctx')));
};
