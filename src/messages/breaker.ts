// Keeps us from asking a provider that is down: opens after five faults in a row, then lets one try through at a time.

/** `opened`: how often in a row; each time it stays open twice as long. */
export type Breaker = { faults: number; opened: number; openUntil: number; probing: boolean };

export const CLOSED: Breaker = { faults: 0, opened: 0, openUntil: 0, probing: false };

const FAULTS = 5;
const FIRST_MS = 30_000;
const LONGEST_MS = 5 * 60_000;

/** Whether a try may go through at `now`, and the breaker after it was let through. */
export function pass(
  breaker: Breaker,
  now: number,
): { allowed: true; after: Breaker } | { allowed: false; until: number } {
  if (breaker.faults < FAULTS && breaker.openUntil <= now) return { allowed: true, after: breaker };
  if (breaker.openUntil > now) return { allowed: false, until: breaker.openUntil };
  // half open: the one that is under way tells how it is
  if (breaker.probing) return { allowed: false, until: now + 5000 };
  return { allowed: true, after: { ...breaker, probing: true } };
}

/** After a try ended. `fault`: the provider did not do its work; `retryAfter`: it asked for so many seconds of rest. */
export function settled(breaker: Breaker, fault: boolean, now: number, retryAfter = 0): Breaker {
  if (!fault) return CLOSED;
  const asked = now + retryAfter * 1000;
  // tries that left before it opened tell nothing new
  if (breaker.openUntil > now) return { ...breaker, openUntil: Math.max(breaker.openUntil, asked) };
  const faults = breaker.faults + 1;
  if (faults < FAULTS) return { ...breaker, faults, openUntil: retryAfter > 0 ? asked : 0, probing: false };
  const rest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(10, breaker.opened));
  return { faults, opened: breaker.opened + 1, openUntil: Math.max(now + rest, asked), probing: false };
}
