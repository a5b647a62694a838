// Which bytes of a PDF a signature really covers. Reads bytes, not objects: what it cannot follow it calls a fault, so
// that a file made to confuse readers ends in a warning, never in a pass. Pure and bounded in everything.

/** Larger files are not looked at. */
export const MAX_PDF = 10 * 1024 * 1024;
const MAX_SIGNATURES = 16;
/** A signature with its certificates and revocation data; hexadecimal, so twice that in the file. */
const MAX_CMS = 256 * 1024;

export type Fault =
  | 'range-unreadable' // /ByteRange is not four plain numbers
  | 'range-outside' // it reaches beyond the file, or does not begin at its first byte
  | 'range-overlap' // its two parts overlap or touch
  | 'gap-not-contents' // what it leaves out is not exactly the value of /Contents of the same object
  | 'contents-not-hex'
  | 'contents-padding' // something lies behind the signature where only zeros may
  | 'range-doubled' // two signatures leave out the same bytes
  | 'name-disguised' // written with # escapes: no writer of signatures does so
  | 'cms-size';

export type FoundSignature = {
  /** The two covered stretches as [offset, length, offset, length]; absent when unreadable. */
  range?: [number, number, number, number];
  /** DER of the CMS without its padding; absent when a fault stands before it. */
  cms?: Buffer;
  wholeFile: boolean;
  faults: Fault[];
};

export type ReadPdf = {
  problem?: 'not-pdf' | 'too-large' | 'encrypted' | 'too-many-signatures';
  signatures: FoundSignature[];
  /** Scripts and attachments are never run or opened, only said. */
  holds: ('script' | 'attachment')[];
};

/** Everything about the signatures of a file that can be said without any cryptography. Never throws. */
export function readSignatures(pdf: Buffer): ReadPdf {
  const none: ReadPdf = { signatures: [], holds: [] };
  if (pdf.length > MAX_PDF) return { ...none, problem: 'too-large' };
  if (pdf.subarray(0, 5).toString('latin1') !== '%PDF-') return { ...none, problem: 'not-pdf' };
  const names = namesOf(pdf);
  const holds: ReadPdf['holds'] = [];
  if (names.has('JS') || names.has('JavaScript')) holds.push('script');
  if (names.has('EmbeddedFile') || names.has('EmbeddedFiles')) holds.push('attachment');
  if (names.has('Encrypt')) return { ...none, holds, problem: 'encrypted' };
  const places = names.get('ByteRange') ?? [];
  if (places.length > MAX_SIGNATURES) return { ...none, holds, problem: 'too-many-signatures' };
  const signatures = places.map((place) => readOne(pdf, place));
  for (const one of signatures) {
    const same = signatures.filter(({ range }) => range && one.range && range[1] === one.range[1]);
    if (same.length > 1) one.faults.push('range-doubled');
  }
  return { signatures, holds };
}

/** The bytes that a signature covers, one after the other. */
export const coveredBytes = (pdf: Buffer, [from, length, next, rest]: [number, number, number, number]): Buffer =>
  Buffer.concat([pdf.subarray(from, from + length), pdf.subarray(next, next + rest)]);

type Place = { at: number; end: number; disguised: boolean };

const WANTED = new Set(['ByteRange', 'Encrypt', 'JS', 'JavaScript', 'EmbeddedFile', 'EmbeddedFiles']);
const SLASH = 0x2f;
const HASH = 0x23;

// every name of the file that matters here, however it is spelled
function namesOf(pdf: Buffer): Map<string, Place[]> {
  const found = new Map<string, Place[]>();
  for (let at = pdf.indexOf(SLASH); at >= 0; at = pdf.indexOf(SLASH, at + 1)) {
    let name = '';
    let end = at + 1;
    let disguised = false;
    while (end < pdf.length && end - at < 48) {
      const byte = pdf[end] as number;
      if (byte <= 0x20 || byte > 0x7e || '()<>[]{}/%'.includes(String.fromCharCode(byte))) break;
      if (byte === HASH) {
        const code = Number.parseInt(pdf.toString('latin1', end + 1, end + 3), 16);
        if (Number.isNaN(code)) break;
        name += String.fromCharCode(code);
        disguised = true;
        end += 3;
      } else {
        name += String.fromCharCode(byte);
        end += 1;
      }
    }
    if (WANTED.has(name)) {
      const places = found.get(name) ?? [];
      if (places.length <= MAX_SIGNATURES) places.push({ at, end, disguised });
      found.set(name, places);
    }
  }
  return found;
}

const RANGE =
  /^[\0\t\n\f\r ]*\[[\0\t\n\f\r ]*(\d{1,10})[\0\t\n\f\r ]+(\d{1,10})[\0\t\n\f\r ]+(\d{1,10})[\0\t\n\f\r ]+(\d{1,10})[\0\t\n\f\r ]*\]/;

function readOne(pdf: Buffer, { at, end, disguised }: Place): FoundSignature {
  const faults: Fault[] = disguised ? ['name-disguised'] : [];
  const numbers = RANGE.exec(pdf.toString('latin1', end, end + 200))
    ?.slice(1, 5)
    .map(Number);
  if (!numbers) return { wholeFile: false, faults: [...faults, 'range-unreadable'] };
  const range = numbers as [number, number, number, number];
  const [from, length, next, rest] = range;
  if (from !== 0 || next + rest > pdf.length || length > pdf.length)
    return { range, wholeFile: false, faults: [...faults, 'range-outside'] };
  if (next <= length + 1) return { range, wholeFile: false, faults: [...faults, 'range-overlap'] };
  const wholeFile = next + rest === pdf.length;
  if (!isContents(pdf, at, length, next)) faults.push('gap-not-contents');
  if (next - length > 2 * MAX_CMS + 2) return { range, wholeFile, faults: [...faults, 'cms-size'] };
  const hex = pdf.toString('latin1', length + 1, next - 1);
  if (hex.length % 2 === 1 || !/^[0-9A-Fa-f]+$/.test(hex))
    return { range, wholeFile, faults: [...faults, 'contents-not-hex'] };
  const bytes = Buffer.from(hex, 'hex');
  const size = derLength(bytes);
  if (size === undefined) return { range, wholeFile, faults: [...faults, 'cms-size'] };
  if (bytes.subarray(size).some((byte) => byte !== 0)) faults.push('contents-padding');
  return { range, wholeFile, faults, cms: bytes.subarray(0, size) };
}

/** What the range leaves out must be `<…>`, right behind /Contents, in the object that holds the range itself. */
function isContents(pdf: Buffer, rangeAt: number, gap: number, next: number): boolean {
  if (pdf[gap] !== 0x3c || pdf[next - 1] !== 0x3e || (rangeAt >= gap && rangeAt < next)) return false;
  if (!/\/Contents[\0\t\n\f\r ]*$/.test(pdf.toString('latin1', Math.max(0, gap - 24), gap))) return false;
  const between = rangeAt < gap ? pdf.subarray(rangeAt, gap) : pdf.subarray(next, rangeAt);
  // in between lie only the other few entries of the same dictionary
  return between.length < 4096 && !between.includes('endobj') && !between.includes('stream');
}

/** How long the outermost DER value is; undefined when it is longer than what is there, or of no definite length. */
export function derLength(bytes: Buffer): number | undefined {
  const first = bytes[1];
  if (bytes[0] !== 0x30 || first === undefined) return undefined;
  if (first < 0x80) return 2 + first <= bytes.length ? 2 + first : undefined;
  const count = first & 0x7f;
  if (count === 0 || count > 4 || bytes.length < 2 + count) return undefined;
  const size = 2 + count + bytes.readUIntBE(2, count);
  return size <= bytes.length ? size : undefined;
}
