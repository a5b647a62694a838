// The hours in which nobody is woken: 21.00 to 06.00 in the regency, except for what was asked for just now.

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FROM = 21 * HOUR;
const TO = 6 * HOUR;
/** What waited for the morning goes out over so many minutes, not all in the first second. */
const SPREAD_MS = 10 * 60_000;

/**
 * When a message that is ready at `at` may go out: at once by day, else at 06.00 plus a share of the first ten minutes
 * that follows from its id. `offsetMinutes`: how far the regency's clock is ahead of UTC.
 */
export function outOfQuiet(at: Date, offsetMinutes: number, id: string): Date {
  const local = at.getTime() + offsetMinutes * 60_000;
  const ofDay = ((local % DAY) + DAY) % DAY;
  if (ofDay >= TO && ofDay < FROM) return at;
  const morning = local - ofDay + (ofDay >= FROM ? DAY : 0) + TO;
  return new Date(morning - offsetMinutes * 60_000 + share(id) * SPREAD_MS);
}

/** A number from 0 to 1 that follows from the id: the same on every computer. */
const share = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(-6), 16) / 0xffffff || 0;
