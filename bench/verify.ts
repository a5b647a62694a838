// How fast the log is sealed and verified, on a made-up log of --events (a million): sealing is a job, verifying reads all.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#platform/config.ts';
import { context, SYSTEM } from '#platform/context.ts';
import { openWorld } from '#platform/world.ts';
import { sealLog } from '#src/audit/actions.ts';
import { verifyLog } from '#src/audit/verify/actions.ts';
import { modules } from '#src/modules.ts';
import { simulate } from '#src/simulate.ts';
import type { Flags, Metric, Result } from './measure.ts';

const EVENTS_A_CASE = 5;

export async function run(flags: Flags): Promise<Result> {
  const wanted = Number(flags.events ?? 1_000_000);
  const dir = mkdtempSync(join(tmpdir(), 'pendopo-bench-'));
  const open = await openWorld(readConfig({ PENDOPO_STATE: dir, LOG_LEVEL: 'silent' }), modules);
  const say = (line: string) => process.stderr.write(`${line}\n`);
  try {
    const made = await simulate(open, {
      applications: Math.ceil(wanted / EVENTS_A_CASE),
      months: 12,
      seed: 'verify',
      tell: say,
    });
    const ctx = context(open.world, SYSTEM, 'system');
    const memory = watchMemory();
    const began = performance.now();
    const { sealed } = await sealLog(ctx);
    const sealing = (performance.now() - began) / 1000;
    const verified = await verifyLog(ctx, { tell: say });
    const most = memory();
    if (!verified.ok) throw new Error(`the log is not right: ${JSON.stringify(verified.firstBad)}`);
    say(`${made.events} events of ${made.applications} cases`);
    const size = await open.world.pool.query(
      `SELECT (pg_total_relation_size('audit.leaves') + pg_total_relation_size('audit.nodes') + pg_total_relation_size('audit.heads'))::bigint AS bytes`,
    );
    return {
      name: 'verify',
      metrics: [
        line('sealing a backlog', 'events/s', sealed / sealing),
        line('sealing a backlog', 's', sealing),
        line('verify: chains, tree, heads, cases', 'events/s', verified.events / verified.seconds),
        line('verify', 's', verified.seconds),
        line('seal on disk', 'bytes/event', Number(size.rows[0].bytes) / sealed),
        line('memory of the process at most (RSS)', 'MB', most / 1e6, 512),
      ],
    };
  } finally {
    await open.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function watchMemory(): () => number {
  let most = process.memoryUsage().rss;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 200);
  return () => {
    clearInterval(timer);
    return most;
  };
}

const line = (metric: string, unit: string, ours: number, most?: number): Metric => ({
  metric,
  unit,
  ours,
  other: most ?? null,
  otherName: most === undefined ? '' : 'limit',
  ratio: most ? ours / most : null,
  target: most === undefined ? null : `<= ${most}`,
  met: most === undefined ? null : ours <= most,
  spread: null,
});
