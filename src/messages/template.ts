// What a message says: templates as data, filled with text that stays text. Pure; templates/store.ts reads the files.

export const CHANNELS = ['whatsapp', 'sms', 'email'] as const;
export type Channel = (typeof CHANNELS)[number];
export const LANGUAGES = ['id', 'jv', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What may be put in: `text` is any words, `link` a page of ours, `code` letters and digits only. */
export type ValueRule = { kind: 'text' | 'link' | 'code'; max: number };
type Texts = { id: string } & Partial<Record<Language, string>>;

export type Template = {
  id: string;
  /** How the inbox and the lists call it. */
  title: Texts;
  channels: Channel[];
  /** The resident may switch it off; notices of a decision or a right may not. */
  optional: boolean;
  /** Whether it is kept in the inbox; a code is not, and is destroyed once sent. */
  inbox: boolean;
  /** After so many minutes it is of no use any more and is dropped. */
  expires: number;
  /** Most parts of an SMS. */
  segments: number;
  values: Record<string, ValueRule>;
  subject: Texts;
  text: Texts;
  sms: Texts;
  /** `button`: the value that WhatsApp's copy button of a code carries. */
  whatsapp: { name: string; parameters: string[]; button?: string | undefined };
  /** Languages whose text no native reader has looked at yet. */
  unreviewed: Language[];
};

/** Values as given by the caller: exactly those that the template declares. */
export type Values = Record<string, string>;

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** A mistake of ours in how a template is used; never caused by what people type. */
export class TemplateError extends Error {}

/**
 * The values as they may stand in a message: one line each, no control characters, no foreign links, cut at the declared
 * length. Links are given as a path and become addresses of ours. Throws TemplateError for a value that is not declared,
 * lacks, or is no link of ours.
 */
export function cleanValues(template: Template, values: Values, publicUrl: string): Values {
  for (const name of Object.keys(values))
    if (!Object.hasOwn(template.values, name)) throw new TemplateError(`${template.id} declares no value "${name}"`);
  return Object.fromEntries(
    Object.entries(template.values).map(([name, rule]) => {
      const given = values[name];
      if (typeof given !== 'string' || given === '')
        throw new TemplateError(`${template.id} needs the value "${name}"`);
      return [name, cleanValue(template.id, name, rule, given, publicUrl)];
    }),
  );
}

function cleanValue(template: string, name: string, rule: ValueRule, given: string, publicUrl: string): string {
  switch (rule.kind) {
    case 'link': {
      const link = /^\/(?![/\\])/.test(given) ? publicUrl + given : given;
      const ours = link === publicUrl || link.startsWith(`${publicUrl}/`);
      if (!ours || /[\s\\"'<>]/.test(link) || link.length > publicUrl.length + rule.max)
        throw new TemplateError(`${template}: the value "${name}" is no link of ours`);
      return link;
    }
    case 'code':
      if (!/^[\p{L}\d-]+$/u.test(given) || given.length > rule.max)
        throw new TemplateError(`${template}: the value "${name}" is no code`);
      return given;
    case 'text': {
      const line = unlinked(given.normalize('NFC').replaceAll(CONTROL, ' ').replaceAll(/\s+/g, ' ').trim());
      const letters = [...line];
      return letters.length > rule.max
        ? `${letters
            .slice(0, rule.max - 3)
            .join('')
            .trimEnd()}...`
        : line;
    }
  }
}

// phones make a link of anything that looks like one; what people typed must never become one
const unlinked = (text: string): string =>
  text
    .replaceAll(/[a-z][a-z0-9+.-]*:\/\//gi, '')
    .replaceAll(/\bwww\./gi, '')
    .replaceAll(/(?<=[\p{L}\d])\.(?=\p{L}{2})/gu, '. ');

/** Puts the values in place of `{name}`, once: braces inside a value stay what they are. */
export const fill = (text: string, values: Values): string =>
  text.replaceAll(/\{([a-z]+)\}/g, (place, name: string) =>
    Object.hasOwn(values, name) ? (values[name] as string) : place,
  );

/** The text in the language wished, else in Indonesian. */
export const inLanguage = (texts: Texts, language: Language): string => texts[language] ?? texts.id;

/** A message as its channel shows it. */
export type Rendered = {
  subject: string;
  text: string;
  whatsapp: { name: string; language: string; parameters: string[]; button?: string | undefined };
};

/** The message in the reader's language. `values` are those of `cleanValues`. */
export function render(template: Template, values: Values, language: Language, channel: Channel | 'inbox'): Rendered {
  const words = channel === 'sms' ? template.sms : template.text;
  return {
    subject: fill(inLanguage(template.subject, language), values),
    text: fill(inLanguage(words, language), values),
    whatsapp: {
      name: template.whatsapp.name,
      // Meta knows no Javanese; the approved Indonesian text goes out instead
      language: language === 'en' && template.text.en ? 'en' : 'id',
      parameters: template.whatsapp.parameters.map((name) => values[name] ?? ''),
      ...(template.whatsapp.button && { button: values[template.whatsapp.button] }),
    },
  };
}
