// The way of a message as examples, and as a property: no situation is left without a step that leads on.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CLOSED, pass, settled } from './breaker.ts';
import { outOfQuiet } from './quiet.ts';
import { jitter, nextStep, type Situation, type Tried, type Way } from './way.ts';

const NINE = new Date('2026-11-23T09:00:00+07:00');
const at = (minutes: number): Date => new Date(NINE.getTime() + minutes * 60_000);
const A: Way = { channel: 'whatsapp', provider: 'a', repeat: 'report' };
const B: Way = { channel: 'sms', provider: 'b', repeat: 'key' };
const B2: Way = { channel: 'sms', provider: 'b2', repeat: 'key' };
const C: Way = { channel: 'email', provider: 'c', repeat: 'key' };
const tried = (way: Way, outcome: Tried['outcome'], minute: number): Tried => ({
  channel: way.channel,
  provider: way.provider,
  startedAt: at(minute),
  endedAt: at(minute),
  outcome,
  reason: 'x',
});
const situation = (given: Partial<Situation>): Situation => ({
  id: '019ac5f0-0000-7000-8000-000000000001',
  urgent: false,
  roundAt: NINE,
  expires: at(72 * 60),
  ways: [A, B, C],
  tried: [],
  closedUntil: () => undefined,
  ...given,
});

describe('the next way of a message', () => {
  test('is the first channel first', () => {
    assert.deepEqual(nextStep(situation({}), NINE), { do: 'send', way: A });
  });

  test('is the next channel after a refusal of the address, without a second try', () => {
    assert.deepEqual(nextStep(situation({ tried: [tried(A, 'refused', 0)] }), NINE), { do: 'send', way: B });
  });

  test('waits 15 to 30 seconds after the first fault and doubles with each', () => {
    const one = nextStep(situation({ ways: [B], tried: [tried(B, 'failed', 0)] }), NINE);
    assert.ok(one.do === 'wait' && one.reason === 'back-off');
    const seconds = (one.until.getTime() - NINE.getTime()) / 1000;
    assert.ok(seconds >= 15 && seconds <= 30, String(seconds));
    const four = Array.from({ length: 4 }, () => tried(B, 'failed', 0));
    const later = nextStep(situation({ ways: [B], tried: four }), NINE);
    assert.ok(later.do === 'wait');
    const most = (later.until.getTime() - NINE.getTime()) / 1000;
    assert.ok(most >= 120 && most <= 240, String(most));
  });

  test('never waits longer than a day', () => {
    const many = Array.from({ length: 40 }, () => tried(B, 'failed', 0));
    const step = nextStep(situation({ ways: [B], tried: many, expires: at(30 * 24 * 60) }), NINE);
    assert.ok(step.do === 'wait' && step.until <= at(24 * 60));
  });

  test('goes to the second provider of the channel after three faults of the first, at once', () => {
    const three = [0, 1, 2].map((minute) => tried(B, 'failed', minute));
    assert.deepEqual(nextStep(situation({ ways: [B, B2], tried: three }), at(2)), { do: 'send', way: B2 });
    assert.equal(nextStep(situation({ ways: [B, B2], tried: three.slice(1) }), at(2)).do, 'wait');
  });

  test('goes to the second provider at once when the first is known to be down', () => {
    const closedUntil = (provider: string) => (provider === 'b' ? at(5) : undefined);
    assert.deepEqual(nextStep(situation({ ways: [B, B2], closedUntil }), NINE), { do: 'send', way: B2 });
  });

  test('uses another channel for an outage only after ten minutes, or at once for what was asked for just now', () => {
    const closedUntil = (provider: string) => (provider === 'a' ? at(60) : undefined);
    assert.deepEqual(nextStep(situation({ closedUntil }), at(9)), {
      do: 'wait',
      until: at(60),
      reason: 'provider-down',
    });
    assert.deepEqual(nextStep(situation({ closedUntil }), at(10)), { do: 'send', way: B });
    assert.deepEqual(nextStep(situation({ closedUntil, urgent: true }), at(0)), { do: 'send', way: B });
  });

  test('stays with a provider that may have taken the message and knows its key', () => {
    const step = nextStep(situation({ ways: [B, B2], tried: [tried(B, 'unknown', 0)] }), at(1));
    assert.deepEqual(step, { do: 'send', way: B });
  });

  test('waits five minutes for the report of a provider that knows no key, then goes on', () => {
    const unknown = [tried(A, 'unknown', 0)];
    assert.deepEqual(nextStep(situation({ tried: unknown }), at(1)), { do: 'wait', until: at(5), reason: 'report' });
    assert.equal(nextStep(situation({ tried: unknown }), at(5)).do, 'send');
  });

  test('asks a provider that can be asked, and does not ask without a pause', () => {
    const ask: Way = { ...B, repeat: 'lookup' };
    const once = { ...tried(B, 'unknown', 0) };
    assert.deepEqual(nextStep(situation({ ways: [ask], tried: [once] }), at(1)), { do: 'ask', way: ask });
    assert.equal(nextStep(situation({ ways: [ask], tried: [{ ...once, endedAt: at(1) }] }), at(1)).do, 'wait');
  });

  test('ends when it is too late, and when every channel has refused', () => {
    assert.deepEqual(nextStep(situation({}), at(72 * 60)), { do: 'end', reason: 'too-late' });
    const refused = [A, B, C].map((way) => tried(way, 'refused', 0));
    assert.equal(nextStep(situation({ tried: refused }), at(1)).do, 'end');
  });

  test('exists in every situation, and what waits has a time ahead', () => {
    const ways = fc.subarray([A, B, B2, C], { minLength: 1 });
    const outcomes = fc.constantFrom('refused', 'failed', 'unknown') as fc.Arbitrary<Tried['outcome']>;
    fc.assert(
      fc.property(
        ways,
        fc.array(fc.tuple(fc.nat(3), outcomes, fc.nat(300)), { maxLength: 12 }),
        fc.boolean(),
        fc.array(fc.option(fc.nat(60), { nil: undefined }), { minLength: 4, maxLength: 4 }),
        fc.nat(73 * 60),
        (given, tries, urgent, closed, minute) => {
          const list = tries
            .map(([index, outcome, minutes]) => tried(given[index % given.length] as Way, outcome, minutes))
            .sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
          const now = at(minute);
          const closedUntil = (provider: string) => {
            const minutes = closed[['a', 'b', 'b2', 'c'].indexOf(provider)];
            return minutes === undefined || at(minutes) <= now ? undefined : at(minutes);
          };
          const step = nextStep(situation({ ways: given, tried: list, urgent, closedUntil }), now);
          if (step.do === 'wait') assert.ok(step.until > now, `${step.reason} until the past`);
          if (step.do === 'send' || step.do === 'ask') {
            assert.equal(closedUntil(step.way.provider), undefined);
            assert.ok(!list.some((one) => one.outcome === 'refused' && one.channel === step.way.channel));
          }
          if (step.do === 'end')
            assert.ok(
              now >= at(72 * 60) ||
                given.every((way) => list.some((one) => one.outcome === 'refused' && one.channel === way.channel)),
            );
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('has a jitter that follows from the message and differs between messages', () => {
    const many = Array.from({ length: 1000 }, (_, n) => jitter(`message-${n}`, 1));
    assert.ok(many.every((one) => one >= 0 && one < 1));
    assert.ok(new Set(many.map((one) => Math.floor(one * 10))).size === 10);
    assert.equal(jitter('x', 2), jitter('x', 2));
  });
});

describe('a breaker', () => {
  test('opens after five faults in a row and lets one try through when its time is over', () => {
    let breaker = CLOSED;
    for (let n = 0; n < 4; n++) breaker = settled(breaker, true, 0);
    assert.ok(pass(breaker, 0).allowed);
    breaker = settled(breaker, true, 0);
    assert.deepEqual(pass(breaker, 29_999), { allowed: false, until: 30_000 });
    const first = pass(breaker, 30_000);
    assert.ok(first.allowed);
    assert.equal(pass(first.after, 30_001).allowed, false, 'a second one while the first is under way');
    assert.equal(
      pass(settled(first.after, true, 31_000), 31_000 + 59_000).allowed,
      false,
      'twice as long the next time',
    );
    assert.ok(pass(settled(first.after, false, 31_000), 31_001).allowed);
  });

  test('opens once for a whole handful of tries that were under way together', () => {
    let breaker = CLOSED;
    for (let n = 0; n < 16; n++) breaker = settled(breaker, true, 0);
    assert.deepEqual(pass(breaker, 1), { allowed: false, until: 30_000 });
  });

  test('rests as long as the provider asks for', () => {
    assert.deepEqual(pass(settled(CLOSED, true, 0, 120), 1000), { allowed: false, until: 120_000 });
  });
});

describe('quiet hours', () => {
  const id = '019ac5f0-0000-7000-8000-00000000abcd';
  const jakarta = 420;

  test('are 21.00 to 06.00; what falls into them goes out in the first ten minutes of the morning', () => {
    for (const time of ['2026-11-23T21:00:00+07:00', '2026-11-23T23:59:59+07:00', '2026-11-24T05:59:59+07:00']) {
      const out = outOfQuiet(new Date(time), jakarta, id);
      assert.ok(out >= new Date('2026-11-24T06:00:00+07:00') && out <= new Date('2026-11-24T06:10:00+07:00'), time);
    }
  });

  test('let everything else go at once', () => {
    for (const time of ['2026-11-23T06:00:00+07:00', '2026-11-23T12:00:00+07:00', '2026-11-23T20:59:59+07:00'])
      assert.deepEqual(outOfQuiet(new Date(time), jakarta, id), new Date(time));
  });

  test('never hold anything back for more than nine hours and ten minutes, and always end by day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000_000 }), fc.uuid(), (time, some) => {
        const out = outOfQuiet(new Date(time), jakarta, some);
        assert.ok(out.getTime() - time <= (9 * 60 + 10) * 60_000);
        assert.deepEqual(outOfQuiet(out, jakarta, some), out);
      }),
    );
  });
});
