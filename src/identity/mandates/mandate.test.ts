// How long a mandate lasts, and the names in it, as examples.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { endOf, MOST_DAYS, readName, standingOf } from './mandate.ts';

const WIB = 420;
const morning = new Date('2026-11-23T09:00:00+07:00');

describe('a mandate', () => {
  test('lasts to the end of its last day in the regency’s zone', () => {
    assert.equal(endOf(morning, 1, WIB)?.toISOString(), new Date('2026-11-25T00:00:00+07:00').toISOString());
    // late in the evening it is already tomorrow elsewhere, not here
    assert.equal(
      endOf(new Date('2026-11-23T23:30:00+07:00'), 1, WIB)?.toISOString(),
      new Date('2026-11-25T00:00:00+07:00').toISOString(),
    );
    assert.ok(endOf(morning, MOST_DAYS, WIB));
    for (const days of [0, -1, MOST_DAYS + 1, 1.5, Number.NaN]) assert.equal(endOf(morning, days, WIB), undefined);
  });

  test('is over at its end to the millisecond, or when it was revoked', () => {
    const ends = new Date('2026-11-25T00:00:00+07:00');
    assert.equal(standingOf({ revokedAt: null, ends }, new Date(ends.getTime() - 1)), 'running');
    assert.equal(standingOf({ revokedAt: null, ends }, ends), 'ended');
    assert.equal(standingOf({ revokedAt: morning, ends }, morning), 'revoked');
  });
});

test('a name is one line of letters; what is none is refused', () => {
  assert.equal(readName('  Siti \n Contoh '), 'Siti Contoh');
  assert.equal(readName("Ayu Sa'id"), "Ayu Sa'id");
  for (const typed of ['', 'A', '12', '\u202e\u202e', '\uFFFDsiti', 'x'.repeat(101)])
    assert.equal(readName(typed), undefined);
});
