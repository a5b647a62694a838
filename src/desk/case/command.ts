// What an officer's form asks for, read once at the edge. Pure.

import { isId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import type { Act } from '#src/applications/actions.ts';
import type { Typed } from './forms.ts';

export type Form = Record<string, string | File | (string | File)[]>;

const all = (form: Form, name: string): string[] => [form[name] ?? []].flat().filter((one) => typeof one === 'string');
export const one = (form: Form, name: string): string => all(form, name).at(-1) ?? '';

/** The id under which a form does its deed once. Throws Problem malformed. */
export function commandOf(form: Form): string {
  const id = one(form, 'perintah').toLowerCase();
  if (!isId(id))
    throw new Problem(PROBLEMS.malformed, 'Formulir ini tidak lengkap. Muat ulang halamannya lalu coba lagi.');
  return id;
}

/** The typed fields of one form, by their short names, to be shown again when the deed is refused. */
export function typedOf(form: Form, own: string, errors: Record<string, string> = {}): Typed {
  const values: Typed['values'] = {};
  for (const name of Object.keys(form))
    if (name.startsWith(`${own}.`))
      values[name.slice(own.length + 1)] = all(form, name).map((text) => text.slice(0, 4000));
  if (values.isian) values.perbaiki = [...(values.perbaiki ?? []), ...values.isian];
  return { form: own, values, errors };
}

/** The act that an action's form asks for. */
export function actOf(form: Form): Act {
  const action = one(form, 'tindakan');
  const { values } = typedOf(form, action);
  const mend = (kind: string) =>
    (values.perbaiki ?? [])
      .filter((value) => value.startsWith(`${kind}:`))
      .map((value) => value.slice(kind.length + 1));
  const reason = values.alasan?.at(-1);
  const note = values.catatan?.at(-1)?.trim();
  const correction = { fields: mend('isian'), requirements: mend('berkas') };
  return {
    action,
    from: one(form, 'dari'),
    ...(reason && { reason }),
    ...(note && { note }),
    ...(correction.fields.length + correction.requirements.length > 0 && { correction }),
  };
}

const NAMES: Record<string, string> = {
  note: 'catatan',
  reason: 'alasan',
  fields: 'perbaiki',
  purpose: 'guna',
  agency: 'instansi',
  role: 'peran',
  answer: 'jawaban',
};

/** The engine's field errors under the names that the form carries. */
export const errorsOf = (problem: Problem): Record<string, string> =>
  Object.fromEntries(problem.errors.map(({ path, message }) => [NAMES[path] ?? path, message]));
