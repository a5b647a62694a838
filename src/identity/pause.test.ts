import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { giveBack, MOST_WRONG, type Tries, takeTry } from './pause.ts';

const MINUTE = 60_000;
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23) + minutes * MINUTE);

/** Tries wrongly at a minute, `times` in a row; how many were looked at, and what stands then. */
function guess(tries: Tries | undefined, minute: number, times: number) {
  let looked = 0;
  let now = tries;
  for (let i = 0; i < times; i++) {
    const next = takeTry(now, at(minute));
    now = next.tries;
    if (next.allowed) looked += 1;
  }
  return { looked, tries: now as Tries };
}
const pauseOf = (tries: Tries, minute: number) => ((tries.until?.getTime() ?? 0) - at(minute).getTime()) / MINUTE;

test('ten wrong tries in a quarter of an hour pause the account for a quarter of an hour', () => {
  const { looked, tries } = guess(undefined, 0, 30);
  assert.equal(looked, MOST_WRONG);
  assert.equal(pauseOf(tries, 0), 15);
  assert.equal(takeTry(tries, at(14.9)).allowed, false);
  assert.equal(takeTry(tries, at(15)).allowed, true);
});

test('nine tries and then a quiet quarter of an hour begin anew', () => {
  const { tries } = guess(undefined, 0, 9);
  assert.equal(guess(tries, 15, 9).looked, 9);
});

test('each pause is twice as long, up to a day, and a quiet day forgets them', () => {
  let tries: Tries | undefined;
  let minute = 0;
  const pauses: number[] = [];
  for (let i = 0; i < 9; i++) {
    ({ tries } = guess(tries, minute, 10));
    pauses.push(pauseOf(tries, minute));
    minute += pauses.at(-1) as number;
  }
  assert.deepEqual(pauses, [15, 30, 60, 120, 240, 480, 960, 1440, 1440]);
  ({ tries } = guess(tries, minute + 24 * 60, 10));
  assert.equal(pauseOf(tries, minute + 24 * 60), 15);
});

test('a right password takes back its own try, not the wrong ones before it', () => {
  const nine = guess(undefined, 0, 9).tries;
  const tenth = takeTry(nine, at(1));
  assert.equal(tenth.paused, true);
  const after = giveBack(tenth.tries);
  assert.deepEqual([after.wrong, after.until], [9, null]);
  assert.equal(takeTry(after, at(2)).paused, true, 'a wrong code after it is the tenth');
});

test('whatever the times of the tries, no quarter of an hour sees twenty looked at', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 20, maxLength: 200 }), (gaps) => {
      let tries: Tries | undefined;
      let minute = 0;
      const looked: number[] = [];
      for (const gap of gaps) {
        minute += gap / 4;
        const next = takeTry(tries, at(minute));
        tries = next.tries;
        if (next.allowed) looked.push(minute);
      }
      // a count may begin anew within the window, hence twice ten at most over any quarter of an hour
      for (const from of looked)
        assert.ok(looked.filter((one) => one >= from && one < from + 15).length < 2 * MOST_WRONG);
    }),
  );
});
