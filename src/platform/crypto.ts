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

/** What one master key does: wraps data keys. `id` names it on what it wrapped, and tells nothing of it. */
export type WrapKey = { id: Buffer; wrap: KeyObject };

/** `ring` wraps data keys: the first makes new ones, all open; `index` makes blind indexes, `sign` signs cookies. */
export type Keys = { ring: WrapKey[]; index: KeyObject; sign: KeyObject };

const ID_BYTES = 4;

/** Derives all keys from master keys of 32 bytes, the current one first; throws when one is shorter. */
export function deriveKeys(...masters: [Buffer, ...Buffer[]]): Keys {
  return { ring: masters.map(wrapKey), index: derive(masters[0], 'index'), sign: derive(masters[0], 'sign') };
}

export const wrapKey = (master: Buffer): WrapKey => ({
  id: derive(master, 'id').export().subarray(0, ID_BYTES),
  wrap: derive(master, 'wrap'),
});

// key objects: preparing a key from bytes at each use costs three times the sealing itself
function derive(master: Buffer, purpose: string): KeyObject {
  if (master.length < 32) throw new Error('the master key must have at least 32 bytes');
  return createSecretKey(new Uint8Array(hkdfSync('sha256', master, '', `pendopo/${purpose}`, 32)));
}

/** A data key in use: `plain` seals, `wrapped` is what is stored. */
export type DataKey = { plain: KeyObject; wrapped: Buffer };

export function newDataKey(keys: Keys): DataKey {
  const plain = randomBytes(32);
  return { plain: createSecretKey(plain), wrapped: wrap(keys, plain) };
}

/** Opens a stored data key. Throws when no key of the ring fits or it was altered. */
export const openDataKey = (keys: Keys, wrapped: Buffer): KeyObject => createSecretKey(unwrap(keys, wrapped));

/** The same data key under the current master key; undefined when it is already. Throws when no key of the ring fits. */
export const rewrap = (keys: Keys, wrapped: Buffer): Buffer | undefined =>
  wrappedBy(wrapped)?.equals((keys.ring[0] as WrapKey).id) ? undefined : wrap(keys, unwrap(keys, wrapped));

/** The id of the master key that wrapped it; undefined for the oldest ones, which bear none. */
export const wrappedBy = (wrapped: Buffer): Buffer | undefined =>
  wrapped.length === BARE ? undefined : wrapped.subarray(1, 1 + ID_BYTES);

/** Nonce, 32 bytes of key, tag: what was stored before there was a ring, by the first master key of the installation. */
const BARE = 12 + 32 + 16;
const VERSION = 1;

/** Wraps 32 bytes of key under the current master key: version, key id, nonce, ciphertext, tag. */
export function wrap({ ring }: Pick<Keys, 'ring'>, plain: Buffer): Buffer {
  const current = ring[0] as WrapKey;
  return Buffer.concat([Buffer.from([VERSION]), current.id, encrypt(current.wrap, plain)]);
}

/** Throws WrongMasterKey when no key of the ring fits; another error when the bytes were altered. */
export function unwrap({ ring }: Pick<Keys, 'ring'>, wrapped: Buffer): Buffer {
  const id = wrappedBy(wrapped);
  if (id) {
    const known = ring.find((one) => one.id.equals(id));
    if (!known) throw new WrongMasterKey(id.toString('hex'));
    return decrypt(known.wrap, wrapped.subarray(1 + ID_BYTES));
  }
  // without an id the seal itself tells whose it is
  for (const one of ring) {
    try {
      return decrypt(one.wrap, wrapped);
    } catch {
      // the next one may fit; when none does, the sentence below says so
    }
  }
  throw new WrongMasterKey('tanpa id');
}

/** A data key is wrapped by a master key that this program was not given. */
export class WrongMasterKey extends Error {
  readonly keyId: string;
  constructor(keyId: string) {
    super(`sealed under the master key ${keyId}, which this program was not given: add it to PENDOPO_OLD_MASTER_KEYS`);
    this.keyId = keyId;
  }
}

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
