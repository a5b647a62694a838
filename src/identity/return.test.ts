import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safeReturn } from './return.ts';

test('a path of this site is kept, with its question', () => {
  assert.equal(safeReturn('/kerja/261123-7KD4-QXS'), '/kerja/261123-7KD4-QXS');
  assert.equal(safeReturn('/kerja?layanan=akta-kelahiran&terlambat=ya'), '/kerja?layanan=akta-kelahiran&terlambat=ya');
});

test('whatever could lead to another site goes home', () => {
  const traps = [
    undefined,
    '',
    'kerja',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/kerja\\..',
    'https://evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/\u0000',
  ];
  for (const trap of traps) assert.equal(safeReturn(trap), '/kerja', JSON.stringify(trap));
});

test('signing in does not lead back to signing in or out', () => {
  assert.equal(safeReturn('/masuk'), '/kerja');
  assert.equal(safeReturn('/keluar'), '/kerja');
});
