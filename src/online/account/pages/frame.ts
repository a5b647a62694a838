// What the pages of an account share: who is signed in, the way back, and what was just done.
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { notice } from '#ui/components.ts';
import type { Content } from '#ui/html.ts';
import { asResident, type Web } from '../../pages/site.ts';

/** The context of the resident signed in. Throws Problem signIn, which leads to the sign-in page and back here. */
export function signedIn(c: Web): Ctx & { account: string } {
  const ctx = asResident(c);
  if (ctx.actor.kind !== 'resident' || !ctx.actor.account) throw new Problem(PROBLEMS.signIn);
  return { ...ctx, account: ctx.actor.account };
}

export const BACK = { text: 'Akun saya', href: '/akun' };

/** Sentences that follow a redirect, by the code in `?selesai=`; any other code says nothing. */
export function done(c: Web, sentences: Record<string, string>): Content {
  const code = c.req.query('selesai') ?? '';
  if (!Object.hasOwn(sentences, code)) return null;
  return html`<div role="status">${notice({ tone: 'success', body: html`<p>${sentences[code]}</p>` })}</div>`;
}
