// The answers of a case as its officer reads them: by step, in words, personal numbers closed unless opened. Pure.
import type { Answers } from '#src/catalogue/condition.ts';
import { validateAnswers, visibleFields, visibleSteps } from '#src/catalogue/form.ts';
import { formatAnswer } from '#src/catalogue/input.ts';
import type { Field, Service } from '#src/catalogue/service.ts';

/** `id` is the field, or the step when it repeats: what a correction names. */
export type AnswerRow = { id: string; path: string; label: string; text: string; closed: boolean; warning?: string };
export type AnswerStep = { title: string; items: { title?: string; rows: AnswerRow[] }[] };

export type Reading = { today: string; villageName: (code: string) => string | undefined; open: boolean };

const PERSONAL = new Set(['nik', 'kk', 'phone']);

/** The steps that concern this person, with what was answered. `open` shows the personal numbers in full. */
export function readAnswers(service: Service, answers: Answers, reading: Reading): AnswerStep[] {
  const warnings = new Map(
    validateAnswers(service, answers, reading.today).warnings.map(({ path, message }) => [path, message]),
  );
  const row = (id: string, path: string, field: Field, value: unknown): AnswerRow => {
    const text = formatAnswer(field, value, reading.villageName);
    const closed = !reading.open && PERSONAL.has(field.format ?? '') && text !== '';
    const warning = warnings.get(path);
    return {
      id,
      path,
      label: field.title,
      text: closed ? lastFour(text) : text,
      closed,
      ...(warning && { warning: closed ? withoutDigits(warning) : warning }),
    };
  };
  return visibleSteps(service, answers, reading.today).map((step) => {
    if (!step.repeat) {
      const rows = visibleFields(step, answers, reading.today).map(([id, field]) => row(id, id, field, answers[id]));
      return { title: step.title, items: [{ rows }] };
    }
    const { item } = step.repeat;
    const given = Array.isArray(answers[step.id]) ? (answers[step.id] as Answers[]) : [];
    const items = given.map((one, index) => ({
      title: `${capital(item)} ${index + 1}`,
      rows: visibleFields(step, { ...answers, ...one }, reading.today).map(([id, field]) =>
        row(step.id, `${step.id}.${index}.${id}`, field, one[id]),
      ),
    }));
    return { title: step.title, items };
  });
}

/** What may be asked to be mended: each field that stands on the page, and each repeated step as a whole. */
export function mendable(service: Service, answers: Answers, today: string): { id: string; text: string }[] {
  return visibleSteps(service, answers, today).flatMap((step) =>
    step.repeat
      ? [{ id: step.id, text: step.title }]
      : visibleFields(step, answers, today).map(([id, field]) => ({ id, text: field.title })),
  );
}

/** "************0003": domain.md §8.7, since the first twelve digits tell place, sex and day of birth. */
export const lastFour = (text: string): string =>
  text.length <= 4 ? '••••' : `${'•'.repeat(Math.min(12, text.length - 4))}${text.slice(-4)}`;

// a warning may quote the first digits, which are closed
const withoutDigits = (text: string): string => text.replace(/\b\d{2} (?=pada awal)/, '');
const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
