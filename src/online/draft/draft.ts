// One application being filled in: which pages it has for this person, which comes next, what a posted page changes. Pure.
import { type Answers, fieldsOf } from '#src/catalogue/condition.ts';
import {
  type Issue,
  type Required,
  requiredDocuments,
  validateAnswers,
  visibleFields,
  visibleSteps,
} from '#src/catalogue/form.ts';
import type { Field, Service, Step } from '#src/catalogue/service.ts';
import type { Relation } from '#src/identity/mandates/mandate.ts';

export type DraftFile = { id: string; name: string; size: number };
/** What was chosen for one requirement. `later`: the original is shown to an officer instead of a photo sent now. */
export type Choice = { option?: string; files: DraftFile[]; later?: boolean };
/** Under what mandate somebody applies for another, as that person declares it. */
export type Behalf = { relation: Relation; principal: string; agentName: string; days: number };
/**
 * `sent`: the person pressed send and we do not know yet how it ended; `number`: it became this application, `mandate`: under
 * this mandate. `for`: whose matter it is, asked once before the first question; not asked of older drafts, which are for oneself.
 */
export type Content = {
  answers: Answers;
  documents: Record<string, Choice>;
  for?: 'self' | 'other';
  behalf?: Behalf;
  sent?: boolean;
  number?: string;
  mandate?: string;
};

export const EMPTY: Content = { answers: {}, documents: {} };
export const DRAFT_DAYS = 14;

/** A page of the way from the first question to sending. `path` is the end of its address, `chapter` its step for counting. */
export type FieldsPage = {
  kind: 'fields';
  path: string;
  chapter: string;
  step: Step;
  fields: [string, Field][];
  item?: number;
  first: boolean;
};
export type ListPage = { kind: 'list'; path: string; chapter: string; step: Step };
export type DocumentPage = { kind: 'document'; path: string; chapter: string; required: Required };
/** Who acts for whom; only when it is for another. */
export type MandatePage = { kind: 'mandate'; path: 'mulai/kuasa'; chapter: 'kuasa' };
export type CheckPage = { kind: 'check'; path: 'periksa'; chapter: 'periksa' };
export type DraftPage = FieldsPage | ListPage | DocumentPage | MandatePage | CheckPage;

export const MANDATE: MandatePage = { kind: 'mandate', path: 'mulai/kuasa', chapter: 'kuasa' };
const CHECK: CheckPage = { kind: 'check', path: 'periksa', chapter: 'periksa' };

/** All pages that concern this person as far as we know, in order. */
export function pagesOf(service: Service, content: Content, today: string): DraftPage[] {
  const pages: DraftPage[] = content.for === 'other' ? [MANDATE] : [];
  for (const step of visibleSteps(service, content.answers, today)) {
    if (!step.repeat) pages.push(...partsOf(step, content.answers, today));
    else {
      const count = Math.max(step.repeat.min, itemsOf(content.answers, step).length);
      for (let item = 0; item < count; item++) pages.push(...itemPages(step, content.answers, today, item));
      if (step.repeat.min !== step.repeat.max) pages.push({ kind: 'list', path: step.id, chapter: step.id, step });
    }
  }
  for (const required of uploads(service, content.answers, today)) {
    pages.push({ kind: 'document', path: `dokumen/${required.requirement.id}`, chapter: 'dokumen', required });
  }
  return [...pages, CHECK];
}

/** The page at an address; also the next item of a list that may grow. */
export function findPage(service: Service, content: Content, today: string, path: string): DraftPage | undefined {
  const known = pagesOf(service, content, today).find((page) => page.path === path);
  if (known) return known;
  const step = service.form.find((one) => one.repeat && path.startsWith(`${one.id}.`));
  if (!step?.repeat || !visibleSteps(service, content.answers, today).includes(step)) return undefined;
  const next = itemsOf(content.answers, step).length;
  if (next >= step.repeat.max) return undefined;
  return itemPages(step, content.answers, today, next).find((page) => page.path === path);
}

export function itemsOf(answers: Answers, step: Step): Answers[] {
  const items = answers[step.id];
  return Array.isArray(items) ? (items as Answers[]) : [];
}

/** Documents to be sent; what is only shown, or looked up by us, has no page. */
export const uploads = (service: Service, answers: Answers, today: string): Required[] =>
  requiredDocuments(service, answers, today).filter(({ requirement }) => requirement.evidence === 'upload');

/** The questions asked before applying, so that the list of what to bring fits the person. */
export const checklistFields = (service: Service): [string, Field][] =>
  service.form.flatMap((step) =>
    step.repeat ? [] : Object.entries(step.properties).filter(([, field]) => field.checklist),
  );

// A question that depends on another of the same step comes on a later page, since pages carry no script. A place is
// looked for, which takes more than one turn, so it stands alone.
function partNumbers(step: Step): Map<string, number> {
  const parts = new Map<string, number>();
  let part = 0;
  let alone = false;
  for (const [id, field] of Object.entries(step.properties)) {
    const depends = fieldsOf(field.when).map((other) => (parts.get(other) ?? -1) + 1);
    const own = field.format === 'village';
    if (parts.size > 0 && (own || alone)) part += 1;
    part = Math.max(part, ...depends);
    alone = own;
    parts.set(id, part);
  }
  return parts;
}

// "kontak.2" is a step's second part; "saksi.1" a list's first item, so an item's second part is "saksi.1.2".
function partsOf(step: Step, seen: Answers, today: string, base = step.id, item?: number): FieldsPage[] {
  const numbers = partNumbers(step);
  const pages = new Map<number, [string, Field][]>();
  for (const [id, field] of visibleFields(step, seen, today)) {
    const part = numbers.get(id) ?? 0;
    pages.set(part, [...(pages.get(part) ?? []), [id, field]]);
  }
  const several = new Set(numbers.values()).size > 1;
  return [...pages].map(([part, fields], i) => ({
    kind: 'fields',
    path: part === 0 ? base : `${base}.${part + 1}`,
    chapter: step.id,
    step,
    fields,
    first: !several || i === 0,
    ...(item !== undefined && { item }),
  }));
}

function itemPages(step: Step, answers: Answers, today: string, item: number): FieldsPage[] {
  const given = itemsOf(answers, step)[item] ?? {};
  return partsOf(step, { ...answers, ...given }, today, `${step.id}.${item + 1}`, item);
}

/** The answers after one page was read: only this page's fields change, so that two windows take nothing from each other. */
export function merge(answers: Answers, page: FieldsPage, read: Answers): Answers {
  if (page.item === undefined) return without({ ...answers, ...read });
  const items = [...itemsOf(answers, page.step)];
  while (items.length < page.item) items.push({});
  items[page.item] = without({ ...items[page.item], ...read });
  return { ...answers, [page.step.id]: items };
}

export function removeItem(answers: Answers, step: Step, item: number): Answers {
  return { ...answers, [step.id]: itemsOf(answers, step).filter((_, i) => i !== item) };
}

const without = (answers: Answers): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== undefined));

/** The answers without those that the service, as it is now, does not ask. */
export function known(service: Service, answers: Answers): Answers {
  const ids = new Set(service.form.flatMap((step) => (step.repeat ? [step.id] : Object.keys(step.properties))));
  return Object.fromEntries(Object.entries(answers).filter(([id]) => ids.has(id)));
}

/** Where a fault of this page's own answers stands in the list of all: "namaAnak", "saksi.1.nikSaksi". */
export const pathOf = (page: FieldsPage, field: string): string =>
  page.item === undefined ? field : `${page.step.id}.${page.item}.${field}`;

/** Issues and warnings about the questions of one page, named as on the page. */
export function judge(
  service: Service,
  page: FieldsPage,
  answers: Answers,
  today: string,
  village: (code: string) => boolean,
): { issues: Issue[]; warnings: Issue[] } {
  const all = validateAnswers(service, known(service, answers), today, village);
  const own = (issues: Issue[]) =>
    page.fields.flatMap(([id]) => {
      const path = pathOf(page, id);
      return issues.filter((issue) => issue.path === path).map((issue) => ({ ...issue, path: id }));
    });
  return { issues: own(all.issues), warnings: own(all.warnings) };
}

/** What still stands in the way of sending, each with the page where it is mended. */
export type Gap = { page: DraftPage; message: string };

export function gapsOf(service: Service, content: Content, today: string, village: (code: string) => boolean): Gap[] {
  const pages = pagesOf(service, content, today);
  const gaps: Gap[] = [];
  if (content.for === 'other' && !content.behalf)
    gaps.push({ page: MANDATE, message: 'Isi untuk siapa Anda mengajukan, dan sebagai apa.' });
  for (const issue of validateAnswers(service, known(service, content.answers), today, village).issues) {
    const page =
      pages.find((one) => one.kind === 'fields' && one.fields.some(([id]) => pathOf(one, id) === issue.path)) ??
      pages.find((one) => one.chapter === issue.path.split('.')[0]);
    if (page) gaps.push({ page, message: issue.message });
  }
  for (const page of pages) {
    if (page.kind !== 'document' || page.required.requirement.optional) continue;
    const choice = content.documents[page.required.requirement.id];
    if (!choice?.later && !choice?.files.length)
      gaps.push({
        page,
        message: `Unggah ${page.required.options[0]?.name ?? 'berkas'}, atau pilih menunjukkan aslinya nanti.`,
      });
  }
  const order = (page: DraftPage) => pages.indexOf(page);
  return gaps.sort((a, b) => order(a.page) - order(b.page));
}

/** Where somebody goes on: the first page with a gap, otherwise the check. */
export const nextGap = (gaps: Gap[]): string => gaps[0]?.page.path ?? CHECK.path;

/** The page after this one. `pages` are those after its answers were saved. */
export function after(pages: DraftPage[], path: string): string {
  const at = pages.findIndex((page) => page.path === path);
  return pages[at + 1]?.path ?? CHECK.path;
}

export function before(pages: DraftPage[], path: string): string | undefined {
  const at = pages.findIndex((page) => page.path === path);
  return at < 0 ? pages.at(-2)?.path : pages[at - 1]?.path;
}

/** "Langkah 2 dari 6": pages of one step count once. */
export function progress(pages: DraftPage[], page: DraftPage): { current: number; total: number } {
  const chapters = [...new Set(pages.map((one) => one.chapter))];
  return { current: chapters.indexOf(page.chapter) + 1, total: chapters.length };
}

/** The files chosen, as an application takes them: only for what is asked now. */
export function givenDocuments(
  service: Service,
  content: Content,
  today: string,
): { file: string; requirement: string; option: string }[] {
  return uploads(service, content.answers, today).flatMap(({ requirement, options }) => {
    const choice = content.documents[requirement.id];
    if (!choice) return [];
    const option = options.find((one) => one.id === choice.option)?.id ?? options[0]?.id ?? '';
    return choice.files.map((file) => ({ file: file.id, requirement: requirement.id, option }));
  });
}
