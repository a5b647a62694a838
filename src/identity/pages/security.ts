// An officer's own security: second factors, recovery codes, sessions and password, each with its page.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { guard, readForm, textOf } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { button, buttons, confirmDialog, emptyState, linkButton, notice, section } from '#ui/components.ts';
import { errorSummary, form, textField } from '#ui/fields.ts';
import { formatDateTime } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { dropFactor, renewRecoveryCodes, securityOf } from '../factors/actions.ts';
import type { Factor } from '../factors/store.ts';
import { SHORTEST_PASSWORD } from '../password-rule.ts';
import { changePassword } from '../passwords/actions.ts';
import { safeReturn } from '../return.ts';
import { endSessions, mySessions, self } from '../sessions/actions.ts';
import type { Session } from '../store.ts';
import { FACTOR_WORDS } from '../text.ts';
import { securityWords, weakNotice } from './account.ts';
import { done, faultsOf, officerPage, type Request, SECURITY, sessionOf } from './frame.ts';
import { recoveryPage } from './recovery.ts';

const DONE: Record<string, string> = {
  sandi: 'Kata sandi sudah diganti. Perangkat lain harus masuk lagi.',
  aplikasi: 'Aplikasi kode terpasang. Mulai sekarang masuk memakai kata sandi dan kodenya.',
  kunci: 'Kunci sandi terpasang.',
  lepas: 'Pengaman itu sudah dilepas.',
  sesi: 'Sesi itu sudah diakhiri.',
  lain: 'Semua sesi lain sudah diakhiri.',
};
const BACK = { text: 'Keamanan', href: SECURITY };

export function securityPages(app: Hono<Env>): void {
  app.get(SECURITY, async (c) => {
    const ctx = c.get('ctx');
    const { id, weak } = self(ctx);
    const [security, sessions] = await Promise.all([securityOf(ctx, id), mySessions(ctx, sessionOf(c))]);
    const secured = security.factors.length > 0;
    const back = c.req.query('ke');
    return c.html(
      officerPage(ctx, {
        title: 'Keamanan akun',
        path: '/akun/keamanan',
        back: { text: 'Akun', href: '/akun' },
        body: html`${done(c, DONE)}<h1>Keamanan akun</h1>${weak && weakNotice(secured)}${
          weak && back && html`<p><a href="${safeReturn(back)}">Nanti saja, lanjut melihat</a></p>`
        }<p>${securityWords(security)}.</p>${section('Pengaman kedua', factorsOf(ctx, security.factors, back))}${
          secured &&
          section(
            'Kode pemulihan',
            html`<p>${security.recoveryLeft} dari 10 kode belum dipakai. Simpan di tempat yang aman, tidak di ponsel yang sama.</p>${security.recoveryLeft < 4 && notice({ tone: 'warning', body: html`<p>Kode hampir habis. Buat sepuluh yang baru.</p>` })}<p>${linkButton('Buat kode baru', `${SECURITY}/pemulihan`, 'secondary')}</p>`,
          )
        }${section('Kata sandi', html`<p>Tidak perlu diganti berkala; ganti bila ada yang mungkin mengetahuinya.</p><p>${linkButton('Ganti kata sandi', `${SECURITY}/sandi`, 'secondary')}</p>`)}${section(
          'Sedang masuk di',
          sessionsOf(ctx, sessions),
          { id: 'sesi' },
        )}`,
      }),
    );
  });

  app.get(`${SECURITY}/lepas/:id`, (c) => showDrop(c));
  app.post(`${SECURITY}/lepas/:id`, async (c) => {
    guard(c, c.get('ctx'), 'sign-in');
    const given = await readForm(c);
    try {
      await dropFactor(c.get('ctx'), c.req.param('id'), passwordOf(given));
    } catch (error) {
      return showDrop(c, faultsOf(error).of.sekarang ?? faultsOf(error).message);
    }
    return c.redirect(`${SECURITY}?selesai=lepas`, 303);
  });

  app.get(`${SECURITY}/pemulihan`, (c) => showRenew(c));
  app.post(`${SECURITY}/pemulihan`, async (c) => {
    guard(c, c.get('ctx'), 'sign-in');
    const given = await readForm(c);
    try {
      return await recoveryPage(c, await renewRecoveryCodes(c.get('ctx'), passwordOf(given)), SECURITY);
    } catch (error) {
      return showRenew(c, faultsOf(error).of.sekarang ?? faultsOf(error).message);
    }
  });

  app.get(`${SECURITY}/sandi`, (c) => showPassword(c));
  app.post(`${SECURITY}/sandi`, async (c) => {
    guard(c, c.get('ctx'), 'sign-in');
    const given = await readForm(c);
    try {
      await changePassword(c.get('ctx'), sessionOf(c), {
        current: passwordOf(given),
        next: textOf(given, 'baru').slice(0, 1000),
        again: textOf(given, 'ulang').slice(0, 1000),
      });
    } catch (error) {
      return showPassword(c, faultsOf(error).of);
    }
    return c.redirect(`${SECURITY}?selesai=sandi`, 303);
  });

  app.post(`${SECURITY}/sesi`, async (c) => {
    await endSessions(c.get('ctx'), { id: textOf(await readForm(c), 'sesi') });
    return c.redirect(`${SECURITY}?selesai=sesi#sesi`, 303);
  });
  app.post(`${SECURITY}/sesi/lain`, async (c) => {
    await endSessions(c.get('ctx'), { keep: sessionOf(c) });
    return c.redirect(`${SECURITY}?selesai=lain#sesi`, 303);
  });
}

const passwordOf = (given: Record<string, unknown>): string => textOf(given, 'sekarang').slice(0, 1000);

function factorsOf(ctx: Ctx, factors: Factor[], back: string | undefined): Content {
  const ke = back ? `?ke=${encodeURIComponent(safeReturn(back))}` : '';
  const app = factors.some(({ kind }) => kind === 'totp');
  const when = (at: Date | null) => (at ? formatDateTime(at, ctx.calendar.offsetMinutes) : 'belum pernah');
  const list =
    factors.length > 0
      ? html`<ul class="tasks">${factors.map(
          ({ id, name, kind, used }) =>
            html`<li><div><b>${name}</b><div class="hint">${FACTOR_WORDS[kind] ?? kind}; terakhir dipakai ${when(used)}</div></div><a href="${SECURITY}/lepas/${id}" aria-label="Lepas ${name}">Lepas</a></li>`,
        )}</ul>`
      : emptyState({
          title: 'Belum ada pengaman kedua.',
          body: html`<p>Siapa pun yang mengetahui kata sandi Anda bisa masuk. Pasang salah satu di bawah ini.</p>`,
        });
  return html`${list}<div class="btns">${linkButton(app ? 'Ganti ponsel atau aplikasi kode' : 'Pasang aplikasi kode', `${SECURITY}/aplikasi${ke}`, factors.length > 0 ? 'secondary' : 'primary')}${linkButton(factors.some(({ kind }) => kind === 'passkey') ? 'Tambah kunci sandi' : 'Pasang kunci sandi', `${SECURITY}/kunci${ke}`, 'secondary')}</div>`;
}

function sessionsOf(ctx: Ctx, sessions: Session[]): Content {
  const at = (moment: Date | null) => (moment ? formatDateTime(moment, ctx.calendar.offsetMinutes) : '–');
  const others = sessions.filter(({ own }) => !own).length;
  const end = (id: string) =>
    form({
      action: `${SECURITY}/sesi`,
      hidden: { sesi: id },
      body: html`<div class="press">${button('Akhiri', { kind: 'secondary' })}</div>`,
    });
  return html`<ul class="tasks">${sessions.map(
    ({ id, device, own, created, seen, strong }) =>
      html`<li><div><b>${device || 'Peramban lain'}</b>${own && ' (perangkat ini)'}<div class="hint">masuk ${at(created)}; terakhir dipakai kira-kira ${at(seen)}${!strong && '; kata sandi saja'}</div></div>${!own && end(id)}</li>`,
  )}</ul>${
    others > 0 &&
    confirmDialog({
      id: 'akhiri-lain',
      trigger: 'Akhiri semua sesi lain',
      title: `Akhiri ${others} sesi lain?`,
      kind: 'secondary',
      body: form({
        action: `${SECURITY}/sesi/lain`,
        body: html`<p>Perangkat ini tetap masuk. Yang lain harus masuk lagi.</p>${button('Ya, akhiri', { kind: 'danger' })}`,
      }),
    })
  }<p class="hint">Alamat internet dan tempat Anda tidak disimpan.</p>`;
}

type Asking = { title: string; action: string; press: string; danger?: boolean; body: Content };

/** A deed on one's own security asks for the password once more. */
async function askPassword(
  c: Request,
  { title, action, press, danger, body }: Asking,
  error?: string,
): Promise<Response> {
  const field = textField({
    name: 'sekarang',
    label: 'Kata sandi Anda sekarang',
    type: 'password',
    length: 30,
    autocomplete: 'current-password',
    error,
  });
  const page = officerPage(c.get('ctx'), {
    title,
    path: action,
    back: BACK,
    error: error !== undefined,
    body: html`${error && errorSummary([{ path: 'sekarang', message: error }])}<h1>${title}</h1>${body}${form({
      action,
      body: html`${field}${buttons(button(press, { kind: danger ? 'danger' : 'primary' }), linkButton('Batal', SECURITY, 'secondary'))}`,
    })}`,
  });
  return c.html(page, error ? 422 : 200);
}

async function showDrop(c: Request, error?: string): Promise<Response> {
  const ctx = c.get('ctx');
  const { factors } = await securityOf(ctx, self(ctx).id);
  const factor = factors.find(({ id }) => id === c.req.param('id'));
  if (!factor) return c.redirect(SECURITY, 303);
  const last = factors.length === 1;
  return askPassword(
    c,
    {
      title: `Lepas ${factor.name}`,
      action: `${SECURITY}/lepas/${factor.id}`,
      press: 'Lepas pengaman ini',
      danger: true,
      body: last
        ? notice({
            tone: 'warning',
            body: html`<p>Ini pengaman terakhir. Tanpa pengaman kedua Anda hanya boleh melihat, tidak memutuskan.</p>`,
          })
        : html`<p>Pengaman yang lain tetap terpasang.</p>`,
    },
    error,
  );
}

const showRenew = (c: Request, error?: string): Promise<Response> =>
  askPassword(
    c,
    {
      title: 'Kode pemulihan baru',
      action: `${SECURITY}/pemulihan`,
      press: 'Buat sepuluh kode baru',
      body: html`<p>Kode yang lama langsung tidak berlaku. Yang baru ditampilkan satu kali saja.</p>`,
    },
    error,
  );

async function showPassword(c: Request, errors: Record<string, string> = {}): Promise<Response> {
  self(c.get('ctx'));
  const list = Object.entries(errors).map(([path, message]) => ({ path, message }));
  const field = (name: string, label: string, autocomplete: string, hint?: string) =>
    textField({ name, label, type: 'password', length: 30, autocomplete, error: errors[name], ...(hint && { hint }) });
  const page = officerPage(c.get('ctx'), {
    title: 'Ganti kata sandi',
    path: `${SECURITY}/sandi`,
    back: BACK,
    error: list.length > 0,
    body: html`${errorSummary(list)}<h1>Ganti kata sandi</h1><p>Perangkat lain tempat Anda masuk akan harus masuk lagi.</p>${form(
      {
        action: `${SECURITY}/sandi`,
        body: html`${field('sekarang', 'Kata sandi sekarang', 'current-password')}${field('baru', 'Kata sandi baru', 'new-password', `Paling sedikit ${SHORTEST_PASSWORD} huruf. Beberapa kata yang tidak berhubungan mudah diingat dan sulit ditebak.`)}${field('ulang', 'Tulis sekali lagi', 'new-password')}${buttons(button('Ganti kata sandi'), linkButton('Batal', SECURITY, 'secondary'))}`,
      },
    )}`,
  });
  return c.html(page, list.length > 0 ? 422 : 200);
}
