// The catalogue through HTTP: found by everyday words, read page by page, each service complete enough to apply for it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type ApiClient, openApiClient } from '#test/api-client.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';

type Item = { id: string; name: string };

let t: TestWorld;
let api: ApiClient;
before(async () => {
  t = await openTestWorld();
  api = await openApiClient(t);
});
after(() => t.close());

async function readAll(first: string): Promise<string[]> {
  const ids: string[] = [];
  for (let next: string | undefined = first; next; ) {
    const page = await api.get(next);
    assert.equal(page.status, 200, JSON.stringify(page.body));
    ids.push(...page.body.items.map((item: Item) => item.id));
    next = page.headers.get('link')?.match(/<([^>]+)>; rel="next"/)?.[1];
  }
  return ids;
}

test('every service is listed once, in pages of any size', async () => {
  const all = await readAll('/api/v1/services?limit=100');
  assert.deepEqual(all, all.toSorted());
  assert.ok(all.length > 40);
  assert.deepEqual(await readAll('/api/v1/services?limit=7'), all);
  assert.deepEqual((await api.get(`/api/v1/services?after=zzz`)).body.items, []);
});

test('a search finds by everyday words and goes on page by page', async () => {
  assert.equal((await readAll(`/api/v1/services?q=${encodeURIComponent('akte babaran')}`))[0], 'akta-kelahiran');
  const found = await readAll('/api/v1/services?q=surat&limit=3');
  assert.equal(new Set(found).size, found.length);
  assert.ok(found.length > 3);
});

test('a strange question is 422, an unknown service 404', async () => {
  for (const query of ['limit=0', 'limit=101', 'limit=a', 'halaman=2', `q=${'x'.repeat(201)}`])
    assert.equal((await api.get(`/api/v1/services?${query}`)).status, 422, query);
  assert.equal((await api.get('/api/v1/services/tidak-ada')).status, 404);
  assert.equal((await api.get('/api/v1/services/__proto__')).status, 404);
});

test('every service says all that is needed to apply, and its example fits its own schema', async () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const id of await readAll('/api/v1/services?limit=100')) {
    const { status, body } = await api.get(`/api/v1/services/${id}`);
    assert.equal(status, 200);
    assert.equal(Object.keys(body.standard).length, 14, id);
    const { answers } = JSON.parse(
      readFileSync(join(import.meta.dirname, `../../services/${id}/example.json`), 'utf8'),
    );
    assert.ok(ajv.validate(body.answers, answers), `${id}: ${ajv.errorsText()}`);
  }
});
