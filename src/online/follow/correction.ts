// What an officer asked to mend, as questions: which fields are open again, and how answers to them become changes. Pure.
import type { Application } from '#src/applications/application.ts';
import type { Answers } from '#src/catalogue/condition.ts';
import { type Issue, type Required, requiredDocuments, validateAnswers, visibleFields } from '#src/catalogue/form.ts';
import type { Field, Service, Step } from '#src/catalogue/service.ts';
import { readFields, type Typed, typeAnswers } from '../draft/reading.ts';

/** Some questions under one heading. `prefix` stands before the names of a list's items: "saksi.0.". */
export type Reopened = { step: Step; fields: [string, Field][]; prefix: string; title: string; item?: number };

/** The questions to answer again, in the order of the form. */
export function reopened(service: Service, application: Application, answers: Answers, today: string): Reopened[] {
  const asked = new Set(application.correction?.fields ?? []);
  return service.form.flatMap((step): Reopened[] => {
    if (step.repeat) {
      if (!asked.has(step.id)) return [];
      const items = Array.isArray(answers[step.id]) ? (answers[step.id] as Answers[]) : [];
      return items.map((given, item) => ({
        step,
        fields: visibleFields(step, { ...answers, ...given }, today),
        prefix: `${step.id}.${item}.`,
        title: `${step.repeat?.item} ${item + 1}`,
        item,
      }));
    }
    const fields = Object.entries(step.properties).filter(([id]) => asked.has(id));
    return fields.length > 0 ? [{ step, fields, prefix: '', title: step.title }] : [];
  });
}

/** The requirements to send again. One that the answers no longer ask for is left out. */
export function reasked(service: Service, application: Application, answers: Answers, today: string): Required[] {
  const asked = new Set(application.correction?.requirements ?? []);
  return requiredDocuments(service, answers, today).filter(({ requirement }) => asked.has(requirement.id));
}

export function typeReopened(groups: Reopened[], answers: Answers): Typed {
  return Object.assign(
    {},
    ...groups.map(({ step, fields, prefix, item }) =>
      typeAnswers(fields, item === undefined ? answers : ((answers[step.id] as Answers[])[item] ?? {}), prefix),
    ),
  );
}

/** The changed answers by field or list, with what is wrong in them; faults elsewhere in the form are kept apart. */
export function readReopened(
  service: Service,
  groups: Reopened[],
  answers: Answers,
  typed: Typed,
  today: string,
  village: (code: string) => boolean,
) {
  const changes: Answers = {};
  const unread: Issue[] = [];
  for (const { step, fields, prefix, item } of groups) {
    const read = readFields(fields, typed, prefix);
    unread.push(...read.issues);
    if (item === undefined) Object.assign(changes, read.answers);
    else
      changes[step.id] = Object.assign([], changes[step.id] ?? [], {
        [item]: defined({ ...(answers[step.id] as Answers[])[item], ...read.answers }),
      });
  }
  const judged = validateAnswers(service, defined({ ...answers, ...changes }), today, village);
  const names = new Set(groups.flatMap(({ fields, prefix }) => fields.map(([id]) => prefix + id)));
  const here = (list: Issue[]) => list.filter((issue) => names.has(issue.path));
  const issues = [...names].flatMap(
    (name) => unread.find((one) => one.path === name) ?? here(judged.issues).find((one) => one.path === name) ?? [],
  );
  const elsewhere = judged.issues.filter((issue) => !names.has(issue.path));
  return { changes: defined(changes), issues, elsewhere, warnings: here(judged.warnings) };
}

const defined = (answers: Answers): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== undefined));
