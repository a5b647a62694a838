// The working-day clock: real dates as examples, laws as properties, and a naive minute-by-minute clock as a second
// opinion that shares no code with the first.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import {
  type Calendar,
  compareDurations,
  type Duration,
  dueAfter,
  formatDuration,
  hasHolidayData,
  isWorkingDay,
  localDate,
  parseCalendar,
  resumeDue,
  workingDaysBetween,
  workingMinutesBetween,
} from './calendar.ts';

const MINUTE = 60_000;
const file = new URL('../../calendars/indonesia.yaml', import.meta.url);
const data = parse(readFileSync(file, 'utf8'));
const calendar = parseCalendar(data);
const wib = (local: string) => new Date(`${local.replace(' ', 'T')}:00+07:00`);
const due = (start: string, limit: Duration) => shown(dueAfter(calendar, wib(start), limit));
const workMs = (a: Date, b: Date) => Math.round(workingMinutesBetween(calendar, a, b) * MINUTE);
const shown = (at: Date) => new Date(at.getTime() + 420 * MINUTE).toISOString().slice(0, 16).replace('T', ' ');

describe('real dates', () => {
  test('three working days asked for on the eve of Lebaran 2026 end after Nyepi, Lebaran and the joint leave', () => {
    assert.equal(due('2026-03-17 10:00', { workingDays: 3 }), '2026-03-27 14:00');
  });
  test('four working hours begun an hour before the Lebaran break end on the first morning after it', () => {
    assert.equal(due('2026-03-17 14:00', { workingHours: 4 }), '2026-03-25 11:00');
  });
  test('the joint leave added in August 2025 (SKB 933/2025) moves a due date by a day', () => {
    assert.equal(due('2025-08-14 09:00', { workingDays: 2 }), '2025-08-19 15:00');
  });
  test('polling day 27 November 2024 (Keppres 33/2024) is free and says which decree made it so', () => {
    assert.equal(isWorkingDay(calendar, '2024-11-27'), false);
    assert.equal(calendar.holidays.get('2024-11-27')?.source, 'Keppres Nomor 33 Tahun 2024');
  });
  test('the day of submission does not count, even at the opening of the office', () => {
    assert.equal(due('2026-07-06 08:00', { workingDays: 1 }), '2026-07-07 15:00');
  });
  test('what is submitted at or after closing counts as submitted on the next working day', () => {
    assert.equal(due('2026-07-10 13:59', { workingDays: 1 }), '2026-07-13 15:00');
    assert.equal(due('2026-07-10 14:00', { workingDays: 1 }), '2026-07-14 15:00');
    assert.equal(due('2026-07-11 20:00', { workingDays: 1 }), '2026-07-14 15:00');
  });
  test('a limit of no working days ends when the office closes', () => {
    assert.equal(due('2026-07-06 09:30', { workingDays: 0 }), '2026-07-06 15:00');
  });
  test('thirty calendar days end at the same time of day, free days included', () => {
    assert.equal(due('2026-03-01 09:15', { days: 30 }), '2026-03-31 09:15');
    assert.equal(due('2026-03-20 22:00', { hours: 24 }), '2026-03-21 22:00');
  });
  test('a week holds 34 working hours and five working days', () => {
    const [from, to] = [wib('2026-07-06 00:00'), wib('2026-07-13 00:00')];
    assert.equal(workingMinutesBetween(calendar, from, to), 34 * 60);
    assert.equal(workingDaysBetween(calendar, from, to), 5);
  });
  test('waiting over Lebaran for a document costs the office nothing', () => {
    const end = dueAfter(calendar, wib('2026-03-16 09:00'), { workingDays: 3 });
    assert.equal(shown(end), '2026-03-26 15:00');
    const resumed = resumeDue(calendar, { workingDays: 3 }, end, wib('2026-03-17 09:00'), wib('2026-03-26 09:00'));
    assert.equal(shown(resumed), '2026-03-30 15:00');
  });
  test('a pause does not cure lateness', () => {
    const late = wib('2026-07-06 15:00');
    assert.equal(resumeDue(calendar, { workingDays: 1 }, late, late, wib('2026-07-09 09:00')), late);
  });
  test('a stored due date on a day decreed free since counts as the next closing', () => {
    const stored = wib('2025-08-18 15:00');
    const resumed = resumeDue(calendar, { workingDays: 1 }, stored, wib('2025-08-15 09:00'), wib('2025-08-15 16:00'));
    assert.equal(shown(resumed), '2025-08-20 15:00');
  });
  test('the day changes at midnight in the regency, not in Greenwich', () => {
    assert.equal(localDate(calendar, new Date('2026-01-01T16:59:59Z')), '2026-01-01');
    assert.equal(localDate(calendar, new Date('2026-01-01T17:00:00Z')), '2026-01-02');
  });
  test('a regency in eastern Indonesia closes two hours earlier by the same sun', () => {
    const papua = parseCalendar({ ...data, zone: 'Asia/Jayapura' });
    const closes = dueAfter(papua, new Date('2026-07-06T00:00:00Z'), { workingDays: 0 });
    assert.equal(closes.toISOString(), '2026-07-06T06:00:00.000Z');
  });
});

describe('the published data', () => {
  test('each year holds as many days as its decree says, and two polling days in 2024', () => {
    const count = (year: number, kind: string) =>
      [...calendar.holidays].filter(([date, day]) => date.startsWith(`${year}`) && day.kind === kind).length;
    const counts = [2024, 2025, 2026, 2027].map((year) => `${count(year, 'national')}+${count(year, 'joint-leave')}`);
    assert.deepEqual(counts, ['19+10', '17+11', '17+8', '18+8']);
  });
  test('a joint leave is never a day that is free anyway', () => {
    for (const [date, day] of calendar.holidays)
      if (day.kind === 'joint-leave') assert.ok(new Date(date).getUTCDay() % 6 !== 0, date);
  });
  test('the office hours are marked as unverified', () => {
    assert.equal(calendar.hoursOrigin.provenance, 'unverified');
  });
  test('a year without data has only its weekends free, and says that it has no data', () => {
    assert.equal(hasHolidayData(calendar, 2027), true);
    assert.equal(hasHolidayData(calendar, 2031), false);
    assert.equal(isWorkingDay(calendar, '2031-01-01'), true);
    assert.equal(isWorkingDay(calendar, '2031-01-04'), false);
    assert.equal(due('2030-12-31 09:00', { workingDays: 1 }), '2031-01-01 15:00');
  });
});

describe('lengths', () => {
  test('a limit reads as Indonesians write it', () => {
    const limits: Duration[] = [{ workingDays: 3 }, { workingHours: 1.5 }, { workingHours: 0.25 }, { days: 30 }];
    const words = ['3 hari kerja', '1,5 jam kerja', '15 menit kerja', '30 hari'];
    assert.deepEqual(limits.map(formatDuration), words);
    assert.equal(formatDuration({ hours: 24 }), '24 jam');
  });
  test('limits of unlike units are ordered by nominal length', () => {
    const order = (a: Duration, b: Duration) => Math.sign(compareDurations(calendar, a, b));
    assert.equal(order({ workingDays: 5 }, { days: 7 }), 0);
    assert.equal(order({ workingDays: 1 }, { days: 1 }), 1);
    assert.equal(order({ workingHours: 34 }, { workingDays: 5 }), 0);
    assert.equal(order({ workingHours: 6 }, { workingDays: 1 }), -1);
    assert.equal(order({ hours: 24 }, { days: 1 }), 0);
  });
  test('a limit that is no length, or reaches past the calendar, is refused', () => {
    const wrong: Duration[] = [{ workingDays: 1.5 }, { workingDays: -1 }, { workingHours: 0 }, { days: Number.NaN }];
    for (const limit of [...wrong, { workingDays: 1e6 }, { workingHours: 1e6 }])
      assert.throws(() => dueAfter(calendar, wib('2026-07-06 09:00'), limit), RangeError, JSON.stringify(limit));
    assert.throws(() => isWorkingDay(calendar, '2026-02-30'), RangeError);
    assert.throws(() => dueAfter(calendar, new Date(Number.NaN), { workingDays: 1 }), RangeError);
  });
});

test('bad data is refused with its place and a remedy', () => {
  const year = { source: 'SKB', provenance: 'sourced' };
  const hours = { source: 'x', provenance: 'unverified', monday: '08:00-15:00' };
  const cases: [object, RegExp][] = [
    [{ version: undefined }, /version is missing/],
    [{ zone: 'Europe/Paris' }, /zone "Europe\/Paris" is not known; use one of Asia\/Jakarta/],
    [{ hours: { ...hours, monday: '8-15' } }, /hours\.monday "8-15" is not a pair of times; write/],
    [{ hours: { ...hours, monday: '15:00-08:00' } }, /hours\.monday closes before it opens/],
    [{ hours: { ...hours, senin: '08:00-15:00' } }, /hours\.senin is not a weekday/],
    [{ hours: { source: 'x', provenance: 'sourced' } }, /hours has no weekday/],
    [{ years: { 2026: { ...year, provenance: 'sure' } } }, /years\.2026\.provenance .* write sourced or unverified/],
    [{ years: { 2026: { ...year, joint_leave: {} } } }, /years\.2026\.joint_leave is not known/],
    [{ years: { 2026: { ...year, national: { '2026-02-30': 'x' } } } }, /national\.2026-02-30 is not a date/],
    [{ years: { 2026: { ...year, national: { '2027-01-01': 'x' } } } }, /is not in 2026; move it to years\.2027/],
    [{ years: { 2026: { ...year, national: { '2026-01-01': { name: 'x' } } } } }, /2026-01-01\.source is missing/],
  ];
  for (const [change, message] of cases) assert.throws(() => parseCalendar({ ...data, ...change }), message);
});

const from = wib('2025-06-01 00:00').getTime();
// Whole hours often, for that is where offices open and close.
const hour = fc.nat(900 * 24).map((hours) => hours * 60 * MINUTE);
const instant = fc.oneof(hour, fc.nat(900 * 1440 * MINUTE)).map((ms) => new Date(from + ms));
const pause = fc.tuple(instant, instant).map((ends) => ordered(...ends));
const count = fc.integer({ min: 1, max: 60 });
const workingDays = fc.record({ workingDays: fc.nat(60) });
const workingHours = fc.record({ workingHours: fc.integer({ min: 1, max: 4000 }).map((quarters) => quarters / 4) });
const working: fc.Arbitrary<Duration> = fc.oneof(workingDays, workingHours);
const limits: fc.Arbitrary<Duration> = fc.oneof(working, fc.record({ days: count }), fc.record({ hours: count }));
const ordered = (...at: Date[]) => at.sort((a, b) => a.getTime() - b.getTime()) as [Date, Date, Date];

type Given<T> = { [K in keyof T]: fc.Arbitrary<T[K]> };
function law<T extends unknown[]>(name: string, given: [...Given<T>], check: (...values: T) => void, numRuns = 1000) {
  const property = fc.property(fc.tuple<T>(...(given as Given<T>)), (values) => check(...values));
  test(name, () => fc.assert(property, { numRuns }));
}

law('a limit in working time ends inside office hours or as the office closes', [instant, working], (start, limit) => {
  const end = dueAfter(calendar, start, limit);
  assert.ok(end > start);
  assert.ok(workingMinutesBetween(calendar, new Date(end.getTime() - 1), end) > 0);
});

law('a later start or a longer limit is never due earlier', [instant, instant, limits, count], (a, b, limit, more) => {
  const [first, second] = ordered(a, b);
  assert.ok(dueAfter(calendar, first, limit) <= dueAfter(calendar, second, limit));
  const longer = Object.fromEntries(Object.entries(limit).map(([unit, n]) => [unit, n + more])) as Duration;
  assert.ok(dueAfter(calendar, first, limit) < dueAfter(calendar, first, longer));
});

law('working time and working days add up over any three instants', [instant, instant, instant], (a, b, c) => {
  assert.equal(workMs(a, b) + workMs(b, c), workMs(a, c));
  const days = (x: Date, y: Date) => workingDaysBetween(calendar, x, y);
  assert.equal(days(a, b) + days(b, c), days(a, c));
});

law('a limit in working hours holds exactly that much working time', [instant, workingHours], (start, limit) => {
  assert.equal(workMs(start, dueAfter(calendar, start, limit)), limit.workingHours * 60 * MINUTE);
});

law('holidays and weekends add nothing', [instant], (at) => {
  const date = localDate(calendar, at);
  const [midnight, next] = [wib(`${date} 00:00`), new Date(wib(`${date} 00:00`).getTime() + 1440 * MINUTE)];
  const free = new Date(date).getUTCDay() % 6 === 0 || calendar.holidays.has(date);
  assert.equal(isWorkingDay(calendar, date), !free);
  assert.equal(workingDaysBetween(calendar, midnight, next), free ? 0 : 1);
  if (free) assert.equal(workMs(midnight, next), 0);
});

law(
  'a pause never brings the due date forward and keeps what was left',
  [instant, limits, pause],
  (at, limit, [a, b]) => {
    const end = dueAfter(calendar, at, limit);
    const resumed = resumeDue(calendar, limit, end, a, b);
    assert.ok(resumed >= end);
    if (end <= a) return assert.equal(resumed, end);
    const left = (x: Date, y: Date) => {
      if ('workingDays' in limit) return workingDaysBetween(calendar, x, y);
      return 'workingHours' in limit ? workMs(x, y) : y.getTime() - x.getTime();
    };
    assert.equal(left(b, resumed), left(a, end));
  },
);

law('resuming at once, or in working days the same day, changes nothing', [instant, limits, instant], (a, limit, b) => {
  const end = dueAfter(calendar, a, limit);
  assert.deepEqual(resumeDue(calendar, limit, end, b, b), end);
  const evening = new Date(dueAfter(calendar, b, { workingDays: 0 }).getTime() - 1);
  if ('workingDays' in limit) assert.deepEqual(resumeDue(calendar, limit, end, b, evening), end);
});

law('a pause split in two equals one', [instant, limits, instant, instant, instant], (start, limit, x, y, z) => {
  const [a, b, c] = ordered(x, y, z);
  const end = dueAfter(calendar, start, limit);
  const twice = resumeDue(calendar, limit, resumeDue(calendar, limit, end, a, b), b, c);
  assert.deepEqual(twice, resumeDue(calendar, limit, end, a, c));
});

/** Walks the clock minute by minute, reading each local minute anew: far too slow to use, too simple to be wrong. */
function naiveDue(calendar: Calendar, start: Date, limit: Duration): Date {
  let left = 'workingDays' in limit ? limit.workingDays + 1 : 'workingHours' in limit ? limit.workingHours * 60 : 0;
  let at = start.getTime();
  for (; left > 0; at += MINUTE) {
    const [date, time] = new Date(at + calendar.offsetMinutes * MINUTE).toISOString().split('T') as [string, string];
    const hours = calendar.hours[(new Date(date).getUTCDay() || 7) as 1];
    if (!hours || calendar.holidays.has(date)) continue;
    const minute = Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
    if ('workingDays' in limit ? minute === hours[1] - 1 : minute >= hours[0] && minute < hours[1]) left--;
  }
  return new Date(at);
}

const clock = (minute: number) => new Date(minute * MINUTE).toISOString().slice(11, 16);
const opens = fc.tuple(fc.nat(1000), fc.nat(437)).map(([at, length]) => `${clock(at)}-${clock(at + length + 1)}`);
const week = fc.dictionary(fc.constantFrom('monday', 'tuesday', 'thursday', 'saturday', 'sunday'), opens);
const free = fc.array(fc.nat(60).map((n) => new Date(Date.UTC(2026, 1, 1 + n)).toISOString().slice(0, 10)));
const zones = fc.constantFrom('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura');
const start = fc.nat(45 * 1440).map((n) => new Date(Date.UTC(2026, 1, 1) + n * MINUTE));
const hours = fc.constantFrom(1, 2.5, 7, 29).map((workingHours) => ({ workingHours }));
const short = fc.oneof(fc.record({ workingDays: fc.nat(8) }), hours);
const randomCalendar = fc.tuple(zones, week, opens, free).map(([zone, week, wednesday, free]) => {
  const origin = { source: 'x', provenance: 'unverified' };
  const years = { 2026: { ...origin, national: Object.fromEntries(free.map((date) => [date, 'x'])) } };
  return parseCalendar({ version: '1', zone, hours: { ...origin, wednesday, ...week }, years });
});
const agrees = (calendar: Calendar, start: Date, limit: Duration) =>
  assert.deepEqual(dueAfter(calendar, start, limit), naiveDue(calendar, start, limit));
law('it agrees with a naive minute-by-minute clock on random offices', [randomCalendar, start, short], agrees, 60);

test('the answers do not depend on the time zone of the machine', () => {
  const script = `
    import { readFileSync } from 'node:fs';
    import { parse } from 'yaml';
    import { dueAfter, localDate, parseCalendar } from '${new URL('./calendar.ts', import.meta.url)}';
    const calendar = parseCalendar(parse(readFileSync(new URL('${file}'), 'utf8')));
    for (let hour = 0; hour < 8760; hour += 7) {
      const start = new Date(Date.UTC(2026, 0, 1, hour));
      const ends = [{ workingDays: 3 }, { workingHours: 5 }, { days: 2 }].map((limit) => dueAfter(calendar, start, limit));
      console.log(localDate(calendar, start), ...ends.map((end) => end.toISOString()));
    }`;
  const answers = ['UTC', 'Asia/Jakarta', 'America/Los_Angeles', 'Pacific/Kiritimati'].map((TZ) => {
    const options = { cwd: import.meta.dirname, env: { ...process.env, TZ }, encoding: 'utf8' } as const;
    const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script], options);
    assert.equal(child.status, 0, child.stderr);
    return child.stdout;
  });
  assert.equal(new Set(answers).size, 1);
  assert.equal(answers[0]?.trim().split('\n').length, 1252);
});

test('a due date takes less than five microseconds', () => {
  const starts = Array.from({ length: 1000 }, (_, n) => new Date(from + n * 7.3 * 60 * MINUTE));
  const began = performance.now();
  for (let round = 0; round < 100; round++) for (const start of starts) dueAfter(calendar, start, { workingDays: 60 });
  assert.ok(((performance.now() - began) * 1000) / 1e5 < 5);
});
