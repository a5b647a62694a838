// Verification through HTTP: anyone may ask about a code, nobody learns more than the paper shows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '#platform/ids.ts';
import { resetLimits } from '#platform/rate-limit.ts';
import { type ApiClient, openApiClient } from '#test/api-client.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';

const CODE = '7KDM4QXA7KDM4QXA7KDM4QXA7K';

let t: TestWorld;
let api: ApiClient;
before(async () => {
  t = await openTestWorld();
  api = await openApiClient(t);
  await t.world.db
    .insertInto('documents.documents')
    .values({
      id: newId(),
      code: CODE,
      application: newId(),
      number: '261123-7KD4-QXM',
      service: 'surat-domisili',
      product: 'surat',
      agency: 'desa',
      holder: 'F*** C***',
      issued_at: new Date('2026-11-23T03:10:00Z'),
    })
    .execute();
});
after(() => t.close());

test('an unknown code is answered as unknown, and asking for many of them is slowed down', async () => {
  for (const code of ['x', 'AAAAAAAAAAAAAAAAAAAAAAAAAA', '%00', '__proto__'])
    assert.deepEqual((await api.get(`/api/v1/documents/${code}`)).body, { status: 'unknown' });
  const statuses: number[] = [];
  for (let i = 0; i < 35; i++) statuses.push((await api.get('/api/v1/documents/x')).status);
  assert.equal(statuses.at(-1), 429);
  assert.equal((await api.get(`/api/v1/documents/${CODE}`)).status, 200, 'a real paper is still checked');
  resetLimits();
});

test('a valid document says what it is, without the name', async () => {
  const { body } = await api.get(`/api/v1/documents/${CODE.toLowerCase().replaceAll(/(.{4})/g, '$1-')}`);
  assert.deepEqual(body, {
    status: 'valid',
    product: { id: 'surat', name: 'Surat Keterangan Domisili' },
    service: { id: 'surat-domisili', name: 'Surat keterangan domisili' },
    agency: { id: 'desa', name: body.agency.name },
    number: '261123-7KD4-QXM',
    issuedAt: '2026-11-23T03:10:00.000Z',
    holder: 'F*** C***',
    signature: 'none',
  });
});

test('a revoked document says so', async () => {
  await t.world.db
    .updateTable('documents.documents')
    .set({ revoked_at: new Date('2026-11-23T04:00:00Z'), revoked_reason: 'wrong-data' })
    .where('code', '=', CODE)
    .execute();
  const { body } = await api.get(`/api/v1/documents/${CODE}`);
  assert.deepEqual(
    [body.status, body.revokedAt, body.revokedReason],
    ['revoked', '2026-11-23T04:00:00.000Z', 'wrong-data'],
  );
});
