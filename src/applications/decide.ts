// What may happen next to an application and what follows from it: commands in, one event with its tasks out. Pure.

import { dueAfter, resumeDue } from '#platform/calendar.ts';
import type { Answers } from '#src/catalogue/condition.ts';
import type { Service } from '#src/catalogue/service.ts';
import type { Action, Opinions } from '#src/catalogue/workflow.ts';
import {
  type Application,
  type ApplicationEvent,
  begin,
  type Correction,
  evolve,
  type Opinion,
  stateOf,
} from './application.ts';
import { deskOf, opinionTask, type Rules, type TaskDraft, tasksOn } from './tasks.ts';

/** One event, the application after it, and what must be written with it. `closes`: which open tasks are over. */
export type Decision = {
  event: ApplicationEvent;
  after: Application;
  opens: TaskDraft[];
  closes: 'all' | 'none' | { opinion: string };
};

/** Why a command cannot be done now; the shell turns it into a Problem. */
export type Refusal = {
  refused:
    | 'moved-on' // somebody else acted first
    | 'no-such-action'
    | 'reason-needed'
    | 'note-needed'
    | 'name-what-to-mend'
    | 'unknown-field'
    | 'opinions-open'
    | 'opinion-known'
    | 'too-late'
    | 'ended';
  field?: string;
};

export type Command =
  | {
      kind: 'act';
      action: string;
      /** The state the person was looking at. */
      from?: string;
      reason?: string;
      note?: string;
      correction?: Correction;
      /** For resubmit: which of the asked things were changed. */
      changed?: string[];
    }
  | { kind: 'consult'; opinion: Omit<Opinion, 'asked'>; note?: string }
  | { kind: 'recall'; opinion: string }
  | { kind: 'opine'; opinion: string; answer: 'agree' | 'disagree'; note?: string }
  | { kind: 'note'; note: string }
  | { kind: 'take'; officer: string; over?: string }
  | { kind: 'reveal'; purpose: string }
  | { kind: 'late'; task: { kind: string; state: string } };

export const isRefusal = (result: Decision | Refusal): result is Refusal => 'refused' in result;

/** A new application: `village` is the applicant's, `channel` the door. Its promise starts to run now. */
export function submit(
  rules: Rules,
  application: { id: string; version: number; village: string; channel: string },
): Decision {
  const { service, calendar, now } = rules;
  const state = service.workflow.start;
  const opinions = opinionsOf(service, state);
  const event: ApplicationEvent = {
    type: 'application.submitted',
    data: {
      service: service.id,
      version: application.version,
      agency: service.agency,
      village: application.village,
      channel: application.channel,
      state,
      due: dueAfter(calendar, now, service.workflow.promise).toISOString(),
      ...(opinions.length > 0 && { opinions }),
    },
  };
  const after = begin(
    application.id,
    event as Extract<ApplicationEvent, { type: 'application.submitted' }>,
    now.toISOString(),
  );
  return { event, after, opens: tasksOn(rules, after), closes: 'none' };
}

/** Decides a command on an existing application. Whether the actor may do it at all is asked before (rights.ts). */
export function decide(rules: Rules, application: Application, command: Command): Decision | Refusal {
  switch (command.kind) {
    case 'act':
      return act(rules, application, command);
    case 'consult':
      return consult(rules, application, command);
    case 'recall': {
      const asked = openOpinion(application, command.opinion);
      if (!asked) return { refused: 'moved-on' };
      // the workflow's own questions are answered or run out; taking one back would leave its join rule hanging
      if (asked.asked === 'workflow') return { refused: 'no-such-action' };
      return settled(
        rules,
        application,
        { type: 'application.recalled', data: { opinion: command.opinion } },
        { opinion: command.opinion },
      );
    }
    case 'opine':
      return opine(rules, application, command);
    case 'note':
      return settled(rules, application, { type: 'application.noted', data: { note: command.note } });
    case 'take':
      return settled(rules, application, {
        type: 'application.taken',
        data: { officer: command.officer, ...(command.over && { over: command.over }) },
      });
    case 'reveal':
      return settled(rules, application, { type: 'application.revealed', data: { purpose: command.purpose } });
    case 'late':
      return late(rules, application, command.task);
  }
}

/** The actions that stand open in the application's state, with those that time has closed left out. */
export function openActions(rules: Rules, application: Application): [string, Action][] {
  const state = stateOf(rules.service, application.state);
  return Object.entries(state.actions).filter(
    ([, action]) => action.kind !== 'object' || !windowClosed(rules, application),
  );
}

function act(rules: Rules, application: Application, command: Extract<Command, { kind: 'act' }>): Decision | Refusal {
  const state = stateOf(rules.service, application.state);
  if (command.from !== undefined && command.from !== application.state) return { refused: 'moved-on' };
  const action = state.actions[command.action];
  if (!action) return { refused: state.end ? 'ended' : 'no-such-action' };
  const waiting = application.opinions.some((opinion) => !opinion.answer);
  const { reason, note, action: id } = command;

  switch (action.kind) {
    case 'note':
      if (action.to === application.state) {
        return settled(rules, application, { type: 'application.noted', data: { action: id, ...(note && { note }) } });
      }
      return moved(rules, application, 'application.advanced', { action: id, to: action.to, note });
    case 'advance':
      if (waiting) return { refused: 'opinions-open' };
      return moved(rules, application, 'application.advanced', { action: id, to: action.to, note });
    case 'return': {
      const correction = command.correction ?? { fields: [], requirements: [] };
      if (correction.fields.length + correction.requirements.length === 0) return { refused: 'name-what-to-mend' };
      const unknown =
        correction.fields.find((field) => !hasField(rules.service, field)) ??
        correction.requirements.find((id) => !rules.service.requirements.some((requirement) => requirement.id === id));
      if (unknown) return { refused: 'unknown-field', field: unknown };
      if (!note) return { refused: 'note-needed' };
      return moved(rules, application, 'application.returned', { action: id, to: action.to, note }, { correction });
    }
    case 'resubmit':
      return moved(
        rules,
        application,
        'application.resubmitted',
        { action: id, to: action.to, note },
        { changed: command.changed ?? [] },
      );
    case 'refuse':
      if (waiting) return { refused: 'opinions-open' };
      if (!reason || (action.reasons && !action.reasons.some((known) => known.id === reason)))
        return { refused: 'reason-needed' };
      return moved(rules, application, 'application.refused', { action: id, to: action.to, reason, note });
    case 'complete':
      if (waiting) return { refused: 'opinions-open' };
      return moved(
        rules,
        application,
        'application.completed',
        { action: id, to: action.to, note },
        {
          products: rules.service.products.filter((product) => product.document).map((product) => product.id),
        },
      );
    case 'withdraw':
      return moved(rules, application, 'application.withdrawn', { action: id, to: action.to, note });
    case 'expire':
      return moved(rules, application, 'application.expired', { action: id, to: action.to });
    case 'object':
      if (windowClosed(rules, application)) return { refused: 'too-late' };
      if (!note) return { refused: 'note-needed' };
      return moved(rules, application, 'application.objected', { action: id, to: action.to, note });
    case 'reopen':
      return moved(rules, application, 'application.reopened', { action: id, to: action.to, note });
  }
}

function consult(
  rules: Rules,
  application: Application,
  command: Extract<Command, { kind: 'consult' }>,
): Decision | Refusal {
  const state = stateOf(rules.service, application.state);
  if (state.end) return { refused: 'ended' };
  if (
    application.opinions.some(
      (asked) => !asked.answer && asked.agency === command.opinion.agency && asked.role === command.opinion.role,
    )
  ) {
    return { refused: 'opinion-known' };
  }
  const opinion: Opinion = { ...command.opinion, asked: 'officer' };
  const event: ApplicationEvent = {
    type: 'application.consulted',
    data: { opinion, ...(command.note && { note: command.note }) },
  };
  const due = new Date(application.dueAt);
  return { ...settled(rules, application, event), opens: [opinionTask(application, opinion, due)] };
}

function opine(
  rules: Rules,
  application: Application,
  command: Extract<Command, { kind: 'opine' }>,
): Decision | Refusal {
  const asked = openOpinion(application, command.opinion);
  if (!asked) return { refused: 'moved-on' };
  if (command.answer === 'disagree' && !command.note) return { refused: 'note-needed' };
  const rule = stateOf(rules.service, application.state).opinions;
  const opinions = application.opinions.map((known) =>
    known.id === command.opinion ? { ...known, answer: command.answer } : known,
  );
  const verdict = rule && joined(rule, opinions);
  const data = { opinion: command.opinion, answer: command.answer, ...(command.note && { note: command.note }) };
  if (!rule || !verdict) {
    return settled(rules, application, { type: 'application.opined', data }, { opinion: command.opinion });
  }
  const to = verdict === 'agreed' ? rule.agreed : rule.refused;
  const event: ApplicationEvent = {
    type: 'application.opined',
    data: { ...data, moved: movement(rules, application, { action: 'pendapat', to }) },
  };
  return entering(rules, application, event);
}

/** Whether a join rule is decided by the opinions so far; undefined while it is open. Officers' own questions do not count. */
export function joined(rule: Opinions, opinions: Opinion[]): 'agreed' | 'refused' | undefined {
  const asked = opinions.filter((opinion) => opinion.asked === 'workflow');
  const yes = asked.filter((opinion) => opinion.answer === 'agree').length;
  const no = asked.filter((opinion) => opinion.answer === 'disagree').length;
  const total = asked.length;
  switch (rule.join) {
    case 'all':
      return no > 0 ? 'refused' : yes === total ? 'agreed' : undefined;
    case 'any':
      return yes > 0 ? 'agreed' : no === total ? 'refused' : undefined;
    case 'majority':
      return yes * 2 > total ? 'agreed' : no * 2 >= total ? 'refused' : undefined;
  }
}

/** A limit has passed: escalate once, or do the action that the workflow names. */
function late(rules: Rules, application: Application, task: { kind: string; state: string }): Decision | Refusal {
  const rule = stateOf(rules.service, application.state).onLimit;
  if (!rule || task.state !== application.state) return { refused: 'moved-on' };
  if ('action' in rule) return act(rules, application, { kind: 'act', action: rule.action });
  const event: ApplicationEvent = {
    type: 'application.escalated',
    data: { state: application.state, role: rule.escalateTo },
  };
  const escalation: TaskDraft = {
    kind: 'escalation',
    ...deskOf(rules.service, application, rule.desk),
    role: rule.escalateTo,
    state: application.state,
    dueAt: rules.now,
  };
  return { ...settled(rules, application, event), opens: [escalation] };
}

type Move = { action: string; to: string; note?: string | undefined; reason?: string };
type MovedType =
  | 'application.advanced'
  | 'application.returned'
  | 'application.resubmitted'
  | 'application.refused'
  | 'application.completed'
  | 'application.withdrawn'
  | 'application.expired'
  | 'application.objected'
  | 'application.reopened';

function moved(rules: Rules, application: Application, type: MovedType, move: Move, extra: object = {}): Decision {
  const renewed = type === 'application.objected' || type === 'application.reopened';
  const event = { type, data: { ...movement(rules, application, move, renewed), ...extra } } as ApplicationEvent;
  return entering(rules, application, event);
}

function movement(rules: Rules, application: Application, move: Move, renewed = false) {
  const opinions = opinionsOf(rules.service, move.to);
  return {
    action: move.action,
    from: application.state,
    to: move.to,
    due: dueOn(rules, application, renewed).toISOString(),
    ...(move.note && { note: move.note }),
    ...(move.reason && { reason: move.reason }),
    ...(opinions.length > 0 && { opinions }),
  };
}

// A contested or reopened case gets the whole promise again; the resident's own time is added; otherwise the promise stands.
function dueOn(rules: Rules, application: Application, renewed: boolean): Date {
  const { service, calendar, now } = rules;
  if (renewed) return dueAfter(calendar, now, service.workflow.promise);
  const due = new Date(application.dueAt);
  return application.pausedAt
    ? resumeDue(calendar, service.workflow.promise, due, new Date(application.pausedAt), now)
    : due;
}

function entering(rules: Rules, application: Application, event: ApplicationEvent): Decision {
  const after = evolve(rules.service, application, event, rules.now.toISOString());
  return { event, after, opens: tasksOn(rules, after), closes: 'all' };
}

function settled(
  rules: Rules,
  application: Application,
  event: ApplicationEvent,
  closes: Decision['closes'] = 'none',
): Decision {
  return { event, after: evolve(rules.service, application, event, rules.now.toISOString()), opens: [], closes };
}

function opinionsOf(service: Service, stateId: string): Opinion[] {
  const rule = stateOf(service, stateId).opinions;
  return rule
    ? rule.ask.map(({ id, agency, role, area }) => ({ id, agency, role, ...(area && { area }), asked: 'workflow' }))
    : [];
}

const openOpinion = (application: Application, id: string): Opinion | undefined =>
  application.opinions.find((opinion) => opinion.id === id && !opinion.answer);

function windowClosed(rules: Rules, application: Application): boolean {
  const limit = stateOf(rules.service, application.state).limit;
  return limit !== undefined && rules.now > dueAfter(rules.calendar, new Date(application.enteredAt), limit);
}

const hasField = (service: Service, field: string): boolean =>
  service.form.some((step) => step.id === field || (!step.repeat && Object.hasOwn(step.properties, field)));

/** The answers that an applicant may change now: only those asked for, and only while they are asked for. */
export function mayChange(application: Application, changed: Answers): string | undefined {
  const asked = new Set(application.correction?.fields ?? []);
  return Object.keys(changed).find((field) => !asked.has(field));
}
