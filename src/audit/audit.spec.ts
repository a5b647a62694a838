// Refused rights, explanations, published heads, as people and machines meet them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Actor, SYSTEM } from '#platform/context.ts';
import { newId } from '#platform/ids.ts';
import { createToken } from '#src/identity/actions.ts';
import { Visitor, wordsOf } from '#test/visitor.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { sealLog } from './actions.ts';
import { checkProof } from './proof.ts';
import { flushRefusals } from './refusals/actions.ts';
import { EACH, newStorm, takeIn, takeOut } from './refusals/storm.ts';

type Officer = Extract<Actor, { kind: 'officer' }>;
const example = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../services/akta-kelahiran/example.json'), 'utf8'),
);

describe('audit', () => {
  let world: TestWorld;
  let number: string;

  async function signedIn(login: string): Promise<Visitor> {
    const visitor = new Visitor(world.app);
    await visitor.post('/masuk', { login, password: 'pendopo-contoh' });
    return visitor;
  }
  const refusals = async () =>
    (
      await world.world.pool.query(
        `SELECT actor, agency, data FROM platform.events WHERE type = 'access.refused' ORDER BY position`,
      )
    ).rows;

  before(async () => {
    world = await openTestWorld();
    const response = await world.app.request('/api/v1/services/akta-kelahiran/applications', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
      body: JSON.stringify({ answers: example.answers }),
    });
    number = ((await response.json()) as { number: string }).number;
  });
  after(() => world.close());

  test('a right that was refused is an event with ids and codes, and what was refused left nothing', async () => {
    const stranger = (await world.officer('perizinan')) as Officer;
    const visitor = await signedIn('perizinan');
    const before_ = await world.world.pool.query('SELECT count(*)::int AS n FROM platform.commands');
    assert.equal((await visitor.get(`/kerja/${number}`)).status, 403);
    const token = await createToken(world.ctx(SYSTEM), stranger.id);
    const acted = await world.app.request(`/api/v1/applications/${number}/actions/setujui-berkas`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': newId() },
      body: '{}',
    });
    assert.equal(acted.status, 403);
    const [read, act, ...more] = await refusals();
    assert.deepEqual(more, []);
    const { rows } = await world.world.pool.query('SELECT id FROM applications.applications WHERE number = $1', [
      number,
    ]);
    assert.deepEqual(read, {
      actor: stranger.id,
      agency: 'dpmptsp',
      data: { right: 'application.read', why: 'other-agency', roles: stranger.roles, count: 1, case: rows[0].id },
    });
    assert.equal(act.data.right, 'application.act');
    assert.doesNotMatch(JSON.stringify([read, act]), new RegExp(`${number}|Contoh|kerja`));
    const after_ = await world.world.pool.query('SELECT count(*)::int AS n FROM platform.commands');
    assert.deepEqual(after_.rows, before_.rows);
  });

  test('a storm of refusals becomes a number, not a full disk', async () => {
    const visitor = await signedIn('sosial');
    for (let i = 0; i < 40; i++) assert.equal((await visitor.get(`/kerja/${number}`)).status, 403);
    const { id } = (await world.officer('sosial')) as Officer;
    const own = async () => (await refusals()).filter(({ actor, data }) => actor === id || data.of === id);
    assert.equal((await own()).length, EACH);
    await flushRefusals(world.world);
    const list = await own();
    assert.equal(list.length, EACH + 1);
    assert.equal(list.at(-1).data.count, 40 - EACH);
    await flushRefusals(world.world);
    assert.equal((await own()).length, EACH + 1);
  });

  test('however many actors there are and whatever they try, the number of events is bounded', () => {
    const storm = newStorm();
    const refusal = { right: 'application.read', why: 'role', roles: [], agencies: [] };
    let [told, knocked] = [0, 0];
    for (let i = 0; i < 200_000; i++) {
      knocked += 1;
      if (takeIn(storm, `actor ${i % 20_000}`, refusal, i)) told += 1;
    }
    assert.ok(told <= 600, `${told}`);
    const lines = takeOut(storm, 200_000);
    assert.ok(lines.length <= 5001);
    assert.equal(told + lines.reduce((sum, { told: { count } }) => sum + count, 0), knocked);
    assert.deepEqual(takeOut(storm, 200_001), []);
  });

  test('the list goes sign-in, forbidden, malformed, shown page by page to who answers for the agency', async () => {
    const path = '/kerja/pengelola/penolakan';
    assert.match((await new Visitor(world.app).get(path)).path, /^\/masuk/);
    assert.equal((await (await signedIn('verifikator')).get(path)).status, 403);
    const supervisor = await signedIn('atasan');
    assert.equal((await supervisor.get(`${path}?sebelum=x`)).status, 400);
    const page = await supervisor.get(path);
    assert.equal(page.status, 200);
    const words = wordsOf(page.html);
    // strangers at the door of the own agency's case, and the own officer who looked at this very list
    assert.match(words, /Prihatin Contoh/);
    assert.match(words, /berkas instansi lain/);
    assert.match(words, /melihat daftar hak yang ditolak/);
    assert.ok(page.html.includes(`/kerja/${number}`));
    await world.world.pool.query(
      `INSERT INTO audit.refusals (agency, at, id, actor, roles, permission, why, count)
       SELECT 'dindukcapil', $1::timestamptz + make_interval(secs => n), gen_random_uuid(), 'resident', '{resident}', 'application.read', 'not-yours', n
       FROM generate_series(1, 60) n`,
      [world.world.clock()],
    );
    const first = await supervisor.get(path);
    const next = /sebelum=[^"]+/.exec(first.html)?.[0];
    assert.ok(next);
    const second = await supervisor.get(`${path}?${next}`);
    assert.match(wordsOf(second.html), /Prihatin Contoh/);
  });

  test('an officer is told why, and who could', async () => {
    const path = `/kerja/${number}/hak`;
    assert.match((await new Visitor(world.app).get(path)).path, /^\/masuk/);
    const stranger = await signedIn('perizinan');
    assert.equal((await stranger.get('/kerja/261123-0000-000/hak')).status, 404);
    const refused = wordsOf((await stranger.get(path)).html);
    assert.match(refused, /membuka berkas ini tidak boleh berkas ini milik instansi lain\./);
    assert.match(refused, /pejabat pengesah|setiap petugas Dindukcapil/i);
    const allowed = wordsOf((await (await signedIn('verifikator')).get(path)).html);
    assert.match(allowed, /membuka berkas ini boleh berkas ini ada di meja Anda\./);
    assert.doesNotMatch(refused, new RegExp(example.answers.namaAnak ?? 'namaAnak'));
  });

  test('heads of the log are public, with the proof that an old one is the beginning of the newest', async () => {
    const get = async (query = '') => {
      const response = await world.app.request(`/data/log-heads.json${query}`);
      return {
        status: response.status,
        body: (await response.json()) as Record<string, never> & { heads: { size: number }[]; keys: string[] },
      };
    };
    await sealLog(world.ctx(SYSTEM));
    const { body } = await get();
    const [old] = body.heads;
    assert.ok(old && old.size > 50);
    await (await signedIn('perizinan')).get(`/kerja/${number}`);
    await sealLog(world.ctx(SYSTEM));
    const grown = await get(`?from=${old.size}`);
    assert.ok((grown.body.heads[0]?.size ?? 0) > old.size);
    assert.deepEqual(checkProof(grown.body.consistency, body.keys[0]).problems, []);
    assert.equal((await get('?from=3')).status, 404);
    assert.equal((await get('?before=x')).status, 400);
    assert.deepEqual((await get('?before=1')).body.heads, []);
  });
});
