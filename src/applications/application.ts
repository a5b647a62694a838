// One permohonan as the core sees it, folded from its events. Pure; the same on the server and on the doorstep device.
import type { Service } from '#src/catalogue/service.ts';
import type { State } from '#src/catalogue/workflow.ts';

export const STATUSES = [
  'in-progress',
  'waiting-resident',
  'waiting-opinion',
  'completed',
  'refused',
  'withdrawn',
  'expired',
] as const;
export type Status = (typeof STATUSES)[number];

/** An opinion asked of another desk; `asked` by the workflow (a join rule waits for it) or by an officer. */
export type Opinion = {
  id: string;
  agency: string;
  role: string;
  /** Narrows the desk to the applicant's district or village. */
  area?: 'district' | 'village';
  asked: 'workflow' | 'officer';
  answer?: 'agree' | 'disagree';
};

/** What the resident was asked to mend. */
export type Correction = { fields: string[]; requirements: string[] };

/** Ids and codes only; the answers themselves are kept apart, sealed. Times are ISO 8601 UTC. */
export type Application = {
  id: string;
  service: string;
  version: number;
  agency: string;
  village: string;
  channel: string;
  seq: number;
  state: string;
  enteredAt: string;
  submittedAt: string;
  dueAt: string;
  pausedAt?: string;
  endedAt?: string;
  correction?: Correction;
  reason?: string;
  opinions: Opinion[];
};

/** What happened to the subject of a move, with where it came to stand. */
type Moved = {
  action: string;
  from: string;
  to: string;
  due: string;
  note?: string;
  reason?: string;
  opinions?: Opinion[];
};

/** Every event of an application. Each is one act; `at` is the event's own time in the log. */
export type ApplicationEvent =
  | {
      type: 'application.submitted';
      data: {
        service: string;
        version: number;
        agency: string;
        village: string;
        channel: string;
        state: string;
        due: string;
        opinions?: Opinion[];
      };
    }
  | { type: 'application.advanced'; data: Moved }
  | { type: 'application.returned'; data: Moved & { correction: Correction } }
  | { type: 'application.resubmitted'; data: Moved & { changed: string[] } }
  | { type: 'application.refused'; data: Moved }
  | { type: 'application.completed'; data: Moved & { products: string[] } }
  | { type: 'application.withdrawn'; data: Moved }
  | { type: 'application.expired'; data: Moved }
  | { type: 'application.objected'; data: Moved }
  | { type: 'application.reopened'; data: Moved }
  | { type: 'application.noted'; data: { action?: string; note?: string } }
  | { type: 'application.consulted'; data: { opinion: Opinion; note?: string } }
  | { type: 'application.recalled'; data: { opinion: string } }
  | {
      type: 'application.opined';
      data: { opinion: string; answer: 'agree' | 'disagree'; note?: string; moved?: Moved };
    }
  | { type: 'application.escalated'; data: { state: string; role: string } }
  | { type: 'application.taken'; data: { officer: string; over?: string } }
  | { type: 'application.revealed'; data: { purpose: string } };

export type ApplicationEventType = ApplicationEvent['type'];

/** The application after its first event. */
export function begin(
  id: string,
  event: Extract<ApplicationEvent, { type: 'application.submitted' }>,
  at: string,
): Application {
  const { service, version, agency, village, channel, state, due, opinions } = event.data;
  return {
    id,
    service,
    version,
    agency,
    village,
    channel,
    seq: 1,
    state,
    enteredAt: at,
    submittedAt: at,
    dueAt: due,
    opinions: opinions ?? [],
  };
}

/** The application after one more event. `service` is the version under which it was made. */
export function evolve(service: Service, before: Application, event: ApplicationEvent, at: string): Application {
  const application = { ...before, seq: before.seq + 1 };
  switch (event.type) {
    case 'application.submitted':
      throw new Error('an application is submitted only once');
    case 'application.advanced':
    case 'application.refused':
    case 'application.completed':
    case 'application.withdrawn':
    case 'application.expired':
    case 'application.objected':
    case 'application.reopened':
    case 'application.resubmitted':
      return move(service, application, event.data, at);
    case 'application.returned':
      return { ...move(service, application, event.data, at), correction: event.data.correction };
    case 'application.consulted':
      return { ...application, opinions: [...before.opinions, event.data.opinion] };
    case 'application.recalled':
      return { ...application, opinions: before.opinions.filter((opinion) => opinion.id !== event.data.opinion) };
    case 'application.opined': {
      const { opinion, answer, moved } = event.data;
      const opinions = before.opinions.map((asked) => (asked.id === opinion ? { ...asked, answer } : asked));
      return moved ? move(service, application, moved, at) : { ...application, opinions };
    }
    case 'application.noted':
    case 'application.escalated':
    case 'application.taken':
    case 'application.revealed':
      return application;
  }
}

function move(service: Service, application: Application, moved: Moved, at: string): Application {
  const { correction: _mended, pausedAt: _, endedAt: __, reason: ___, ...kept } = application;
  const state = stateOf(service, moved.to);
  return {
    ...kept,
    state: moved.to,
    enteredAt: at,
    dueAt: moved.due,
    opinions: moved.opinions ?? [],
    ...(state.waitsFor && { pausedAt: at }),
    ...(state.end && { endedAt: at }),
    ...(moved.reason && { reason: moved.reason }),
  };
}

/** Folds all events of one application, in order of seq. */
export function fold(service: Service, id: string, events: { event: ApplicationEvent; at: string }[]): Application {
  const [first, ...rest] = events;
  if (first?.event.type !== 'application.submitted') throw new Error('the first event must be application.submitted');
  let application = begin(id, first.event, first.at);
  for (const { event, at } of rest) application = evolve(service, application, event, at);
  return application;
}

/** How the case stands, for people: always computed, never decided. */
export function statusOf(service: Service, application: Application): Status {
  const state = stateOf(service, application.state);
  if (state.end) return state.end;
  if (state.waitsFor) return 'waiting-resident';
  return application.opinions.some((opinion) => !opinion.answer) ? 'waiting-opinion' : 'in-progress';
}

export function stateOf(service: Service, id: string): State {
  const state = service.workflow.states[id];
  if (!state) throw new Error(`service ${service.id} has no state ${id}`);
  return state;
}

/** Kemendagri codes: a village's district is its first eight characters. */
export const districtOf = (village: string): string => village.slice(0, 8);
