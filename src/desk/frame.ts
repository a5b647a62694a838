// The frame of officers' pages, the sentence that follows a redirect, and the table of keys.
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { signValue, verifyValue } from '#platform/crypto.ts';
import { cookieOptions } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { officerFrame } from '#src/office.ts';
import { keyHint, notice } from '#ui/components.ts';
import type { Content, Html } from '#ui/html.ts';
import { page } from '#ui/layout.ts';
import { type Done, doneWords, isDone } from './text.ts';

export type Request = Context<Env>;

export function deskPage(
  ctx: Ctx,
  given: { title: string; path: string; body: Content; error?: boolean; head?: Content },
): Html {
  return page({
    ...officerFrame(ctx),
    ...given,
    body: html`${given.body}${keys}`,
    wide: true,
    scripts: ['/desk.js'],
  });
}

/** Everything works without these; the element is not even shown until its script has run. */
const keys = html`<desk-keys><button type="button" popovertarget="tombol"><kbd>?</kbd> Pintasan</button><div class="ask" popover id="tombol"><h2>Pintasan papan tombol</h2><p>${keyHint('J', 'berkas berikutnya')} ${keyHint('K', 'sebelumnya')} ${keyHint('Enter', 'buka')}</p><p>${keyHint('1–9', 'pilih tindakan')} ${keyHint('Ctrl Enter', 'simpan')} ${keyHint('U', 'ke kotak masuk')}</p><p>${keyHint('/', 'cari')} ${keyHint('?', 'bantuan ini')} ${keyHint('Esc', 'tutup')}</p><p><button type="button" class="btn alt" data-toggle>Matikan pintasan</button></p></div></desk-keys>`;

const FLASH = 'pesan';

/** Says on the next page what was done; the cookie lives for a minute and holds a code and a case number. */
export function setDone(c: Request, ctx: Ctx, done: Done, number: string): void {
  setCookie(c, FLASH, signValue(ctx.keys, `${done} ${number}`), { ...cookieOptions(ctx), path: '/kerja', maxAge: 60 });
}

/** What was just done, if this page follows a deed. */
export function peekDone(c: Request, ctx: Ctx): { code: string; number: string } | undefined {
  const signed = getCookie(c, FLASH);
  const [code = '', number = ''] = (signed && verifyValue(ctx.keys, signed))?.split(' ') ?? [];
  return isDone(code) ? { code, number } : undefined;
}

/** The sentence, shown once. */
export function takeDone(c: Request, ctx: Ctx): Html | null {
  const done = peekDone(c, ctx);
  if (!done) return null;
  deleteCookie(c, FLASH, { ...cookieOptions(ctx), path: '/kerja' });
  return html`<div role="status">${notice({ tone: 'success', body: html`<p>${doneWords(done.code, done.number)}</p>` })}</div>`;
}
