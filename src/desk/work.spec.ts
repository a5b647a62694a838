// The full desk through HTTP: sharing work, deputies, many at once, names, doubles, sentences, load.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Actor, context } from '#platform/context.ts';
import { eventsOf } from '#platform/event-log.ts';
import { newId } from '#platform/ids.ts';
import { resetLimits } from '#platform/rate-limit.ts';
import { loadByNumber, submitApplication } from '#src/applications/actions.ts';
import { keepUp } from '#src/applications/names/actions.ts';
import { openTasksOf } from '#src/applications/store.ts';
import { DEMO_PASSWORD } from '#src/demo.ts';
import { signIn } from '#src/identity/actions.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';

const example = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../services/akta-kelahiran/example.json'), 'utf8'),
);
const ORIGIN = 'http://localhost';

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
beforeEach(() => resetLimits());
after(() => t.close());

const cookies = new Map<string, string>();
async function ask(login: string, path: string, form?: Record<string, string | string[]>) {
  // a session lives a working day: another day of the clock is another sign-in
  const key = `${login} ${t.world.clock().toISOString()}`;
  if (!cookies.has(key)) {
    const signed = await signIn(t.ctx(), login, DEMO_PASSWORD);
    assert.ok(signed && 'token' in signed, login);
    cookies.set(key, `sesi=${signed.token}`);
  }
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form ?? {})) for (const one of [value].flat()) body.append(name, one);
  const response = await t.app.request(`${ORIGIN}${path}`, {
    headers: {
      cookie: cookies.get(key) ?? '',
      ...(form && { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { method: 'POST', body: body.toString() }),
  });
  return { status: response.status, text: await response.text(), location: response.headers.get('location') ?? '' };
}
const send = (login: string, path: string, form: Record<string, string | string[]> = {}) =>
  ask(login, path, { perintah: newId(), ...form });
const holds = (answer: { text: string }, words: string): boolean => answer.text.includes(words);
const idOf = async (login: string): Promise<string> => ((await t.officer(login)) as { id: string } & Actor).id;
async function submit(over: object = {}): Promise<{ id: string; number: string }> {
  const { id, number } = await submitApplication(context(t.world, { kind: 'resident', holds: [] }, 'online', newId()), {
    service: 'akta-kelahiran',
    answers: { ...example.answers, ...over },
    channel: 'online',
  });
  return { id, number };
}
const taskOf = async (id: string) => {
  const task = (await openTasksOf(t.world, id))[0];
  assert.ok(task);
  return task;
};
const typesOf = async (subject: string) => (await eventsOf(t.world, subject)).map((event) => event.type);

describe('who has a task', () => {
  test('a supervisor gives it to an officer of its desk: unknown, forbidden, malformed, done, done again', async () => {
    const { id, number } = await submit();
    const task = await taskOf(id);
    const path = `/kerja/${number}/bagi/${task.id}`;
    const form = { perintah: newId(), [`tugas-${task.id}.petugas`]: await idOf('verifikator2') };
    assert.equal((await send('atasan', `/kerja/261123-0000-000/bagi/${task.id}`, form)).status, 404);
    assert.equal((await send('perizinan', path, form)).status, 403);
    assert.equal((await send('verifikator', path, form)).status, 403, 'a colleague gives out nothing');
    const wrong = await send('atasan', path, { [`tugas-${task.id}.petugas`]: await idOf('pengesah') });
    assert.equal(wrong.status, 422);
    assert.ok(holds(wrong, 'Pilih petugas yang bekerja di meja ini'));
    for (let i = 0; i < 2; i++) assert.equal((await ask('atasan', path, form)).status, 303);
    assert.equal((await taskOf(id)).takenBy, await idOf('verifikator2'));
    assert.deepEqual(await typesOf(task.id), ['task.assigned'], 'one event, on the task itself');
    assert.deepEqual(await typesOf(id), ['application.submitted'], 'the chain of the case is not held up');
  });

  test('taking from a colleague is done knowingly and stands in the history; freeing gives it back', async () => {
    const { id, number } = await submit();
    await send('verifikator', `/kerja/${number}/ambil`);
    const blind = await send('verifikator2', `/kerja/${number}/ambil`);
    assert.equal(blind.status, 409);
    assert.ok(holds(blind, 'sudah diambil'));
    assert.ok(holds(await ask('verifikator2', `/kerja/${number}`), 'Ambil alih'));
    const over = await send('verifikator2', `/kerja/${number}/ambil`, { dari: await idOf('verifikator') });
    assert.equal(over.status, 303);
    assert.equal((await eventsOf(t.world, id)).at(-1)?.data.over, await idOf('verifikator'));
    const task = await taskOf(id);
    assert.equal((await send('verifikator', `/kerja/${number}/lepas/${task.id}`)).status, 403, 'not hers any more');
    assert.equal((await send('verifikator2', `/kerja/${number}/lepas/${task.id}`)).status, 303);
    assert.equal((await taskOf(id)).takenBy, null);
    assert.deepEqual(await typesOf(task.id), ['task.released']);
  });

  test('what was escalated goes back to its desk with a message, or is moved on, but not decided, by the supervisor', async () => {
    const { id, number } = await submit();
    const { passLimits } = await import('#src/applications/jobs.ts');
    t.setClock('2026-11-26T09:00:00+07:00');
    await passLimits(t.ctx({ kind: 'system' }));
    const page = await ask('atasan', `/kerja/${number}`);
    assert.ok(holds(page, 'Kembalikan eskalasi ke meja') && holds(page, 'Bagi tugas'));
    assert.ok(holds(page, 'Berkas lengkap dan benar'), 'she may move it on');
    const refusal = { tindakan: 'tolak', dari: 'verifikasi', 'tolak.alasan': 'lain', 'tolak.catatan': 'x' };
    assert.equal(
      (await send('atasan', `/kerja/${number}/tindakan`, refusal)).status,
      403,
      'she decides nothing in its place',
    );
    assert.equal((await send('verifikator', `/kerja/${number}/eskalasi`, { 'eskalasi.catatan': 'x' })).status, 403);
    assert.equal((await send('atasan', `/kerja/${number}/eskalasi`, { 'eskalasi.catatan': ' ' })).status, 422);
    const form = { perintah: newId(), 'eskalasi.catatan': 'Dahulukan hari ini.' };
    for (let i = 0; i < 2; i++) assert.equal((await ask('atasan', `/kerja/${number}/eskalasi`, form)).status, 303);
    assert.deepEqual((await openTasksOf(t.world, id)).map(({ kind }) => kind).includes('escalation'), false);
    assert.deepEqual((await typesOf(id)).slice(-2), ['application.escalated', 'application.noted']);
    assert.ok(holds(await ask('verifikator', `/kerja/${number}`), 'Dahulukan hari ini.'));
    t.setClock('2026-11-23T09:00:00+07:00');
  });
});

describe('a deputy', () => {
  const day = (name: string, d: number) => ({ [`${name}.d`]: String(d), [`${name}.m`]: '11', [`${name}.y`]: '2026' });

  test('sees the inbox and acts with the roles of who is away, for those days, and the event says for whom', async () => {
    const { id, number } = await submit();
    assert.equal(
      (await send('verifikator', `/kerja/${number}/tindakan`, { tindakan: 'setujui-berkas', dari: 'verifikasi' }))
        .status,
      303,
    );
    assert.ok(!holds(await ask('verifikator2', '/kerja'), number), 'the approval is not hers');
    const form = {
      petugas: await idOf('pengesah'),
      pengganti: await idOf('verifikator2'),
      ...day('dari', 23),
      ...day('sampai', 24),
    };
    assert.equal((await send('verifikator', '/kerja/pengganti', form)).status, 403, 'not for a colleague');
    assert.equal(
      (await send('atasan', '/kerja/pengganti', { ...form, pengganti: await idOf('perizinan') })).status,
      422,
    );
    assert.equal((await send('atasan', '/kerja/pengganti', { ...form, ...day('sampai', 20) })).status, 422);
    const command = newId();
    for (let i = 0; i < 2; i++)
      assert.equal((await ask('atasan', '/kerja/pengganti', { ...form, perintah: command })).status, 303);
    assert.equal((await send('atasan', '/kerja/pengganti', form)).status, 422, 'one deputy at a time');
    assert.ok(holds(await ask('verifikator2', '/kerja'), number));
    assert.ok(holds(await ask('verifikator2', '/kerja/pengganti'), 'Anda sedang menggantikan'));
    t.setClock('2026-11-25T00:00:01+07:00');
    assert.ok(!holds(await ask('verifikator2', '/kerja'), number), 'it ends by itself');
    const late = await send('verifikator2', `/kerja/${number}/tindakan`, { tindakan: 'sahkan', dari: 'pengesahan' });
    assert.equal(late.status, 403);
    t.setClock('2026-11-24T23:00:00+07:00');
    assert.equal(
      (await send('verifikator2', `/kerja/${number}/tindakan`, { tindakan: 'sahkan', dari: 'pengesahan' })).status,
      303,
    );
    const done = (await eventsOf(t.world, id)).at(-1);
    assert.equal(done?.type, 'application.completed');
    assert.equal(done?.actor, await idOf('verifikator2'));
    assert.equal(done?.data.behalf, await idOf('pengesah'));
    assert.ok(holds(await ask('atasan', `/kerja/${number}`), 'menggantikan Panji Contoh'));
    t.setClock('2026-11-23T09:00:00+07:00');
  });

  test('is taken back before the time, by who set it and not by others', async () => {
    const { number } = await submit();
    await send('verifikator', `/kerja/${number}/tindakan`, { tindakan: 'setujui-berkas', dari: 'verifikasi' });
    const id = (await ask('atasan', '/kerja/pengganti')).text.match(/pengganti\/([0-9a-f-]{36})\/akhiri/)?.[1];
    assert.ok(id);
    assert.equal((await send('atasan', `/kerja/pengganti/${newId()}/akhiri`)).status, 404);
    assert.equal((await send('verifikator', `/kerja/pengganti/${id}/akhiri`)).status, 403);
    assert.equal((await send('perizinan', `/kerja/pengganti/${id}/akhiri`)).status, 404);
    for (let i = 0; i < 2; i++) assert.equal((await send('atasan', `/kerja/pengganti/${id}/akhiri`)).status, 303);
    assert.ok(!holds(await ask('verifikator2', '/kerja'), number));
    assert.deepEqual(await typesOf(id), ['delegation.set', 'delegation.ended']);
  });
});

describe('many at once', () => {
  test('are chosen, looked over, confirmed and done once; what had moved on is told with its number', async () => {
    const cases = [await submit(), await submit(), await submit()];
    const [first, second] = cases;
    assert.ok(first && second);
    const pilih = cases.map(({ id }) => id);
    const choice = await send('verifikator', '/kerja/borongan', { pilih });
    assert.ok(holds(choice, '3 berkas') && holds(choice, 'Berkas lengkap dan benar'));
    assert.ok(!holds(choice, 'Minta perbaikan'), 'what names fields of one case is done case by case');
    assert.equal((await send('verifikator', '/kerja/borongan', { pilih: 'bukan-id' })).status, 400);
    const refusing = { pilih, tindakan: 'tolak' };
    assert.ok(holds(await send('verifikator', '/kerja/borongan/periksa', refusing), 'Pilih alasannya'));
    const other = await send('verifikator', '/kerja/borongan/periksa', { ...refusing, alasan: 'lain' });
    assert.equal(other.status, 422);
    const preview = await send('verifikator', '/kerja/borongan/periksa', {
      pilih,
      tindakan: 'setujui-berkas',
      catatan: 'Sudah dicek bersama.',
    });
    assert.ok(holds(preview, 'Ya, tindak 3 berkas'));
    const form = { pilih, tindakan: 'setujui-berkas', catatan: 'Sudah dicek bersama.', perintah: newId() };
    const started = await ask('verifikator', '/kerja/borongan/mulai', form);
    assert.equal(started.status, 303);
    assert.equal((await ask('verifikator', '/kerja/borongan/mulai', form)).location, started.location, 'pressed twice');
    assert.ok(holds(await ask('verifikator', started.location), 'http-equiv="refresh"'));
    // somebody is faster with one of them
    await send('verifikator2', `/kerja/${first.number}/tindakan`, { tindakan: 'setujui-berkas', dari: 'verifikasi' });
    await t.work();
    const page = await ask('verifikator', started.location);
    assert.ok(holds(page, 'Selesai') && holds(page, first.number) && holds(page, 'sudah ditindak orang lain'));
    assert.ok(!holds(page, 'http-equiv'));
    const { stored } = await loadByNumber(t.ctx(), second.number);
    assert.deepEqual([stored.application.state, stored.application.seq], ['pengesahan', 2]);
    assert.ok(holds(await ask('pengesah', `/kerja/${second.number}`), 'Sudah dicek bersama.'));
    const csv = await ask('verifikator', `${started.location}/hasil.csv`);
    assert.equal(csv.text.trim().split('\r\n').length, 4);
    assert.ok(!csv.text.includes(example.answers.namaPemohon));
    const id = started.location.split('/').at(-1) ?? '';
    assert.deepEqual(await typesOf(id), ['batch.started', 'batch.ended']);
    assert.equal((await ask('perizinan', started.location)).status, 404);
    assert.equal((await ask('verifikator2', started.location)).status, 403);
    const { rows } = await t.world.pool.query('SELECT note, key FROM applications.batches WHERE id = $1', [id]);
    assert.deepEqual(rows, [{ note: null, key: null }], 'the note is not kept twice');
  });

  test('all of a view go in one batch, and the rest of it can be stopped', async () => {
    const { number } = await submit();
    const started = await send('verifikator', '/kerja/borongan/mulai', {
      lingkup: 'semua',
      layanan: 'akta-kelahiran',
      tindakan: 'setujui-berkas',
    });
    assert.equal((await send('verifikator2', `${started.location}/hentikan`)).status, 403);
    for (let i = 0; i < 2; i++) assert.equal((await send('verifikator', `${started.location}/hentikan`)).status, 303);
    await t.work();
    assert.ok(holds(await ask('verifikator', started.location), 'Dihentikan'));
    assert.equal((await loadByNumber(t.ctx(), number)).stored.application.state, 'verifikasi');
    assert.ok(holds(await ask('verifikator', '/kerja/borongan'), 'Dihentikan'));
  });

  test('an officer whose account was closed meanwhile does nothing more', async () => {
    const { number } = await submit();
    const me = await idOf('verifikator2');
    const started = await send('verifikator2', '/kerja/borongan/mulai', {
      lingkup: 'semua',
      tindakan: 'setujui-berkas',
    });
    await t.world.pool.query('UPDATE identity.officers SET disabled = true WHERE id = $1', [me]);
    await t.work();
    await t.world.pool.query('UPDATE identity.officers SET disabled = false WHERE id = $1', [me]);
    assert.ok(holds(await ask('verifikator2', started.location), 'Dihentikan'));
    assert.equal((await loadByNumber(t.ctx(), number)).stored.application.state, 'verifikasi');
  });
});

describe('finding by name', () => {
  const find = (login: string, cari: string, more = {}) => send(login, '/kerja/cari', { cari, ...more });
  const follow = async () => {
    // what is under way at one reading is read at the next
    for (let i = 0; i < 2; i++) await keepUp(t.ctx({ kind: 'system' }));
  };

  test('goes by whole words and by beginnings, without accents, for the own agency only', async () => {
    const { number } = await submit({ namaPemohon: 'Siti Nur Khasanah Contoh' });
    await follow();
    for (const typed of ['siti', 'KHASANAH siti', 'kha', 'khasa', 'nur  contoh'])
      assert.ok(holds(await find('verifikator', typed), number), typed);
    for (const typed of ['sito', 'siti budiman', 'khasx'])
      assert.ok(!holds(await find('verifikator', typed), number), typed);
    assert.ok(!holds(await find('perizinan', 'siti'), number), 'not for another agency');
    assert.equal((await find('verifikator', 'khasanah')).location, '', 'a name stands in no address');
  });

  test('follows a mended name and forgets an erased one', async () => {
    const { id, number } = await submit({ namaPemohon: 'Wirasaba Contoh' });
    await follow();
    assert.ok(holds(await find('verifikator', 'wirasaba'), number));
    await t.world.pool.query(
      `UPDATE applications.applications SET key = NULL, label = '', answers = '' WHERE id = $1`,
      [id],
    );
    assert.ok(!holds(await find('verifikator', 'wirasaba'), number));
    const { rows } = await t.world.pool.query('SELECT FROM applications.names WHERE application = $1', [id]);
    assert.equal(rows.length, 0, 'its hashes are gone with the key');
  });

  test('goes on page by page, each case once', async () => {
    for (let i = 0; i < 27; i++) await submit({ namaPemohon: 'Tumenggung Contoh' });
    await follow();
    const first = await find('verifikator', 'tumenggung');
    const next = first.text.match(/name="sebelum" value="([^"]+)"/)?.[1];
    assert.ok(next);
    const second = await find('verifikator', 'tumenggung', { sebelum: next });
    const numbers = [first, second].flatMap(({ text }) =>
      [...text.matchAll(/href="\/kerja\/(\d{6}-[^"]+)"/g)].map(([, one]) => one),
    );
    assert.equal(numbers.length, 27);
    assert.equal(new Set(numbers).size, 27);
  });

  test('no word of a name stands in the table', async () => {
    const { rows } = await t.world.pool.query('SELECT row_to_json(n)::text AS row FROM applications.names n');
    assert.ok(rows.length > 20);
    assert.ok(rows.every(({ row }) => !/contoh|tumenggung/i.test(row)));
  });
});

describe('the same person again', () => {
  const twice = async () => {
    const nik = `33160101019${String(Math.floor(Math.random() * 90_000) + 10_000)}`;
    return [await submit({ nikPemohon: nik }), await submit({ nikPemohon: nik, namaAnak: 'Lain Contoh' })] as const;
  };

  test('is shown on both cases and in the inbox, compared under a purpose, and cleared by an officer', async () => {
    const [one, two] = await twice();
    const page = await ask('verifikator', `/kerja/${one.number}`);
    assert.ok(holds(page, 'Mungkin permohonan ganda') && holds(page, two.number));
    const path = `/kerja/${one.number}/ganda/${two.number}`;
    assert.equal((await send('verifikator', `/kerja/${one.number}/ganda/${one.number}`)).status, 404);
    assert.equal((await send('perizinan', path)).status, 403);
    const compared = await send('verifikator', path);
    assert.equal(compared.status, 200);
    assert.ok(holds(compared, 'Lain Contoh') && holds(compared, 'beda'));
    for (const { id } of [one, two])
      assert.equal((await eventsOf(t.world, id)).at(-1)?.data.purpose, 'pemeriksaan-ganda');
    assert.equal((await send('perizinan', `${path}/bukan`)).status, 403);
    for (let i = 0; i < 2; i++) assert.equal((await send('verifikator', `${path}/bukan`)).status, 303);
    for (const { number } of [one, two])
      assert.ok(!holds(await ask('verifikator', `/kerja/${number}`), 'Mungkin permohonan ganda'));
  });

  test('does not stop the resident, and is no double after ninety days when the first has ended', async () => {
    const [one, two] = await twice();
    await t.world.pool.query(
      `UPDATE applications.applications SET submitted_at = submitted_at - interval '91 days', ended_at = submitted_at WHERE id = $1`,
      [one.id],
    );
    assert.ok(!holds(await ask('verifikator', `/kerja/${two.number}`), 'Mungkin permohonan ganda'));
  });
});

describe('ready-made sentences', () => {
  const PATH = '/kerja/pengelola/kalimat';
  test('are kept by who answers for the agency: forbidden, malformed, done, done again', async () => {
    const form = { judul: 'KK buram', untuk: 'return', kalimat: 'Foto KK buram; foto lagi di tempat terang.' };
    assert.equal((await send('verifikator', PATH, form)).status, 403);
    assert.equal((await send('atasan', PATH, { ...form, kalimat: '' })).status, 422);
    assert.ok(holds(await send('atasan', PATH, { ...form, kalimat: 'NIK 3316010101900001 keliru' }), '16 angka'));
    const perintah = newId();
    for (let i = 0; i < 2; i++) assert.equal((await ask('atasan', PATH, { ...form, perintah })).status, 303);
    const page = await ask('atasan', PATH);
    assert.equal(page.text.match(/Foto KK buram; foto lagi/g)?.length, 2, 'once in the list, once in its form');
    assert.ok(!holds(await ask('perizinan', PATH), 'Foto KK buram'), 'of the own agency only');
  });

  test('fill the note without a script, and nothing else is lost', async () => {
    const { number } = await submit();
    const page = await ask('verifikator', `/kerja/${number}`);
    const id = page.text.match(/<option value="([^"]+)" data-text="Foto KK buram/)?.[1] ?? '';
    const filled = await send('verifikator', `/kerja/${number}/kalimat`, {
      pakai: 'minta-perbaikan',
      'minta-perbaikan.kalimat': id,
      'minta-perbaikan.catatan': 'Ibu, mohon maaf.',
      'minta-perbaikan.perbaiki': 'berkas:kk',
    });
    assert.equal(filled.status, 200);
    assert.match(filled.text, /Ibu, mohon maaf\.\s+Foto KK buram; foto lagi di tempat terang\./);
    assert.match(filled.text, /value="berkas:kk" checked/);
  });

  test('can be retired, and put back', async () => {
    const id = (await ask('atasan', PATH)).text.match(/kalimat\/([0-9a-f-]{36})\/hapus/)?.[1];
    assert.equal((await send('verifikator', `${PATH}/${id}/hapus`)).status, 403);
    assert.equal((await send('atasan', `${PATH}/${newId()}/hapus`)).status, 404);
    const gone = await send('atasan', `${PATH}/${id}/hapus`);
    assert.ok(holds(await ask('atasan', gone.location), 'Urungkan'));
    assert.ok(!holds(await ask('atasan', PATH), 'Foto KK buram'));
    await send('atasan', `${PATH}/${id}/pulihkan`);
    assert.ok(holds(await ask('atasan', PATH), 'Foto KK buram'));
  });
});

describe('the load of an agency', () => {
  test('is for who leads it; each figure leads to its cases, and a file goes along', async () => {
    assert.equal((await ask('verifikator', '/kerja/beban')).status, 403);
    assert.equal((await ask('verifikator', '/kerja/beban/daftar')).status, 403);
    const page = await ask('atasan', '/kerja/beban');
    assert.equal(page.status, 200);
    for (const words of ['Menurut meja', 'Menurut petugas', 'Menurut layanan', 'Minggu-minggu terakhir', 'Verifikator'])
      assert.ok(holds(page, words), words);
    const links = [...page.text.matchAll(/href="(\/kerja\/beban\/daftar[^"]*)">([\d.]+)</g)];
    assert.ok(links.length > 3);
    const desk = links.find(([, href]) => href?.includes('peran=verifier'));
    assert.ok(desk);
    let path: string | undefined = desk[1]?.replaceAll('&amp;', '&');
    let listed = 0;
    while (path) {
      const { text }: { text: string } = await ask('atasan', path);
      listed += text.match(/<th scope="row" class="n">/g)?.length ?? 0;
      path = text.match(/href="([^"]+)" rel="next"/)?.[1]?.replaceAll('&amp;', '&');
    }
    assert.equal(listed, Number(desk[2]?.replaceAll('.', '')), 'the list holds as many as the figure says');
    const csv = await ask('atasan', '/kerja/beban.csv');
    assert.match(csv.text, /^menurut,peran/);
    assert.ok(!csv.text.includes('Contoh'));
  });

  test('counts the weeks from the log, each event once', async () => {
    for (let i = 0; i < 3; i++) await keepUp(t.ctx({ kind: 'system' }));
    const { rows } = await t.world.pool.query(
      `SELECT (SELECT sum(submitted)::int FROM applications.weeks WHERE agency = 'dindukcapil') AS weeks,
        (SELECT count(*)::int FROM platform.events WHERE type = 'application.submitted' AND agency = 'dindukcapil') AS events`,
    );
    assert.equal(rows[0].weeks, rows[0].events);
  });
});

describe("an agency's own calendar", () => {
  const PATH = '/kerja/pengelola/kalender';
  const week = (hours: string) => Object.fromEntries([1, 2, 3, 4, 5].map((day) => [`jam.${day}`, hours]));
  const dueOf = async (number: string) => (await loadByNumber(t.ctx(), number)).stored.application.dueAt;

  test('is set by its head: forbidden, malformed, done, and back', async () => {
    const form = { ...week('08.00-15.00'), 'jam.6': '08.00-12.00', 'jam.dasar': 'Kebiasaan kantor (contoh)' };
    assert.equal((await send('verifikator', `${PATH}/jam`, form)).status, 403);
    assert.equal((await send('kepala', `${PATH}/jam`, { ...form, 'jam.6': '12.00-08.00' })).status, 422);
    assert.equal((await send('kepala', `${PATH}/jam`, { ...form, 'jam.dasar': '' })).status, 422);
    for (let i = 0; i < 2; i++) assert.equal((await send('kepala', `${PATH}/jam`, form)).status, 303);
    const page = await ask('kepala', PATH);
    assert.ok(holds(page, '08.00-12.00') && holds(page, 'perlu diverifikasi'));
    assert.ok(!holds(await ask('rsud', PATH), 'Kebiasaan kantor'));
    assert.equal((await send('kepala', `${PATH}/jam/hapus`)).status, 303);
    assert.ok(holds(await ask('kepala', PATH), 'sama dengan kabupaten'));
  });

  test('moves what is promised from now on, and leaves running promises as they are', async () => {
    const before = await submit();
    const promised = await dueOf(before.number);
    const day = { 'tutup.hari.d': '24', 'tutup.hari.m': '11', 'tutup.hari.y': '2026' };
    const form = {
      ...day,
      'tutup.sebab': 'Pindah gedung',
      'tutup.dasar': 'Surat edaran (contoh)',
      'tutup.resmi': 'ya',
    };
    assert.equal((await send('verifikator', `${PATH}/tutup`, form)).status, 403);
    assert.equal((await send('kepala', `${PATH}/tutup`, { ...form, 'tutup.hari.d': '31' })).status, 422);
    assert.equal((await send('kepala', `${PATH}/tutup`, form)).status, 303);
    const after = await submit();
    assert.equal(await dueOf(before.number), promised);
    assert.equal(Date.parse(await dueOf(after.number)) - Date.parse(promised), 24 * 3_600_000, 'one working day later');
    const { rows } = await t.world.pool.query(
      `SELECT count(*)::int AS n FROM platform.events WHERE type = 'calendar.changed'`,
    );
    assert.ok(rows[0].n >= 3);
    assert.equal((await send('kepala', `${PATH}/tutup/2026-11-24/hapus`)).status, 303);
    assert.equal(await dueOf((await submit()).number), promised);
  });
});
