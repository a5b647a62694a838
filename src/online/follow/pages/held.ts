// Who may see a case: whoever has shown its code in this browser. Numbers that do not exist look like wrong codes.
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { holdApplication } from '#platform/http.ts';
import { parseNumber } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { loadByNumber } from '#src/applications/actions.ts';
import { type Dossier, openDossier } from '#src/applications/dossier/actions.ts';
import { passFor } from '#src/applications/pass/actions.ts';
import { button, buttons, details, lead } from '#ui/components.ts';
import { errorSummary, form, textField } from '#ui/fields.ts';
import { asResident, show, type Web } from '../../pages/site.ts';

type Asked = {
  number?: string | undefined;
  code?: string;
  error?: string;
  path?: string;
  about?: string;
  status?: 200 | 401 | 422;
};

export async function showAsk(c: Web, given: Asked): Promise<Response> {
  const errors = given.error ? [{ path: given.path ?? 'nomor', message: given.error }] : [];
  const at = (path: string) => errors.find((one) => one.path === path)?.message;
  return show(
    c,
    {
      title: 'Lacak permohonan',
      error: errors.length > 0,
      body: html`${errorSummary(errors)}<h1>Lacak permohonan</h1>${lead(given.about ?? 'Nomor dan kodenya ada di tanda terima Anda.')}${form(
        {
          action: '/lacak',
          body: html`${textField({ name: 'nomor', label: 'Nomor permohonan', hint: 'Misalnya 261123-7KD4-QXS.', length: 16, value: given.number, error: at('nomor'), autocomplete: 'off', autocapitalize: 'characters', spellcheck: false })}${textField({ name: 'kode', label: 'Kode', hint: 'Delapan huruf dan angka, misalnya 7KDM-4QXA.', length: 16, value: given.code, error: at('kode'), autocomplete: 'off', autocapitalize: 'characters', spellcheck: false })}${buttons(button('Lihat'))}`,
        },
      )}${details('Nomor atau kodenya hilang?', html`<p>Datang ke loket dengan KTP Anda. Petugas mencarikannya.</p>`)}`,
    },
    given.status ?? (errors.length > 0 ? 422 : 200),
  );
}

/** Remembers the case in this browser when the code is right; answers its number. Unknown numbers look like wrong codes. */
export async function letIn(c: Web, typed: string, code: string): Promise<string | undefined> {
  const ctx = asResident(c);
  const number = parseNumber(typed);
  if (!number) return undefined;
  try {
    const { stored } = await loadByNumber(ctx, number);
    const pass = await passFor(ctx, stored.application.id, code);
    if (!pass) return undefined;
    holdApplication(c, ctx, pass);
    return number;
  } catch (error) {
    if (error instanceof Problem && error.kind.code === PROBLEMS.notFound.code) return undefined;
    throw error;
  }
}

export type Held = { ctx: Ctx; dossier: Dossier };

/** The case for whoever has shown its code; otherwise the page that asks for it, the same for numbers that do not exist. */
export async function held(c: Web): Promise<Held | Response> {
  const ctx = asResident(c);
  const number = c.req.param('number') ?? '';
  try {
    return { ctx, dossier: await openDossier(ctx, number) };
  } catch (error) {
    const closed: string[] = [PROBLEMS.notFound.code, PROBLEMS.forbidden.code];
    if (!(error instanceof Problem) || !closed.includes(error.kind.code)) throw error;
    return showAsk(c, {
      number: number.slice(0, 40),
      about: 'Masukkan kode dari tanda terima untuk membuka permohonan ini.',
      status: 401,
    });
  }
}
