// One application opened for somebody who may read it: everything one screen shows, from one place.

import { localDate } from '#platform/calendar.ts';
import type { Ctx } from '#platform/context.ts';
import { unseal } from '#platform/crypto.ts';
import { eventsOf } from '#platform/event-log.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import type { Answers } from '#src/catalogue/condition.ts';
import { type Required, requiredDocuments } from '#src/catalogue/form.ts';
import type { Agency, Service } from '#src/catalogue/service.ts';
import type { Action } from '#src/catalogue/workflow.ts';
import { officerNames } from '#src/identity/actions.ts';
import { may, permit } from '#src/rights.ts';
import { desksOf, loadByNumber, thing } from '../actions.ts';
import { type Application, type ApplicationEventType, type Status, statusOf } from '../application.ts';
import { caseKey, openAnswers, openLabel } from '../content/actions.ts';
import { openActions } from '../decide.ts';
import { evidenceOf, notesOf, type OpenTask, openTasksOf, type StoredApplication } from '../store.ts';

/** One line of the history. `who`: an officer's name, 'pemohon' or 'sistem'. `note`: opened free text. */
export type Moment = {
  type: ApplicationEventType;
  at: Date;
  who: string;
  own: boolean;
  channel: string;
  note?: string;
  data: Record<string, unknown>;
};

export type Evidenced = Required & { files: { id: string; kind: string; option: string; superseded: boolean }[] };

export type Dossier = {
  number: string;
  application: Application;
  stored: StoredApplication;
  service: Service;
  agency: Agency | undefined;
  status: Status;
  dueAt: Date;
  name: string;
  answers: Answers;
  documents: Evidenced[];
  tasks: OpenTask[];
  moments: Moment[];
  /** What this actor may do now; the others' actions are left out. */
  actions: [string, Action][];
  /** Opinions this actor may answer. */
  opinions: OpenTask[];
  mayConsult: boolean;
};

/** Opens a case. Throws Problem 404 or 403. Reading by an officer leaves no event; seeing full numbers does (revealAnswers). */
export async function openDossier(ctx: Ctx, number: string): Promise<Dossier> {
  const { stored, service } = await loadByNumber(ctx, number);
  const { application } = stored;
  const [tasks, events, notes, evidence, catalogue] = await Promise.all([
    openTasksOf(ctx, application.id),
    eventsOf(ctx, application.id, new Date(application.submittedAt)),
    notesOf(ctx, application.id),
    evidenceOf(ctx, application.id),
    getCatalogue(ctx),
  ]);
  const desks = await desksOf(ctx, service, application);
  // being asked for an opinion puts nobody at the desk that decides
  const deciding = desks.filter((desk) => !('kind' in desk));
  permit(ctx.actor, 'application.read', { application: thing(application), desks });
  const key = caseKey(ctx, stored);
  const answers = openAnswers(ctx, stored);
  const names = await officerNames(ctx, [
    ...new Set(events.map((event) => event.actor).filter((actor) => actor.length === 36)),
  ]);
  const rules = { service, calendar: ctx.calendar, now: ctx.now };
  const required = requiredDocuments(service, answers, localDate(ctx.calendar, new Date(application.submittedAt)));
  return {
    number: stored.number,
    application,
    stored,
    service,
    agency: catalogue.agencies.get(service.agency),
    status: statusOf(service, application),
    dueAt: new Date(application.dueAt),
    name: openLabel(ctx, stored),
    answers,
    documents: required.map((one) => ({
      ...one,
      files: evidence
        .filter((file) => file.requirement === one.requirement.id)
        .map(({ file, kind, option, superseded }) => ({ id: file, kind, option, superseded })),
    })),
    tasks,
    moments: events.map((event) => {
      const noteId = event.data.note as string | undefined;
      const note = noteId && notes.get(noteId);
      return {
        type: event.type as ApplicationEventType,
        at: new Date(event.at),
        who: names.get(event.actor) ?? (event.actor === 'system' ? 'sistem' : 'pemohon'),
        own: ctx.actor.kind === 'officer' && event.actor === ctx.actor.id,
        channel: event.channel,
        data: event.data,
        ...(note && { note: unseal(key, note).toString() }),
      };
    }),
    actions: openActions(rules, application).filter(
      ([, action]) =>
        may(ctx.actor, 'application.act', { application: thing(application), desks: deciding, by: action.by }).allowed,
    ),
    opinions: tasks.filter(
      (task) =>
        task.kind === 'opinion' &&
        may(ctx.actor, 'application.opine', { application: thing(application), desks: [task] }).allowed,
    ),
    mayConsult:
      ctx.actor.kind === 'officer' &&
      may(ctx.actor, 'application.consult', { application: thing(application), desks: deciding }).allowed,
  };
}

/** Whether a file belongs to a case that this actor may read; the case's number is part of the address of each file. */
export async function permitFile(ctx: Ctx, number: string, file: string): Promise<boolean> {
  const { stored, service } = await loadByNumber(ctx, number);
  permit(ctx.actor, 'application.read', {
    application: thing(stored.application),
    desks: await desksOf(ctx, service, stored.application),
  });
  return (await evidenceOf(ctx, stored.application.id)).some((one) => one.file === file);
}
