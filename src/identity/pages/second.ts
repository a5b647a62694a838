// The second step of signing in, and signing in by passkey alone.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { guard, readForm, textOf } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { button, buttons, details, notice } from '#ui/components.ts';
import { errorSummary, form, textField } from '#ui/fields.ts';
import type { Content } from '#ui/html.ts';
import { enter, openSecond, signInSecond } from '../actions.ts';
import { checkPasskey, passkeyQuestion, securityOf } from '../factors/actions.ts';
import { OFFICER_PROBLEMS } from '../problems.ts';
import { safeReturn } from '../return.ts';
import type { Officer } from '../store.ts';
import { WRONG_CODE } from '../text.ts';
import { browserOf, deviceOf, forgetStep, homeOf, keepSession, officerPage, type Request, stepOf } from './frame.ts';
import { PASSKEY_SCRIPT, passkeyForm } from './passkey.ts';

const AT = '/masuk/pengaman';

export function secondStepPages(app: Hono<Env>): void {
  app.get(AT, (c) => showStep(c, c.req.query('ke') ?? ''));

  app.post(AT, async (c) => {
    const ctx = c.get('ctx');
    guard(c, ctx, 'sign-in');
    const given = await readForm(c);
    const back = textOf(given, 'ke');
    const code = (textOf(given, 'kode') || textOf(given, 'pemulihan')).slice(0, 100);
    const signed = await signInSecond(ctx, stepOf(c), code, deviceOf(c));
    if (!signed) return showStep(c, back, textOf(given, 'kode') ? { kode: WRONG_CODE } : { pemulihan: WRONG_CODE });
    return inside(c, signed, back);
  });

  app.post(`${AT}/tantangan`, async (c) => {
    const ctx = c.get('ctx');
    guard(c, ctx, 'sign-in');
    const officer = await openSecond(ctx, stepOf(c));
    if (!officer) throw new Problem(PROBLEMS.forbidden);
    return c.json(await passkeyQuestion(ctx, browserOf(c), officer.id));
  });

  app.post(`${AT}/kunci`, async (c) => {
    const ctx = c.get('ctx');
    guard(c, ctx, 'sign-in');
    const officer = await openSecond(ctx, stepOf(c));
    if (!officer) throw new Problem(PROBLEMS.signIn);
    return byPasskey(c, officer);
  });

  app.get('/masuk/kunci', (c) => showPasskey(c, c.req.query('ke') ?? ''));

  app.post('/masuk/kunci/tantangan', async (c) => {
    const ctx = c.get('ctx');
    guard(c, ctx, 'sign-in');
    return c.json(await passkeyQuestion(ctx, browserOf(c)));
  });

  app.post('/masuk/kunci', async (c) => {
    guard(c, c.get('ctx'), 'sign-in');
    return byPasskey(c);
  });
}

async function byPasskey(c: Request, of?: Officer): Promise<Response> {
  const ctx = c.get('ctx');
  const given = await readForm(c);
  const back = textOf(given, 'ke');
  const answer = textOf(given, 'jawaban').slice(0, 20_000);
  const officer = await checkPasskey(ctx, { browser: browserOf(c), answer }, of?.id);
  if (!officer) {
    const error = OFFICER_PROBLEMS.passkey.title;
    return of ? showStep(c, back, { '': error }) : showPasskey(c, back, error);
  }
  return inside(c, { officer, token: await enter(ctx, officer.id, deviceOf(c)) }, back);
}

async function inside(c: Request, signed: { officer: Officer; token: string }, back: string): Promise<Response> {
  forgetStep(c);
  await keepSession(c, signed.token);
  return c.redirect(homeOf(back, signed.officer.roles), 303);
}

async function showStep(c: Request, back: string, errors: Record<string, string> = {}): Promise<Response> {
  const ctx = c.get('ctx');
  const ke = safeReturn(back);
  const officer = await openSecond(ctx, stepOf(c));
  if (!officer) return c.redirect(`/masuk?ke=${encodeURIComponent(ke)}`, 303);
  const { factors } = await securityOf(ctx, officer.id);
  const has = (kind: string) => factors.some((factor) => factor.kind === kind);
  const wrong = Object.entries(errors).map(([path, message]) => ({ path, message }));
  const app =
    has('totp') &&
    form({
      action: AT,
      hidden: { ke },
      body: html`${textField({ name: 'kode', label: 'Kode enam angka dari aplikasi', hint: 'Buka aplikasi kode di ponsel Anda. Kodenya berganti tiap setengah menit dan berlaku satu kali.', length: 8, maxlength: 12, inputmode: 'numeric', autocomplete: 'one-time-code', error: errors.kode })}${buttons(button('Masuk'))}`,
    });
  const passkey =
    has('passkey') &&
    html`${has('totp') && html`<h2>Atau dengan kunci sandi</h2>`}${passkeyForm({ deed: 'get', question: `${AT}/tantangan`, action: `${AT}/kunci`, press: 'Pakai kunci sandi', hidden: { ke }, kind: has('totp') ? 'secondary' : 'primary' })}`;
  const recovery = details(
    'Ponsel atau kuncinya tidak ada?',
    form({
      action: AT,
      hidden: { ke },
      body: html`${textField({ name: 'pemulihan', label: 'Kode pemulihan', hint: 'Satu dari sepuluh kode yang Anda simpan. Tiap kode berlaku satu kali.', length: 30, maxlength: 40, autocapitalize: 'characters', spellcheck: false, autocomplete: 'off', error: errors.pemulihan })}${buttons(button('Masuk dengan kode pemulihan', { kind: 'secondary' }))}<p class="hint">Kode pemulihan juga tidak ada? Pengelola akun di instansi Anda dapat menghapus pengaman yang hilang.</p>`,
    }),
    { open: 'pemulihan' in errors },
  );
  return answer(c, wrong.length > 0, {
    title: 'Pengaman kedua',
    scripts: has('passkey') ? [PASSKEY_SCRIPT] : [],
    body: html`${errorSummary(wrong, 'Belum bisa masuk')}<h1>Pengaman kedua</h1><p>Kata sandi cocok. Satu langkah lagi.</p>${app}${passkey}${recovery}`,
  });
}

async function showPasskey(c: Request, back: string, error?: string): Promise<Response> {
  const ke = back ? safeReturn(back) : '';
  return answer(c, error !== undefined, {
    title: 'Masuk dengan kunci sandi',
    scripts: [PASSKEY_SCRIPT],
    body: html`${error && errorSummary([{ path: '', message: error }], 'Belum bisa masuk')}<h1>Masuk dengan kunci sandi</h1><p>Kunci sandi tersimpan di perangkat Anda dan dibuka dengan sidik jari, wajah, atau PIN. Tidak perlu kata sandi dan kode.</p>${passkeyForm({ deed: 'get', question: '/masuk/kunci/tantangan', action: '/masuk/kunci', press: 'Masuk dengan kunci sandi', hidden: { ke } })}${notice({ body: html`<p>Belum memasangnya? <a href="/masuk?ke=${encodeURIComponent(ke)}#petugas">Masuk dengan kata sandi</a>, lalu pasang di halaman Akun, bagian Keamanan.</p>` })}`,
  });
}

type Shown = { title: string; body: Content; scripts: string[] };

async function answer(c: Request, error: boolean, shown: Shown): Promise<Response> {
  const back = { text: 'Kembali ke halaman masuk', href: '/masuk' };
  return c.html(officerPage(c.get('ctx'), { ...shown, path: c.req.path, error, back }), error ? 422 : 200);
}
