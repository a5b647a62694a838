// The recovery codes, shown once.
import { html } from 'hono/html';
import { linkButton, notice, printHint } from '#ui/components.ts';
import { formatDate } from '#ui/format.ts';
import { officerPage, type Request } from './frame.ts';

export async function recoveryPage(c: Request, codes: string[], next: string): Promise<Response> {
  const ctx = c.get('ctx');
  return c.html(
    officerPage(ctx, {
      title: 'Kode pemulihan',
      path: '/akun/keamanan/pemulihan',
      body: html`<h1>Simpan sepuluh kode ini</h1><p>Bila ponsel atau kunci Anda hilang, satu kode ini menggantikannya; tiap kode berlaku satu kali.</p>${notice({ tone: 'warning', body: html`<p><b>Halaman ini hanya tampil sekali.</b> Cetak atau salin sekarang, lalu simpan di tempat terkunci.</p>` })}<p>Pendopo Blora, ${formatDate(ctx.now, ctx.calendar.offsetMinutes)}</p><ol class="recovery">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ol>${printHint('kode ini')}<p class="noprint">${linkButton('Sudah saya simpan', next)}</p>`,
    }),
  );
}
