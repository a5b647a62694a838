// Residents' accounts through HTTP: codes, sessions, contacts, holdings, closing; on the real database, without script.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import pg from 'pg';
import { openDataKey, unsealJson } from '#platform/crypto.ts';
import { resetLimits } from '#platform/rate-limit.ts';
import { createApp } from '#src/app.ts';
import { type Answer, Visitor, wordsOf } from '#test/visitor.ts';
import { MORNING, openTestWorld, type TestWorld } from '#test/world.ts';
import { signInByCode } from './actions.ts';

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());
beforeEach(() => {
  resetLimits();
  t.setClock(MORNING);
});

const visitor = () => new Visitor(t.app);
let drawn = 0;
/** A phone number that nobody used before. */
const someone = () => `0812 3456 ${String(1000 + ++drawn)}`;

/** What was sent last (the clock stands still, so by its transaction), and how much in all. */
async function sent(): Promise<{ code: string; phone: string; email: string; count: number }> {
  const { rows } = await t.world.pool.query(
    `SELECT key, address, content, (SELECT count(*)::int FROM messages.messages WHERE template = 'kode-masuk') AS count
     FROM messages.messages WHERE template = 'kode-masuk' ORDER BY xmin::text::bigint DESC LIMIT 1`,
  );
  const [row] = rows;
  if (!row) return { code: '', phone: '', email: '', count: 0 };
  const key = openDataKey(t.world.keys, row.key);
  const { kode } = unsealJson<{ kode: string }>(key, row.content);
  const { phone = '', email = '' } = unsealJson<{ phone?: string; email?: string }>(key, row.address);
  return { code: kode, phone, email, count: row.count };
}
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

async function signIn(phone: Visitor, contact: string, ke = '/akun'): Promise<Answer> {
  await phone.post('/masuk/kode', { kontak: contact, ke });
  return phone.post('/masuk/kode/periksa', { kode: (await sent()).code, ke });
}
const accounts = async () =>
  (await t.world.pool.query('SELECT count(*)::int AS n FROM identity.residents')).rows[0].n as number;
const session = (phone: Visitor) => phone.cookies.get('warga|/')?.value;

describe('signing in by code', () => {
  test('a right code makes the account and opens it; the next one finds it again', async () => {
    const phone = visitor();
    const contact = someone();
    const page = await phone.post('/masuk/kode', { kontak: contact });
    assert.equal(page.status, 200);
    assert.match(wordsOf(page.html), /Ketik kode enam angka Dikirim ke 08123456\d{4}/);
    assert.ok(page.bytes <= 14 * 1024);
    assert.doesNotMatch(page.html, /<script/);
    assert.match(page.html, /contoh\/pesan/);
    const before = await accounts();
    const { code, phone: to } = await sent();
    assert.match(code, /^\d{6}$/);
    assert.match(to, /^\+62812/);
    const account = await phone.post('/masuk/kode/periksa', { kode: `${code.slice(0, 3)} ${code.slice(3)}` });
    assert.match(wordsOf(account.html), /Akun saya.*Belum ada permohonan/);
    assert.equal(await accounts(), before + 1);
    const again = visitor();
    await signIn(again, contact.replace('0812', '+62 812'));
    assert.equal(await accounts(), before + 1);
    const line = (await t.app.request('http://localhost/akun', { headers: { cookie: `warga=${session(again)}` } }))
      .status;
    assert.equal(line, 200);
  });

  test('the cookie is for this site and its server only, and outlives the evening', async () => {
    const phone = visitor();
    await phone.post('/masuk/kode', { kontak: someone() });
    const answer = await phone.send(
      '/masuk/kode/periksa',
      { method: 'POST', body: new URLSearchParams({ kode: (await sent()).code }) },
      false,
    );
    const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('warga=')) ?? '';
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=']) assert.ok(cookie.includes(part), part);
    const https = createApp({ ...t.world, config: { ...t.world.config, publicUrl: 'https://layanan.example' } });
    const safe = await https.request('https://layanan.example/masuk/kode', {
      method: 'POST',
      headers: { origin: 'https://layanan.example', 'content-type': 'application/x-www-form-urlencoded' },
      body: `kontak=${encodeURIComponent(someone())}`,
    });
    assert.match(safe.headers.getSetCookie().join(), /kode=.*Secure/);
  });

  test('known and unknown contacts get the same page after the same work', async () => {
    const known = someone();
    await signIn(visitor(), known);
    const asked = async (contact: string) => {
      const events = async () =>
        (await t.world.pool.query('SELECT count(*)::int AS n FROM platform.events')).rows[0].n as number;
      const [before, rows] = [await events(), (await sent()).count];
      const statements: string[] = [];
      const { query } = pg.Client.prototype;
      pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
        statements.push(String((given[0] as { text?: string }).text ?? given[0]).slice(0, 80));
        return Reflect.apply(query, this, given);
      } as typeof query;
      const page = await visitor().post('/masuk/kode', { kontak: contact });
      pg.Client.prototype.query = query;
      assert.ok(statements.length > 5);
      return {
        statements,
        status: page.status,
        text: wordsOf(page.html).replaceAll(/08123456\d{4}/g, 'X'),
        events: (await events()) - before,
        messages: (await sent()).count - rows,
        size: page.html.length,
      };
    };
    assert.deepEqual(await asked(known), await asked(someone()));
  });

  test('what is no contact is pointed at, and what was typed stays', async () => {
    for (const wrong of ['', 'halo', '021 555', 'a@b', 'x@y.z\r\nBcc: a@b.id', '0812', '<script>']) {
      const page = await visitor().post('/masuk/kode', { kontak: wrong });
      assert.equal(page.status, 422, wrong);
      assert.match(wordsOf(page.html), /Tulis nomor HP yang lengkap/);
      assert.doesNotMatch(page.html, /<script>/);
    }
    assert.match((await visitor().post('/masuk/kode', { kontak: 'halo' })).html, /value="halo"/);
    await visitor().post('/masuk/kode', { kontak: ' Siti@Contoh.ID ' });
    assert.equal((await sent()).email, 'siti@contoh.id');
  });

  test('a code is good once, for ten minutes, for five tries, and only where it was asked', async () => {
    const phone = visitor();
    await phone.post('/masuk/kode', { kontak: someone() });
    const { code } = await sent();
    // another browser knows the code but was never asked
    const thief = visitor();
    assert.equal((await thief.post('/masuk/kode/periksa', { kode: code })).status, 410);
    await thief.post('/masuk/kode', { kontak: someone() });
    assert.equal((await thief.post('/masuk/kode/periksa', { kode: code })).status, 422);
    assert.equal(session(thief), undefined);
    // the right one, late
    t.pass(10);
    assert.equal((await phone.post('/masuk/kode/periksa', { kode: code })).status, 410);
    t.setClock(MORNING);
    resetLimits();
    // five wrong ones, then the right one
    await phone.post('/masuk/kode', { kontak: someone() });
    const second = (await sent()).code;
    for (let i = 0; i < 5; i++) {
      const page = await phone.post('/masuk/kode/periksa', { kode: other(second) });
      assert.equal(page.status, 422);
      assert.match(wordsOf(page.html), i < 4 ? new RegExp(`sisa ${4 - i} kali`) : /lima kali salah/);
    }
    assert.equal((await phone.post('/masuk/kode/periksa', { kode: second })).status, 410);
    assert.equal(session(phone), undefined);
    // used, then used again with the same cookie
    await phone.post('/masuk/kode', { kontak: someone() });
    const third = (await sent()).code;
    const cookie = phone.cookies.get('kode|/masuk');
    assert.equal((await phone.post('/masuk/kode/periksa', { kode: third })).status, 200);
    assert.ok(cookie && session(phone));
    phone.cookies.clear();
    phone.cookies.set('kode|/masuk', cookie);
    assert.equal((await phone.post('/masuk/kode/periksa', { kode: third })).status, 410);
    assert.equal(session(phone), undefined);
  });

  test('two presses at once sign in once', async () => {
    const phone = visitor();
    await phone.post('/masuk/kode', { kontak: someone() });
    const { code } = await sent();
    const [id = '', secret = ''] = (phone.cookies.get('kode|/masuk')?.value ?? '').split('.');
    const tries = await Promise.allSettled(
      [1, 2, 3].map(() => signInByCode(t.ctx(), { id, secret }, code, 'Chrome di Android')),
    );
    assert.equal(tries.filter((one) => one.status === 'fulfilled' && one.value.right).length, 1);
  });

  test('another code may be asked after a minute, and ends the one before', async () => {
    const phone = visitor();
    await phone.post('/masuk/kode', { kontak: someone() });
    const first = await sent();
    const soon = await phone.post('/masuk/kode/ulang');
    assert.equal(soon.status, 429);
    assert.match(wordsOf(soon.html), /Tunggu satu menit/);
    t.pass(1);
    assert.equal((await phone.post('/masuk/kode/ulang')).status, 200);
    const second = await sent();
    assert.equal(second.count, first.count + 1);
    if (first.code !== second.code)
      assert.equal((await phone.post('/masuk/kode/periksa', { kode: first.code })).status, 422);
    assert.equal((await phone.post('/masuk/kode/periksa', { kode: second.code })).status, 200);
  });

  test('nobody is flooded: five codes an hour for a contact, whoever asks, in every process', async () => {
    const contact = someone();
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await visitor().post('/masuk/kode', { kontak: contact })).status);
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429]);
    const elsewhere = new Visitor(createApp({ ...t.world }));
    assert.equal((await elsewhere.post('/masuk/kode', { kontak: contact })).status, 429);
    t.pass(61);
    assert.equal((await visitor().post('/masuk/kode', { kontak: contact })).status, 200);
    // at once as well
    const rush = someone();
    const all = await Promise.all(Array.from({ length: 9 }, () => visitor().post('/masuk/kode', { kontak: rush })));
    assert.equal(all.filter((one) => one.status === 200).length, 5);
  });

  test('leads back only to this site', async () => {
    assert.equal((await signIn(visitor(), someone(), '/lacak')).path, '/lacak');
    for (const trap of ['//evil.example', '/\\evil.example', 'https://evil.example', '/.//evil.example'])
      assert.equal((await signIn(visitor(), someone(), trap)).path, '/akun', trap);
  });

  test('begins a new session each time; a planted one opens nothing', async () => {
    const phone = visitor();
    phone.cookies.set('warga|/', { value: 'ditanam', path: '/' });
    assert.match(wordsOf((await phone.get('/akun')).html), /Masuk/);
    const contact = someone();
    await signIn(phone, contact);
    const first = session(phone);
    assert.notEqual(first, 'ditanam');
    await signIn(phone, contact);
    const thief = visitor();
    thief.cookies.set('warga|/', { value: first ?? '', path: '/' });
    assert.equal((await thief.send('/akun', {}, false)).status, 303);
  });

  test('a form from another site signs nobody in', async () => {
    const answer = await visitor().send(
      '/masuk/kode',
      { method: 'POST', headers: { origin: 'https://evil.example' }, body: new URLSearchParams({ kontak: someone() }) },
      false,
    );
    assert.equal(answer.status, 403);
  });

  test('keeps contacts sealed: no number stands in a row, an event or an address', async () => {
    await signIn(visitor(), '0813 9876 5432');
    const found: string[] = [];
    const { rows: tables } = await t.world.pool.query(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_schema IN ('identity', 'platform', 'messages') AND table_type = 'BASE TABLE'`,
    );
    for (const { name } of tables) {
      const { rows } = await t.world.pool.query(`SELECT t::text AS row FROM ${name} t`).catch(() => ({ rows: [] }));
      for (const { row } of rows) if (/81398765432/.test(row)) found.push(`${name}: ${row}`);
    }
    assert.deepEqual(found, []);
  });
});

describe('an account', () => {
  test('is closed to who is not signed in, page by page, and leads to the sign-in', async () => {
    for (const path of ['/akun', '/akun/kontak', '/akun/perangkat', '/akun/tutup', '/akun/data/dilihat']) {
      const answer = await visitor().send(path, {}, false);
      assert.equal(answer.status, 303, path);
      assert.match(answer.path, /^\/masuk\?ke=/);
    }
    for (const path of ['/akun/kontak', '/akun/kontak/hapus', '/akun/perangkat', '/akun/tutup', '/akun/tambah'])
      assert.equal((await visitor().send(path, { method: 'POST', body: new URLSearchParams() }, false)).status, 303);
  });

  test('ends after thirty days without use, and not before', async () => {
    const phone = visitor();
    await signIn(phone, someone());
    for (let week = 0; week < 8; week++) {
      t.pass(7 * 24 * 60);
      assert.match(wordsOf((await phone.get('/akun')).html), /Akun saya/, `week ${week}`);
    }
    t.pass(30 * 24 * 60 + 1);
    assert.equal((await phone.send('/akun', {}, false)).status, 303);
  });

  test('takes a second contact by its code; the last one never goes silently', async () => {
    const phone = visitor();
    const contact = someone();
    await signIn(phone, contact);
    const lone = await phone.get('/akun/kontak');
    const [id = ''] = [...lone.html.matchAll(/name="kontak" value="([0-9a-f-]{36})"/g)].map((match) => match[1]);
    const refused = await phone.post('/akun/kontak/hapus', { kontak: id, yakin: 'ya' });
    assert.equal(refused.status, 409);
    assert.match(wordsOf(refused.html), /satu-satunya cara Anda masuk/);
    await phone.post('/akun/kontak', { kontak: `warga${drawn}@contoh.id` });
    const wrong = await phone.post('/akun/kontak/kode', { kode: other((await sent()).code) });
    assert.equal(wrong.status, 422);
    const added = await phone.post('/akun/kontak/kode', { kode: (await sent()).code });
    assert.match(wordsOf(added.html), /Sudah ditambahkan.*warga\d+@contoh\.id/);
    const dropped = await phone.post('/akun/kontak/hapus', { kontak: id });
    assert.match(wordsOf(dropped.html), /Sudah dihapus/);
    // the address now opens the same account; the number would make another
    const before = await accounts();
    await signIn(visitor(), `warga${drawn}@contoh.id`);
    assert.equal(await accounts(), before);
    await signIn(visitor(), contact);
    assert.equal(await accounts(), before + 1);
  });

  test("never takes over another account's contact, and a code for one thing does nothing else", async () => {
    const [mine, hers] = [someone(), someone()];
    await signIn(visitor(), hers);
    const phone = visitor();
    await signIn(phone, mine);
    await phone.post('/akun/kontak', { kontak: hers });
    const taken = await phone.post('/akun/kontak/kode', { kode: (await sent()).code });
    assert.equal(taken.status, 409);
    assert.match(wordsOf(taken.html), /dipakai akun lain/);
    // a code asked for adding a contact is not one for signing in
    await phone.post('/akun/kontak', { kontak: someone() });
    const cookie = phone.cookies.get('kode|/akun/kontak');
    const thief = visitor();
    thief.cookies.set('kode|/masuk', { value: cookie?.value ?? '', path: '/masuk' });
    assert.equal((await thief.post('/masuk/kode/periksa', { kode: (await sent()).code })).status, 410);
    assert.equal(session(thief), undefined);
  });

  test('lists its devices in plain words and ends one or all the others at once', async () => {
    const contact = someone();
    const [one, two, three] = [visitor(), visitor(), visitor()];
    for (const phone of [one, two, three]) await signIn(phone, contact);
    const page = await one.get('/akun/perangkat');
    assert.match(wordsOf(page.html), /perangkat ini/);
    const ids = [...page.html.matchAll(/name="perangkat" value="([^"]+)"/g)].map((match) => match[1] ?? '');
    assert.equal(ids.length, 2);
    await one.post('/akun/perangkat', { perangkat: ids[0] ?? '' });
    assert.equal(
      [await two.send('/akun', {}, false), await three.send('/akun', {}, false)].filter((a) => a.status === 200).length,
      1,
    );
    await one.post('/akun/perangkat', { semua: 'ya' });
    assert.equal((await two.send('/akun', {}, false)).status, 303);
    assert.equal((await three.send('/akun', {}, false)).status, 303);
    assert.equal((await one.send('/akun', {}, false)).status, 200);
    // nobody ends a stranger's device
    const stranger = visitor();
    await signIn(stranger, someone());
    const own = /name="perangkat" value="([^"]+)"/.exec((await one.get('/akun/perangkat')).html)?.[1];
    await stranger.post('/akun/perangkat', { perangkat: own ?? ids[1] ?? '' });
    assert.equal((await one.send('/akun', {}, false)).status, 200);
  });

  test('signing out ends the session on the server and leaves no code shown behind', async () => {
    const phone = visitor();
    await signIn(phone, someone());
    const before = session(phone) ?? '';
    assert.equal((await phone.get('/akun/keluar')).status, 200);
    await phone.post('/akun/keluar');
    assert.equal(session(phone), undefined);
    assert.equal(phone.cookies.get('berkas|/'), undefined);
    const thief = visitor();
    thief.cookies.set('warga|/', { value: before, path: '/' });
    assert.equal((await thief.send('/akun', {}, false)).status, 303);
  });

  test('closes for good: contacts unreadable, devices out, and the same number begins anew', async () => {
    const contact = someone();
    const [phone, tablet] = [visitor(), visitor()];
    await signIn(phone, contact);
    await signIn(tablet, contact);
    assert.equal((await phone.post('/akun/tutup')).status, 422);
    assert.match(wordsOf((await phone.post('/akun/tutup', { yakin: 'ya' })).html), /sudah ditutup/);
    assert.equal((await tablet.send('/akun', {}, false)).status, 303);
    const { rows } = await t.world.pool.query(
      'SELECT key FROM identity.residents ORDER BY closed DESC NULLS LAST LIMIT 1',
    );
    assert.equal(rows[0].key, null);
    assert.match(wordsOf((await signIn(visitor(), contact)).html), /Belum ada permohonan/);
  });
});

test('whatever two browsers ask, guess, wait and send again: no session without the right code of that browser', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('ask' as const), who: fc.nat(1), contact: fc.nat(1) }),
    fc.record({ do: fc.constant('again' as const), who: fc.nat(1) }),
    fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 11 }) }),
    fc.record({ do: fc.constant('guess' as const), who: fc.nat(1), whose: fc.nat(1), right: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      resetLimits();
      t.pass(25 * 60); // limits of the runs before are over
      const contacts = [someone(), someone()];
      const browsers = [visitor(), visitor()];
      // what the model knows: each browser's live code
      const live: ({ code: string; at: number; tries: number } | undefined)[] = [undefined, undefined];
      for (const one of steps) {
        const now = t.world.clock().getTime();
        if (one.do === 'wait') {
          t.pass(one.minutes);
          continue;
        }
        const browser = browsers[one.who] as Visitor;
        if (one.do === 'guess') {
          const own = live[one.who];
          const code = one.right ? (live[one.whose]?.code ?? '123456') : '000000';
          const opens = own !== undefined && own.code === code && now - own.at < 10 * 60_000 && own.tries < 5;
          await browser.post('/masuk/kode/periksa', { kode: code });
          assert.equal(session(browser) !== undefined, opens, JSON.stringify(one));
          if (opens) {
            live[one.who] = undefined;
            browser.cookies.delete('warga|/');
          } else if (own) own.tries += 1;
          continue;
        }
        const before = (await sent()).count;
        await (one.do === 'ask'
          ? browser.post('/masuk/kode', { kontak: contacts[one.contact] ?? '' })
          : browser.post('/masuk/kode/ulang'));
        const after = await sent();
        if (after.count > before) live[one.who] = { code: after.code, at: now, tries: 0 };
        assert.equal(session(browser), undefined);
      }
    }),
    { numRuns: 40, seed: 7 },
  );
});
