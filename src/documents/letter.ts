// A product's text with the application's answers in it: what the PDF, the verification page and a preview all show.
import { formatDate } from '#src/catalogue/dates.ts';
import type { Product } from '#src/catalogue/service.ts';

/** Answers as people read them; a date may still be YYYY-MM-DD, a yes or no still a boolean. */
export type Values = Record<string, string | number | boolean | null | undefined>;

export type FilledDocument = {
  title: string;
  opening: string;
  rows: { label: string; value: string }[];
  closing?: string;
  signer: string;
  /** What was answered more than once, as tables behind the letter ("daftar terlampir"). */
  lists: List[];
};

export type List = { title: string; columns: string[]; rows: string[][] };

type Template = NonNullable<Product['document']>;

/** What we fill in ourselves, beside the fields of the form. */
export const OWN_PLACEHOLDERS = ['number', 'registerNumber', 'date', 'agency', 'village', 'district'] as const;

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9]*)\}/g;
const NOTHING = '—';

/** The placeholders a document uses; publication refuses those that are neither own nor a field of the form. */
export function placeholdersOf(template: Template): string[] {
  const texts = [
    template.title,
    template.opening,
    template.closing ?? '',
    template.signer,
    ...(template.rows ?? []).flatMap(({ label, value }) => [label, value]),
  ];
  return [...new Set(texts.flatMap((text) => [...text.matchAll(PLACEHOLDER)].map((match) => match[1] as string)))];
}

/** Fills the placeholders; what was not answered, and what nobody knows, becomes "—", never a bracket on paper. */
export function fillDocument(template: Template, values: Values, lists: List[] = []): FilledDocument {
  const fill = (text: string) =>
    text.replace(PLACEHOLDER, (_, name: string) => readable(Object.hasOwn(values, name) ? values[name] : undefined));
  return {
    title: fill(template.title),
    opening: fill(template.opening),
    rows: (template.rows ?? []).map(({ label, value }) => ({ label: fill(label), value: fill(value) })),
    ...(template.closing && { closing: fill(template.closing) }),
    signer: fill(template.signer),
    // answers only: they are never read for placeholders
    lists: lists.map(({ title, columns, rows }) => ({
      title: fill(title),
      columns,
      rows: rows.map((row) => row.map((text) => readable(text))),
    })),
  };
}

/** One line for everything that stands on the paper, so that its QR code can be bound to it. */
export const contentOf = (filled: FilledDocument, beside: Record<string, string>): string =>
  JSON.stringify([
    filled.title,
    filled.opening,
    filled.rows,
    filled.closing ?? '',
    filled.signer,
    filled.lists,
    beside,
  ]);

function readable(value: Values[string]): string {
  if (typeof value === 'boolean') return value ? 'Ya' : 'Tidak';
  const text = formatDate(String(value ?? '').trim());
  return text === '' ? NOTHING : text;
}

/** "Budi Cahyono" → "B*** C***": enough for the holder to nod, too little for a stranger; no lengths either. */
export function initials(name: string): string {
  const words = name
    .normalize('NFC')
    .split(/[^\p{L}\p{M}'’]+/u)
    .filter((word) => /\p{L}/u.test(word));
  return words.map((word) => `${(/\p{L}/u.exec(word)?.[0] ?? '').toLocaleUpperCase('id')}***`).join(' ') || '***';
}
