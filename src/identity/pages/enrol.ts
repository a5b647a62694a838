// Setting up a second factor: an authenticator app by QR code and first code, or a passkey.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { guard, readForm, textOf } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { Problem } from '#platform/problem.ts';
import { button, buttons, drawing, linkButton } from '#ui/components.ts';
import { errorSummary, form, textField } from '#ui/fields.ts';
import { renderReceiptQr } from '#ui/qr.ts';
import { begunApp, enrolPasskey, finishApp, passkeyOffer, startApp } from '../factors/actions.ts';
import { appUri, secretText } from '../factors/totp.ts';
import { OFFICER_PROBLEMS } from '../problems.ts';
import { safeReturn } from '../return.ts';
import { strengthen } from '../sessions/actions.ts';
import { browserOf, deviceOf, faultsOf, keepSession, officerPage, type Request, SECURITY, sessionOf } from './frame.ts';
import { PASSKEY_SCRIPT, passkeyForm } from './passkey.ts';
import { recoveryPage } from './recovery.ts';

const APP = `${SECURITY}/aplikasi`;
const PASSKEY = `${SECURITY}/kunci`;
const BACK = { text: 'Keamanan', href: SECURITY };

export function enrolPages(app: Hono<Env>): void {
  app.get(APP, (c) => showApp(c, c.req.query('ke') ?? ''));

  app.post(APP, async (c) => {
    const back = textOf(await readForm(c), 'ke');
    await startApp(c.get('ctx'));
    return c.redirect(`${APP}?ke=${encodeURIComponent(safeReturn(back, SECURITY))}`, 303);
  });

  app.post(`${APP}/kode`, async (c) => {
    const ctx = c.get('ctx');
    guard(c, ctx, 'sign-in');
    const given = await readForm(c);
    const back = textOf(given, 'ke');
    let codes: string[] | undefined;
    try {
      codes = await finishApp(ctx, textOf(given, 'kode').slice(0, 40));
    } catch (error) {
      return showApp(c, back, faultsOf(error).of.kode ?? faultsOf(error).message);
    }
    return enrolled(c, codes, back, 'aplikasi');
  });

  app.get(PASSKEY, (c) => showPasskey(c, c.req.query('ke') ?? ''));

  app.post(`${PASSKEY}/tantangan`, async (c) => {
    const ctx = c.get('ctx');
    guard(c, ctx, 'sign-in');
    return c.json(await passkeyOffer(ctx, browserOf(c)));
  });

  app.post(PASSKEY, async (c) => {
    const ctx = c.get('ctx');
    const given = await readForm(c);
    const back = textOf(given, 'ke');
    const name = textOf(given, 'nama').slice(0, 60);
    let codes: string[] | undefined;
    try {
      const answer = textOf(given, 'jawaban').slice(0, 50_000);
      codes = await enrolPasskey(ctx, { browser: browserOf(c), name, answer });
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== OFFICER_PROBLEMS.passkey) throw error;
      return showPasskey(c, back, error.message);
    }
    return enrolled(c, codes, back, 'kunci');
  });
}

/** Who has just proved a factor is let in as such, with a new token: the weak one is worth nothing any more. */
async function enrolled(c: Request, codes: string[] | undefined, back: string, what: string): Promise<Response> {
  const ctx = c.get('ctx');
  await keepSession(c, await strengthen(ctx, sessionOf(c), deviceOf(c)));
  if (codes) return recoveryPage(c, codes, safeReturn(back, SECURITY));
  return c.redirect(`${SECURITY}?selesai=${what}`, 303);
}

async function showApp(c: Request, back: string, error?: string): Promise<Response> {
  const ctx = c.get('ctx');
  const ke = safeReturn(back, SECURITY);
  const begun = await begunApp(ctx);
  const body = begun
    ? html`<ol><li><p>Buka aplikasi kode di ponsel, pilih tambah akun, lalu pindai kode ini.</p><div class="qrbox">${drawing(renderReceiptQr(appUri(begun.secret, begun.login)), 'Kode QR untuk aplikasi kode')}</div><p class="hint">Tidak bisa memindai? Pilih ketik sendiri, nama akun <b>${begun.login}</b>, jenis <b>berdasarkan waktu</b>, kuncinya:</p><p class="secret"><b>${secretText(begun.secret)}</b></p></li><li>${form(
        {
          action: `${APP}/kode`,
          hidden: { ke },
          body: html`${textField({ name: 'kode', label: 'Tulis kode enam angka yang sekarang tampil', length: 8, maxlength: 12, inputmode: 'numeric', autocomplete: 'one-time-code', error })}${buttons(button('Pasang'), linkButton('Batal', SECURITY, 'secondary'))}`,
        },
      )}</li></ol>`
    : html`<p>Aplikasi kode membuat angka yang berganti tiap setengah menit, juga tanpa pulsa dan internet. Setelah terpasang, masuk memakai kata sandi dan angka itu.</p><p>Belum punya? Pasang salah satu dulu di ponsel Anda, misalnya Aegis, FreeOTP, Google Authenticator, atau Microsoft Authenticator.</p>${form(
        {
          action: APP,
          hidden: { ke },
          body: buttons(button('Aplikasinya sudah ada, lanjutkan'), linkButton('Batal', SECURITY, 'secondary')),
        },
      )}`;
  const page = officerPage(ctx, {
    title: 'Pasang aplikasi kode',
    path: APP,
    back: BACK,
    error: error !== undefined,
    body: html`${error && errorSummary([{ path: 'kode', message: error }])}<h1>Pasang aplikasi kode</h1>${body}`,
  });
  return c.html(page, error ? 422 : 200);
}

async function showPasskey(c: Request, back: string, error?: string): Promise<Response> {
  const name = textField({
    name: 'nama',
    label: 'Nama perangkat',
    hint: 'Supaya Anda mengenalinya di daftar.',
    value: deviceOf(c),
    length: 30,
    maxlength: 60,
  });
  const page = officerPage(c.get('ctx'), {
    title: 'Pasang kunci sandi',
    path: PASSKEY,
    back: BACK,
    error: error !== undefined,
    scripts: [PASSKEY_SCRIPT],
    body: html`${error && errorSummary([{ path: '', message: error }])}<h1>Pasang kunci sandi</h1><p>Kunci sandi disimpan perangkat Anda dan dibuka dengan sidik jari, wajah, atau PIN. Dengan kunci sandi Anda masuk tanpa kata sandi dan tanpa kode. Jangan memasangnya di komputer yang dipakai bersama.</p>${passkeyForm({ deed: 'create', question: `${PASSKEY}/tantangan`, action: PASSKEY, press: 'Pasang di perangkat ini', hidden: { ke: safeReturn(back, SECURITY) }, fields: name })}`,
  });
  return c.html(page, error ? 422 : 200);
}
