// One answer of a form: whether a value fits its field, in one Indonesian sentence that says what to do when it does not.
// Hand-written rather than a JSON Schema run, since it is in the path of every submission and speaks to residents.
import { formatDate, isDate } from './dates.ts';
import { digits16, kkWarning, nikWarning } from './nik.ts';
import type { Field } from './service.ts';

/** What is outside the catalogue: the day, and which village codes exist (all, when the caller cannot know). */
export type Surroundings = { today: string; knownVillage?: ((code: string) => boolean) | undefined };

/** The value in its one spelling, or why it is refused (`issue`); `warning` lets it pass but asks to look again. */
export type Reading = { value: unknown; issue?: string; warning?: string | undefined };
export type Reader = (value: unknown, around: Surroundings) => Reading;

export const TEXT_MAX = 2_000;
const NAME_MAX = 150;
const LONGEST = 20_000;

// Letters of any script, their marks, and the signs that names carry: H. M. Sa'id, Nur-Aini, S.Pd.
const NAME = /^[\p{L}\p{M}][\p{L}\p{M}.,'’ʼ` -]*$/u;
const EMAIL = /^[^\s@<>()[\],;:"\\]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i;
// Control characters, and the marks that turn the direction of text round: they make a name read as another one.
const HIDDEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const HIDDEN_BUT_LINES = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u;
export const VILLAGE = /^\d{2}\.\d{2}\.\d{2}\.\d{4}$/;

/** Prepares the check of a field, once; the reader is then called for each answer. Never throws on any value. */
export function readerOf(field: Field): Reader {
  if (field.oneOf) return choiceReader(field, field.oneOf);
  switch (field.type) {
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? { value } : bad(`Pilih Ya atau Tidak untuk "${field.title}".`));
    case 'integer':
    case 'number':
      return numberReader(field);
    case 'string':
      return textReader(field);
  }
}

/** The sentence for a question that must be answered and was not. */
export function missing(field: Field): string {
  if (field.oneOf || field.type === 'boolean') return `Pilih jawaban untuk "${field.title}".`;
  return field.title.endsWith('?') ? `Jawab pertanyaan "${field.title}".` : `Isi ${field.title}.`;
}

/** Phone numbers in one spelling: 0812… for Indonesian ones, +… for others; undefined when it cannot be one. */
export function normalPhone(text: string): string | undefined {
  const compact = text.replace(/[\s().-]/g, '');
  const local = compact.replace(/^(?:\+62|0062|62)0?(?=[2-9])/, '0');
  if (/^0[2-9]\d{7,11}$/.test(local)) return local;
  return /^\+(?!62|0)\d{8,15}$/.test(compact) ? compact : undefined;
}

function choiceReader(field: Field, choices: NonNullable<Field['oneOf']>): Reader {
  const allowed = new Set<unknown>(choices.map((choice) => choice.const));
  const names = choices.map((choice) => choice.title).join(', ');
  const message = `Pilih salah satu jawaban untuk "${field.title}"${names.length < 200 ? `: ${names}` : ''}.`;
  return (value) => (allowed.has(value) ? { value } : bad(message));
}

function numberReader(field: Field): Reader {
  const whole = field.type === 'integer' || field.format === 'money';
  const least = field.minimum ?? (field.format === 'money' ? 0 : Number.NEGATIVE_INFINITY);
  const most = field.maximum ?? Number.MAX_SAFE_INTEGER;
  return (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return bad(`Isi ${quoted(field)} dengan angka.`);
    if (whole && !Number.isInteger(value)) return bad(`Isi ${quoted(field)} dengan bilangan bulat, tanpa koma.`);
    if (value < least) return bad(`Isi ${quoted(field)} dengan angka paling kecil ${least}.`);
    if (value > most) return bad(`Isi ${quoted(field)} dengan angka paling besar ${most}.`);
    return { value };
  };
}

function textReader(field: Field): Reader {
  const read = formatReader(field);
  return (value, around) => {
    if (typeof value !== 'string') return bad(`Isi ${quoted(field)} dengan tulisan.`);
    if (value.length > LONGEST) return bad(`${capital(quoted(field))} terlalu panjang; ringkas tulisan Anda.`);
    if (!value.isWellFormed() || (field.format === 'text' ? HIDDEN_BUT_LINES : HIDDEN).test(lines(value)))
      return bad(`${capital(quoted(field))} memuat huruf yang tidak terbaca; ketik ulang isinya.`);
    return read(value, around);
  };
}

function formatReader(field: Field): (value: string, around: Surroundings) => Reading {
  switch (field.format) {
    case 'date':
      return dateReader(field);
    case 'nik':
      return (value) => {
        const nik = digits16(value);
        if (nik === undefined) return bad(`Isi ${quoted(field)} dengan 16 angka, seperti di KTP atau KK.`);
        return { value: nik, warning: nikWarning(nik) };
      };
    case 'kk':
      return (value) => {
        const kk = digits16(value);
        if (kk === undefined) return bad(`Isi ${quoted(field)} dengan 16 angka, seperti di KK.`);
        return { value: kk, warning: kkWarning(kk) };
      };
    case 'phone':
      return (value) => {
        const phone = normalPhone(value);
        return phone === undefined ? bad('Tulis nomor HP yang lengkap, misalnya 0812 3456 7890.') : { value: phone };
      };
    case 'email':
      return (value) => {
        const email = value.trim();
        if (email.length > 254 || !EMAIL.test(email))
          return bad('Tulis alamat email yang lengkap, misalnya nama@contoh.id.');
        return { value: email };
      };
    case 'village':
      return (value, { knownVillage }) => {
        const code = value.trim();
        if (VILLAGE.test(code) && (knownVillage?.(code) ?? true)) return { value: code };
        return bad('Pilih desa atau kelurahan dari daftar.');
      };
    case 'name':
      return nameReader(field);
    case 'money':
      return () => bad(`Isi ${quoted(field)} dengan angka.`);
    case 'text':
    case undefined:
      return plainReader(field);
  }
}

function dateReader(field: Field): (value: string, around: Surroundings) => Reading {
  return (value, { today }) => {
    if (!isDate(value)) return bad(`Isi ${quoted(field)} dengan tanggal yang ada, misalnya 12 Maret 1990.`);
    if (field.period === 'past' && value > today)
      return bad(`${capital(quoted(field))} tidak boleh setelah hari ini, ${formatDate(today)}.`);
    if (field.period === 'future' && value < today)
      return bad(`${capital(quoted(field))} tidak boleh sebelum hari ini, ${formatDate(today)}.`);
    return { value };
  };
}

function nameReader(field: Field): (value: string) => Reading {
  const most = field.maxLength ?? NAME_MAX;
  const least = field.minLength ?? 1;
  return (text) => {
    const value = collapse(text);
    const length = lengthOf(value);
    if (length < least)
      return bad(least > 1 ? `Tulis ${quoted(field)} paling sedikit ${least} huruf.` : missing(field));
    if (length > most) return bad(`Tulis ${quoted(field)} paling panjang ${most} huruf.`);
    if (!NAME.test(value)) return bad(`Tulis ${quoted(field)} dengan huruf saja; titik, koma, dan tanda petik boleh.`);
    return { value };
  };
}

function plainReader(field: Field): (value: string) => Reading {
  const most = field.maxLength ?? TEXT_MAX;
  const least = field.minLength ?? 1;
  const pattern = field.pattern === undefined ? undefined : new RegExp(field.pattern, 'u');
  return (text) => {
    const value = lines(text).trim().normalize('NFC');
    const length = lengthOf(value);
    if (length < least)
      return bad(least > 1 ? `Tulis ${quoted(field)} paling sedikit ${least} huruf.` : missing(field));
    if (length > most) return bad(`Tulis ${quoted(field)} paling panjang ${most} huruf; sekarang ${length}.`);
    if (pattern && !pattern.test(value))
      return bad(`Tulis ${quoted(field)} sesuai petunjuk${field.description ? `: ${field.description}` : '.'}`);
    return { value };
  };
}

/** Names and other one-line texts: one space between words, accents in one spelling. */
export function collapse(text: string): string {
  return text.trim().replace(/\s+/g, ' ').normalize('NFC');
}

function lines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** Characters as people count them, not UTF-16 units. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

function bad(issue: string): Reading {
  return { value: undefined, issue };
}

function quoted(field: Field): string {
  return `"${field.title}"`;
}

function capital(text: string): string {
  return `Isian ${text}`;
}
