// The addresses of one case: the page, its papers, and every deed as a form that answers with a redirect.
import type { Hono } from 'hono';
import type { Ctx } from '#platform/context.ts';
import { openFile } from '#platform/files.ts';
import { readForm } from '#platform/http.ts';
import { isId, newId, parseNumber } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { actOnApplication, addNote, loadByNumber, revealAnswers } from '#src/applications/actions.ts';
import { assignTask, releaseTask, returnEscalation, takeTask } from '#src/applications/assignment/actions.ts';
import { calendarOf } from '#src/applications/calendars/actions.ts';
import { openDossier, permitFile } from '#src/applications/dossier/actions.ts';
import { clearTwins } from '#src/applications/duplicates/actions.ts';
import { listInbox } from '#src/applications/inbox/actions.ts';
import { recordFileOpening, recordOpening } from '#src/applications/looks/actions.ts';
import { askOpinion, giveOpinion, recallOpinion } from '#src/applications/opinions/actions.ts';
import { findVillage, ownVillages } from '#src/areas/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { documentsOf, openDocument, revokeDocument } from '#src/documents/actions.ts';
import { makeAnew } from '#src/documents/composing/actions.ts';
import { listMandates } from '#src/identity/mandates/actions.ts';
import { deliveriesOf } from '#src/notices/actions.ts';
import { deskPage, peekDone, type Request, setDone, takeDone } from '../frame.ts';
import { offeredSentences } from '../sentences/actions.ts';
import type { Done } from '../text.ts';
import { besides, compared } from './actions.ts';
import { actOf, commandOf, errorsOf, type Form, one, typedOf } from './command.ts';
import { compareView } from './doubles.ts';
import { areaLevel, canAnswer, type Typed } from './forms.ts';
import { caseView } from './view.ts';

export function casePages(desk: Hono<Env>): void {
  desk.get('/kerja/:number', async (c) => {
    const ctx = c.get('ctx');
    const number = c.req.param('number');
    const plain = parseNumber(number);
    if (plain && plain !== number) return c.redirect(`/kerja/${plain}`, 303);
    try {
      return await show(c, number, {});
    } catch (error) {
      // what was just done took the case off this desk: the inbox tells so instead
      if (error instanceof Problem && error.kind.status === 403 && peekDone(c, ctx)?.number === number)
        return c.redirect('/kerja', 303);
      throw error;
    }
  });

  desk.post('/kerja/:number/tindakan', (c) =>
    deed(
      c,
      async (ctx, number, form) => {
        const act = actOf(form);
        const { stored, service } = await loadByNumber(ctx, number);
        const kind =
          service.workflow.states[act.from ?? '']?.actions[act.action]?.kind ??
          service.workflow.states[stored.application.state]?.actions[act.action]?.kind;
        await actOnApplication(ctx, number, act);
        return kind ?? 'advance';
      },
      (form) => one(form, 'tindakan'),
    ),
  );

  desk.post('/kerja/:number/ambil', (c) =>
    deed(c, async (ctx, number, form) => {
      await takeTask(ctx, number, one(form, 'dari') || undefined);
      return 'take';
    }),
  );

  desk.post('/kerja/:number/lepas/:task', (c) =>
    deed(c, async (ctx, number) => {
      await releaseTask(ctx, number, c.req.param('task'));
      return 'release';
    }),
  );

  desk.post('/kerja/:number/bagi/:task', (c) => {
    const task = c.req.param('task');
    const own = `tugas-${task}`;
    return deed(
      c,
      async (ctx, number, form) => {
        await assignTask(ctx, number, { task, officer: one(form, `${own}.petugas`) });
        return 'assign';
      },
      () => own,
    );
  });

  desk.post('/kerja/:number/eskalasi', (c) =>
    deed(
      c,
      async (ctx, number, form) => {
        await returnEscalation(ctx, number, one(form, 'eskalasi.catatan'));
        return 'sent-back';
      },
      () => 'eskalasi',
    ),
  );

  desk.post('/kerja/:number/ganda/:other/bukan', (c) =>
    deed(c, async (ctx, number) => {
      await clearTwins(ctx, number, c.req.param('other'));
      return 'single';
    }),
  );

  desk.post('/kerja/:number/ganda/:other', async (c) => {
    const form = await readForm(c);
    const ctx: Ctx = { ...c.get('ctx'), commandId: commandOf(form) };
    const both = await compared(ctx, c.req.param('number'), c.req.param('other'));
    const body = compareView({ ...both, calendar: ctx.calendar, commandId: () => newId(ctx.now) });
    return c.html(
      deskPage(ctx, { title: 'Dua permohonan, satu orang', path: `/kerja/${c.req.param('number')}`, body }),
    );
  });

  // without a script the chosen sentence is filled in here; nothing is done yet
  desk.post('/kerja/:number/kalimat', async (c) => {
    const form = await readForm(c);
    const own = one(form, 'pakai');
    const typed = typedOf(form, own);
    const chosen = (await offeredSentences(c.get('ctx'))).find(({ id }) => id === typed.values.kalimat?.at(-1));
    const note = [typed.values.catatan?.at(-1)?.trim(), chosen?.text].filter(Boolean).join('\n');
    return show(c, c.req.param('number'), { typed: { ...typed, values: { ...typed.values, catatan: [note] } } });
  });

  desk.post('/kerja/:number/catatan', (c) =>
    deed(
      c,
      async (ctx, number, form) => {
        await addNote(ctx, number, one(form, 'catatan.catatan'));
        return 'note';
      },
      () => 'catatan',
    ),
  );

  desk.post('/kerja/:number/pendapat', (c) =>
    deed(
      c,
      async (ctx, number, form) => {
        const agency = (await getCatalogue(ctx)).agencies.get(one(form, 'tanya.instansi'));
        const role = one(form, 'tanya.peran');
        const note = one(form, 'tanya.catatan').trim();
        const errors = [
          ...(agency ? [] : [{ path: 'agency', message: 'Pilih instansi yang ditanya.' }]),
          ...(agency && !canAnswer(agency, role)
            ? [
                {
                  path: 'role',
                  message: role
                    ? `Peran itu tidak ada di ${agency.short}. Pilih yang lain.`
                    : 'Pilih kepada siapa pertanyaan ini.',
                },
              ]
            : []),
          ...(note
            ? []
            : [{ path: 'note', message: 'Tulis pertanyaannya, supaya yang ditanya tahu apa yang diminta.' }]),
        ];
        if (!agency || errors.length > 0) throw new Problem(PROBLEMS.invalid, undefined, errors);
        const area = areaLevel(agency);
        await askOpinion(ctx, number, { agency: agency.id, role, note, ...(area && { area }) });
        return 'consult';
      },
      () => 'tanya',
    ),
  );

  desk.post('/kerja/:number/pendapat/:opinion/tarik', (c) =>
    deed(c, async (ctx, number) => {
      await recallOpinion(ctx, number, c.req.param('opinion'));
      return 'recall';
    }),
  );

  desk.post('/kerja/:number/pendapat/:opinion/jawab', (c) => {
    const id = c.req.param('opinion');
    const own = `pendapat-${id}`;
    return deed(
      c,
      async (ctx, number, form) => {
        const answer = one(form, `${own}.jawaban`);
        const note = one(form, `${own}.catatan`).trim();
        if (answer !== 'agree' && answer !== 'disagree')
          throw new Problem(PROBLEMS.invalid, undefined, [
            { path: 'answer', message: 'Pilih setuju atau tidak setuju.' },
          ]);
        await giveOpinion(ctx, number, { id, answer, ...(note && { note }) });
        return 'opine';
      },
      () => own,
    );
  });

  desk.post('/kerja/:number/lengkap', async (c) => {
    const ctx = c.get('ctx');
    const number = c.req.param('number');
    const form = await readForm(c);
    const purpose = one(form, 'lengkap.guna');
    try {
      // each showing is one event, so a reload counts as another look
      await revealAnswers(ctx, number, purpose);
    } catch (error) {
      return refused(c, error, number, typedOf(form, 'lengkap'));
    }
    return show(c, number, { revealed: purpose });
  });

  desk.post('/kerja/:number/dokumen/:document/cabut', (c) => {
    const own = `cabut-${c.req.param('document')}`;
    return deed(
      c,
      async (ctx, number, form) => {
        const document = await issuedOf(ctx, number, c.req.param('document'));
        const reason = one(form, `${own}.alasan`);
        if (one(form, 'ganti') === 'ya') {
          await makeAnew(ctx, document.code, reason);
          return 'reissue';
        }
        await revokeDocument(ctx, document.code, reason);
        return 'revoke';
      },
      () => own,
    );
  });

  desk.get('/kerja/:number/dokumen/:document', async (c) => {
    const ctx = c.get('ctx');
    const number = c.req.param('number');
    const document = await issuedOf(ctx, number, c.req.param('document'));
    const { stored } = await loadByNumber(ctx, number);
    await recordFileOpening(ctx, stored.application, { id: document.id, kind: 'issued' });
    return sendFile(c, await openDocument(ctx, document));
  });

  desk.get('/kerja/:number/berkas/:file', async (c) => {
    const ctx = c.get('ctx');
    const file = c.req.param('file');
    const known = await permitFile(ctx, c.req.param('number'), isId(file) ? file.toLowerCase() : '');
    if (known) {
      const { stored } = await loadByNumber(ctx, c.req.param('number'));
      await recordFileOpening(ctx, stored.application, { id: file.toLowerCase(), kind: 'evidence' });
    }
    return sendFile(c, known ? await openFile(ctx, file.toLowerCase()) : undefined);
  });
}

type Shown = { revealed?: string; typed?: Typed; overtaken?: string };

async function show(c: Request, number: string, shown: Shown, status: 200 | 409 | 422 = 200): Promise<Response> {
  const ctx = c.get('ctx');
  const { actor } = ctx;
  if (actor.kind !== 'officer') throw new Problem(PROBLEMS.signIn);
  const dossier = await openDossier(ctx, number);
  const { village } = dossier.application;
  await recordOpening(ctx, dossier.application);
  const [documents, mandates, messages, catalogue, villages, place] = await Promise.all([
    documentsOf(ctx, dossier.application.id),
    listMandates(ctx, [dossier.application.id]),
    deliveriesOf(ctx, dossier.application.id),
    getCatalogue(ctx),
    ownVillages(ctx),
    findVillage(ctx, village),
  ]);
  const beside = await besides(ctx, dossier);
  const placeName = place ? `${place.name}, Kec. ${place.district}` : village;
  const villageName = (code: string) => (code === village ? placeName : villages.get(code)?.name);
  return c.html(
    deskPage(ctx, {
      title: `${dossier.service.name} ${dossier.number}`,
      path: `/kerja/${dossier.number}`,
      error: status !== 200,
      body: caseView({
        dossier,
        documents,
        mandates,
        messages,
        catalogue,
        actor,
        placeName,
        villageName,
        calendar: await calendarOf(ctx, dossier.service.agency),
        now: ctx.now,
        commandId: () => newId(ctx.now),
        ...beside,
        done: status === 200 ? takeDone(c, ctx) : null,
        ...shown,
      }),
    }),
    status,
  );
}

/** Does one deed of a form, then goes on: to the next case when asked, else back to this one. */
async function deed(
  c: Request,
  work: (ctx: Ctx, number: string, form: Form) => Promise<Done>,
  ownOf: (form: Form) => string = () => '',
): Promise<Response> {
  const number = c.req.param('number') ?? '';
  const form = await readForm(c);
  const ctx: Ctx = { ...c.get('ctx'), commandId: commandOf(form) };
  try {
    setDone(c, ctx, await work(ctx, number, form), number);
  } catch (error) {
    return refused(c, error, number, typedOf(form, ownOf(form)));
  }
  return c.redirect(
    one(form, 'lalu') === 'berikutnya' ? await nextCase(ctx, number, one(form, 'tempat')) : `/kerja/${number}`,
    303,
  );
}

const OVERTAKEN =
  'Keadaan berkas ini sudah berubah sejak Anda membukanya. Halaman ini menunjukkan keadaan yang terbaru.';

/** Wrong input and lost races show the case as it is now, with everything that was typed. */
async function refused(c: Request, error: unknown, number: string, typed: Typed): Promise<Response> {
  if (!(error instanceof Problem)) throw error;
  const { status } = error.kind;
  if (status === 422) return show(c, number, { typed: { ...typed, errors: errorsOf(error) } }, 422);
  if (status !== 409) throw error;
  const moved = error.kind.code === 'moved-on' || error.kind.code === 'no-such-action';
  try {
    return await show(c, number, { typed, overtaken: moved ? OVERTAKEN : error.message }, 409);
  } catch (gone) {
    // the case has left this desk altogether: then the reason for the first refusal is what matters
    throw gone instanceof Problem && gone.kind.status === 403 ? error : gone;
  }
}

/** The case after this one in the inbox, else its first, else the inbox itself. */
async function nextCase(ctx: Ctx, number: string, place: string): Promise<string> {
  for (const after of place ? [place, undefined] : [undefined]) {
    const { items } = await listInbox(ctx, { after, limit: 3 });
    const next = items.find((item) => item.number !== number);
    if (next) return `/kerja/${next.number}`;
  }
  return '/kerja';
}

async function issuedOf(ctx: Ctx, number: string, id: string) {
  await permitFile(ctx, number, ''); // whoever may read the case may read what came of it
  const { stored } = await loadByNumber(ctx, number);
  const document = (await documentsOf(ctx, stored.application.id)).find((issued) => issued.id === id);
  if (!document) throw new Problem(PROBLEMS.notFound, 'Dokumen ini tidak ada pada permohonan itu.');
  return document;
}

function sendFile(c: Request, file: { kind: string; name: string; bytes: Buffer } | undefined): Response {
  if (!file)
    throw new Problem(PROBLEMS.notFound, 'Berkas ini tidak ada, atau sudah dimusnahkan sesuai jadwal retensi.');
  // browsers refuse to draw a PDF under `sandbox`; its type and nosniff already keep it from being a page
  const policy =
    file.kind === 'application/pdf'
      ? "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
      : "default-src 'none'; img-src 'self'; sandbox; frame-ancestors 'self'";
  return c.body(new Uint8Array(file.bytes), 200, {
    'Content-Type': file.kind,
    'Content-Length': String(file.bytes.length),
    'Content-Disposition': `inline; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'Content-Security-Policy': policy,
  });
}
