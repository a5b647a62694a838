// The account itself: contacts confirmed by a code, devices that are signed in, signing out, closing it.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { clientAddress, forgetHeld, guard } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import {
  askCode,
  closeAccount,
  confirmContact,
  dropContact,
  endDevices,
  findAsked,
  getAccount,
  listDevices,
  resendCode,
  signOut,
} from '#src/identity/residents/actions.ts';
import { CONTACT_WORDS, showContact } from '#src/identity/residents/contact.ts';
import { askedOf, forgetAsked, forgetSession, keepAsked, sessionToken } from '#src/identity/residents/cookies.ts';
import { codeForm, contactForm, wrongCode } from '#src/identity/residents/forms.ts';
import { kinds } from '#src/identity/residents/problems.ts';
import { button, buttons, details, lead, linkButton, notice, tag } from '#ui/components.ts';
import { consent, errorSummary, form } from '#ui/fields.ts';
import { formatDayMonthYear, formatRelative } from '#ui/format.ts';
import { readPost, show, type Web, zone } from '../../pages/site.ts';
import { BACK, done, signedIn } from './frame.ts';

const AT = '/akun/kontak';

export function settingsRoutes(app: Hono<Env>): void {
  app.get(AT, (c) => showContacts(c, {}));
  app.post(AT, ask);
  app.get(`${AT}/kode`, (c) => showCode(c));
  app.post(`${AT}/kode`, check);
  app.post(`${AT}/ulang`, again);
  app.get(`${AT}/ulang`, (c) => c.redirect(AT, 303));
  app.post(`${AT}/hapus`, drop);
  app.get(`${AT}/hapus`, (c) => c.redirect(AT, 303));
  app.get('/akun/perangkat', showDevices);
  app.post('/akun/perangkat', end);
  app.get('/akun/keluar', (c) => c.redirect('/akun', 303));
  app.post('/akun/keluar', leave);
  app.get('/akun/tutup', (c) => showClose(c));
  app.post('/akun/tutup', close);
}

type Status = 200 | 409 | 410 | 422 | 429;
type Shown = { typed?: string; error?: string; sure?: string; status?: Status };

async function showContacts(c: Web, shown: Shown): Promise<Response> {
  const ctx = signedIn(c);
  const { contacts, issuers } = await getAccount(ctx);
  const label = ctx.config.oidc?.label ?? 'akun digital';
  const items = contacts.map((contact) => {
    const ask = shown.sure === contact.id;
    return html`<li class="card"><h2>${showContact(contact)}</h2><p class="small">${CONTACT_WORDS[contact.kind]}, dipastikan ${formatDayMonthYear(contact.confirmed, zone(ctx))}</p>${details(
      'Hapus',
      html`<p>${ask ? 'Ini satu-satunya nomor atau email Anda. Tanpa itu Anda hanya bisa masuk lewat penyedia akun, dan tidak mendapat kabar.' : 'Anda tidak bisa lagi masuk dengan ini, dan tidak mendapat kabar lewat sini.'}</p>${form({ action: `${AT}/hapus`, hidden: { kontak: contact.id, ...(ask && { yakin: 'ya' }) }, body: buttons(button('Ya, hapus', { kind: 'danger' })) })}`,
      { open: ask },
    )}</li>`;
  });
  return show(
    c,
    {
      title: 'Nomor HP dan email',
      back: BACK,
      error: shown.error !== undefined,
      body: html`${shown.error && errorSummary([{ path: 'kontak', message: shown.error }])}${done(c, { tambah: 'Sudah ditambahkan.', hapus: 'Sudah dihapus.' })}<h1>Nomor HP dan email</h1>${lead('Dengan salah satunya Anda masuk, dan ke sana kabar dikirim.')}<ul class="cards">${items}</ul>${
        issuers.length > 0 && html`<p>Anda juga bisa masuk dengan ${label}.</p>`
      }<h2>Tambah nomor atau email</h2>${contactForm({ action: AT, ...(shown.typed && { typed: shown.typed }), error: shown.sure ? undefined : shown.error })}`,
    },
    shown.status ?? (shown.error ? 422 : 200),
  );
}

async function ask(c: Web): Promise<Response> {
  const ctx = signedIn(c);
  guard(c, ctx, 'sign-in');
  const { typed } = await readPost(c);
  const contact = (typed.kontak ?? '').slice(0, 300);
  try {
    const asked = await askCode(ctx, {
      typed: contact,
      address: clientAddress(c, ctx),
      purpose: 'contact',
      before: askedOf(c),
    });
    keepAsked(c, AT, asked);
  } catch (error) {
    const { status, message } = refusal(error, [PROBLEMS.invalid.code, kinds.tooManyCodes.code]);
    return showContacts(c, { typed: contact, error: message, status });
  }
  return c.redirect(`${AT}/kode`, 303);
}

/** An expected refusal as a sentence; anything else is thrown on. */
function refusal(error: unknown, expected: string[]): { status: Status; message: string; code: string } {
  if (!(error instanceof Problem) || !expected.includes(error.kind.code)) throw error;
  return {
    status: error.kind.status as Status,
    message: error.errors[0]?.message ?? error.message,
    code: error.kind.code,
  };
}

async function showCode(c: Web, error?: string, status: Status = error ? 422 : 200): Promise<Response> {
  const ctx = signedIn(c);
  const asked = askedOf(c);
  const known = asked && (await findAsked(ctx, asked));
  if (known?.purpose !== 'contact') return error ? showContacts(c, { error, status: 410 }) : c.redirect(AT, 303);
  return show(
    c,
    {
      title: 'Ketik kode',
      back: { text: 'Nomor HP dan email', href: AT },
      error: error !== undefined,
      body: html`${error && errorSummary([{ path: 'kode', message: error }])}${codeForm({ action: `${AT}/kode`, again: `${AT}/ulang`, sent: showContact(known.contact), error, demo: ctx.config.mode === 'demo' })}`,
    },
    status,
  );
}

async function check(c: Web): Promise<Response> {
  const ctx = signedIn(c);
  guard(c, ctx, 'code');
  const { typed } = await readPost(c);
  const asked = askedOf(c);
  if (!asked) return showContacts(c, { error: kinds.codeGone.title, status: 410 });
  const code = (typed.kode ?? '').slice(0, 40);
  if (!code.trim()) return showCode(c, 'Ketik kode yang kami kirim.');
  try {
    const tried = await confirmContact(ctx, asked, code);
    if (!tried.right) return showCode(c, wrongCode(tried.left));
    forgetAsked(c, AT);
    if (tried.done === 'taken') return showContacts(c, { error: kinds.contactTaken.title, status: 409 });
    if (tried.done === 'full') return showContacts(c, { error: kinds.contactsFull.title, status: 409 });
  } catch (error) {
    const { message } = refusal(error, [kinds.codeGone.code]);
    forgetAsked(c, AT);
    return showContacts(c, { error: message, status: 410 });
  }
  return c.redirect(`${AT}?selesai=tambah`, 303);
}

async function again(c: Web): Promise<Response> {
  const ctx = signedIn(c);
  guard(c, ctx, 'sign-in');
  const asked = askedOf(c);
  if (!asked) return showContacts(c, { error: kinds.codeGone.title, status: 410 });
  try {
    keepAsked(c, AT, await resendCode(ctx, asked, clientAddress(c, ctx)));
  } catch (error) {
    const { code, message } = refusal(error, [kinds.codeGone.code, kinds.tooSoon.code, kinds.tooManyCodes.code]);
    return code === kinds.codeGone.code ? showContacts(c, { error: message, status: 410 }) : showCode(c, message, 429);
  }
  return c.redirect(`${AT}/kode`, 303);
}

async function drop(c: Web): Promise<Response> {
  const ctx = signedIn(c);
  const { typed } = await readPost(c);
  const id = typed.kontak ?? '';
  try {
    if ((await dropContact(ctx, id, typed.yakin === 'ya')) === 'ask') return showContacts(c, { sure: id });
  } catch (error) {
    const { message, status } = refusal(error, [kinds.lastContact.code]);
    return showContacts(c, { error: message, status });
  }
  return c.redirect(`${AT}?selesai=hapus`, 303);
}

async function showDevices(c: Web): Promise<Response> {
  const ctx = signedIn(c);
  const devices = await listDevices(ctx, sessionToken(c));
  const items = devices.map(
    (one) =>
      html`<li class="card"><h2>${one.device}${one.own && html` ${tag('perangkat ini', 'running')}`}</h2><p class="small">Masuk ${formatDayMonthYear(one.created, zone(ctx))}; terakhir dipakai ${formatRelative(one.seen, ctx.now, zone(ctx))}.</p>${
        !one.own &&
        form({
          action: '/akun/perangkat',
          hidden: { perangkat: one.id },
          body: buttons(button('Keluarkan', { kind: 'secondary' })),
        })
      }</li>`,
  );
  return show(c, {
    title: 'Perangkat yang sedang masuk',
    back: BACK,
    body: html`${done(c, { keluar: 'Sudah dikeluarkan.' })}<h1>Perangkat yang sedang masuk</h1>${lead('Ada yang tidak Anda kenal? Keluarkan.')}<ul class="cards">${items}</ul>${
      devices.length > 1 &&
      form({
        action: '/akun/perangkat',
        hidden: { semua: 'ya' },
        body: buttons(button('Keluarkan semua yang lain', { kind: 'danger' })),
      })
    }<p class="small">Perangkat yang 30 hari tidak dipakai keluar sendiri.</p>`,
  });
}

async function end(c: Web): Promise<Response> {
  const ctx = signedIn(c);
  const { typed } = await readPost(c);
  await endDevices(ctx, typed.semua === 'ya' ? { keep: sessionToken(c) } : { id: typed.perangkat ?? '' });
  return c.redirect('/akun/perangkat?selesai=keluar', 303);
}

/** Whoever signs out of a phone leaves nothing of theirs in it, not even codes shown. */
async function leave(c: Web): Promise<Response> {
  const token = sessionToken(c);
  if (token) await signOut({ ...c.get('ctx'), actor: c.get('resident'), channel: 'online' }, token);
  forgetSession(c);
  forgetHeld(c, c.get('ctx'));
  return c.redirect('/masuk?keluar', 303);
}

async function showClose(c: Web, error?: string): Promise<Response> {
  signedIn(c);
  return show(
    c,
    {
      title: 'Tutup akun',
      back: BACK,
      error: error !== undefined,
      body: html`${error && errorSummary([{ path: 'yakin', message: error }])}<h1>Tutup akun?</h1><ul><li>Nomor HP, email, dan perangkat Anda dihapus dari akun ini.</li><li>Permohonan Anda <b>tidak</b> dihapus dan tetap diproses. Membukanya lagi hanya bisa dengan nomor dan kodenya.</li><li>Kuasa yang Anda pegang berakhir.</li></ul>${notice({ tone: 'warning', title: 'Catat dulu', body: html`<p>Buka tiap permohonan, lalu catat nomor dan kodenya di tanda terima. <a href="/akun">Lihat permohonan saya</a></p>` })}${form({ action: '/akun/tutup', body: html`${consent({ name: 'yakin', label: 'Saya sudah mencatat nomor dan kode yang saya perlukan.', error })}${buttons(button('Tutup akun', { kind: 'danger' }), linkButton('Tidak jadi', '/akun', 'secondary'))}` })}`,
    },
    error ? 422 : 200,
  );
}

async function close(c: Web): Promise<Response> {
  const ctx = signedIn(c);
  const { typed } = await readPost(c);
  if (typed.yakin !== 'ya') return showClose(c, 'Centang dulu bahwa Anda sudah mencatatnya.');
  await closeAccount(ctx);
  forgetSession(c);
  forgetHeld(c, ctx);
  return show(c, {
    title: 'Akun ditutup',
    body: html`<h1>Akun Anda sudah ditutup</h1>${lead('Permohonan Anda tetap diproses. Lacak dengan nomor dan kodenya.')}${buttons(linkButton('Lacak permohonan', '/lacak'))}`,
  });
}
