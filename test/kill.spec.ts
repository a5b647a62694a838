// kill -9 at any moment: nothing acknowledged is lost, nothing is doubled. The real program, its real database, fsync on.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { startPostgres } from '#platform/postgres.ts';

const root = join(import.meta.dirname, '..');
const example = JSON.parse(readFileSync(join(root, 'services/akta-kelahiran/example.json'), 'utf8'));
const state = mkdtempSync(join(tmpdir(), 'pendopo-kill-'));
const CYCLES = 6;
let child: ChildProcess | undefined;

after(() => {
  child?.kill('SIGKILL');
  rmSync(state, { recursive: true, force: true });
});

/** Starts the whole program and waits for its address. */
function start(): Promise<number> {
  child = spawn(process.execPath, ['src/main.ts', 'start'], {
    cwd: root,
    env: { ...process.env, PENDOPO_STATE: state, PORT: '0', DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child?.once('exit', (code) => reject(new Error(`the program ended with ${code}`)));
    child?.stdout?.on('data', (chunk) => {
      const port = /localhost:(\d+)/.exec(String(chunk))?.[1];
      if (port) resolve(Number(port));
    });
  });
}

async function send(port: number, key: string): Promise<string | undefined> {
  try {
    const response = await fetch(`http://localhost:${port}/api/v1/services/akta-kelahiran/applications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ answers: example.answers }),
    });
    return response.status === 201 ? ((await response.json()) as { number: string }).number : undefined;
  } catch {
    return undefined; // cut off: nothing was promised
  }
}

test('nothing acknowledged is lost or doubled when the program is killed at any moment', {
  timeout: 120_000,
}, async () => {
  const acknowledged = new Map<string, string>();
  const sent = new Set<string>();
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const port = await start();
    let killed = false;
    const clients = Array.from({ length: 8 }, async () => {
      while (!killed) {
        const key = randomUUID();
        sent.add(key);
        const number = await send(port, key);
        if (number) acknowledged.set(key, number);
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 300 + cycle * 170));
    const ended = new Promise((resolve) => child?.removeAllListeners('exit').once('exit', resolve));
    child?.kill('SIGKILL');
    // every second time the database dies with it, as when the power fails
    if (cycle % 2)
      process.kill(Number(readFileSync(join(state, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
    killed = true;
    await ended;
    await Promise.all(clients);
  }
  assert.ok(acknowledged.size > 50, `only ${acknowledged.size} were acknowledged`);

  const port = await start();
  for (const [key, number] of [...acknowledged].slice(-200))
    assert.equal(await send(port, key), number, 'the same command answers as the first time');
  for (const key of sent)
    if (!acknowledged.has(key)) assert.ok(await send(port, key), 'what was cut off can be sent again');
  const server = await startPostgres({ dir: join(state, 'postgres') });
  const url = new URL(server.url);
  url.pathname = '/pendopo';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const { rows } = await client.query(`SELECT
    (SELECT count(*)::int FROM applications.applications) AS applications,
    (SELECT count(*)::int FROM platform.events WHERE type = 'application.submitted') AS events,
    (SELECT count(DISTINCT application)::int FROM applications.tasks) AS tasks,
    (SELECT array_agg(number) FROM applications.applications) AS numbers`);
  await client.end();
  const [{ applications, events, tasks, numbers }] = rows;
  const kept = new Set(numbers);
  for (const number of acknowledged.values()) assert.ok(kept.has(number), `${number} was acknowledged and is gone`);
  assert.equal(applications, sent.size, 'one application for each command, none twice');
  assert.deepEqual([events, tasks], [applications, applications]);
  const gone = new Promise((resolve) => child?.removeAllListeners('exit').once('exit', resolve));
  child?.kill('SIGTERM');
  await gone;
  await server.stop();
});
