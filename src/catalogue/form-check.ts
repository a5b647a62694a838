// Faults of a form and of what refers to it: questions asked for nothing, names that do not exist, conditions that can
// never hold or that look at what is asked later.
import { type Answers, type Condition, fieldsOf, holds } from './condition.ts';
import type { Problem } from './schema.ts';
import type { Field, Service } from './service.ts';
import { didYouMean } from './similar.ts';
import { repeated } from './workflow-check.ts';

type Place = { order: number; field: Field; path: string; repeatedIn?: string; asked: (Condition | undefined)[] };
type Use = { path: string; condition: Condition | undefined; before: number; insideStep?: string };

// What a document may name beside the answers.
const PLACEHOLDERS = ['number', 'date', 'agency', 'village', 'district'];
// Beyond this many combinations a condition is taken as possible: the check is for slips, not for proofs.
const MOST_COMBINATIONS = 20_000;

export function formProblems(service: Service): Problem[] {
  const { places, duplicates } = placesOf(service);
  const uses = usesOf(service);
  const mentions = [...mappingOf(service), ...placeholdersOf(service)];
  const used = new Set([
    ...uses.flatMap(({ condition }) => fieldsOf(condition)),
    ...mentions.map(({ field }) => field),
  ]);
  return [
    ...duplicates,
    ...uses.flatMap((use) => conditionProblems(use, places)),
    ...mentions.flatMap((mention) => mentionProblems(mention, places)),
    ...[...places].flatMap(([id, { field, path }]) => {
      if (used.has(id) || field.usedFor !== undefined) return [];
      const message = `Pertanyaan "${field.title}" tidak dipakai di mana pun; hapus, atau tulis usedFor: untuk apa.`;
      return [{ code: 'unused-field', path, message }];
    }),
    ...[...places].flatMap(([id, { field, path }]) =>
      field.checklist && !uses.some(({ condition }) => fieldsOf(condition).includes(id))
        ? [
            {
              code: 'idle-checklist',
              path: `${path}.checklist`,
              message: `Jawaban "${field.title}" tidak mengubah syarat apa pun; hapus checklist.`,
            },
          ]
        : [],
    ),
    ...service.form.flatMap((step, i) =>
      (step.optional ?? []).flatMap((id, j) => {
        if (Object.hasOwn(step.properties, id)) return [];
        const message = `Isian "${id}" tidak ada di langkah ini.${didYouMean(id, Object.keys(step.properties))}`;
        return [{ code: 'unknown-field', path: `form.${i}.optional.${j}`, message }];
      }),
    ),
  ];
}

/** Where each field stands; a field may be looked at from another step unless it is repeated. */
function placesOf({ form }: Service): { places: Map<string, Place>; duplicates: Problem[] } {
  const places = new Map<string, Place>();
  const duplicates: Problem[] = [];
  let order = 0;
  for (const [i, step] of form.entries()) {
    for (const [id, field] of Object.entries(step.properties)) {
      const path = `form.${i}.properties.${id}`;
      if (places.has(id))
        duplicates.push({
          code: 'duplicate-id',
          path,
          message: `Isian "${id}" sudah ada di langkah lain; ganti namanya.`,
        });
      const place = { order: order++, field, path, asked: [step.when, field.when] };
      places.set(id, step.repeat ? { ...place, repeatedIn: step.id } : place);
    }
  }
  for (const id of repeated(form.map((step) => step.id)))
    duplicates.push({
      code: 'duplicate-id',
      path: 'form',
      message: `Langkah "${id}" ditulis dua kali; ganti id salah satunya.`,
    });
  return { places, duplicates };
}

/** Every condition of the service, and from which point of the form on it can look back. */
function usesOf(service: Service): Use[] {
  const uses: Use[] = [];
  let order = 0;
  for (const [i, step] of service.form.entries()) {
    uses.push({ path: `form.${i}.when`, condition: step.when, before: order });
    for (const [id, field] of Object.entries(step.properties)) {
      const when = field.when && step.when ? { all: [step.when, field.when] } : field.when;
      uses.push({ path: `form.${i}.properties.${id}.when`, condition: when, before: order++, insideStep: step.id });
    }
  }
  const before = Number.POSITIVE_INFINITY;
  for (const [i, requirement] of service.requirements.entries()) {
    uses.push({ path: `requirements.${i}.when`, condition: requirement.when, before });
    for (const [j, option] of requirement.options.entries())
      uses.push({ path: `requirements.${i}.options.${j}.when`, condition: option.when, before });
  }
  for (const [i, fee] of service.fees.entries()) uses.push({ path: `fees.${i}.when`, condition: fee.when, before });
  return uses.filter(({ condition }) => condition !== undefined);
}

function conditionProblems({ path, condition, before, insideStep }: Use, places: Map<string, Place>): Problem[] {
  const names = [...new Set(fieldsOf(condition))];
  const problems = names.flatMap((name): Problem[] => {
    const place = places.get(name);
    if (!place) return [{ code: 'unknown-field', path, message: unknownField(name, places) }];
    if (place.repeatedIn !== undefined && place.repeatedIn !== insideStep)
      return [
        {
          code: 'unknown-field',
          path,
          message: `"${name}" dijawab berulang; kondisi di luar langkahnya tidak bisa melihatnya.`,
        },
      ];
    if (place.order >= before)
      return [
        {
          code: 'condition-order',
          path,
          message: `Kondisi ini melihat "${name}" yang baru ditanyakan kemudian; pindahkan pertanyaannya ke depan.`,
        },
      ];
    return valueProblems(condition!, name, place.field, path);
  });
  if (problems.length > 0 || possible(condition!, names, places)) return problems;
  return [
    {
      code: 'impossible-condition',
      path,
      message: 'Kondisi ini tidak pernah terpenuhi; perbaiki nilainya atau hapus.',
    },
  ];
}

/** `in` with a value that the question does not offer: a slip that would hide something for ever. */
function valueProblems(condition: Condition, name: string, field: Field, path: string): Problem[] {
  const offered: unknown[] | undefined =
    field.oneOf?.map((one) => one.const) ?? (field.type === 'boolean' ? [true, false] : undefined);
  if (!offered) return [];
  return valuesAskedOf(condition, name)
    .filter((value) => !offered.includes(value))
    .map((value) => {
      const known = offered.map(String);
      const message = `"${name}" tidak punya jawaban "${value}"; yang ada: ${known.join(', ')}.${didYouMean(String(value), known)}`;
      return { code: 'impossible-condition', path, message };
    });
}

function valuesAskedOf(condition: Condition, name: string): unknown[] {
  if ('all' in condition) return condition.all.flatMap((part) => valuesAskedOf(part, name));
  if ('any' in condition) return condition.any.flatMap((part) => valuesAskedOf(part, name));
  if ('not' in condition) return valuesAskedOf(condition.not, name);
  return condition.field === name && 'in' in condition ? condition.in : [];
}

// Any day will do: ages are counted back from it on both sides.
const DAY = '2024-07-01';

/** Whether some answers make the condition hold, each answer only counting when its own question is asked. */
function possible(condition: Condition, names: string[], places: Map<string, Place>): boolean {
  const own = names.flatMap((name) => places.get(name)!.asked);
  const all = [...new Set([...names, ...own.flatMap(fieldsOf)])].filter((name) => places.has(name));
  const ordered = all.sort((a, b) => places.get(a)!.order - places.get(b)!.order);
  const choices = ordered.map((name) => candidates(name, places.get(name)!.field, [condition, ...own]));
  if (choices.reduce((product, { length }) => product * length, 1) > MOST_COMBINATIONS) return true;
  const attempt = (i: number, answers: Answers): boolean => {
    if (i === ordered.length) return holds(condition, answers, DAY);
    const name = ordered[i]!;
    const asked = places.get(name)!.asked.every((when) => holds(when, answers, DAY));
    return (asked ? choices[i]! : [undefined]).some((value) => attempt(i + 1, { ...answers, [name]: value }));
  };
  return attempt(0, {});
}

/** Values that stand for all answers a condition can tell apart. */
function candidates(name: string, field: Field, conditions: (Condition | undefined)[]): unknown[] {
  if (field.oneOf) return [undefined, ...field.oneOf.map((one) => one.const)];
  if (field.type === 'boolean') return [undefined, true, false];
  const leaves = conditions
    .flatMap((condition) => (condition ? leavesOf(condition) : []))
    .filter((leaf) => leaf.field === name);
  const values = leaves.flatMap((leaf) => ('in' in leaf ? leaf.in : []));
  const ages = leaves.flatMap((leaf) => ('filled' in leaf || 'in' in leaf ? [] : [leaf.ageFrom, leaf.ageBelow]));
  const dates = ages
    .flatMap((age) => (age === undefined ? [] : [age - 1, age]))
    .map((age) => `${2024 - Math.floor(age)}${DAY.slice(4)}`);
  return [undefined, 'x', ...values, ...dates];
}

type Leaf = Exclude<Condition, { all: Condition[] } | { any: Condition[] } | { not: Condition }>;

function leavesOf(condition: Condition): Leaf[] {
  if ('all' in condition) return condition.all.flatMap(leavesOf);
  if ('any' in condition) return condition.any.flatMap(leavesOf);
  if ('not' in condition) return leavesOf(condition.not);
  return [condition];
}

type Mention = { path: string; field: string; code: 'unknown-field' | 'unknown-placeholder'; format?: Field['format'] };

function mappingOf({ applicant }: Service): Mention[] {
  const formats: Record<string, Field['format']> = { nik: 'nik', phone: 'phone', village: 'village' };
  return Object.entries(applicant).map(([part, field]) => ({
    path: `applicant.${part}`,
    field,
    code: 'unknown-field',
    format: formats[part],
  }));
}

function placeholdersOf({ products }: Service): Mention[] {
  return products.flatMap(({ document }, i) => {
    if (!document) return [];
    const { title, opening, closing, signer, rows = [] } = document;
    const texts = Object.entries({ title, opening, closing, signer }).map(([part, text]) => ({ part, text }));
    const all = [...texts, ...rows.map(({ value }, j) => ({ part: `rows.${j}.value`, text: value }))];
    return all.flatMap(({ part, text }) =>
      [...(text ?? '').matchAll(/\{([^{}]*)\}/g)]
        .map((match) => match[1]!)
        .filter((field) => !PLACEHOLDERS.includes(field))
        .map((field) => ({ path: `products.${i}.document.${part}`, field, code: 'unknown-placeholder' as const })),
    );
  });
}

function mentionProblems({ path, field, code, format }: Mention, places: Map<string, Place>): Problem[] {
  const place = places.get(field);
  if (!place) {
    const more = code === 'unknown-placeholder' ? PLACEHOLDERS : [];
    return [{ code, path, message: unknownField(field, places, more) }];
  }
  if (place.repeatedIn !== undefined)
    return [{ code, path, message: `"${field}" dijawab berulang; di sini hanya isian yang dijawab sekali.` }];
  if (format && place.field.format !== format)
    return [{ code: 'wrong-format', path, message: `Isian "${field}" harus berformat ${format}.` }];
  return [];
}

function unknownField(name: string, places: Map<string, Place>, more: string[] = []): string {
  return `Isian "${name}" tidak ada di formulir; perbaiki namanya.${didYouMean(name, [...places.keys(), ...more])}`;
}
