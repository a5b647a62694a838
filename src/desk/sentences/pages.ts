// The addresses of the agency's ready-made sentences.
import type { Hono } from 'hono';
import type { Ctx } from '#platform/context.ts';
import { readForm } from '#platform/http.ts';
import { isId, newId } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { Problem } from '#platform/problem.ts';
import { commandOf, type Form, one } from '../case/command.ts';
import { deskPage, type Request } from '../frame.ts';
import { listSentences, raiseSentence, retireSentence, type Written, writeSentence } from './actions.ts';
import { type SentencesSetting, sentencesView } from './view.ts';

const PATH = '/kerja/pengelola/kalimat';

export function sentencePages(desk: Hono<Env>): void {
  desk.get(PATH, (c) => show(c, { retired: retiredOf(c) }));
  desk.post(PATH, (c) => write(c));
  desk.post(`${PATH}/:id`, (c) => write(c, c.req.param('id')));
  const press = (word: string, work: (ctx: Ctx, id: string) => Promise<void>, after = (_id: string) => PATH) =>
    desk.post(`${PATH}/:id/${word}`, async (c) => {
      const id = c.req.param('id');
      await work({ ...c.get('ctx'), commandId: commandOf(await readForm(c)) }, id);
      return c.redirect(after(id), 303);
    });
  press('naik', raiseSentence);
  press('pulihkan', (ctx, id) => retireSentence(ctx, id, false));
  press(
    'hapus',
    (ctx, id) => retireSentence(ctx, id, true),
    (id) => `${PATH}?dihapus=${id}`,
  );
}

const retiredOf = (c: Request): string | undefined => {
  const id = c.req.query('dihapus') ?? '';
  return isId(id) ? id : undefined;
};

const NAMES: Record<string, string> = { kind: 'untuk', title: 'judul', text: 'kalimat' };

async function write(c: Request, id?: string): Promise<Response> {
  const form: Form = await readForm(c);
  const end = id ? `-${id}` : '';
  const values: Written = {
    kind: one(form, `untuk${end}`),
    title: one(form, `judul${end}`),
    text: one(form, `kalimat${end}`),
  };
  try {
    await writeSentence({ ...c.get('ctx'), commandId: commandOf(form) }, values, id);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind.status !== 422) throw error;
    const errors = Object.fromEntries(error.errors.map(({ path, message }) => [NAMES[path] ?? path, message]));
    return show(c, { typed: { id: id ?? '', values, errors } }, 422);
  }
  return c.redirect(PATH, 303);
}

async function show(c: Request, more: Partial<SentencesSetting>, status: 200 | 422 = 200): Promise<Response> {
  const ctx = c.get('ctx');
  const body = sentencesView({ ...(await listSentences(ctx)), commandId: () => newId(ctx.now), ...more });
  return c.html(deskPage(ctx, { title: 'Kalimat siap pakai', path: PATH, error: status !== 200, body }), status);
}
