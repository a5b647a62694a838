// The paper, read back by other programs where this machine has them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inspectUpload } from '#platform/files.ts';
import { type Letter, renderPdf } from './pdf.ts';
import { inWindows1252, printable } from './printable.ts';

const folder = mkdtempSync(join(tmpdir(), 'pendopo-pdf-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const without = (...programs: string[]): string | false =>
  programs.find((program) => !has(program))?.concat(' is not installed') ?? false;

const CODE = '7KDM4QXA9WZT3PRV6HJN2CBE8G';
const LETTER: Letter = {
  title: 'Surat Keterangan Domisili',
  regency: 'Pemerintah Kabupaten Blora',
  agency: 'Kelurahan Tempelan',
  address: 'Jl. Pemuda 12, Blora',
  number: '470/12/2026',
  opening: 'Menerangkan bahwa orang berikut tinggal di wilayah kami.',
  rows: [
    { label: 'Nama', value: 'Sekar Ayu' },
    { label: 'Alamat', value: 'RT 02 RW 05, Tempelan' },
  ],
  closing: 'Surat ini dibuat untuk dipakai seperlunya.',
  signer: 'Lurah Tempelan',
  lists: [],
  place: 'Blora',
  date: '2026-11-22',
  code: CODE,
  verifyUrl: `https://pendopo.example.id/verifikasi/${CODE}`,
  issuedAt: new Date('2026-11-22T02:00:00Z'),
  demo: false,
};

async function saved(letter: Letter): Promise<string> {
  const path = join(folder, 'letter.pdf');
  writeFileSync(path, await renderPdf(letter));
  return path;
}

const text = (path: string): string =>
  spawnSync('pdftotext', ['-layout', path, '-']).stdout.toString().replace(/\s+/g, ' ');

test('the same letter is the same bytes, is one tagged page, and passes our own gate for uploads', async () => {
  const bytes = await renderPdf(LETTER);
  assert.ok(bytes.equals(await renderPdf(LETTER)));
  assert.equal((await inspectUpload(bytes)).pages, 1);
  for (const mark of ['/Lang (id-ID)', '/StructTreeRoot', '/Marked true', '/DisplayDocTitle true', '20261122020000Z']) {
    assert.ok(bytes.includes(mark), mark);
  }
});

test('a letter holds all that was said, and how to check it', { skip: without('pdftotext') }, async () => {
  const read = text(await saved(LETTER));
  for (const said of [
    'Pemerintah Kabupaten Blora',
    'Kelurahan Tempelan',
    'Surat Keterangan Domisili',
    'Nomor 470/12/2026',
    'Sekar Ayu',
    'Blora, 22 November 2026',
    'Lurah Tempelan',
    '7KDM-4QXA-9WZT-3PRV-6HJN-2CBE-8G',
    'pendopo.example.id/verifikasi',
    'belum ditandatangani secara elektronik',
    'Halaman 1 dari 1',
  ])
    assert.ok(read.includes(said), said);
  assert.ok(!read.includes('CONTOH'));
});

test('long answers go on to further pages and nothing is lost', { skip: without('pdftotext') }, async () => {
  const story = Array.from({ length: 1200 }, (_, i) => `kata${i}`).join(' ');
  const rows = [
    { label: 'Uraian', value: story },
    ...Array.from({ length: 30 }, (_, i) => ({ label: `Baris ${i}`, value: `nilai-${i}` })),
  ];
  const path = await saved({ ...LETTER, rows, demo: true });
  const read = text(path);
  const pages = (await inspectUpload(readFileSync(path))).pages ?? 0;
  assert.ok(pages >= 3);
  for (const said of ['kata0 ', 'kata1199', 'nilai-0', 'nilai-29', `Halaman ${pages} dari ${pages}`])
    assert.ok(read.includes(said), said);
});

test('names of every script are printed or replaced, never a crash', async () => {
  for (const value of [
    'Nur\u02bcaini Ḍewi Ṭā',
    'ꦥꦼꦤ꧀ꦝꦥ',
    '王小明',
    'محمد',
    '👩‍🌾 Tani',
    'a\u0000b\u202ec',
    '\ud800',
    'x'.repeat(3000),
    '',
  ]) {
    await renderPdf({
      ...LETTER,
      title: value,
      agency: value,
      rows: [{ label: value, value }],
      opening: value,
      signer: value,
      number: value,
    });
  }
});

test('a letter that the font lacks becomes its plain relative, else a question mark', () => {
  assert.equal(printable('Nurʼaini Ḍewi Émile ŋ王 \u0000\u202e–', inWindows1252), "Nur'aini Dewi Émile ng? –");
  assert.equal(printable('Ngaliyan e\u0301\r\nbaris', inWindows1252), 'Ngaliyan é\nbaris');
});

test('other readers find no fault in the file', { skip: without('qpdf') }, async () => {
  const { status, stdout, stderr } = spawnSync('qpdf', ['--check', await saved({ ...LETTER, demo: true })]);
  assert.equal(status, 0, `${stdout}${stderr}`);
});

test('a phone reads the code from the printed page, also under the mark of an example', {
  skip: without('pdftoppm', 'zbarimg'),
}, async () => {
  const path = await saved({ ...LETTER, demo: true });
  spawnSync('pdftoppm', ['-png', '-r', '110', path, join(folder, 'page')]);
  const { stdout } = spawnSync('zbarimg', ['-q', '--raw', join(folder, 'page-1.png')]);
  assert.equal(stdout.toString().trim(), LETTER.verifyUrl);
});
