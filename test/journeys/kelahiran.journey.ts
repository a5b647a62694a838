// A father in Bangkleyan registers a birth from a cheap phone without script while officers work the case; in the end
// anyone can verify the paper. A real browser, the real program, the real database.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { DEMO_PASSWORD } from '#src/demo.ts';
import { faults, monitor, openBrowser, phone, serveWorld } from '../browser.ts';
import { openTestWorld, type TestWorld } from '../world.ts';

// a white square of 40 × 40: what matters is that it is a picture
const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const SHOTS = process.env.PENDOPO_SHOTS;

let t: TestWorld;
let site: { url: string; close(): Promise<void> };
let browser: Browser;
let farmer: BrowserContext;
let page: Page;
/** Every page the journey came by, to be looked at by axe afterwards. */
const seen = new Map<string, BrowserContext>();

before(async () => {
  t = await openTestWorld();
  site = await serveWorld(t);
  browser = await openBrowser();
  farmer = await phone(browser, site.url);
  page = await farmer.newPage();
});
after(async () => {
  await browser?.close();
  await site?.close();
  await t?.close();
});

/** Notes the page for axe, and keeps its picture when asked for. */
async function look(at: Page, name: string): Promise<void> {
  seen.set(new URL(at.url()).pathname + new URL(at.url()).search, at.context());
  if (SHOTS) await at.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}
const next = (at: Page = page, name = 'Lanjutkan') => at.getByRole('button', { name, exact: true }).first().click();
const words = async (at: Page = page): Promise<string> =>
  (await at.locator('main').innerText()).replaceAll(/\s+/g, ' ');

async function signIn(login: string): Promise<Page> {
  const desk = await (await monitor(browser, site.url)).newPage();
  await desk.goto('/masuk');
  await desk
    .getByLabel(/Nama akun|nama masuk/i)
    .first()
    .fill(login);
  await desk
    .getByLabel(/kata sandi/i)
    .first()
    .fill(DEMO_PASSWORD);
  await desk.getByRole('button', { name: 'Masuk', exact: true }).first().click();
  await desk.waitForURL('**/kerja');
  return desk;
}

describe('a birth in Bangkleyan, from the phone to a verified paper', () => {
  let number = '';
  let code = '';

  test('he finds the service although he spells it as he speaks, and sees what to bring', async () => {
    await page.goto('/');
    await look(page, 'resident-home');
    await page.getByRole('searchbox').or(page.getByRole('textbox')).first().fill('akte lahr');
    await next(page, 'Cari');
    await look(page, 'resident-search');
    await page.getByRole('link', { name: 'Akta Kelahiran' }).first().click();
    await look(page, 'resident-service');
    await page.getByLabel('Di rumah').check();
    await page.getByLabel('Ya', { exact: true }).check();
    await page
      .locator('form', { has: page.getByLabel('Di rumah') })
      .getByRole('button')
      .first()
      .click();
    const shown = await words();
    assert.match(shown, /dari kepala desa atau lurah/);
    assert.doesNotMatch(shown, /Berita acara dari kepolisian/);
    await look(page, 'resident-checklist');
    await page
      .getByRole('button', { name: /Ajukan/ })
      .first()
      .click();
  });

  test('he answers page by page; a slip is pointed at and nothing typed is lost', async () => {
    assert.match(await words(), /Untuk siapa permohonan ini/);
    await page.getByLabel('Untuk saya sendiri').check();
    await look(page, 'resident-whose');
    await next();
    assert.match(await words(), /Siapa anak yang lahir/);
    await page.getByLabel('Nama lengkap anak').fill('Bagas Contoh');
    await page.getByLabel('Laki-laki').check();
    await next();
    await look(page, 'resident-error');
    assert.match(await page.title(), /^Kesalahan/);
    assert.equal(await page.getByLabel('Nama lengkap anak').inputValue(), 'Bagas Contoh');
    await page.locator('[name="tanggalLahir.d"]').fill('10');
    await page.locator('[name="tanggalLahir.m"]').selectOption('11');
    await page.locator('[name="tanggalLahir.y"]').fill('2026');
    await page.getByLabel('Anak ke berapa?').fill('1');
    await next();
    await look(page, 'resident-question');
    await page.getByLabel('Nama ibu').fill('Ibu Contoh');
    await page.getByLabel('NIK ibu').fill('3316 0145 0595 9002');
    await page.getByLabel('Nama ayah').fill('Ayah Contoh');
    await page.getByLabel('NIK ayah').fill('3316010101909001');
    await next();
    await page.getByLabel('Nomor Kartu Keluarga').fill('3316011111209003');
    await next();
    for (const [who, nik] of [
      ['Saksi Satu', '3316010202809004'],
      ['Saksi Dua', '3316010303809005'],
    ] as const) {
      await page.getByLabel('Nama saksi').fill(who);
      await page.getByLabel('NIK saksi').fill(nik);
      await next();
    }
    await page.getByLabel('Nama lengkap Anda').fill('Ayah Contoh');
    await page.getByLabel('NIK Anda').fill('3316010101909001');
    await next();
    await look(page, 'resident-village');
    await page.getByRole('searchbox').or(page.getByRole('textbox')).first().fill('bangkleyan');
    await page.getByRole('button', { name: /Cari/ }).first().click();
    await look(page, 'resident-village-found');
    await page
      .getByLabel(/Bangkleyan/)
      .first()
      .check();
    await next();
    await page.getByLabel('Nomor HP').fill('0812 0000 9001');
    await next();
  });

  test('he photographs one document and will show the others; he checks and sends', async () => {
    const photo = join(tmpdir(), `pendopo-photo-${process.pid}.png`);
    writeFileSync(photo, PHOTO);
    await look(page, 'resident-document');
    await page.locator('input[type=radio]').first().check();
    await page.locator('input[type=file]').last().setInputFiles(photo);
    await page
      .getByRole('button', { name: /Unggah|Kirim foto/ })
      .first()
      .click();
    await look(page, 'resident-uploaded');
    for (let tries = 0; tries < 6; tries++) {
      // on a busy machine the page before has gone while the next is not yet there: nothing to count
      await page
        .getByRole('button', { name: /nanti|^Lanjutkan$|^Kirim/i })
        .first()
        .waitFor();
      if (page.url().endsWith('/periksa')) break;
      const later = page.getByRole('button', { name: /nanti/i });
      if (await later.count()) {
        if (
          (await page.locator('input[type=radio]:checked').count()) === 0 &&
          (await page.locator('input[type=radio]').count())
        )
          await page.locator('input[type=radio]').first().check();
        await later.first().click();
      } else await next();
    }
    await look(page, 'resident-check');
    assert.match(await words(), /Bangkleyan, Jati/);
    await page.locator('input[type=checkbox]').check();
    await page.getByRole('button', { name: /Kirim/ }).click();
    await look(page, 'resident-receipt');
    [number = '', code = ''] = (await page.locator('.code').allInnerTexts()).map((text) =>
      text.replaceAll(/[^0-9A-Z-]/g, ''),
    );
    assert.match(number, /^261123-/);
    assert.match(await words(), /Selasa, 24 November 2026/);
  });

  test('sending again by the back button makes no second case', async () => {
    await page.goBack();
    await page.goto(page.url());
    const { rows } = await t.world.pool.query('SELECT count(*)::int AS n FROM applications.applications');
    assert.equal(rows[0].n, 1);
  });

  test('the verifier finds it in the inbox and asks for one mended answer', async () => {
    const desk = await signIn('verifikator');
    await look(desk, 'desk-inbox');
    await desk.getByRole('link', { name: number }).first().click();
    await look(desk, 'desk-case');
    const ask = desk.locator('details', { hasText: 'Minta perbaikan' }).first();
    if (!(await ask.getAttribute('open'))) await ask.locator('summary').first().click();
    await ask.getByLabel('Nama lengkap anak').check();
    await ask.locator('textarea').fill('Nama anak tidak sama dengan surat kelahiran.');
    await look(desk, 'desk-correction');
    await ask.getByRole('button').first().click();
    assert.match(await words(desk), /diminta memperbaiki; waktu janji berhenti/);
    await desk.context().close();
    seen.delete('/kerja');
  });

  test('he follows with number and code from another phone, mends it, and the clock goes on', async () => {
    t.pass(24 * 60);
    farmer = await phone(browser, site.url);
    page = await farmer.newPage();
    await page.goto('/lacak');
    await look(page, 'resident-track');
    await page.getByLabel(/Nomor permohonan/i).fill(number.toLowerCase());
    await page.getByLabel(/Kode/i).fill(code.replace('-', ' '));
    await page.locator('main form').first().getByRole('button').click();
    assert.match(await words(), /perlu Anda perbaiki/i);
    await look(page, 'resident-follow');
    await page
      .getByRole('link', { name: /Perbaiki/i })
      .first()
      .click();
    assert.match(await words(), /tidak sama dengan surat kelahiran/);
    assert.equal(await page.getByLabel('NIK ibu').count(), 0);
    await page.getByLabel('Nama lengkap anak').fill('Bagas Sejati Contoh');
    await look(page, 'resident-mend');
    await page.locator('main form').last().getByRole('button').first().click();
    assert.match(await words(), /sedang diperiksa/i);
  });

  test('verifier and approver finish it with the keyboard at hand; the paper is made', async () => {
    for (const [login, button] of [
      ['verifikator', /Berkas lengkap/],
      ['pengesah', /Sahkan/],
    ] as const) {
      const desk = await signIn(login);
      await desk.goto(`/kerja/${number}`);
      const act = desk.locator('details', { hasText: button }).first();
      if ((await act.getAttribute('open')) === null) await act.locator('summary').first().click();
      await act.getByRole('button').first().click();
      await desk.waitForLoadState();
      if (login === 'pengesah') await look(desk, 'desk-done');
      if (login !== 'pengesah') await desk.context().close();
    }
    assert.ok((await t.work()) >= 1);
  });

  test('he downloads it, and anyone who holds it can verify it', async () => {
    await page.goto(`/lacak/${number}`);
    await look(page, 'resident-done');
    assert.match(await words(), /Selesai/);
    const { rows } = await t.world.pool.query('SELECT code FROM documents.documents');
    const [download] = await Promise.all([
      farmer.request.get(
        (await page
          .getByRole('link', { name: /Unduh|Bukti/ })
          .first()
          .getAttribute('href')) ?? '',
      ),
    ]);
    assert.equal((await download.body()).subarray(0, 5).toString(), '%PDF-');
    const stranger = await (await phone(browser, site.url)).newPage();
    await stranger.goto('/verifikasi');
    await look(stranger, 'verify-form');
    await stranger.getByRole('textbox').first().fill(String(rows[0].code).toLowerCase());
    await stranger.locator('main form').getByRole('button', { name: 'Periksa kode' }).click();
    await look(stranger, 'verify-valid');
    const shown = await words(stranger);
    assert.match(shown, /asli|sah|berlaku/i);
    assert.doesNotMatch(shown, /Bagas|Ayah Contoh|3316/);
    await stranger.goto('/verifikasi/AAAAAAAAAAAAAAAAAAAAAAAAAA');
    assert.match(await words(stranger), /tidak/i);
    await look(stranger, 'verify-unknown');
  });

  test('axe finds nothing on any page he or the officers came by, and none is wider than its window', async () => {
    const found: string[] = [];
    for (const [path, context] of seen) {
      const desk = path.startsWith('/kerja');
      const copy = desk ? await monitor(browser, site.url) : await phone(browser, site.url, true);
      await copy.addCookies(await context.cookies().catch(() => []));
      const look = await copy.newPage();
      await look.goto(path);
      found.push(...(await faults(look)).map((fault) => `${path}: ${fault}`));
      await copy.close();
    }
    assert.ok(seen.size > 15, `only ${seen.size} pages`);
    assert.deepEqual(found, []);
  });
});
