// The officers' addresses of this module: open ones for signing in, and those of who is signed in.
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { linkButton, notice } from '#ui/components.ts';
import { enrolPages } from './enrol.ts';
import { officerPage, PEOPLE, SECURITY } from './frame.ts';
import { joinPages } from './join.ts';
import { passkeyScript } from './passkey.ts';
import { peoplePages } from './people.ts';
import { secondStepPages } from './second.ts';
import { securityPages } from './security.ts';
import { signInPages } from './sign-in.ts';

export function officerPages(app: Hono<Env>): void {
  signInPages(app);
  secondStepPages(app);
  passkeyScript(app);
  joinPages(app);

  const own = new Hono<Env>();
  for (const path of [`${SECURITY}/*`, `${PEOPLE}/*`])
    own.use(path, async (c, next) => {
      if (c.get('ctx').actor.kind !== 'officer') throw new Problem(PROBLEMS.signIn);
      await next();
    });
  enrolPages(own);
  securityPages(own);
  peoplePages(own);
  own.onError((error, c) => {
    if (!(error instanceof Problem) || error.kind.status === 401) throw error;
    const { status } = error.kind;
    const title = status === 404 ? 'Tidak ditemukan' : 'Tidak bisa dilanjutkan';
    const next = error.next ?? { text: 'Ke halaman akun', href: '/akun' };
    return c.html(
      officerPage(c.get('ctx'), {
        title,
        path: c.req.path,
        body: html`<h1>${title}</h1>${notice({ tone: 'warning', body: html`<p>${error.message}</p>` })}<p>${linkButton(next.text, next.href, 'secondary')}</p>`,
      }),
      status as 400,
    );
  });
  app.route('/', own);
}
