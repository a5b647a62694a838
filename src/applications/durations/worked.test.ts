// The office's own minutes, by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCalendar } from '#platform/world.ts';
import type { Service } from '#src/catalogue/service.ts';
import { joinedQuantile, quantile, workedMinutes } from './worked.ts';

const calendar = readCalendar();
const service = {
  id: 'x',
  workflow: {
    start: 'a',
    promise: { workingDays: 1 },
    states: {
      a: { name: '', resident: '', actions: {} },
      w: { name: '', resident: '', waitsFor: 'resident', actions: {} },
      no: { name: '', resident: '', end: 'refused', actions: {} },
      yes: { name: '', resident: '', end: 'completed', actions: {} },
    },
  },
} as unknown as Service;
const moves = (...list: [string, string][]) => list.map(([at, to]) => ({ at: `${at}+07:00`, to }));

test('minutes count within office hours only, over night and weekend', () => {
  assert.equal(workedMinutes(calendar, service, moves(['2026-11-23T09:00', 'a'], ['2026-11-23T10:30', 'yes'])), 90);
  // Friday 13.00 to 14.00, then Monday 08.00 to 08.30
  assert.equal(workedMinutes(calendar, service, moves(['2026-11-20T13:00', 'a'], ['2026-11-23T08:30', 'yes'])), 90);
  assert.equal(workedMinutes(calendar, service, moves(['2026-11-21T10:00', 'a'], ['2026-11-22T10:00', 'yes'])), 0);
});

test("the resident's own time does not count", () => {
  assert.equal(
    workedMinutes(
      calendar,
      service,
      moves(
        ['2026-11-23T09:00', 'a'],
        ['2026-11-23T10:00', 'w'],
        ['2026-11-25T09:00', 'a'],
        ['2026-11-25T09:20', 'yes'],
      ),
    ),
    80,
  );
});

test('the time between a refusal and the objection does not count', () => {
  assert.equal(
    workedMinutes(
      calendar,
      service,
      moves(
        ['2026-11-23T09:00', 'a'],
        ['2026-11-23T10:00', 'no'],
        ['2026-11-26T09:00', 'a'],
        ['2026-11-26T09:10', 'yes'],
      ),
    ),
    70,
  );
});

test('quantiles lie between neighbours in proportion', () => {
  assert.equal(quantile([], 0.5), null);
  assert.equal(quantile([7], 0.9), 7);
  assert.equal(quantile([1, 2, 3, 10], 0.5), 2.5);
  assert.equal(quantile([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 0.9), 90);
});

test('months are joined by their number of cases; months without cases do not count', () => {
  assert.equal(
    joinedQuantile([
      { value: 10, cases: 1 },
      { value: 40, cases: 2 },
      { value: null, cases: 0 },
    ]),
    30,
  );
  assert.equal(joinedQuantile([{ value: null, cases: 0 }]), null);
});
