// The agency's letterhead: what it is, a sheet to look at, a change, and going back to an earlier one.
import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { localDate } from '#platform/calendar.ts';
import { readForm, textOf } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { TOWN } from '#src/areas/actions.ts';
import { officerNames } from '#src/identity/actions.ts';
import { button, buttons, lead, notice, section } from '#ui/components.ts';
import { errorSummary, form, radios, textField } from '#ui/fields.ts';
import { formatDateTime } from '#ui/format.ts';
import { table } from '#ui/lists.ts';
import { changeLetterhead, openLetterhead } from '../letterhead/actions.ts';
import { type Letterhead, LIMITS, MARKS, placedLetterhead } from '../letterhead/letterhead.ts';
import { renderPdf } from '../pdf.ts';
import { officerPage, officersOnly } from './frame.ts';

const PATH = '/kerja/pengelola/kop';
type Web = Context<Env>;
type Shown = { typed?: Record<string, string>; errors?: { path: string; message: string }[]; done?: number };

export function letterheadRoutes(app: Hono<Env>): void {
  const own = officersOnly(PATH);
  own.get(PATH, (c) => show(c, { ...(c.req.query('jadi') && { done: Number(c.req.query('jadi')) }) }));
  own.get(`${PATH}/contoh.pdf`, sample);
  own.post(PATH, async (c) => {
    const posted = await readForm(c);
    const typed = Object.fromEntries(
      ['regency', 'name', 'address', 'phone', 'mark'].map((name) => [name, textOf(posted, name).slice(0, 1000)]),
    );
    try {
      const version = await changeLetterhead(c.get('ctx'), typed, Number(textOf(posted, 'versi')));
      return c.redirect(`${PATH}?jadi=${version}`, 303);
    } catch (error) {
      if (!(error instanceof Problem) || (error.kind.status !== 422 && error.kind.status !== 409)) throw error;
      const errors = error.errors.length > 0 ? error.errors : [{ path: '', message: error.message }];
      return show(c, { typed, errors }, error.kind.status);
    }
  });
  app.route('/', own);
}

async function show(c: Web, { typed, errors = [], done }: Shown, status = 200): Promise<Response> {
  const ctx = c.get('ctx');
  const { current, version, versions } = await openLetterhead(ctx);
  const names = await officerNames(ctx, [...new Set(versions.map(({ madeBy }) => madeBy))]);
  const again = versions.find((one) => String(one.version) === c.req.query('versi'));
  const values: Record<string, string> = typed ?? { ...(again ?? current) };
  const field = (name: keyof typeof LIMITS, label: string, hint: string, optional = false) =>
    textField({
      name,
      label,
      hint,
      optional,
      value: values[name],
      maxlength: LIMITS[name],
      error: errors.find(({ path }) => path === name)?.message,
    });
  const offset = ctx.calendar.offsetMinutes;
  const body = html`${errorSummary(errors)}${
    done === version &&
    done > 0 &&
    html`<div role="status">${notice({ tone: 'success', body: html`<p>Kop versi ${version} tersimpan. Dokumen berikutnya memakainya; yang sudah terbit tidak berubah.</p>` })}</div>`
  }<h1>Kop surat</h1>${lead('Tertulis di atas setiap dokumen instansi Anda. Tanpa lambang negara: itu hanya untuk yang berhak memakainya.')}${
    again && notice({ body: html`<p>Isian di bawah adalah versi ${again.version}. Simpan untuk memakainya lagi.</p>` })
  }<p><a href="${PATH}/contoh.pdf" target="_blank" rel="noopener">Lihat lembar contoh dengan kop yang berlaku (PDF)</a></p>${form(
    {
      action: PATH,
      hidden: { versi: String(version) },
      body: html`${field('regency', 'Pemerintah daerah', 'Baris paling atas.')}${field('name', 'Nama instansi', 'Boleh memuat {village} dan {district}; diganti nama desa dan kecamatan pemohon.')}${field('address', 'Alamat', 'Tulis hanya alamat yang sudah pasti.', true)}${field('phone', 'Telepon', 'Termasuk kode wilayah.', true)}${radios({ name: 'mark', label: 'Gambar kecil', options: Object.entries(MARKS).map(([value, text]) => ({ value, text })), value: values.mark, error: errors.find(({ path }) => path === 'mark')?.message, inline: true })}${buttons(button('Simpan kop'))}`,
    },
  )}${
    versions.length > 0 &&
    section(
      'Versi',
      table({
        caption: 'Versi kop, yang terbaru di atas',
        captionHidden: true,
        columns: [{ text: 'Versi' }, { text: 'Nama' }, { text: 'Disimpan' }, { text: 'Oleh' }, { text: 'Keadaan' }],
        rows: versions.map((one) => [
          String(one.version),
          one.name,
          formatDateTime(one.madeAt, offset),
          names.get(one.madeBy) ?? '–',
          one.version === version ? 'berlaku' : html`<a href="${PATH}?versi=${one.version}">Pakai lagi</a>`,
        ]),
      }),
    )
  }`;
  return c.html(officerPage(ctx, { title: 'Kop surat', path: PATH, body, error: errors.length > 0 }), status as 200);
}

/** A sheet with the letterhead in force; it says across itself that it is an example. */
async function sample(c: Web): Promise<Response> {
  const ctx = c.get('ctx');
  if (ctx.actor.kind !== 'officer') throw new Problem(PROBLEMS.signIn);
  const { current } = await openLetterhead(ctx);
  const head: Letterhead = placedLetterhead(current, { village: 'Contoh', district: 'Contoh' });
  const url = `${ctx.config.publicUrl}/verifikasi/CONTOH`;
  const bytes = await renderPdf({
    ...head,
    agency: head.name,
    title: 'Lembar contoh',
    opening: 'Lembar ini hanya memperlihatkan kop surat. Tidak diterbitkan, dan kodenya tidak ada.',
    rows: [{ label: 'Isi', value: 'Contoh' }],
    lists: [],
    signer: 'Pejabat yang berwenang',
    number: 'CONTOH',
    place: TOWN,
    date: localDate(ctx.calendar, ctx.now),
    code: 'CONTOH',
    verifyUrl: url,
    issuedAt: ctx.now,
    demo: true,
  });
  return sendPdf(c, bytes, 'kop-contoh.pdf');
}

/** A PDF to look at in the browser, under a policy that lets nothing in it run as a page. */
export const sendPdf = (c: Web, bytes: Buffer, name: string): Response =>
  c.body(new Uint8Array(bytes), 200, {
    'Content-Type': 'application/pdf',
    'Content-Length': String(bytes.length),
    'Content-Disposition': `inline; filename*=UTF-8''${encodeURIComponent(name)}`,
    'Content-Security-Policy':
      "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'",
  });
