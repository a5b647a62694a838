// What can be wrong with the log, and finding it while reading each event once. Pure.
import { type EventRow, hashEvent } from '#platform/events.ts';

/** One thing that is wrong. `what` is a sentence; event, subject and seq are given where there is an event to name. */
export type Fault = {
  where: 'chain' | 'tree' | 'head' | 'row' | 'document';
  what: string;
  event?: string;
  subject?: string;
  seq?: number;
};

/** How far a subject's chain has been followed. */
export type Chain = { subject: string; seq: number; hash: Buffer };

/** Follows the chain by one event; events come in order of subject and seq. */
export function follow(chain: Chain | undefined, event: EventRow): { chain: Chain; faults: Fault[] } {
  const { id, subject, seq } = event;
  const last = chain?.subject === subject ? chain : undefined;
  const expected = (last?.seq ?? 0) + 1;
  const faults: Fault[] = [];
  const blame = (what: string, at = { event: id, seq }): void =>
    void faults.push({ where: 'chain', what, subject, ...at });
  if (seq < expected) blame(`there are two events with number ${seq}`);
  else if (seq > expected) {
    const lost = seq - 1 === expected ? `event ${expected} is missing` : `events ${expected} to ${seq - 1} are missing`;
    blame(`${lost} before it`);
  }
  if (!hashEvent(event).equals(event.hash)) blame('its content does not give its hash: it was changed');
  // after a gap its predecessor is not there to compare with
  else if (seq === expected && !same(event.prev, last?.hash ?? null)) blame('it does not follow the event before it');
  return { chain: { subject, seq, hash: event.hash }, faults };
}

const same = (a: Buffer | null, b: Buffer | null): boolean => (a === null || b === null ? a === b : a.equals(b));

/** Collects faults: all are counted, the first ones kept. */
export type Findings = { count: number; first: Fault[] };
export const newFindings = (): Findings => ({ count: 0, first: [] });
const KEPT = 20;

export function found(findings: Findings, ...faults: Fault[]): void {
  findings.count += faults.length;
  findings.first.push(...faults.slice(0, Math.max(0, KEPT - findings.first.length)));
}

/** "event …, number 3 of subject …: its content …" */
export function faultWords(fault: Fault): string {
  const of = fault.subject ? ` of subject ${fault.subject}` : '';
  const number = fault.seq === undefined ? '' : `, number ${fault.seq}${of}`;
  const name = fault.event ? `event ${fault.event}${number}: ` : fault.subject ? `subject ${fault.subject}: ` : '';
  return `${fault.where}: ${name}${fault.what}`;
}
