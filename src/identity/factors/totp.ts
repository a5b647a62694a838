// One-time codes of an authenticator app (RFC 6238): six digits, half a minute, one step early or late. Pure.
import { Secret, TOTP } from 'otpauth';

export const SECRET_BYTES = 20; // 160 bits, as RFC 4226 recommends
const PERIOD = 30;
const ISSUER = 'Pendopo Blora';

const appOf = (secret: Uint8Array, label = ''): TOTP =>
  new TOTP({ issuer: ISSUER, label, secret: new Secret({ buffer: new Uint8Array(secret).buffer }), period: PERIOD });

/** What the QR code says; the app shows the login under the name of this system. */
export const appUri = (secret: Uint8Array, login: string): string => appOf(secret, login).toString();

/** The secret to type where no camera is at hand, in groups of four. */
export const secretText = (secret: Uint8Array): string =>
  (appOf(secret).secret.base32.match(/.{1,4}/g) ?? []).join(' ');

/**
 * The time step that a typed code belongs to, one early or late at most; undefined for a wrong code. The caller accepts a
 * step only once.
 */
export function stepOf(secret: Uint8Array, typed: string, now: Date): number | undefined {
  const code = typed.replaceAll(/\D/g, '');
  if (code.length !== 6) return undefined;
  const totp = appOf(secret);
  const timestamp = now.getTime();
  const delta = totp.validate({ token: code, timestamp, window: 1 });
  return delta === null ? undefined : totp.counter({ timestamp }) + delta;
}
