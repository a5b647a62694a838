// What fits into an SMS: letters of the GSM alphabet (3GPP TS 23.038) only, so that a part holds 160 and not 70 of them.

const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** The nearest letter that counts once; brackets and braces would count twice. */
const NEAREST: Record<string, string> = {
  '{': '(',
  '}': ')',
  '[': '(',
  ']': ')',
  '|': '/',
  '\\': '/',
  '~': '-',
  '^': '-',
  '`': "'",
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '.',
  '•': '-',
  '€': 'E',
  '\t': ' ',
};

/** The text in letters of which each counts once. What has no likeness there becomes a question mark. */
export function toGsm(text: string): string {
  return [...text.normalize('NFC')]
    .map((letter) => {
      if (BASIC.has(letter)) return letter;
      if (Object.hasOwn(NEAREST, letter)) return NEAREST[letter] as string;
      const plain = letter.normalize('NFD').replaceAll(/\p{M}/gu, '');
      return plain.length === 1 && BASIC.has(plain) ? plain : '?';
    })
    .join('');
}

/** How many parts an SMS in these letters takes: 160 alone, 153 each when they must be joined again. */
export const partsOf = (text: string): number => (text.length <= 160 ? 1 : Math.ceil(text.length / 153));
