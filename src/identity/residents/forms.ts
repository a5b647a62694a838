// The two questions of signing in, "where do we send a code" and "which code came", wherever they are asked.
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { button, buttons, details, linkButton } from '#ui/components.ts';
import { form, textField } from '#ui/fields.ts';
import type { Content } from '#ui/html.ts';
import { CODE_MINUTES } from './code.ts';

export type ContactForm = { action: string; back?: string; typed?: string; error?: string | undefined; press?: string };

export function contactForm({ action, back, typed, error, press = 'Kirim kode' }: ContactForm): Content {
  return form({
    action,
    hidden: back ? { ke: back } : {},
    body: html`${textField({ name: 'kontak', label: 'Nomor HP atau email', hint: 'Misalnya 0812 3456 7890. Kami mengirim kode enam angka ke sana.', value: typed, error, autocomplete: 'username', autocapitalize: 'none', spellcheck: false })}${buttons(button(press))}`,
  });
}

/** The residents' half of /masuk: a code by phone or e-mail, the identity provider when there is one, and that no account is needed. */
export function residentSignIn(
  { config }: Pick<Ctx, 'config'>,
  given: { back: string; typed?: string; error?: string | undefined },
): Content {
  const { oidc } = config;
  return html`${contactForm({ action: '/masuk/kode', ...given })}${
    oidc &&
    html`<p class="hint">atau</p>${buttons(linkButton(`Masuk dengan ${oidc.label}`, `/masuk/sso?ke=${encodeURIComponent(given.back)}`, 'secondary'))}`
  }<p>Akun tidak wajib. Tanpa akun Anda tetap bisa <a href="/layanan">mengajukan</a> dan <a href="/lacak">melacak dengan nomor dan kode</a>.</p>${details(
    'Untuk apa akun?',
    html`<p>Supaya semua permohonan Anda terkumpul di satu tempat, tanpa menyimpan nomor dan kodenya satu per satu. Tidak ada kata sandi: tiap kali masuk, kami kirim kode. Akun dibuat sendiri saat kode pertama benar.</p>`,
  )}`;
}

export function codeForm(given: {
  action: string;
  back?: string;
  sent: string;
  error?: string | undefined;
  again: string;
  demo: boolean;
}): Content {
  const hidden: Record<string, string> = given.back ? { ke: given.back } : {};
  return html`${form({
    action: given.action,
    hidden,
    body: html`${textField({ name: 'kode', label: 'Ketik kode enam angka', heading: true, hint: html`Dikirim ke <b>${given.sent}</b>. Berlaku ${CODE_MINUTES} menit, hanya di perangkat ini.`, length: 8, maxlength: 12, error: given.error, inputmode: 'numeric', autocomplete: 'one-time-code', spellcheck: false })}${buttons(button('Lanjutkan'))}`,
  })}${
    given.demo &&
    html`<p class="small">Dunia contoh: tidak ada yang sungguh dikirim. Kodenya terbaca di <a href="/contoh/pesan">kotak pesan contoh</a>.</p>`
  }<h2>Kode tidak datang?</h2><p>Tunggu satu menit, lalu minta lagi. Periksa juga folder spam bila memakai email.</p>${form(
    {
      action: given.again,
      hidden,
      body: buttons(button('Kirim kode baru', { kind: 'secondary' })),
    },
  )}`;
}

/** What to say of a wrong code. */
export const wrongCode = (left: number): string =>
  left > 0
    ? `Kode ini tidak cocok. Periksa lagi; sisa ${left} kali mencoba.`
    : 'Kode ini tidak cocok, dan sudah lima kali salah. Minta kode baru.';
