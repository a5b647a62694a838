// Which way a message takes next: by which channel and provider, or how long it waits, or that it has come to its end.
import type { Channel } from './template.ts';

/**
 * How a provider can be asked again after an answer that never came. `key`: it knows our key, a repeat is the same message.
 * `lookup`: it tells whether it took the key. `report`: only a delivery report can tell.
 */
export type Repeat = 'key' | 'lookup' | 'report';
export type Way = { channel: Channel; provider: string; repeat: Repeat };

export type Outcome = 'accepted' | 'refused' | 'failed' | 'unknown';
/** A try of this round that has ended. */
export type Tried = {
  channel: Channel;
  provider: string;
  startedAt: Date;
  /** When we last heard of it, or gave up hearing. */
  endedAt: Date;
  outcome: Outcome;
  reason: string | null;
};

export type Step =
  | { do: 'send' | 'ask'; way: Way }
  | { do: 'wait'; until: Date; reason: string }
  | { do: 'end'; reason: string };

export type Situation = {
  id: string;
  urgent: boolean;
  roundAt: Date;
  /** When it is of no use any more. */
  expires: Date;
  /** In the order wished: channels that the template has and the address allows, each with its providers in order. */
  ways: Way[];
  /** Tries of this round, oldest first. */
  tried: Tried[];
  /** Until when a provider is not to be asked; undefined when it may be. */
  closedUntil(provider: string): Date | undefined;
};

const BACK_OFF_MS = 30_000;
const LONGEST_MS = 24 * 3_600_000;
/** After so many faults the next provider has its turn. */
const TURN = 3;
/** How long a report may take that tells what became of a try without an answer. */
const REPORT_MS = 5 * 60_000;
/** How long a message stays with a provider that may have it already, rather than risk to be said twice. */
const LOYAL_MS = 60 * 60_000;
/** How long an outage may last before another channel is used, which may cost or suit the reader less. */
const PATIENCE_MS = 10 * 60_000;

/** The next step at `now`. Pure: the same situation gives the same step, its jitter follows from the message's id. */
export function nextStep(s: Situation, now: Date): Step {
  if (now >= s.expires) return { do: 'end', reason: 'too-late' };
  const ways = s.ways.filter((way) => !s.tried.some((one) => one.outcome === 'refused' && one.channel === way.channel));
  if (ways.length === 0) return { do: 'end', reason: s.tried.at(-1)?.reason ?? 'no-way' };
  const last = s.tried.at(-1);
  const loyal = last?.outcome === 'unknown' ? unanswered(s, ways, last, now) : undefined;
  if (loyal) return loyal;

  const turns = ways.map((way, index) => ({ way, index, turn: Math.floor(faultsOf(s, way) / TURN) }));
  turns.sort((a, b) => a.turn - b.turn || a.index - b.index);
  const first = turns[0] as (typeof turns)[number];
  let earliest: Date | undefined;
  for (const { way } of turns) {
    const otherChannel = way.channel !== first.way.channel && faultsOf(s, first.way) < TURN;
    if (otherChannel && !s.urgent && now.getTime() - s.roundAt.getTime() < PATIENCE_MS) continue;
    const closed = s.closedUntil(way.provider);
    const at = later(closed, restedAt(s, way));
    if (!at || at <= now) return { do: 'send', way };
    if (!earliest || at < earliest) earliest = at;
    // a fault or two are no outage: its turn is not over
    if (!closed && !s.urgent) break;
  }
  return {
    do: 'wait',
    until: earliest as Date,
    reason: s.tried.length > 0 ? 'back-off' : 'provider-down',
  };
}

// A try that may have arrived: ask or repeat there, and only there, before anything is said by another way.
function unanswered(s: Situation, ways: Way[], last: Tried, now: Date): Step | undefined {
  const way = ways.find((one) => one.provider === last.provider);
  if (!way) return undefined;
  const firstUnknown = s.tried.findLast(
    (one, index) => one.outcome === 'unknown' && s.tried[index - 1]?.outcome !== 'unknown',
  );
  const since = firstUnknown?.startedAt ?? last.startedAt;
  // a code that was asked for just now does no harm when it comes twice, and much when it does not come
  const patience = s.urgent ? REPORT_MS / 10 : way.repeat === 'report' ? REPORT_MS : LOYAL_MS;
  if (now.getTime() - since.getTime() >= patience) return undefined;
  if (way.repeat === 'report') return { do: 'wait', until: new Date(since.getTime() + patience), reason: 'report' };
  const at = later(s.closedUntil(way.provider), restedAt(s, way));
  if (at && at > now) return { do: 'wait', until: at, reason: 'no-answer' };
  return { do: way.repeat === 'lookup' ? 'ask' : 'send', way };
}

const faultsOf = (s: Situation, way: Way): number =>
  s.tried.filter((one) => one.provider === way.provider && (one.outcome === 'failed' || one.outcome === 'unknown'))
    .length;

/** 30 s · 2ⁿ after the last fault with this provider, half of it by chance, at most a day. */
function restedAt(s: Situation, way: Way): Date | undefined {
  const last = s.tried.findLast((one) => one.provider === way.provider);
  if (!last) return undefined;
  const faults = faultsOf(s, way);
  const whole = Math.min(LONGEST_MS, BACK_OFF_MS * 2 ** Math.min(20, faults - 1));
  return new Date(last.endedAt.getTime() + whole * (0.5 + jitter(s.id, faults) / 2));
}

const later = (a: Date | undefined, b: Date | undefined): Date | undefined => (!a ? b : !b ? a : a > b ? a : b);

/** A number from 0 to 1 that follows from the message and the try, so that a thousand messages do not come back at once. */
export function jitter(id: string, n: number): number {
  let hash = n + 1;
  for (const letter of id) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
