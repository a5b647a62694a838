// Officers' accounts through HTTP: two steps, pauses, sessions, password, and what a password alone may not do.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { eventsOf } from '#platform/event-log.ts';
import { newId } from '#platform/ids.ts';
import { resetLimits } from '#platform/rate-limit.ts';
import { submitApplication } from '#src/applications/actions.ts';
import { DEMO_PASSWORD } from '#src/demo.ts';
import { Visitor, wordsOf } from '#test/visitor.ts';
import { connectWorld, openTestWorld, type TestWorld } from '#test/world.ts';
import { createOfficer } from './actions.ts';
import { hashWork } from './password.ts';

const PASSWORD = 'jagung rebus di teras';
const example = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../services/akta-kelahiran/example.json'), 'utf8'),
);

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());
beforeEach(() => resetLimits());

let made = 0;
/** A new officer who is no demo account. */
async function officer(
  roles = ['verifier', 'approver'],
  agency = 'dindukcapil',
  area = '',
): Promise<{ id: string; login: string }> {
  const [id, login] = [newId(), `petugas${++made}`];
  const given = { id, login, name: 'Petugas Contoh', agency, roles, area, password: PASSWORD };
  assert.ok(await createOfficer(t.ctx(), given));
  return { id, login };
}
const phone = (): Visitor => new Visitor(t.app);
const enter = (at: Visitor, login: string, password = PASSWORD, ke = '') => at.post('/masuk', { login, password, ke });
const inside = async (at: Visitor): Promise<boolean> =>
  (await at.get('/akun')).html.includes('Yang boleh Anda lakukan');
const codeOf = (secret: string, at = t.world.clock()): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });

/** Signs in and sets up an app; the secret and the recovery codes. */
async function enrolApp(at: Visitor, login: string): Promise<{ secret: string; codes: string[] }> {
  await enter(at, login);
  const page = await at.post('/akun/keamanan/aplikasi');
  const secret = (/<b>((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})<\/b>/.exec(page.html)?.[1] ?? '').replaceAll(' ', '');
  assert.equal(secret.length, 32, wordsOf(page.html));
  const done = await at.post('/akun/keamanan/aplikasi/kode', { kode: codeOf(secret) });
  const codes = [...done.html.matchAll(/<code>([0-9A-Z-]{19})<\/code>/g)].map((match) => match[1] as string);
  assert.equal(codes.length, 10);
  t.pass(1);
  return { secret, codes };
}

describe('an authenticator app', () => {
  test('is set up by its first code, gives ten recovery codes once, and is asked for from then on', async () => {
    const { login, id } = await officer();
    const at = phone();
    assert.match((await enter(at, login)).html, /boleh melihat, belum boleh memutuskan/);
    const { secret } = await enrolApp(at, login);
    assert.doesNotMatch((await at.get('/akun')).html, /belum boleh memutuskan/, 'proved by the first code');
    const again = phone();
    const step = await enter(again, login);
    assert.equal(step.path, '/masuk/pengaman?ke=%2Fkerja');
    assert.equal(await inside(again), false, 'the password alone opens no session');
    assert.equal((await again.post('/masuk/pengaman', { kode: codeOf(secret) })).path, '/kerja');
    assert.ok(await inside(again));
    const events = await eventsOf(t.ctx(), id);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['officer.factor-added'],
    );
  });

  test('is not set up by a wrong code, and the secret lies sealed', async () => {
    const { login } = await officer();
    const at = phone();
    await enter(at, login);
    await at.post('/akun/keamanan/aplikasi');
    const wrong = await at.post('/akun/keamanan/aplikasi/kode', { kode: '000000' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /^[\s\S]*<title>Kesalahan/);
    const secret = (/<b>((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})<\/b>/.exec(wrong.html)?.[1] ?? '').replaceAll(' ', '');
    const { rows } = await t.world.pool.query('SELECT secret FROM identity.factors WHERE confirmed IS NULL');
    const plain = Buffer.from(Secret.fromBase32(secret).buffer);
    assert.ok(rows.length > 0 && rows.every((row) => !row.secret.includes(plain)));
    const other = phone();
    assert.equal((await enter(other, login)).path.startsWith('/akun/keamanan'), true, 'a begun app proves nothing');
  });

  test('takes a code once, one step early or late, and never one from before', async () => {
    const { login } = await officer();
    const { secret } = await enrolApp(phone(), login);
    const now = t.world.clock();
    const late = codeOf(secret, new Date(now.getTime() - 30_000));
    const tryCode = async (kode: string) => {
      const at = phone();
      await enter(at, login);
      return (await at.post('/masuk/pengaman', { kode })).status === 200 && inside(at);
    };
    assert.equal(await tryCode(codeOf(secret, new Date(now.getTime() - 90_000))), false, 'three steps late');
    assert.equal(await tryCode(codeOf(secret)), true);
    assert.equal(await tryCode(codeOf(secret)), false, 'replayed');
    assert.equal(await tryCode(late), false, 'older than one that was used');
    t.pass(1);
    const codes = [codeOf(secret), codeOf(secret)];
    const raced = await Promise.all(codes.map(tryCode));
    assert.equal(raced.filter(Boolean).length, 1, 'the same code at the same moment in two browsers');
  });

  test("another officer's code, and the first step of another browser, open nothing", async () => {
    const [mine, other] = [await officer(), await officer()];
    await enrolApp(phone(), mine.login);
    const { secret, codes } = await enrolApp(phone(), other.login);
    const at = phone();
    await enter(at, mine.login);
    for (const foreign of [{ kode: codeOf(secret) }, { pemulihan: codes[0] ?? '' }] as Record<string, string>[])
      assert.equal((await at.post('/masuk/pengaman', foreign)).status, 422);
    assert.equal(await inside(at), false);
    const stranger = phone();
    assert.equal(
      (await stranger.post('/masuk/pengaman', { kode: codeOf(secret) })).path.startsWith('/masuk?ke='),
      true,
    );
    const forged = phone();
    forged.cookies.set('langkah|/masuk', { value: `second ${other.id} 99999999999999 x.y`, path: '/masuk' });
    assert.equal((await forged.post('/masuk/pengaman', { kode: codeOf(secret) })).path.startsWith('/masuk?ke='), true);
  });

  test('is waited for ten minutes, and not beyond a new password', async () => {
    const { login, id } = await officer();
    const { secret } = await enrolApp(phone(), login);
    const at = phone();
    await enter(at, login);
    t.pass(11);
    assert.ok((await at.post('/masuk/pengaman', { kode: codeOf(secret) })).path.startsWith('/masuk?ke='));
    await enter(at, login);
    await t.world.db.updateTable('identity.officers').set({ password: 'scrypt$1$$' }).where('id', '=', id).execute();
    assert.ok((await at.post('/masuk/pengaman', { kode: codeOf(secret) })).path.startsWith('/masuk?ke='));
  });

  test('may be replaced on a new phone; the old one stops', async () => {
    const { login } = await officer();
    const at = phone();
    const old = await enrolApp(at, login);
    const page = await at.post('/akun/keamanan/aplikasi');
    const secret = (/<b>((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})<\/b>/.exec(page.html)?.[1] ?? '').replaceAll(' ', '');
    assert.notEqual(secret, old.secret);
    assert.match(
      (await at.post('/akun/keamanan/aplikasi/kode', { kode: codeOf(secret) })).html,
      /Aplikasi kode terpasang/,
    );
    t.pass(1);
    const next = phone();
    await enter(next, login);
    assert.equal((await next.post('/masuk/pengaman', { kode: codeOf(old.secret) })).status, 422);
    assert.equal((await next.post('/masuk/pengaman', { kode: codeOf(secret) })).path, '/kerja');
  });
});

describe('a recovery code', () => {
  test('opens once, as typed with or without dashes, and is an event', async () => {
    const { login, id } = await officer();
    const { codes } = await enrolApp(phone(), login);
    const code = (codes[3] ?? '').toLowerCase().replaceAll('-', ' ');
    const at = phone();
    await enter(at, login);
    assert.equal((await at.post('/masuk/pengaman', { pemulihan: code })).path, '/kerja');
    const again = phone();
    await enter(again, login);
    assert.equal((await again.post('/masuk/pengaman', { pemulihan: code })).status, 422);
    const used = (await eventsOf(t.ctx(), id)).find(({ type }) => type === 'officer.recovered');
    assert.deepEqual(used?.data, { left: 9 });
    const { rows } = await t.world.pool.query('SELECT hash FROM identity.recovery_codes');
    assert.ok(rows.every((row) => row.hash.length === 32 && !codes.some((one) => row.hash.includes(one))));
  });

  test('is replaced with its nine others by ten new ones, for the password only', async () => {
    const { login } = await officer();
    const at = phone();
    const { codes } = await enrolApp(at, login);
    assert.equal((await at.post('/akun/keamanan/pemulihan', { sekarang: 'keliru-sekali' })).status, 422);
    const fresh = await at.post('/akun/keamanan/pemulihan', { sekarang: PASSWORD });
    assert.equal([...fresh.html.matchAll(/<code>/g)].length, 10);
    const next = phone();
    await enter(next, login);
    assert.equal((await next.post('/masuk/pengaman', { pemulihan: codes[0] ?? '' })).status, 422);
  });
});

describe('a password alone', () => {
  const WHY = /perlu pengaman kedua/;

  test('may look, and is refused at every deciding route with the sentence that says where to mend it', async () => {
    const { number, id } = await submitApplication(t.ctx(), {
      service: 'akta-kelahiran',
      answers: example.answers,
      documents: [],
      owners: [],
      channel: 'online',
    });
    const own = `/kerja/${number}`;
    const colleague = phone();
    await enter(colleague, 'verifikator', DEMO_PASSWORD);
    await colleague.post(`${own}/pendapat`, {
      perintah: newId(),
      'tanya.instansi': 'kecamatan',
      'tanya.peran': 'district-head',
      'tanya.catatan': 'Mohon pendapat.',
    });
    const { rows } = await t.world.pool.query('SELECT opinion FROM applications.tasks WHERE opinion IS NOT NULL');
    const document = newId();
    await t.world.db
      .insertInto('documents.documents')
      .values({
        id: document,
        code: '7KDM4QXA7KDM4QXA7KDM4QXA7K',
        application: id,
        number,
        service: 'akta-kelahiran',
        product: 'contoh',
        agency: 'dindukcapil',
        holder: 'B*** C***',
        issued_at: t.world.clock(),
      })
      .execute();
    const weak = await officer(['verifier', 'approver', 'admin']);
    const asked = await officer(['district-head'], 'kecamatan', '33.16.01');
    const [at, elsewhere] = [phone(), phone()];
    await enter(at, weak.login);
    await enter(elsewhere, asked.login);
    for (const path of ['/kerja', own]) assert.equal((await at.get(path)).status, 200, path);
    assert.equal((await elsewhere.get(own)).status, 200);

    const command = newId();
    const opinion = rows[0].opinion as string;
    for (const [who, path, form] of [
      [at, `${own}/tindakan`, { tindakan: 'setujui-berkas', dari: 'verifikasi' }],
      [elsewhere, `${own}/pendapat/${opinion}/jawab`, { [`pendapat-${opinion}.jawaban`]: 'agree' }],
      [at, `${own}/dokumen/${document}/cabut`, { [`cabut-${document}.alasan`]: 'wrong-data' }],
      [at, '/kerja/pengelola/orang/undang', { nama: 'Contoh Baru', peran: 'verifier', wilayah: '' }],
      [at, `/kerja/pengelola/orang/${asked.id}/nonaktif`, {}],
    ] as [Visitor, string, Record<string, string>][]) {
      const answer = await who.post(path, { perintah: command, ...form });
      assert.equal(answer.status, 403, path);
      assert.match(wordsOf(answer.html), WHY, path);
      assert.match(answer.html, /href="\/akun\/keamanan"/, path);
    }
  });

  test('is enough for demo accounts until they enrol a factor', async () => {
    const at = phone();
    await enter(at, 'atasan', DEMO_PASSWORD);
    assert.doesNotMatch((await at.get('/akun')).html, /belum boleh memutuskan/);
    const stale = phone();
    await enter(stale, 'atasan', DEMO_PASSWORD);
    const page = await at.post('/akun/keamanan/aplikasi');
    const secret = (/<b>((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})<\/b>/.exec(page.html)?.[1] ?? '').replaceAll(' ', '');
    await at.post('/akun/keamanan/aplikasi/kode', { kode: codeOf(secret) });
    // another process, which remembers nothing of the sessions, sees the older one as weak
    const other = connectWorld(t.url);
    other.setClock(t.world.clock());
    try {
      const elsewhere = new Visitor(other.app);
      for (const [name, cookie] of stale.cookies) elsewhere.cookies.set(name, cookie);
      assert.match(wordsOf((await elsewhere.get('/akun')).html), /belum boleh memutuskan/);
      assert.match(wordsOf((await elsewhere.post('/akun/keamanan/kunci/tantangan')).html), /Keluar, lalu masuk lagi/);
    } finally {
      await other.close();
    }
  });

  test('takes no factor away: that needs the password again, and the last one gone makes the session weak', async () => {
    const { login, id } = await officer();
    const at = phone();
    await enrolApp(at, login);
    const factor = /\/akun\/keamanan\/lepas\/([0-9a-f-]{36})/.exec((await at.get('/akun/keamanan')).html)?.[1];
    assert.equal((await at.post(`/akun/keamanan/lepas/${newId()}`, { sekarang: PASSWORD })).status, 200);
    assert.equal((await at.post(`/akun/keamanan/lepas/${factor}`, { sekarang: 'keliru-sekali' })).status, 422);
    assert.match((await at.post(`/akun/keamanan/lepas/${factor}`, { sekarang: PASSWORD })).html, /sudah dilepas/);
    assert.match((await at.get('/akun')).html, /belum boleh memutuskan/);
    const { rows } = await t.world.pool.query(
      'SELECT count(*)::int AS n FROM identity.recovery_codes WHERE officer = $1',
      [id],
    );
    assert.equal(rows[0].n, 0, 'recovery codes go with the last factor');
    assert.equal((await eventsOf(t.ctx(), id)).at(-1)?.type, 'officer.factor-removed');
  });
});

describe('a pause', () => {
  const guess = async (login: string, times: number) => {
    for (let i = 0; i < times; i++) {
      resetLimits();
      await enter(phone(), login, `salah-sekali-${i}`);
    }
  };
  const pausedOf = async (id: string) =>
    (await t.world.pool.query('SELECT until, pauses FROM identity.tries WHERE officer = $1', [id])).rows[0];

  test('follows ten wrong passwords, also of other processes, refuses the right one, and is one event', async () => {
    const { login, id } = await officer();
    const other = connectWorld(t.url);
    try {
      other.setClock(t.world.clock());
      await guess(login, 5);
      const elsewhere = new Visitor(other.app);
      for (let i = 0; i < 5; i++) await enter(elsewhere, login, 'salah-sekali');
    } finally {
      await other.close();
    }
    await guess(login, 2);
    const at = phone();
    assert.equal((await enter(at, login)).status, 422, 'the right one, while it pauses');
    const locked = (await eventsOf(t.ctx(), id)).filter(({ type }) => type === 'officer.locked');
    assert.equal(locked.length, 1);
    assert.deepEqual(Object.keys(locked[0]?.data ?? {}), ['until']);
    t.pass(15);
    resetLimits();
    await enter(at, login);
    assert.ok(await inside(at));
    assert.equal(await pausedOf(id), undefined, 'a complete sign-in forgets');
  });

  test('cannot be outrun by many tries at once', async () => {
    const { login, id } = await officer();
    const before = hashWork();
    const tries = Array.from({ length: 18 }, (_, i) => enter(phone(), login, `salah-sekali-${i}`));
    await Promise.all(tries);
    assert.equal(hashWork() - before, 18 * 2 ** 15, 'each costs the same');
    assert.equal((await pausedOf(id)).pauses, 1);
  });

  test('counts codes too, and a right password in between gives nothing back for them', async () => {
    const { login, id } = await officer();
    const { secret } = await enrolApp(phone(), login);
    for (let i = 0; i < 10; i++) {
      resetLimits();
      const at = phone();
      await enter(at, login);
      await at.post('/masuk/pengaman', { kode: '000000' });
    }
    assert.ok((await pausedOf(id)).until > t.world.clock());
    resetLimits();
    assert.equal((await enter(phone(), login)).status, 422);
    t.pass(16);
    const at = phone();
    await enter(at, login);
    assert.equal((await at.post('/masuk/pengaman', { kode: codeOf(secret) })).path, '/kerja');
  });

  test('answers as an unknown login and a wrong password do: same words, same hash work', async () => {
    const { login } = await officer();
    const wrong = await officer();
    await guess(login, 10);
    resetLimits();
    const answers: { words: string; work: number; status: number }[] = [];
    for (const [who, password] of [
      ['tidak-ada-orangnya', PASSWORD],
      [wrong.login, 'salah-sekali-lagi'],
      [login, 'salah-sekali-lagi'],
      [login, PASSWORD],
    ] as const) {
      const before = hashWork();
      const { status, html } = await enter(phone(), who, password);
      answers.push({ status, work: hashWork() - before, words: wordsOf(html).replaceAll(who, 'X') });
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal(answers[0]?.status, 422);
    assert.equal(answers[0]?.work, 2 ** 15);
  });

  test('does not keep the guard of the address from slowing down who tries many accounts', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 22; i++) statuses.push((await enter(phone(), `orang${i}`)).status);
    assert.equal(statuses.at(-1), 429);
  });
});

describe('sessions', () => {
  const AGENTS = {
    phone:
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36',
    desk: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0',
  };
  async function on(agent: string, login: string): Promise<Visitor> {
    const at = phone();
    const body = new URLSearchParams({ login, password: PASSWORD });
    await at.send('/masuk', { method: 'POST', body, headers: { 'user-agent': agent } });
    return at;
  }

  test('are listed by device, without an address; one is ended, then all others, and ends at once', async () => {
    const { login } = await officer();
    const [mine, desk, third] = [
      await on(AGENTS.phone, login),
      await on(AGENTS.desk, login),
      await on(AGENTS.desk, login),
    ];
    const list = await mine.get('/akun/keamanan');
    assert.match(wordsOf(list.html), /Chrome di Android \(perangkat ini\)/);
    assert.match(wordsOf(list.html), /Firefox di Windows/);
    const { rows } = await t.world.pool.query('SELECT * FROM identity.sessions LIMIT 1');
    assert.deepEqual(
      Object.keys(rows[0]).filter((name) => /ip|address|place/.test(name)),
      [],
    );
    const one = /name="sesi" value="([0-9a-f-]{36})"/.exec(list.html)?.[1] ?? '';
    await mine.post('/akun/keamanan/sesi', { sesi: one });
    assert.equal([await inside(desk), await inside(third)].filter(Boolean).length, 1);
    await mine.post('/akun/keamanan/sesi/lain');
    assert.deepEqual([await inside(mine), await inside(desk), await inside(third)], [true, false, false]);
    await mine.post('/akun/keamanan/sesi/lain');
    assert.ok(await inside(mine), 'again is harmless');
  });

  test("of somebody else cannot be ended, and what is no session's id ends nothing", async () => {
    const [mine, other] = [await officer(), await officer()];
    const [me, them] = [await on(AGENTS.desk, mine.login), await on(AGENTS.desk, other.login)];
    const { rows } = await t.world.pool.query('SELECT id FROM identity.sessions WHERE officer = $1', [other.id]);
    for (const id of [rows[0].id, 'x', '', newId()]) await me.post('/akun/keamanan/sesi', { sesi: id });
    assert.ok(await inside(them));
  });

  test('are never one that somebody else put into the browser: signing in begins a new one each time', async () => {
    const [victim, attacker] = [await officer(), await officer()];
    const planted = await on(AGENTS.desk, attacker.login);
    const value = planted.cookies.get('sesi|/')?.value as string;
    const at = phone();
    at.cookies.set('sesi|/', { value, path: '/' });
    await enter(at, victim.login);
    assert.notEqual(at.cookies.get('sesi|/')?.value, value);
    assert.equal(await inside(planted), false, 'the planted one is worth nothing any more');
    const { secret } = await enrolApp(phone(), victim.login);
    const weak = at.cookies.get('sesi|/')?.value;
    await enter(at, victim.login);
    await at.post('/masuk/pengaman', { kode: codeOf(secret) });
    assert.notEqual(at.cookies.get('sesi|/')?.value, weak, 'nor does a weak session grow strong under its old token');
  });

  test('lead only to this site after each step', async () => {
    const { login } = await officer();
    const { secret } = await enrolApp(phone(), login);
    for (const trap of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
      resetLimits();
      t.pass(1);
      const at = phone();
      assert.doesNotMatch((await enter(at, login, PASSWORD, trap)).path, /evil/);
      assert.equal((await at.post('/masuk/pengaman', { kode: codeOf(secret), ke: trap })).path, '/kerja');
      assert.doesNotMatch((await at.get(`/masuk/kunci?ke=${encodeURIComponent(trap)}`)).html, /evil/);
    }
  });
});

describe('changing the password', () => {
  const change = (at: Visitor, sekarang: string, baru: string, ulang = baru) =>
    at.post('/akun/keamanan/sandi', { sekarang, baru, ulang });

  test('is for who is signed in', async () => {
    assert.ok((await phone().get('/akun/keamanan/sandi')).path.startsWith('/masuk?ke='));
    assert.ok((await change(phone(), PASSWORD, 'kopi pahit tanpa gula')).path.startsWith('/masuk?ke='));
  });

  test('needs the old one, and a new one that is long, unlike the name and not what everybody tries', async () => {
    const { login } = await officer();
    const at = phone();
    await enter(at, login);
    for (const [current, next, again, why] of [
      ['keliru-sekali', 'kopi pahit tanpa gula', undefined, /sekarang tidak cocok/],
      [PASSWORD, 'pendek', undefined, /paling sedikit 12 huruf/],
      [PASSWORD, 'bismillah123', undefined, /pertama ditebak/],
      [PASSWORD, `${login}2026contoh`, undefined, /dari nama/],
      [PASSWORD, 'kopi pahit tanpa gula', 'kopi manis', /Ulangan kata sandi/],
    ] as const) {
      const answer = await change(at, current, next, again ?? next);
      assert.equal(answer.status, 422);
      assert.match(wordsOf(answer.html), why);
      assert.ok(!answer.html.includes('kopi pahit'), 'no password is written back');
    }
  });

  test('ends the other browsers, not this one, and is an event', async () => {
    const { login, id } = await officer();
    const [mine, other] = [phone(), phone()];
    await enter(mine, login);
    await enter(other, login);
    assert.match((await change(mine, PASSWORD, 'kopi pahit tanpa gula')).html, /sudah diganti/);
    assert.deepEqual([await inside(mine), await inside(other)], [true, false]);
    assert.equal((await enter(phone(), login)).status, 422);
    assert.ok((await enter(phone(), login, 'kopi pahit tanpa gula')).path.startsWith('/akun/keamanan'));
    assert.deepEqual(
      (await eventsOf(t.ctx(), id)).map(({ type }) => type),
      ['officer.password-changed'],
    );
  });
});
