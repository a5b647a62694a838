// Dates, money and numbers: each rule as the examples a reader would check by hand.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import * as f from './format.ts';

const morning = new Date('2026-11-23T02:15:00Z');

describe('dates', () => {
  test('a moment is told on the clock of the regency, with a dot between hours and minutes', () => {
    assert.equal(f.formatDate(morning), 'Senin, 23 November 2026');
    assert.equal(f.formatDateTime(morning), '23 November 2026 pukul 09.15 WIB');
    assert.equal(f.formatShortDate(morning), '23 Nov 2026');
    assert.equal(f.formatTime(morning), '09.15');
  });
  test('late evening in London is already tomorrow in Blora', () => {
    assert.equal(f.formatDate('2026-11-22T17:00:00Z'), 'Senin, 23 November 2026');
    assert.equal(f.formatDate('2026-11-22T16:59:00Z'), 'Minggu, 22 November 2026');
  });
  test('a bare calendar day stays that day in every zone', () => {
    assert.equal(f.formatDate('2026-08-17', 540), 'Senin, 17 Agustus 2026');
    assert.equal(f.formatShortDate('1948-05-02', -600), '2 Mei 1948');
  });
  test('other Indonesian zones name themselves, an unknown one says nothing', () => {
    assert.equal(f.formatDateTime(morning, 480), '23 November 2026 pukul 10.15 WITA');
    assert.equal(f.formatDateTime(morning, 0), '23 November 2026 pukul 02.15');
  });
  test('what is not a date is refused, never printed', () => {
    assert.throws(() => f.formatDate('kapan-kapan'), RangeError);
  });
  test('near moments are told as people say them', () => {
    const ago = (ms: number) => f.formatRelative(new Date(morning.getTime() + ms), morning);
    assert.equal(ago(-20_000), 'baru saja');
    assert.equal(ago(-5 * 60_000), '5 menit lalu');
    assert.equal(ago(-3 * 3_600_000), '3 jam lalu');
    assert.equal(ago(-10 * 3_600_000), 'kemarin');
    assert.equal(ago(-3 * 86_400_000), '3 hari lalu');
    assert.equal(ago(86_400_000), 'besok');
    assert.equal(ago(2 * 86_400_000), '2 hari lagi');
    assert.equal(ago(-60 * 86_400_000), '24 Sep 2026');
    assert.equal(f.formatRelative('2026-11-23', morning), 'hari ini');
  });
  test('every day of a year has a weekday that follows the day before', () => {
    const names = ['Minggu', 'Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu'];
    fc.assert(
      fc.property(fc.integer({ min: -30_000, max: 40_000 }), (day) => {
        const at = (d: number) => f.formatDate(new Date(d * 86_400_000)).split(',')[0]!;
        assert.equal(names.indexOf(at(day + 1)), (names.indexOf(at(day)) + 1) % 7);
      }),
    );
  });
});

describe('numbers', () => {
  test('money is whole rupiah with dots, and its space does not break', () => {
    assert.equal(f.formatRupiah(1_500_000), 'Rp\u00a01.500.000');
    assert.equal(f.formatRupiah(0), 'Rp\u00a00');
    assert.equal(f.formatRupiah(-25_000), '−Rp\u00a025.000');
    assert.equal(f.formatFee(0), 'Gratis');
  });
  test('a comma parts decimals and a dot parts thousands', () => {
    assert.equal(f.formatNumber(1234.5), '1.234,5');
    assert.equal(f.formatNumber(999), '999');
    assert.equal(f.formatNumber(1000), '1.000');
    assert.equal(f.formatNumber(-0.001), '0');
    assert.equal(f.formatNumber(Number.NaN), '–');
    assert.equal(f.formatPercent(0.875), '87,5%');
    assert.equal(f.formatPercent(1), '100%');
  });
  test('a written number reads back as the same number', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (n) => {
        const back = Number(f.formatNumber(n, 0).replaceAll('.', '').replace('−', '-'));
        assert.ok(back === n);
      }),
    );
  });
  test('counts, lists and sizes', () => {
    assert.equal(f.formatCount(0, 'permohonan'), 'belum ada permohonan');
    assert.equal(f.formatCount(1200, 'permohonan'), '1.200 permohonan');
    assert.equal(f.formatList(['KTP', 'KK']), 'KTP dan KK');
    assert.equal(f.formatList(['KTP', 'KK', 'surat nikah']), 'KTP, KK, dan surat nikah');
    assert.equal(f.formatBytes(2_400_000), '2,4 MB');
    assert.equal(f.formatBytes(999_900), '1 MB');
    assert.equal(f.formatBytes(340_000), '340 kB');
  });
});
