// One action for many cases: how long a batch takes, what memory the worker needs, and whether the inbox is answered meanwhile.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#platform/config.ts';
import { context, SYSTEM } from '#platform/context.ts';
import { newId } from '#platform/ids.ts';
import { openWorld } from '#platform/world.ts';
import { submitApplication } from '#src/applications/actions.ts';
import { doChunk, getBatch, startBatch } from '#src/applications/batches/actions.ts';
import { listInbox } from '#src/applications/inbox/actions.ts';
import { modules } from '#src/modules.ts';
import { seed } from '#src/seed.ts';
import { type Flags, figure, p95, type Result } from './measure.ts';

const example = JSON.parse(readFileSync(join(import.meta.dirname, '../services/akta-kelahiran/example.json'), 'utf8'));
const say = (line: string) => process.stderr.write(`${line}\n`);

/** `--cases N` (100,000 unless given). The chunks follow each other as the worker's jobs do. */
export async function run(flags: Flags): Promise<Result> {
  const cases = Number(flags.cases ?? 100_000);
  const state = mkdtempSync(join(tmpdir(), 'pendopo-bulk-'));
  const open = await openWorld(readConfig({ PENDOPO_STATE: state, LOG_LEVEL: 'silent' }), modules);
  try {
    const { world } = open;
    await seed(world);
    const { rows } = await world.pool.query(
      `SELECT id, name, agency, roles, area FROM identity.officers WHERE login = 'verifikator'`,
    );
    const officer = { kind: 'officer', ...rows[0] } as const;
    let made = 0;
    const submitter = async () => {
      while (made++ < cases)
        await submitApplication(context(world, { kind: 'resident', holds: [] }, 'online', newId()), {
          service: 'akta-kelahiran',
          answers: example.answers,
          channel: 'online',
        });
    };
    await Promise.all(Array.from({ length: 64 }, submitter));
    say(`${cases} cases submitted`);
    const ctx = context(world, officer, 'desk', newId());
    const began = performance.now();
    const batch = await startBatch(ctx, { filter: {} }, { action: 'setujui-berkas', note: 'Sudah dicek bersama.' });
    const started = (performance.now() - began) / 1000;
    const inbox: number[] = [];
    let memory = 0;
    const lease = newId();
    let running = true;
    const looker = (async () => {
      while (running) {
        const at = performance.now();
        await listInbox(context(world, officer, 'desk'), {});
        inbox.push(performance.now() - at);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    while ((await getBatch(ctx, batch)).state === 'running') {
      await doChunk(context(world, SYSTEM, 'system'), { batch, lease });
      memory = Math.max(memory, process.memoryUsage().rss / 2 ** 20);
    }
    running = false;
    await looker;
    const seconds = (performance.now() - began) / 1000;
    const done = await getBatch(ctx, batch);
    if (done.done !== cases) throw new Error(`${done.done} of ${cases} were done, ${done.refused} refused`);
    return {
      name: 'bulk',
      metrics: [
        figure(`${cases.toLocaleString('en')} cases in one batch`, 's', seconds),
        figure('cases a second', '/s', cases / seconds),
        figure('until it has started', 's', started),
        figure('memory of the worker, most', 'MB', memory),
        figure('inbox meanwhile: p95', 'ms', p95(inbox), '≤ 250 ms', p95(inbox) <= 250),
      ],
    };
  } finally {
    await open.close();
    rmSync(state, { recursive: true, force: true });
  }
}
