// Out and in again: every row, job and byte, through the real program, killed in the middle of both.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { context, SYSTEM } from '#platform/context.ts';
import { openFile, storeFile } from '#platform/files.ts';
import { newId } from '#platform/ids.ts';
import { openKeyRing } from '#platform/keyring.ts';
import { migrate } from '#platform/migrate.ts';
import { connectWorld, openTestWorld, type TestWorld, withDatabase } from '#test/world.ts';
import { sealLog } from '../actions.ts';
import { backUp, backUpDaily, restore } from './actions.ts';
import { inOrder } from './manifest.ts';
import { ownTables } from './store.ts';

const root = join(import.meta.dirname, '../../..');
const example = JSON.parse(readFileSync(join(root, 'services/akta-kelahiran/example.json'), 'utf8'));

describe('a backup', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pendopo-backup-'));
  let source: TestWorld;
  let file: string;
  let made = 0;
  const opened: { end(): Promise<void> }[] = [];

  async function owner(url: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    opened.push(client);
    return client;
  }
  /** A migrated database without anything in it. */
  async function emptyDatabase(): Promise<string> {
    const name = `restored_${process.pid}_${++made}`;
    await (await owner(process.env.PENDOPO_TEST_POSTGRES as string)).query(`CREATE DATABASE ${name}`);
    const url = withDatabase(process.env.PENDOPO_TEST_POSTGRES as string, name);
    await migrate(url, new Date());
    return url;
  }
  /** Every table's rows as one hash, transaction numbers apart. */
  async function contents(url: string): Promise<Record<string, string>> {
    const client = await owner(url);
    const found: Record<string, string> = {};
    for (const { name, columns } of await ownTables(client)) {
      const { rows } = await client.query(
        `SELECT t::text AS row FROM (SELECT ${columns.join(', ')} FROM ${name}) t ORDER BY 1`,
      );
      found[name] = `${rows.length} ${createHash('sha256')
        .update(rows.map(({ row }) => row).join('\n'))
        .digest('hex')}`;
    }
    return found;
  }
  const dir = (name: string) => join(folder, name);

  before(async () => {
    source = await openTestWorld();
    // as every start does: the database remembers its master key
    await openKeyRing(source.world.pool, [source.world.config.masterKey]);
    for (let i = 0; i < 30; i++) {
      const response = await source.app.request('/api/v1/services/akta-kelahiran/applications', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
        body: JSON.stringify({ answers: example.answers }),
      });
      assert.equal(response.status, 201);
    }
    const ctx = context(source.world, SYSTEM, 'system');
    const bytes = Buffer.from('%PDF-1.4 contoh');
    file = (await storeFile(ctx, { owner: newId(), origin: 'issued', name: 'contoh', kind: 'application/pdf', bytes }))
      .id;
    await ctx.pool.query(`SELECT platform.enqueue('documents.issue', '{"subject": "x"}')`);
    await sealLog(ctx);
  });
  after(async () => {
    for (const client of opened) await client.end().catch(() => undefined);
    await source.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('comes back whole: rows, jobs, bytes and numbers, and is verified', async () => {
    const done = await backUp(source.world, await owner(source.url), dir('whole'));
    assert.ok(
      done.rows > 80_000 && done.files === 1 && done.jobs >= 1 && done.missingFiles === 0,
      JSON.stringify(done),
    );
    const url = await emptyDatabase();
    const target = connectWorld(url);
    const restored = await restore(target.world, await owner(url), dir('whole'));
    assert.deepEqual(restored.verified.faults, []);
    assert.equal(restored.verified.waiting, 0);
    const [left, right] = [await contents(source.url), await contents(url)];
    assert.deepEqual(right, left);
    assert.equal((await openFile(target.world, file))?.bytes.toString(), '%PDF-1.4 contoh');
    const jobs = `SELECT task_identifier, p.payload FROM graphile_worker.jobs j JOIN graphile_worker._private_jobs p USING (id) ORDER BY j.id`;
    assert.deepEqual((await (await owner(url)).query(jobs)).rows, (await (await owner(source.url)).query(jobs)).rows);
    // life goes on: the next event takes the next position, and is sealed after the others
    const response = await target.app.request('/api/v1/services/akta-kelahiran/applications', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
      body: JSON.stringify({ answers: example.answers }),
    });
    assert.equal(response.status, 201);
    assert.equal((await sealLog(context(target.world, SYSTEM, 'system'))).sealed, 1);
    await target.close();
  });

  test('holds neither the master key nor a name in clear', async () => {
    const secret = source.world.config.masterKey.toString('hex');
    for (const name of readdirSync(dir('whole'), { recursive: true }) as string[]) {
      const path = join(dir('whole'), name);
      if (!/\./.test(name.split('/').at(-1) ?? '') || !existsSync(path)) continue;
      const bytes = name.endsWith('.gz')
        ? (await import('node:zlib')).gunzipSync(readFileSync(path))
        : readFileSync(path);
      assert.ok(!bytes.includes(secret) && !bytes.includes(source.world.config.masterKey), name);
      assert.ok(!bytes.includes('%PDF-1.4 contoh'), name);
      for (const value of ['Siti', example.answers.nikPelapor].filter(
        (one) => typeof one === 'string' && one.length > 8,
      ))
        assert.ok(!bytes.includes(value), `${name} holds ${value}`);
    }
  });

  test('is refused where it does not fit, and changes nothing there', async () => {
    const client = await owner(source.url);
    await assert.rejects(backUp(source.world, client, dir('whole')), /is not empty/);
    await assert.rejects(restore(source.world, client, dir('whole')), /database is not empty/);
    await assert.rejects(restore(source.world, client, dir('nowhere')), /has no manifest.json/);
    const url = await emptyDatabase();
    const target = connectWorld(url);
    const before_ = await contents(url);
    const path = join(dir('whole'), 'tables/applications.applications.copy.gz');
    const bytes = readFileSync(path);
    writeFileSync(
      path,
      bytes.map((byte, index) => (index === 900 ? byte ^ 1 : byte)),
    );
    await assert.rejects(
      restore(target.world, await owner(url), dir('whole')),
      /applications.copy.gz is not as it was written/,
    );
    writeFileSync(path, bytes);
    const other = { ...target.world, config: { ...target.world.config, masterKey: Buffer.alloc(32, 9) } };
    await assert.rejects(restore(other, await owner(url), dir('whole')), /not the key/);
    const manifest = readFileSync(join(dir('whole'), 'manifest.json'), 'utf8');
    writeFileSync(
      join(dir('whole'), 'manifest.json'),
      manifest.replace('"0005_applications.sql"', '"0005_others.sql"'),
    );
    await assert.rejects(restore(target.world, await owner(url), dir('whole')), /of another version/);
    writeFileSync(join(dir('whole'), 'manifest.json'), manifest);
    assert.deepEqual(await contents(url), before_);
    await target.close();
  });

  test('every day keeps so many, and removes what was interrupted', async () => {
    for (let day = 23; day < 28; day++) {
      source.setClock(`2026-11-${day}T02:00:00+07:00`);
      await backUpDaily(source.world, dir('daily'), 2);
    }
    assert.deepEqual(readdirSync(dir('daily')).sort(), ['20261125T190000Z', '20261126T190000Z']);
    rmSync(join(dir('daily'), '20261125T190000Z/manifest.json'));
    source.setClock('2026-11-28T02:00:00+07:00');
    await backUpDaily(source.world, dir('daily'), 2);
    assert.deepEqual(readdirSync(dir('daily')).sort(), ['20261126T190000Z', '20261127T190000Z']);
  });

  test('killed in the middle is no backup; a restore killed in the middle leaves an empty database', {
    timeout: 120_000,
  }, async () => {
    const run = (words: string[], url: string) =>
      spawn(process.execPath, ['src/main.ts', ...words, '--json'], {
        cwd: root,
        env: {
          ...process.env,
          DATABASE_URL: url,
          PENDOPO_MODE: 'demo',
          PENDOPO_STATE: dir('state'),
          PENDOPO_MASTER_KEY: source.world.config.masterKey.toString('hex'),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    const ended = (child: ReturnType<typeof run>) =>
      new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
        let [out, err] = ['', ''];
        child.stdout.on('data', (chunk) => (out += chunk));
        child.stderr.on('data', (chunk) => (err += chunk));
        child.once('close', (code) => resolve({ code, out, err }));
      });
    const until = async (what: () => boolean | Promise<boolean>) => {
      while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 2));
    };
    // killed as soon as the second table is being written
    const cut = run(['backup', dir('cut')], source.url);
    const cutEnd = ended(cut);
    await until(
      () => cut.exitCode !== null || (existsSync(dir('cut/tables')) && readdirSync(dir('cut/tables')).length > 1),
    );
    cut.kill('SIGKILL');
    await cutEnd;
    assert.ok(!existsSync(dir('cut/manifest.json')), 'it was killed before its end');
    const url = await emptyDatabase();
    const target = connectWorld(url);
    await assert.rejects(restore(target.world, await owner(url), dir('cut')), /interrupted/);
    await target.close();

    const whole = await ended(run(['backup', dir('cli')], source.url));
    assert.equal(whole.code, 0, whole.err);
    const figures = JSON.parse(whole.out);
    assert.ok(figures.rows > 80_000 && figures.masterKeys.length === 1);

    // killed while rows come in
    const half = run(['restore', dir('cli')], url);
    const halfEnd = ended(half);
    const looking = await owner(url);
    await until(
      async () =>
        half.exitCode !== null ||
        (
          await looking.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY %FROM STDIN'`,
          )
        ).rowCount === 1,
    );
    half.kill('SIGKILL');
    assert.equal((await halfEnd).code, null, 'it was killed before its end');
    await until(
      async () =>
        (
          await looking.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
          )
        ).rowCount === 0,
    );
    const counted = await looking.query(
      'SELECT (SELECT count(*) FROM areas.areas) + (SELECT count(*) FROM platform.events) AS n',
    );
    assert.equal(Number(counted.rows[0].n), 0);
    const again = await ended(run(['restore', dir('cli')], url));
    assert.equal(again.code, 0, again.err);
    assert.equal(JSON.parse(again.out).verified.ok, true);
  });

  test('puts tables before those that refer to them', () => {
    assert.deepEqual(
      inOrder(
        ['a', 'b', 'c'],
        [
          { table: 'a', refersTo: 'b' },
          { table: 'b', refersTo: 'c' },
          { table: 'c', refersTo: 'c' },
        ],
      ),
      ['c', 'b', 'a'],
    );
    assert.throws(
      () =>
        inOrder(
          ['a', 'b'],
          [
            { table: 'a', refersTo: 'b' },
            { table: 'b', refersTo: 'a' },
          ],
        ),
      /refer to each other/,
    );
  });
});
