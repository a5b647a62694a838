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
import { calendarOf } from '../calendars/actions.ts';
import { caseKey, ERASED, openAnswers, openLabel } from '../content/actions.ts';
import { openActions } from '../decide.ts';
import { evidenceOf, notesOf, type OpenTask, openTasksOf, type StoredApplication } from '../store.ts';
import { withEscalation } from '../tasks.ts';

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
  /** Destroyed by schedule or on request: no name, answers, notes or files any more. */
  erased: boolean;
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

/** Opens a case. Throws Problem 404 or 403. The page or API that shows it to an officer records the look (looks/actions.ts); seeing full numbers is an act (revealAnswers). */
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
  // a case that was destroyed at its time can still be looked at: what happened when, without what it was about
  const key = stored.key ? caseKey(ctx, stored) : undefined;
  const answers = key ? openAnswers(ctx, stored) : {};
  const names = await officerNames(ctx, [
    ...new Set(events.map((event) => event.actor).filter((actor) => actor.length === 36)),
  ]);
  const rules = { service, calendar: await calendarOf(ctx, service.agency), now: ctx.now };
  const required = key
    ? requiredDocuments(service, answers, localDate(ctx.calendar, new Date(application.submittedAt)))
    : [];
  return {
    number: stored.number,
    application,
    stored,
    service,
    agency: catalogue.agencies.get(service.agency),
    status: statusOf(service, application),
    dueAt: new Date(application.dueAt),
    name: openLabel(ctx, stored),
    erased: !key,
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
        ...(noteId && !key ? { note: ERASED } : note && key && { note: unseal(key, note).toString() }),
      };
    }),
    actions: openActions(rules, application).filter(([, action]) => {
      const at = { application: thing(application), desks: deciding, by: action.by };
      withEscalation(at, action, tasks);
      return may(ctx.actor, 'application.act', at).allowed;
    }),
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
