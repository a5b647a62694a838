// Beginning an application, going on with one on any device, and the addresses of all its pages.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { localDate } from '#platform/calendar.ts';
import { guard } from '#platform/http.ts';
import { grouped } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { Problem } from '#platform/problem.ts';
import { getOffered } from '#src/catalogue/actions.ts';
import type { Answers } from '#src/catalogue/condition.ts';
import type { Service } from '#src/catalogue/service.ts';
import { button, buttons, lead, linkButton } from '#ui/components.ts';
import { errorSummary, form, textField } from '#ui/fields.ts';
import { formatDayMonthYear } from '#ui/format.ts';
import { asResident, readPost, show, type Web, zone } from '../../pages/site.ts';
import { kinds } from '../../problems.ts';
import { findDraft, startDraft, villageCheck } from '../actions.ts';
import { checklistFields, gapsOf, nextGap } from '../draft.ts';
import { readFields, type Typed } from '../reading.ts';
import { getMandate, getWhose, postMandate, postWhose } from './behalf.ts';
import { getCheck, postCheck } from './check.ts';
import { getDocument, postDocument, viewUpload } from './documents.ts';
import { heldDraft, keepDraft } from './opened.ts';
import { getStep, postStep } from './steps.ts';

export function draftRoutes(app: Hono<Env>): void {
  app.get('/lanjut', (c) => showResume(c, {}));
  app.post('/lanjut', resume);
  app.get('/layanan/:id/ajukan', getStart);
  app.post('/layanan/:id/ajukan', postStart);
  app.get('/layanan/:id/ajukan/mulai/untuk-siapa', getWhose);
  app.post('/layanan/:id/ajukan/mulai/untuk-siapa', postWhose);
  app.get('/layanan/:id/ajukan/mulai/kuasa', getMandate);
  app.post('/layanan/:id/ajukan/mulai/kuasa', postMandate);
  app.get('/layanan/:id/ajukan/periksa', getCheck);
  app.post('/layanan/:id/ajukan/periksa', postCheck);
  app.get('/layanan/:id/ajukan/berkas/:file', viewUpload);
  app.get('/layanan/:id/ajukan/dokumen/:requirement', getDocument);
  app.post('/layanan/:id/ajukan/dokumen/:requirement', postDocument);
  app.get('/layanan/:id/ajukan/:step', getStep);
  app.post('/layanan/:id/ajukan/:step', postStep);
}

function checklistAnswers(service: Service, typed: Typed): Answers {
  const { answers, issues } = readFields(checklistFields(service), typed);
  const wrong = new Set(issues.map((issue) => issue.path));
  return Object.fromEntries(Object.entries(answers).filter(([id, value]) => value !== undefined && !wrong.has(id)));
}

async function offeredOnline(c: Web) {
  const offered = await getOffered(asResident(c), c.req.param('id') ?? '');
  if (!offered.service.channels.includes('online')) throw new Problem(kinds.notOnline);
  return offered;
}

async function getStart(c: Web): Promise<Response> {
  const { service } = await offeredOnline(c);
  return showStart(c, service, {});
}

async function postStart(c: Web): Promise<Response> {
  const ctx = asResident(c);
  const offered = await offeredOnline(c);
  const { service } = offered;
  const { typed } = await readPost(c);
  const base = `/layanan/${service.id}/ajukan`;
  const before = await heldDraft(c);
  const unfinished = before && !before.application ? before : undefined;
  // a phone may be shared: whoever comes second is asked before anything of the first is shown
  if (unfinished && typed.mulai !== 'baru' && typed.mulai !== 'lanjut') return showStart(c, service, typed);
  if (unfinished && typed.mulai === 'lanjut') return c.redirect(`${base}/${await goOn(c, unfinished)}`, 303);
  const answers = checklistAnswers(service, typed);
  const code = await startDraft(ctx, offered, answers);
  keepDraft(c, service.id, code);
  return c.redirect(`${base}/mulai/untuk-siapa`, 303);
}

async function goOn(c: Web, draft: NonNullable<Awaited<ReturnType<typeof findDraft>>>): Promise<string> {
  const ctx = asResident(c);
  const { service, content } = draft;
  return nextGap(
    gapsOf(service, content, localDate(ctx.calendar, ctx.now), await villageCheck(ctx, service, content.answers)),
  );
}

async function showStart(c: Web, service: Service, typed: Typed): Promise<Response> {
  const ctx = asResident(c);
  const before = await heldDraft(c);
  const base = `/layanan/${service.id}/ajukan`;
  const hidden = Object.fromEntries(
    Object.entries(typed).filter(([name]) =>
      checklistFields(service).some(([id]) => name === id || name.startsWith(`${id}.`)),
    ),
  );
  const body =
    before && !before.application
      ? html`<h1>Ada pengisian yang belum selesai</h1>${lead(`Di perangkat ini ada pengisian ${service.name} dengan kode ${grouped(before.code)}, tersimpan sampai ${formatDayMonthYear(before.expires, zone(ctx))}.`)}<p>Bila itu bukan milik Anda, mulailah yang baru.</p>${form(
          {
            action: base,
            hidden,
            body: buttons(
              button('Lanjutkan pengisian itu', { name: 'mulai', value: 'lanjut' }),
              button('Mulai yang baru', { kind: 'secondary', name: 'mulai', value: 'baru' }),
            ),
          },
        )}`
      : html`<h1>Ajukan ${service.name}</h1>${lead(service.summary)}<ul><li>Jawab pertanyaannya satu per satu.</li><li>Foto dokumen syaratnya dengan HP. Yang belum ada boleh ditunjukkan nanti.</li><li>Boleh berhenti kapan saja: Anda mendapat kode untuk melanjutkan.</li></ul>${form({ action: base, hidden, body: buttons(button('Mulai'), linkButton('Lihat syaratnya dulu', `/layanan/${service.id}`, 'secondary')) })}`;
  return show(c, { title: `Ajukan ${service.name}`, back: `/layanan/${service.id}`, body });
}

async function showResume(c: Web, shown: { typed?: string; error?: string }): Promise<Response> {
  const errors = shown.error ? [{ path: 'kode', message: shown.error }] : [];
  return show(
    c,
    {
      title: 'Lanjutkan pengisian',
      back: '/',
      error: errors.length > 0,
      body: html`${errorSummary(errors)}${form({
        action: '/lanjut',
        body: html`${textField({ name: 'kode', label: 'Kode pengisian Anda', heading: true, length: 16, value: shown.typed, error: shown.error, hint: 'Delapan huruf dan angka, misalnya 7KDM-4QXA. Besar kecil huruf tidak masalah.', autocomplete: 'off', autocapitalize: 'characters', spellcheck: false })}${buttons(button('Lanjutkan'))}`,
      })}<p>Sudah mengirim permohonan? <a href="/lacak">Lacak permohonan Anda</a>.</p>`,
    },
    errors.length > 0 ? 422 : 200,
  );
}

async function resume(c: Web): Promise<Response> {
  const ctx = asResident(c);
  const { typed } = await readPost(c);
  const code = (typed.kode ?? '').slice(0, 100);
  guard(c, ctx, 'code');
  if (!code.trim()) return showResume(c, { error: 'Tulis kode pengisian Anda.' });
  const draft = await findDraft(ctx, code);
  if (!draft)
    return showResume(c, {
      typed: code,
      error: 'Kode ini tidak ditemukan, atau sudah lewat 14 hari. Periksa lagi huruf demi huruf.',
    });
  if (draft.application)
    return showResume(c, {
      typed: code,
      error: 'Pengisian ini sudah dikirim. Lacak dengan nomor dan kode di tanda terimanya.',
    });
  keepDraft(c, draft.service.id, draft.code);
  return c.redirect(`/layanan/${draft.service.id}/ajukan/${await goOn(c, draft)}`, 303);
}
