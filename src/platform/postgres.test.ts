// The embedded server: starting, taking over after a killed parent, and stopping, on the real programs.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres, systemPostgresBins } from './postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'pendopo-postgres-'));
const quick = { fsync: 'off' };
const children: ChildProcess[] = [];
const module = join(import.meta.dirname, 'postgres.ts');

after(async () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('the embedded PostgreSQL', () => {
  test('a new folder becomes a server on the loopback only, with a password and no socket file', async () => {
    const server = await startPostgres({ dir: join(folder, 'new'), settings: quick });
    const [row] = await query(
      server.url,
      `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
              current_setting('server_encoding') as encoding, current_setting('fsync') as fsync`,
    );
    assert.deepEqual(row, { addresses: '127.0.0.1', sockets: '', encoding: 'UTF8', fsync: 'off' });
    const { hostname, password } = new URL(server.url);
    assert.equal(hostname, '127.0.0.1');
    assert.ok(password.length >= 32);
    await assert.rejects(query(server.url.replace(password, 'wrong'), 'select 1'), { code: '28P01' });
    await server.stop();
  });

  test('the second start finds the rows of the first, and stop leaves no process', async () => {
    const dir = join(folder, 'twice');
    const first = await startPostgres({ dir, settings: quick });
    await query(first.url, 'create table kept (id int)', 'insert into kept values (7)');
    const pid = serverPid(dir);
    await first.stop();
    await first.stop();
    assert.equal(isRunning(pid), false);

    const second = await startPostgres({ dir, settings: quick });
    assert.deepEqual(await query(second.url, 'select id from kept'), [{ id: 7 }]);
    await second.stop();
  });

  test('a server that is killed under its program comes back at the same address with every commit', {
    skip: process.platform === 'win32',
  }, async () => {
    const dir = join(folder, 'killed');
    const server = await startPostgres({ dir });
    await query(server.url, 'create table kept (id int)', 'insert into kept values (7)');
    process.kill(serverPid(dir), 'SIGKILL');
    let rows: unknown;
    for (let tries = 0; tries < 100 && !rows; tries++) {
      await sleep(100);
      rows = await query(server.url, 'select id from kept').catch(() => undefined);
    }
    assert.deepEqual(rows, [{ id: 7 }]);
    const pid = serverPid(dir);
    await server.stop();
    assert.equal(isRunning(pid), false);
  });

  test('a second user of a folder gets the same server and cannot stop it', async () => {
    const dir = join(folder, 'shared');
    const [first, second] = await Promise.all([
      startPostgres({ dir, settings: quick }),
      startPostgres({ dir, settings: quick }),
    ]);
    assert.equal(first.url, second.url);
    const pid = serverPid(dir);
    const guest = startWriter(dir);
    await guest.ready;
    guest.child.kill('SIGTERM');
    await once(guest.child, 'exit');
    assert.ok(isRunning(pid));
    // Which of the two was first is chance: the server goes when its owner stops, and not before.
    await Promise.all([first.stop(), second.stop()]);
    assert.equal(isRunning(pid), false);
  });

  test('a process that takes over from a killed owner stops the server in the end', async () => {
    const dir = join(folder, 'heir');
    const owner = startWriter(dir);
    await owner.ready;
    const pid = serverPid(dir);
    const heir = await startPostgres({ dir });
    owner.child.kill('SIGKILL');
    await once(owner.child, 'exit');
    assert.ok(isRunning(pid));
    await heir.stop();
    assert.equal(isRunning(pid), false);
  });

  test('a server that nobody uses any more is started anew when its settings changed', async () => {
    const dir = join(folder, 'changed');
    const owner = startWriter(dir);
    await owner.ready;
    const pid = serverPid(dir);
    owner.child.kill('SIGKILL');
    await once(owner.child, 'exit');
    const next = await startPostgres({ dir, settings: { work_mem: '7MB' } });
    assert.notEqual(serverPid(dir), pid);
    assert.deepEqual(await query(next.url, 'show work_mem'), [{ work_mem: '7MB' }]);
    await next.stop();
  });

  test('a stale postmaster.pid whose number now belongs to another process does not prevent the start', async () => {
    const dir = join(folder, 'stale');
    const first = await startPostgres({ dir, settings: quick });
    const pidFile = join(dir, 'data', 'postmaster.pid');
    const stale = readFileSync(pidFile, 'utf8').split('\n');
    await first.stop();
    const other = spawn('sleep', ['60']);
    children.push(other);
    writeFileSync(pidFile, [other.pid, ...stale.slice(1)].join('\n'));
    const second = await startPostgres({ dir, settings: quick });
    assert.deepEqual(await query(second.url, 'select 1 as one'), [{ one: 1 }]);
    assert.equal(other.exitCode, null);
    await second.stop();
  });

  test('an interrupted first start is begun anew', async () => {
    const dir = join(folder, 'interrupted');
    const child = startWriter(dir).child;
    // In the middle of initdb, which takes about half a second.
    await sleep(300);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const server = await startPostgres({ dir });
    assert.deepEqual(await query(server.url, 'select 1 as one'), [{ one: 1 }]);
    await server.stop();
  });

  test('kill -9 of the process, and every other time of the server too, loses no acknowledged commit', async () => {
    const dir = join(folder, 'killed');
    const acknowledged: number[] = [];
    for (let cycle = 0; cycle < 5; cycle++) {
      const writer = startWriter(dir, acknowledged);
      await writer.ready;
      const before = acknowledged.length;
      while (acknowledged.length < before + 100) await sleep(5);
      writer.child.kill('SIGKILL');
      if (cycle % 2 === 1) process.kill(-serverPid(dir), 'SIGKILL');
      await once(writer.child, 'close');
    }
    const server = await startPostgres({ dir });
    const stored = new Set((await query(server.url, 'select id from written')).map((row) => row['id']));
    assert.ok(acknowledged.length >= 500);
    assert.deepEqual(
      acknowledged.filter((id) => !stored.has(id)),
      [],
    );
    await server.stop();
  });

  const bins = systemPostgresBins();
  test('the PostgreSQL of the system works too', {
    skip: bins.length === 0 && 'no PostgreSQL >= 15 found',
  }, async () => {
    for (const bin of bins) {
      const dir = join(folder, `system-${bins.indexOf(bin)}`);
      const server = await startPostgres({ dir, bin, settings: quick });
      assert.equal(`${server.version}`, /(\d+)$/.exec(dirname(bin))?.[1]);
      const [row] = await query(server.url, "select current_setting('server_version_num')::int / 10000 as version");
      assert.deepEqual(row, { version: server.version });
      await server.stop();
      // The folder knows its version: without a wish for a certain one, the programs that fit are chosen.
      const again = await startPostgres({ dir, settings: quick });
      assert.equal(again.version, server.version);
      await again.stop();
    }
  });
});

/** Runs statements one after the other on a connection of their own; returns the rows of the last. */
async function query(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query<Record<string, unknown>>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

/** A process of its own that starts the server and inserts rows, saying the id of each once its commit is acknowledged. */
function startWriter(dir: string, acknowledged: number[] = []): { child: ChildProcess; ready: Promise<void> } {
  const script = `
    import { startPostgres } from ${JSON.stringify(module)};
    import pg from ${JSON.stringify(import.meta.resolve('pg'))};
    const server = await startPostgres({ dir: process.argv[1] });
    process.on('SIGTERM', () => server.stop().then(() => process.exit()));
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => {});
    await client.connect();
    await client.query('create table if not exists written (id int generated always as identity)');
    console.log('ready');
    for (;;) console.log((await client.query('insert into written default values returning id')).rows[0].id);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line === 'ready') resolve();
      else acknowledged.push(Number(line));
    });
    child.on('exit', () => reject(new Error('the writer ended before it was ready')));
  });
  // Who does not wait for it does not care that it never came.
  ready.catch(() => {});
  return { child, ready };
}

function serverPid(dir: string): number {
  return Number.parseInt(readFileSync(join(dir, 'data', 'postmaster.pid'), 'utf8'), 10);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // One that has ended and that its parent did not collect yet still has its number.
  return !existsSync('/proc') || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
