// kill -9 of the worker in the middle of a batch: the next one goes on, every case is done once. The real worker as its own process.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { context } from '#platform/context.ts';
import { newId } from '#platform/ids.ts';
import { submitApplication } from '#src/applications/actions.ts';
import { getBatch, resumeBatches, startBatch } from '#src/applications/batches/actions.ts';
import { listInbox } from '#src/applications/inbox/actions.ts';
import { openTestWorld, TEST_CONFIG, type TestWorld } from './world.ts';

const root = join(import.meta.dirname, '..');
const example = JSON.parse(readFileSync(join(root, 'services/akta-kelahiran/example.json'), 'utf8'));
const CASES = 800;
const KILLS = 2;

let t: TestWorld | undefined;
let child: ChildProcess | undefined;
after(async () => {
  child?.kill('SIGKILL');
  await t?.close();
});

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function startWorker(world: TestWorld): ChildProcess {
  return spawn(process.execPath, ['src/main.ts', 'work'], {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL: world.url,
      PENDOPO_STATE: world.world.config.stateDir,
      PENDOPO_MASTER_KEY: TEST_CONFIG.masterKey.toString('hex'),
      PENDOPO_MODE: 'demo',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

test('a batch survives kill -9 of its worker at any moment, and does every case once', {
  timeout: 200_000,
}, async () => {
  t = await openTestWorld();
  const { world } = t;
  let made = 0;
  const submitter = async () => {
    while (made++ < CASES)
      await submitApplication(context(world, { kind: 'resident', holds: [] }, 'online', newId()), {
        service: 'akta-kelahiran',
        answers: example.answers,
        channel: 'online',
      });
  };
  await Promise.all(Array.from({ length: 16 }, submitter));
  const officer = await t.officer('verifikator');
  const id = await startBatch(
    t.ctx(officer),
    { filter: {} },
    { action: 'setujui-berkas', note: 'Sudah dicek bersama.' },
  );
  const look = () => getBatch((t as TestWorld).ctx(officer), id);
  assert.equal((await look()).total, CASES);

  let seen = 0;
  const slowest: number[] = [];
  for (let kills = 0; kills < KILLS; kills++) {
    child = startWorker(t);
    // further than before, and then at any moment
    for (let batch = await look(); batch.done <= seen && batch.state === 'running'; batch = await look()) {
      const began = performance.now();
      await listInbox(t.ctx(officer), {});
      slowest.push(performance.now() - began);
      assert.equal(child.exitCode, null, 'the worker ended by itself');
      await wait(20);
    }
    await wait(Math.random() * 60);
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    seen = (await look()).done;
    // as when the lease of the dead has run out: the clock takes the batch up again
    await world.pool.query(
      `UPDATE applications.batches SET leased_at = leased_at - interval '1 minute' WHERE id = $1`,
      [id],
    );
    await resumeBatches(t.ctx({ kind: 'system' }));
  }
  assert.ok(seen > 0 && seen < CASES, `${seen} of ${CASES} were done when the last worker was killed`);
  child = startWorker(t);
  while ((await look()).state === 'running') await wait(100);

  const batch = await look();
  assert.deepEqual([batch.state, batch.done, batch.refused], ['done', CASES, 0]);
  const { rows } = await world.pool.query(`SELECT
    (SELECT count(*)::int FROM platform.events WHERE type = 'application.advanced') AS events,
    (SELECT count(DISTINCT subject)::int FROM platform.events WHERE type = 'application.advanced') AS cases,
    (SELECT count(*)::int FROM applications.notes) AS notes,
    (SELECT count(*)::int FROM applications.applications WHERE state = 'pengesahan' AND seq = 2) AS moved,
    (SELECT count(*)::int FROM platform.events WHERE type = 'batch.ended') AS ends`);
  assert.deepEqual(rows[0], { events: CASES, cases: CASES, notes: CASES, moved: CASES, ends: 1 });
  assert.ok(Math.max(...slowest) < 2000, 'the inbox was answered all the while');
});
