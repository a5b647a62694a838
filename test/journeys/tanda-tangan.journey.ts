// A paper that needs a signature, from the desk to a stranger's hands: the head of the office signs through a signing
// service, the mother fetches the file, other programs and a page without a network find it genuine. Real browser.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { context } from '#platform/context.ts';
import { signValue } from '#platform/crypto.ts';
import { openFile } from '#platform/files.ts';
import { newId } from '#platform/ids.ts';
import { actOnApplication, submitApplication } from '#src/applications/actions.ts';
import { documentsOf } from '#src/documents/actions.ts';
import { enter } from '#src/identity/actions.ts';
import { faults, monitor, openBrowser, phone, serveWorld } from '../browser.ts';
import { BSRE_LOGIN, type FakeBsre, startBsre } from '../bsre.ts';
import { signPaper } from '../papers.ts';
import { openTestWorld, type TestWorld } from '../world.ts';

const SHOTS = process.env.PENDOPO_SHOTS;
const NIK = '3316019001019001';
const example = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../services/akta-kelahiran/example.json'), 'utf8'),
);
const has = (...programs: string[]) => programs.every((one) => spawnSync(one, ['--version']).error === undefined);

let t: TestWorld;
let bsre: FakeBsre;
let site: { url: string; close(): Promise<void> };
let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), 'pendopo-tanda-tangan-'));

before(async () => {
  t = await openTestWorld();
  bsre = await startBsre(2);
  t.world.config.signing = { kind: 'bsre-v2', url: bsre.url, ...BSRE_LOGIN, timeoutMs: 2000, trust: bsre.seal.pem };
  site = await serveWorld(t);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await site?.close();
  await bsre?.close();
  await t?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function look(page: Page, name: string): Promise<void> {
  if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
  assert.deepEqual(await faults(page), [], name);
}
const words = async (page: Page): Promise<string> => (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ');

async function deskOf(login: string): Promise<Page> {
  const actor = await t.officer(login);
  if (actor.kind !== 'officer') throw new Error(login);
  const desk = await monitor(browser, site.url);
  await desk.addCookies([{ name: 'sesi', value: await enter(t.ctx(), actor.id, 'Uji'), url: site.url }]);
  return desk.newPage();
}

/** A birth, decided by the officers; its paper has been drawn. */
async function completed(name: string): Promise<{ id: string; number: string }> {
  const ctx = context(t.world, { kind: 'resident', holds: [] }, 'online', newId());
  const { id, number } = await submitApplication(ctx, {
    service: 'akta-kelahiran',
    answers: { ...example.answers, namaAnak: name },
    documents: [],
    channel: 'online',
  });
  for (const [login, action, from] of [
    ['verifikator', 'setujui-berkas', 'verifikasi'],
    ['pengesah', 'sahkan', 'pengesahan'],
  ] as const)
    await actOnApplication(context(t.world, await t.officer(login), 'desk', newId()), number, { action, from });
  await t.work();
  return { id, number };
}

describe('a paper that needs a signature', () => {
  let first: { id: string; number: string };
  let second: { id: string; number: string };
  let mother: BrowserContext;
  let head: Page;
  let pdf: Buffer;
  let qr = '';

  test('the head of the office sets the letterhead, and the next paper bears it', async () => {
    head = await deskOf('kepala');
    await head.goto('/kerja/pengelola/kop');
    await head.getByLabel('Nama instansi').fill('');
    await head.getByRole('button', { name: 'Simpan kop' }).click();
    assert.match(await words(head), /Nama instansi wajib diisi/);
    await look(head, 'kop-salah');
    await head.getByLabel('Nama instansi').fill('Dinas Contoh Kependudukan');
    await head.getByLabel('Telepon').fill('(0296) 000000');
    await head.getByLabel('Daun jati').check();
    await head.getByRole('button', { name: 'Simpan kop' }).click();
    assert.match(await words(head), /Kop versi 1 tersimpan/);
    await look(head, 'kop');
    first = await completed('Anak Contoh Satu');
    second = await completed('Anak Contoh Dua');
  });

  test('the mother reads that it waits for a signature, and is not handed an unfinished paper', async () => {
    mother = await phone(browser, site.url, true);
    const held = signValue(t.world.keys, first.id);
    await mother.addCookies([{ name: 'berkas', value: held, url: site.url }]);
    const page = await mother.newPage();
    await page.goto(`/lacak/${first.number}`);
    assert.match(await words(page), /menunggu tanda tangan elektronik pejabat/);
    const [document] = await documentsOf(t.world, first.id);
    assert.equal((await page.goto(`/lacak/${first.number}/dokumen/${document?.id}`))?.status(), 404);
    await page.goto(`/verifikasi/${document?.code}`);
    assert.match(await words(page), /belum ditandatangani/);
    await look(page, 'belum-ditandatangani');
  });

  test('a wrong passphrase is said in a sentence and written back nowhere', async () => {
    await head.goto(`/kerja/${first.number}`);
    await head.getByRole('link', { name: 'Tanda tangani' }).click();
    await head.waitForURL(/tanda-tangan/);
    assert.equal(await head.getByRole('checkbox').first().isChecked(), true);
    await head.getByRole('button', { name: 'Tanda tangani yang dipilih' }).click();
    assert.match(await words(head), /Tulis passphrase tanda tangan Anda/);
    await look(head, 'tanda-tangan-salah');
    bsre.mood = 'wrong-passphrase';
    await head.getByLabel('NIK atau e-mail Anda').fill(NIK);
    await head.getByLabel('Passphrase').fill('keliru-123');
    await head.getByRole('button', { name: 'Tanda tangani yang dipilih' }).click();
    assert.match(await words(head), /Passphrase keliru/);
    const html = await head.content();
    assert.ok(!html.includes('keliru-123') && !html.includes(NIK) && !head.url().includes('keliru'));
  });

  test('the head signs one; the other breaks on the way and is settled with the file from the provider', async () => {
    bsre.mood = 'good';
    await head.goto('/kerja/tanda-tangan');
    await look(head, 'tanda-tangan');
    const sign = async (number: string) => {
      await head.getByRole('checkbox', { name: new RegExp(number) }).check();
      await head.getByLabel('NIK atau e-mail Anda').fill(NIK);
      await head.getByLabel('Passphrase').fill('benar-123');
      await head.getByRole('button', { name: 'Tanda tangani yang dipilih' }).click();
    };
    const [one] = await documentsOf(t.world, first.id);
    const [two] = await documentsOf(t.world, second.id);
    await sign(one?.number ?? '');
    assert.match(await words(head), /1 dari 1 dokumen bertanda tangan/);
    bsre.mood = 'cut';
    await sign(two?.number ?? '');
    assert.match(await words(head), /Perlu dipastikan/);
    await look(head, 'perlu-dipastikan');
    bsre.mood = 'good';
    const drawn = await openFile(t.world, two?.file ?? '');
    writeFileSync(join(folder, 'hasil.pdf'), signPaper(drawn?.bytes ?? Buffer.alloc(0), bsre.seal));
    await head.getByText('Sudah ditandatangani: unggah hasilnya').click();
    await head.getByLabel('PDF dari penyedia').setInputFiles(join(folder, 'hasil.pdf'));
    await head.getByRole('button', { name: 'Periksa dan pakai' }).click();
    assert.match(await words(head), /1 dari 1 dokumen bertanda tangan/);
    assert.match(await words(head), /Tidak ada dokumen yang menunggu/);
    assert.equal(bsre.signings.filter(({ passphrase }) => passphrase === 'benar-123').length, 2, 'each was sent once');
  });

  test('the mother fetches the file, and programs of others find it valid and whole', async (given) => {
    const page = await mother.newPage();
    await page.goto(`/lacak/${first.number}`);
    assert.match(await words(page), /bertanda tangan elektronik/);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText(/Unduh .*PDF/).click()]);
    const path = join(folder, 'surat.pdf');
    await download.saveAs(path);
    pdf = readFileSync(path);
    if (!has('pdfsig', 'qpdf', 'pdftoppm', 'zbarimg', 'pdftotext'))
      return given.skip('pdfsig, qpdf, pdftoppm, zbarimg or pdftotext is not installed');
    const said = spawnSync('pdfsig', [path]).stdout.toString();
    assert.match(said, /Signature is Valid/);
    assert.match(said, /Total document signed/);
    assert.equal(spawnSync('qpdf', ['--check', path]).status, 0);
    assert.match(spawnSync('pdftotext', [path, '-']).stdout.toString(), /Dinas Contoh Kependudukan/);
    spawnSync('pdftoppm', ['-png', '-r', '150', '-singlefile', path, join(folder, 'surat')]);
    qr = spawnSync('zbarimg', ['-q', '--raw', join(folder, 'surat.png')])
      .stdout.toString()
      .trim();
    assert.match(qr, /\/verifikasi\/[0-9A-Z]{26}#[0-9A-Z]+$/);
  });

  test('a stranger’s phone checks the file, and an altered one is refused', async () => {
    const stranger = await (await phone(browser, site.url, true)).newPage();
    const check = async (bytes: Buffer) => {
      writeFileSync(join(folder, 'dibawa.pdf'), bytes);
      await stranger.goto('/verifikasi');
      await stranger.getByLabel('Berkas PDF').setInputFiles(join(folder, 'dibawa.pdf'));
      await stranger.getByRole('button', { name: 'Periksa berkas' }).click();
      return words(stranger);
    };
    assert.match(await check(pdf), /Berkas ini asli dan berlaku/);
    await look(stranger, 'berkas-asli');
    assert.match(await check(Buffer.concat([pdf, Buffer.from('\n% tambahan\n%%EOF')])), /Berkas ini sudah diubah/);
    await look(stranger, 'berkas-diubah');
  });

  test('the saved page checks the code without any network, and knows a changed one', async (given) => {
    if (!qr) return given.skip('zbarimg did not read a code on this machine');
    const stranger = await phone(browser, site.url, true);
    const page = await stranger.newPage();
    const html = await (await page.goto('/verifikasi/luring'))?.text();
    await look(page, 'luring');
    await stranger.setOffline(true);
    const check = async (at: Page, text: string) => {
      await at.getByLabel('Tempel alamat dari kode QR').fill(text);
      await at.getByRole('button', { name: 'Periksa', exact: true }).click();
      await at.locator('#hasil .note').waitFor();
      return (await at.locator('#hasil').innerText()).replaceAll(/\s+/g, ' ');
    };
    const good = await check(page, qr);
    assert.match(good, /Kode asli dari dunia contoh/);
    assert.match(good, /Bukti Pencatatan Kelahiran/);
    assert.match(good, /\w\*\*\*/);
    await look(page, 'luring-asli');
    const at = qr.indexOf('#') + 30;
    const forged = qr.slice(0, at) + (qr[at] === 'A' ? 'B' : 'A') + qr.slice(at + 1);
    assert.match(await check(page, forged), /Kode ini tidak asli|Kunci surat ini tidak dikenal/);
    // the same, from a file on the phone
    writeFileSync(join(folder, 'luring.html'), html ?? '');
    const saved = await stranger.newPage();
    await saved.goto(`file://${join(folder, 'luring.html')}`);
    assert.match(await check(saved, qr), /Kode asli dari dunia contoh/);
  });
});
