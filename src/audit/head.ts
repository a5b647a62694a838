// A signed tree head: how many events there are and the one hash that stands for all of them. Written as a C2SP checkpoint
// (tlog-checkpoint, signed-note), so that tools of others check it too. Pure.
import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';

/** `at`: when it was signed, ISO 8601. */
export type Head = { size: number; root: Buffer; at: string };
/** `public`: the 32 bytes of the Ed25519 key. */
export type HeadKey = { id: string; origin: string; public: Buffer };
export type SignedHead = Head & { keyId: string; signature: Buffer };

// DER says "an Ed25519 key follows"; the key itself is the last 32 bytes
const PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC = Buffer.from('302a300506032b6570032100', 'hex');

/** The Ed25519 key that a data key of 32 bytes stands for. */
export const privateKeyOf = (dataKey: KeyObject): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PRIVATE, dataKey.export()]), format: 'der', type: 'pkcs8' });
export const publicBytesOf = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);

/** The key's short name in a signed note: bound to the log's name and the key. */
export const keyIdOf = (origin: string, publicBytes: Buffer): string =>
  hash('sha256', Buffer.concat([Buffer.from(`${origin}\n`), Buffer.from([1]), publicBytes]), 'hex').slice(0, 8);

/** What is signed: name of the log, size, root, time; each line ends. */
export const headText = (origin: string, head: Head): string =>
  `${origin}\n${head.size}\n${head.root.toString('base64')}\n${head.at}\n`;

export const signHead = (key: KeyObject, origin: string, head: Head): Buffer =>
  sign(null, Buffer.from(headText(origin, head)), key);

export function isSigned(key: Pick<HeadKey, 'origin' | 'public'>, head: Head, signature: Buffer): boolean {
  const publicKey = createPublicKey({ key: Buffer.concat([PUBLIC, key.public]), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(headText(key.origin, head)), publicKey, signature);
}

/** The head as others keep it: text, empty line, signature. */
export const writeCheckpoint = (key: HeadKey, head: SignedHead): string =>
  `${headText(key.origin, head)}\n— ${key.origin} ${Buffer.concat([Buffer.from(key.id, 'hex'), head.signature]).toString('base64')}\n`;

/** Reads what `writeCheckpoint` wrote; undefined when it is none. The signature is not judged here. */
export function readCheckpoint(text: string): (SignedHead & { origin: string }) | undefined {
  const [, origin = '', size = '', root = '', at = '', signer = '', signed = ''] =
    /^([^\n]+)\n(\d{1,15})\n([A-Za-z0-9+/=]{44})\n([0-9TZ:.-]+)\n\n— ([^\s]+) ([A-Za-z0-9+/=]+)\n?$/.exec(text) ?? [];
  const bytes = Buffer.from(signed, 'base64');
  if (!origin || signer !== origin || bytes.length !== 68) return undefined;
  return {
    origin,
    at,
    size: Number(size),
    root: Buffer.from(root, 'base64'),
    keyId: bytes.subarray(0, 4).toString('hex'),
    signature: bytes.subarray(4),
  };
}

/** The public key as tools read it: "origin+id+base64". */
export const writeKey = (key: HeadKey): string =>
  `${key.origin}+${key.id}+${Buffer.concat([Buffer.from([1]), key.public]).toString('base64')}`;

/** Reads a key from `writeKey`; undefined when it is none or its id does not belong to it. */
export function readKey(text: string): HeadKey | undefined {
  const [, origin = '', id = '', content = ''] = /^(\S+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  const bytes = Buffer.from(content, 'base64');
  if (bytes.length !== 33 || bytes[0] !== 1) return undefined;
  const key = { id, origin, public: bytes.subarray(1) };
  return keyIdOf(origin, key.public) === id ? key : undefined;
}
