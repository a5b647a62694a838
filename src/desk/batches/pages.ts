// The addresses of doing one thing to many cases.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { stream } from 'hono/streaming';
import type { Ctx } from '#platform/context.ts';
import { readForm } from '#platform/http.ts';
import { isId, newId } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import {
  type Batch,
  cancelBatch,
  chooseAction,
  getBatch,
  listBatches,
  listRefused,
  mayCancel,
  type Plan,
  previewBatch,
  type Selection,
  startBatch,
  walkItems,
} from '#src/applications/batches/actions.ts';
import { parseCursor } from '#src/applications/inbox/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { commandOf, type Form, one } from '../case/command.ts';
import { deskPage, type Request } from '../frame.ts';
import { offeredSentences } from '../sentences/actions.ts';
import { actionName } from '../text.ts';
import { batchesView, chooseView, outcomeWords, previewView, progressView } from './view.ts';

const MOST_PICKED = 1000;

export function batchPages(desk: Hono<Env>): void {
  desk.get('/kerja/borongan', async (c) => {
    const ctx = c.get('ctx');
    const [list, name] = await Promise.all([
      listBatches(ctx, parseCursor(c.req.query('sebelum') || undefined)),
      namesOf(ctx),
    ]);
    const body = batchesView({ ...list, actionName: name, offset: ctx.calendar.offsetMinutes });
    return c.html(deskPage(ctx, { title: 'Borongan saya', path: '/kerja/borongan', body }));
  });

  desk.post('/kerja/borongan', async (c) => {
    const form = await readForm(c);
    const plan = planOf(form);
    if (one(form, 'pakai')) {
      // without a script the chosen sentence is filled in here
      const ready = (await offeredSentences(c.get('ctx'))).find(({ id }) => id === one(form, 'kalimat'));
      plan.note = [plan.note, ready?.text].filter(Boolean).join('\n');
    }
    return choose(c, selectionOf(c.get('ctx'), form), plan);
  });

  desk.post('/kerja/borongan/periksa', async (c) => {
    const ctx = c.get('ctx');
    const form = await readForm(c);
    const [selection, plan] = [selectionOf(ctx, form), planOf(form)];
    try {
      const preview = await previewBatch(ctx, selection, plan);
      const body = previewView({ preview, selection, plan, commandId: newId(ctx.now) });
      return c.html(deskPage(ctx, { title: 'Periksa borongan', path: '/kerja/borongan', body }));
    } catch (error) {
      return faulty(c, error, selection, plan);
    }
  });

  desk.post('/kerja/borongan/mulai', async (c) => {
    const form = await readForm(c);
    const ctx: Ctx = { ...c.get('ctx'), commandId: commandOf(form) };
    const [selection, plan] = [selectionOf(ctx, form), planOf(form)];
    try {
      return c.redirect(`/kerja/borongan/${await startBatch(ctx, selection, plan)}`, 303);
    } catch (error) {
      return faulty(c, error, selection, plan);
    }
  });

  desk.get('/kerja/borongan/:id', async (c) => {
    const ctx = c.get('ctx');
    const id = c.req.param('id');
    const [batch, refused, name] = await Promise.all([
      getBatch(ctx, id),
      listRefused(ctx, id, c.req.query('setelah')),
      namesOf(ctx),
    ]);
    const body = progressView({
      batch,
      actionName: name(batch),
      offset: ctx.calendar.offsetMinutes,
      refused: refused.items,
      next: refused.next,
      mayCancel: mayCancel(ctx.actor, batch),
      commandId: newId(ctx.now),
    });
    // with script the element of the page does it, without throwing away what is being read
    const head = batch.state === 'running' && html`<noscript><meta http-equiv="refresh" content="5"></noscript>`;
    return c.html(deskPage(ctx, { title: 'Tindakan borongan', path: '/kerja/borongan', body, head }));
  });

  desk.post('/kerja/borongan/:id/hentikan', async (c) => {
    const ctx: Ctx = { ...c.get('ctx'), commandId: commandOf(await readForm(c)) };
    const batch = await cancelBatch(ctx, c.req.param('id'));
    return c.redirect(`/kerja/borongan/${batch.id}`, 303);
  });

  desk.get('/kerja/borongan/:id/hasil.csv', async (c) => {
    const ctx = c.get('ctx');
    const { id } = await getBatch(ctx, c.req.param('id'));
    c.header('Content-Type', 'text/csv; charset=utf-8');
    c.header('Content-Disposition', `attachment; filename="borongan-${id}.csv"`);
    return stream(c, async (out) => {
      await out.write('nomor,layanan,hasil,keterangan\r\n');
      for await (const rows of walkItems(ctx, id))
        await out.write(
          rows
            .map((row) => `${row.number},${row.service},${row.outcome ?? ''},"${outcomeWords(row.outcome)}"\r\n`)
            .join(''),
        );
    });
  });
}

async function choose(
  c: Request,
  selection: Selection,
  plan?: Plan,
  errors?: Record<string, string>,
): Promise<Response> {
  const ctx = c.get('ctx');
  const [chosen, sentences] = await Promise.all([chooseAction(ctx, selection), offeredSentences(ctx)]);
  return c.html(
    deskPage(ctx, {
      title: 'Tindakan borongan',
      path: '/kerja/borongan',
      error: errors !== undefined,
      body: chooseView({ ...chosen, selection, sentences, plan, ...(errors && { errors }) }),
    }),
    errors ? 422 : 200,
  );
}

const NAMES: Record<string, string> = { action: 'tindakan', reason: 'alasan', note: 'catatan' };

/** Wrong input comes back with everything that was chosen and typed. */
function faulty(c: Request, error: unknown, selection: Selection, plan: Plan): Promise<Response> {
  if (!(error instanceof Problem) || error.kind.status !== 422) throw error;
  return choose(
    c,
    selection,
    plan,
    Object.fromEntries(error.errors.map(({ path, message }) => [NAMES[path] ?? path, message])),
  );
}

/** Ticked cases, or all that the view of the inbox shows. Throws Problem malformed. */
function selectionOf(ctx: Ctx, form: Form): Selection {
  if (one(form, 'lingkup') === 'semua') {
    const view = one(form, 'lihat');
    const service = one(form, 'layanan');
    return {
      filter: {
        ...(service && { service }),
        ...(view === 'terlambat' && { late: true }),
        ...(view === 'saya' && ctx.actor.kind === 'officer' && { mine: ctx.actor.id }),
      },
    };
  }
  const ids = [form.pilih ?? []].flat().filter((id): id is string => typeof id === 'string');
  if (ids.length > MOST_PICKED || ids.some((id) => !isId(id)))
    throw new Problem(PROBLEMS.malformed, 'Pilihan berkas ini tidak terbaca. Kembali ke kotak masuk dan pilih lagi.');
  return { ids: [...new Set(ids)] };
}

const planOf = (form: Form): Plan => ({
  action: one(form, 'tindakan'),
  reason: one(form, 'alasan') || undefined,
  note: one(form, 'catatan').trim() || undefined,
});

/** The words of a batch's action: services may call one action differently, then its own name is told. */
async function namesOf(ctx: Ctx): Promise<(batch: Batch) => string> {
  const { services } = await getCatalogue(ctx);
  return ({ action }) => {
    const known = services.map(({ service }) => actionName(service, action)).find((name) => name !== action);
    return known ?? action;
  };
}
