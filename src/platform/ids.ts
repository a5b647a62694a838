// Identifiers and codes that people read aloud.
import { sha256 } from './crypto.ts';
import { randomBytes } from './random.ts';

/** A UUIDv7: sortable by time, made by us (devices make them offline too). */
export function newId(now: Date = new Date()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return formatId(bytes);
}

/** The id that follows from what it is made of (UUIDv8 over SHA-256): the same cause gives the same id, everywhere. */
export function idFrom(...cause: string[]): string {
  const bytes = sha256(cause.join('\n')).subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return formatId(bytes);
}

function formatId(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const isId = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);

/** Crockford's alphabet: no I, L, O, U, so that nothing is misheard or misread. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `length` random characters of the read-aloud alphabet (5 bits each). */
export function randomCode(length: number): string {
  const bytes = randomBytes(length);
  let code = '';
  for (const byte of bytes) code += ALPHABET[byte & 31];
  return code;
}

/** Undoes what people do to codes when they type them: spaces, dashes, lower case, O for 0, I or L for 1. */
export function normaliseCode(text: string): string {
  return text
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
}

/** Groups a code for reading aloud: "7KDM4QXA" → "7KDM-4QXA". */
export const grouped = (code: string, size = 4): string => code.match(new RegExp(`.{1,${size}}`, 'g'))?.join('-') ?? '';

/**
 * A new application number: day (in the regency's zone), six random characters, a check character: "261123-7KD4-QXS".
 * Sortable by day; says nothing about the person or how many came before. `code`: the six, for a history that must repeat.
 */
export function newNumber(localDate: string, code = randomCode(6)): string {
  const day = localDate.slice(2).replaceAll('-', '');
  const body = day + code;
  return formatNumber(body + checkCharacter(body));
}

/** The number as printed, from what somebody typed; undefined when the check character shows a slip. */
export function parseNumber(text: string): string | undefined {
  const code = normaliseCode(text);
  if (code.length !== 13 || !/^\d{6}/.test(code)) return undefined;
  return checkCharacter(code.slice(0, 12)) === code[12] ? formatNumber(code) : undefined;
}

const formatNumber = (code: string): string => `${code.slice(0, 6)}-${code.slice(6, 10)}-${code.slice(10)}`;

// ISO 7064 hybrid system over 32 characters: catches every single slip and every swap of neighbours.
function checkCharacter(body: string): string {
  const size = ALPHABET.length;
  let product = size;
  for (const character of body) {
    const sum = (product + ALPHABET.indexOf(character)) % size || size;
    product = (sum * 2) % (size + 1);
  }
  return ALPHABET[(size + 1 - product) % size] as string;
}
