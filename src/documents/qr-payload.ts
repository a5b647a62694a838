// What the QR code says beside the address: enough, and signed, for a phone without a network. The address carries the
// code; behind "#" stand these bytes in the read-aloud alphabet, which a QR code packs tighter than base64url. Pure.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

const VERSION = 1;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Days are counted from here; two bytes reach to the year 2199. */
const EPOCH = Date.UTC(2020, 0, 1);
const MOST_INITIALS = 8;

export type QrFacts = {
  code: string;
  /** "service/product" by their ids. */
  product: string;
  agency: string;
  /** The day on the paper, YYYY-MM-DD. */
  day: string;
  /** As shown in public: "B*** C***". */
  holder: string;
  /** SHA-256 of what is written on the paper; its first eight bytes go along. */
  content: Buffer;
  /** Demo papers and simulated cases say so also without a network. */
  example: boolean;
};

export type QrKey = { kid: string; private: KeyObject };

/**
 * version 1 · flags 1 · kid 4 · day 2 · content 8 · three texts, each a length byte and UTF-8 (product, agency, initials)
 * · signature 64 (ECDSA P-256 with SHA-256, r‖s, over "pendopo/1/" + code + "/" + all bytes before it).
 */
export function qrPayload(facts: QrFacts, key: QrKey): string {
  const head = Buffer.alloc(16);
  head[0] = VERSION;
  head[1] = facts.example ? 1 : 0;
  head.write(key.kid, 2, 'hex');
  head.writeUInt16BE((Date.parse(facts.day) - EPOCH) / 86_400_000, 6);
  facts.content.copy(head, 8, 0, 8);
  const letters = facts.holder
    .split(' ')
    .slice(0, MOST_INITIALS)
    .map((word) => [...word.replaceAll('*', '')][0] ?? '')
    .join('');
  const texts = [facts.product, facts.agency, letters].map(short);
  const body = Buffer.concat([head, ...texts.flatMap((text) => [Buffer.from([text.length]), text])]);
  const signature = sign('sha256', toSign(facts.code, body), { key: key.private, dsaEncoding: 'ieee-p1363' });
  return base32(Buffer.concat([body, signature]));
}

/** What the QR code holds in all. */
export const qrText = (verifyUrl: string, payload: string): string => `${verifyUrl}#${payload}`;

export const toSign = (code: string, body: Buffer): Buffer => Buffer.concat([Buffer.from(`pendopo/1/${code}/`), body]);

// never cut inside a character
function short(text: string): Buffer {
  let bytes = Buffer.from(text);
  for (let kept = text; bytes.length > 100; bytes = Buffer.from(kept)) kept = [...kept].slice(0, -1).join('');
  return bytes;
}

function base32(bytes: Buffer): string {
  let out = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) out += ALPHABET[(held >> (bits - 5)) & 31];
  }
  return bits > 0 ? out + ALPHABET[(held << (5 - bits)) & 31] : out;
}

/** A key of 32 secret bytes; undefined for the few numbers that are no key of this curve. */
export function qrKeyOf(
  secret: Buffer,
  point: (secret: Buffer) => Buffer,
): { kid: string; public: Buffer } | undefined {
  try {
    const key = point(secret);
    return { kid: kidOf(key), public: key };
  } catch {
    return undefined;
  }
}

/** A key's name: the first four bytes of the hash of its uncompressed point. */
export const kidOf = (point: Buffer): string => createHash('sha256').update(point).digest('hex').slice(0, 8);

/** The public half as others read it (RFC 7517). */
export const publicJwk = (point: Buffer) => ({
  kty: 'EC',
  crv: 'P-256',
  x: point.subarray(1, 33).toString('base64url'),
  y: point.subarray(33, 65).toString('base64url'),
});

export const privateKeyOf = (secret: Buffer, point: Buffer): KeyObject =>
  createPrivateKey({ key: { ...publicJwk(point), d: secret.toString('base64url') }, format: 'jwk' });

export const publicKeyOf = (point: Buffer): KeyObject => createPublicKey({ key: publicJwk(point), format: 'jwk' });
