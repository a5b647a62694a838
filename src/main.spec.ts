// The program as the operator meets it: exit codes, what goes to stdout and stderr, and never a stack trace.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { openTestWorld, TEST_CONFIG, type TestWorld, withDatabase } from '#test/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'pendopo-main-'));
const KEY = TEST_CONFIG.masterKey.toString('hex');

function pendopo(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: process.env.PATH, PENDOPO_STATE: join(folder, 'state'), PENDOPO_MASTER_KEY: KEY, ...env },
  });
  assert.doesNotMatch(stderr, /^ {4}at /m, `a stack trace after ${args.join(' ')}`);
  return { status, stdout, stderr };
}

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(async () => {
  await t.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('wrong use exits 2 and says the usage on stderr', () => {
  for (const args of [
    ['bogus'],
    ['services'],
    ['services', 'check'],
    ['services', 'check', '--bogus=1', 'services'],
    ['migrate', 'now'],
    ['serve', '--port', '80'],
    ['simulate', '--applications', '-5'],
  ])
    test(args.join(' '), () => {
      const { status, stdout, stderr } = pendopo(args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /pendopo <command>/);
    });
});

test('help is no wrong use, and does nothing', () => {
  for (const args of [['--help'], ['migrate', '--help'], ['start', '--help']])
    assert.deepEqual([pendopo(args).status, pendopo(args).stderr], [0, ''], args.join(' '));
});

describe('a database that cannot be used exits 1 with one sentence', () => {
  const refused = (url: string, env = {}) => {
    const { status, stdout, stderr } = pendopo(['migrate', '--json'], { DATABASE_URL: url, ...env });
    assert.deepEqual([status, stdout], [1, '']);
    return stderr;
  };
  test('when nobody answers there', () => {
    assert.match(refused('postgres://a:b@localhost:1/c'), /^DATABASE_URL: the database cannot be reached.*\n$/);
  });
  test('when the login or the name is wrong', () => {
    const login = new URL(t.url);
    login.password = 'salah';
    assert.match(refused(login.href), /^DATABASE_URL: the database refuses this login/);
    assert.match(refused(withDatabase(t.url, 'tiada')), /^DATABASE_URL: there is no such database/);
  });
  test('when it is read-only', () => {
    const url = new URL(t.url);
    url.searchParams.set('options', '-c default_transaction_read_only=on');
    assert.match(refused(url.href), /^DATABASE_URL: the database is read-only/);
  });
  test('when it was made with another master key, and changes nothing', async () => {
    assert.equal(pendopo(['seed'], { DATABASE_URL: t.url }).status, 0);
    const client = new pg.Client({ connectionString: t.url });
    await client.connect();
    const settings = async () => (await client.query('SELECT name, value FROM platform.settings ORDER BY name')).rows;
    const before = await settings();
    assert.match(
      refused(t.url, { PENDOPO_MASTER_KEY: 'ab'.repeat(32) }),
      /not the key that this database was made with/,
    );
    assert.deepEqual(await settings(), before);
    await client.end();
    assert.equal(pendopo(['seed'], { DATABASE_URL: t.url }).status, 0);
  });
});
