// A mother signs in by code from a cheap phone without script, applies, finds it in her account, lets her neighbour help and takes
// that back, and reads who looked at her data. Then another resident signs in at an identity provider. Real browser, real provider.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { serve } from '@hono/node-server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createApp } from '#src/app.ts';
import { DEMO_PASSWORD } from '#src/demo.ts';
import { faults, monitor, openBrowser, phone } from '../browser.ts';
import { openProvider, type TestProvider } from '../provider.ts';
import { openTestWorld, type TestWorld } from '../world.ts';

const SHOTS = process.env.PENDOPO_SHOTS;

let t: TestWorld;
let provider: TestProvider;
let site: string;
let close: () => Promise<void>;
let browser: Browser;
let mother: BrowserContext;
let page: Page;
/** What axe and the edge of the window found on the pages she came by. */
const found: string[] = [];

before(async () => {
  t = await openTestWorld();
  // the address is known before the server, because the provider must know it too
  let app = createApp(t.world);
  const server = serve({ fetch: (request, env) => app.fetch(request, env), port: 0, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  site = `http://localhost:${(server.address() as { port: number }).port}`;
  provider = await openProvider({ redirect: `${site}/masuk/sso/kembali` });
  app = createApp({ ...t.world, config: { ...t.world.config, publicUrl: site, oidc: provider.setting } });
  close = () =>
    new Promise((resolve) => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close(() => resolve());
    });
  browser = await openBrowser();
  mother = await phone(browser, site);
  page = await mother.newPage();
});
after(async () => {
  await browser?.close();
  await provider?.close();
  await close?.();
  await t?.close();
});

const next = (name: string | RegExp = 'Lanjutkan', at = page) =>
  at
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first()
    .click();
const words = async (at = page) => (await at.locator('main').innerText()).replaceAll(/\s+/g, ' ');

/** Looks at the page as it stands, in a copy that may run axe. */
async function look(at: Page, name: string): Promise<void> {
  if (SHOTS) await at.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
  const copy = await phone(browser, site, true);
  const twin = await copy.newPage();
  await twin.setContent(await at.content());
  found.push(...(await faults(twin)).map((fault) => `${name}: ${fault}`));
  await copy.close();
}

describe('a mother with an account', () => {
  let number = '';

  test('signs in with a code that was sent to her, and no password', async () => {
    await page.goto('/akun');
    assert.match(page.url(), /masuk\?ke=%2Fakun/);
    await look(page, 'warga-masuk');
    await page.getByLabel('Nomor HP atau email').fill('0812 3344 5566');
    await next('Kirim kode');
    await look(page, 'warga-kode');
    await page.getByLabel('Ketik kode enam angka').fill('000000');
    await next();
    await look(page, 'warga-kode-salah');
    assert.match(await words(), /sisa 4 kali/);
    await t.work(); // the worker hands the message to the demo's outbox
    const box = await mother.newPage();
    await box.goto('/contoh/pesan');
    const code = /(\d{6}) adalah kode masuk|Kode masuk Anda: (\d{6})/.exec(await words(box));
    await box.close();
    await page.getByLabel('Ketik kode enam angka').fill(code?.[1] ?? code?.[2] ?? '');
    await next();
    assert.match(await words(), /Belum ada permohonan/);
    await look(page, 'warga-akun-kosong');
  });

  test('applies for herself and finds the case in her account without any code', async () => {
    await page.goto('/layanan/akta-kelahiran/ajukan');
    await next('Mulai');
    await look(page, 'warga-untuk-siapa');
    await page.getByLabel('Untuk orang lain').check();
    await next();
    await look(page, 'warga-kuasa-isian');
    await page.goBack();
    await page.getByLabel('Untuk saya sendiri').check();
    await next();
    await page.getByLabel('Di rumah').check();
    await next();
    await page.getByLabel('Ya', { exact: true }).check();
    await next();
    await page.getByLabel('Nama lengkap anak').fill('Bagas Contoh');
    await page.getByLabel('Laki-laki').check();
    await page.locator('[name="tanggalLahir.d"]').fill('10');
    await page.locator('[name="tanggalLahir.m"]').selectOption('11');
    await page.locator('[name="tanggalLahir.y"]').fill('2026');
    await page.getByLabel('Anak ke berapa?').fill('1');
    await next();
    await page.getByLabel('Nama ibu').fill('Ibu Contoh');
    await page.getByLabel('NIK ibu').fill('3316014505959002');
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
    await page.getByLabel('Nama lengkap Anda').fill('Ibu Contoh');
    await page.getByLabel('NIK Anda').fill('3316014505959002');
    await next();
    await page.getByRole('searchbox').or(page.getByRole('textbox')).first().fill('bangkleyan');
    await next(/Cari/);
    await page
      .getByLabel(/Bangkleyan/)
      .first()
      .check();
    await next();
    await page.getByLabel('Nomor HP').fill('0812 3344 5566');
    await next();
    for (let tries = 0; tries < 6; tries++) {
      await page
        .getByRole('button', { name: /nanti|^Kirim permohonan/i })
        .first()
        .waitFor();
      if (page.url().endsWith('/periksa')) break;
      const radio = page.locator('input[type=radio]');
      if ((await radio.count()) > 0 && (await page.locator('input[type=radio]:checked').count()) === 0)
        await radio.first().check();
      await next(/nanti/i);
    }
    await look(page, 'warga-periksa');
    await page.locator('input[type=checkbox]').check();
    await next(/Kirim permohonan/);
    number = (await page.locator('.code').first().innerText()).replaceAll(/[^0-9A-Z-]/g, '');
    await page.goto('/akun');
    assert.match(await words(), new RegExp(`Akta Kelahiran.*${number}`));
    await look(page, 'warga-akun');
  });

  test('lets her neighbour help for a week, and takes it back', async () => {
    await page.goto(`/lacak/${number}/kuasa`);
    await page.getByText('Beri kuasa').first().click();
    await page.getByLabel('Nama orang yang membantu Anda').fill('Tetangga Contoh');
    await page.getByLabel('Lainnya').check();
    await page.getByLabel('Berlaku berapa hari?').fill('7');
    await look(page, 'warga-beri-kuasa');
    await next('Beri kuasa');
    const code = (await page.locator('.code').first().innerText()).replaceAll(/[^0-9A-Z-]/g, '');
    await look(page, 'warga-kuasa');

    const neighbour = await (await phone(browser, site)).newPage();
    await neighbour.goto('/lacak');
    await neighbour.getByLabel('Nomor permohonan').fill(number);
    await neighbour.getByLabel('Kode').fill(code);
    await next('Lihat', neighbour);
    assert.match(await words(neighbour), /sebagai kuasa untuk Ibu Contoh sampai 30 November 2026/);
    await look(neighbour, 'warga-penerima-kuasa');

    await page.goto(`/lacak/${number}`);
    assert.match(await words(), /Boleh diurus oleh Tetangga Contoh/);
    await page.getByRole('link', { name: /Lihat atau cabut kuasa/ }).click();
    await page.getByText('Cabut kuasa ini').click();
    await next('Ya, cabut');
    assert.match(await words(), /Kuasa dicabut/);
    await look(page, 'warga-kuasa-dicabut');
    await neighbour.reload();
    assert.match(await words(neighbour), /Masukkan kode dari tanda terima/);
    await neighbour.context().close();
  });

  test('reads who looked at her data, and why', async () => {
    const desk = await (await monitor(browser, site)).newPage();
    await desk.goto('/masuk');
    await desk.getByLabel('Nama akun').fill('verifikator');
    await desk.getByLabel('Kata sandi').fill(DEMO_PASSWORD);
    await desk.getByRole('button', { name: 'Masuk', exact: true }).click();
    await desk.waitForURL('**/kerja');
    await desk.goto(`/kerja/${number}`);
    assert.match(await words(desk), /Boleh diurus oleh Tetangga Contoh.*dicabut/);
    await desk.reload();
    await desk.context().close();
    await page.goto('/akun');
    await page.getByRole('link', { name: 'Siapa melihat data saya?' }).click();
    const shown = await words();
    assert.equal(shown.split('Membuka permohonan').length, 2);
    assert.match(shown, /Dinas Kependudukan dan Pencatatan Sipil \(verifikator/);
    assert.doesNotMatch(shown, /Vera/);
    await look(page, 'warga-dilihat');
  });

  test('sees her devices and contacts, and leaves', async () => {
    await page.goto('/akun/perangkat');
    assert.match(await words(), /Chrome di .*perangkat ini/);
    await look(page, 'warga-perangkat');
    await page.goto('/akun/kontak');
    await look(page, 'warga-kontak');
    await page.goto('/akun/tutup');
    await look(page, 'warga-tutup');
    await page.goto('/akun');
    await next('Keluar dari akun');
    await page.goto('/akun');
    assert.match(page.url(), /\/masuk/);
    await page.goto(`/lacak/${number}`);
    assert.match(await words(), /Masukkan kode dari tanda terima/);
  });

  test('no page of hers has a barrier or runs over the edge of a small screen', () => {
    assert.deepEqual(found, []);
  });
});

describe('a resident of an identity provider', () => {
  test('presses the button, signs in there, and comes back signed in; refusing there leads back to the other way', async () => {
    const context = await phone(browser, site);
    const there = await context.newPage();
    await there.goto('/masuk?ke=/akun/kontak');
    await there.getByRole('link', { name: 'Masuk dengan Akun Contoh' }).click();
    await there.locator('[name=login]').fill('warga-sso');
    await there.locator('[name=password]').fill('apa-saja');
    await there.locator('button[type=submit]').click();
    await there.locator('button[type=submit]').click(); // consent
    await there.waitForURL('**/akun/kontak');
    assert.match(await words(there), /Anda juga bisa masuk dengan Akun Contoh/);
    await context.close();

    const unwilling = await (await phone(browser, site)).newPage();
    await unwilling.goto('/masuk');
    await unwilling.getByRole('link', { name: 'Masuk dengan Akun Contoh' }).click();
    await unwilling.getByText('[ Cancel ]').click();
    assert.match(await words(unwilling), /Masuk belum berhasil/);
    assert.equal(await unwilling.getByLabel('Nomor HP atau email').count(), 1);
    await look(unwilling, 'warga-sso-batal');
    assert.deepEqual(found, []);
  });
});
