// The log: every act is one event, chained by hash within its subject. Pure: the store writes, `verifyChain` checks.
import { createHash } from 'node:crypto';

/** Through which door an act came; `desk` = an officer's screen, `system` = the clock. */
export type EventChannel = 'online' | 'doorstep' | 'onestop' | 'desk' | 'system';

/** What happened, as the core says it. `data` holds ids and codes only, never personal data. */
export type NewEvent<T extends string = string, D = Record<string, unknown>> = { type: T; data: D };

/** A row of the log. Times are ISO 8601 in UTC with milliseconds; hashes are SHA-256. */
export type EventRow = {
  id: string;
  at: string;
  recordedAt: string;
  type: string;
  subject: string;
  seq: number;
  actor: string;
  agency: string | null;
  village: string | null;
  channel: string;
  commandId: string;
  data: Record<string, unknown>;
  prev: Buffer | null;
  hash: Buffer;
};

/** The hash that binds an event to all before it of the same subject. */
export function hashEvent(event: Omit<EventRow, 'hash'>): Buffer {
  const hash = createHash('sha256');
  if (event.prev) hash.update(event.prev);
  hash.update(
    canonical([
      event.id,
      event.at,
      event.recordedAt,
      event.type,
      event.subject,
      event.seq,
      event.actor,
      event.agency,
      event.village,
      event.channel,
      event.commandId,
      event.data,
    ]),
  );
  return hash.digest();
}

/** The first event of a subject's chain that does not fit, or undefined when all do. Takes the events in order of seq. */
export function verifyChain(events: EventRow[]): { seq: number; id: string; reason: string } | undefined {
  let prev: Buffer | null = null;
  let seq = 0;
  for (const event of events) {
    seq += 1;
    if (event.seq !== seq) return { seq: event.seq, id: event.id, reason: `event ${seq} is missing` };
    if (!same(event.prev, prev)) return { seq, id: event.id, reason: 'it does not follow the event before' };
    if (!hashEvent(event).equals(event.hash)) return { seq, id: event.id, reason: 'its content was changed' };
    prev = event.hash;
  }
  return undefined;
}

const same = (a: Buffer | null, b: Buffer | null): boolean => (a === null || b === null ? a === b : a.equals(b));

/** JSON with sorted keys: the same text before and after a journey through jsonb. */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
