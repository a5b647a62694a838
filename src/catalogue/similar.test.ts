import assert from 'node:assert/strict';
import { test } from 'node:test';
import { didYouMean, nearest } from './similar.ts';

test('a slip of the fingers finds its word, another word finds none', () => {
  const known = ['verifier', 'approver', 'supervisor'];
  assert.equal(nearest('verifer', known), 'verifier');
  assert.equal(nearest('vreifier', known), 'verifier');
  assert.equal(nearest('APPROVER', known), 'approver');
  assert.equal(nearest('bupati', known), undefined);
  assert.equal(nearest('x'.repeat(1000), known), undefined);
  assert.equal(didYouMean('verifer', known), ' Maksud Anda "verifier"?');
  assert.equal(didYouMean('bupati', known), '');
});
