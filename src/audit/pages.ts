// For officers: why I may or may not, on one case; for those who answer for an agency: whom the rules turned away.
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { parseNumber } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { roleName } from '#src/catalogue/roles.ts';
import { deskPage } from '#src/desk/frame.ts';
import { emptyState, linkButton, notice, tag } from '#ui/components.ts';
import { formatDateTime, formatList, formatNumber } from '#ui/format.ts';
import type { Content, Html } from '#ui/html.ts';
import { pager, table } from '#ui/lists.ts';
import { explainCase } from './explain/actions.ts';
import { listRefusals, type RefusalItem } from './refusals/actions.ts';
import { RIGHT_NAMES, WHY_WORDS } from './text.ts';

export function auditPages(app: Hono<Env>): void {
  const pages = new Hono<Env>();
  const officersOnly = (c: Context<Env>): void => {
    if (c.get('ctx').actor.kind !== 'officer') throw new Problem(PROBLEMS.signIn);
  };

  pages.get('/kerja/pengelola/penolakan', async (c) => {
    officersOnly(c);
    const ctx = c.get('ctx');
    const before = c.req.query('sebelum') || undefined;
    const { items, next } = await listRefusals(ctx, before);
    const path = '/kerja/pengelola/penolakan';
    return c.html(
      deskPage(ctx, {
        title: 'Hak yang ditolak',
        path,
        body: html`<h1>Hak yang ditolak</h1><p>Petugas instansi Anda yang mencoba di luar haknya, dan siapa pun yang mencoba membuka berkas instansi Anda. Satu dua kali biasanya salah alamat; berulang-ulang patut ditanyakan.</p>${
          items.length > 0
            ? refusalTable(ctx, items)
            : emptyState({
                title: before ? 'Tidak ada lagi.' : 'Belum ada hak yang ditolak.',
                body: html`<p>Setiap penolakan tercatat di log dan muncul di sini.</p>`,
                ...(before && { action: linkButton('Ke yang terbaru', path, 'secondary') }),
              })
        }${pager({ newer: before && path, newerText: 'Terbaru', older: next && `${path}?sebelum=${next}` })}`,
      }),
    );
  });

  pages.get('/kerja/:number/hak', async (c) => {
    officersOnly(c);
    const ctx = c.get('ctx');
    const number = c.req.param('number');
    const plain = parseNumber(number);
    if (plain && plain !== number) return c.redirect(`/kerja/${plain}/hak`, 303);
    const explained = await explainCase(ctx, number);
    const mayRead = explained.rights.some(({ right, allowed }) => right === 'application.read' && allowed);
    return c.html(
      deskPage(ctx, {
        title: `Hak saya pada ${explained.number}`,
        path: c.req.path,
        body: html`<h1>Hak saya pada berkas <span class="no">${explained.number}</span></h1><p>${explained.service}. Alasan di bawah ini berasal dari aturan yang sama dengan yang membuka dan menutup tombol.</p>${table(
          {
            caption: 'Hak pada berkas ini',
            captionHidden: true,
            columns: [{ text: 'Tindakan' }, { text: 'Anda' }, { text: 'Karena' }, { text: 'Yang boleh' }],
            rows: explained.rights.map(({ what, allowed, because, could }) => [
              what,
              allowed ? tag('boleh', 'done') : tag('tidak boleh', 'stopped'),
              `${because}.`,
              could || html`<span class="hint">tidak seorang pun sekarang</span>`,
            ]),
          },
        )}<p>${mayRead ? linkButton('Buka berkasnya', `/kerja/${explained.number}`, 'secondary') : linkButton('Ke kotak masuk', '/kerja', 'secondary')}</p>`,
      }),
    );
  });

  // a refusal is a page of the desk here too
  pages.onError((error, c) => {
    if (!(error instanceof Problem) || error.kind.status === 401) throw error;
    const title =
      error.kind.status === 404
        ? 'Tidak ditemukan'
        : error.kind.status === 403
          ? 'Bukan untuk Anda'
          : 'Tidak bisa dilanjutkan';
    return c.html(
      deskPage(c.get('ctx'), {
        title,
        path: c.req.path,
        body: html`<h1>${title}</h1>${notice({ tone: 'warning', body: html`<p>${error.message}</p>` })}<p>${linkButton('Ke kotak masuk', '/kerja', 'secondary')}</p>`,
      }),
      error.kind.status as 400,
    );
  });
  app.route('/', pages);
}

function refusalTable(ctx: Ctx, items: RefusalItem[]): Html {
  return table({
    caption: 'Penolakan terbaru',
    captionHidden: true,
    columns: [
      { text: 'Waktu' },
      { text: 'Siapa' },
      { text: 'Mencoba' },
      { text: 'Ditolak karena' },
      { text: 'Berkas' },
      { text: 'Kali', numeric: true },
    ],
    rows: items.map((item) => [
      formatDateTime(item.at, ctx.calendar.offsetMinutes),
      who(item),
      Object.hasOwn(RIGHT_NAMES, item.right) ? RIGHT_NAMES[item.right as keyof typeof RIGHT_NAMES] : item.right,
      Object.hasOwn(WHY_WORDS, item.why) ? WHY_WORDS[item.why as keyof typeof WHY_WORDS] : item.why,
      item.number ? html`<a class="no" href="/kerja/${item.number}">${item.number}</a>` : '–',
      formatNumber(item.count, 0),
    ]),
  });
}

function who({ who: name, roles }: RefusalItem): Content {
  const named = roles.filter((role) => role !== 'resident' && role !== 'system').map(roleName);
  return html`<b>${name}</b>${named.length > 0 && html`<br><span class="hint">${formatList(named)}</span>`}`;
}
