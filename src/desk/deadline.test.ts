import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCalendar } from '#platform/world.ts';
import { deadlineOf } from './deadline.ts';

const calendar = readCalendar();
const at = (text: string) => new Date(`${text}+07:00`);
const words = (now: string, due: string) => deadlineOf(calendar, at(now), at(due)).text;

test('a limit is told in working days from today', () => {
  assert.equal(words('2026-11-23T09:00', '2026-11-25T15:30'), '2 hari kerja lagi');
  assert.equal(words('2026-11-23T09:00', '2026-11-24T10:00'), '1 hari kerja lagi');
});

test('free days do not count, before the limit or after it', () => {
  assert.equal(words('2026-11-27T09:00', '2026-11-30T10:00'), '1 hari kerja lagi', 'Friday to Monday');
  assert.equal(words('2026-11-28T09:00', '2026-11-30T10:00'), '1 hari kerja lagi', 'Saturday to Monday');
  assert.equal(words('2026-11-30T09:00', '2026-11-27T10:00'), 'terlambat 1 hari kerja', 'Monday, due on Friday');
});

test('today is told by the clock', () => {
  assert.equal(words('2026-11-23T09:00', '2026-11-23T15:30'), 'hari ini pukul 15.30');
  assert.equal(words('2026-11-23T15:31', '2026-11-23T15:30'), 'lewat sejak pukul 15.30');
});

test('a limit that passed is late from the next day, even before its hour', () => {
  assert.equal(words('2026-11-24T08:00', '2026-11-23T15:30'), 'terlambat 1 hari kerja');
  assert.equal(words('2026-11-26T08:00', '2026-11-23T10:00'), 'terlambat 3 hari kerja');
});
