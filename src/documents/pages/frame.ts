// The frame of this module's officers' pages: the desk's look, and refusals with the way back at hand.
import { type Context, Hono, type Next } from 'hono';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import type { Env } from '#platform/modules.ts';
import { Problem } from '#platform/problem.ts';
import { officerFrame } from '#src/office.ts';
import { linkButton, notice } from '#ui/components.ts';
import type { Content, Html } from '#ui/html.ts';
import { page } from '#ui/layout.ts';

export function officerPage(ctx: Ctx, given: { title: string; path: string; body: Content; error?: boolean }): Html {
  return page({ ...officerFrame(ctx), ...given, wide: true });
}

/** Addresses for officers only: whoever is not signed in is led to sign in, and refusals are pages of the desk. */
export function officersOnly(prefix: string): Hono<Env> {
  const app = new Hono<Env>();
  const guard = async (c: Context<Env>, next: Next) => {
    if (c.get('ctx').actor.kind === 'officer') return next();
    return c.redirect(`/masuk?ke=${encodeURIComponent(prefix)}`, 303);
  };
  app.use(prefix, guard);
  app.use(`${prefix}/*`, guard);
  app.onError((error, c) => {
    if (!(error instanceof Problem) || error.kind.status === 401) throw error;
    const { status } = error.kind;
    const title =
      status === 404 ? 'Tidak ditemukan' : status === 403 ? 'Bukan wewenang Anda' : 'Tidak bisa dilanjutkan';
    return c.html(
      officerPage(c.get('ctx'), {
        title,
        path: c.req.path,
        body: html`<h1>${title}</h1>${notice({ tone: status === 403 ? 'warning' : 'danger', body: html`<p>${error.message}</p>` })}<p>${linkButton('Ke kotak masuk', '/kerja', 'secondary')}</p>`,
      }),
      status as 400,
    );
  });
  return app;
}
