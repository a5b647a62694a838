import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAnswer, parseInput } from './input.ts';
import type { Field } from './service.ts';

const field = (more: Partial<Field>): Field => ({ type: 'string', title: 'Isian', ...more });
const date = field({ format: 'date' });
const money = field({ type: 'integer', format: 'money' });
const yesNo = field({ type: 'boolean' });
const choice = field({
  oneOf: [
    { const: 'L', title: 'Laki-laki' },
    { const: 'P', title: 'Perempuan' },
  ],
});

test('dates are understood as Indonesians write them', () => {
  const spellings = [
    '12-3-1990',
    '12/03/1990',
    '12.3.1990',
    '12 Maret 1990',
    '12 mar 1990',
    '1990-03-12',
    '12 MARET, 1990',
    '12031990',
    '19900312',
  ];
  for (const text of spellings) assert.deepEqual(parseInput(date, text), { value: '1990-03-12' }, text);
  assert.deepEqual(parseInput(date, '1 Nopember 2001'), { value: '2001-11-01' });
});

test('a date that could mean two days, or none, is asked again', () => {
  assert.match(parseInput(date, '12/03/90').issue!, /empat angka/);
  assert.match(parseInput(date, '31 Februari 1990').issue!, /tidak ada/);
  for (const text of ['kemarin', '12 Maret', '12-3', '32', '12-13-1990', '1 2 3 4', 'Maret 12 1990'])
    assert.ok(parseInput(date, text).issue, text);
});

test('money is whole rupiah, with or without its marks', () => {
  for (const text of ['Rp 1.500.000,-', '1500000', '1.500.000', 'rp1.500.000,00', 'Rp. 1.500.000'])
    assert.deepEqual(parseInput(money, text), { value: 1_500_000 }, text);
  for (const text of ['1,5 juta', '1.5', '1.50.000', '-5', 'gratis', '9'.repeat(30)])
    assert.ok(parseInput(money, text).issue, text);
});

test('numbers, choices and yes or no', () => {
  assert.deepEqual(parseInput(field({ type: 'integer' }), '1.200'), { value: 1200 });
  assert.deepEqual(parseInput(field({ type: 'number' }), '1,5'), { value: 1.5 });
  assert.ok(parseInput(field({ type: 'integer' }), 'tiga').issue);
  assert.deepEqual(parseInput(yesNo, 'Ya'), { value: true });
  assert.deepEqual(parseInput(yesNo, 'tidak'), { value: false });
  assert.ok(parseInput(yesNo, 'mungkin').issue);
  assert.deepEqual(parseInput(choice, 'P'), { value: 'P' });
  assert.deepEqual(parseInput(choice, 'laki-laki'), { value: 'L' });
  assert.ok(parseInput(choice, 'X').issue);
});

test('spaces and marks that people add are taken away', () => {
  assert.deepEqual(parseInput(field({ format: 'nik' }), '3316 0145 0595 9002'), { value: '3316014505959002' });
  assert.deepEqual(parseInput(field({ format: 'phone' }), '+62 812-3456-7890'), { value: '081234567890' });
  assert.deepEqual(parseInput(field({ format: 'phone' }), '62 812 3456 7890'), { value: '081234567890' });
  assert.deepEqual(parseInput(field({ format: 'phone' }), '+60 12-345 6789'), { value: '+60123456789' });
  assert.deepEqual(parseInput(field({ format: 'name' }), '  siti   contoh '), { value: 'siti contoh' });
  assert.deepEqual(parseInput(field({}), '   '), {}, 'nothing typed is no answer');
});

test('answers read as people write them, and what was typed comes back the same', () => {
  assert.equal(formatAnswer(date, '1990-03-12'), '12 Maret 1990');
  assert.equal(formatAnswer(money, 1_500_000), 'Rp 1.500.000');
  assert.equal(formatAnswer(money, 0), 'Rp 0');
  assert.equal(formatAnswer(yesNo, false), 'Tidak');
  assert.equal(formatAnswer(choice, 'P'), 'Perempuan');
  assert.equal(formatAnswer(field({ type: 'number' }), 1.5), '1,5');
  assert.equal(formatAnswer(field({}), undefined), '');
  assert.equal(
    formatAnswer(field({ format: 'village' }), '33.16.01.2001', () => 'Contohan'),
    'Contohan',
  );
  for (const [one, value] of [
    [date, '2000-02-29'],
    [money, 25_000],
    [yesNo, true],
    [choice, 'L'],
  ] as const)
    assert.deepEqual(parseInput(one, formatAnswer(one, value)), { value });
});
