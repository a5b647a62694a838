// Sealing of personal data: AES-256-GCM with one data key an application, wrapped by the master key; keyed hashes for search.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import { randomBytes } from './random.ts';

/** The keys derived from the master key. `wrap` wraps data keys, `index` makes blind indexes, `sign` signs cookies. */
export type Keys = { wrap: KeyObject; index: KeyObject; sign: KeyObject };

/** Derives all keys from a master key of 32 bytes; throws when it is shorter. */
export function deriveKeys(master: Buffer): Keys {
  if (master.length < 32) throw new Error('the master key must have at least 32 bytes');
  // key objects: preparing a key from bytes at each use costs three times the sealing itself
  const derive = (purpose: string) =>
    createSecretKey(new Uint8Array(hkdfSync('sha256', master, '', `pendopo/${purpose}`, 32)));
  return { wrap: derive('wrap'), index: derive('index'), sign: derive('sign') };
}

/** A data key in use: `plain` seals, `wrapped` is what is stored. */
export type DataKey = { plain: KeyObject; wrapped: Buffer };

export function newDataKey(keys: Keys): DataKey {
  const plain = randomBytes(32);
  return { plain: createSecretKey(plain), wrapped: encrypt(keys.wrap, plain) };
}

/** Opens a stored data key. Throws when it is not ours or was altered. */
export const openDataKey = (keys: Keys, wrapped: Buffer): KeyObject => createSecretKey(decrypt(keys.wrap, wrapped));

/** Seals text or bytes: 12 bytes nonce, ciphertext, 16 bytes tag. */
export const seal = (key: KeyObject, content: string | Buffer): Buffer =>
  encrypt(key, typeof content === 'string' ? Buffer.from(content) : content);

/** Opens what `seal` made. Throws when one bit was changed or the key is another one. */
export const unseal = (key: KeyObject, sealed: Buffer): Buffer => decrypt(key, sealed);

export const sealJson = (key: KeyObject, value: unknown): Buffer => seal(key, JSON.stringify(value));
export const unsealJson = <T>(key: KeyObject, sealed: Buffer): T => JSON.parse(unseal(key, sealed).toString()) as T;

/** A keyed hash for searching by a value that is stored only sealed; `purpose` keeps NIK and codes apart. */
export const blindIndex = (keys: Keys, purpose: string, value: string): Buffer =>
  createHmac('sha256', keys.index).update(`${purpose}:${value}`).digest();

export const sha256 = (content: string | Buffer): Buffer => hash('sha256', content, 'buffer');

/** Signs a short value for a cookie: "value.signature". */
export const signValue = (keys: Keys, value: string): string =>
  `${value}.${createHmac('sha256', keys.sign).update(value).digest('base64url')}`;

/** The value of a signed cookie, or undefined when the signature is not ours. */
export function verifyValue(keys: Keys, signed: string): string | undefined {
  const dot = signed.lastIndexOf('.');
  if (dot < 0) return undefined;
  const expected = Buffer.from(signValue(keys, signed.slice(0, dot)));
  const given = Buffer.from(signed);
  return expected.length === given.length && timingSafeEqual(expected, given) ? signed.slice(0, dot) : undefined;
}

function encrypt(key: KeyObject, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: KeyObject, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
}
