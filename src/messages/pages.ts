// The inbox of a resident with an account, how she wishes to be told, and the outbox of the demo.
import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { readForm, textOf } from '#platform/http.ts';
import { isId } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { Problem } from '#platform/problem.ts';
import { button, emptyState, notice, section } from '#ui/components.ts';
import { checkboxes, errorSummary, form, radios } from '#ui/fields.ts';
import { formatDateTime } from '#ui/format.ts';
import type { Content, Html } from '#ui/html.ts';
import { page } from '#ui/layout.ts';
import { pager } from '#ui/lists.ts';
import { availableChannels, myWishes, openInbox, optionalKinds, readDemoOutbox, setWishes } from './actions.ts';
import { letter } from './letter.ts';
import type { Place } from './store.ts';
import { LANGUAGES } from './template.ts';
import { CHANNEL_WORDS, fateOf, LANGUAGE_WORDS } from './text.ts';

type Request = Context<Env>;

export function messagePages(app: Hono<Env>): void {
  app.get('/akun/pesan', async (c) => c.html(await inboxPageOf(c)));
  app.post('/akun/pesan', postWishes);
  app.get('/contoh/pesan', async (c) => c.html(await outboxPage(c.get('ctx'))));
}

type Typed = { first: string; language: string; on: string[]; errors: { path: string; message: string }[] };

async function postWishes(c: Request): Promise<Response> {
  const ctx = c.get('ctx');
  const given = await readForm(c);
  const on = [given.jenis ?? []].flat().filter((one): one is string => typeof one === 'string');
  const wishes = { first: textOf(given, 'kanal'), language: textOf(given, 'bahasa'), on };
  try {
    await setWishes(ctx, wishes);
  } catch (error) {
    if (!(error instanceof Problem) || error.errors.length === 0) throw error;
    return c.html(await inboxPageOf(c, { ...wishes, errors: error.errors }), 422);
  }
  return c.redirect('/akun/pesan?tersimpan#cara', 303);
}

async function inboxPageOf(c: Request, typed?: Typed): Promise<Html> {
  const ctx = c.get('ctx');
  const wishes = await myWishes(ctx);
  const inbox = await openInbox(ctx, { older: placeOf(c.req.query('lama')), newer: placeOf(c.req.query('baru')) });
  const at = (place: Place | undefined, name: string) =>
    place && `/akun/pesan?${name}=${place.at.getTime()}.${place.id}`;
  const saved = c.req.query('tersimpan') !== undefined && !typed;
  return page({
    title: 'Pesan',
    path: '/akun/pesan',
    area: 'resident',
    back: { text: 'Akun saya', href: '/akun' },
    banner: ctx.config.mode === 'demo',
    error: typed !== undefined,
    body: html`${typed && errorSummary(typed.errors)}<h1>Pesan</h1>${
      inbox.messages.length === 0
        ? emptyState({
            title: 'Belum ada pesan',
            body: html`<p>Kabar tentang permohonan Anda akan muncul di sini, juga bila pesan ke telepon tidak sampai.</p>`,
          })
        : inbox.messages.map((one) => letter(one, ctx.config.publicUrl, ctx.calendar.offsetMinutes))
    }${pager({ newer: at(inbox.newer, 'baru'), older: at(inbox.older, 'lama') })}${wishesForm(
      ctx,
      typed ?? {
        ...wishes,
        first: wishes.channels[0] ?? '',
        on: optionalKinds()
          .map((one) => one.id)
          .filter((id) => !wishes.off.includes(id)),
        errors: [],
      },
      saved,
    )}`,
  });
}

function wishesForm(ctx: Ctx, typed: Typed, saved: boolean): Content {
  const error = (path: string) => typed.errors.find((one) => one.path === path)?.message;
  const available = availableChannels(ctx);
  return section(
    'Cara kami mengabari',
    html`${saved && notice({ tone: 'success', body: html`<p>Pilihan Anda sudah disimpan.</p>` })}${available.length === 0 && html`<p>Kantor kami belum mengirim pesan ke telepon atau surel. Semua kabar ada di halaman ini.</p>`}${form(
      {
        action: '/akun/pesan',
        body: [
          radios({
            name: 'kanal',
            label: 'Utamakan lewat',
            hint: 'Bila tidak sampai, kami mencoba cara lain yang alamatnya Anda berikan.',
            value: typed.first,
            error: error('kanal'),
            options: (['whatsapp', 'sms', 'email'] as const).map((one) => ({ value: one, text: CHANNEL_WORDS[one] })),
          }),
          radios({
            name: 'bahasa',
            label: 'Bahasa pesan',
            value: typed.language,
            error: error('bahasa'),
            options: LANGUAGES.map((one) => ({ value: one, text: LANGUAGE_WORDS[one] })),
          }),
          checkboxes({
            name: 'jenis',
            label: 'Pesan yang boleh dimatikan',
            hint: 'Kabar tentang perbaikan, keputusan, kuasa, dan data pribadi Anda selalu dikirim. Pukul 21.00–06.00 kami tidak mengirim, kecuali yang baru saja Anda minta.',
            values: typed.on,
            options: optionalKinds().map((one) => ({ value: one.id, text: one.title })),
          }),
          button('Simpan pilihan'),
        ],
      },
    )}`,
    { id: 'cara' },
  );
}

/** A place in the list, as the address names it: time and id. */
function placeOf(text: string | undefined): Place | undefined {
  const [, time = '', id = ''] = /^(\d{1,15})\.([0-9a-f-]{36})$/i.exec(text ?? '') ?? [];
  return isId(id) ? { at: new Date(Number(time)), id } : undefined;
}

async function outboxPage(ctx: Ctx): Promise<Html> {
  const messages = await readDemoOutbox(ctx);
  return page({
    title: 'Pesan contoh',
    path: '/contoh/pesan',
    area: 'resident',
    banner: true,
    body: html`<h1>Pesan contoh</h1><p>Di dunia contoh tidak ada pesan yang benar-benar dikirim. Yang seharusnya diterima orang tampak di sini, yang terbaru paling atas. Halaman ini tidak ada di pemakaian sungguhan.</p>${
      messages.length === 0
        ? emptyState({
            title: 'Belum ada pesan',
            body: html`<p>Ajukan permohonan atau minta kode masuk, lalu muat ulang halaman ini.</p>`,
          })
        : messages.map((one) =>
            notice({
              title: one.title,
              body: html`<p class="small">${one.channel && html`${CHANNEL_WORDS[one.channel]} ${one.masked} · `}${formatDateTime(one.createdAt, ctx.calendar.offsetMinutes)} · ${fateOf(one).text}</p>${letter(one, ctx.config.publicUrl, ctx.calendar.offsetMinutes, { bare: true })}`,
            }),
          )
    }`,
  });
}
