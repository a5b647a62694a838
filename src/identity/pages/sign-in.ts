// Signing in and out. Residents and officers share /masuk and /akun: what is not an officer's goes on to the residents' pages.

import type { Hono } from 'hono';
import { deleteCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { cookieOptions, guard, readForm, SESSION_COOKIE, textOf } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { roleName } from '#src/catalogue/roles.ts';
import { DEMO_OFFICERS, DEMO_PASSWORD } from '#src/demo.ts';
import { shortName } from '#src/office.ts';
import { button, buttons, details, notice, section } from '#ui/components.ts';
import { errorSummary, form, hiddenFields, textField } from '#ui/fields.ts';
import { formatList } from '#ui/format.ts';
import type { Content, Html } from '#ui/html.ts';
import { page } from '#ui/layout.ts';
import { authenticate, listDemoOfficers, SECOND_STEP_MINUTES, signIn, signOut } from '../actions.ts';
import { residentSignIn } from '../residents/forms.ts';
import { safeReturn } from '../return.ts';
import { roleDeed, WRONG_SIGN_IN } from '../text.ts';
import { accountPage } from './account.ts';
import { deviceOf, homeOf, keepSession, keepStep, SECURITY, sessionOf } from './frame.ts';

export function signInPages(app: Hono<Env>): void {
  app.get('/masuk', async (c) => {
    const left = c.req.query('keluar') !== undefined;
    return c.html(await signInPage(c.get('ctx'), { back: c.req.query('ke'), left }));
  });

  app.post('/masuk', async (c) => {
    const ctx = c.get('ctx');
    guard(c, ctx, 'sign-in');
    const given = await readForm(c);
    const login = textOf(given, 'login').slice(0, 200);
    const back = textOf(given, 'ke');
    const signed = await signIn(ctx, login, textOf(given, 'password').slice(0, 1000), deviceOf(c));
    if (!signed) return c.html(await signInPage(ctx, { back, login, wrong: true }), 422);
    const home = homeOf(back, signed.officer.roles);
    if (signed.second !== undefined) {
      keepStep(c, signed.second, SECOND_STEP_MINUTES);
      return c.redirect(`/masuk/pengaman?ke=${encodeURIComponent(home)}`, 303);
    }
    await keepSession(c, signed.token);
    const actor = await authenticate(ctx, signed.token);
    // who cannot decide yet is told so first, with the way on
    const weak = actor?.kind === 'officer' && actor.weak;
    return c.redirect(weak ? `${SECURITY}?ke=${encodeURIComponent(home)}` : home, 303);
  });

  app.get('/keluar', (c) => c.redirect('/akun', 303));

  app.post('/keluar', async (c) => {
    const ctx = c.get('ctx');
    const token = sessionOf(c);
    if (token) await signOut(ctx, token);
    deleteCookie(c, SESSION_COOKIE, cookieOptions(ctx));
    return c.redirect('/masuk?keluar', 303);
  });

  app.get('/akun', async (c, next) => {
    const ctx = c.get('ctx');
    if (ctx.actor.kind === 'officer') return c.html(await accountPage(ctx));
    if (c.get('resident').account !== undefined) return next();
    throw new Problem(PROBLEMS.signIn);
  });
}

type SignIn = { back?: string | undefined; login?: string; wrong?: boolean; left?: boolean };

async function signInPage(ctx: Ctx, given: SignIn): Promise<Html> {
  // empty when nobody was sent here: then each role has a home of its own
  const back = given.back ? safeReturn(given.back) : '';
  const home = safeReturn(given.back, '/akun');
  const { actor } = ctx;
  const officerForm = form({
    action: '/masuk',
    hidden: { ke: back },
    body: [
      textField({
        name: 'login',
        label: 'Nama akun',
        value: given.login,
        autocomplete: 'username',
        autocapitalize: 'none',
        spellcheck: false,
        length: 30,
        ...(given.wrong && { error: WRONG_SIGN_IN }),
      }),
      textField({
        name: 'password',
        label: 'Kata sandi',
        type: 'password',
        autocomplete: 'current-password',
        length: 30,
      }),
      buttons(button('Masuk')),
    ],
  });
  return page({
    title: 'Masuk',
    path: '/masuk',
    area: 'resident',
    banner: ctx.config.mode === 'demo',
    error: given.wrong ?? false,
    body: html`${
      given.wrong && errorSummary([{ path: 'login', message: WRONG_SIGN_IN }], 'Belum bisa masuk')
    }<h1>Masuk</h1><p class="hint"><a href="#petugas">Anda petugas? Langsung ke bagian petugas</a></p>${
      given.left &&
      notice({
        tone: 'success',
        body: html`<p>Anda sudah keluar. Tutup peramban bila komputer ini dipakai bersama.</p>`,
      })
    }${
      actor.kind === 'officer' &&
      notice({
        body: html`<p>Anda sedang masuk sebagai <b>${shortName(actor.name)}</b>. <a href="${homeOf(back, actor.roles)}">Lanjutkan bekerja</a>, atau masuk dengan akun lain.</p>`,
      })
    }${section('Warga', residentSignIn(ctx, { back: home.startsWith('/kerja') ? '/akun' : home }), { id: 'warga' })}${section(
      'Petugas',
      html`${officerForm}<p><a href="/masuk/kunci?ke=${encodeURIComponent(back)}">Masuk dengan kunci sandi</a> (sidik jari, wajah, atau PIN perangkat), bila sudah dipasang.</p><p class="hint">Lupa kata sandi atau kehilangan ponsel? Hubungi pengelola akun di instansi Anda.</p>`,
      { id: 'petugas' },
    )}${ctx.config.mode === 'demo' && (await demoAccounts(ctx, back))}`,
  });
}

/** The story of the demo is told by these; the other offices stand folded below. */
const FIRST_AGENCIES = ['dindukcapil', 'desa', 'kecamatan'];

async function demoAccounts(ctx: Ctx, back: string): Promise<Content> {
  const [officers, { agencies }] = await Promise.all([listDemoOfficers(ctx), getCatalogue(ctx)]);
  const byAgency = Map.groupBy(inOrder(officers), ({ agency }) => agency);
  const account = (officer: (typeof officers)[number]) =>
    html`<li><div><b>${formatList(officer.roles.map(roleName))}</b><div class="hint">${formatList(officer.roles.map(roleDeed))}</div></div><form action="/masuk" method="post">${hiddenFields({ login: officer.login, password: DEMO_PASSWORD, ke: back })}${button(shortName(officer.name), { kind: 'secondary' })}</form></li>`;
  const group = ([agency, list]: [string, typeof officers]) =>
    html`<h3>${agencies.get(agency)?.name ?? agency}</h3><ul class="tasks">${list.map(account)}</ul>`;
  const first = [...byAgency].filter(([agency]) => FIRST_AGENCIES.includes(agency));
  const rest = [...byAgency].filter(([agency]) => !FIRST_AGENCIES.includes(agency));
  return section(
    'Akun contoh',
    html`<p class="hint">Hanya di dunia contoh. Tekan satu nama untuk masuk. Kata sandi semua akun: <b>${DEMO_PASSWORD}</b></p>${first.map(group)}${
      rest.length > 0 && details(`${rest.length} instansi lain`, html`${rest.map(group)}`)
    }`,
  );
}

// as the demo tells its story: who checks, who approves, then the others
const order = new Map(DEMO_OFFICERS.map(({ login }, index) => [login, index]));
const inOrder = <T extends { login: string }>(officers: T[]): T[] =>
  officers.toSorted((a, b) => (order.get(a.login) ?? 99) - (order.get(b.login) ?? 99));
