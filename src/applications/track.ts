// The follow-up code on a receipt: derived from the application's id by the keyed hash, so that it is stored nowhere.
import { timingSafeEqual } from 'node:crypto';
import { blindIndex, type Keys } from '#platform/crypto.ts';
import { grouped, normaliseCode } from '#platform/ids.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Eight characters to read aloud, "7KDM-4QXA": 40 bits, behind a rate limit. */
export function trackCode(keys: Keys, applicationId: string): string {
  const hash = blindIndex(keys, 'track', applicationId);
  let code = '';
  for (let i = 0; i < 8; i++) code += ALPHABET[(hash[i] as number) & 31];
  return grouped(code);
}

/** Whether what somebody typed is the application's code. */
export function isTrackCode(keys: Keys, applicationId: string, typed: string): boolean {
  const expected = Buffer.from(normaliseCode(trackCode(keys, applicationId)));
  const given = Buffer.from(normaliseCode(typed));
  return given.length === expected.length && timingSafeEqual(given, expected);
}
