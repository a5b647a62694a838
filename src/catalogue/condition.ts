// When a question, a requirement or a fee concerns this person: a small language over the answers, written as data.

/**
 * `{ field, in }` holds when the answer is one of the values; `{ field, filled }` when it is (not) given;
 * `{ field, ageFrom, ageBelow }` when the date answered lies that many full years back (from inclusive, below exclusive).
 */
export type Condition =
  | { field: string; in: (string | number | boolean)[] }
  | { field: string; filled: boolean }
  | { field: string; ageFrom?: number; ageBelow?: number }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition };

export type Answers = Record<string, unknown>;

/** Whether `condition` holds for the answers on the day `today` (YYYY-MM-DD). No condition = always. */
export function holds(condition: Condition | undefined, answers: Answers, today: string): boolean {
  if (!condition) return true;
  if ('all' in condition) return condition.all.every((part) => holds(part, answers, today));
  if ('any' in condition) return condition.any.some((part) => holds(part, answers, today));
  if ('not' in condition) return !holds(condition.not, answers, today);
  const value = answers[condition.field];
  if ('in' in condition) return condition.in.includes(value as string);
  if ('filled' in condition) return isFilled(value) === condition.filled;
  if (typeof value !== 'string') return false;
  const age = fullYears(value, today);
  return age >= (condition.ageFrom ?? 0) && age < (condition.ageBelow ?? Number.POSITIVE_INFINITY);
}

/** Every field that a condition looks at. */
export function fieldsOf(condition: Condition | undefined): string[] {
  if (!condition) return [];
  if ('all' in condition) return condition.all.flatMap(fieldsOf);
  if ('any' in condition) return condition.any.flatMap(fieldsOf);
  if ('not' in condition) return fieldsOf(condition.not);
  return [condition.field];
}

/** Completed years from `date` to `today` (both YYYY-MM-DD); NaN for anything that is not such a date. */
export function fullYears(date: string, today: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return Number.NaN;
  const years = Number(today.slice(0, 4)) - Number(date.slice(0, 4));
  return today.slice(5) < date.slice(5) ? years - 1 : years;
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}
