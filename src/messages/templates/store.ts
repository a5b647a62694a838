// Reads the templates that lie beside this file, once a program; a wrong one stops it with the file's name.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CHANNELS, LANGUAGES, type Template, TemplateError } from '../template.ts';

const Texts = z.strictObject({ id: z.string().min(1), jv: z.string().optional(), en: z.string().optional() });
const Shape = z.strictObject({
  title: Texts,
  channels: z.array(z.enum(CHANNELS)).min(1),
  optional: z.boolean().default(false),
  inbox: z.boolean().default(true),
  expires: z
    .number()
    .int()
    .positive()
    .default(72 * 60),
  segments: z.number().int().min(1).max(4).default(2),
  values: z.record(
    z.string().regex(/^[a-z]+$/),
    z.strictObject({ kind: z.enum(['text', 'link', 'code']).default('text'), max: z.number().int().min(1).max(300) }),
  ),
  subject: Texts,
  text: Texts,
  sms: Texts,
  whatsapp: z.strictObject({
    name: z.string().regex(/^[a-z0-9_]+$/),
    parameters: z.array(z.string()),
    button: z.string().optional(),
  }),
  unreviewed: z.array(z.enum(LANGUAGES)).default([]),
});

let read: Map<string, Template> | undefined;

/** Every template by its id. Throws TemplateError naming the file that is wrong. */
export function templates(): Map<string, Template> {
  read ??= new Map(
    readdirSync(import.meta.dirname)
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => {
        const id = basename(file, '.yaml');
        const parsed = Shape.safeParse(parse(readFileSync(join(import.meta.dirname, file), 'utf8')));
        if (!parsed.success)
          throw new TemplateError(
            `src/messages/templates/${file}: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`,
          );
        return [id, { id, ...parsed.data } as Template];
      }),
  );
  return read;
}

/** Throws TemplateError for one that does not exist: a mistake of ours. */
export function getTemplate(id: string): Template {
  const found = templates().get(id);
  if (!found) throw new TemplateError(`there is no message template "${id}"`);
  return found;
}
