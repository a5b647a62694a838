// One page that checks papers without a network: its script, the public keys and the names come with it, so that it can
// be saved and opened anywhere. The only residents' page with a script; its policy lets it run that one and connect nowhere.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Env } from '#platform/modules.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { publicKeys } from '#src/documents/qr/actions.ts';
import { button, buttons, details, lead, notice } from '#ui/components.ts';
import { textArea } from '#ui/fields.ts';
import { formatDayMonthYear } from '#ui/format.ts';
import { styleHashes } from '#ui/style.ts';
import { asResident, render, type Web, zone } from '../../pages/site.ts';

const script = readFileSync(join(import.meta.dirname, 'luring.js'), 'utf8');
const hash = createHash('sha256').update(script).digest('base64');
const POLICY = `default-src 'none'; script-src 'sha256-${hash}'; style-src ${styleHashes}; img-src 'self' data: blob:; media-src blob: mediastream:; base-uri 'none'; form-action 'none'; connect-src 'none'`;

export function offlineRoutes(app: Hono<Env>): void {
  app.get('/verifikasi/luring', showOffline);
  app.get('/verifikasi/kunci.json', async (c) => {
    c.header('Access-Control-Allow-Origin', '*');
    c.header('Cache-Control', 'public, max-age=300');
    return c.json({ keys: await publicKeys(asResident(c)) });
  });
}

async function showOffline(c: Web): Promise<Response> {
  const ctx = asResident(c);
  const [keys, catalogue] = await Promise.all([publicKeys(ctx), getCatalogue(ctx)]);
  const products = catalogue.services.flatMap(({ service }) =>
    service.products
      .filter((product) => product.document)
      .map((product) => [`${service.id}/${product.id}`, product.name] as const),
  );
  const data = {
    keys,
    products: Object.fromEntries(products),
    agencies: Object.fromEntries([...catalogue.agencies].map(([id, { name }]) => [id, name])),
  };
  const page = await render(ctx, c.req.path, {
    title: 'Periksa surat tanpa internet',
    nav: [],
    head: html`<meta http-equiv="Content-Security-Policy" content="${POLICY}">\n<meta name="robots" content="noindex">\n`,
    body: html`<h1>Periksa surat tanpa internet</h1>${lead('Simpan halaman ini di HP, lalu buka kapan saja untuk memeriksa kode QR di surat.')}<noscript>${notice({ tone: 'warning', body: html`<p>Halaman ini perlu JavaScript. Tanpa itu, periksa surat lewat halaman Verifikasi.</p>` })}</noscript><div id="hasil" role="status" tabindex="-1"></div><div id="pindai" hidden>${buttons(html`<button class="btn" type="button" id="kamera">Pindai dengan kamera</button>`)}<video id="video" muted playsinline hidden></video><div class="field"><label class="lab" for="foto">atau pilih foto kode QR</label><input type="file" id="foto" accept="image/*"></div></div><form id="periksa">${textArea({ name: 'teks', label: 'Tempel alamat dari kode QR', hint: 'Pindai dengan aplikasi kamera, salin alamatnya, tempel di sini. Panjangnya wajar: isinya bertanda tangan.', rows: 4 })}${buttons(button('Periksa'))}</form>${details('Cara menyimpan halaman ini', html`<p>Di HP: menu peramban (⋮ atau bagikan) lalu <b>Unduh</b> atau <b>Simpan halaman</b>. Di komputer: Ctrl+S. Semua yang dibutuhkan sudah ada di dalamnya.</p>`)}${notice({ body: html`<p>Kunci di halaman ini per ${formatDayMonthYear(ctx.now, zone(ctx))}. Tanpa internet tidak bisa diketahui apakah surat <b>sudah dicabut</b>; untuk itu periksa lewat halaman Verifikasi.</p>` })}`,
  });
  // as text into a block that no browser runs: "<" cannot end it
  const block = `<script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
  return c.body(
    page.replace('</body>', () => `${block}<script>${script}</script></body>`),
    200,
    {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `${POLICY}; frame-ancestors 'none'`,
      'Cache-Control': 'no-cache',
    },
  );
}
