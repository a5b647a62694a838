// Calendar dates as text, YYYY-MM-DD: how Indonesians write them, and which exist.
import { MONTHS } from '#ui/format.ts';

const SPELLINGS = new Map<string, number>([
  ...MONTHS.flatMap((name, i): [string, number][] => [
    [name.toLowerCase(), i + 1],
    [name.slice(0, 3).toLowerCase(), i + 1],
  ]),
  ...([
    ['pebruari', 2],
    ['peb', 2],
    ['agt', 8],
    ['ags', 8],
    ['agust', 8],
    ['sept', 9],
    ['nopember', 11],
    ['nop', 11],
  ] as const),
]);
const FIRST_YEAR = 1850;
const LAST_YEAR = 2100;

/** Whether the text is an existing day written YYYY-MM-DD, from 1850 to 2100. */
export function isDate(text: string): boolean {
  if (text.length !== 10 || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  return year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/**
 * Reads a date as people type it: "12-3-1990", "12/03/1990", "12 Maret 1990", "12031990", "1990-03-12".
 * The issue is one sentence that says what to write instead.
 */
export function parseDate(text: string): { value?: string; issue?: string } {
  const words = text
    .trim()
    .toLowerCase()
    .split(/[\s./,-]+/)
    .filter(Boolean);
  const [first = '', second = '', third = ''] =
    words.length === 1 && /^\d{8}$/.test(words[0]!) ? splitDigits(words[0]!) : words;
  const extra = words.length > 3;
  const [day, month, year] = /^\d{4}$/.test(first) ? [third, second, first] : [first, second, third];
  const monthNumber = /^\d{1,2}$/.test(month) ? Number(month) : (SPELLINGS.get(month) ?? 0);
  if (extra || !/^\d{1,2}$/.test(day) || monthNumber === 0 || !/^\d+$/.test(year))
    return { issue: 'Tulis tanggal, bulan, dan tahun, misalnya 12 Maret 1990.' };
  if (year.length !== 4) return { issue: 'Tulis tahun dengan empat angka, misalnya 1990.' };
  const value = `${year}-${pad(monthNumber)}-${pad(Number(day))}`;
  if (isDate(value)) return { value };
  return { issue: `Tanggal ${day} ${MONTHS[monthNumber - 1] ?? `bulan ${month}`} ${year} tidak ada; periksa lagi.` };
}

/** "12 Maret 1990" for an existing date; anything else comes back as it was. */
export function formatDate(date: string): string {
  if (!isDate(date)) return date;
  return `${Number(date.slice(8, 10))} ${MONTHS[Number(date.slice(5, 7)) - 1]} ${date.slice(0, 4)}`;
}

/** Eight digits in a row: day first as people say it, unless only year first gives a year of our time. */
function splitDigits(text: string): string[] {
  const lastYear = Number(text.slice(4));
  if (lastYear >= FIRST_YEAR && lastYear <= LAST_YEAR) return [text.slice(0, 2), text.slice(2, 4), text.slice(4)];
  return [text.slice(0, 4), text.slice(4, 6), text.slice(6)];
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
