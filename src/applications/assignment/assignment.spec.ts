// Sharing work and batches through the machine interface: each route unknown → forbidden → malformed → done → done again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { eventsOf } from '#platform/event-log.ts';
import { newId } from '#platform/ids.ts';
import { resetLimits } from '#platform/rate-limit.ts';
import { createToken } from '#src/identity/actions.ts';
import { type ApiClient, openApiClient } from '#test/api-client.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { submitApplication } from '../actions.ts';
import { openTasksOf } from '../store.ts';

const { answers } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../services/akta-kelahiran/example.json'), 'utf8'),
);
let t: TestWorld;
let api: ApiClient;
const officers: Record<string, { id: string; headers: Record<string, string> }> = {};
before(async () => {
  t = await openTestWorld();
  api = await openApiClient(t);
  for (const login of ['verifikator', 'verifikator2', 'atasan', 'perizinan', 'satpolpp']) {
    const officer = await t.officer(login);
    assert.ok(officer.kind === 'officer');
    const token = await createToken(t.ctx(), officer.id);
    officers[login] = { id: officer.id, headers: { authorization: `Bearer ${token}` } };
  }
});
beforeEach(() => resetLimits());
after(() => t.close());

const post = (login: string, path: string, body?: unknown, key: string = newId()) =>
  api.post(path, body, { ...officers[login]?.headers, 'idempotency-key': key });
const get = (login: string, path: string) => api.get(path, officers[login]?.headers);
const submit = (over: object = {}) =>
  submitApplication(t.ctx(), { service: 'akta-kelahiran', answers: { ...answers, ...over }, channel: 'online' });
const ABSENT = '/api/v1/applications/261123-0000-000';

describe('over the machine interface', () => {
  test('notes, taking, giving and freeing', async () => {
    const { id, number } = await submit();
    const path = `/api/v1/applications/${number}`;
    const task = (await openTasksOf(t.world, id))[0]?.id;
    const given = `${path}/tasks/${task}/assign`;
    assert.equal((await post('verifikator', `${ABSENT}/notes`, { note: 'x' })).status, 404);
    assert.equal((await post('perizinan', `${path}/notes`, { note: 'x' })).status, 403);
    assert.equal((await post('verifikator', `${path}/notes`, { catatan: 'x' })).status, 422);
    assert.equal((await api.post(`${path}/notes`, { note: 'x' })).status, 401);
    const key = newId();
    for (let i = 0; i < 2; i++)
      assert.equal((await post('verifikator', `${path}/notes`, { note: 'Ditelepon.' }, key)).status, 200);
    for (const login of ['verifikator', 'verifikator']) assert.equal((await post(login, `${path}/take`)).status, 200);
    const taken = await post('verifikator2', `${path}/take`);
    assert.deepEqual([taken.status, taken.body.type], [409, '/api/problems/taken']);
    assert.equal((await post('verifikator2', `${path}/take`, { over: officers.verifikator?.id })).status, 200);
    assert.equal((await post('verifikator', given, { officer: officers.verifikator?.id })).status, 403);
    assert.equal((await post('atasan', given, { officer: officers.atasan?.id })).status, 422);
    assert.equal((await post('atasan', given, { officer: officers.verifikator?.id })).status, 200);
    assert.equal((await post('atasan', `${path}/tasks/bukan/release`)).status, 404);
    for (let i = 0; i < 2; i++) assert.equal((await post('atasan', `${path}/tasks/${task}/release`)).status, 200);
    assert.equal((await eventsOf(t.world, id)).filter(({ type }) => type === 'application.noted').length, 1);
  });

  test('opinions are asked, answered, taken back', async () => {
    const { number } = await submit();
    const path = `/api/v1/applications/${number}/opinions`;
    const ask = { agency: 'satpol-pp', role: 'verifier', note: 'Amankah?' };
    assert.equal((await post('perizinan', path, ask)).status, 403);
    assert.equal((await post('verifikator', path, { agency: 'satpol-pp' })).status, 422);
    const key = newId();
    for (let i = 0; i < 2; i++) assert.equal((await post('verifikator', path, ask, key)).status, 200);
    const opinion = async () => {
      const { rows } = await t.world.pool.query(
        `SELECT opinion FROM applications.tasks t JOIN applications.applications a ON a.id = t.application WHERE a.number = $1 AND t.kind = 'opinion' AND t.closed_at IS NULL`,
        [number],
      );
      return rows[0]?.opinion as string;
    };
    const first = await opinion();
    assert.equal((await post('perizinan', `${path}/${first}/answer`, { answer: 'agree' })).status, 403);
    assert.equal(
      (await post('satpolpp', `${path}/${first}/answer`, { answer: 'disagree' })).status,
      422,
      'with a reason',
    );
    assert.equal((await post('satpolpp', `${path}/${first}/answer`, { answer: 'agree' })).status, 200);
    assert.equal((await post('satpolpp', `${path}/${first}/answer`, { answer: 'agree' })).status, 409);
    await post('verifikator', path, ask);
    const second = await opinion();
    assert.equal((await post('satpolpp', `${path}/${second}/recall`)).status, 403);
    assert.equal((await post('verifikator', `${path}/${second}/recall`)).status, 200);
  });

  test('doubles are listed, marked in the inbox, and cleared', async () => {
    const nik = '3316010101907771';
    const [one, two] = [await submit({ nikPemohon: nik }), await submit({ nikPemohon: nik })];
    const path = `/api/v1/applications/${one.number}/duplicates`;
    assert.equal((await get('perizinan', path)).status, 403);
    assert.deepEqual(
      (await get('verifikator', path)).body.items.map((item: { number: string }) => item.number),
      [two.number],
    );
    const marked = async () =>
      (await get('verifikator', '/api/v1/tasks?limit=100')).body.items.filter(
        (item: { double?: boolean }) => item.double,
      ).length;
    const before = await marked();
    assert.equal((await post('verifikator', `${path}/${two.number}/clear`)).status, 200);
    assert.equal(await marked(), before - 2);
    assert.deepEqual((await get('verifikator', path)).body.items, []);
  });

  test('a batch is started once under one key, watched and stopped', async () => {
    const { id } = await submit();
    const plan = { action: 'setujui-berkas', applications: [id] };
    assert.equal((await post('verifikator', '/api/v1/batches', { action: 'setujui-berkas' })).status, 422);
    assert.equal((await post('verifikator', '/api/v1/batches', { ...plan, action: 'minta-perbaikan' })).status, 422);
    assert.equal((await post('perizinan', '/api/v1/batches', plan)).status, 422, 'nothing of another agency is chosen');
    const key = newId();
    const first = await post('verifikator', '/api/v1/batches', plan, key);
    assert.equal(first.status, 201);
    assert.equal((await post('verifikator', '/api/v1/batches', plan, key)).body.id, first.body.id);
    assert.equal(
      (await post('verifikator', '/api/v1/batches', { ...plan, action: 'tolak', reason: 'data-tidak-sesuai' }, key))
        .status,
      409,
    );
    const path = `/api/v1/batches/${first.body.id}`;
    assert.equal((await get('perizinan', path)).status, 404);
    assert.equal((await get('verifikator2', path)).status, 403);
    await t.work();
    const { body } = await get('atasan', path);
    assert.deepEqual([body.state, body.total, body.done, body.refused], ['done', 1, 1, 0]);
    assert.equal((await post('verifikator', `${path}/cancel`)).body.state, 'done');
    assert.deepEqual((await get('verifikator', `${path}/refused`)).body.items, []);
  });
});
