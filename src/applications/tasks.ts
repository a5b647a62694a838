// The work that a state opens: on whose desk it lands and until when. Pure.
import { type Calendar, dueAfter } from '#platform/calendar.ts';
import type { Service } from '#src/catalogue/service.ts';
import { type Action, deskRoles } from '#src/catalogue/workflow.ts';
import { type Application, districtOf, type Opinion, stateOf } from './application.ts';

/** What the core needs to know of the world. */
export type Rules = { service: Service; calendar: Calendar; now: Date };

/** Work that a decision opens, on the desk where it lands. */
export type TaskDraft = {
  kind: 'work' | 'opinion' | 'resident' | 'escalation';
  agency: string;
  role: string;
  area: string;
  state: string;
  opinion?: string;
  dueAt: Date;
  /** When the clock itself acts: escalates or expires. */
  lateAt?: Date;
};

/** The tasks that stand open because the application has just entered its state. */
export function tasksOn(rules: Rules, application: Application): TaskDraft[] {
  const { service, calendar, now } = rules;
  const state = stateOf(service, application.state);
  if (state.end) return [];
  const limit = state.limit && dueAfter(calendar, now, state.limit);
  const timed = state.onLimit && limit ? { lateAt: limit } : {};
  if (state.waitsFor) {
    return [
      {
        kind: 'resident',
        agency: service.agency,
        role: 'applicant',
        area: '',
        state: application.state,
        dueAt: limit ?? new Date(application.dueAt),
        ...timed,
      },
    ];
  }
  const dueAt = limit ?? new Date(application.dueAt);
  const desk = deskOf(service, application);
  // one timer a state, however many roles share the work
  const work = deskRoles(state).map(
    (role, index): TaskDraft => ({
      kind: 'work',
      ...desk,
      role,
      state: application.state,
      dueAt,
      ...(index === 0 && timed),
    }),
  );
  const opinions = application.opinions
    .filter((opinion) => !opinion.answer)
    .map((opinion) => {
      const rule = state.opinions?.ask.find((asked) => asked.id === opinion.id);
      return opinionTask(application, opinion, rule ? dueAfter(calendar, now, rule.limit) : dueAt);
    });
  return [...work, ...opinions];
}

/** The question put to another desk. */
export function opinionTask(application: Application, opinion: Opinion, dueAt: Date): TaskDraft {
  return {
    kind: 'opinion',
    agency: opinion.agency,
    role: opinion.role,
    area: areaOf(opinion.area, application),
    state: application.state,
    opinion: opinion.id,
    dueAt,
  };
}

/** Where a case lies: the service's own agency unless the state (or `desk`) names another; narrowed to the applicant's place. */
export function deskOf(
  service: Service,
  application: Application,
  desk = stateOf(service, application.state).desk,
): { agency: string; area: string } {
  const agency = desk?.agency ?? service.agency;
  return { agency, area: areaOf(desk?.area, application) };
}

const areaOf = (level: 'district' | 'village' | undefined, application: Application): string =>
  level === 'village' ? application.village : level === 'district' ? districtOf(application.village) : '';

/** The desks where the case's own work lies now, one for each role that may act; from the workflow alone. */
export function desksNow(service: Service, application: Application): { agency: string; area: string; role: string }[] {
  const desk = deskOf(service, application);
  return Object.values(stateOf(service, application.state).actions).flatMap((action) =>
    action.by.map((role) => ({ ...desk, role })),
  );
}

/** What may be done for a desk that let its limit pass: keep the case moving, never decide it in the desk's place. */
const ESCALATED = new Set(['advance', 'return', 'note']);

/** Adds to who may do an action those to whom the case was escalated. */
export function withEscalation(
  at: { desks: { agency: string; area: string; role: string }[]; by: string[] },
  action: Pick<Action, 'kind' | 'by'>,
  tasks: { kind: string; agency: string; area: string; role: string }[],
): void {
  if (!ESCALATED.has(action.kind) || action.by.every((role) => role === 'applicant' || role === 'system')) return;
  const escalated = tasks.filter(({ kind }) => kind === 'escalation');
  at.desks = [...at.desks, ...escalated];
  at.by = [...at.by, ...escalated.map(({ role }) => role)];
}
