// Between people and answers: what they type becomes a value, and a value becomes what they read.
import { collapse, normalPhone } from './answer.ts';
import { formatDate, parseDate } from './dates.ts';
import { digits16 } from './nik.ts';
import type { Field } from './service.ts';

const YES = new Set(['ya', 'true', '1', 'on', 'benar', 'iya']);
const NO = new Set(['tidak', 'false', '0', 'off', 'bukan', 'belum']);

/**
 * Turns typed text into the value of a field; empty text gives no value. What cannot be understood gives an issue;
 * what is understood may still break a rule of the field (too long, too early): `validateAnswers` judges that.
 */
export function parseInput(field: Field, text: string): { value?: unknown; issue?: string } {
  const typed = text.trim();
  if (typed === '') return {};
  if (field.oneOf) return parseChoice(field.oneOf, typed, field);
  if (field.type === 'boolean') {
    const word = typed.toLowerCase();
    if (YES.has(word)) return { value: true };
    return NO.has(word) ? { value: false } : { issue: `Pilih Ya atau Tidak untuk "${field.title}".` };
  }
  if (field.format === 'money') return parseMoney(typed);
  if (field.type !== 'string') return parseNumber(typed, field);
  switch (field.format) {
    case 'date':
      return parseDate(typed);
    case 'nik':
    case 'kk':
      return { value: digits16(typed) ?? typed };
    case 'phone':
      return { value: normalPhone(typed) ?? typed };
    case 'name':
      return { value: collapse(typed) };
    case 'email':
    case 'village':
    case 'text':
    case undefined:
      return { value: typed.replace(/\r\n?/g, '\n') };
  }
}

/** An answer as people read it on check and print pages; `villageName` turns a village code into its name. */
export function formatAnswer(field: Field, value: unknown, villageName?: (code: string) => string | undefined): string {
  if (value === undefined || value === null || value === '') return '';
  const choice = field.oneOf?.find((one) => one.const === value);
  if (choice) return choice.title;
  if (typeof value === 'boolean') return value ? 'Ya' : 'Tidak';
  if (typeof value === 'number') return field.format === 'money' ? formatMoney(value) : String(value).replace('.', ',');
  if (typeof value !== 'string') return '';
  if (field.format === 'date') return formatDate(value);
  if (field.format === 'village') return villageName?.(value) ?? value;
  return value;
}

/** "Rp 1.500.000": whole rupiah, grouped as Indonesians write them. */
export function formatMoney(rupiah: number): string {
  return `${rupiah < 0 ? '-' : ''}Rp ${grouped(Math.abs(Math.round(rupiah)))}`;
}

function grouped(whole: number): string {
  return String(whole).replace(/\B(?=(?:\d{3})+$)/g, '.');
}

function parseChoice(choices: NonNullable<Field['oneOf']>, typed: string, field: Field) {
  const word = typed.toLowerCase();
  const found =
    choices.find((one) => String(one.const) === typed) ?? choices.find((one) => one.title.toLowerCase() === word);
  return found ? { value: found.const } : { issue: `Pilih salah satu jawaban untuk "${field.title}".` };
}

/** "Rp 1.500.000,-", "1500000", "1.500.000,00". A point that groups no thousands could mean anything: ask again. */
function parseMoney(typed: string): { value?: number; issue?: string } {
  const match = /^(?:rp\.?)?\s*(\d+|\d{1,3}(?:\.\d{3})+)\s*(?:,(?:-+|–|00?))?$/i.exec(typed);
  const value = match ? Number(match[1]!.replaceAll('.', '')) : Number.NaN;
  if (Number.isSafeInteger(value)) return { value };
  return { issue: 'Tulis jumlah rupiah dengan angka, misalnya 1.500.000.' };
}

function parseNumber(typed: string, field: Field): { value?: number; issue?: string } {
  const compact = typed.replaceAll(/\s/g, '');
  const plain = /^-?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/.test(compact) ? compact.replaceAll('.', '') : compact;
  const value = /^-?\d+(?:[.,]\d+)?$/.test(plain) ? Number(plain.replace(',', '.')) : Number.NaN;
  if (Number.isFinite(value)) return { value };
  return { issue: `Isi "${field.title}" dengan angka.` };
}
