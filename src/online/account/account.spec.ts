// What a resident's account holds, mandates, and who looked: through HTTP, with the clock, on the real database.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { openDataKey, unsealJson } from '#platform/crypto.ts';
import { resetLimits } from '#platform/rate-limit.ts';
import { loadByNumber, revealAnswers } from '#src/applications/actions.ts';
import { openDossier } from '#src/applications/dossier/actions.ts';
import { listLooks, recordFileOpening, recordOpening } from '#src/applications/looks/actions.ts';
import { createToken } from '#src/identity/actions.ts';
import { getMandate, giveMandate, recordEnds, revoke } from '#src/identity/mandates/actions.ts';
import { MOST_DAYS } from '#src/identity/mandates/mandate.ts';
import { openAccount, openSession, recognise } from '#src/identity/residents/actions.ts';
import { keepHolding } from '#src/identity/residents/holdings/actions.ts';
import { Visitor, wordsOf } from '#test/visitor.ts';
import { MORNING, openTestWorld, type TestWorld } from '#test/world.ts';

const { answers } = JSON.parse(
  readFileSync(new URL('../../../services/akta-kelahiran/example.json', import.meta.url), 'utf8'),
);
const DAY = 24 * 60;
const HOLDER = { relation: 'family', principal: 'Mbah Contoh', agentName: 'Cucu Contoh' } as const;

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

async function signedIn(): Promise<Visitor> {
  const phone = visitor();
  await phone.post('/masuk/kode', { kontak: `0813 1111 ${String(1000 + ++drawn)}` });
  const { rows } = await t.world.pool.query(
    `SELECT key, content FROM messages.messages WHERE template = 'kode-masuk' ORDER BY xmin::text::bigint DESC LIMIT 1`,
  );
  const { kode } = unsealJson<{ kode: string }>(openDataKey(t.world.keys, rows[0].key), rows[0].content);
  await phone.post('/masuk/kode/periksa', { kode });
  return phone;
}

const BASE = '/layanan/akta-kelahiran/ajukan';
// each page and what is typed on it, as in the example of the service
const PAGES: [string, Record<string, string>][] = [
  ['kelahiran', { tempatLahir: 'rumah' }],
  ['kelahiran.2', { orangTuaMenikah: 'ya' }],
  [
    'anak',
    {
      namaAnak: 'Bagas Contoh',
      jenisKelamin: 'L',
      'tanggalLahir.d': '10',
      'tanggalLahir.m': '11',
      'tanggalLahir.y': '2026',
      anakKe: '1',
    },
  ],
  [
    'orang-tua',
    { namaIbu: 'Ibu Contoh', nikIbu: '3316014505959002', namaAyah: 'Ayah Contoh', nikAyah: '3316010101909001' },
  ],
  ['keluarga', { nomorKK: '3316011111209003' }],
  ['saksi.1', { namaSaksi: 'Saksi Satu', nikSaksi: '3316010202809004' }],
  ['saksi.2', { namaSaksi: 'Saksi Dua', nikSaksi: '3316010303809005' }],
  ['pemohon', { namaPemohon: 'Ayah Contoh', nikPemohon: '3316010101909001' }],
  ['kontak', { desa: '33.16.01.2001' }],
  ['kontak.2', { telepon: '081200009001' }],
  ['dokumen/surat-kelahiran', { pilihan: 'surat-desa', aksi: 'nanti' }],
  ['dokumen/bukti-nikah', { pilihan: 'buku-nikah', aksi: 'nanti' }],
  ['dokumen/kk', { aksi: 'nanti' }],
];
const BEHALF = { pemohon: 'Ayah Contoh', nama: 'Rini Contoh', hubungan: 'companion', hari: '30', setuju: 'ya' };

async function apply(phone: Visitor, behalf?: Record<string, string>): Promise<{ number: string; codes: string[] }> {
  await phone.post(BASE, { mulai: 'baru' });
  await phone.post(`${BASE}/mulai/untuk-siapa`, { untuk: behalf ? 'other' : 'self' });
  if (behalf) assert.equal((await phone.post(`${BASE}/mulai/kuasa`, behalf)).status, 200);
  for (const [path, typed] of PAGES) await phone.post(`${BASE}/${path}`, typed);
  const answer = await phone.post(`${BASE}/periksa`, { setuju: 'ya' });
  assert.match(answer.path, /\/terima$/, wordsOf(answer.html).slice(0, 300));
  const [number = '', ...codes] = [...answer.html.matchAll(/<p class="code">(.*?)<\/p>/g)].map((match) =>
    (match[1] ?? '').replace(/<[^>]+>/g, ''),
  );
  return { number, codes };
}
const opens = async (phone: Visitor, number: string) => (await phone.get(`/lacak/${number}`)).status === 200;
const enter = async (number: string, code = '') => {
  const phone = visitor();
  const answer = await phone.post('/lacak', { nomor: number, kode: code });
  return answer.status === 200 ? phone : undefined;
};
const events = async (subject: string) =>
  (await t.world.pool.query('SELECT type, actor, data FROM platform.events WHERE subject = $1 ORDER BY seq', [subject]))
    .rows;
const idOf = async (number: string) => (await loadByNumber(t.ctx(), number)).stored.application.id;

describe('an account holds', () => {
  test('what was sent while signed in, on every device, and no code is needed', async () => {
    const phone = await signedIn();
    const { number, codes } = await apply(phone);
    assert.equal(codes.length, 1);
    assert.equal(phone.cookies.get('berkas|/'), undefined);
    const page = await phone.get('/akun');
    assert.match(wordsOf(page.html), /Akta Kelahiran Sedang dikerjakan/);
    assert.ok(page.bytes <= 14 * 1024);
    assert.ok(await opens(phone, number));
    assert.ok(!(await opens(visitor(), number)));
    const [first] = await events(await idOf(number));
    assert.match(first.actor, /^resident:[0-9a-f-]{36}$/);
    // the desk reads such an actor as the applicant, never as an officer
    const dossier = await openDossier(t.ctx(await t.officer('verifikator')), number);
    assert.equal(dossier.moments[0]?.who, 'pemohon');
  });

  test('what is added by number and code; a wrong code and an unknown number are answered alike', async () => {
    const { number, codes } = await apply(visitor());
    const phone = await signedIn();
    const wrong = await phone.post('/akun/tambah', { nomor: number, kode: 'AAAA-AAAA' });
    const unknown = await phone.post('/akun/tambah', { nomor: '261123-0000-000', kode: 'AAAA-AAAA' });
    assert.equal(wrong.status, 422);
    assert.equal(wordsOf(wrong.html), wordsOf(unknown.html));
    assert.match(
      wordsOf((await phone.post('/akun/tambah', { nomor: number, kode: codes[0] ?? '' })).html),
      /ditambahkan/,
    );
    assert.match(
      wordsOf((await phone.post('/akun/tambah', { nomor: number, kode: codes[0] ?? '' })).html),
      /ditambahkan/,
    );
    assert.equal((await phone.get('/akun')).html.split('href="/lacak/26').length, 2);
  });

  test('nothing after it was closed; the case goes on by number and code', async () => {
    const phone = await signedIn();
    const { number, codes } = await apply(phone);
    await phone.post('/akun/tutup', { yakin: 'ya' });
    assert.ok(!(await opens(phone, number)));
    assert.ok(await enter(number, codes[0]));
  });
});

describe('applying for another', () => {
  test('asks for names, relation, days and consent, keeps what was typed, and shows it before sending', async () => {
    const phone = visitor();
    await phone.post(BASE, { mulai: 'baru' });
    assert.equal((await phone.post(`${BASE}/mulai/untuk-siapa`, {})).status, 422);
    await phone.post(`${BASE}/mulai/untuk-siapa`, { untuk: 'other' });
    for (const [wrong, at] of [
      [{ pemohon: '' }, 'pemohon'],
      [{ nama: '1' }, 'nama'],
      [{ hubungan: 'officer' }, 'hubungan'],
      [{ hari: '91' }, 'hari'],
      [{ hari: '0' }, 'hari'],
      [{ hari: '1e1' }, 'hari'],
      [{ setuju: '' }, 'setuju'],
    ] as const) {
      const page = await phone.post(`${BASE}/mulai/kuasa`, { ...BEHALF, ...wrong });
      assert.equal(page.status, 422, at);
      assert.match(page.html, new RegExp(`id="${at}-error"`));
      if (at !== 'nama') assert.match(page.html, /value="Rini Contoh"/);
    }
    // nobody gets round it: without the mandate there is a gap
    for (const [path, typed] of PAGES) await phone.post(`${BASE}/${path}`, typed);
    const check = await phone.post(`${BASE}/periksa`, { setuju: 'ya' });
    assert.match(wordsOf(check.html), /Isi untuk siapa Anda mengajukan/);
    await phone.post(`${BASE}/mulai/kuasa`, BEHALF);
    assert.match(wordsOf((await phone.get(`${BASE}/periksa`)).html), /Rini Contoh \(pendamping\), 30 hari/);
  });

  test('without an account: the agent has a code of her own until the mandate ends, the principal keeps his', async () => {
    const agent = visitor();
    const { number, codes } = await apply(agent, BEHALF);
    assert.equal(codes.length, 2);
    const [agentCode, ownCode] = codes;
    assert.match(
      wordsOf((await agent.get(`/lacak/${number}`)).html),
      /sebagai kuasa untuk Ayah Contoh sampai 23 Desember 2026/,
    );
    const owner = await enter(number, ownCode);
    assert.ok(owner);
    assert.match(
      wordsOf((await owner.get(`/lacak/${number}`)).html),
      /Diajukan oleh Rini Contoh \(pendamping\) sebagai kuasa sampai 23 Desember 2026/,
    );
    // the agent gives no mandate on, and ends nobody's but her own
    const forbidden = await agent.post(`/lacak/${number}/kuasa`, { nama: 'Teman', hubungan: 'other', hari: '5' });
    assert.equal(forbidden.status, 403);
    // told to the applicant's phone, without a name
    const { rows } = await t.world.pool.query(`SELECT about FROM messages.messages WHERE template = 'kuasa-diberikan'`);
    assert.ok(rows.some((row) => row.about !== null));
    // the last moment of the last day, and the first after it
    t.setClock('2026-12-23T23:59:59+07:00');
    assert.ok(await opens(agent, number));
    assert.ok(await enter(number, agentCode));
    t.setClock('2026-12-24T00:00:00+07:00');
    resetLimits();
    assert.ok(!(await opens(agent, number)));
    assert.equal(await enter(number, agentCode), undefined);
    assert.ok(await opens(owner, number));
    const given = (await t.world.pool.query('SELECT id FROM identity.mandates ORDER BY id DESC LIMIT 1')).rows[0].id;
    await recordEnds(t.ctx({ kind: 'system' }));
    await recordEnds(t.ctx({ kind: 'system' }));
    assert.deepEqual(
      (await events(given)).map((event) => event.type),
      ['mandate.given', 'mandate.ended'],
    );
  });

  test('with an account: both see it, the principal revokes, and the agent is out at once on every device', async () => {
    const agent = await signedIn();
    const { number, codes } = await apply(agent, { ...BEHALF, hubungan: 'family' });
    assert.match(wordsOf((await agent.get('/akun')).html), /sebagai kuasa untuk Ayah Contoh sampai/);
    const [, ownCode] = codes;
    const thief = await enter(number, ownCode); // somebody who saw the receipt
    const owner = await enter(number, ownCode);
    assert.ok(owner && thief);
    const list = await owner.get(`/lacak/${number}/kuasa`);
    const mandate = /name="kuasa" value="([^"]+)"/.exec(list.html)?.[1] ?? '';
    assert.equal((await owner.post(`/lacak/${number}/kuasa/cabut`, { kuasa: 'x' })).status, 404);
    const done = await owner.post(`/lacak/${number}/kuasa/cabut`, { kuasa: mandate });
    assert.match(wordsOf(done.html), /Kuasa dicabut Kode baru permohonan ini/);
    const fresh = /<p class="code">(.*?)<\/p>/.exec(done.html)?.[1]?.replace(/<[^>]+>/g, '');
    assert.ok(!(await opens(agent, number)));
    assert.doesNotMatch((await agent.get('/akun')).html, new RegExp(`href="/lacak/${number}"`));
    assert.match(wordsOf((await agent.get('/akun')).html), /dicabut 23 November 2026/);
    assert.ok(await opens(owner, number));
    assert.ok(!(await opens(thief, number)));
    assert.equal(await enter(number, ownCode), undefined);
    assert.ok(await enter(number, fresh));
    // pressed twice: nothing more, and the new code stays
    await owner.post(`/lacak/${number}/kuasa/cabut`, { kuasa: mandate });
    assert.ok(await enter(number, fresh));
    assert.deepEqual(
      (await events(mandate)).map((event) => event.type),
      ['mandate.given', 'mandate.revoked'],
    );
  });

  test('the agent may give it back; the code of the case then stays', async () => {
    const agent = await signedIn();
    const { number, codes } = await apply(agent, BEHALF);
    const mandate = /name="kuasa" value="([^"]+)"/.exec((await agent.get(`/lacak/${number}/kuasa`)).html)?.[1] ?? '';
    assert.match(
      wordsOf((await agent.post(`/lacak/${number}/kuasa/cabut`, { kuasa: mandate })).html),
      /Kuasa diakhiri/,
    );
    assert.ok(!(await opens(agent, number)));
    assert.ok(await enter(number, codes[1]));
  });

  test('an owner asks somebody for help: a code of its own, given once, gone when revoked', async () => {
    const owner = visitor();
    const { number } = await apply(owner);
    const page = await owner.get(`/lacak/${number}/kuasa`);
    const perintah = /name="perintah" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const given = { perintah, nama: 'Tetangga Contoh', hubungan: 'other', hari: '7' };
    const codeOf = (html: string) => /<p class="code">(.*?)<\/p>/.exec(html)?.[1]?.replace(/<[^>]+>/g, '');
    const first = await owner.post(`/lacak/${number}/kuasa`, given);
    const again = await owner.post(`/lacak/${number}/kuasa`, given);
    assert.equal(codeOf(first.html), codeOf(again.html));
    assert.equal(again.html.split('name="kuasa"').length, 2);
    const helper = await enter(number, codeOf(first.html));
    assert.ok(helper);
    assert.match(wordsOf((await helper.get(`/lacak/${number}`)).html), /sebagai kuasa untuk Ayah Contoh/);
    // the helper's receipt never tells the owner's code
    const receipt = await helper.get(`/lacak/${number}/terima`);
    assert.equal(codeOf(receipt.html.replace(/<p class="code">.*?<\/p>/, '')), codeOf(first.html));
    assert.doesNotMatch(wordsOf(receipt.html), /Kode untuk/);
    const mandate = /name="kuasa" value="([^"]+)"/.exec(again.html)?.[1] ?? '';
    await owner.post(`/lacak/${number}/kuasa/cabut`, { kuasa: mandate });
    assert.ok(!(await opens(helper, number)));
    assert.ok(await opens(owner, number));
  });

  test('an officer who submits for a resident is the agent; by the API too, and the case says so', async () => {
    const officer = await t.officer('registrar.bangkleyan').catch(() => t.officer('verifikator'));
    if (officer.kind !== 'officer') throw new Error('no officer');
    const token = await createToken(t.ctx(officer), officer.id);
    const send = (body: unknown, headers: Record<string, string> = {}) =>
      t.app.request('/api/v1/services/akta-kelahiran/applications', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const response = await send({ answers, channel: 'onestop' }, { authorization: `Bearer ${token}` });
    const receipt = (await response.json()) as { number: string; mandate: { until: string; code?: string } };
    assert.equal(response.status, 201);
    assert.ok(receipt.mandate.until && !receipt.mandate.code);
    const { rows } = await t.world.pool.query(
      'SELECT agent_kind, agent, nik_hash FROM identity.mandates WHERE application = $1',
      [await idOf(receipt.number)],
    );
    assert.equal(rows[0].agent_kind, 'officer');
    assert.equal(rows[0].agent, officer.id);
    assert.ok(rows[0].nik_hash);
    for (const mandate of [
      { relation: 'raja' },
      { relation: 'family', days: MOST_DAYS + 1 },
      { relation: 'family', principal: '1' },
    ])
      assert.equal((await send({ answers, mandate })).status, 422);
    const declared = await send({ answers, mandate: { relation: 'family', agent: 'Anak Contoh' } });
    const own = (await declared.json()) as { number: string; code: string; mandate: { code: string } };
    for (const code of [own.code, own.mandate.code])
      assert.equal(
        (await t.app.request(`/api/v1/applications/${own.number}`, { headers: { 'track-code': code } })).status,
        200,
      );
    t.pass(31 * DAY);
    const late = await t.app.request(`/api/v1/applications/${own.number}`, {
      headers: { 'track-code': own.mandate.code },
    });
    assert.equal(late.status, 404);
  });
});

describe('who looked', () => {
  test('is told once an officer, case and day: office, role, what and why, never the name', async () => {
    const phone = await signedIn();
    const { number } = await apply(phone);
    assert.match(wordsOf((await phone.get(`/lacak/${number}/dilihat`)).html), /Belum ada yang melihat/);
    const officer = await t.officer('verifikator');
    if (officer.kind !== 'officer') throw new Error('no officer');
    const token = await createToken(t.ctx(officer), officer.id);
    const read = (query = '') =>
      t.app.request(`/api/v1/applications/${number}${query}`, { headers: { authorization: `Bearer ${token}` } });
    for (let i = 0; i < 3; i++) assert.equal((await read()).status, 200);
    t.pass(DAY);
    await read();
    await read('?purpose=contact');
    const { items } = await listLooks(t.ctx(), [await idOf(number)]);
    assert.deepEqual(
      items.map((look) => look.type),
      ['application.revealed', 'application.opened', 'application.opened'],
    );
    const shown = wordsOf((await phone.get('/akun/data/dilihat')).html);
    assert.match(shown, /Dinas Kependudukan dan Pencatatan Sipil \(verifikator/);
    assert.match(shown, /Untuk: menghubungi pemohon/);
    assert.doesNotMatch(shown, /Vera/);
    assert.match(wordsOf((await phone.get(`/lacak/${number}/dilihat`)).html), /Membuka permohonan/);
  });

  test('leaves the chain of the case alone, in other processes too, and only officers leave a trace', async () => {
    const { number } = await apply(visitor());
    const { application } = (await loadByNumber(t.ctx(), number)).stored;
    const before = await events(application.id);
    const officer = await t.officer('verifikator');
    const file = { id: '0'.repeat(8).concat('-0000-7000-8000-000000000001'), kind: 'evidence' as const };
    const elsewhere = { ...t.ctx(officer), pool: Object.create(t.world.pool) };
    await Promise.all([recordOpening(t.ctx(officer), application), recordOpening(elsewhere, application)]);
    await recordFileOpening(t.ctx(officer), application, file);
    await recordOpening(t.ctx({ kind: 'resident', holds: [application.id] }), application);
    assert.deepEqual(await events(application.id), before);
    assert.equal((await listLooks(t.ctx(), [application.id])).items.length, 2);
  });

  test('a stranger sees nothing, and an agent is not told who looked at the principal', async () => {
    const { number } = await apply(visitor());
    assert.equal((await visitor().get(`/lacak/${number}/dilihat`)).status, 401);
    const agent = await signedIn();
    const other = await apply(agent, BEHALF);
    await revealAnswers(t.ctx(await t.officer('verifikator')), other.number, 'verify');
    assert.match(wordsOf((await agent.get('/akun/data/dilihat')).html), /Belum ada yang melihat/);
  });

  test('a long list has pages', async () => {
    const phone = visitor();
    const { number } = await apply(phone);
    const { application } = (await loadByNumber(t.ctx(), number)).stored;
    const officer = await t.officer('verifikator');
    for (let day = 0; day < 53; day++) {
      t.pass(DAY);
      await recordOpening(t.ctx(officer), application);
    }
    const first = await phone.get(`/lacak/${number}/dilihat`);
    assert.equal(first.html.split('class="card"').length - 1, 50);
    assert.ok(first.bytes <= 14 * 1024);
    const older = /href="([^"]+sebelum=\d+)"/.exec(first.html)?.[1] ?? '';
    assert.equal((await phone.get(older)).html.split('class="card"').length - 1, 3);
  });
});

async function newAccount() {
  const account = await openAccount(t.ctx());
  const token = await openSession(t.ctx(), account, 'code', 'Chrome di Android');
  return { token, ctx: t.ctx({ kind: 'resident', holds: [], account }) };
}
const isSignedIn = async ({ token }: { token: string }) => (await recognise(t.world, token, [])).account !== undefined;

test('whatever is given, revoked, replaced and waited for: nobody holds what clock and revocations forbid', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('give' as const), days: fc.integer({ min: 1, max: MOST_DAYS }) }),
    fc.record({
      do: fc.constant('revoke' as const),
      which: fc.nat(4),
      by: fc.constantFrom('principal' as const, 'agent' as const),
    }),
    fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 24 * 40 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      t.setClock(MORNING);
      resetLimits();
      const { number } = await apply(visitor());
      const application = await idOf(number);
      const codes = [application]; // what the code of the case derived from, newest last
      const given: { id: string; ends: number; over: boolean }[] = [];
      // two accounts: one came by the first code, the other is the first mandate's agent
      const [byCode, agent] = [await newAccount(), await newAccount()];
      await keepHolding(byCode.ctx, { application, how: 'code', via: application });
      for (const one of steps) {
        const now = t.world.clock();
        if (one.do === 'wait') t.pass(one.hours * 60);
        else if (one.do === 'give') {
          const ends = new Date(now.getTime() + one.days * DAY * 60_000);
          const id = await giveMandate(t.ctx(), { application, origin: 'given', ...HOLDER, ends });
          if (given.length === 0) await keepHolding(agent.ctx, { application, how: 'mandate', via: id });
          given.push({ id, ends: ends.getTime(), over: false });
        } else {
          const mandate = given[one.which];
          if (!mandate) continue;
          const runs = !mandate.over && mandate.ends > now.getTime();
          const code = await revoke(t.ctx(), { id: mandate.id, application }, one.by);
          if (runs && one.by === 'principal') codes.push(code);
          assert.equal(code, codes.at(-1));
          mandate.over = true;
        }
        const at = t.world.clock().getTime();
        const holds = async (via: string) =>
          (await recognise(t.world, undefined, [{ application, via }])).holds.includes(application);
        for (const code of codes) assert.equal(await holds(code), code === codes.at(-1));
        for (const mandate of given) assert.equal(await holds(mandate.id), !mandate.over && at < mandate.ends);
        const keeps = async ({ token }: { token: string }) =>
          (await recognise(t.world, token, [])).holds.includes(application);
        // their sessions live as long as they are used, at most thirty days apart
        if (await isSignedIn(byCode)) assert.equal(await keeps(byCode), codes.length === 1);
        const [first] = given;
        if (await isSignedIn(agent))
          assert.equal(await keeps(agent), first !== undefined && !first.over && at < first.ends);
        for (const mandate of given) assert.ok(await getMandate(t.ctx(), mandate.id));
      }
    }),
    { numRuns: 25, seed: 11 },
  );
});
