// An officer is invited, sets a password and an app, decides a case with its code; then adds a passkey and signs in with it
// alone. A real browser with a virtual authenticator, the real program, the real database.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { submitApplication } from '#src/applications/actions.ts';
import { DEMO_PASSWORD } from '#src/demo.ts';
import { faults, monitor, openBrowser, phone, serveWorld } from '../browser.ts';
import { openTestWorld, type TestWorld } from '../world.ts';

const SHOTS = process.env.PENDOPO_SHOTS;
const PASSWORD = 'jagung rebus di teras';
const example = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../services/akta-kelahiran/example.json'), 'utf8'),
);

let t: TestWorld;
let site: { url: string; close(): Promise<void> };
let browser: Browser;
let desk: BrowserContext;
let page: Page;
let number = '';
let invitation = '';
let secret = '';
/** The code that was typed last: it must never be good again. */
let used = '';

before(async () => {
  t = await openTestWorld();
  site = await serveWorld(t);
  t.world.config.publicUrl = site.url; // passkeys are bound to the origin that the browser sees
  browser = await openBrowser();
  desk = await monitor(browser, site.url);
  desk.setDefaultTimeout(10_000);
  page = await desk.newPage();
  const receipt = await submitApplication(t.ctx(), {
    service: 'akta-kelahiran',
    answers: example.answers,
    documents: [],
    owners: [],
    channel: 'online',
  });
  number = receipt.number;
});
after(async () => {
  await browser?.close();
  await site?.close();
  await t?.close();
});

const words = async (at: Page = page): Promise<string> =>
  (await at.locator('main').innerText()).replaceAll(/\s+/g, ' ');
const press = (name: string | RegExp, at: Page = page) => at.getByRole('button', { name, exact: true }).first().click();
const code = (): string => {
  used = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: t.world.clock().getTime() });
  return used;
};

/** Axe on the page as it stands, and its picture on a monitor and on a phone when asked for. */
async function look(name: string, at: Page = page): Promise<void> {
  assert.deepEqual(await faults(at), [], name);
  await at.setViewportSize({ width: 360, height: 740 });
  assert.deepEqual(await faults(at), [], `${name} at 360 px`);
  if (SHOTS) await at.screenshot({ path: join(SHOTS, `${name}-360.png`), fullPage: true });
  await at.setViewportSize({ width: 1280, height: 800 });
  if (SHOTS) await at.screenshot({ path: join(SHOTS, `${name}-1280.png`), fullPage: true });
}

async function signIn(login: string, password = PASSWORD, at: Page = page): Promise<void> {
  await at.goto('/masuk');
  await at.getByLabel('Nama akun').fill(login);
  await at.getByLabel('Kata sandi').fill(password);
  await press('Masuk', at);
}
async function act(name: RegExp): Promise<void> {
  await page.goto(`/kerja/${number}`);
  const deed = page.locator('details', { hasText: name }).first();
  if ((await deed.getAttribute('open')) === null) await deed.locator('summary').first().click();
  await deed.getByRole('button').first().click();
  await page.waitForLoadState();
}

describe('an officer from invitation to decision', () => {
  test('the admin of the agency invites her and is shown the link once', async () => {
    await signIn('pengelola', DEMO_PASSWORD);
    await page.waitForURL('**/kerja/pengelola/orang');
    await look('officer-people');
    await page.getByRole('link', { name: 'Undang petugas' }).click();
    await look('officer-invite');
    await press('Buat undangan');
    assert.match(await page.title(), /^Kesalahan/);
    await page.getByLabel('Nama lengkap').fill('Nuri Contoh');
    await page.getByLabel(/^Verifikator/).check();
    await press('Buat undangan');
    invitation = new URL(await page.locator('code').innerText()).pathname;
    await look('officer-link');
    await page.goto('/kerja/pengelola/orang');
    assert.match(await words(), /Undangan yang belum dipakai.*Nuri Contoh/);
    await press('Keluar');
    await look('officer-signed-out');
  });

  test('she chooses a password; a weak one is pointed at', async () => {
    await page.goto(invitation);
    await look('officer-join');
    assert.equal(await page.getByLabel('Nama akun').inputValue(), 'nuri.contoh');
    await page.getByLabel('Kata sandi').fill('bismillah123');
    await page.getByLabel('Tulis sekali lagi').fill('bismillah123');
    await press('Lanjut ke pengaman kedua');
    assert.match(await words(), /pertama ditebak orang/);
    await look('officer-join-error');
    await page.getByLabel('Kata sandi').fill(PASSWORD);
    await page.getByLabel('Tulis sekali lagi').fill(PASSWORD);
    await press('Lanjut ke pengaman kedua');
    assert.match(await words(), /boleh melihat, belum boleh memutuskan/);
    await look('officer-security-weak');
  });

  test('until she has a second factor she may read a case and not decide it', async () => {
    await page.goto(`/kerja/${number}`);
    assert.match(await words(), /perlu pengaman kedua/);
    assert.equal(await page.getByText('Berkas lengkap dan benar').count(), 0);
  });

  test('she sets up the app by its first code and keeps her recovery codes', async () => {
    await page.goto('/akun/keamanan?ke=/kerja');
    await page.getByRole('link', { name: 'Pasang aplikasi kode' }).click();
    await look('officer-app-before');
    await press('Aplikasinya sudah ada, lanjutkan');
    secret = (await page.locator('.secret b').innerText()).replaceAll(' ', '');
    await look('officer-app');
    await page.getByLabel(/kode enam angka/).fill('000000');
    await press('Pasang');
    assert.match(await words(), /Kode ini tidak cocok/);
    await page.getByLabel(/kode enam angka/).fill(code());
    await press('Pasang');
    assert.equal(await page.locator('ol code').count(), 10);
    await look('officer-recovery');
    await page.emulateMedia({ media: 'print' });
    assert.ok(await page.locator('ol code').first().isVisible(), 'the codes can be printed');
    await page.emulateMedia({ media: null });
    await page.getByRole('link', { name: 'Sudah saya simpan' }).click();
    await page.waitForURL('**/kerja');
    await page.goto('/akun');
    await look('officer-account');
    await press('Keluar');
  });

  test('she signs in with password and code; a wrong and a replayed code are refused', async () => {
    const before = used;
    await signIn('nuri.contoh');
    await page.waitForURL('**/masuk/pengaman?**');
    await look('officer-second');
    await page.getByLabel('Kode enam angka dari aplikasi').fill(before);
    await press('Masuk');
    assert.match(await words(), /Kode tidak cocok atau sudah dipakai/);
    await look('officer-second-wrong');
    t.pass(1);
    await page.getByLabel('Kode enam angka dari aplikasi').fill(code());
    await press('Masuk');
    await page.waitForURL('**/kerja');
  });

  test('she decides the case', async () => {
    await act(/Berkas lengkap dan benar/);
    const { rows } = await t.world.pool.query('SELECT state FROM applications.applications WHERE number = $1', [
      number,
    ]);
    assert.equal(rows[0].state, 'pengesahan');
  });

  test('the invitation opens nothing a second time', async () => {
    const stranger = await (await phone(browser, site.url, true)).newPage();
    await stranger.goto(invitation);
    assert.match(await words(stranger), /sudah dipakai, ditarik, atau lewat waktunya/);
    await look('officer-invitation-gone', stranger);
    await stranger.context().close();
  });

  test('she enrols a passkey on her device and sees it in her list', async () => {
    const cdp = await desk.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.goto('/akun/keamanan');
    await page.getByRole('link', { name: 'Pasang kunci sandi' }).click();
    await page.getByLabel('Nama perangkat').fill('Komputer loket');
    await look('officer-passkey');
    await press('Pasang di perangkat ini');
    await page.waitForURL('**/akun/keamanan?selesai=kunci');
    assert.match(await words(), /Komputer loket/);
    await look('officer-security');
    await press('Keluar');
  });

  test('she signs in with the passkey alone, and as the second step', async () => {
    await page.goto('/masuk?ke=/kerja/arsip');
    await page.getByRole('link', { name: 'Masuk dengan kunci sandi' }).click();
    await look('officer-passkey-sign-in');
    await press('Masuk dengan kunci sandi');
    await page.waitForURL('**/kerja/arsip');
    await press('Keluar');
    await signIn('nuri.contoh');
    await look('officer-second-both');
    await press('Pakai kunci sandi');
    await page.waitForURL('**/kerja');
    await page.goto('/akun');
    assert.doesNotMatch(await words(), /belum boleh memutuskan/);
  });

  test('an unknown passkey signs nobody in', async () => {
    const other = await monitor(browser, site.url);
    const at = await other.newPage();
    const cdp = await other.newCDPSession(at);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await at.goto('/masuk/kunci');
    await press('Masuk dengan kunci sandi', at);
    await at.getByText('Tidak jadi.').waitFor();
    await other.close();
  });

  test('the admin sees her account and closes it; her session is over', async () => {
    const office = await (await monitor(browser, site.url)).newPage();
    await signIn('pengelola', DEMO_PASSWORD, office);
    await office.getByRole('link', { name: 'Nuri Contoh' }).click();
    await look('officer-person', office);
    await office.getByRole('button', { name: 'Nonaktifkan akun' }).click();
    await look('officer-person-ask', office);
    await office.getByRole('button', { name: 'Ya, nonaktifkan' }).click();
    assert.match(await words(office), /Dinonaktifkan/);
    await page.goto('/kerja');
    await page.waitForURL('**/masuk?ke=**');
  });
});
