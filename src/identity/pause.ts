// How wrong tries make an account pause: ten in a quarter of an hour, then longer each time. Pure.

const MINUTE = 60_000;
export const MOST_WRONG = 10;
const WINDOW = 15 * MINUTE;
const FIRST_PAUSE = 15 * MINUTE;
const LONGEST_PAUSE = 24 * 60 * MINUTE;

export type Tries = { wrong: number; since: Date; pauses: number; until: Date | null };

/**
 * Counts a try before it is looked at, so that many at once cannot all slip through. `allowed` false: the account pauses and
 * nothing is counted. The tenth is still looked at, but the pause already stands (`paused`); it goes when that try is right.
 */
export function takeTry(tries: Tries | undefined, now: Date): { allowed: boolean; paused: boolean; tries: Tries } {
  const before = tries ?? { wrong: 0, since: now, pauses: 0, until: null };
  if (isPaused(before, now)) return { allowed: false, paused: true, tries: before };
  const fresh = now.getTime() - before.since.getTime() >= WINDOW;
  const wrong = (fresh ? 0 : before.wrong) + 1;
  const since = fresh ? now : before.since;
  // a day without a pause forgets how many there were
  const forgiven = before.until === null || now.getTime() - before.until.getTime() >= LONGEST_PAUSE;
  const pauses = forgiven ? 0 : before.pauses;
  if (wrong < MOST_WRONG) return { allowed: true, paused: false, tries: { wrong, since, pauses, until: before.until } };
  const until = new Date(now.getTime() + Math.min(FIRST_PAUSE * 2 ** pauses, LONGEST_PAUSE));
  return { allowed: true, paused: true, tries: { wrong, since, pauses: pauses + 1, until } };
}

/** A right password gives its own try back; the count of wrong ones stands until the sign-in is complete. */
export function giveBack(tries: Tries): Tries {
  const paused = tries.wrong >= MOST_WRONG;
  return {
    ...tries,
    wrong: Math.max(0, tries.wrong - 1),
    ...(paused && { until: null, pauses: Math.max(0, tries.pauses - 1) }),
  };
}

export const isPaused = (tries: Pick<Tries, 'until'> | undefined, now: Date): boolean =>
  tries?.until != null && tries.until > now;
