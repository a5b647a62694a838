// The officers' side through HTTP on the real database.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { context } from '#platform/context.ts';
import { eventsOf } from '#platform/event-log.ts';
import { storeFile } from '#platform/files.ts';
import { newId } from '#platform/ids.ts';
import { actOnApplication, loadByNumber, submitApplication } from '#src/applications/actions.ts';
import { DEMO_PASSWORD } from '#src/demo.ts';
import { documentsOf } from '#src/documents/actions.ts';
import { signIn } from '#src/identity/actions.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';

const example = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../services/akta-kelahiran/example.json'), 'utf8'),
);
const ORIGIN = 'http://localhost';
const SECRET = example.answers.nikIbu as string;

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());

const cookies = new Map<string, string>();
async function cookieOf(login: string): Promise<string> {
  const known = cookies.get(login);
  if (known) return known;
  const signed = await signIn(t.ctx(), login, DEMO_PASSWORD);
  assert.ok(signed, login);
  cookies.set(login, `sesi=${signed.token}`);
  return `sesi=${signed.token}`;
}

type Answer = { status: number; text: string; location: string | null; headers: Headers };
async function request(
  login: string | undefined,
  path: string,
  form?: Record<string, string | string[]>,
  cookie = '',
): Promise<Answer> {
  const headers: Record<string, string> = {
    cookie: [login ? await cookieOf(login) : '', cookie].filter(Boolean).join('; '),
  };
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form ?? {})) for (const one of [value].flat()) body.append(name, one);
  const response = await t.app.request(`${ORIGIN}${path}`, {
    headers: { ...headers, ...(form && { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' }) },
    ...(form && { method: 'POST', body: body.toString() }),
  });
  return {
    status: response.status,
    text: await response.text(),
    location: response.headers.get('location'),
    headers: response.headers,
  };
}
const open = (login: string | undefined, path: string) => request(login, path);
const send = (login: string | undefined, path: string, form: Record<string, string | string[]>) =>
  request(login, path, { perintah: newId(), ...form });

async function submit(over: object = {}, withFile = false): Promise<{ id: string; number: string; file: string }> {
  const ctx = context(t.world, { kind: 'resident', holds: [] }, 'online', newId());
  const owner = newId();
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const file = withFile
    ? (await storeFile(ctx, { owner, origin: 'uploaded', name: 'kk.png', kind: 'image/png', bytes: png })).id
    : '';
  const receipt = await submitApplication(ctx, {
    service: 'akta-kelahiran',
    answers: { ...example.answers, ...over },
    documents: withFile ? [{ requirement: 'kk', file }] : [],
    owners: [owner],
    channel: 'online',
  });
  return { id: receipt.id, number: receipt.number, file };
}

describe('who may come in', () => {
  test('somebody who is not signed in is led to sign in, and back', async () => {
    const { number } = await submit();
    for (const path of ['/kerja', '/kerja/arsip', `/kerja/${number}`, `/kerja/${number}/berkas/${newId()}`]) {
      const answer = await open(undefined, path);
      assert.equal(answer.status, 303);
      assert.equal(answer.location, `/masuk?ke=${encodeURIComponent(path)}`);
    }
    const late = await send(undefined, `/kerja/${number}/tindakan`, { tindakan: 'setujui-berkas' });
    assert.equal(late.location, `/masuk?ke=${encodeURIComponent(`/kerja/${number}`)}`);
  });

  test("a resident's own cookie opens no desk", async () => {
    const { number } = await submit();
    const { signValue } = await import('#platform/crypto.ts');
    const { stored } = await loadByNumber(t.ctx(), number);
    const answer = await request(
      undefined,
      `/kerja/${number}`,
      undefined,
      `berkas=${signValue(t.world.keys, stored.application.id)}`,
    );
    assert.equal(answer.status, 303);
  });

  test('an officer of another agency is told why not', async () => {
    const { number } = await submit();
    const answer = await open('perizinan', `/kerja/${number}`);
    assert.equal(answer.status, 403);
    assert.match(answer.text, /berkas ini milik instansi lain/);
    assert.ok(!answer.text.includes('Ayah Contoh'));
  });

  test('an officer of another village is told so too', async () => {
    const { number } = await submit();
    assert.equal((await open('desa.bangkleyan', `/kerja/${number}`)).status, 403);
  });
});

describe('the inbox', () => {
  test('shows who, what, where, through which door and until when, and no personal number', async () => {
    const { number } = await submit({ namaPemohon: 'Kartini Contoh' });
    const { status, text } = await open('verifikator', '/kerja');
    assert.equal(status, 200);
    assert.ok(text.includes(`href="/kerja/${number}"`));
    for (const words of [
      'Kartini Contoh',
      'Akta Kelahiran',
      'Bangkleyan',
      'Digital',
      'Verifikasi berkas',
      'hari ini pukul',
    ])
      assert.ok(text.includes(words), words);
    assert.ok(!text.includes(example.answers.nikPemohon));
  });

  test('can be narrowed to what is late, mine, or one service', async () => {
    const { number } = await submit();
    assert.ok(!(await open('verifikator', '/kerja?lihat=terlambat')).text.includes(number));
    assert.ok(!(await open('verifikator', '/kerja?lihat=saya')).text.includes(number));
    assert.ok(!(await open('verifikator', '/kerja?layanan=kk-baru')).text.includes(number));
    await send('verifikator', `/kerja/${number}/ambil`, {});
    assert.match((await open('verifikator', '/kerja?lihat=saya')).text, new RegExp(number));
  });

  test('goes on page by page, each case once', async () => {
    for (let i = 0; i < 27; i++) await submit();
    const seen: string[] = [];
    let path: string | undefined = '/kerja';
    while (path) {
      const { text }: Answer = await open('verifikator', path);
      seen.push(...[...text.matchAll(/href="\/kerja\/(\d{6}-[^"]+)"/g)].map((match) => match[1] as string));
      path = text.match(/href="([^"]+)" rel="next"/)?.[1]?.replaceAll('&amp;', '&');
    }
    assert.equal(new Set(seen).size, seen.length);
    assert.ok(seen.length >= 28);
  });

  test('a broken marker of the page is a clear refusal', async () => {
    const answer = await open('verifikator', '/kerja?setelah=bukan');
    assert.equal(answer.status, 400);
    assert.match(answer.text, /Mulai lagi dari halaman pertama/);
  });

  test('says so when it is empty', async () => {
    assert.match((await open('sosial', '/kerja')).text, /Meja Anda kosong/);
  });

  test('is drawn within five milliseconds', async () => {
    const { inboxTable } = await import('./lists.ts');
    const { getCatalogue } = await import('#src/catalogue/actions.ts');
    const { listInbox } = await import('#src/applications/inbox/actions.ts');
    const officer = await t.officer('verifikator');
    const { items } = await listInbox(t.ctx(officer), {});
    const around = {
      now: t.world.clock(),
      calendar: t.world.calendar,
      catalogue: await getCatalogue(t.world),
      villageName: (code: string) => code,
      me: '',
      officerNames: new Map(),
    };
    for (let i = 0; i < 50; i++) String(inboxTable(items, around));
    const started = process.cpuUsage();
    for (let i = 0; i < 50; i++) String(inboxTable(items, around));
    const { user, system } = process.cpuUsage(started);
    assert.ok((user + system) / 1000 / 50 <= 5, `${(user + system) / 50_000} ms`);
  });
});

describe('searching', () => {
  test('by number leads to the case, however it is typed', async () => {
    const { number } = await submit();
    const answer = await send('verifikator', '/kerja/cari', { cari: number.toLowerCase().replaceAll('-', ' ') });
    assert.equal(answer.status, 303);
    assert.equal(answer.location, `/kerja/${number}`);
  });

  test('by NIK lists that person, and never writes the NIK back', async () => {
    const nik = '3316010101909778';
    const { number } = await submit({ nikPemohon: nik });
    const answer = await send('verifikator', '/kerja/cari', { cari: nik });
    assert.equal(answer.status, 200);
    assert.ok(answer.text.includes(number));
    assert.ok(!answer.text.includes(nik));
    assert.ok(!(await send('perizinan', '/kerja/cari', { cari: nik })).text.includes(number), 'not for another agency');
  });

  test('by a slip says what is wrong', async () => {
    assert.match(
      (await send('verifikator', '/kerja/cari', { cari: '261123-AAAA-AAA' })).text,
      /Satu huruf yang keliru sudah ketahuan/,
    );
  });
});

describe('a case', () => {
  test('unknown, forbidden, malformed, done, done again', async () => {
    const { number } = await submit();
    const path = `/kerja/${number}/tindakan`;
    const deed = { perintah: newId(), tindakan: 'setujui-berkas', dari: 'verifikasi' };
    assert.equal((await send('verifikator', '/kerja/261123-AAAA-AAA/tindakan', deed)).status, 404);
    assert.equal((await send('perizinan', path, deed)).status, 403);
    assert.equal((await send('verifikator', path, { ...deed, perintah: 'bukan-uuid' })).status, 400);
    const first = await send('verifikator', path, deed);
    assert.equal(first.location, `/kerja/${number}`);
    const again = await send('verifikator', path, deed);
    assert.equal(again.status, 303, 'a double click is harmless');
    const { stored } = await loadByNumber(t.ctx(), number);
    assert.equal(stored.application.seq, 2);
  });

  test('a double click on a note, a taking or a question does it once', async () => {
    const { id, number } = await submit();
    const forms: [string, Record<string, string>][] = [
      ['catatan', { perintah: newId(), 'catatan.catatan': 'Sudah ditelepon.' }],
      ['ambil', { perintah: newId() }],
      [
        'pendapat',
        { perintah: newId(), 'tanya.instansi': 'satpol-pp', 'tanya.peran': 'verifier', 'tanya.catatan': 'Benarkah?' },
      ],
    ];
    for (const [deed, form] of forms) {
      for (let i = 0; i < 2; i++)
        assert.equal((await send('verifikator', `/kerja/${number}/${deed}`, form)).status, 303, deed);
    }
    const types = (await eventsOf(t.world, id)).map((event) => event.type);
    assert.deepEqual(types, [
      'application.submitted',
      'application.noted',
      'application.taken',
      'application.consulted',
    ]);
  });

  test('of two officers at once one wins and the other is told what happened, with the text kept', async () => {
    const { number } = await submit();
    const path = `/kerja/${number}/tindakan`;
    await send('verifikator', path, { tindakan: 'setujui-berkas', dari: 'verifikasi' });
    const second = await send('verifikator', path, {
      tindakan: 'tolak',
      dari: 'verifikasi',
      'tolak.alasan': 'lain',
      'tolak.catatan': 'Kalimat yang panjang sekali.',
    });
    assert.equal(second.status, 409);
    assert.match(second.text, /belum tersimpan/);
    assert.match(second.text, /Berkas lengkap dan benar/);
    assert.match(second.text, /Kalimat yang panjang sekali\./);
  });

  test('two different deeds at the same moment: exactly one is written', async () => {
    const { id, number } = await submit();
    const path = `/kerja/${number}/tindakan`;
    const answers = await Promise.all([
      send('verifikator', path, { tindakan: 'setujui-berkas', dari: 'verifikasi' }),
      send('verifikator', path, { tindakan: 'tolak', dari: 'verifikasi', 'tolak.alasan': 'lain' }),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 409]);
    assert.equal((await eventsOf(t.world, id)).length, 2);
  });

  test('a return without what to mend comes back with the note kept and the fault named', async () => {
    const { number } = await submit();
    const answer = await send('verifikator', `/kerja/${number}/tindakan`, {
      tindakan: 'minta-perbaikan',
      dari: 'verifikasi',
      'minta-perbaikan.catatan': 'Buram.',
    });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /Pilih isian atau berkas yang harus diperbaiki/);
    assert.match(answer.text, /Buram\./);
    assert.match(answer.text, /id="tindakan-minta-perbaikan"[^>]* open/);
  });

  test('a refusal needs its reason', async () => {
    const { number } = await submit();
    const answer = await send('verifikator', `/kerja/${number}/tindakan`, { tindakan: 'tolak', dari: 'verifikasi' });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /Pilih alasannya/);
  });

  test('goes from check to mending, approval, and a document', async () => {
    const { id, number } = await submit();
    const path = `/kerja/${number}/tindakan`;
    const returned = await send('verifikator', path, {
      tindakan: 'minta-perbaikan',
      dari: 'verifikasi',
      'minta-perbaikan.isian': ['isian:namaAnak'],
      'minta-perbaikan.perbaiki': ['berkas:kk'],
      'minta-perbaikan.catatan': 'Nama berbeda dengan surat.',
    });
    assert.equal(returned.status, 303);
    assert.match((await open('verifikator', `/kerja/${number}`)).text, /waktu berhenti, menunggu pemohon/);
    t.pass(60);
    const resident = context(t.world, { kind: 'resident', holds: [id] }, 'online', newId());
    await actOnApplication(resident, number, {
      action: 'kirim-perbaikan',
      from: 'perbaikan',
      answers: { namaAnak: 'Bagas Baru Contoh' },
    });
    const mended = await open('verifikator', `/kerja/${number}`);
    assert.match(mended.text, /Diperbaiki pemohon/);
    assert.match(mended.text, /Bagas Baru Contoh/);
    assert.equal((await send('verifikator', path, { tindakan: 'setujui-berkas', dari: 'verifikasi' })).status, 303);
    const done = await send('pengesah', path, { tindakan: 'sahkan', dari: 'pengesahan' });
    assert.equal(done.location, `/kerja/${number}`);
    await t.work();
    const [document] = await documentsOf(t.world, id);
    assert.ok(document);
    const page = await open('pengesah', `/kerja/${number}`);
    assert.match(page.text, /Bukti Pencatatan Kelahiran/);
    assert.match(page.text, /Cabut dokumen ini/);
    assert.ok(!(await open('verifikator', `/kerja/${number}`)).text.includes('Cabut dokumen ini'));
    const pdf = await open('verifikator', `/kerja/${number}/dokumen/${document.id}`);
    assert.equal(pdf.headers.get('content-type'), 'application/pdf');
    assert.equal(
      (
        await send('verifikator', `/kerja/${number}/dokumen/${document.id}/cabut`, {
          [`cabut-${document.id}.alasan`]: 'wrong-data',
        })
      ).status,
      403,
    );
    assert.equal((await send('pengesah', `/kerja/${number}/dokumen/${document.id}/cabut`, {})).status, 422);
    assert.equal(
      (
        await send('pengesah', `/kerja/${number}/dokumen/${document.id}/cabut`, {
          [`cabut-${document.id}.alasan`]: 'wrong-data',
        })
      ).status,
      303,
    );
    assert.match((await open('pengesah', `/kerja/${number}`)).text, /dicabut/);
  });

  test('saving can open the next case of the inbox', async () => {
    t.pass(1);
    const one = await submit();
    t.pass(1);
    const two = await submit();
    const page = await open('verifikator', `/kerja/${one.number}`);
    const tempat = page.text.match(/name="tempat" value="([^"]+)"/)?.[1] ?? '';
    const answer = await send('verifikator', `/kerja/${one.number}/tindakan`, {
      tindakan: 'setujui-berkas',
      dari: 'verifikasi',
      lalu: 'berikutnya',
      tempat,
    });
    assert.equal(answer.location, `/kerja/${two.number}`);
    const next = await request(
      'verifikator',
      `/kerja/${two.number}`,
      undefined,
      (answer.headers.get('set-cookie') ?? '').split(';')[0],
    );
    assert.match(next.text, new RegExp(`Berkas ${one.number} berlanjut`));
  });
});

describe('an opinion of another agency', () => {
  test('is asked, opens the case for those asked until they answer, and gives them no other deed', async () => {
    const { number } = await submit();
    assert.equal((await open('satpolpp', `/kerja/${number}`)).status, 403);
    const ask = { 'tanya.instansi': 'satpol-pp', 'tanya.peran': 'verifier', 'tanya.catatan': 'Apakah aman?' };
    assert.equal(
      (await send('verifikator', `/kerja/${number}/pendapat`, { ...ask, 'tanya.peran': 'village-head' })).status,
      422,
    );
    assert.equal((await send('verifikator', `/kerja/${number}/pendapat`, ask)).status, 303);
    const asked = await open('satpolpp', `/kerja/${number}`);
    assert.equal(asked.status, 200);
    assert.match(asked.text, /Apakah aman\?/);
    assert.ok(!asked.text.includes('value="setujui-berkas"'), 'the decision is not theirs');
    const opinion = asked.text.match(/pendapat\/([^/]+)\/jawab/)?.[1] as string;
    const answers = `/kerja/${number}/pendapat/${opinion}/jawab`;
    assert.equal(
      (await send('satpolpp', answers, { [`pendapat-${opinion}.jawaban`]: 'disagree' })).status,
      422,
      'a no needs its reason',
    );
    const form = {
      perintah: newId(),
      [`pendapat-${opinion}.jawaban`]: 'agree',
      [`pendapat-${opinion}.catatan`]: 'Aman.',
    };
    const answered = await send('satpolpp', answers, form);
    assert.equal(answered.status, 303);
    const flash = (answered.headers.get('set-cookie') ?? '').split(';')[0];
    assert.equal(
      (await request('satpolpp', answered.location ?? '', undefined, flash)).location,
      '/kerja',
      'the case has left their desk',
    );
    assert.equal((await send('satpolpp', answers, form)).status, 303, 'a double click is harmless');
    const owner = await open('verifikator', `/kerja/${number}`);
    assert.match(owner.text, /Pendapat: setuju/);
    assert.match(owner.text, /Aman\./);
  });

  test('can be taken back', async () => {
    const { number } = await submit();
    await send('verifikator', `/kerja/${number}/pendapat`, {
      'tanya.instansi': 'desa',
      'tanya.peran': 'village-head',
      'tanya.catatan': 'Benar warga?',
    });
    const page = await open('verifikator', `/kerja/${number}`);
    const recall = page.text.match(/action="([^"]+\/tarik)"/)?.[1] as string;
    assert.equal((await open('kades.bangkleyan', `/kerja/${number}`)).status, 200);
    assert.equal((await send('verifikator', recall, {})).status, 303);
    assert.equal((await open('kades.bangkleyan', `/kerja/${number}`)).status, 403);
  });
});

describe('personal numbers and papers', () => {
  test('numbers are closed until a purpose is given, for that answer only, and the looking is written down', async () => {
    const { id, number } = await submit();
    const page = await open('verifikator', `/kerja/${number}`);
    assert.ok(!page.text.includes(SECRET));
    assert.ok(page.text.includes(SECRET.slice(-4)));
    assert.equal((await send('verifikator', `/kerja/${number}/lengkap`, {})).status, 422);
    assert.equal((await send('perizinan', `/kerja/${number}/lengkap`, { 'lengkap.guna': 'verify' })).status, 403);
    const shown = await send('verifikator', `/kerja/${number}/lengkap`, { 'lengkap.guna': 'verify' });
    assert.ok(shown.text.includes(SECRET));
    assert.ok(!(await open('verifikator', `/kerja/${number}`)).text.includes(SECRET));
    const looked = (await eventsOf(t.world, id)).filter((event) => event.type === 'application.revealed');
    assert.deepEqual(
      looked.map((event) => event.data),
      [{ purpose: 'verify' }],
    );
  });

  test('a paper opens only within its own case, with nothing that could run', async () => {
    const one = await submit({}, true);
    const two = await submit();
    const answer = await open('verifikator', `/kerja/${one.number}/berkas/${one.file}`);
    assert.equal(answer.headers.get('content-type'), 'image/png');
    assert.match(answer.headers.get('content-security-policy') ?? '', /sandbox/);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.equal((await open('verifikator', `/kerja/${two.number}/berkas/${one.file}`)).status, 404);
    assert.equal((await open('perizinan', `/kerja/${one.number}/berkas/${one.file}`)).status, 403);
    assert.equal((await open('verifikator', `/kerja/${one.number}/berkas/bukan-uuid`)).status, 404);
    const page = await open('verifikator', `/kerja/${one.number}`);
    assert.match(page.text, new RegExp(`<img src="/kerja/${one.number}/berkas/${one.file}"`));
    assert.match(page.text, /belum diunggah/);
  });
});

describe('the archive', () => {
  test('lists what has ended too, by state', async () => {
    const { number } = await submit();
    await send('verifikator', `/kerja/${number}/tindakan`, {
      tindakan: 'tolak',
      dari: 'verifikasi',
      'tolak.alasan': 'lain',
    });
    assert.ok(!(await open('verifikator', '/kerja')).text.includes(number));
    assert.ok((await open('verifikator', '/kerja/arsip?keadaan=refused')).text.includes(number));
    assert.ok(!(await open('verifikator', '/kerja/arsip?keadaan=completed')).text.includes(number));
  });
});
