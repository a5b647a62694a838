// The register of breaches: the list, reporting a new one, and the forms that add to one.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { localDate } from '#platform/calendar.ts';
import type { Ctx } from '#platform/context.ts';
import { readForm, textOf } from '#platform/http.ts';
import { isId, newId } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import type { FieldError } from '#platform/problem.ts';
import { may } from '#src/rights.ts';
import { button, buttons, emptyState, lead, linkButton } from '#ui/components.ts';
import { type DateValue, dateField, form, textField } from '#ui/fields.ts';
import { formatDateTime } from '#ui/format.ts';
import { pager, table } from '#ui/lists.ts';
import { hoursLeft } from '../../asked/request.ts';
import { commandOf, dayOf, desk, faultsOf, momentOf, officers, type Web } from '../../pages/frame.ts';
import {
  amendBreach,
  closeBreach,
  listBreaches,
  openBreach,
  reportBreach,
  selectSubjects,
  tellAuthority,
  tellSubjects,
} from '../actions.ts';
import { type Account, FIELD_NAMES, noticeState } from '../breach.ts';
import { showBreach, showLetter } from './one.ts';
import { accountFields, PATH, stateTag } from './parts.ts';

const DAY = 24 * 3_600_000;

export function breachPages(app: Hono<Env>): void {
  officers(app, 'get', PATH, showList);
  officers(app, 'get', `${PATH}/baru`, (c) => showNew(c, {}));
  officers(app, 'post', `${PATH}/baru`, report);
  officers(app, 'get', `${PATH}/:id`, async (c, ctx) =>
    showBreach(c, await openBreach(ctx, c.req.param('id') ?? ''), {}),
  );
  officers(app, 'get', `${PATH}/:id/surat`, async (c, ctx) =>
    showLetter(c, (await openBreach(ctx, c.req.param('id') ?? '')).breach),
  );
  add(app, 'tambah', (ctx, id, given) => amendBreach(ctx, id, accountOf(given)));
  add(app, 'lembaga', (ctx, id, given) => tellAuthority(ctx, id, textOf(given, 'cara')));
  add(app, 'beritahu', (ctx, id) => tellSubjects(ctx, id));
  add(app, 'tutup', (ctx, id) => closeBreach(ctx, id));
  add(app, 'terkena', (ctx, id, given) => {
    const [from, to] = [momentOf(ctx, dayOf(given, 'dari')), momentOf(ctx, dayOf(given, 'sampai'))];
    const text = (name: string) => textOf(given, name).trim();
    const within = {
      ...(text('layanan') && { service: text('layanan') }),
      ...(text('desa') && { village: text('desa') }),
      ...(text('instansi') && { agency: text('instansi') }),
    };
    // the last day counts whole
    return selectSubjects(ctx, id, {
      ...within,
      from: from ?? new Date(Number.NaN),
      to: to ? new Date(to.getTime() + DAY) : new Date(Number.NaN),
    });
  });
}

type Form = Awaited<ReturnType<typeof readForm>>;

/** A form that adds one entry; what was typed stays when it comes back. */
function add(app: Hono<Env>, deed: string, act: (ctx: Ctx, id: string, given: Form) => Promise<void>): void {
  officers(app, 'post', `${PATH}/:id/${deed}`, async (c, ctx) => {
    const given = await readForm(c);
    const id = c.req.param('id') ?? '';
    try {
      await act(commandOf(ctx, textOf(given, 'perintah')), id, given);
    } catch (error) {
      const errors = faultsOf(error);
      return showBreach(c, await openBreach(ctx, id), { deed, given, errors });
    }
    return c.redirect(`${PATH}/${id}`, 303);
  });
}

const accountOf = (given: Form): Account =>
  Object.fromEntries(FIELD_NAMES.map((name) => [name, textOf(given, name)])) as Account;

async function showList(c: Web, ctx: Ctx): Promise<Response> {
  const [time = '', id = ''] = (c.req.query('sebelum') ?? '').split('.');
  const before = /^\d{1,15}$/.test(time) && isId(id) ? { at: new Date(Number(time)), id } : undefined;
  const list = await listBreaches(ctx, before);
  const zone = ctx.calendar.offsetMinutes;
  return desk(c, {
    title: 'Kebocoran data',
    open: PATH,
    body: html`<h1>Kegagalan pelindungan data</h1><p>Pemilik data dan lembaga pelindungan data diberi tahu tertulis paling lambat 3 × 24 jam sejak diketahui (UU 27/2022 Pasal 46).</p>${
      may(ctx.actor, 'privacy.breach').allowed && linkButton('Catat kejadian baru', `${PATH}/baru`)
    }${
      list.items.length > 0
        ? table({
            caption: 'Kejadian, terbaru di atas',
            captionHidden: true,
            columns: [
              { text: 'Ditemukan' },
              { text: 'Data yang terungkap' },
              { text: 'Pemberitahuan' },
              { text: 'Batas' },
            ],
            rows: list.items.map((one) => {
              const left = hoursLeft(one.due, ctx.now);
              const late = noticeState(one, ctx.now) === 'late';
              const cells = [
                html`<a href="${PATH}/${one.id}">${formatDateTime(one.foundAt, zone)}</a>`,
                one.account?.exposed ?? '',
                stateTag(one, ctx.now),
                html`${formatDateTime(one.due, zone)}${noticeState(one, ctx.now) === 'running' && html` (${left.text})`}`,
              ];
              return late ? { cells, tone: 'late' as const } : { cells };
            }),
          })
        : emptyState({ title: 'Belum ada kejadian yang tercatat.' })
    }${pager({ newer: before && PATH, older: list.next && `${PATH}?sebelum=${list.next.at.getTime()}.${list.next.id}` })}`,
  });
}

type Shown = { given?: Form; errors?: FieldError[] };

function showNew(c: Web, { given = {}, errors = [] }: Shown): Promise<Response> {
  const ctx = c.get('ctx');
  const text = (name: string) => textOf(given, name);
  const [y = '', m = '', d = ''] = localDate(ctx.calendar, ctx.now).split('-');
  const typed: DateValue =
    errors.length > 0
      ? { d: text('ditemukan.d'), m: text('ditemukan.m'), y: text('ditemukan.y') }
      : { d: String(Number(d)), m, y };
  const wrong = errors.find((one) => one.path === 'ditemukan')?.message;
  const command = text('perintah');
  return Promise.resolve(
    desk(c, {
      title: 'Catat kejadian baru',
      open: PATH,
      errors,
      body: html`<h1>Catat kejadian baru</h1>${lead('Empat isian di bawah adalah isi minimum menurut Pasal 46. Tulis yang sudah diketahui; pembetulan ditambahkan kemudian.')}${form(
        {
          action: `${PATH}/baru`,
          hidden: { perintah: isId(command) ? command : newId(ctx.now) },
          body: html`${dateField({ name: 'ditemukan', label: 'Kapan diketahui?', hint: 'Waktu 3 × 24 jam dihitung dari sini.', value: typed, error: wrong })}${textField({ name: 'jam', label: 'Jam', hint: 'Misalnya 14.30.', length: 8, value: text('jam'), inputmode: 'decimal' })}${accountFields(text, errors)}${buttons(button('Catat'), linkButton('Batal', PATH, 'secondary'))}`,
        },
      )}`,
    }),
  );
}

async function report(c: Web, ctx: Ctx): Promise<Response> {
  const given = await readForm(c);
  try {
    const id = await reportBreach(commandOf(ctx, textOf(given, 'perintah')), {
      foundAt: momentOf(ctx, dayOf(given, 'ditemukan'), textOf(given, 'jam')),
      account: accountOf(given),
    });
    return c.redirect(`${PATH}/${id}`, 303);
  } catch (error) {
    return showNew(c, { given, errors: faultsOf(error) });
  }
}
