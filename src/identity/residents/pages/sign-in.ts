// Residents sign in: a contact, a code, a session; or by way of an identity provider. Every page works without script.
import type { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { clientAddress, cookieOptions, guard, readForm, textOf } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { lead, notice } from '#ui/components.ts';
import { errorSummary } from '#ui/fields.ts';
import type { Content } from '#ui/html.ts';
import { askCode, findAsked, resendCode, signInByCode, signOut } from '../actions.ts';
import { showContact } from '../contact.ts';
import { askedOf, forgetAsked, keepAsked, keepSession, sessionToken } from '../cookies.ts';
import { codeForm, residentSignIn, wrongCode } from '../forms.ts';
import { beginSignIn, CALLBACK, finishSignIn, publicKeys } from '../oidc/actions.ts';
import { kinds } from '../problems.ts';
import { deviceOf, homeward, residentCtx, show, type Web } from './frame.ts';

const AT = '/masuk';
const SSO_COOKIE = 'sso';

export function residentSignInPages(app: Hono<Env>): void {
  app.get('/masuk/kode', (c) => showCode(c, {}));
  app.post('/masuk/kode', ask);
  app.get('/masuk/kode/:deed', (c) => c.redirect('/masuk/kode', 303));
  app.post('/masuk/kode/periksa', check);
  app.post('/masuk/kode/ulang', again);
  app.get('/masuk/sso', begin);
  app.get(CALLBACK, finish);
  app.get('/oidc/jwks.json', async (c) => {
    c.header('Cache-Control', 'public, max-age=300');
    return c.json(await publicKeys(c.get('ctx')), 200, { 'Content-Type': 'application/jwk-set+json' });
  });
}

type Status = 200 | 400 | 410 | 422 | 429 | 503;

async function showAsk(
  c: Web,
  given: { back: string; typed?: string; error?: string; notice?: Content; title?: string },
  status: Status,
): Promise<Response> {
  return show(
    c,
    {
      title: 'Masuk',
      back: { text: 'Halaman depan', href: '/' },
      error: status !== 200,
      body: html`${given.error && errorSummary([{ path: 'kontak', message: given.error }], 'Belum bisa mengirim kode')}<h1>Masuk</h1>${lead('Tanpa kata sandi: kami kirim kode ke HP atau email Anda.')}${given.notice}${residentSignIn(c.get('ctx'), given)}`,
    },
    status,
  );
}

async function ask(c: Web): Promise<Response> {
  const ctx = residentCtx(c);
  guard(c, ctx, 'sign-in');
  const given = await readForm(c);
  const typed = textOf(given, 'kontak').slice(0, 300);
  const back = homeward(textOf(given, 'ke'));
  try {
    const asked = await askCode(ctx, {
      typed,
      address: clientAddress(c, ctx),
      purpose: 'sign-in',
      before: askedOf(c),
    });
    keepAsked(c, AT, asked);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { status } = error.kind;
    if (status !== PROBLEMS.invalid.status && status !== kinds.tooManyCodes.status) throw error;
    return showAsk(c, { back, typed, error: error.errors[0]?.message ?? error.message }, status as Status);
  }
  return c.redirect(`/masuk/kode?ke=${encodeURIComponent(back)}`, 303);
}

type Shown = { back?: string; error?: string | undefined };

async function showCode(c: Web, shown: Shown, status: Status = 200): Promise<Response> {
  const ctx = residentCtx(c);
  const back = shown.back ?? homeward(c.req.query('ke'));
  const asked = askedOf(c);
  const known = asked && (await findAsked(ctx, asked));
  if (!asked || known?.purpose !== 'sign-in')
    return c.req.method === 'GET' && !shown.error
      ? c.redirect(`/masuk?ke=${encodeURIComponent(back)}`, 303)
      : showAsk(c, { back, error: shown.error ?? kinds.codeGone.title }, status === 200 ? 410 : status);
  return show(
    c,
    {
      title: 'Ketik kode',
      back: { text: 'Ganti nomor atau email', href: `/masuk?ke=${encodeURIComponent(back)}` },
      error: status !== 200,
      body: html`${shown.error && errorSummary([{ path: 'kode', message: shown.error }], 'Belum bisa masuk')}${codeForm(
        {
          action: '/masuk/kode/periksa',
          again: '/masuk/kode/ulang',
          back,
          // shown to the browser that typed it just now, so that a slip is seen
          sent: showContact(known.contact),
          error: shown.error,
          demo: ctx.config.mode === 'demo',
        },
      )}`,
    },
    status,
  );
}

async function check(c: Web): Promise<Response> {
  const ctx = residentCtx(c);
  guard(c, ctx, 'code');
  const given = await readForm(c);
  const back = homeward(textOf(given, 'ke'));
  const typed = textOf(given, 'kode').slice(0, 40);
  const asked = askedOf(c);
  if (!asked) return showAsk(c, { back, error: kinds.codeGone.title }, 410);
  if (!typed.trim()) return showCode(c, { back, error: 'Ketik kode yang kami kirim.' }, 422);
  try {
    const tried = await signInByCode(ctx, asked, typed, deviceOf(c));
    if (!tried.right) return showCode(c, { back, error: wrongCode(tried.left) }, 422);
    forgetAsked(c, AT);
    await enter(c, tried.done.token);
    return c.redirect(back, 303);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind.code !== kinds.codeGone.code) throw error;
    forgetAsked(c, AT);
    return showAsk(c, { back, error: error.message }, 410);
  }
}

/** A new session; the one before in this browser ends, whoever's it was. */
async function enter(c: Web, token: string): Promise<void> {
  const before = sessionToken(c);
  if (before) await signOut(residentCtx(c), before);
  keepSession(c, token);
}

async function again(c: Web): Promise<Response> {
  const ctx = residentCtx(c);
  guard(c, ctx, 'sign-in');
  const back = homeward(textOf(await readForm(c), 'ke'));
  const asked = askedOf(c);
  if (!asked) return showAsk(c, { back, error: kinds.codeGone.title }, 410);
  try {
    keepAsked(c, AT, await resendCode(ctx, asked, clientAddress(c, ctx)));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.kind.code === kinds.codeGone.code
      ? showAsk(c, { back, error: error.message }, 410)
      : showCode(c, { back, error: error.message }, 429);
  }
  return c.redirect(`/masuk/kode?ke=${encodeURIComponent(back)}`, 303);
}

const ssoCookie = (c: Web) => ({ ...cookieOptions(c.get('ctx')), path: '/masuk/sso' });

async function begin(c: Web): Promise<Response> {
  const ctx = residentCtx(c);
  const { oidc } = ctx.config;
  if (!oidc) throw new Problem(PROBLEMS.notFound);
  guard(c, ctx, 'sign-in');
  const back = homeward(c.req.query('ke'));
  try {
    const { url, secret } = await beginSignIn(ctx, oidc, back);
    setCookie(c, SSO_COOKIE, secret, { ...ssoCookie(c), maxAge: 15 * 60 });
    return c.redirect(url.href, 303);
  } catch (error) {
    return refused(c, error, back);
  }
}

async function finish(c: Web): Promise<Response> {
  const ctx = residentCtx(c);
  const { oidc } = ctx.config;
  if (!oidc) throw new Problem(PROBLEMS.notFound);
  guard(c, ctx, 'sign-in');
  const secret = getCookie(c, SSO_COOKIE);
  setCookie(c, SSO_COOKIE, '', { ...ssoCookie(c), maxAge: 0 });
  try {
    const { token, back } = await finishSignIn(ctx, oidc, {
      search: new URL(c.req.url).search,
      secret,
      device: deviceOf(c),
    });
    await enter(c, token);
    return c.redirect(homeward(back), 303);
  } catch (error) {
    return refused(c, error, '/akun');
  }
}

/** The provider did not let the person in: what happened, and the way that is still open. */
async function refused(c: Web, error: unknown, back: string): Promise<Response> {
  if (!(error instanceof Problem)) throw error;
  const codes: string[] = [kinds.providerDown.code, kinds.providerRefused.code];
  if (!codes.includes(error.kind.code)) throw error;
  const down = error.kind.code === kinds.providerDown.code;
  const said = notice({
    tone: 'warning',
    title: down ? 'Penyedia akun sedang tidak menjawab' : 'Masuk belum berhasil',
    body: html`<p>${error.message}</p>`,
  });
  return showAsk(c, { back, notice: said }, down ? 503 : 400);
}
