// Officers' lists: what waits on my desk, what the agency has had, and finding one case.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { readForm, textOf } from '#platform/http.ts';
import { parseNumber } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { Problem } from '#platform/problem.ts';
import { STATUSES } from '#src/applications/application.ts';
import { countInbox, listArchive, listInbox, searchCases } from '#src/applications/inbox/actions.ts';
import { STATUS_WORDS } from '#src/applications/text.ts';
import { emptyState, linkButton, notice } from '#ui/components.ts';
import { formatNumber } from '#ui/format.ts';
import { pager } from '#ui/lists.ts';
import { aroundOf, nameTakers } from './actions.ts';
import { batchPages } from './batches/pages.ts';
import { batchBar } from './batches/view.ts';
import { calendarPages } from './calendar/pages.ts';
import { casePages } from './case/pages.ts';
import { deputyPages } from './deputies/pages.ts';
import { deskPage, takeDone } from './frame.ts';
import {
  type Around,
  address,
  archiveTable,
  countWords,
  type Filter,
  filterBy,
  inboxTable,
  searchForm,
  searchMore,
  servicesOf,
  views,
} from './lists.ts';
import { loadPages } from './load/pages.ts';
import { sentencePages } from './sentences/pages.ts';

const script = readFileSync(join(import.meta.dirname, 'desk.js'), 'utf8');

export function deskPages(app: Hono<Env>): void {
  app.get('/desk.js', (c) =>
    c.body(script, 200, { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'public, max-age=300' }),
  );

  const desk = new Hono<Env>();
  desk.use('/kerja/*', async (c, next) => {
    if (c.get('ctx').actor.kind === 'officer') return next();
    // a form that came too late leads back to the page it stood on
    const { pathname, search } = new URL(c.req.url);
    const back = c.req.method === 'GET' ? pathname + search : pathname.split('/').slice(0, 3).join('/');
    return c.redirect(`/masuk?ke=${encodeURIComponent(back)}`, 303);
  });

  desk.get('/kerja', async (c) => {
    const ctx = c.get('ctx');
    const filters = { layanan: c.req.query('layanan') || undefined, lihat: c.req.query('lihat') || undefined };
    const after = c.req.query('setelah') || undefined;
    const [list, counts, around] = await Promise.all([
      listInbox(ctx, {
        service: filters.layanan,
        late: filters.lihat === 'terlambat',
        mine: filters.lihat === 'saya',
        after,
      }),
      countInbox(ctx),
      aroundOf(ctx),
    ]);
    await nameTakers(ctx, around, list.items);
    const view = (lihat: string | undefined, text: string, count?: string) => ({
      text,
      href: address('/kerja', { ...filters, lihat }),
      current: filters.lihat === lihat,
      ...(count !== undefined && { count }),
    });
    const filtered = filters.layanan !== undefined || filters.lihat !== undefined;
    const empty =
      filtered || after
        ? emptyState({
            title: 'Tidak ada berkas di tampilan ini.',
            action: linkButton('Lihat semua', '/kerja', 'secondary'),
          })
        : emptyState({
            title: 'Meja Anda kosong.',
            body: html`<p>Berkas baru muncul di sini begitu sampai di meja Anda. Yang sudah lewat ada di <a href="/kerja/arsip">arsip</a>.</p>`,
          });
    return c.html(
      deskPage(ctx, {
        title: 'Kotak masuk',
        path: '/kerja',
        body: html`${takeDone(c, ctx)}<div class="top"><h1>Kotak masuk</h1>${searchForm()}</div><div class="top views">${views(
          [
            view(undefined, 'Semua', countWords(counts.open)),
            view('terlambat', 'Terlambat', countWords(counts.late)),
            view('saya', 'Saya ambil'),
          ],
        )}${filterBy('/kerja', [serviceFilter(ctx, around, filters.layanan)], filters)}</div>${
          list.items.length > 0 ? html`${inboxTable(list.items, around, { pick: true })}${batchBar(filters)}` : empty
        }${pager({ newer: after && address('/kerja', filters), newerText: 'Paling mendesak', older: list.next && address('/kerja', { ...filters, setelah: list.next }), olderText: 'Berikutnya' })}`,
      }),
    );
  });

  desk.get('/kerja/arsip', async (c) => {
    const ctx = c.get('ctx');
    const filters = {
      keadaan: STATUSES.find((status) => status === c.req.query('keadaan')),
      layanan: c.req.query('layanan') || undefined,
    };
    const before = c.req.query('sebelum') || undefined;
    const [list, around] = await Promise.all([
      listArchive(ctx, { status: filters.keadaan, service: filters.layanan, before }),
      aroundOf(ctx),
    ]);
    const keep = { keadaan: filters.keadaan, layanan: filters.layanan };
    return c.html(
      deskPage(ctx, {
        title: 'Arsip',
        path: '/kerja/arsip',
        body: html`<div class="top"><h1>Arsip ${around.catalogue.agencies.get(agencyOf(ctx))?.short ?? ''}</h1>${searchForm()}</div><div class="top views">${filterBy(
          '/kerja/arsip',
          [
            {
              name: 'keadaan',
              label: 'Keadaan',
              all: 'Semua keadaan',
              options: STATUSES.map((value) => ({ value, text: STATUS_WORDS[value] })),
              value: filters.keadaan,
            },
            serviceFilter(ctx, around, filters.layanan),
          ],
        )}</div>${
          list.items.length > 0
            ? archiveTable(list.items, around, 'Semua berkas instansi, yang terbaru di atas')
            : emptyState({
                title: 'Tidak ada berkas.',
                body: html`<p>Belum ada permohonan dengan saringan ini.</p>`,
                action: linkButton('Hapus saringan', '/kerja/arsip', 'secondary'),
              })
        }${pager({ newer: before && address('/kerja/arsip', keep), newerText: 'Paling baru', older: list.next && address('/kerja/arsip', { ...keep, sebelum: list.next }) })}`,
      }),
    );
  });

  desk.get('/kerja/cari', (c) => c.redirect('/kerja', 303));
  desk.post('/kerja/cari', async (c) => {
    const ctx = c.get('ctx');
    const form = await readForm(c);
    const typed = textOf(form, 'cari').slice(0, 60).trim();
    const digits = typed.replaceAll(/\D/g, '');
    const number = digits.length === 16 ? undefined : parseNumber(typed);
    const list = await searchCases(ctx, typed, textOf(form, 'sebelum') || undefined);
    const found = list.items;
    if (number && found.length === 1) return c.redirect(`/kerja/${found[0]?.number}`, 303);
    const around = await aroundOf(ctx);
    const why =
      typed === ''
        ? 'Tulis nomor permohonan, nama, atau NIK dulu.'
        : digits.length === 16
          ? 'Belum ada permohonan dengan NIK itu di instansi dan wilayah Anda.'
          : number
            ? 'Nomor itu benar bentuknya, tetapi tidak ada permohonannya.'
            : digits.length > 0
              ? 'Itu bukan nomor permohonan (13 huruf dan angka, misalnya 261123-7KD4-QXS) dan bukan NIK (16 angka). Satu huruf yang keliru sudah ketahuan: periksa lagi.'
              : 'Tidak ada pemohon dengan nama itu di instansi dan wilayah Anda. Cukup tiga huruf awalnya; berkas yang baru masuk baru bisa dicari dengan nama setelah beberapa menit.';
    const what =
      digits.length === 16
        ? `${formatNumber(found.length, 0)} permohonan atas NIK yang berakhir ${digits.slice(-4)}.`
        : 'Permohonan yang pemohonnya bernama demikian, yang terbaru di atas.';
    return c.html(
      deskPage(ctx, {
        title: 'Hasil pencarian',
        path: '/kerja/cari',
        // the NIK is not written back: it would stay on a screen that others pass
        body: html`<div class="top"><h1>Hasil pencarian</h1>${searchForm(digits.length === 16 ? '' : typed)}</div>${
          found.length > 0
            ? html`<p>${what}</p>${archiveTable(found, around, 'Permohonan yang ditemukan')}`
            : list.next
              ? html`<p>Di bagian ini tidak ada yang cocok; masih ada yang lebih lama.</p>`
              : notice({ tone: 'warning', body: html`<p>${why}</p>` })
        }${list.next && searchMore(typed, list.next)}`,
      }),
    );
  });

  batchPages(desk);
  loadPages(desk);
  deputyPages(desk);
  sentencePages(desk);
  calendarPages(desk);
  casePages(desk);

  // a refusal is a page of the desk, with the way back at hand
  desk.onError((error, c) => {
    if (!(error instanceof Problem) || error.kind.status === 401) throw error;
    const { status } = error.kind;
    const { next: remedy } = error;
    const title = remedy
      ? remedy.text
      : status === 404
        ? 'Tidak ditemukan'
        : status === 403
          ? 'Berkas ini bukan untuk Anda'
          : 'Tidak bisa dilanjutkan';
    const next = remedy
      ? html`<p>${linkButton(remedy.text, remedy.href)}</p>`
      : status === 403
        ? html`<p>Bila Anda perlu menanganinya, minta instansi pemilik berkas meminta pendapat Anda, atau hubungi atasan. Hak Anda tertulis di <a href="/akun">halaman akun</a>${parseNumber(c.req.path.split('/')[2] ?? '') && html`; <a href="/kerja/${c.req.path.split('/')[2]}/hak">mengapa, dan siapa yang boleh</a>`}.</p>`
        : null;
    return c.html(
      deskPage(c.get('ctx'), {
        title,
        path: c.req.path,
        body: html`<h1>${title}</h1>${notice({ tone: status === 403 ? 'warning' : 'danger', body: html`<p>${error.message}</p>${error.errors.map(({ message }) => html`<p>${message}</p>`)}` })}${next}<p>${linkButton('Ke kotak masuk', '/kerja', 'secondary')}</p>`,
      }),
      status as 400,
    );
  });
  app.route('/', desk);
}

const serviceFilter = (ctx: Ctx, around: Around, value: string | undefined): Filter => ({
  name: 'layanan',
  label: 'Layanan',
  all: 'Semua layanan',
  options: servicesOf(agencyOf(ctx), around.catalogue.services),
  value,
});

const agencyOf = (ctx: Ctx): string => (ctx.actor.kind === 'officer' ? ctx.actor.agency : '');
