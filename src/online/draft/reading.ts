// Between what somebody typed into a form and the answers it means. Pure: the same on the server and on a device.
import type { Answers } from '#src/catalogue/condition.ts';
import { parseDate } from '#src/catalogue/dates.ts';
import type { Issue } from '#src/catalogue/form.ts';
import { parseInput } from '#src/catalogue/input.ts';
import type { Field } from '#src/catalogue/service.ts';

/** What was typed, by the name of the box; kept as it is, so that a refused form comes back with every letter. */
export type Typed = Record<string, string>;
export type Asked = readonly (readonly [string, Field])[];

const LONGEST = 20_000;
const NOTHING_THERE = '\uFFFD'; // what a decoder leaves where bytes were no letters
const DATE_PARTS = ['d', 'm', 'y'] as const;

/** The posted fields as text; a field sent twice counts once, files are not text. */
export function typedOf(form: Record<string, unknown>): Typed {
  const typed: Typed = Object.create(null);
  for (const [name, value] of Object.entries(form)) {
    const text = Array.isArray(value) ? value.findLast((one) => typeof one === 'string') : value;
    if (typeof text === 'string') typed[name] = text.slice(0, LONGEST + 1);
  }
  return typed;
}

/** Reads the boxes of these fields. An empty box means no answer (undefined), so that an answer can be taken back. */
export function readFields(asked: Asked, typed: Typed, prefix = ''): { answers: Answers; issues: Issue[] } {
  const answers: Answers = {};
  const issues: Issue[] = [];
  for (const [id, field] of asked) {
    const name = prefix + id;
    const text = textOf(field, name, typed);
    const issue = unreadable(text, field);
    const read = issue ? { issue } : parseInput(field, text);
    answers[id] = 'value' in read ? read.value : undefined;
    if (read.issue) issues.push({ path: name, field: id, message: read.issue });
  }
  return { answers, issues };
}

function unreadable(text: string, field: Field): string | undefined {
  if (text.includes(NOTHING_THERE))
    return `Isian "${field.title}" memuat huruf yang tidak terbaca; ketik ulang isinya.`;
  if (text.length > LONGEST) return `Isian "${field.title}" terlalu panjang; ringkas tulisan Anda.`;
  return undefined;
}

function textOf(field: Field, name: string, typed: Typed): string {
  if (field.format !== 'date' || field.oneOf) return typed[name] ?? '';
  if (typed[name]) return typed[name];
  return DATE_PARTS.map((part) => typed[`${name}.${part}`]?.trim() ?? '')
    .join(' ')
    .trim();
}

/** Which of the three boxes of a date to mark: the empty ones, otherwise all. */
export function wrongParts(name: string, typed: Typed): ('d' | 'm' | 'y')[] {
  const empty = DATE_PARTS.filter((part) => !typed[`${name}.${part}`]?.trim());
  return empty.length > 0 && empty.length < 3 ? empty : [...DATE_PARTS];
}

/** The boxes of stored answers, as their owner would type them. */
export function typeAnswers(asked: Asked, answers: Answers, prefix = ''): Typed {
  const typed: Typed = {};
  for (const [id, field] of asked) {
    const value = answers[id];
    const name = prefix + id;
    if (value === undefined || value === null) continue;
    if (typeof value === 'boolean') typed[name] = value ? 'ya' : 'tidak';
    else if (typeof value === 'number' && !field.oneOf) typed[name] = String(value).replace('.', ',');
    else typed[name] = String(value);
    if (field.format === 'date' && typeof value === 'string' && parseDate(value).value) {
      typed[`${name}.y`] = value.slice(0, 4);
      typed[`${name}.m`] = String(Number(value.slice(5, 7)));
      typed[`${name}.d`] = String(Number(value.slice(8, 10)));
      delete typed[name];
    }
  }
  return typed;
}
