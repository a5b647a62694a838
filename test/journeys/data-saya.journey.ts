// A mother asks for her data to be destroyed, from a cheap phone without script: she takes a copy first, the officer for
// personal data answers within the 3 × 24 hours, and afterwards nothing of her case can be read any more, by anybody.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { context, SYSTEM } from '#platform/context.ts';
import { eventsOf } from '#platform/event-log.ts';
import { verifyChain } from '#platform/events.ts';
import { actOnApplication, type Receipt, submitApplication } from '#src/applications/actions.ts';
import { DEMO_PASSWORD } from '#src/demo.ts';
import { settle } from '#src/privacy/jobs.ts';
import { faults, monitor, openBrowser, phone, serveWorld } from '../browser.ts';
import { openTestWorld, type TestWorld } from '../world.ts';

const example = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../services/surat-domisili/example.json'), 'utf8'),
);
const NAME: string = example.answers.namaPemohon;
const SHOTS = process.env.PENDOPO_SHOTS;

let t: TestWorld;
let site: { url: string; close(): Promise<void> };
let browser: Browser;
let page: Page;
let receipt: Receipt;
let asked = '';
/** Every page the journey came by, to be looked at by axe afterwards. */
const seen = new Map<string, BrowserContext>();

before(async () => {
  t = await openTestWorld();
  site = await serveWorld(t);
  browser = await openBrowser();
  page = await (await phone(browser, site.url)).newPage();
  receipt = await submitApplication(t.ctx(), {
    service: 'surat-domisili',
    answers: example.answers,
    channel: 'online',
  });
  await actOnApplication(t.ctx({ kind: 'resident', holds: [receipt.id] }), receipt.number, { action: 'batalkan' });
});
after(async () => {
  await browser?.close();
  await site?.close();
  await t?.close();
});

async function look(at: Page, name: string): Promise<void> {
  seen.set(new URL(at.url()).pathname + new URL(at.url()).search, at.context());
  if (SHOTS) await at.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}
const words = async (at: Page): Promise<string> => (await at.locator('main').innerText()).replaceAll(/\s+/g, ' ');

async function officer(login: string): Promise<Page> {
  const desk = await (await monitor(browser, site.url)).newPage();
  await desk.goto('/masuk');
  await desk.getByLabel('Nama akun').fill(login);
  await desk.getByLabel('Kata sandi').fill(DEMO_PASSWORD);
  await desk.getByRole('button', { name: 'Masuk', exact: true }).first().click();
  await desk.waitForURL('**/kerja');
  return desk;
}

describe('my data, from ask to answer', () => {
  test('she reads what is kept and why, and finds her rights beside her case', async () => {
    await page.goto('/privasi');
    await look(page, 'privasi');
    assert.match(await words(page), /3 × 24 jam/);
    await page.getByRole('link', { name: 'Buka permohonan saya' }).click();
    await page.getByLabel('Nomor permohonan').fill(receipt.number);
    await page.getByLabel('Kode').fill(receipt.track);
    await page.getByRole('button', { name: 'Lihat' }).click();
    await page.getByRole('link', { name: /Data pribadi saya/ }).click();
    assert.match(await words(page), /Yang kami simpan.*Ambil salinannya sekarang/);
    await look(page, 'data-saya');
  });

  test('she takes her copy at once, as JSON and as PDF', async () => {
    const [json, pdf] = await Promise.all(
      ['Unduh untuk komputer (JSON)', 'Unduh PDF'].map(async (name) => {
        const href = await page.getByRole('link', { name }).getAttribute('href');
        return (await page.request.get(href ?? '')).body();
      }),
    );
    const copy = JSON.parse(json?.toString() ?? '');
    assert.ok(copy.applications[0].answers.some((one: { value: unknown }) => one.value === NAME));
    assert.equal(pdf?.subarray(0, 5).toString(), '%PDF-');
  });

  test('she asks for her data to be destroyed, after a slip that is pointed at', async () => {
    await page.getByLabel('Memusnahkan data saya').check();
    await page.getByRole('button', { name: 'Kirim permintaan' }).click();
    assert.match(await page.title(), /^Kesalahan/);
    assert.equal(await page.getByLabel('Memusnahkan data saya').isChecked(), true);
    await look(page, 'data-saya-kesalahan');
    await page.getByLabel('Jelaskan permintaan Anda').fill('Permohonan ini sudah saya batalkan. Tolong musnahkan.');
    await page.getByRole('button', { name: 'Kirim permintaan' }).click();
    assert.match(await words(page), /Permohonan Anda sudah kami terima/);
    asked = /\d{6}-[0-9A-Z]{4}-[0-9A-Z]{3}/.exec(page.url())?.[0] ?? '';
    await look(page, 'data-saya-diterima');
  });

  test('the officer for personal data sees how many hours are left and which case it reaches, and grants it', async () => {
    const desk = await officer('ppdp');
    await desk.goto('/kerja/data-pribadi');
    assert.match(await words(desk), new RegExp(`${asked}.*3 hari lagi`));
    await look(desk, 'ppdp-permintaan');
    await desk.getByRole('link', { name: asked }).click();
    assert.match(await words(desk), new RegExp(`Memusnahkan data saya.*${receipt.number}.*Siap dimusnahkan`));
    await look(desk, 'ppdp-satu');
    for (const path of ['masa-simpan', 'ropa', 'insiden', 'insiden/baru']) {
      await desk.goto(`/kerja/data-pribadi/${path}`);
      await look(desk, `ppdp-${path.replace('/', '-')}`);
    }
    await desk.goto(`/kerja/${asked}`);
    await look(desk, 'ppdp-berkas');
    await desk.getByText('Kabulkan dan jawab').first().click();
    const grant = desk
      .locator('form', { has: desk.getByRole('button', { name: 'Ya, kabulkan dan jawab saja' }) })
      .first();
    await grant.getByRole('textbox').first().fill('Dikabulkan. Data Anda kami musnahkan.');
    await Promise.all([
      desk.waitForResponse((response) => response.request().method() === 'POST'),
      grant.getByRole('button', { name: 'Ya, kabulkan dan jawab saja' }).click(),
    ]);
    await settle(context(t.world, SYSTEM, 'system'));
    await t.work();
  });

  test('she reads the answer, and of her case only the outer facts are left', async () => {
    await page.goto(`/lacak/${asked}`);
    assert.match(await words(page), /Dikabulkan. Data Anda kami musnahkan/);
    await look(page, 'data-saya-dijawab');
    await page.goto(`/lacak/${receipt.number}`);
    const left = await words(page);
    assert.match(left, /\(dimusnahkan\)/);
    assert.ok(!left.includes(NAME));
    await look(page, 'data-saya-dimusnahkan');
    await page.goto(`/lacak/${receipt.number}/data`);
    assert.match(await words(page), /dimusnahkan.*Memusnahkan data saya/);
    const rows = await t.world.pool.query(
      'SELECT key, octet_length(answers) AS n FROM applications.applications WHERE id = $1',
      [receipt.id],
    );
    assert.deepEqual(rows.rows, [{ key: null, n: 0 }]);
    assert.equal(verifyChain(await eventsOf(t.world, receipt.id)), undefined);
  });

  test('every page on the way is accessible (WCAG 2.2 AA) and as wide as its window', async () => {
    const wrong: string[] = [];
    for (const [path, of] of seen) {
      const state = await of.storageState();
      const small = path.startsWith('/kerja') ? { width: 1366, height: 768 } : { width: 360, height: 740 };
      const scripted = await browser.newContext({ baseURL: site.url, storageState: state, viewport: small });
      const at = await scripted.newPage();
      await at.goto(path);
      wrong.push(...(await faults(at)).map((fault) => `${path} ${fault}`));
      await scripted.close();
    }
    assert.deepEqual(wrong, []);
  });
});
