// "Akun saya": all applications of one person from every door, mandates for others, and the ways to the rest of the account.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { guard } from '#platform/http.ts';
import { isId, parseNumber } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { loadById, loadByNumber } from '#src/applications/actions.ts';
import { statusOf } from '#src/applications/application.ts';
import { openLabel } from '#src/applications/content/actions.ts';
import { listLooks } from '#src/applications/looks/actions.ts';
import { lastDayOf, passFor } from '#src/applications/pass/actions.ts';
import { mandatesFor } from '#src/identity/mandates/actions.ts';
import { standingOf } from '#src/identity/mandates/mandate.ts';
import { type Holding, holdingsOf, keepHolding, listHoldings } from '#src/identity/residents/holdings/actions.ts';
import { button, buttons, details, emptyState, lead, linkButton, tag } from '#ui/components.ts';
import { errorSummary, form, textField } from '#ui/fields.ts';
import { formatDayMonthYear } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { pager } from '#ui/lists.ts';
import { ABOUT_LOOKS, beforeOf, lookList } from '../../follow/pages/looks.ts';
import { labelOf } from '../../follow/story.ts';
import { readPost, show, type Web, zone } from '../../pages/site.ts';
import { BACK, done, signedIn } from './frame.ts';
import { settingsRoutes } from './settings.ts';

export function accountRoutes(app: Hono<Env>): void {
  app.get('/akun', (c) => showHome(c, {}));
  app.post('/akun/tambah', add);
  app.get('/akun/tambah', (c) => c.redirect('/akun', 303));
  app.get('/akun/data/dilihat', getLooks);
  settingsRoutes(app);
}

const DONE = {
  tambah: 'Permohonan ditambahkan ke akun Anda.',
  kontak: 'Nomor atau email Anda sudah diperbarui.',
};

type Shown = { typed?: Record<string, string>; errors?: { path: string; message: string }[] };

async function showHome(c: Web, shown: Shown): Promise<Response> {
  const ctx = signedIn(c);
  const after = c.req.query('setelah');
  const [{ items, next }, mandates] = await Promise.all([
    listHoldings(ctx, { after: after && isId(after) ? after : undefined }),
    mandatesFor(ctx, ctx.account),
  ]);
  const ends = new Map(mandates.map((one) => [one.id, one]));
  const rows = await Promise.all(items.map((holding) => row(ctx, holding, ends)));
  const over = mandates.filter((one) => standingOf(one, ctx.now) !== 'running');
  const errors = shown.errors ?? [];
  const at = (path: string) => errors.find((one) => one.path === path)?.message;
  const addForm = form({
    action: '/akun/tambah',
    body: html`${textField({ name: 'nomor', label: 'Nomor permohonan', hint: 'Misalnya 261123-7KD4-QXS.', length: 16, value: shown.typed?.nomor, error: at('nomor'), autocomplete: 'off', autocapitalize: 'characters', spellcheck: false })}${textField({ name: 'kode', label: 'Kode', length: 16, value: shown.typed?.kode, error: at('kode'), autocomplete: 'off', autocapitalize: 'characters', spellcheck: false })}${buttons(button('Tambahkan'))}`,
  });
  return show(
    c,
    {
      title: 'Akun saya',
      error: errors.length > 0,
      body: html`${errorSummary(errors)}${done(c, DONE)}<h1>Akun saya</h1><h2>Permohonan saya</h2>${
        rows.length > 0
          ? html`<ul class="cards">${rows}</ul>`
          : emptyState({
              title: after ? 'Tidak ada lagi.' : 'Belum ada permohonan.',
              body: html`<p>Yang Anda ajukan selagi masuk akan terkumpul di sini.</p>`,
              action: linkButton('Cari layanan', '/layanan'),
            })
      }${pager({ newer: after ? '/akun' : undefined, newerText: 'Terbaru', older: next ? `/akun?setelah=${next}` : undefined })}${
        errors.length > 0
          ? html`<h2>Tambahkan permohonan</h2>${addForm}`
          : details('Tambahkan permohonan dengan nomor dan kode', addForm)
      }${
        over.length > 0 &&
        details(
          'Kuasa yang sudah selesai',
          html`<ul>${over.map((one) => html`<li>Untuk ${one.principal}: ${one.revokedAt ? `dicabut ${formatDayMonthYear(one.revokedAt, zone(ctx))}` : `berakhir ${formatDayMonthYear(lastDayOf(one.ends), zone(ctx))}`}</li>`)}</ul>`,
        )
      }<h2>Lainnya</h2><ul><li><a href="/akun/pesan">Pesan untuk saya</a></li><li><a href="/akun/data/dilihat">Siapa melihat data saya?</a></li><li><a href="/akun/data">Hak atas data pribadi saya</a></li><li><a href="/akun/kontak">Nomor HP dan email</a></li><li><a href="/akun/perangkat">Perangkat yang sedang masuk</a></li></ul>${form({ action: '/akun/keluar', body: buttons(button('Keluar dari akun', { kind: 'secondary' })) })}<p class="small"><a href="/akun/tutup">Tutup akun</a></p>`,
    },
    errors.length > 0 ? 422 : 200,
  );
}

async function row(
  ctx: Ctx,
  holding: Holding,
  mandates: Map<string, { principal: string; ends: Date }>,
): Promise<Content> {
  const loaded = await loadById(ctx, holding.application);
  if (!loaded) return null;
  const { stored, service } = loaded;
  const { text, tone } = labelOf(statusOf(service, stored.application));
  const mandate = holding.how === 'mandate' && holding.via ? mandates.get(holding.via) : undefined;
  return html`<li class="card"><h3><a href="/lacak/${stored.number}">${service.name}</a></h3><p>${tag(text, tone)}</p><p>${openLabel(ctx, stored)}. Diajukan ${formatDayMonthYear(stored.application.submittedAt, zone(ctx))}.</p>${
    mandate &&
    html`<p class="small">Anda mengurus ini sebagai kuasa untuk ${mandate.principal} sampai ${formatDayMonthYear(lastDayOf(mandate.ends), zone(ctx))}.</p>`
  }<p class="small">${stored.number}</p></li>`;
}

const NO_MATCH = 'Nomor dan kode tidak cocok. Periksa keduanya, huruf demi huruf.';

/** A case from any door comes into the account by its number and code; an unknown number and a wrong code are answered alike. */
async function add(c: Web): Promise<Response> {
  const ctx = signedIn(c);
  const { typed } = await readPost(c);
  const nomor = (typed.nomor ?? '').slice(0, 40).trim();
  const kode = (typed.kode ?? '').slice(0, 40).trim();
  guard(c, ctx, 'code');
  const refuse = (path: string, message: string) =>
    showHome(c, { typed: { nomor, kode }, errors: [{ path, message }] });
  if (!nomor) return refuse('nomor', 'Tulis nomor permohonan.');
  if (!kode) return refuse('kode', 'Tulis kodenya.');
  const number = parseNumber(nomor);
  const known = number ? await loadByNumber(ctx, number).catch(unknown) : undefined;
  const pass = known && (await passFor(ctx, known.stored.application.id, kode));
  if (!pass) return refuse('nomor', NO_MATCH);
  await keepHolding(ctx, { application: pass.application, how: pass.mandate ? 'mandate' : 'code', via: pass.via });
  return c.redirect('/akun?selesai=tambah', 303);
}

function unknown(error: unknown): undefined {
  if (!(error instanceof Problem) || error.kind.code !== PROBLEMS.notFound.code) throw error;
}

async function getLooks(c: Web): Promise<Response> {
  const ctx = signedIn(c);
  // who acts for another is not told who looked at that person's data
  const asAgent = ctx.actor.kind === 'resident' ? (ctx.actor.asAgent ?? {}) : {};
  const own = (await holdingsOf(ctx, ctx.account)).filter((id) => !Object.hasOwn(asAgent, id));
  const { items, next } = await listLooks(ctx, own, { before: beforeOf(c) });
  const names = new Map<string, Content>();
  for (const id of new Set(items.map((look) => look.application))) {
    const loaded = await loadById(ctx, id);
    if (loaded)
      names.set(
        id,
        html`<p><a href="/lacak/${loaded.stored.number}">${loaded.service.name} ${loaded.stored.number}</a></p>`,
      );
  }
  const path = '/akun/data/dilihat';
  return show(c, {
    title: 'Siapa melihat data saya',
    back: BACK,
    body: html`<h1>Siapa melihat data saya?</h1>${lead('Dari semua permohonan Anda, yang terbaru di atas.')}${await lookList(ctx, items, (look) => names.get(look.application))}${pager({ newer: beforeOf(c) === undefined ? undefined : path, newerText: 'Terbaru', older: next ? `${path}?sebelum=${next}` : undefined })}${ABOUT_LOOKS}`,
  });
}
