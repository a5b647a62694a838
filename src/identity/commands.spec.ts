// The operator's commands on the real database: officers and tokens, and every way in which they are refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { UsageError } from '#platform/command.ts';
import { eventsOf } from '#platform/event-log.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { commands } from './commands.ts';

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());

const offices = { agencies: ['dindukcapil'], roles: ['verifier'], isArea: (code: string) => code === '33.16.01' };
const run = (name: string, flags: Record<string, string>) => {
  const command = commands(
    (work) => work({ world: t.world, url: '', migrated: [], close: async () => undefined }),
    async () => offices,
  ).find((one) => one.name === name);
  assert.ok(command);
  return command.run({ words: [], flags });
};
const tasks = async (token: string) =>
  (await t.app.request('/api/v1/tasks', { headers: { authorization: `Bearer ${token}` } })).status;

test('a token acts for its officer within its rights until it is revoked', async () => {
  const { json } = await run('tokens create', { login: 'verifikator' });
  const { token } = json as { token: string };
  const narrow = (await run('tokens create', { login: 'verifikator', rights: 'application.read' })).json as {
    token: string;
  };
  assert.equal(await tasks(token), 200);
  assert.equal(await tasks(narrow.token), 403);
  const unused = (await run('tokens create', { login: 'verifikator' })).json as { token: string };
  assert.deepEqual((await run('tokens revoke', { login: 'verifikator' })).json, { login: 'verifikator', revoked: 3 });
  assert.deepEqual((await run('tokens revoke', { login: 'verifikator' })).json, { login: 'verifikator', revoked: 0 });
  // one that was in use is remembered for up to five seconds
  assert.equal(await tasks(unused.token), 401);
});

test('a token for nobody, or with a right that does not exist, is refused', async () => {
  assert.equal((await run('tokens create', { login: 'tidak.ada' })).ok, false);
  assert.equal((await run('tokens revoke', { login: 'tidak.ada' })).ok, false);
  assert.match(
    (await run('tokens create', { login: 'verifikator', rights: 'inbox.read,semua' })).text,
    /"semua" tidak ada/,
  );
  await assert.rejects(run('tokens create', {}), UsageError);
});

test('an officer is not added to an agency, role or place that does not exist', async () => {
  const { ok, json } = await run('officers add', {
    login: 'A!',
    name: 'Contoh',
    agency: 'dinas-x',
    roles: 'raja',
    area: '99',
  });
  assert.equal(ok, false);
  assert.equal((json as { problems: string[] }).problems.length, 4);
  await assert.rejects(run('officers add', { login: 'contoh', name: 'Contoh' }), UsageError);
});

test('an officer who cannot get in is helped by the operator: factors go, the pause is lifted, sessions end', async () => {
  await assert.rejects(run('officers reset', { login: 'atasan' }), UsageError);
  assert.equal((await run('officers reset', { login: 'tidak.ada', pause: 'ya' })).ok, false);
  const { id } = await t.world.db
    .selectFrom('identity.officers')
    .select('id')
    .where('login', '=', 'atasan')
    .executeTakeFirstOrThrow();
  await t.world.pool.query(
    `INSERT INTO identity.factors (id, officer, kind, name, credential, public_key, counter, created, confirmed)
     VALUES (gen_random_uuid(), $1, 'passkey', 'Contoh', '\\x01', '\\x02', 0, now(), now())`,
    [id],
  );
  await t.world.pool.query(
    `INSERT INTO identity.tries (officer, wrong, since, pauses, until) VALUES ($1, 10, now(), 1, '2100-01-01')`,
    [id],
  );
  const { ok, json } = await run('officers reset', { login: 'atasan', factors: 'ya', pause: 'ya' });
  assert.equal(ok, true);
  assert.equal((json as { factors: number }).factors, 1);
  const types = (await eventsOf(t.ctx(), id)).map(({ type }) => type);
  assert.deepEqual(types, ['officer.factor-removed', 'officer.unlocked']);
});
