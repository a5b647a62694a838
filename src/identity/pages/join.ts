// An invitation as the invited person opens it: a login, a password, then on to the second factor.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { guard, readForm, textOf } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { roleName } from '#src/catalogue/roles.ts';
import { button, buttons, linkButton, notice, stepProgress } from '#ui/components.ts';
import { errorSummary, form, textField } from '#ui/fields.ts';
import { formatList } from '#ui/format.ts';
import { summaryList } from '#ui/lists.ts';
import { signIn } from '../actions.ts';
import { SHORTEST_PASSWORD } from '../password-rule.ts';
import { type Invitation, join, readInvitation } from '../people/actions.ts';
import { suggestedLogin } from '../people/person.ts';
import { OFFICER_PROBLEMS } from '../problems.ts';
import { areaName, deviceOf, faultsOf, keepSession, officerPage, type Request, SECURITY } from './frame.ts';

export function joinPages(app: Hono<Env>): void {
  app.get('/undangan/:secret', (c) => showJoin(c));
  app.post('/undangan/:secret', async (c) => {
    const ctx = c.get('ctx');
    guard(c, ctx, 'sign-in');
    const given = await readForm(c);
    const login = textOf(given, 'login').slice(0, 100);
    const password = textOf(given, 'baru').slice(0, 1000);
    try {
      const joined = await join(ctx, c.req.param('secret'), {
        login,
        password,
        again: textOf(given, 'ulang').slice(0, 1000),
      });
      if (joined.renewed) return c.redirect('/masuk#petugas', 303);
      const signed = await signIn(ctx, joined.login, password, deviceOf(c));
      if (signed?.token === undefined) throw new Problem(PROBLEMS.signIn);
      await keepSession(c, signed.token);
      return c.redirect(`${SECURITY}?ke=%2Fkerja`, 303);
    } catch (error) {
      return showJoin(c, { login, errors: faultsOf(error) });
    }
  });
}

type Typed = { login: string; errors: ReturnType<typeof faultsOf> };

async function showJoin(c: Request, typed?: Typed): Promise<Response> {
  // whoever is signed in on this computer has nothing to do with the invitation
  const ctx = { ...c.get('ctx'), actor: c.get('resident') };
  const secret = c.req.param('secret') ?? '';
  let invitation: Invitation;
  try {
    invitation = await readInvitation(ctx, secret);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== OFFICER_PROBLEMS.invitation) throw error;
    const gone = officerPage(ctx, {
      title: 'Tautan tidak berlaku',
      path: '/undangan',
      body: html`<h1>Tautan tidak berlaku</h1>${notice({ tone: 'warning', body: html`<p>${error.message}</p>` })}<p>Sudah membuat akun? ${linkButton('Masuk', '/masuk#petugas', 'secondary')}</p>`,
    });
    return c.html(gone, 410);
  }
  const { agencies } = await getCatalogue(ctx);
  const renewal = invitation.officer !== null;
  const wrong = typed?.errors.of ?? {};
  const field = (name: string, label: string, hint?: string) =>
    textField({
      name,
      label,
      type: 'password',
      length: 30,
      autocomplete: 'new-password',
      error: wrong[name],
      ...(hint && { hint }),
    });
  const page = officerPage(ctx, {
    title: renewal ? 'Kata sandi baru' : 'Selamat bergabung',
    path: '/undangan',
    error: typed !== undefined,
    body: html`${typed && errorSummary(typed.errors.list)}${
      renewal
        ? html`<h1>Kata sandi baru</h1><p>Untuk ${invitation.name}. Setelah ini masuk seperti biasa; pengaman kedua Anda tetap berlaku.</p>`
        : html`${stepProgress(1, 2, 'kata sandi')}<h1>Selamat bergabung, ${invitation.name}</h1>${summaryList([
            { key: 'Instansi', value: agencies.get(invitation.agency)?.name ?? invitation.agency },
            { key: 'Peran', value: formatList(invitation.roles.map(roleName)) },
            { key: 'Wilayah', value: await areaName(ctx, invitation.area) },
          ])}<p>Ada yang keliru? Jangan diteruskan; hubungi pengelola akun instansi Anda.</p>`
    }${form({
      action: `/undangan/${secret}`,
      body: html`${
        !renewal &&
        textField({
          name: 'login',
          label: 'Nama akun',
          hint: 'Dipakai setiap kali masuk; tidak bisa diganti.',
          value: typed?.login ?? suggestedLogin(invitation.name),
          length: 30,
          maxlength: 60,
          autocomplete: 'username',
          autocapitalize: 'none',
          spellcheck: false,
          error: wrong.login,
        })
      }${field('baru', 'Kata sandi', `Paling sedikit ${SHORTEST_PASSWORD} huruf. Beberapa kata yang tidak berhubungan mudah diingat dan sulit ditebak.`)}${field('ulang', 'Tulis sekali lagi')}${buttons(button(renewal ? 'Simpan kata sandi' : 'Lanjut ke pengaman kedua'))}`,
    })}`,
  });
  return c.html(page, typed ? 422 : 200);
}
