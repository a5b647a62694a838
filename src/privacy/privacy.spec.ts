// Rights of those whose data it is, from ask to answer, as people and officers meet them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { context, SYSTEM } from '#platform/context.ts';
import { signValue } from '#platform/crypto.ts';
import { eventsOf } from '#platform/event-log.ts';
import { verifyChain } from '#platform/events.ts';
import { acceptUpload, openFile } from '#platform/files.ts';
import { newId } from '#platform/ids.ts';
import type { Problem } from '#platform/problem.ts';
import { actOnApplication, addNote, loadByNumber, type Receipt, submitApplication } from '#src/applications/actions.ts';
import { listArchive, listInbox, searchCases } from '#src/applications/inbox/actions.ts';
import { passLimits } from '#src/applications/jobs.ts';
import { DEMO_PASSWORD } from '#src/demo.ts';
import { documentsOf } from '#src/documents/actions.ts';
import { openAccount } from '#src/identity/residents/actions.ts';
import { Visitor, wordsOf } from '#test/visitor.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { askFor } from './asked/actions.ts';
import { consentsOf, decideConsent, mayUse } from './consent/actions.ts';
import { settle } from './jobs.ts';

const example = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../services/akta-kelahiran/example.json'), 'utf8'),
);
// what matters is that it is a picture
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());

/** A birth with a picture, a note and a paper; `done`: completed and issued. */
async function birth(done = true): Promise<Receipt & { file: string }> {
  const owner = newId();
  const file = await acceptUpload(t.ctx(), { owner, name: 'surat.png', bytes: PNG });
  const receipt = await submitApplication(t.ctx(), {
    service: 'akta-kelahiran',
    answers: example.answers,
    documents: [{ file: file.id, requirement: 'surat-kelahiran', option: 'surat-desa' }],
    owners: [owner],
    channel: 'online',
  });
  if (done) {
    const verifier = await t.officer('verifikator');
    await addNote(t.ctx(verifier), receipt.number, 'Catatan rahasia antar petugas.');
    await actOnApplication(t.ctx(verifier), receipt.number, { action: 'setujui-berkas' });
    await actOnApplication(t.ctx(await t.officer('pengesah')), receipt.number, { action: 'sahkan' });
    await t.work();
  }
  return { ...receipt, file: file.id };
}

/** A browser that has shown the code of the case. */
function holder({ id }: Receipt): Visitor {
  const visitor = new Visitor(t.app);
  visitor.cookies.set('berkas|/', { value: signValue(t.world.keys, id), path: '/' });
  return visitor;
}

async function officer(login: string): Promise<Visitor> {
  const visitor = new Visitor(t.app);
  await visitor.post('/masuk', { login, password: DEMO_PASSWORD });
  return visitor;
}

const refused = (code: string) => (error: unknown) => {
  assert.equal((error as Problem).kind?.code, code, String(error));
  return true;
};
const commandIn = (html: string): string => /name="perintah" value="([^"]+)"/.exec(html)?.[1] ?? '';
const system = () => context(t.world, SYSTEM, 'system');

describe('a request over one case', () => {
  test('is closed to whoever has not shown the code, for a number that exists and one that does not alike', async () => {
    const receipt = await birth(false);
    const stranger = new Visitor(t.app);
    for (const path of ['/data', '/data/salinan.json', '/data/salinan.pdf']) {
      const known = await stranger.send(`/lacak/${receipt.number}${path}`, { method: 'GET' }, false);
      assert.deepEqual([known.status, known.path], [303, `/lacak/${receipt.number}`]);
    }
    assert.equal((await stranger.get('/lacak/261123-0000-000/data')).status, 200, 'leads to the page that asks');
    await assert.rejects(
      askFor(t.ctx(), { asked: 'access', text: 'Semua data saya.', cases: [receipt.id] }),
      refused('forbidden'),
    );
  });

  test('comes back with what was typed when something lacks', async () => {
    const receipt = await birth(false);
    const visitor = holder(receipt);
    const wrong = await visitor.post(`/lacak/${receipt.number}/data`, { hak: 'jual', uraian: 'a' });
    assert.equal(wrong.status, 422);
    assert.match(wordsOf(wrong.html), /Pilih salah satu permintaan.*Jelaskan permintaan Anda/);
    const long = await visitor.post(`/lacak/${receipt.number}/data`, { hak: 'access', uraian: 'x'.repeat(1001) });
    assert.match(wordsOf(long.html), /Ringkas sampai 1\.000 huruf/);
    assert.match(long.html, /x{1001}/);
  });

  test('runs 3 × 24 hours by the clock, holidays included, and pressing twice asks once', async () => {
    t.setClock('2026-11-27T15:00:00+07:00'); // a Friday afternoon
    const receipt = await birth(false);
    const visitor = holder(receipt);
    const page = await visitor.get(`/lacak/${receipt.number}/data`);
    assert.ok(page.bytes < 14_336 && !page.html.includes('<script'), `${page.bytes} bytes`);
    const form = { hak: 'correction', uraian: 'Nama ibu keliru satu huruf.', perintah: commandIn(page.html) };
    const first = await visitor.post(`/lacak/${receipt.number}/data`, form);
    const second = await visitor.post(`/lacak/${receipt.number}/data`, form);
    assert.match(first.path, /\/lacak\/\d{6}-.*\/terima$/);
    assert.equal(first.path, second.path);
    const number = first.path.split('/')[2] ?? '';
    const { stored } = await loadByNumber(t.ctx(), number);
    assert.equal(stored.application.dueAt, '2026-11-30T08:00:00.000Z', 'Monday afternoon');
    assert.match(
      wordsOf((await visitor.get(`/lacak/${receipt.number}/data`)).html),
      /Memperbaiki data yang keliru.*Batas jawaban: 30 November 2026/,
    );
  });

  test('late ones escalate to the head of the agency', async () => {
    t.setClock('2026-11-23T09:00:00+07:00');
    const receipt = await birth(false);
    const asked = await askFor(t.ctx({ kind: 'resident', holds: [receipt.id] }), {
      asked: 'access',
      text: 'Semua data saya.',
      cases: [receipt.id],
    });
    const mine = async () =>
      (await listInbox(t.ctx(await t.officer('kepala.kominfo')), {})).items.some(
        (item) => item.number === asked.number,
      );
    t.pass(71 * 60);
    await passLimits(system());
    assert.equal(await mine(), false);
    t.pass(2 * 60);
    await passLimits(system());
    assert.equal(await mine(), true);
    t.setClock('2026-11-23T09:00:00+07:00');
  });

  test('is answered by the officer for personal data, and the person is told and reads the answer', async () => {
    const receipt = await birth();
    const visitor = holder(receipt);
    const page = await visitor.get(`/lacak/${receipt.number}/data`);
    const sent = await visitor.post(`/lacak/${receipt.number}/data`, {
      hak: 'access',
      uraian: 'Data apa saja tentang saya?',
      perintah: commandIn(page.html),
    });
    const number = sent.path.split('/')[2] ?? '';
    const ppdp = await t.officer('ppdp');
    assert.ok(
      (await listInbox(t.ctx(ppdp), { service: 'hak-data-pribadi' })).items.some((item) => item.number === number),
    );
    await assert.rejects(
      actOnApplication(t.ctx(await t.officer('verifikator')), number, { action: 'jawab' }),
      refused('forbidden'),
    );
    await actOnApplication(t.ctx(ppdp), number, { action: 'jawab', note: 'Salinannya ada di halaman data Anda.' });
    await settle(system());
    await settle(system());
    assert.match(wordsOf((await visitor.get(`/lacak/${number}`)).html), /Salinannya ada di halaman data Anda/);
    const messages = await t.world.pool.query(
      `SELECT 1 FROM messages.messages m JOIN applications.applications a ON a.id = m.about WHERE a.number = $1 AND m.template = 'data-dijawab'`,
      [number],
    );
    assert.equal(messages.rowCount, 1, 'told once');
    const events = await t.world.pool.query(
      `SELECT type FROM platform.events WHERE data ->> 'request' = $1 ORDER BY position`,
      [(await loadByNumber(t.ctx(), number)).stored.application.id],
    );
    assert.deepEqual(
      events.rows.map((row) => row.type),
      ['privacy.asked', 'privacy.answered'],
    );
  });

  test('may be refused with a reason from the law, and then contested before the head', async () => {
    const receipt = await birth();
    const holds = [receipt.id];
    const asked = await askFor(t.ctx({ kind: 'resident', holds }), {
      asked: 'erasure',
      text: 'Musnahkan semuanya.',
      cases: holds,
    });
    const act = async (login: string, deed: object) =>
      actOnApplication(t.ctx(await t.officer(login)), asked.number, deed as never);
    await act('ppdp', { action: 'tolak', reason: 'wajib-arsip', note: 'Akta disimpan menurut jadwal retensi.' });
    await settle(system());
    await actOnApplication(t.ctx({ kind: 'resident', holds: [...holds, asked.id] }), asked.number, {
      action: 'ajukan-keberatan',
      note: 'Saya tidak setuju dengan alasan itu.',
    });
    await act('kepala.kominfo', { action: 'terima-keberatan' });
    await act('ppdp', { action: 'jawab' });
    await settle(system());
    assert.equal((await loadByNumber(t.ctx(), receipt.number)).stored.key, null);
  });
});

describe('a copy of one’s data', () => {
  test('is made at once as JSON and PDF, without those of others in the case', async () => {
    const receipt = await birth();
    const visitor = holder(receipt);
    const json = JSON.parse((await visitor.get(`/lacak/${receipt.number}/data/salinan.json`)).html);
    assert.equal(json.format, 'pendopo-data-pribadi/1');
    const [one] = json.applications;
    const values = one.answers.map((answer: { value: unknown }) => answer.value);
    assert.ok(values.includes(example.answers.namaPemohon) && values.includes(example.answers.nikPemohon));
    const text = JSON.stringify(json);
    for (const other of ['nikIbu', 'namaIbu']) assert.ok(!text.includes(example.answers[other]), other);
    for (const witness of example.answers.saksi)
      assert.ok(!text.includes(witness.nikSaksi) && !text.includes(witness.namaSaksi));
    assert.ok(one.withheld.length > 0);
    assert.ok(!text.includes('rahasia antar petugas'), 'officers’ notes to each other are theirs');
    assert.equal(one.documents.length, 1);
    const pdf = await visitor.send(`/lacak/${receipt.number}/data/salinan.pdf`, { method: 'GET' });
    assert.equal(pdf.headers.get('content-type'), 'application/pdf');
    assert.match(pdf.html.slice(0, 8), /^%PDF-1\.7/);
  });
});

describe('erasure', () => {
  test('destroys answers, name, notes, files, papers, drafts and messages; the log stays whole, and every screen says so without an error', async () => {
    const receipt = await birth();
    const { id, number } = receipt;
    const [paper] = await documentsOf(t.world, id);
    assert.ok(paper?.file && (await openFile(t.world, paper.file)) && (await openFile(t.world, receipt.file)));
    const visitor = holder(receipt);
    const asked = await askFor(t.ctx({ kind: 'resident', holds: [id] }), {
      asked: 'erasure',
      text: 'Musnahkan semuanya.',
      cases: [id],
    });
    await actOnApplication(t.ctx(await t.officer('ppdp')), asked.number, { action: 'jawab', note: 'Dikabulkan.' });
    await settle(system());
    await t.work();

    const row = (
      await t.world.pool.query(
        'SELECT key, nik_hash, octet_length(answers) AS answers, octet_length(label) AS label FROM applications.applications WHERE id = $1',
        [id],
      )
    ).rows[0];
    assert.deepEqual(row, { key: null, nik_hash: null, answers: 0, label: 0 });
    const count = async (sql: string) => (await t.world.pool.query(sql, [id])).rows[0].n;
    assert.equal(await count('SELECT count(*)::int AS n FROM applications.notes WHERE application = $1'), 0);
    assert.equal(
      await count('SELECT count(*)::int AS n FROM messages.messages WHERE about = $1 AND key IS NOT NULL'),
      0,
    );
    assert.equal(await count('SELECT count(*)::int AS n FROM online.drafts WHERE application = $1'), 0);
    for (const file of [receipt.file, paper.file]) {
      assert.equal(await openFile(t.world, file), undefined);
      assert.equal(await t.world.files.get(file), undefined, 'the bytes are gone from the store');
    }
    const events = await eventsOf(t.world, id);
    assert.ok(events.length >= 4);
    assert.equal(verifyChain(events), undefined);
    const erased = await t.world.pool.query(
      `SELECT subject, data FROM platform.events WHERE type = 'case.erased' AND data ->> 'application' = $1`,
      [id],
    );
    assert.equal(erased.rowCount, 1);
    assert.equal(erased.rows[0].data.cause, 'request');
    assert.equal(verifyChain(await eventsOf(t.world, erased.rows[0].subject)), undefined);

    const resident = await visitor.get(`/lacak/${number}`);
    assert.equal(resident.status, 200);
    assert.match(wordsOf(resident.html), /dimusnahkan/);
    for (const path of ['/data', '/data/salinan.json', '/data/salinan.pdf'])
      assert.equal((await visitor.get(`/lacak/${number}${path}`)).status, 200, path);
    assert.equal((await visitor.get(`/verifikasi/${paper.code}`)).status, 200);
    assert.equal((await t.app.request(`/api/v1/documents/${paper.code}`)).status, 200);
    assert.equal(
      (await t.app.request(`/api/v1/applications/${number}`, { headers: { 'track-code': receipt.track } })).status,
      200,
    );
    const verifier = t.ctx(await t.officer('verifikator'));
    const archived = (await listArchive(verifier, { limit: 100 })).items.find((item) => item.number === number);
    assert.equal(archived?.name, '(dimusnahkan)');
    assert.ok(JSON.stringify(await searchCases(verifier, number)).includes(number));
    const again = await t.world.pool.query('SELECT carried_out FROM privacy.requests WHERE application = $1', [
      asked.id,
    ]);
    assert.ok(again.rows[0].carried_out);
  });

  test('waits for a case that still runs, and is done when it has ended', async () => {
    const receipt = await birth(false);
    const asked = await askFor(t.ctx({ kind: 'resident', holds: [receipt.id] }), {
      asked: 'erasure',
      text: 'Musnahkan bila sudah selesai.',
      cases: [receipt.id],
    });
    await actOnApplication(t.ctx(await t.officer('ppdp')), asked.number, { action: 'jawab' });
    await settle(system());
    const readable = async () => (await loadByNumber(t.ctx(), receipt.number)).stored.key !== null;
    assert.equal(await readable(), true);
    await actOnApplication(t.ctx({ kind: 'resident', holds: [receipt.id] }), receipt.number, { action: 'batalkan' });
    await settle(system());
    assert.equal(await readable(), false);
  });
});

describe('consent', () => {
  test('is asked for three uses only, given and taken back by the signed-in resident, and a withdrawal works at once', async () => {
    const account = await openAccount(t.ctx());
    const ctx = t.ctx({ kind: 'resident', holds: [], account });
    assert.equal(await mayUse(ctx, account, 'research'), false);
    await decideConsent(t.ctx({ kind: 'resident', holds: [], account }), 'research', true);
    assert.equal(await mayUse(ctx, account, 'research'), true);
    await decideConsent(t.ctx({ kind: 'resident', holds: [], account }), 'research', true);
    t.pass(1);
    await decideConsent(t.ctx({ kind: 'resident', holds: [], account }), 'research', false);
    assert.equal(await mayUse(ctx, account, 'research'), false);
    assert.deepEqual(
      (await consentsOf(ctx, account)).receipts.map((one) => one.given),
      [false, true],
    );
    await assert.rejects(decideConsent(ctx, 'sell', true), refused('invalid'));
    await assert.rejects(decideConsent(t.ctx(), 'research', true), refused('sign-in'));
  });
});

describe('pages', () => {
  test('the public page says what is kept, why and how long, within 14 kB and without script', async () => {
    const page = await new Visitor(t.app).get('/privasi');
    assert.equal(page.status, 200);
    assert.ok(page.bytes < 14_336 && !page.html.includes('<script'), `${page.bytes} bytes`);
    assert.match(wordsOf(page.html), /tugas pelayanan publik.*3 × 24 jam/);
  });

  test('of the officer for personal data are closed to residents and to other officers', async () => {
    const paths = ['', '/masa-simpan', '/ropa', '/ropa.csv', '/ropa.json', '/insiden', '/insiden/baru'].map(
      (path) => `/kerja/data-pribadi${path}`,
    );
    const resident = new Visitor(t.app);
    const verifier = await officer('verifikator');
    const ppdp = await officer('ppdp');
    for (const path of paths) {
      assert.match((await resident.send(path, { method: 'GET' }, false)).path, /^\/masuk/, path);
      if (!path.endsWith('baru')) assert.equal((await verifier.get(path)).status, 403, path);
      assert.equal((await ppdp.get(path)).status, 200, path);
    }
  });

  test('let the officer hold a case and let it go, and say what lacks', async () => {
    const receipt = await birth(false);
    const ppdp = await officer('ppdp');
    const path = '/kerja/data-pribadi/masa-simpan';
    const unknown = await ppdp.post(`${path}/tahan`, { nomor: 'salah', alasan: 'court' });
    assert.equal(unknown.status, 422);
    assert.match(unknown.html, /value="salah"/);
    assert.equal((await ppdp.post(`${path}/tahan`, { nomor: receipt.number, alasan: '' })).status, 422);
    const held = await ppdp.post(`${path}/tahan`, { nomor: receipt.number, alasan: 'court' });
    assert.match(wordsOf(held.html), new RegExp(`${receipt.number} Perkara di pengadilan`));
    assert.equal((await ppdp.post(`${path}/tahan`, { nomor: receipt.number, alasan: 'court' })).status, 409);
    const free = await ppdp.post(`${path}/lepas`, { nomor: receipt.number, alasan: 'settled' });
    assert.doesNotMatch(wordsOf(free.html), new RegExp(`${receipt.number} Perkara`));
    assert.equal(
      (await new Visitor(t.app).post(`${path}/tahan`, { nomor: receipt.number })).path.startsWith('/masuk'),
      true,
    );
  });
});
