import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveKeys } from '#platform/crypto.ts';
import { fits, hashesOf, hashFor, wordsOf } from './name.ts';

const keys = deriveKeys(Buffer.alloc(32, 1));

test('a name is compared without case, accents, apostrophes and signs', () => {
  assert.deepEqual(wordsOf("  Nur'Aini  Sálamah, S.Pd. "), ['nuraini', 'salamah', 'pd']);
  assert.deepEqual(wordsOf('33.16 / 12'), []);
});

test('three letters find beginnings, more letters find the word', () => {
  const kept = hashesOf(keys, 'dindukcapil', 'Kartini Contoh');
  assert.ok(kept.includes(hashFor(keys, 'dindukcapil', 'kar', false)));
  assert.ok(kept.includes(hashFor(keys, 'dindukcapil', 'kartini', false)));
  assert.ok(!kept.includes(hashFor(keys, 'dindukcapil', 'karti', false)));
  assert.ok(kept.includes(hashFor(keys, 'dindukcapil', 'karti', true)));
});

test('the same name has other hashes at another agency and under another key', () => {
  const here = hashesOf(keys, 'dindukcapil', 'Siti Contoh');
  for (const other of [
    hashesOf(keys, 'desa', 'Siti Contoh'),
    hashesOf(deriveKeys(Buffer.alloc(32, 2)), 'dindukcapil', 'Siti Contoh'),
  ])
    assert.ok(here.every((hash) => !other.includes(hash)));
});

test('what a beginning finds too much is left out by the name itself', () => {
  assert.ok(fits(['khasa'], 'Nur Khasanah'));
  assert.ok(!fits(['khasa'], 'Nur Khadijah'));
  assert.ok(!fits(['nu'], 'Nur Khasanah'), 'two letters are a word');
});
