// Answers as a paper prints them: one by one, and those that were given more than once as lists. Pure.
import type { Answers } from '#src/catalogue/condition.ts';
import { formatAnswer } from '#src/catalogue/input.ts';
import type { Product, Service } from '#src/catalogue/service.ts';
import type { List, Values } from '../letter.ts';

/** Every single answer as people read it. */
export function valuesOf(service: Service, answers: Answers, village: string): Values {
  const values: Values = {};
  for (const step of service.form) {
    if (step.repeat) continue;
    for (const [id, field] of Object.entries(step.properties)) {
      if (answers[id] !== undefined) values[id] = formatAnswer(field, answers[id], () => village);
    }
  }
  return values;
}

/** What was answered more than once, as the product wants it attached; a list without entries is left out. */
export function listsOf(service: Service, product: Product, answers: Answers, village: string): List[] {
  return (product.document?.lists ?? []).flatMap(({ title, step, columns }) => {
    const form = service.form.find(({ id }) => id === step);
    const items = answers[step];
    if (!form || !Array.isArray(items) || items.length === 0) return [];
    const fields = columns.flatMap((id) => {
      const field = form.properties[id];
      return field ? [{ id, field }] : [];
    });
    const rows = (items as Record<string, unknown>[]).map((item) =>
      fields.map(({ id, field }) => formatAnswer(field, item[id], () => village)),
    );
    return [{ title, columns: fields.map(({ field }) => field.title), rows }];
  });
}
