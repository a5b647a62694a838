// Codes for the day the phone is lost: ten, each good once; sixteen characters so that the stored hash cannot be guessed back.
import { sha256 } from '#platform/crypto.ts';
import { normaliseCode } from '#platform/ids.ts';

export const RECOVERY_CODES = 10;
export const RECOVERY_LENGTH = 16; // of 5 bits: 80 random bits

/** What is stored of a code; bound to its officer, so that the same hash under another account opens nothing. */
export const recoveryHash = (officer: string, code: string): Buffer => sha256(`pemulihan:${officer}:${code}`);

/** A recovery code as typed, with or without dashes; undefined when it is none. */
export function readRecoveryCode(typed: string): string | undefined {
  const code = normaliseCode(typed.slice(0, 60));
  return code.length === RECOVERY_LENGTH ? code : undefined;
}
