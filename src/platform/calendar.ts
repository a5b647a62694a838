// The one clock of the office: when it is open, how much working time lies between two instants, and when a promise
// falls due. Pure: the same answers on the server and on a doorstep device, whatever the time zone of the machine.

export type Duration = { workingDays: number } | { workingHours: number } | { days: number } | { hours: number };
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;
/** `source` says which decree or practice sets it; what is not found in a published source is shown as unverified. */
export type Origin = { source: string; provenance: 'sourced' | 'unverified' };
export type Holiday = Origin & { name: string; kind: 'national' | 'joint-leave' | 'own' };

export type Calendar = {
  version: string;
  zone: string;
  offsetMinutes: number;
  /** ISO weekday (1 = Monday) to [opening, closing) in minutes after local midnight; a missing weekday is free. */
  hours: Partial<Record<Weekday, readonly [number, number]>>;
  hoursOrigin: Origin;
  /** By local date YYYY-MM-DD. */
  holidays: Map<string, Holiday>;
  /** The years whose holidays are known, and the decree they come from. */
  years: Map<number, Origin>;
  index: Index;
};

/** One entry a working day, in order, so that a due date is a look-up: its opening and close (Unix ms), the work before. */
type Index = {
  opens: Float64Array;
  closes: Float64Array;
  workedBefore: Float64Array;
  /** By local day since FIRST_DAY: how many working days lie before it. */
  closingsBefore: Int32Array;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const KINDS = ['national', 'joint-leave'] as const;
// Indonesia has kept fixed offsets since 1988, so a table is exact for our range and keeps Intl out of the hot path.
const OFFSETS = new Map(Object.entries({ 'Asia/Jakarta': 420, 'Asia/Makassar': 480, 'Asia/Jayapura': 540 }));
const FIRST_YEAR = 2000;
const LAST_YEAR = 2060;
const OUTSIDE = `only ${FIRST_YEAR} to ${LAST_YEAR} can be reckoned; check the date and the limit`;
const FIRST_DAY = Date.UTC(FIRST_YEAR, 0, 1) / DAY;
const DAYS = Date.UTC(LAST_YEAR + 1, 0, 1) / DAY - FIRST_DAY;

/**
 * Reads a calendar as in calendars/indonesia.yaml, already parsed from YAML or JSON.
 * Throws Error naming the path of the fault and its remedy.
 */
export function parseCalendar(data: unknown): Calendar {
  const root = record(data, 'calendar');
  const version = text(root['version'], 'version');
  const zone = text(root['zone'], 'zone');
  const offsetMinutes =
    OFFSETS.get(zone) ?? fail('zone', `"${zone}" is not known`, `use one of ${[...OFFSETS.keys()].join(', ')}`);
  const office = record(root['hours'], 'hours');
  const hours = parseHours(office);
  const holidays: Calendar['holidays'] = new Map();
  const years: Calendar['years'] = new Map();
  for (const [key, value] of Object.entries(record(root['years'], 'years'))) {
    const path = `years.${key}`;
    if (!/^\d{4}$/.test(key) || Number(key) < FIRST_YEAR || Number(key) > LAST_YEAR)
      fail(path, 'is not a year of the calendar', `use a year from ${FIRST_YEAR} to ${LAST_YEAR}`);
    const year = record(value, path);
    const origin = parseOrigin(year, path);
    years.set(Number(key), origin);
    for (const name of Object.keys(year))
      if (!['source', 'provenance', ...KINDS].includes(name))
        fail(`${path}.${name}`, 'is not known', 'use source, provenance, national and joint-leave');
    for (const kind of KINDS)
      for (const [date, entry] of Object.entries(record(year[kind] ?? {}, `${path}.${kind}`))) {
        const place = `${path}.${kind}.${date}`;
        if (dayOf(date) === undefined) fail(place, 'is not a date', 'write an existing day as YYYY-MM-DD');
        if (!date.startsWith(key)) fail(place, `is not in ${key}`, `move it to years.${date.slice(0, 4)}`);
        if (holidays.has(date)) fail(place, 'is listed twice', 'keep it under national or joint-leave, not both');
        const own: Record<string, unknown> =
          typeof entry === 'string' ? { name: entry, ...origin } : record(entry, place);
        holidays.set(date, { name: text(own['name'], `${place}.name`), ...parseOrigin(own, place), kind });
      }
  }
  const hoursOrigin = parseOrigin(office, 'hours');
  const index = buildIndex(hours, holidays, offsetMinutes);
  return { version, zone, offsetMinutes, hours, hoursOrigin, holidays, years, index };
}

/**
 * The calendar of one office: the base's holidays and, beside them, its own closed days; its own hours where it has any.
 */
export function ownCalendar(
  base: Calendar,
  own: { hours?: Calendar['hours']; hoursOrigin?: Origin; closed: (Origin & { date: string; name: string })[] },
): Calendar {
  const holidays = new Map(base.holidays);
  for (const { date, ...day } of own.closed) if (!holidays.has(date)) holidays.set(date, { ...day, kind: 'own' });
  const hours = own.hours ?? base.hours;
  const index = buildIndex(hours, holidays, base.offsetMinutes);
  return { ...base, hours, hoursOrigin: own.hoursOrigin ?? base.hoursOrigin, holidays, index };
}

/** The day, YYYY-MM-DD, that the regency's wall calendar shows at an instant. */
export function localDate(calendar: Calendar, at: Date): string {
  return new Date(at.getTime() + calendar.offsetMinutes * MINUTE).toISOString().slice(0, 10);
}

/** Whether the holidays of a year are known; in other years only the weekly free days count as free. */
export function hasHolidayData(calendar: Calendar, year: number): boolean {
  return calendar.years.has(year);
}

/** Whether the office opens on a local date, YYYY-MM-DD. Throws RangeError for anything but an existing date. */
export function isWorkingDay(calendar: Calendar, date: string): boolean {
  const day = dayOf(date);
  if (day === undefined) throw new RangeError(`"${date}" is not a date; write an existing day as YYYY-MM-DD`);
  return calendar.hours[weekdayOf(day)] !== undefined && !calendar.holidays.has(date);
}

/**
 * Minutes the office is open between two instants, to the millisecond (so possibly a fraction); negative when `to`
 * is earlier, so that parts always add up. Throws RangeError outside 2000 to 2060.
 */
export function workingMinutesBetween(calendar: Calendar, from: Date, to: Date): number {
  return (workedMs(calendar, to.getTime()) - workedMs(calendar, from.getTime())) / MINUTE;
}

/**
 * Working days that ended between two instants: office closings in (from, to]; negative when `to` is earlier.
 * Throws RangeError outside 2000 to 2060.
 */
export function workingDaysBetween(calendar: Calendar, from: Date, to: Date): number {
  return closingsUntil(calendar, to.getTime()) - closingsUntil(calendar, from.getTime());
}

/**
 * The instant at which a limit that starts to run at `start` is used up.
 *
 * workingDays n: the day of submission does not count (practice of "hari kerja"). It is the day of `start` if the
 * office has still to close that day, else the next working day; due is the close of office n working days later,
 * that is the (n+1)-th closing after `start`. n is a whole number; 0 means before the office closes.
 * workingHours: only time inside office hours counts. days: 24 hours each, free days included. hours: by the clock.
 *
 * Throws RangeError for a length that is not positive, and for working time outside 2000 to 2060.
 */
export function dueAfter(calendar: Calendar, start: Date, limit: Duration): Date {
  const from = start.getTime();
  if ('workingDays' in limit) {
    if (!Number.isInteger(limit.workingDays) || limit.workingDays < 0)
      throw new RangeError(`workingDays must be a whole number from 0, not ${limit.workingDays}`);
    return new Date(nth(calendar.index.closes, closingsUntil(calendar, from) + limit.workingDays));
  }
  const length = 'workingHours' in limit ? limit.workingHours * HOUR : clockMs(limit);
  if (!(length >= 1 && length < Infinity))
    throw new RangeError(`a limit must be longer than nothing: ${JSON.stringify(limit)}`);
  if ('workingHours' in limit) return instantOfWork(calendar, workedMs(calendar, from) + Math.round(length));
  return new Date(from + Math.round(length));
}

/**
 * The due date after a pause, moved by what passed during the pause in the limit's own unit: closings in
 * (pausedAt, resumedAt] for workingDays, so a pause within one working day changes nothing; working time for
 * workingHours; time for days and hours. What was left when the clock stopped is left when it runs again.
 *
 * A date already due at `pausedAt` stays (a pause cannot cure lateness), and so it does when the pause took no time.
 * A stored date that is no closing any more, because a joint leave was decreed since, counts as the next closing.
 */
export function resumeDue(calendar: Calendar, limit: Duration, due: Date, pausedAt: Date, resumedAt: Date): Date {
  const [end, from, to] = [due.getTime(), pausedAt.getTime(), resumedAt.getTime()];
  if (end <= from || to <= from) return due;
  if ('workingDays' in limit) {
    const passed = closingsUntil(calendar, to) - closingsUntil(calendar, from);
    return passed === 0 ? due : new Date(nth(calendar.index.closes, closingsUntil(calendar, end - 1) + passed));
  }
  if ('workingHours' in limit) {
    const passed = workedMs(calendar, to) - workedMs(calendar, from);
    return passed === 0 ? due : instantOfWork(calendar, workedMs(calendar, end) + passed);
  }
  return new Date(end + to - from);
}

/** A limit in Indonesian: "3 hari kerja", "4 jam kerja", "30 hari", "24 jam"; under an hour "15 menit kerja". */
export function formatDuration(limit: Duration): string {
  if ('workingDays' in limit) return `${decimal(limit.workingDays)} hari kerja`;
  if ('workingHours' in limit) return `${formatHours(limit.workingHours)} kerja`;
  if ('days' in limit) return `${decimal(limit.days)} hari`;
  return formatHours(limit.hours);
}

/**
 * Orders limits of unlike units by nominal length: negative when `a` is shorter, 0 when equal, positive when longer.
 * Nominal means spread over a week without holidays: with five working days, "5 hari kerja" equals "7 hari".
 */
export function compareDurations(calendar: Calendar, a: Duration, b: Duration): number {
  return nominalMs(calendar, a) - nominalMs(calendar, b);
}

function nominalMs({ hours }: Calendar, limit: Duration): number {
  const week = Object.values(hours);
  if ('workingDays' in limit) return (limit.workingDays * WEEK) / week.length;
  const weekMinutes = week.reduce((sum, [open, close]) => sum + close - open, 0);
  return 'workingHours' in limit ? (limit.workingHours * 60 * WEEK) / weekMinutes : clockMs(limit);
}

function clockMs(limit: { days: number } | { hours: number }): number {
  return 'days' in limit ? limit.days * DAY : limit.hours * HOUR;
}

const decimal = (amount: number) => String(amount).replace('.', ',');

function formatHours(hours: number): string {
  return hours < 1 ? `${decimal(Math.round(hours * 60))} menit` : `${decimal(hours)} jam`;
}

/** Closings from the start of the index up to and including an instant; so also the next working day to close. */
function closingsUntil({ index, offsetMinutes }: Calendar, instant: number): number {
  const next = index.closingsBefore[Math.floor((instant + offsetMinutes * MINUTE) / DAY) - FIRST_DAY];
  if (next === undefined) throw new RangeError(OUTSIDE);
  return index.closes[next]! <= instant ? next + 1 : next;
}

/** Working milliseconds from the start of the index to an instant. */
function workedMs(calendar: Calendar, instant: number): number {
  const next = closingsUntil(calendar, instant);
  return nth(calendar.index.workedBefore, next) + Math.max(instant - nth(calendar.index.opens, next), 0);
}

/** The first instant at which that much work time has passed: inside office hours or at their close. */
function instantOfWork({ index }: Calendar, worked: number): Date {
  let low = 0;
  let high = index.workedBefore.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (index.workedBefore[middle]! < worked) low = middle;
    else high = middle - 1;
  }
  const due = nth(index.opens, low) + worked - nth(index.workedBefore, low);
  if (due > nth(index.closes, low)) throw new RangeError(OUTSIDE);
  return new Date(due);
}

function nth(values: Float64Array, n: number): number {
  const value = values[n];
  if (value === undefined) throw new RangeError(OUTSIDE);
  return value;
}

function buildIndex(hours: Calendar['hours'], holidays: Calendar['holidays'], offsetMinutes: number): Index {
  const free = new Set([...holidays.keys()].map(dayOf));
  const closingsBefore = new Int32Array(DAYS);
  const days: { opens: number; closes: number; workedBefore: number }[] = [];
  let workedBefore = 0;
  for (let slot = 0; slot < DAYS; slot++) {
    const day = FIRST_DAY + slot;
    closingsBefore[slot] = days.length;
    const open = free.has(day) ? undefined : hours[weekdayOf(day)];
    if (!open) continue;
    const [opens, closes] = open.map((minute) => day * DAY + (minute - offsetMinutes) * MINUTE) as [number, number];
    days.push({ opens, closes, workedBefore });
    workedBefore += closes - opens;
  }
  const column = (name: 'opens' | 'closes' | 'workedBefore') => new Float64Array(days.map((day) => day[name]));
  return { opens: column('opens'), closes: column('closes'), workedBefore: column('workedBefore'), closingsBefore };
}

function parseHours(table: Record<string, unknown>): Calendar['hours'] {
  const hours: Calendar['hours'] = {};
  for (const [name, value] of Object.entries(table)) {
    if (name === 'source' || name === 'provenance') continue;
    const path = `hours.${name}`;
    const weekday = WEEKDAYS.indexOf(name) + 1;
    if (weekday === 0) fail(path, 'is not a weekday', `use ${WEEKDAYS.join(', ')}; leave out a free day`);
    const time = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text(value, path));
    if (!time) return fail(path, `"${value}" is not a pair of times`, 'write opening and closing as 08:00-15:00');
    const open = Number(time[1]) * 60 + Number(time[2]);
    const close = Number(time[3]) * 60 + Number(time[4]);
    if (open >= close) fail(path, 'closes before it opens', 'put the earlier time first');
    hours[weekday as Weekday] = [open, close];
  }
  // Without one opening a working day never comes, and every limit in working days would be endless.
  if (Object.keys(hours).length === 0) fail('hours', 'has no weekday', 'give at least one, as monday: 08:00-15:00');
  return hours;
}

function parseOrigin(table: Record<string, unknown>, path: string): Origin {
  const source = text(table['source'], `${path}.source`);
  const provenance = table['provenance'];
  if (provenance === 'sourced' || provenance === 'unverified') return { source, provenance };
  return fail(`${path}.provenance`, 'is missing or not known', 'write sourced or unverified');
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return fail(path, 'is not a table of names and values', 'compare with calendars/indonesia.yaml');
}

function text(value: unknown, path: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  return fail(path, 'is missing or not text', 'write a text, in quotes where it looks like a number');
}

function fail(path: string, fault: string, remedy: string): never {
  throw new Error(`calendar: ${path} ${fault}; ${remedy}`);
}

/** Day number of YYYY-MM-DD, undefined when no such day exists (2026-02-30). */
function dayOf(date: string): number | undefined {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date) ? at / DAY : undefined;
}

function weekdayOf(day: number): Weekday {
  return (new Date(day * DAY).getUTCDay() || 7) as Weekday;
}
