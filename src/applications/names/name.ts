// The words of a person's name as keyed hashes, so that a case can be found by name while the name lies sealed. Pure.
import { blindIndex, type Keys } from '#platform/crypto.ts';

/** Letters of a beginning: two would fit half the regency, four would miss who types "sit". */
const BEGINNING = 3;
const MOST_WORDS = 8;

/** A name as it is compared: lower case, no accents, only letters; "Nur'Aini, S.Pd." → nuraini, s, pd. */
export function wordsOf(name: string): string[] {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/[\p{M}'’`]/gu, '')
    .toLowerCase();
  return [...new Set(plain.split(/[^\p{L}]+/u).filter((word) => word.length >= 2))].slice(0, MOST_WORDS);
}

/** The hashes under which a name is kept: each word, and the beginning of each. Salted by the agency. */
export function hashesOf(keys: Keys, agency: string, name: string): string[] {
  return [
    ...new Set(
      wordsOf(name).flatMap((word) => [
        hashOf(keys, agency, 'word', word),
        ...(word.length >= BEGINNING ? [hashOf(keys, agency, 'beginning', word.slice(0, BEGINNING))] : []),
      ]),
    ),
  ];
}

/** The hash by which a typed word is looked for: three letters are a beginning; more are the word, or `begins` with them. */
export const hashFor = (keys: Keys, agency: string, word: string, begins: boolean): string =>
  word.length === BEGINNING || (begins && word.length > BEGINNING)
    ? hashOf(keys, agency, 'beginning', word.slice(0, BEGINNING))
    : hashOf(keys, agency, 'word', word);

/** Whether each typed word begins a word of the name. */
export function fits(typed: string[], name: string): boolean {
  const words = wordsOf(name);
  return typed.every((one) => words.some((word) => (one.length >= BEGINNING ? word.startsWith(one) : word === one)));
}

// as PostgreSQL's bigint, in decimal: JavaScript's own numbers do not hold 64 bits
const hashOf = (keys: Keys, agency: string, kind: 'word' | 'beginning', text: string): string =>
  blindIndex(keys, `name/${agency}/${kind}`, text).readBigInt64BE(0).toString();
