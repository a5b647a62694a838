import assert from 'node:assert/strict';
import { test } from 'node:test';
// @ts-expect-error: plain JavaScript, so that it runs before anything is installed
import count from './count.js';

type Told = { type: string; data: object };
async function lines(told: Told[]): Promise<string[]> {
  async function* source() {
    yield* told;
  }
  let text = '';
  for await (const part of count(source())) text += part;
  return text.trimEnd().split('\n');
}
const passed = { type: 'test:pass', data: { details: {} } };
const skipped = { type: 'test:pass', data: { details: {}, skip: true } };
const failed = { type: 'test:fail', data: { details: {} } };

test('the last line says how many tests passed and failed, and nothing else', async () => {
  assert.equal((await lines([passed, passed, failed])).at(-1), '2 passed, 1 failed');
  assert.equal((await lines([passed, skipped])).at(-1), '1 passed, 0 failed');
  assert.ok((await lines([passed, skipped])).includes('1 skipped'));
});

test('a group counts only when it fails by itself', async () => {
  const group = { type: 'test:pass', data: { details: { type: 'suite' } } };
  const by = (failureType: string) => ({
    type: 'test:fail',
    data: { details: { type: 'suite', error: { failureType } } },
  });
  assert.equal((await lines([passed, group, by('subtestsFailed'), by('hookFailed')])).at(-1), '1 passed, 1 failed');
});
