// The agency's admin through HTTP: inviting, changing, helping, closing; and all that an admin may not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { eventsOf } from '#platform/event-log.ts';
import { newId } from '#platform/ids.ts';
import { resetLimits } from '#platform/rate-limit.ts';
import { submitApplication } from '#src/applications/actions.ts';
import { DEMO_PASSWORD } from '#src/demo.ts';
import { may } from '#src/rights.ts';
import { type Answer, Visitor, wordsOf } from '#test/visitor.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { createOfficer, createToken } from '../actions.ts';
import { listPeople } from './actions.ts';

const PASSWORD = 'jagung rebus di teras';
const PEOPLE = '/kerja/pengelola/orang';
const example = JSON.parse(
  readFileSync(path(import.meta.dirname, '../../../services/akta-kelahiran/example.json'), 'utf8'),
);

let t: TestWorld;
let admin: Visitor;
before(async () => {
  t = await openTestWorld();
  admin = await signedIn('pengelola', DEMO_PASSWORD);
});
after(() => t.close());
beforeEach(() => resetLimits());

async function signedIn(login: string, password = PASSWORD): Promise<Visitor> {
  const at = new Visitor(t.app);
  await at.post('/masuk', { login, password });
  return at;
}
let made = 0;
async function officer(over: { agency?: string; area?: string; roles?: string[]; name?: string } = {}) {
  const [id, login] = [newId(), `orang${++made}`];
  const given = { agency: 'dindukcapil', roles: ['verifier'], area: '', name: 'Orang Contoh', ...over };
  assert.ok(await createOfficer(t.ctx(), { id, login, password: PASSWORD, ...given }));
  return { id, login };
}
const inside = async (at: Visitor): Promise<boolean> =>
  (await at.get('/akun')).html.includes('Yang boleh Anda lakukan');
const typesOf = async (id: string) => (await eventsOf(t.ctx(), id)).map(({ type }) => type);
const linkIn = (answer: Answer): string => /\/undangan\/[\w-]{43}/.exec(answer.html)?.[0] ?? '';
const form = (over: Record<string, string | string[]> = {}) => ({
  perintah: newId(),
  nama: 'Nuri Contoh',
  kontak: '',
  peran: ['verifier'],
  wilayah: '',
  ...over,
});
const invite = (over: Record<string, string | string[]> = {}) => admin.post(`${PEOPLE}/undang`, form(over));
const join = (link: string, login: string, baru = PASSWORD, at = new Visitor(t.app)) =>
  at.post(link, { login, baru, ulang: baru });

describe('an invitation', () => {
  test('is closed to strangers and to officers who are no admin', async () => {
    const verifier = await signedIn('verifikator', DEMO_PASSWORD);
    for (const page of [PEOPLE, `${PEOPLE}/undang`, `${PEOPLE}/${newId()}`, `${PEOPLE}/undangan/${newId()}`])
      assert.ok((await new Visitor(t.app).get(page)).path.startsWith('/masuk?ke='), page);
    for (const answer of [
      await verifier.get(PEOPLE),
      await verifier.get(`${PEOPLE}/undang`),
      await verifier.post(`${PEOPLE}/undang`, form()),
    ]) {
      assert.equal(answer.status, 403);
      assert.match(wordsOf(answer.html), /hanya pengelola akun instansi/);
    }
  });

  test('with a slip comes back with what was typed', async () => {
    const answer = await invite({ nama: 'Nu', kontak: 'bukan kontak', peran: ['raja'], wilayah: '99' });
    assert.equal(answer.status, 422);
    const words = wordsOf(answer.html);
    for (const why of [/nama lengkap/, /bukan alamat email/, /Ada peran yang tidak dikenal/, /Pilih wilayah/])
      assert.match(words, why);
    assert.match(answer.html, /value="bukan kontak"/);
    assert.equal((await invite({ peran: [] })).status, 422);
  });

  test('makes an officer by a link that is good once, and its events name nobody', async () => {
    const command = newId();
    const answer = await invite({ perintah: command, kontak: 'nuri@contoh.id' });
    const link = linkIn(answer);
    assert.ok(link, wordsOf(answer.html));
    assert.match(wordsOf((await admin.get(PEOPLE)).html), /Nuri Contoh Verifikator/);
    const sent = await t.world.pool.query(`SELECT template FROM messages.messages WHERE template = 'undangan-petugas'`);
    assert.equal(sent.rowCount, 1);

    const again = await invite({ perintah: command, kontak: 'nuri@contoh.id' });
    assert.equal(linkIn(again), '', 'the same form again shows no link and makes no second invitation');
    assert.match(wordsOf(again.html), /sudah dibuat sebelumnya/);

    assert.match((await new Visitor(t.app).get(link)).html, /value="nuri.contoh"/);
    assert.equal((await join(link, 'Nuri Contoh!')).status, 422);
    assert.equal((await join(link, 'verifikator')).status, 422, 'a login that is taken');
    assert.equal((await join(link, 'nuri.contoh', 'pendek')).status, 422);
    const at = new Visitor(t.app);
    assert.match((await join(link, 'nuri.contoh', PASSWORD, at)).path, /^\/akun\/keamanan/);
    assert.ok(await inside(at));
    const late = await join(link, 'nuri.lagi');
    assert.equal(late.status, 410);
    assert.match(wordsOf(late.html), /sudah dipakai, ditarik, atau lewat waktunya/);
    assert.deepEqual(await typesOf(command), ['officer.invited', 'officer.joined']);
    const log = JSON.stringify(await eventsOf(t.ctx(), command));
    for (const personal of ['Nuri', 'nuri', 'contoh.id']) assert.ok(!log.includes(personal), personal);
    const { rows } = await t.world.pool.query('SELECT contact, key FROM identity.invitations WHERE id = $1', [command]);
    assert.deepEqual(rows, [{ contact: null, key: null }], 'where it went is forgotten');
  });

  test('is worth nothing after 72 hours, after a newer link, and after it was withdrawn', async () => {
    const old = linkIn(await invite());
    t.pass(72 * 60 + 1);
    assert.equal((await new Visitor(t.app).get(old)).status, 410);
    t.setClock('2026-11-23T09:00:00+07:00');

    const command = newId();
    const first = linkIn(await invite({ perintah: command }));
    const second = linkIn(await admin.post(`${PEOPLE}/undangan/${command}/ulang`));
    assert.equal((await new Visitor(t.app).get(first)).status, 410);
    assert.equal((await new Visitor(t.app).get(second)).status, 200);
    assert.match((await admin.post(`${PEOPLE}/undangan/${command}/tarik`)).html, /sudah ditarik/);
    await admin.post(`${PEOPLE}/undangan/${command}/tarik`);
    assert.equal((await new Visitor(t.app).get(second)).status, 410);
    assert.equal((await admin.post(`${PEOPLE}/undangan/${command}/ulang`)).status, 410);
    assert.deepEqual(await typesOf(command), ['officer.invited', 'officer.reinvited', 'officer.uninvited']);
    for (const wrong of ['x', '%00', 'A'.repeat(43)])
      assert.ok([400, 404, 410].includes((await new Visitor(t.app).get(`/undangan/${wrong}`)).status), wrong);
  });

  test('cannot be for another agency or beyond the own area, and two people cannot use it at once', async () => {
    assert.equal((await invite({ instansi: 'dpmptsp' })).status, 403);
    const { login } = await officer({ agency: 'desa', area: '33.16.01.2001', roles: ['admin'] });
    await t.world.db.updateTable('identity.officers').set({ demo: true }).where('login', '=', login).execute();
    const village = await signedIn(login);
    assert.equal((await village.post(`${PEOPLE}/undang`, form({ wilayah: '33.16.01.2002' }))).status, 403);
    assert.equal((await village.post(`${PEOPLE}/undang`, form({ wilayah: '' }))).status, 403);
    const link = linkIn(await village.post(`${PEOPLE}/undang`, form({ wilayah: '33.16.01.2001' })));
    const both = await Promise.all([join(link, 'kembar.satu'), join(link, 'kembar.dua')]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 410]);
  });
});

describe('an account', () => {
  test('of nobody, of another agency, and one’s own are not changed', async () => {
    const foreign = await officer({ agency: 'dpmptsp' });
    const { rows } = await t.world.pool.query(`SELECT id FROM identity.officers WHERE login = 'pengelola'`);
    const office = { peran: ['head', 'admin'], wilayah: '' };
    for (const deed of ['peran', 'nonaktif', 'aktif', 'keluarkan', 'hapus-pengaman', 'angkat-jeda', 'kata-sandi']) {
      assert.equal((await admin.post(`${PEOPLE}/${newId()}/${deed}`, office)).status, 404, deed);
      assert.equal((await admin.post(`${PEOPLE}/${foreign.id}/${deed}`, office)).status, 403, deed);
      assert.equal((await admin.post(`${PEOPLE}/${rows[0].id}/${deed}`, office)).status, 403, `${deed} of oneself`);
    }
    assert.equal((await admin.get(`${PEOPLE}/${foreign.id}`)).status, 403);
    assert.match(wordsOf((await admin.get(`${PEOPLE}/${rows[0].id}`)).html), /diurus oleh pengelola lain/);
    assert.deepEqual(await typesOf(foreign.id), []);
  });

  test('of any agency is kept by the admin of the agency that runs the system', async () => {
    const regency = await signedIn('pengelola.kabupaten', DEMO_PASSWORD);
    const foreign = await officer({ agency: 'dpmptsp' });
    assert.equal((await regency.get(`${PEOPLE}/${foreign.id}`)).status, 200);
    assert.ok(linkIn(await regency.post(`${PEOPLE}/undang`, form({ instansi: 'dpmptsp' }))));
  });

  test('gets other roles, which count at once; the same again is no event', async () => {
    const { id, login } = await officer();
    const at = await signedIn(login);
    assert.doesNotMatch((await at.get('/akun')).html, /Atasan/);
    assert.equal((await admin.post(`${PEOPLE}/${id}/peran`, { peran: [], wilayah: '' })).status, 422);
    const office = { peran: ['supervisor', 'verifier'], wilayah: '33.16.01' };
    await admin.post(`${PEOPLE}/${id}/peran`, office);
    assert.match(wordsOf((await at.get('/akun')).html), /Atasan.*Kecamatan Jati/);
    await admin.post(`${PEOPLE}/${id}/peran`, office);
    assert.deepEqual(await typesOf(id), ['officer.changed']);
    const [event] = await eventsOf(t.ctx(), id);
    assert.deepEqual(event?.data.before, { roles: ['verifier'], area: '' });
  });

  test('that is disabled ends browsers and tokens at once, and can be opened again', async () => {
    const { id, login } = await officer();
    const at = await signedIn(login);
    const token = await createToken(t.ctx(), id);
    const api = async () =>
      (await t.app.request('/api/v1/tasks', { headers: { authorization: `Bearer ${token}` } })).status;
    assert.equal(await api(), 200);
    await admin.post(`${PEOPLE}/${id}/nonaktif`);
    assert.deepEqual([await inside(at), await api()], [false, 401]);
    assert.equal((await new Visitor(t.app).post('/masuk', { login, password: PASSWORD })).status, 422);
    await admin.post(`${PEOPLE}/${id}/nonaktif`);
    assert.match((await admin.post(`${PEOPLE}/${id}/aktif`)).html, /Akun aktif lagi/);
    assert.ok(await inside(await signedIn(login)));
    assert.deepEqual(await typesOf(id), ['officer.disabled', 'officer.enabled']);
  });

  test('shows which cases its officer has in hand before it is closed', async () => {
    const { id } = await officer();
    const receipt = await submitApplication(t.ctx(), {
      service: 'akta-kelahiran',
      answers: example.answers,
      documents: [],
      owners: [],
      channel: 'online',
    });
    assert.doesNotMatch(wordsOf((await admin.get(`${PEOPLE}/${id}`)).html), /berkas diambil/);
    await t.world.pool.query('UPDATE applications.tasks SET taken_by = $1 WHERE application = $2', [id, receipt.id]);
    const page = await admin.get(`${PEOPLE}/${id}`);
    assert.match(wordsOf(page.html), /1 berkas diambil Orang Contoh/);
    assert.ok(page.html.includes(`href="/kerja/${receipt.number}"`));
  });

  test('whose password is forgotten gets a link; the second factor is still asked for', async () => {
    const { id, login } = await officer();
    const link = linkIn(await admin.post(`${PEOPLE}/${id}/kata-sandi`, { perintah: newId() }));
    const newer = linkIn(await admin.post(`${PEOPLE}/${id}/kata-sandi`, { perintah: newId() }));
    assert.equal((await new Visitor(t.app).get(link)).status, 410, 'only the newest link is good');
    const at = await signedIn(login);
    const next = 'kopi pahit tanpa gula';
    assert.match((await new Visitor(t.app).post(newer, { baru: next, ulang: next })).path, /^\/masuk/);
    assert.equal(await inside(at), false, 'sessions under the old password are over');
    assert.ok(await inside(await signedIn(login, next)));
    assert.deepEqual(await typesOf(id), [
      'officer.password-offered',
      'officer.password-offered',
      'officer.password-changed',
    ]);
  });

  test('that pauses after wrong tries is let in again by the admin', async () => {
    const { id, login } = await officer();
    for (let i = 0; i < 10; i++) await signedIn(login, 'salah-sekali');
    resetLimits();
    assert.equal(await inside(await signedIn(login)), false);
    assert.match(wordsOf((await admin.get(`${PEOPLE}/${id}`)).html), /Akun sedang jeda/);
    await admin.post(`${PEOPLE}/${id}/angkat-jeda`);
    await admin.post(`${PEOPLE}/${id}/angkat-jeda`);
    assert.ok(await inside(await signedIn(login)));
    assert.deepEqual(await typesOf(id), ['officer.locked', 'officer.unlocked']);
  });

  test('that lost everything is reset: factors, recovery codes and sessions go', async () => {
    const { id, login } = await officer();
    const at = await signedIn(login);
    await at.post('/akun/keamanan/aplikasi');
    await t.world.pool.query('UPDATE identity.factors SET confirmed = now() WHERE officer = $1', [id]);
    await admin.post(`${PEOPLE}/${id}/hapus-pengaman`);
    assert.equal(await inside(at), false);
    assert.match((await new Visitor(t.app).post('/masuk', { login, password: PASSWORD })).path, /^\/akun\/keamanan/);
    assert.deepEqual(await typesOf(id), ['officer.factor-removed', 'officer.signed-out']);
    const again = await signedIn(login);
    await admin.post(`${PEOPLE}/${id}/keluarkan`);
    assert.equal(await inside(again), false);
  });
});

describe('the list', () => {
  test('goes page by page by name, finds parts of names and logins, and takes signs as letters', async () => {
    for (let i = 0; i < 65; i++)
      await officer({ agency: 'bpbd', name: `Anggota ${String(i).padStart(2, '0')} Contoh` });
    const head = { kind: 'officer', id: newId(), name: '', agency: 'bpbd', roles: ['admin'], area: '' } as const;
    const seen: string[] = [];
    for (let after: string | undefined, page = 0; page < 5; page++) {
      const list = await listPeople(t.ctx({ ...head, roles: ['admin'] }), { after });
      seen.push(...list.people.map(({ name }) => name));
      if (!list.next) break;
      after = list.next;
    }
    assert.equal(seen.length, new Set(seen).size);
    assert.equal(seen.length, 66); // with the demo's own officer
    assert.deepEqual(seen, [...seen].sort());
    const find = async (query: string) =>
      (await listPeople(t.ctx({ ...head, roles: ['admin'] }), { query })).people.length;
    assert.deepEqual(
      [await find('anggota 07'), await find('%'), await find('_'), await find('tidak ada')],
      [1, 0, 0, 0],
    );
    assert.match((await admin.get(`${PEOPLE}?cari=tidak+ada`)).html, /Tidak ada yang cocok/);
  });

  test('holds exactly those whom the right allows, for every admin', async () => {
    const everyone = await t.world.db.selectFrom('identity.officers').select(['id', 'agency', 'area']).execute();
    for (const [agency, area] of [
      ['dindukcapil', ''],
      ['desa', '33.16.01.2001'],
      ['kecamatan', '33.16.01'],
      ['dinkominfo', ''],
      ['dinkominfo', '33.16.01'],
    ] as const) {
      const actor = { kind: 'officer' as const, id: newId(), name: '', agency, roles: ['admin'], area };
      const listed = new Set<string>();
      for (let after: string | undefined; ; ) {
        const page = await listPeople(t.ctx(actor), { after });
        for (const { id } of page.people) listed.add(id);
        if (!page.next) break;
        after = page.next;
      }
      const allowed = everyone.filter((person) => may(actor, 'people.manage', { person }).allowed).map(({ id }) => id);
      assert.deepEqual([...listed].sort(), allowed.sort(), `${agency} ${area}`);
    }
  });
});
