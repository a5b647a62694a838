// Door 1 from the outside: a villager with a cheap phone and no script, on the real database.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, test } from 'node:test';
import { resetLimits } from '#platform/rate-limit.ts';
import { actOnApplication, submitApplication } from '#src/applications/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import type { Answers } from '#src/catalogue/condition.ts';
import { type Answer, Visitor, wordsOf } from '#test/visitor.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { type DraftPage, pagesOf } from './draft/draft.ts';
import { typeAnswers } from './draft/reading.ts';

const KB = 1024;
const BASE = '/layanan/akta-kelahiran/ajukan';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const example = JSON.parse(
  readFileSync(new URL('../../services/akta-kelahiran/example.json', import.meta.url), 'utf8'),
);

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
    { namaIbu: 'Ibu Contoh', nikIbu: '3316 0145 0595 9002', namaAyah: "Ayah Sa'id", nikAyah: '3316010101909001' },
  ],
  ['keluarga', { nomorKK: '3316011111209003' }],
  ['saksi.1', { namaSaksi: 'Saksi Satu', nikSaksi: '3316010202809004' }],
  ['saksi.2', { namaSaksi: 'Saksi Dua', nikSaksi: '3316010303809005' }],
  ['pemohon', { namaPemohon: 'Ayah Contoh', nikPemohon: '3316010101909001' }],
  ['kontak', { desa: '33.16.01.2001' }],
  ['kontak.2', { telepon: '0812 0000 9001' }],
  ['dokumen/surat-kelahiran', { pilihan: 'surat-desa', aksi: 'nanti' }],
  ['dokumen/bukti-nikah', { pilihan: 'buku-nikah', aksi: 'nanti' }],
  ['dokumen/kk', { aksi: 'nanti' }],
];

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());
beforeEach(resetLimits);

const visitor = () => new Visitor(t.app);
const codeOf = (html: string): string => /Catat kode <b>([0-9A-Z-]+)<\/b>/.exec(html)?.[1] ?? '';
const receiptOf = (html: string) => {
  const [number = '', code = ''] = [...html.matchAll(/<p class="code">(.*?)<\/p>/g)].map((match) =>
    (match[1] ?? '').replace(/<[^>]+>/g, ''),
  );
  return { number, code };
};
const photo = (name: string, bytes: Buffer, fields: Record<string, string>) => {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.append('berkas', new File([new Uint8Array(bytes)], name));
  return form;
};

async function fillTo(phone: Visitor, last: string): Promise<void> {
  await phone.post(BASE, { mulai: 'baru' });
  for (const [path, typed] of PAGES) {
    const answer = await phone.post(`${BASE}/${path}`, typed);
    assert.equal(answer.status, 200, `${path}: ${wordsOf(answer.html).slice(0, 400)}`);
    if (path === last) return;
  }
}

async function submitted(): Promise<{ phone: Visitor; number: string; code: string }> {
  const phone = visitor();
  await fillTo(phone, 'dokumen/kk');
  const answer = await phone.post(`${BASE}/periksa`, { setuju: 'ya' });
  return { phone, ...receiptOf(answer.html) };
}

describe('finding a service', () => {
  test('public pages are light, cacheable, and answer "nothing new"', async () => {
    const phone = visitor();
    for (const path of [
      '/',
      '/layanan',
      '/layanan?q=akte+lahr',
      '/layanan/akta-kelahiran',
      '/layanan/akta-kelahiran/standar',
      '/layanan/akta-kelahiran/sop',
      '/bantuan',
    ]) {
      const page = await phone.get(path);
      assert.equal(page.status, 200, path);
      assert.ok(page.bytes <= 14 * KB, `${path} weighs ${page.bytes}`);
      assert.equal(page.headers.get('cache-control'), 'public, max-age=60');
      assert.doesNotMatch(page.html, /<script| style=/);
      const again = await phone.send(path, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
      assert.equal(again.status, 304);
    }
  });

  test('spelling does not matter; an unknown word gets help instead of nothing', async () => {
    const phone = visitor();
    assert.match((await phone.get('/layanan?q=akte+lahr')).html, /href="\/layanan\/akta-kelahiran"/);
    assert.match(wordsOf((await phone.get('/layanan?q=zzzz')).html), /Belum ketemu/);
    assert.equal((await phone.get('/layanan/tidak-ada')).status, 404);
  });

  test('the list of what to bring fits the answers, and they come along into the form', async () => {
    const phone = visitor();
    const page = await phone.get('/layanan/akta-kelahiran?periksa=ya&tempatLahir=fasilitas&orangTuaMenikah=tidak');
    const words = wordsOf(page.html);
    assert.match(words, /dari rumah sakit/);
    assert.doesNotMatch(words, /dari kepala desa|Berita acara dari kepolisian|Buku nikah/);
    const whose = await phone.post(BASE, { tempatLahir: 'fasilitas', orangTuaMenikah: 'tidak' });
    assert.match(whose.html, /Untuk siapa permohonan ini/);
    const first = await phone.post(`${BASE}/mulai/untuk-siapa`, { untuk: 'self' });
    assert.match(first.html, /Siapa anak yang lahir/);
    assert.match(wordsOf((await phone.get('/layanan/akta-kelahiran?periksa=ya')).html), /Jawab dulu/);
  });
});

describe('applying', () => {
  test('a birth certificate from the first question to the receipt, every page within 14 kB', async () => {
    const phone = visitor();
    await phone.post(BASE, {});
    for (const [path, typed] of PAGES) {
      const page = await phone.get(`${BASE}/${path}`);
      assert.ok(page.bytes <= 14 * KB, `${path} weighs ${page.bytes}`);
      const answer = await phone.post(`${BASE}/${path}`, typed);
      assert.equal(answer.status, 200, `${path}: ${wordsOf(answer.html).slice(0, 300)}`);
    }
    const check = await phone.get(`${BASE}/periksa`);
    assert.match(wordsOf(check.html), /Bangkleyan, Jati/);
    assert.ok(check.bytes <= 14 * KB);
    const unsigned = await phone.post(`${BASE}/periksa`, {});
    assert.equal(unsigned.status, 422);
    const receipt = await phone.post(`${BASE}/periksa`, { setuju: 'ya' });
    assert.match(wordsOf(receipt.html), /paling lambat Selasa, 24 November 2026/);
    assert.match(receiptOf(receipt.html).number, /^261123-/);
    assert.ok(receipt.bytes <= 14 * KB);
  });

  test('every service can be applied for from its example; five steps cost at most 60 kB over the air', async () => {
    const { services } = await getCatalogue(t.ctx());
    assert.ok(services.length > 50);
    for (const { service } of services) {
      const given = JSON.parse(
        readFileSync(new URL(`../../services/${service.id}/example.json`, import.meta.url), 'utf8'),
      );
      const base = `/layanan/${service.id}/ajukan`;
      const phone = visitor();
      const steps: { path: string; bytes: number }[] = [];
      const weigh = (page: Answer) => {
        assert.ok(page.bytes <= 14 * KB, `${page.path} weighs ${page.bytes}`);
        steps.push({ path: page.path, bytes: page.bytes });
        return page;
      };
      weigh(await phone.get(`/layanan/${service.id}`));
      weigh(await phone.post(base));
      for (const page of pagesOf(service, { answers: given.answers, documents: {} }, given.today)) {
        const answer = weigh(await phone.post(`${base}/${page.path}`, typedFor(page, given)));
        assert.equal(answer.status, 200, `${base}/${page.path}: ${wordsOf(answer.html).slice(150, 600)}`);
        if (page.kind === 'check') assert.match(receiptOf(answer.html).number, /^261123-/, service.id);
      }
      const five = steps
        .slice(0, 2)
        .concat(steps.slice(-4))
        .reduce((sum, step) => sum + step.bytes, 0);
      assert.ok(five <= 60 * KB, `${service.id}: ${five}`);
    }
  });

  test('unknown step, no draft, malformed, done, done again', async () => {
    const phone = visitor();
    assert.equal((await phone.post(`${BASE}/anak`, {})).status, 404);
    assert.match(wordsOf((await phone.get(`${BASE}/anak`)).html), /Ajukan Akta Kelahiran/);
    await fillTo(phone, 'kelahiran.2');
    assert.equal((await phone.get(`${BASE}/bukan-langkah`)).status, 404);
    const wrong = await phone.post(`${BASE}/anak`, {
      namaAnak: 'Bagas <b>',
      jenisKelamin: 'L',
      'tanggalLahir.d': '31',
      'tanggalLahir.m': '2',
      'tanggalLahir.y': '2026',
      anakKe: 'satu',
    });
    assert.equal(wrong.status, 422);
    for (const kept of ['value="Bagas &lt;b&gt;"', 'value="31"', 'value="2026"', 'value="satu"'])
      assert.ok(wrong.html.includes(kept), kept);
    assert.match(wordsOf(wrong.html), /Tanggal 31 Februari 2026 tidak ada/);
    assert.equal((await phone.post(`${BASE}/anak`, PAGES[2]?.[1])).status, 200);
    assert.equal((await phone.post(`${BASE}/anak`, PAGES[2]?.[1])).status, 200);
  });

  test('broken letters and a megabyte of text are refused in plain words', async () => {
    const phone = visitor();
    await fillTo(phone, 'kelahiran.2');
    const broken = await phone.send(`${BASE}/anak`, {
      method: 'POST',
      body: 'namaAnak=Bu%FFdi',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.equal(broken.status, 422);
    assert.match(wordsOf(broken.html), /tidak terbaca/);
    const long = await phone.post(`${BASE}/anak`, { namaAnak: 'a'.repeat(KB * KB) });
    assert.equal(long.status, 422);
    assert.match(wordsOf(long.html), /terlalu panjang/);
  });

  test('a doubtful NIK is asked about once, and may be kept', async () => {
    const phone = visitor();
    await fillTo(phone, 'anak');
    const typed = { ...PAGES[3]?.[1], nikAyah: '9916010101909001' };
    const asked = await phone.post(`${BASE}/orang-tua`, typed);
    assert.match(wordsOf(asked.html), /Periksa lagi.*Kode provinsi 99/);
    const sure = /name="yakin" value="([^"]*)"/.exec(asked.html)?.[1] ?? '';
    assert.match((await phone.post(`${BASE}/orang-tua`, { ...typed, yakin: sure })).html, /Nomor Kartu Keluarga/);
  });

  test('a village is found by its name anywhere in Indonesia, or through its district', async () => {
    const phone = visitor();
    await fillTo(phone, 'pemohon');
    const near = await phone.post(`${BASE}/kontak`, { 'desa.q': 'Ds. bangkleyan', aksi: 'cari' });
    assert.match(near.html, /value="33\.16\.01\.2001"/);
    const far = await phone.post(`${BASE}/kontak`, { 'desa.q': 'lambung bukit', aksi: 'cari' });
    assert.match(wordsOf(far.html), /Lambung Bukit.*Padang/);
    const district = await phone.post(`${BASE}/kontak`, { 'desa.kec': '33.16.01', aksi: 'kecamatan' });
    assert.ok([...district.html.matchAll(/type="radio"/g)].length >= 12);
    assert.equal((await phone.post(`${BASE}/kontak`, { 'desa.q': 'qqqqqq', aksi: 'cari' })).status, 422);
    assert.equal((await phone.post(`${BASE}/kontak`, {})).status, 422);
    assert.equal((await phone.post(`${BASE}/kontak`, { desa: '99.99.99.9999' })).status, 422);
  });

  test('two windows lose nothing of each other', async () => {
    const phone = visitor();
    await fillTo(phone, 'kelahiran.2');
    await Promise.all([
      phone.post(`${BASE}/anak`, PAGES[2]?.[1]),
      phone.post(`${BASE}/keluarga`, PAGES[4]?.[1]),
      phone.post(`${BASE}/pemohon`, PAGES[7]?.[1]),
    ]);
    const words = wordsOf((await phone.get(`${BASE}/periksa`)).html);
    for (const kept of ['Bagas Contoh', '3316011111209003', 'Ayah Contoh']) assert.ok(words.includes(kept), kept);
  });

  test('the code continues on another phone; a second person on the same phone is asked first', async () => {
    const phone = visitor();
    await fillTo(phone, 'anak');
    const code = codeOf((await phone.get(`${BASE}/orang-tua`)).html);
    const other = visitor();
    assert.equal((await other.post('/lanjut', { kode: 'AAAA-AAAA' })).status, 422);
    const resumed = await other.post('/lanjut', { kode: code.toLowerCase() });
    assert.match(resumed.html, /Siapa orang tuanya/);
    assert.match((await other.get(`${BASE}/anak`)).html, /value="Bagas Contoh"/);
    const second = await phone.post(BASE, {});
    assert.match(wordsOf(second.html), /Ada pengisian yang belum selesai/);
    assert.doesNotMatch(second.html, /Bagas/);
    t.pass(15 * 24 * 60);
    assert.equal((await visitor().post('/lanjut', { kode: code })).status, 422);
    t.pass(-15 * 24 * 60);
  });

  test("a drawing with a photo's name is refused beside the box; a photo is kept, shown and removed", async () => {
    const phone = visitor();
    await fillTo(phone, 'kontak.2');
    const path = `${BASE}/dokumen/kk`;
    const refused = await phone.post(
      path,
      photo('kk.jpg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), { aksi: 'unggah' }),
    );
    assert.equal(refused.status, 422);
    assert.match(refused.html, /id="berkas-error"/);
    const kept = await phone.post(path, photo('kk saya.png', PNG, { aksi: 'unggah' }));
    assert.match(wordsOf(kept.html), /Sudah terunggah kk saya\.png/);
    const view = /href="([^"]*\/berkas\/[^"]*)"/.exec(kept.html)?.[1] ?? '';
    const file = await phone.get(view);
    assert.equal(file.headers.get('content-type'), 'image/png');
    assert.match(file.headers.get('content-disposition') ?? '', /^inline/);
    assert.equal((await visitor().get(view)).headers.get('content-type')?.startsWith('text/html'), true);
    const id = view.split('/').at(-1) ?? '';
    assert.doesNotMatch(wordsOf((await phone.post(path, { hapus: id })).html), /Sudah terunggah/);
    assert.equal((await phone.get(view)).status, 404);
  });

  test('sent twice at once, by the back button, or again later: one application', async () => {
    const phone = visitor();
    await fillTo(phone, 'dokumen/kk');
    const before = await count();
    const [one, two] = await Promise.all([
      phone.post(`${BASE}/periksa`, { setuju: 'ya' }),
      phone.post(`${BASE}/periksa`, { setuju: 'ya' }),
    ]);
    const three = await phone.post(`${BASE}/periksa`, { setuju: 'ya' });
    assert.equal(receiptOf(one.html).number, receiptOf(two.html).number);
    assert.equal(receiptOf(one.html).number, receiptOf(three.html).number);
    assert.equal(await count(), before + 1);
    assert.match((await phone.get(`${BASE}/anak`)).html, /Permohonan Anda sudah kami terima/);
  });

  test('drafts and their files go when their time is over, the files of an application stay', async () => {
    const phone = visitor();
    await fillTo(phone, 'kontak.2');
    await phone.post(`${BASE}/dokumen/kk`, photo('kk.png', PNG, { aksi: 'unggah' }));
    t.pass(15 * 24 * 60);
    const { deleteExpired } = await import('./draft/actions.ts');
    await deleteExpired(t.ctx({ kind: 'system' }));
    t.pass(-15 * 24 * 60);
    const left = await t.world.pool.query(
      'SELECT (SELECT count(*) FROM online.drafts)::int AS drafts, (SELECT count(*) FROM platform.files WHERE key IS NOT NULL)::int AS files',
    );
    assert.deepEqual(left.rows[0], { drafts: 0, files: 0 });
  });
});

/** What the example of a service would type on a page. */
function typedFor(
  page: DraftPage,
  given: { answers: Answers; documents?: Record<string, string> },
): Record<string, string> {
  switch (page.kind) {
    case 'fields': {
      const answers =
        page.item === undefined ? given.answers : ((given.answers[page.step.id] as Answers[])[page.item] ?? {});
      return typeAnswers(page.fields, answers);
    }
    case 'list':
      return { lagi: 'tidak' };
    case 'mandate':
      return {};
    case 'document':
      return {
        pilihan: given.documents?.[page.required.requirement.id] ?? page.required.options[0]?.id ?? '',
        aksi: 'nanti',
      };
    case 'check':
      return { setuju: 'ya' };
  }
}

const count = async () =>
  (await t.world.pool.query('SELECT count(*)::int AS n FROM applications.applications')).rows[0].n as number;

describe('following', () => {
  test('an unknown number and a wrong code get the same answer; the right code opens', async () => {
    const { number, code } = await submitted();
    const stranger = visitor();
    assert.equal((await stranger.get(`/lacak/${number}`)).status, 401);
    const wrong = await stranger.post('/lacak', { nomor: number, kode: 'AAAA-AAAA' });
    const unknown = await stranger.post('/lacak', { nomor: '261123-0000-000', kode: 'AAAA-AAAA' });
    assert.equal(wrong.status, 422);
    assert.equal(wordsOf(wrong.html), wordsOf(unknown.html));
    assert.match(
      wordsOf(
        (await stranger.post('/lacak', { nomor: number.toLowerCase(), kode: code.toLowerCase().replace('-', ' ') }))
          .html,
      ),
      /Sedang dikerjakan/,
    );
    assert.match(wordsOf((await visitor().get(`/lacak/${number}/${code}`)).html), /Sedang dikerjakan/);
  });

  test('a correction reopens just what was asked, keeps what was typed, and goes back in one piece', async () => {
    const { phone, number } = await submitted();
    const officer = await t.officer('verifikator');
    await actOnApplication(t.ctx(officer), number, {
      action: 'minta-perbaikan',
      note: 'Nama anak belum sesuai surat, dan foto KK buram.',
      correction: { fields: ['namaAnak', 'saksi'], requirements: ['kk'] },
    });
    const status = await phone.get(`/lacak/${number}`);
    assert.match(wordsOf(status.html), /Menunggu Anda.*foto KK buram/);
    assert.doesNotMatch(status.html, /Vera Contoh/);
    const page = await phone.get(`/lacak/${number}/perbaiki`);
    assert.match(page.html, /value="Bagas Contoh"/);
    assert.doesNotMatch(page.html, /namaIbu/);
    const command = /name="perintah" value="([^"]*)"/.exec(page.html)?.[1] ?? '';
    const typed = {
      perintah: command,
      namaAnak: 'Bagas4',
      'saksi.0.namaSaksi': 'Saksi Baru',
      'saksi.0.nikSaksi': '3316010202809004',
      'saksi.1.namaSaksi': 'Saksi Dua',
      'saksi.1.nikSaksi': '3316010303809005',
    };
    const form = photo('x', PNG, typed);
    form.delete('berkas');
    form.append('berkas.kk', new File([new Uint8Array(PNG)], 'kk baru.png'));
    const wrong = await phone.post(`/lacak/${number}/perbaiki`, form);
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /value="Bagas4"/);
    assert.match(wordsOf(wrong.html), /Sudah ada: kk baru\.png/);
    const kept = /name="ada\.kk">([^<]*)</.exec(wrong.html)?.[1] ?? '';
    const right = { ...typed, namaAnak: 'Bagas Empat', 'ada.kk': kept };
    assert.match(wordsOf((await phone.post(`/lacak/${number}/perbaiki`, right)).html), /Anda mengirim perbaikan/);
    assert.match(wordsOf((await phone.post(`/lacak/${number}/perbaiki`, right)).html), /Anda mengirim perbaikan/);
  });

  test('a refusal is explained and may be contested once; a running case may be withdrawn', async () => {
    const { phone, number } = await submitted();
    await actOnApplication(t.ctx(await t.officer('verifikator')), number, {
      action: 'tolak',
      reason: 'sudah-terbit',
      note: 'Sudah ada akta nomor lama.',
    });
    const page = await phone.get(`/lacak/${number}`);
    assert.match(wordsOf(page.html), /Dokumen yang sama sudah pernah diterbitkan.*keberatan paling lambat/);
    const path = `/lacak/${number}/tindakan/ajukan-keberatan`;
    assert.equal((await phone.post(path, { penjelasan: 'x' })).status, 422);
    assert.match(
      wordsOf((await phone.post(path, { penjelasan: 'Akta lama itu milik kakaknya.' })).html),
      /ditelaah atasan/,
    );
    assert.match(
      wordsOf((await phone.post(path, { penjelasan: 'Akta lama itu milik kakaknya.' })).html),
      /ditelaah atasan/,
    );
    const other = await submitted();
    assert.match(wordsOf((await other.phone.post(`/lacak/${other.number}/tindakan/batalkan`)).html), /Dibatalkan/);
    assert.equal((await visitor().post(`/lacak/${other.number}/tindakan/batalkan`)).status, 401);
  });

  test('late is said aloud, with where to complain', async () => {
    const { phone, number } = await submitted();
    t.pass(5 * 24 * 60);
    assert.match(wordsOf((await phone.get(`/lacak/${number}`)).html), /Kami terlambat.*Ombudsman/);
    t.pass(-5 * 24 * 60);
  });

  test('an officer who is signed in beside follows as a resident does', async () => {
    const receipt = await submitApplication(t.ctx(), {
      service: 'akta-kelahiran',
      answers: example.answers,
      channel: 'online',
    });
    assert.match(wordsOf((await visitor().get(`/lacak/${receipt.number}/${receipt.track}`)).html), /Sedang dikerjakan/);
  });
});

describe('verifying', () => {
  test('an unknown code says so and what to do, and is kept from search engines', async () => {
    const page = await visitor().get('/verifikasi/7kdm-4qxa');
    assert.equal(page.status, 404);
    assert.match(page.html, /noindex/);
    assert.match(wordsOf(page.html), /tidak kami kenal/);
    assert.equal((await visitor().post('/verifikasi', { kode: 'abc' })).status, 422);
  });

  test('guessing codes becomes slow', async () => {
    const guesser = visitor();
    const statuses = [];
    for (let i = 0; i < 40; i++) statuses.push((await guesser.get('/verifikasi/0000')).status);
    assert.ok(statuses.includes(429));
  });
});
