// Draws the pictures of the README anew, by hand: `node test/pictures.ts`. A world of its own with a clock that stands
// still, so that the same pages give the same pictures; pdftoppm (poppler-utils) is needed for the issued paper only.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { context } from '#platform/context.ts';
import { newId } from '#platform/ids.ts';
import { actOnApplication, loadByNumber, submitApplication } from '#src/applications/actions.ts';
import { trackCode } from '#src/applications/track.ts';
import { DEMO_PASSWORD } from '#src/demo.ts';
import { documentsOf, openDocument } from '#src/documents/actions.ts';
import { openBrowser, phone, serveWorld } from './browser.ts';
import { globalSetup, globalTeardown } from './setup.ts';
import { MORNING, openTestWorld } from './world.ts';

const ROOT = join(import.meta.dirname, '..');
const OUT = join(ROOT, 'docs/gambar');
mkdirSync(OUT, { recursive: true });

await globalSetup();
const t = await openTestWorld();
const site = await serveWorld(t);
const browser = await openBrowser();

const example = (service: string) =>
  JSON.parse(readFileSync(join(ROOT, `services/${service}/example.json`), 'utf8')) as {
    answers: Record<string, unknown>;
  };

/** A case that came in some minutes before this morning, through one of the doors. */
async function submit(service: string, minutesAgo: number, over: object = {}) {
  t.setClock(new Date(MORNING.getTime() - minutesAgo * 60_000));
  const ctx = context(t.world, { kind: 'resident', holds: [] }, 'online', newId());
  const { id, number } = await submitApplication(ctx, {
    service,
    answers: { ...example(service).answers, ...over },
    documents: [],
    channel: 'online',
  });
  return { id, number, code: trackCode(t.world.keys, id).replaceAll('-', '') };
}

async function act(login: string, number: string, action: string, more: object = {}) {
  const ctx = { ...t.ctx(await t.officer(login)), commandId: newId() };
  const { stored } = await loadByNumber(ctx, number);
  await actOnApplication(ctx, number, { action, from: stored.application.state, ...more });
}

/** The upper part of a page, or the part that begins at a heading. */
async function draw(page: Page, name: string, height: number, from?: string): Promise<void> {
  const seen = from ? ((await page.locator(from).first().boundingBox())?.y ?? 0) : 0;
  const top = from ? seen + Number(await page.evaluate('scrollY')) - 16 : 0;
  const { width = 360 } = page.viewportSize() ?? {};
  const clip = { x: 0, y: Math.max(0, top), width, height };
  await page.screenshot({ path: join(OUT, `${name}.png`), fullPage: true, clip });
}

const DAY = 24 * 60;
try {
  await submit('kk-baru', 5 * DAY);
  await submit('ktp-hilang', 4 * DAY);
  await submit('akta-kematian', 4 * DAY - 200, { namaPemohon: 'Sulastri Contoh' });
  await submit('kia', 3 * DAY);
  await submit('pindah-keluar', 3 * DAY - 90);
  await submit('akta-kelahiran', 3 * DAY - 200, { namaPemohon: 'Kartini Contoh' });
  await submit('ktp-perubahan', 45);
  await submit('kk-perubahan', 40);
  await submit('akta-perkawinan', 30);
  const birth = await submit('akta-kelahiran', 20);
  const mend = await submit('akta-kelahiran', 3 * DAY - 60, { namaPemohon: 'Wahyu Contoh' });
  const done = await submit('akta-kelahiran', 4 * DAY, { namaPemohon: 'Bagas Contoh' });
  t.setClock(new Date(MORNING.getTime() - 2.7 * DAY * 60_000));
  await act('verifikator', mend.number, 'minta-perbaikan', {
    correction: { fields: ['namaAnak'], requirements: ['kk'] },
    note: 'Nama anak tidak sama dengan surat kelahiran, dan foto KK terpotong.',
  });
  await act('verifikator', done.number, 'setujui-berkas');
  await act('pengesah', done.number, 'sahkan');
  await t.work();
  t.setClock(MORNING);

  const hand = await phone(browser, site.url);
  const page = await hand.newPage();
  await page.goto('/');
  await draw(page, 'beranda-360', 900);
  await page.goto('/layanan/akta-kelahiran');
  await page.getByLabel('Di rumah').check();
  await page.getByLabel('Ya', { exact: true }).check();
  await page.getByRole('button', { name: 'Tunjukkan syarat saya' }).click();
  await draw(page, 'layanan-360', 860, '#syarat');
  await page
    .getByRole('button', { name: /Ajukan/ })
    .first()
    .click();
  await page.waitForLoadState();
  await draw(page, 'pertanyaan-360', 900);
  await page.goto(`/lacak/${birth.number}/${birth.code}`);
  await page.goto(`/lacak/${birth.number}/terima`);
  await draw(page, 'tanda-terima-360', 900);
  await page.goto(`/lacak/${mend.number}/${mend.code}`);
  await draw(page, 'lacak-360', 1000);
  const [paper] = await documentsOf(t.ctx(), done.id);
  if (!paper) throw new Error('no document was issued');
  await page.goto(`/verifikasi/${paper.code}`);
  await draw(page, 'verifikasi-360', 900);

  const desk = await (
    await browser.newContext({ baseURL: site.url, viewport: { width: 1280, height: 720 }, locale: 'id-ID' })
  ).newPage();
  await desk.goto('/masuk');
  await desk.getByLabel('Nama akun').fill('verifikator');
  await desk.getByLabel('Kata sandi').fill(DEMO_PASSWORD);
  await desk.getByRole('button', { name: 'Masuk', exact: true }).click();
  await desk.waitForURL('**/kerja');
  await draw(desk, 'kotak-masuk-1280', 590);
  await desk.goto(`/kerja/${birth.number}`);
  await draw(desk, 'berkas-1280', 860);

  const file = await openDocument(t.ctx(), paper);
  const pdf = join(OUT, 'dokumen.pdf');
  writeFileSync(pdf, file?.bytes ?? '');
  spawnSync('pdftoppm', ['-r', '80', '-png', '-f', '1', '-singlefile', pdf, join(OUT, 'dokumen')], {
    stdio: 'inherit',
  });
  rmSync(pdf);
} finally {
  await browser.close();
  await site.close();
  await t.close();
  await globalTeardown();
}
