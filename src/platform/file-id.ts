// The name of an uploaded file for machines: it carries its owner under our signature, so that holding it is the right to
// use the file, and knowing or guessing a UUID is not.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Keys } from './crypto.ts';
import { isId } from './ids.ts';

const MAC = 16; // 128 bits

/** 64 characters of base64url. */
export function writeFileId(keys: Pick<Keys, 'sign'>, file: { id: string; owner: string }): string {
  const body = Buffer.concat([bytesOf(file.id), bytesOf(file.owner)]);
  return Buffer.concat([body, macOf(keys, body)]).toString('base64url');
}

/** The file and its owner; undefined when the signature is not ours. */
export function readFileId(keys: Pick<Keys, 'sign'>, text: string): { id: string; owner: string } | undefined {
  if (!/^[\w-]{64}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  const body = bytes.subarray(0, 32);
  if (!timingSafeEqual(bytes.subarray(32), macOf(keys, body))) return undefined;
  return { id: uuidOf(body.subarray(0, 16)), owner: uuidOf(body.subarray(16)) };
}

// the purpose keeps these signatures apart from those of cookies
const macOf = (keys: Pick<Keys, 'sign'>, body: Buffer): Buffer =>
  createHmac('sha256', keys.sign).update('file-id:').update(body).digest().subarray(0, MAC);

function bytesOf(id: string): Buffer {
  if (!isId(id)) throw new Error('a file id is made of UUIDs');
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
