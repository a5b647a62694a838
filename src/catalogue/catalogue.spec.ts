// Publication on the real database: versions, and what becomes of running applications.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventsOf } from '#platform/event-log.ts';
import type { Problem } from '#platform/problem.ts';
import { actOnApplication, submitApplication } from '#src/applications/actions.ts';
import { openDossier } from '#src/applications/dossier/actions.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { getCatalogue, publish, serviceSubject } from './actions.ts';
import type { Service } from './service.ts';

const SERVICE = 'akta-kelahiran';
const { answers } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../services', SERVICE, 'example.json'), 'utf8'),
);

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());

const offered = async (): Promise<Service[]> =>
  (await getCatalogue(t.ctx())).services.map((version) => version.service);
const submit = () => submitApplication(t.ctx(), { service: SERVICE, answers, channel: 'online' });

test('the same catalogue published again makes no new version', async () => {
  const { agencies } = await getCatalogue(t.ctx());
  assert.deepEqual(await publish(t.ctx(), await offered(), [...agencies.values()]), []);
});

test('a changed service is a new version; an application keeps the one it was made under, with its workflow', async () => {
  const old = await submit();
  const services = structuredClone(await offered());
  const changed = services.find((service) => service.id === SERVICE);
  const state = changed?.workflow.states.verifikasi;
  assert.ok(state?.actions['setujui-berkas']);
  state.actions = { 'langsung-selesai': { ...state.actions['setujui-berkas'], kind: 'complete', to: 'selesai' } };
  assert.deepEqual(await publish(t.ctx(), services, []), [`${SERVICE}@2`]);

  const verifier = await t.officer('verifikator');
  const young = await submit();
  assert.equal(
    (await actOnApplication(t.ctx(verifier), young.number, { action: 'langsung-selesai' })).status,
    'completed',
  );
  assert.equal((await openDossier(t.ctx(verifier), old.number)).application.version, 1);
  assert.equal((await actOnApplication(t.ctx(verifier), old.number, { action: 'setujui-berkas' })).state, 'pengesahan');
});

test('a service that is gone from the folder is no longer offered, and its running applications go on', async () => {
  const running = await submit();
  const rest = (await offered()).filter((service) => service.id !== SERVICE);
  await publish(t.ctx(), rest, []);
  await assert.rejects(submit(), (error: Problem) => error.kind.code === 'not-found');
  const done = await actOnApplication(t.ctx(await t.officer('verifikator')), running.number, {
    action: 'langsung-selesai',
  });
  assert.equal(done.status, 'completed');
});

test('each publication and each withdrawal is one event about the service, repeats are none', async () => {
  const told = async () =>
    (await eventsOf(t.ctx(), serviceSubject(SERVICE))).map(({ type, agency, data }) => [type, agency, data]);
  const expected = [
    ['service.published', 'dindukcapil', { service: SERVICE, version: 1 }],
    ['service.published', 'dindukcapil', { service: SERVICE, version: 2 }],
    ['service.withdrawn', 'dindukcapil', { service: SERVICE, version: 2 }],
  ];
  assert.deepEqual(await told(), expected);
  await publish(t.ctx(), await offered(), []);
  assert.deepEqual(await told(), expected);
});
