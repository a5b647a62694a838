// Text for a font that has some letters and not others.

const WINDOWS_EXTRAS = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';
const RELATIVES = new Map(
  Object.entries({ ʼ: "'", ʻ: "'", '′': "'", '‐': '-', '‑': '-', '−': '-', '→': '-', '\t': ' ', '\u00a0': ' ' }).concat(
    Object.entries({ đ: 'd', Đ: 'D', ł: 'l', Ł: 'L', ŋ: 'ng', Ŋ: 'Ng', ı: 'i' }),
  ),
);

/** Whether the standard fonts of PDF have the character. */
export function inWindows1252(character: string): boolean {
  const code = character.codePointAt(0) as number;
  return (code >= 0x20 && code < 0x7f) || (code > 0xa0 && code <= 0xff) || WINDOWS_EXTRAS.includes(character);
}

/** Replaces what the font lacks: a letter by its plain relative, else by "?" so that a gap is seen; marks go. */
export function printable(text: string, has: (character: string) => boolean): string {
  const print = (character: string): string => {
    if (character === '\n' || has(character)) return character;
    const plain = RELATIVES.get(character) ?? character.normalize('NFD').replace(/\p{M}/gu, '');
    if (plain !== '' && [...plain].every(has)) return plain;
    return /[\p{L}\p{N}\p{S}]/u.test(character) ? '?' : '';
  };
  return [...text.normalize('NFC').replace(/\r\n?/g, '\n')].map(print).join('');
}
