// The frame of this module's officers' pages: the desk's look, and refusals with the way back at hand.
import { type Context, Hono, type Next } from 'hono';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import type { Env } from '#platform/modules.ts';
import { Problem } from '#platform/problem.ts';
import { roleName } from '#src/catalogue/roles.ts';
import { officerNav } from '#src/nav.ts';
import { linkButton, notice } from '#ui/components.ts';
import { formatList } from '#ui/format.ts';
import type { Content, Html } from '#ui/html.ts';
import { page } from '#ui/layout.ts';

export function officerPage(ctx: Ctx, given: { title: string; path: string; body: Content; error?: boolean }): Html {
  const { actor } = ctx;
  return page({
    ...given,
    area: 'desk',
    wide: true,
    nav: officerNav(actor),
    banner: ctx.config.mode === 'demo',
    ...(actor.kind === 'officer' && { officer: { name: actor.name, role: formatList(actor.roles.map(roleName)) } }),
  });
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
