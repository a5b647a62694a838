// Signing in and out through HTTP.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { resetLimits } from '#platform/rate-limit.ts';
import { createApp } from '#src/app.ts';
import { DEMO_OFFICERS, DEMO_PASSWORD } from '#src/demo.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { forgetOfficer } from './sessions/actions.ts';

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());

const ORIGIN = 'http://localhost';
const post = (path: string, form: Record<string, string>, cookie = '', origin = ORIGIN) =>
  t.app.request(`${ORIGIN}${path}`, {
    method: 'POST',
    headers: { origin, cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
const enter = (over: Record<string, string> = {}, cookie = '') =>
  post('/masuk', { login: 'verifikator', password: DEMO_PASSWORD, ...over }, cookie);
const sessionOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .find((one) => one.startsWith('sesi='))
    ?.split(';')[0] ?? '';

describe('signing in', () => {
  test('opens a session for a working day, that scripts and other sites cannot use', async () => {
    const response = await enter();
    assert.equal(response.status, 303);
    assert.equal(response.headers.get('location'), '/kerja');
    const cookie = response.headers.getSetCookie().find((one) => one.startsWith('sesi=')) ?? '';
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=36000']) assert.ok(cookie.includes(part), part);
    const account = await (await t.app.request(`${ORIGIN}/akun`, { headers: { cookie: sessionOf(response) } })).text();
    assert.match(account, /Vera Contoh/);
    assert.match(account, /Dinas Kependudukan dan Pencatatan Sipil/);
    assert.match(account, /hanya pejabat pengesah yang dapat mencabut/);
  });

  test('says the same for a wrong name and a wrong password, and keeps no password', async () => {
    const texts = await Promise.all(
      [enter({ password: 'keliru-sekali' }), enter({ login: 'tidak-ada', password: 'keliru-sekali' })].map(
        async (answer) => {
          const response = await answer;
          assert.equal(response.status, 422);
          assert.equal(sessionOf(response), '');
          return (await response.text()).replaceAll(/verifikator|tidak-ada/g, 'X');
        },
      ),
    );
    assert.equal(texts[0]?.split('Akun contoh')[0], texts[1]?.split('Akun contoh')[0]);
    assert.ok(!texts[0]?.includes('keliru-sekali'));
  });

  test('returns only to this site', async () => {
    assert.equal((await enter({ ke: '/kerja/arsip' })).headers.get('location'), '/kerja/arsip');
    for (const trap of ['//evil.example', '/\\evil.example', 'https://evil.example', '/.//evil.example']) {
      assert.equal((await enter({ ke: trap })).headers.get('location'), '/kerja', trap);
      assert.ok(
        !(await (await t.app.request(`${ORIGIN}/masuk?ke=${encodeURIComponent(trap)}`)).text()).includes(
          'evil.example',
        ),
      );
    }
    resetLimits();
  });

  test('begins a new session each time and ends the one before', async () => {
    const first = sessionOf(await enter());
    const second = sessionOf(await enter({}, first));
    assert.notEqual(first, second);
    assert.equal((await t.app.request(`${ORIGIN}/akun`, { headers: { cookie: first } })).status, 303);
    assert.equal((await t.app.request(`${ORIGIN}/akun`, { headers: { cookie: second } })).status, 200);
  });

  test('cannot be guessed quickly', async () => {
    resetLimits();
    const statuses: number[] = [];
    for (let i = 0; i < 22; i++) statuses.push((await enter({ login: 'tidak-ada' })).status);
    assert.equal(statuses.at(-1), 429);
    resetLimits();
  });

  test('refuses a character that no database holds, in the form and in the address', async () => {
    assert.equal((await enter({ login: 'a\0b' })).status, 400);
    assert.equal((await enter({ password: '\0' })).status, 400);
    const cookie = sessionOf(await enter());
    for (const path of [
      '/kerja?setelah=%00',
      '/kerja?lihat=%00',
      '/kerja/arsip?cari=%00',
      '/kerja/%00',
      '/lacak/%00/%00',
    ])
      assert.ok((await t.app.request(`${ORIGIN}${path}`, { headers: { cookie } })).status < 500, path);
  });

  test('is refused from another site', async () => {
    assert.equal(
      (await post('/masuk', { login: 'verifikator', password: DEMO_PASSWORD }, '', 'https://evil.example')).status,
      403,
    );
  });

  test('lists the demo accounts in the demo, and never in production', async () => {
    const demo = await (await t.app.request(`${ORIGIN}/masuk`)).text();
    for (const { login } of DEMO_OFFICERS) assert.ok(demo.includes(`value="${login}"`), login);
    const real = createApp({ ...t.world, config: { ...t.world.config, mode: 'production' } });
    const text = await (await real.request(`${ORIGIN}/masuk`)).text();
    assert.ok(!text.includes(DEMO_PASSWORD) && !text.includes('Vera'));
    // nor do they open anything in a database that once was a demo
    const cookie = sessionOf(await enter());
    const body = new URLSearchParams({ login: 'verifikator', password: DEMO_PASSWORD });
    assert.equal(
      (await real.request(`${ORIGIN}/masuk`, { method: 'POST', body, headers: { origin: ORIGIN } })).status,
      422,
    );
    forgetOfficer(t.world, ((await t.officer('verifikator')) as { id: string }).id);
    assert.equal((await real.request(`${ORIGIN}/akun`, { headers: { cookie } })).status, 303);
  });
});

test('the page that residents and officers share carries no script and fits in one round trip', async () => {
  for (const mode of ['demo', 'production'] as const) {
    const app = createApp({ ...t.world, config: { ...t.world.config, mode } });
    const answer = await app.request(`${ORIGIN}/masuk`, { headers: { 'accept-encoding': 'gzip' } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.ok(bytes.length <= 14 * 1024, `${mode}: ${bytes.length} bytes`);
    assert.doesNotMatch(gunzipSync(bytes).toString(), /<script/);
  }
});

describe('signing out', () => {
  test('ends the session on the server, and needs a form', async () => {
    const session = sessionOf(await enter());
    assert.equal(
      (await t.app.request(`${ORIGIN}/keluar`, { headers: { cookie: session } })).headers.get('location'),
      '/akun',
    );
    assert.equal((await t.app.request(`${ORIGIN}/akun`, { headers: { cookie: session } })).status, 200);
    const out = await post('/keluar', {}, session);
    assert.equal(out.headers.get('location'), '/masuk?keluar');
    assert.equal(
      (await t.app.request(`${ORIGIN}/akun`, { headers: { cookie: session } })).headers.get('location'),
      '/masuk?ke=%2Fakun',
    );
  });
});
