// A limit in the words of a desk: how many working days are left or lost. Pure.
import { type Calendar, localDate, workingDaysBetween } from '#platform/calendar.ts';
import { formatNumber, formatTime } from '#ui/format.ts';

/** `late` is over, `soon` is today or the next working day. */
export type Deadline = { text: string; tone: 'late' | 'soon' | 'ok' | 'still' };

/**
 * "2 hari kerja lagi", "hari ini pukul 15.30", "terlambat 1 hari kerja". Days are those on which the office opens, counted
 * from the day of `now` to the day of `due`; within one day the clock is told.
 */
export function deadlineOf(calendar: Calendar, now: Date, due: Date): Deadline {
  const at = formatTime(due, calendar.offsetMinutes);
  if (localDate(calendar, now) === localDate(calendar, due)) {
    return now > due
      ? { text: `lewat sejak pukul ${at}`, tone: 'late' }
      : { text: `hari ini pukul ${at}`, tone: 'soon' };
  }
  const days = workingDaysBetween(calendar, endOfDay(calendar, now), endOfDay(calendar, due));
  // a limit that ends on a free day has no working day of its own
  const size = Math.max(1, Math.abs(days));
  const words = `${formatNumber(size, 0)} hari kerja`;
  if (due < now) return { text: `terlambat ${words}`, tone: 'late' };
  return { text: `${words} lagi`, tone: size === 1 ? 'soon' : 'ok' };
}

const endOfDay = (calendar: Calendar, at: Date): Date =>
  new Date(Date.parse(`${localDate(calendar, at)}T23:59:59.999Z`) - calendar.offsetMinutes * 60_000);
