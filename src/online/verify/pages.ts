// Anyone checks whether a paper is ours and still valid; shown is only what helps to compare it with the paper in hand.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { guard } from '#platform/http.ts';
import { grouped, normaliseCode } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { findDocument, type IssuedDocument } from '#src/documents/actions.ts';
import { REVOCATION_REASONS } from '#src/documents/text.ts';
import { button, buttons, lead, notice } from '#ui/components.ts';
import { errorSummary, form, textField } from '#ui/fields.ts';
import { formatDayMonthYear } from '#ui/format.ts';
import { summaryList } from '#ui/lists.ts';
import { asResident, readPost, show, type Web, zone } from '../pages/site.ts';

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
  app.get('/verifikasi/:code', check);
}

function showForm(c: Web, { code, error }: { code?: string; error?: string }): Promise<Response> {
  const errors = error ? [{ path: 'kode', message: error }] : [];
  return show(
    c,
    {
      title: 'Periksa keaslian surat',
      error: errors.length > 0,
      body: html`${errorSummary(errors)}<h1>Periksa keaslian surat</h1>${lead('Pindai kode QR di surat dengan kamera HP, atau tulis kodenya di sini.')}${form(
        {
          action: '/verifikasi',
          body: html`${textField({ name: 'kode', label: 'Kode di bawah kode QR', hint: '26 huruf dan angka. Spasi, tanda hubung, dan besar kecil huruf tidak masalah.', value: code, error, length: 30, autocomplete: 'off', autocapitalize: 'characters', spellcheck: false })}${buttons(button('Periksa'))}`,
        },
      )}`,
    },
    error ? 422 : 200,
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
  const rows = await rowsOf(c, document);
  const offset = zone(ctx);
  if (document.revokedAt) {
    const reason = REVOCATION_REASONS[document.revokedReason as keyof typeof REVOCATION_REASONS] ?? 'Alasan lain';
    return show(c, {
      title: 'Surat sudah dicabut',
      head: HIDDEN_FROM_SEARCH,
      back: { text: 'Periksa kode lain', href: '/verifikasi' },
      body: html`<h1>Surat ini sudah dicabut</h1>${notice({ tone: 'danger', title: 'Tidak berlaku lagi', body: html`<p>Dicabut ${formatDayMonthYear(document.revokedAt, offset)}. Alasan: ${reason.toLowerCase()}.</p>` })}${summaryList(rows)}`,
    });
  }
  return show(c, {
    title: 'Surat asli',
    head: HIDDEN_FROM_SEARCH,
    back: { text: 'Periksa kode lain', href: '/verifikasi' },
    body: html`<h1>Surat ini asli dan berlaku</h1>${notice({ tone: 'success', body: html`<p>Cocokkan keterangan di bawah dengan surat yang Anda pegang. Bila ada yang berbeda, surat itu sudah diubah.</p>` })}${summaryList(rows)}`,
  });
}

async function rowsOf(c: Web, document: IssuedDocument) {
  const ctx = c.get('ctx');
  const { agencies, byId } = await getCatalogue(ctx);
  const service = byId.get(document.service)?.service;
  return [
    { key: 'Surat', value: service?.products.find((one) => one.id === document.product)?.name ?? document.product },
    { key: 'Layanan', value: service?.name ?? document.service },
    { key: 'Diterbitkan oleh', value: agencies.get(document.agency)?.name ?? document.agency },
    { key: 'Nomor', value: document.number },
    { key: 'Tanggal', value: formatDayMonthYear(document.issuedAt, zone(ctx)) },
    { key: 'Pemegang', value: document.holder },
  ];
}
