// What the owner decides about a running or refused case: to stop it, or to contest the refusal. One page that asks once.
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { isId, newId } from '#platform/ids.ts';
import { Problem } from '#platform/problem.ts';
import { actOnApplication } from '#src/applications/actions.ts';
import type { Action } from '#src/catalogue/workflow.ts';
import { button, buttons, lead, linkButton } from '#ui/components.ts';
import { errorSummary, form, textArea } from '#ui/fields.ts';
import { readPost, show, type Web } from '../../pages/site.ts';
import { type Held, held } from './held.ts';

type Allowed = 'withdraw' | 'object';
const WORDS: Record<Allowed, { title: string; about: string; press: string; kind: 'danger' | 'primary' }> = {
  withdraw: {
    title: 'Batalkan permohonan ini?',
    about: 'Petugas berhenti mengerjakannya. Permohonan yang dibatalkan tidak bisa dihidupkan lagi.',
    press: 'Ya, batalkan',
    kind: 'danger',
  },
  object: {
    title: 'Ajukan keberatan',
    about: 'Tulis mengapa menurut Anda penolakan itu keliru. Atasan petugas membacanya dan memeriksa lagi.',
    press: 'Kirim keberatan',
    kind: 'primary',
  },
};

/** The command of a form: made when the form is shown, so that pressing twice is pressing once. */
export const commandOf = (ctx: Ctx, typed: string | undefined): Ctx => ({
  ...ctx,
  commandId: typed && isId(typed) ? typed.toLowerCase() : ctx.commandId,
});

/** Whether the case moved on meanwhile, by our own second click or by an officer: then its page tells best. */
export const overtaken = (error: unknown): boolean => error instanceof Problem && error.kind.status === 409;

function find({ dossier }: Held, id: string): { action: Action; kind: Allowed } | undefined {
  const action = dossier.actions.find(([one]) => one === id)?.[1];
  return action && (action.kind === 'withdraw' || action.kind === 'object') ? { action, kind: action.kind } : undefined;
}

export async function getAct(c: Web): Promise<Response> {
  const open = await held(c);
  if (open instanceof Response) return open;
  const id = c.req.param('action') ?? '';
  const found = find(open, id);
  return found ? showAct(c, open, id, found.kind, {}) : c.redirect(`/lacak/${open.dossier.number}`, 303);
}

export async function postAct(c: Web): Promise<Response> {
  const open = await held(c);
  if (open instanceof Response) return open;
  const { dossier, ctx } = open;
  const id = c.req.param('action') ?? '';
  const { typed } = await readPost(c);
  const found = find(open, id);
  if (!found) return c.redirect(`/lacak/${dossier.number}`, 303);
  const note = (typed.penjelasan ?? '').trim();
  if (found.kind === 'object' && note.length < 10)
    return showAct(c, open, id, found.kind, {
      note,
      error: 'Tulis alasan keberatan Anda, paling sedikit satu kalimat.',
      command: typed.perintah,
    });
  if (note.length > 2000)
    return showAct(c, open, id, found.kind, {
      note,
      error: `Ringkas sampai 2.000 huruf; sekarang ${note.length}.`,
      command: typed.perintah,
    });
  if (note.includes('\uFFFD'))
    return showAct(c, open, id, found.kind, {
      note,
      error: 'Ada huruf yang tidak terbaca; ketik ulang.',
      command: typed.perintah,
    });
  try {
    await actOnApplication(commandOf(ctx, typed.perintah), dossier.number, {
      action: id,
      from: dossier.application.state,
      ...(note && { note }),
    });
  } catch (error) {
    if (!overtaken(error)) throw error;
  }
  return c.redirect(`/lacak/${dossier.number}`, 303);
}

type Shown = { note?: string; error?: string; command?: string | undefined };

function showAct(c: Web, { ctx, dossier }: Held, id: string, kind: Allowed, shown: Shown): Promise<Response> {
  const { number, service } = dossier;
  const words = WORDS[kind];
  const errors = shown.error ? [{ path: 'penjelasan', message: shown.error }] : [];
  return show(
    c,
    {
      title: words.title,
      back: `/lacak/${number}`,
      error: errors.length > 0,
      body: html`${errorSummary(errors)}<h1>${words.title}</h1>${lead(words.about)}<p>${service.name}, ${number}</p>${form(
        {
          action: `/lacak/${number}/tindakan/${id}`,
          hidden: { perintah: shown.command && isId(shown.command) ? shown.command : newId(ctx.now) },
          body: html`${kind === 'object' && textArea({ name: 'penjelasan', label: 'Alasan keberatan', limit: 2000, value: shown.note, error: shown.error })}${buttons(button(words.press, { kind: words.kind }), linkButton('Tidak jadi', `/lacak/${number}`, 'secondary'))}`,
        },
      )}`,
    },
    errors.length > 0 ? 422 : 200,
  );
}
