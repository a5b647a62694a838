// The officers' pages of this module: who may open them, what they refuse, and what they leave behind.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventsOf } from '#platform/event-log.ts';
import { newId } from '#platform/ids.ts';
import { enter } from '#src/identity/actions.ts';
import { Visitor, wordsOf } from '#test/visitor.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { letterheadOf } from '../letterhead/actions.ts';

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());

async function as(login?: string): Promise<Visitor> {
  const visitor = new Visitor(t.app);
  if (!login) return visitor;
  const actor = await t.officer(login);
  if (actor.kind !== 'officer') throw new Error(login);
  visitor.cookies.set('sesi|/', { value: await enter(t.ctx(), actor.id, 'Uji'), path: '/' });
  return visitor;
}
const KOP = '/kerja/pengelola/kop';
const SIGN = '/kerja/tanda-tangan';
const LETTERHEAD = {
  regency: 'Pemerintah Kabupaten Contoh',
  name: 'Dinas Contoh',
  address: 'Jl. Contoh 1',
  phone: '',
  mark: 'daun',
};

describe('the letterhead', () => {
  test('leads to sign in, and is for the head or the admin of the own agency', async () => {
    assert.match((await (await as()).get(KOP)).path, /^\/masuk/);
    for (const login of ['verifikator', 'pengesah', 'kades.bangkleyan']) {
      assert.equal((await (await as(login)).get(KOP)).status, 403, login);
      assert.equal((await (await as(login)).post(KOP, { ...LETTERHEAD, versi: '0' })).status, 403, login);
    }
    assert.equal(await letterheadOf(t.world, 'dindukcapil'), undefined);
  });

  test('keeps what was typed when something is wrong, and says it at the field', async () => {
    const head = await as('kepala');
    const wrong = await head.post(KOP, {
      ...LETTERHEAD,
      name: '',
      address: 'x'.repeat(201),
      mark: 'garuda',
      versi: '0',
    });
    assert.equal(wrong.status, 422);
    for (const said of [
      /Nama instansi wajib diisi/,
      /Alamat paling panjang 200/,
      /Pilih gambar kecil/,
      /Pemerintah Kabupaten Contoh/,
    ])
      assert.match(wordsOf(wrong.html) + wrong.html, said);
    assert.match(
      (await head.post(KOP, { ...LETTERHEAD, name: 'Desa {namaPemohon}', versi: '0' })).html,
      /tidak dikenal/,
    );
    assert.equal(await letterheadOf(t.world, 'dindukcapil'), undefined);
  });

  test('is saved as a version with its event; the same again changes nothing; a second hand is told', async () => {
    const head = await as('kepala');
    const saved = await head.post(KOP, { ...LETTERHEAD, name: '<b>Dinas</b> Contoh', versi: '0' });
    assert.match(wordsOf(saved.html), /Kop versi 1 tersimpan/);
    assert.ok(!saved.html.includes('<b>Dinas</b>'));
    await head.post(KOP, { ...LETTERHEAD, name: '<b>Dinas</b> Contoh', versi: '0' });
    const first = await letterheadOf(t.world, 'dindukcapil');
    assert.equal(first?.version, 1);
    const events = await eventsOf(t.world, first?.id ?? '');
    assert.deepEqual(
      events.map(({ type, data }) => [type, data]),
      [['letterhead.changed', { agency: 'dindukcapil', version: 1 }]],
    );
    assert.equal((await head.post(KOP, { ...LETTERHEAD, versi: '0' })).status, 409, 'she had not seen version 1');
    await head.post(KOP, { ...LETTERHEAD, versi: '1' });
    assert.equal((await letterheadOf(t.world, 'dindukcapil'))?.version, 2);
    assert.match(
      (await head.get(`${KOP}?versi=1`)).html,
      /&lt;b&gt;Dinas&lt;\/b&gt; Contoh/,
      'an earlier one can be taken again',
    );
  });

  test('is never changed by the program once it is made', async () => {
    await assert.rejects(t.world.pool.query(`UPDATE documents.letterheads SET name = 'x'`), /permission denied/);
    await assert.rejects(t.world.pool.query('DELETE FROM documents.letterheads'), /permission denied/);
  });

  test('can be looked at as a sheet', async () => {
    const sheet = await (await as('kepala')).send(`${KOP}/contoh.pdf`, { method: 'GET' });
    assert.equal(sheet.headers.get('content-type'), 'application/pdf');
    assert.match(sheet.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  });
});

describe('the page for signing', () => {
  test('leads to sign in, is for those who approve, and is empty when nothing waits', async () => {
    assert.match((await (await as()).get(SIGN)).path, /^\/masuk/);
    assert.equal((await (await as('verifikator')).get(SIGN)).status, 403);
    assert.match(wordsOf((await (await as('kades.bangkleyan')).get(SIGN)).html), /Tidak ada dokumen yang menunggu/);
  });

  test('goes unknown, malformed and empty without sending anything', async () => {
    const head = await as('kepala');
    assert.equal((await head.post(SIGN, { dokumen: newId(), nik: '1', passphrase: 'x' })).status, 404);
    assert.equal((await head.post(SIGN, { dokumen: 'bukan-id' })).status, 422);
    assert.equal((await head.post(SIGN, {})).status, 422);
    assert.equal((await head.post(`${SIGN}/${newId()}/pastikan`, { cara: 'belum' })).status, 404);
    assert.equal((await head.post(`${SIGN}/x/pastikan`, { cara: 'belum' })).status, 404);
    assert.equal((await head.post(`${SIGN}/${newId()}/pastikan`, { cara: 'lain' })).status, 400);
    assert.equal((await head.post(`${SIGN}/${newId()}/pastikan`, { cara: 'salinan' })).status, 422);
    assert.equal((await head.get(`${SIGN}/${newId()}/pdf`)).status, 404);
  });
});
