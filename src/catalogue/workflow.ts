// The way of a case as data: states, the work each opens, who may do what, and how long it may take.
import type { Duration } from '#platform/calendar.ts';

/**
 * What an action means to the engine; everything else about it is data.
 * advance: on to the next desk · return: back to the resident to mend named answers · resubmit: the resident has mended ·
 * refuse: with a reason and the right to object · complete: done, products are issued · withdraw: the resident stops ·
 * object: the resident contests a refusal · reopen: an ended case goes on · note: nothing moves, something is written down ·
 * expire: time ran out while waiting (only by `system`).
 */
export const ACTION_KINDS = [
  'advance',
  'return',
  'resubmit',
  'refuse',
  'complete',
  'withdraw',
  'object',
  'reopen',
  'note',
  'expire',
] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

export type Action = {
  /** The words on the button. */
  name: string;
  kind: ActionKind;
  /** Roles that may do it; `applicant` is the resident, `system` the clock. */
  by: string[];
  to: string;
  /** Codes and sentences to choose from when the kind needs a reason; free text may be added (kept sealed). */
  reasons?: { id: string; name: string }[];
};

/** Opinions of other agencies asked in parallel on entering a state. */
export type Opinions = {
  ask: { id: string; agency: string; role: string; area?: 'district' | 'village'; question: string; limit: Duration }[];
  /** all: every opinion must agree · any: one agreement is enough · majority: more than half agree. */
  join: 'all' | 'any' | 'majority';
  /** Where the case goes by itself when the rule is decided. */
  agreed: string;
  refused: string;
};

/** Whose desk a state's work lands on: the service's own agency unless named; `area` narrows it to the applicant's place. */
export type Desk = { agency?: string; area?: 'district' | 'village' };

export type State = {
  /** What officers read. */
  name: string;
  /** What the resident reads: one plain sentence. */
  resident: string;
  desk?: Desk;
  /** The promise's clock stands still while the case waits for the resident. */
  waitsFor?: 'resident';
  /** How long the case may stay here. */
  limit?: Duration;
  /** When the limit passes: tell a higher role (once), or do an action by itself. */
  onLimit?: { escalateTo: string; desk?: Desk } | { action: string };
  opinions?: Opinions;
  actions: Record<string, Action>;
  end?: 'completed' | 'refused' | 'withdrawn' | 'expired';
};

export type Workflow = {
  /** Promised time from submission to result (component 3 of the standard), without the resident's own time. */
  promise: Duration;
  start: string;
  states: Record<string, State>;
};

/** The roles (other than resident and clock) that have something to do in a state: one task is opened for each. */
export function deskRoles(state: State): string[] {
  const roles = new Set<string>();
  for (const action of Object.values(state.actions)) {
    for (const role of action.by) if (role !== 'applicant' && role !== 'system') roles.add(role);
  }
  return [...roles];
}
