// Signing in and out, and the page that says who I am and what I may do.
import type { Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { cookieOptions, guard, readForm, SESSION_COOKIE, textOf } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { findVillage, ownVillages } from '#src/areas/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { isOfficerRole, roleName } from '#src/catalogue/roles.ts';
import { DEMO_OFFICERS, DEMO_PASSWORD } from '#src/demo.ts';
import { button, details, notice, section, split } from '#ui/components.ts';
import { errorSummary, form, hiddenFields, textField } from '#ui/fields.ts';
import { formatList } from '#ui/format.ts';
import type { Content, Html } from '#ui/html.ts';
import { page } from '#ui/layout.ts';
import { checklist, summaryList } from '#ui/lists.ts';
import { deedsOf, rightsOf } from './account.ts';
import { listDemoOfficers, SESSION_HOURS, signIn, signOut } from './actions.ts';
import { safeReturn } from './return.ts';
import { ROLE_DEEDS, WRONG_SIGN_IN } from './text.ts';

type Request = Context<Env>;

export function identityPages(app: Hono<Env>): void {
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
    const signed = await signIn(ctx, login, textOf(given, 'password').slice(0, 1000));
    if (!signed) return c.html(await signInPage(ctx, { back, login, wrong: true }), 422);
    await forget(c, ctx); // the session before this one ends here, whoever's it was
    setCookie(c, SESSION_COOKIE, signed.token, { ...cookieOptions(ctx), maxAge: SESSION_HOURS * 3600 });
    return c.redirect(safeReturn(back), 303);
  });

  app.get('/keluar', (c) => c.redirect('/akun', 303));

  app.post('/keluar', async (c) => {
    const ctx = c.get('ctx');
    await forget(c, ctx);
    deleteCookie(c, SESSION_COOKIE, cookieOptions(ctx));
    return c.redirect('/masuk?keluar', 303);
  });

  app.get('/akun', async (c) => c.html(await accountPage(c.get('ctx'))));
}

async function forget(c: Request, ctx: Ctx): Promise<void> {
  const token = getCookie(c, SESSION_COOKIE);
  if (token) await signOut(ctx, token);
}

type SignIn = { back?: string | undefined; login?: string; wrong?: boolean; left?: boolean };

async function signInPage(ctx: Ctx, given: SignIn): Promise<Html> {
  const back = safeReturn(given.back);
  const { actor } = ctx;
  const demo = ctx.config.mode === 'demo' ? await demoAccounts(ctx, back) : null;
  const signInForm = html`<h1>Masuk petugas</h1>${
    given.wrong && errorSummary([{ path: 'login', message: WRONG_SIGN_IN }], 'Belum bisa masuk')
  }${given.left && notice({ tone: 'success', body: html`<p>Anda sudah keluar. Tutup peramban bila komputer ini dipakai bersama.</p>` })}${
    actor.kind === 'officer' &&
    notice({
      body: html`<p>Anda sedang masuk sebagai <b>${actor.name}</b>. <a href="${back}">Lanjutkan bekerja</a>, atau masuk dengan akun lain.</p>`,
    })
  }${form({
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
      button('Masuk'),
    ],
  })}<p class="hint">Halaman ini hanya untuk petugas. Warga tidak perlu akun: <a href="/layanan">ajukan</a> atau <a href="/lacak">lacak permohonan</a>. Lupa kata sandi? Hubungi pengelola akun di instansi Anda.</p>`;
  return page({
    title: 'Masuk petugas',
    path: '/masuk',
    area: 'desk',
    wide: true,
    nav: [{ text: 'Untuk warga', href: '/' }],
    banner: ctx.config.mode === 'demo',
    error: given.wrong ?? false,
    body: html`<div class="signin">${demo ? split(signInForm, demo, 'Akun contoh') : signInForm}</div>`,
  });
}

/** The story of the demo is told by these; the other offices stand folded below. */
const FIRST_AGENCIES = ['dindukcapil', 'desa', 'kecamatan'];

async function demoAccounts(ctx: Ctx, back: string): Promise<Content> {
  const [officers, { agencies }] = await Promise.all([listDemoOfficers(ctx), getCatalogue(ctx)]);
  const byAgency = Map.groupBy(inOrder(officers), ({ agency }) => agency);
  const account = (officer: (typeof officers)[number]) => {
    const deeds = officer.roles.filter(isOfficerRole).map((role) => ROLE_DEEDS[role]);
    return html`<li><form action="/masuk" method="post">${hiddenFields({ login: officer.login, password: DEMO_PASSWORD, ke: back })}<button type="submit"><b>${shortName(officer.name)}</b> <span>${formatList(officer.roles.map(roleName))}</span> <span>${sentence(deeds.join('; '))}</span></button></form></li>`;
  };
  const group = ([agency, list]: [string, typeof officers]) =>
    html`<h3>${agencies.get(agency)?.name ?? agency}</h3><ul class="accounts">${list.map(account)}</ul>`;
  const first = [...byAgency].filter(([agency]) => FIRST_AGENCIES.includes(agency));
  const rest = [...byAgency].filter(([agency]) => !FIRST_AGENCIES.includes(agency));
  return html`<h2>Akun contoh</h2><p class="hint">Hanya di dunia contoh. Tekan satu nama untuk masuk. Kata sandi semua akun: <b>${DEMO_PASSWORD}</b></p>${first.map(group)}${
    rest.length > 0 && details(`${rest.length} instansi lain`, html`${rest.map(group)}`)
  }`;
}

async function accountPage(ctx: Ctx): Promise<Html> {
  const { actor } = ctx;
  if (actor.kind !== 'officer') throw new Problem(PROBLEMS.signIn);
  const { agencies, services } = await getCatalogue(ctx);
  const deeds = deedsOf(
    actor,
    services.map(({ service }) => service),
  );
  const rights = rightsOf(actor);
  return page({
    title: 'Akun saya',
    path: '/akun',
    area: 'desk',
    wide: true,
    nav: [
      { text: 'Kotak masuk', href: '/kerja' },
      { text: 'Arsip', href: '/kerja/arsip' },
      { text: 'Akun', href: '/akun' },
    ],
    officer: { name: shortName(actor.name), role: formatList(actor.roles.map(roleName)) },
    banner: ctx.config.mode === 'demo',
    body: html`<h1>${shortName(actor.name)}</h1>${split(
      html`${summaryList([
        { key: 'Instansi', value: agencies.get(actor.agency)?.name ?? actor.agency },
        { key: 'Peran', value: formatList(actor.roles.map(roleName)) },
        { key: 'Wilayah', value: await areaName(ctx, actor.area) },
      ])}${section(
        'Tindakan menurut peran',
        deeds.map(({ role, deeds: names, services: count }) =>
          names.length > 0
            ? details(
                `${roleName(role)}: ${names.length} tindakan di ${count} layanan`,
                html`<ul>${names.map((name) => html`<li>${name}</li>`)}</ul>`,
                { open: deeds.length === 1 },
              )
            : html`<p>${roleName(role)}: belum ada layanan yang memberi tindakan kepada peran ini.</p>`,
        ),
      )}`,
      section(
        'Yang boleh Anda lakukan',
        html`${checklist(
          rights.map(({ text, allowed, because }) => ({
            text,
            ready: allowed,
            hint: `${allowed ? 'Boleh' : 'Tidak boleh'}, karena ${because}.`,
          })),
        )}<p class="hint">NIK, nomor KK, dan nomor HP ditutup. Membukanya tercatat dan dapat dibaca oleh warga yang bersangkutan.</p>`,
      ),
      'Hak',
    )}`,
  });
}

async function areaName(ctx: Ctx, area: string): Promise<string> {
  if (area === '') return 'Seluruh Kabupaten Blora';
  const village = await findVillage(ctx, area);
  if (village) return `${village.name}, Kecamatan ${village.district}`;
  const inside = [...(await ownVillages(ctx)).values()].find((place) => place.code.startsWith(`${area}.`));
  return inside ? `Kecamatan ${inside.district}` : area;
}

// as the demo tells its story: who checks, who approves, then the others
const order = new Map(DEMO_OFFICERS.map(({ login }, index) => [login, index]));
const inOrder = <T extends { login: string }>(officers: T[]): T[] =>
  officers.toSorted((a, b) => (order.get(a.login) ?? 99) - (order.get(b.login) ?? 99));

// the demo's names carry their role in brackets; here it stands beside them
const shortName = (name: string): string => name.replace(/ \(.*/, '');
const sentence = (text: string): string => text && `${text[0]?.toUpperCase()}${text.slice(1)}.`;
