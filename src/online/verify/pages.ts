// Anyone checks whether a paper is ours and still valid; shown is only what helps to compare it with the paper in hand.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { guard } from '#platform/http.ts';
import { grouped, normaliseCode } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { findDocument, neighboursOf } from '#src/documents/actions.ts';
import { button, buttons, lead, notice, section } from '#ui/components.ts';
import { errorSummary, fileField, form, textField } from '#ui/fields.ts';
import { formatDayMonthYear } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { summaryList } from '#ui/lists.ts';
import { asResident, readPost, show, type Web, zone } from '../pages/site.ts';
import { documentRows, linkTo, revocationWords, simulationNotice } from './describing.ts';
import { checkFile } from './file/pages.ts';
import { offlineRoutes } from './offline/pages.ts';

const CODE_LENGTH = 26;
const HIDDEN_FROM_SEARCH = html`<meta name="robots" content="noindex">\n`;

export function verifyRoutes(app: Hono<Env>): void {
  app.get('/verifikasi', (c) => showForm(c, {}));
  app.post('/verifikasi', async (c) => {
    const { typed } = await readPost(c);
    const code = (typed.kode ?? '').slice(0, 200);
    guard(c, asResident(c), 'code');
    const plain = normaliseCode(code);
    if (plain === '') return showForm(c, { error: 'Tulis kode yang ada di surat.' });
    if (plain.length !== CODE_LENGTH)
      return showForm(c, { code, error: `Kodenya ${CODE_LENGTH} huruf dan angka; Anda menulis ${plain.length}.` });
    return c.redirect(`/verifikasi/${grouped(plain)}`, 303);
  });
  app.get('/verifikasi/berkas', (c) => c.redirect('/verifikasi', 303));
  app.post('/verifikasi/berkas', (c) => checkFile(c, (fileError) => showForm(c, { fileError })));
  offlineRoutes(app);
  app.get('/verifikasi/:code', check);
}

function showForm(
  c: Web,
  { code, error, fileError }: { code?: string; error?: string; fileError?: string },
): Promise<Response> {
  const errors = [
    ...(error ? [{ path: 'kode', message: error }] : []),
    ...(fileError ? [{ path: 'berkas', message: fileError }] : []),
  ];
  const byCode = form({
    action: '/verifikasi',
    body: html`${textField({ name: 'kode', label: 'Kode di bawah kode QR', hint: '26 huruf dan angka. Spasi, tanda hubung, dan besar kecil huruf tidak masalah.', value: code, error, length: 30, autocomplete: 'off', autocapitalize: 'characters', spellcheck: false })}${buttons(button('Periksa kode'))}`,
  });
  const byFile = form({
    action: '/verifikasi/berkas',
    multipart: true,
    body: html`${fileField({ name: 'berkas', label: 'Berkas PDF', hint: 'Paling besar 10 MB. Hanya diperiksa, tidak disimpan. Foto atau hasil pindai tidak bisa; untuk itu pakai kodenya.', accept: 'application/pdf', error: fileError })}${buttons(button('Periksa berkas', { kind: 'secondary' }))}`,
  });
  return show(
    c,
    {
      title: 'Periksa keaslian surat',
      error: errors.length > 0,
      body: html`${errorSummary(errors)}<h1>Periksa keaslian surat</h1>${lead('Pindai kode QR di surat dengan kamera HP, atau tulis kodenya di sini.')}${byCode}${section('Punya berkas PDF-nya?', byFile)}${section('Sering memeriksa di tempat tanpa sinyal?', html`<p><a href="/verifikasi/luring">Simpan halaman pemeriksa tanpa internet</a> di HP Anda.</p>`)}`,
    },
    errors.length > 0 ? 422 : 200,
  );
}

async function check(c: Web): Promise<Response> {
  const ctx = asResident(c);
  guard(c, ctx, 'code');
  const code = c.req.param('code') ?? '';
  const document = await findDocument(ctx, code);
  if (!document) {
    return show(
      c,
      {
        title: 'Kode tidak dikenal',
        head: HIDDEN_FROM_SEARCH,
        back: { text: 'Periksa kode lain', href: '/verifikasi' },
        body: html`<h1>Kode ini tidak kami kenal</h1>${notice({ tone: 'danger', body: html`<p>Tidak ada surat dari kami dengan kode <b>${grouped(normaliseCode(code.slice(0, 60)))}</b>. Periksa lagi huruf demi huruf. Bila kodenya sama persis dengan di surat, jangan terima surat itu dulu; tanyakan ke kantor yang namanya tercantum.</p>` })}`,
      },
      404,
    );
  }
  const rows = documentRows(document, await getCatalogue(ctx), zone(ctx));
  const { successor, predecessor } = await neighboursOf(ctx, document);
  const back = { text: 'Periksa kode lain', href: '/verifikasi' };
  const page = (title: string, heading: string, said: Content) =>
    show(c, {
      title,
      head: HIDDEN_FROM_SEARCH,
      back,
      body: html`<h1>${heading}</h1>${simulationNotice(document)}${said}${summaryList(rows)}${predecessor && html`<p>Surat ini menggantikan <a href="${linkTo(predecessor)}">surat yang sudah dicabut</a>.</p>`}`,
    });
  if (document.revokedAt)
    return page(
      'Surat sudah dicabut',
      'Surat ini sudah dicabut',
      notice({
        tone: 'danger',
        title: 'Tidak berlaku lagi',
        body: html`<p>Dicabut ${formatDayMonthYear(document.revokedAt, zone(ctx))}. Alasan: ${revocationWords(document).toLowerCase()}.</p>${successor && html`<p>Sudah ada <a href="${linkTo(successor)}">surat penggantinya</a>.</p>`}`,
      }),
    );
  if (document.signature === 'awaiting-signature' || document.signature === 'signing-unknown')
    return page(
      'Surat belum ditandatangani',
      'Surat ini belum selesai',
      notice({
        tone: 'warning',
        body: html`<p>Surat ini memang kami buat, tetapi <b>belum ditandatangani</b>. Jangan diterima dulu; minta pemegang mengambil berkas yang sudah ditandatangani.</p>`,
      }),
    );
  return page(
    document.simulated ? 'Surat simulasi' : 'Surat asli',
    document.simulated ? 'Surat ini hanya simulasi' : 'Surat ini asli dan berlaku',
    !document.simulated &&
      notice({
        tone: 'success',
        body: html`<p>Cocokkan keterangan di bawah dengan surat yang Anda pegang. Bila ada yang berbeda, surat itu sudah diubah.</p>`,
      }),
  );
}
