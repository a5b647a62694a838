// Passwords of officers: scrypt from Node's own crypto, salted, with its cost written beside it so that it can grow.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(scrypt) as (
  password: string,
  salt: Buffer,
  length: number,
  options: object,
) => Promise<Buffer>;
const COST = 15; // 2^15: about 60 ms and 32 MB on a small server

let spent = 0;

/** Rounds of scrypt spent so far in this process: what an answer costs, whoever asks, without asking the clock. */
export const hashWork = (): number => spent;

/** "scrypt$cost$salt$hash", safe to store. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return ['scrypt', COST, salt.toString('base64'), (await slow(password, salt, COST)).toString('base64')].join('$');
}

/** Whether the password is the hashed one; takes as long for a wrong one. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [, cost, salt = '', hash = ''] = stored.split('$');
  const expected = Buffer.from(hash, 'base64');
  const given = await slow(password, Buffer.from(salt, 'base64'), Number(cost));
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** Spends the time of a real check, so that an unknown login answers no faster than a wrong password. */
export const pretendCheck = async (password: string): Promise<false> =>
  (await slow(password, Buffer.alloc(16), COST)) && false;

function slow(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  spent += 2 ** cost;
  return derive(password.normalize('NFKC'), salt, 32, { N: 2 ** cost, r: 8, p: 1, maxmem: 128 * 2 ** cost * 8 * 2 });
}
