// What the register's list and one breach's page share.
import type { FieldError } from '#platform/problem.ts';
import { tag } from '#ui/components.ts';
import { textArea } from '#ui/fields.ts';
import type { Content } from '#ui/html.ts';
import { type Breach, FIELD_NAMES, FIELDS, LONGEST, noticeState } from '../breach.ts';

export const PATH = '/kerja/data-pribadi/insiden';

const STATES = {
  done: ['Diberitahukan tepat waktu', 'done'],
  'done-late': ['Diberitahukan terlambat', 'stopped'],
  late: ['Terlambat diberitahukan', 'stopped'],
  running: ['Harus diberitahukan', 'running'],
} as const;

export const stateTag = (breach: Breach, now: Date): Content => {
  const [text, tone] = STATES[noticeState(breach, now)];
  return tag(text, tone);
};

/** The four fields of the minimum content, with what was typed or is known. */
export function accountFields(given: (name: string) => string, errors: readonly FieldError[]): Content {
  return FIELD_NAMES.map((name) =>
    textArea({
      name,
      label: FIELDS[name].title,
      hint: FIELDS[name].hint,
      limit: LONGEST,
      rows: 4,
      value: given(name),
      error: errors.find((one) => one.path === name)?.message,
    }),
  );
}
