// The form of a service over the answers given so far: what is asked, what is missing or wrong, what is to be brought.
// The same on the web, in the API, in the analyser and on the doorstep device.
import { missing, type Reader, readerOf, type Surroundings } from './answer.ts';
import { type Answers, type Condition, holds } from './condition.ts';
import { nikParts } from './nik.ts';
import type { Field, Requirement, Service, Step } from './service.ts';
import { didYouMean } from './similar.ts';

/** `path` is where the answer stands (`saksi.0.nikSaksi`), `field` its id; `message` says what to do. */
export type Issue = { path: string; field: string; message: string };
export type Validation = { issues: Issue[]; warnings: Issue[]; clean: Answers };
export type Required = { requirement: Requirement; options: Requirement['options'] };

type Question = { id: string; field: Field; when: Condition | undefined; required: boolean; read: Reader };
type Person = { nik: string; birth: string | undefined; sex: string | undefined };
type Page = { step: Step; questions: Question[]; fields: ReadonlySet<string>; person: Person | undefined };
type Form = { pages: Page[]; known: ReadonlySet<string> };

// A published service never changes, so its readers and names are made once and live as long as it does.
const prepared = new WeakMap<Service, Form>();

/** The steps that concern this person, in order. Answers to questions that are hidden by now decide nothing. */
export function visibleSteps(service: Service, answers: Answers, today: string): Step[] {
  const live: Answers = {};
  return prepare(service)
    .pages.filter((page) => takeLive(page, answers, live, today))
    .map((page) => page.step);
}

/** The fields of a step to ask, by id, in order. `answers` holds those of earlier steps and of this one (or this item). */
export function visibleFields(step: Step, answers: Answers, today: string): [string, Field][] {
  const live: Answers = { ...answers };
  for (const id of Object.keys(step.properties)) delete live[id];
  return Object.entries(step.properties).filter(([id, field]) => {
    if (!holds(field.when, live, today)) return false;
    if (Object.hasOwn(answers, id)) live[id] = answers[id];
    return true;
  });
}

/** The issues of one step; `answers` holds everything answered so far. A hidden step has none. */
export function validateStep(
  service: Service,
  step: Step,
  answers: Answers,
  today: string,
  knownVillage?: (code: string) => boolean,
): Issue[] {
  const live: Answers = {};
  const result: Validation = { issues: [], warnings: [], clean: live };
  for (const page of prepare(service).pages) {
    if (page.step.id !== step.id) takeLive(page, answers, live, today);
    else {
      validatePage(page, answers, { today, knownVillage }, result);
      break;
    }
  }
  return result.issues;
}

/**
 * Judges a whole form. `issues` stop the submission; `warnings` ask to look again; `clean` holds the answers of the
 * visible fields in their one spelling, without those refused. Answers of hidden fields are dropped without a word;
 * fields that the form does not know are issues. A repeated step is an array of items under the step's id.
 */
export function validateAnswers(
  service: Service,
  answers: unknown,
  today: string,
  knownVillage?: (code: string) => boolean,
): Validation {
  const result: Validation = { issues: [], warnings: [], clean: {} };
  if (!isRecord(answers)) {
    result.issues.push({ path: '', field: '', message: 'Kirim jawaban sebagai pasangan nama isian dan jawabannya.' });
    return result;
  }
  const form = prepare(service);
  for (const key of Object.keys(answers))
    if (!form.known.has(key)) result.issues.push(unknownField(key, '', form.known));
  const around: Surroundings = { today, knownVillage };
  for (const page of form.pages) validatePage(page, answers, around, result);
  return result;
}

/** The answers without those of questions that are hidden by now; not judged otherwise. */
export function liveAnswers(service: Service, answers: Answers, today: string): Answers {
  const live: Answers = {};
  for (const page of prepare(service).pages) takeLive(page, answers, live, today);
  return live;
}

/** What this person must bring: requirements whose condition holds, each with the alternatives open to them. */
export function requiredDocuments(service: Service, answers: Answers, today: string): Required[] {
  const live = liveAnswers(service, answers, today);
  return service.requirements
    .filter((requirement) => holds(requirement.when, live, today))
    .map((requirement) => {
      const open = requirement.options.filter((option) => holds(option.when, live, today));
      // Nobody may stand before a requirement that nothing can meet: the usual document is then the way.
      return { requirement, options: open.length > 0 ? open : requirement.options.slice(0, 1) };
    });
}

function prepare(service: Service): Form {
  const done = prepared.get(service);
  if (done) return done;
  const pages = service.form.map(preparePage);
  const known = new Set<string>();
  for (const page of pages) {
    if (page.step.repeat) known.add(page.step.id);
    else for (const id of page.fields) known.add(id);
  }
  const form: Form = { pages, known };
  prepared.set(service, form);
  return form;
}

function preparePage(step: Step): Page {
  const optional = new Set(step.optional);
  const questions = Object.entries(step.properties).map(([id, field]) => ({
    id,
    field,
    when: field.when,
    required: !optional.has(id),
    read: readerOf(field),
  }));
  return { step, questions, fields: new Set(Object.keys(step.properties)), person: personOf(questions) };
}

/** A step with exactly one NIK beside a birth date or a sex speaks of one person; only then may they be compared. */
function personOf(questions: Question[]): Person | undefined {
  const niks = questions.filter(({ field }) => field.format === 'nik');
  const births = questions.filter(({ id, field }) => field.format === 'date' && /lahir|birth/i.test(id));
  const sexes = questions.filter(
    ({ field }) => field.oneOf?.length === 2 && field.oneOf.every((one) => one.const === 'L' || one.const === 'P'),
  );
  if (niks.length !== 1 || births.length > 1 || sexes.length > 1 || births.length + sexes.length === 0)
    return undefined;
  return { nik: niks[0]!.id, birth: births[0]?.id, sex: sexes[0]?.id };
}

function validatePage(page: Page, answers: Answers, around: Surroundings, result: Validation): void {
  const { step } = page;
  if (step.when && !holds(step.when, result.clean, around.today)) return;
  if (!step.repeat) {
    validateItem(page, answers, result.clean, '', around, result, result.clean);
    return;
  }
  const { item: name, min, max } = step.repeat;
  const given = Object.hasOwn(answers, step.id) ? answers[step.id] : undefined;
  const items = given === undefined || given === null ? [] : given;
  const issue = (message: string, path = step.id) => result.issues.push({ path, field: step.id, message });
  if (!Array.isArray(items)) {
    issue(`Kirim "${step.title}" sebagai daftar, satu isian untuk setiap ${name.toLowerCase()}.`);
    return;
  }
  if (items.length < min) issue(`Isi ${min === max ? '' : 'paling sedikit '}${min} ${name.toLowerCase()}.`);
  if (items.length > max) issue(`Isi paling banyak ${max} ${name.toLowerCase()}.`);
  // Items beyond the limit are already refused; judging each of a million would only serve an attacker.
  result.clean[step.id] = items.slice(0, max).map((item: unknown, i) => {
    const cleanItem: Answers = {};
    const path = `${step.id}.${i}`;
    if (!isRecord(item)) {
      issue(`Isi data ${name.toLowerCase()} ke-${i + 1}.`, path);
      return cleanItem;
    }
    for (const key of Object.keys(item))
      if (!page.fields.has(key)) result.issues.push(unknownField(key, `${path}.`, page.fields));
    validateItem(page, item, cleanItem, `${path}.`, around, result, { ...result.clean });
    return cleanItem;
  });
}

/** One round through the questions of a step. `seen` is what conditions look at: earlier answers and this item's own. */
function validateItem(
  page: Page,
  given: Answers,
  clean: Answers,
  prefix: string,
  around: Surroundings,
  result: Validation,
  seen: Answers,
): void {
  for (const { id, field, when, required, read } of page.questions) {
    if (when && !holds(when, seen, around.today)) continue;
    const value = Object.hasOwn(given, id) ? given[id] : undefined;
    if (isEmpty(value)) {
      if (required) result.issues.push({ path: prefix + id, field: id, message: missing(field) });
      continue;
    }
    const reading = read(value, around);
    if (reading.issue !== undefined) {
      result.issues.push({ path: prefix + id, field: id, message: reading.issue });
      continue;
    }
    if (reading.warning !== undefined) result.warnings.push({ path: prefix + id, field: id, message: reading.warning });
    clean[id] = reading.value;
    if (seen !== clean) seen[id] = reading.value;
  }
  if (page.person) comparePerson(page.person, clean, prefix, result);
}

/** A NIK carries birth date and sex: when they differ from the answers, one of the two is mistyped, we cannot know which. */
function comparePerson(person: Person, clean: Answers, prefix: string, result: Validation): void {
  const nik = clean[person.nik];
  if (typeof nik !== 'string') return;
  const parts = nikParts(nik);
  if (parts.births.length === 0) return;
  const birth = person.birth === undefined ? undefined : clean[person.birth];
  const sex = person.sex === undefined ? undefined : clean[person.sex];
  const differs = [
    ...(typeof birth === 'string' && !parts.births.includes(birth) ? ['tanggal lahir'] : []),
    ...(typeof sex === 'string' && sex !== parts.sex ? ['jenis kelamin'] : []),
  ];
  if (differs.length === 0) return;
  const message = `NIK ini tidak cocok dengan ${differs.join(' dan ')} yang diisi; periksa keduanya.`;
  result.warnings.push({ path: prefix + person.nik, field: person.nik, message });
}

/** Copies the answers of the visible fields of a page into `live`; false when the page itself is hidden. */
function takeLive(page: Page, answers: Answers, live: Answers, today: string): boolean {
  const { step } = page;
  if (!holds(step.when, live, today)) return false;
  if (step.repeat) {
    if (Object.hasOwn(answers, step.id)) live[step.id] = answers[step.id];
    return true;
  }
  for (const { id, when } of page.questions)
    if (holds(when, live, today) && Object.hasOwn(answers, id)) live[id] = answers[id];
  return true;
}

function unknownField(key: string, prefix: string, known: ReadonlySet<string>): Issue {
  const shown = key.length > 60 ? `${key.slice(0, 60)}…` : key;
  return {
    path: prefix + shown,
    field: shown,
    message: `Isian "${shown}" tidak dikenal; hapus dari kiriman.${didYouMean(key, known)}`,
  };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (typeof value === 'string' && value.trim() === '');
}

function isRecord(value: unknown): value is Answers {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
