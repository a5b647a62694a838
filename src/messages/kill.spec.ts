// kill -9 between sending and writing it down: the real program, a provider that honours keys, nothing lost, nothing double.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readGateways } from '#platform/gateways.ts';
import { type HttpProvider, startSms } from '#test/providers.ts';
import { openTestWorld, TEST_CONFIG, type TestWorld } from '#test/world.ts';
import { sendMessage } from './actions.ts';
import { sendDue } from './sending/actions.ts';

const MESSAGES = 300;
const KILLS = 2;
const folder = mkdtempSync(join(tmpdir(), 'pendopo-messages-'));
let t: TestWorld;
let sms: HttpProvider;
let child: ChildProcess | undefined;

before(async () => {
  t = await openTestWorld();
  sms = await startSms({ keys: true });
});
after(async () => {
  child?.kill('SIGKILL');
  await t.close();
  await sms.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a sender that is killed at any moment loses no message and says none twice', { timeout: 120_000 }, async () => {
  const file = join(folder, 'pesan.yaml');
  writeFileSync(
    file,
    `sms: [{ name: gerbang, url: '${sms.url}/send', form: { to: '{to}', text: '{text}', ref: '{id}' }, idempotent: true }]\n`,
  );
  t.setClock(new Date());
  for (let n = 0; n < MESSAGES; n++)
    await sendMessage(t.ctx(), {
      template: 'data-dijawab',
      to: { phone: '081234567890' },
      values: { nomor: `N-${n}`, tautan: '/lacak/x' },
      urgent: true,
    });
  for (let kill = 0; kill < KILLS; kill++) {
    const before = sms.taken.length;
    child = spawn(process.execPath, ['src/main.ts', 'work'], {
      cwd: join(import.meta.dirname, '../..'),
      env: {
        ...process.env,
        DATABASE_URL: t.url,
        PENDOPO_MODE: 'demo',
        PENDOPO_STATE: folder,
        PENDOPO_MASTER_KEY: TEST_CONFIG.masterKey.toString('hex'),
        PENDOPO_MESSAGES_FILE: file,
        LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    const enough = Date.now() + 30_000;
    while (sms.taken.length < before + 30 + kill * 20 && Date.now() < enough)
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(sms.taken.length > before, 'the program sends');
    child.kill('SIGKILL');
    await ended;
  }
  const underWay = async (state: string) =>
    Number(
      (await t.world.pool.query('SELECT count(*) FROM messages.messages WHERE state = $1', [state])).rows[0].count,
    );
  assert.ok((await underWay('sending')) > 0, 'it was killed while messages were under way');
  assert.ok(sms.taken.length < MESSAGES);

  t.world.config.gateways = readGateways(file, {});
  for (let minute = 3; minute < 8; minute++) {
    t.setClock(new Date(Date.now() + minute * 60_000));
    await sendDue(t.ctx());
  }
  assert.equal(await underWay('sent'), MESSAGES, 'nothing is lost');
  assert.equal(sms.taken.length, MESSAGES, 'nothing is double');
});
