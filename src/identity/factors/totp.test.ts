import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appUri, secretText, stepOf } from './totp.ts';

// RFC 6238, appendix B (SHA-1): the last six of its eight digits
const SECRET = Buffer.from('12345678901234567890');
const VECTORS: [number, string][] = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
];

test('codes are those of RFC 6238', () => {
  for (const [seconds, code] of VECTORS)
    assert.equal(stepOf(SECRET, code, new Date(seconds * 1000)), Math.floor(seconds / 30), code);
});

test('a code is good one step early and late, not two', () => {
  const code = '005924';
  const own = Math.floor(1234567890 / 30);
  for (const [shift, good] of [
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ] as const)
    assert.equal(stepOf(SECRET, code, new Date((own + shift) * 30_000)), good ? own : undefined, String(shift));
});

test('spaces do not matter; anything but six digits is wrong', () => {
  const now = new Date(1234567890 * 1000);
  assert.notEqual(stepOf(SECRET, ' 005 924 ', now), undefined);
  for (const wrong of ['', '05924', '0059240', 'abcdef', '000000']) assert.equal(stepOf(SECRET, wrong, now), undefined);
});

test('the QR code and the text to type hold the same secret', () => {
  const uri = new URL(appUri(SECRET, 'siti.contoh'));
  assert.equal(uri.protocol, 'otpauth:');
  assert.equal(uri.searchParams.get('secret'), secretText(SECRET).replaceAll(' ', ''));
  assert.match(decodeURIComponent(uri.pathname), /siti\.contoh$/);
});
