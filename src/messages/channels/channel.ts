// What every channel looks like from within: a letter goes in, an outcome comes back. Pure; the channels themselves wait.

import type { Channel, Rendered } from '../template.ts';
import type { Repeat } from '../way.ts';

/** One message ready for one channel. `key` is the same whenever this message is tried with this provider again. */
export type Letter = { key: string; phone?: string; email?: string } & Rendered;

export type Outcome =
  | { outcome: 'accepted'; reference?: string }
  /** This address will never take it: no repeat by this channel. */
  | { outcome: 'refused'; reason: string }
  /** Certainly not taken. `retryAfter`: seconds of rest asked for; `aboutReader`: the provider itself is well. */
  | { outcome: 'failed'; reason: string; retryAfter?: number; aboutReader?: boolean }
  /** It may have been taken. */
  | { outcome: 'unknown'; reason: string };

export type Sender = {
  name: string;
  channel: Channel;
  repeat: Repeat;
  send(letter: Letter): Promise<Outcome>;
  /** For `repeat: 'lookup'`: what became of a try without an answer. */
  ask?(letter: Letter): Promise<Outcome>;
};

/** A way through a parsed answer: "data.0.id". Undefined where it leads nowhere. */
export function at(data: unknown, path: string): unknown {
  let value = data;
  for (const step of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** Text as JSON; undefined when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A provider's own id as we keep it; undefined when it gave none that can be kept. */
export const referenceOf = (value: unknown): string | undefined =>
  (typeof value === 'string' || typeof value === 'number') && /^[\x21-\x7e]{1,200}$/.test(String(value))
    ? String(value)
    : undefined;

/** Seconds of rest from a Retry-After header, at most an hour. */
export const restOf = (header: string | null): number => {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(3600, Math.ceil(seconds)) : 30;
};
