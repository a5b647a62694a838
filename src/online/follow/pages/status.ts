// After sending: the receipt, where the case stands, what its owner may do, and what was issued.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { guard } from '#platform/http.ts';
import { isId } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import type { Dossier } from '#src/applications/dossier/actions.ts';
import { PURPOSES } from '#src/applications/text.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { documentsOf, type IssuedDocument, openDocument } from '#src/documents/actions.ts';
import type { MessageLine } from '#src/messages/actions.ts';
import { CHANNEL_WORDS, fateOf } from '#src/messages/text.ts';
import { deliveriesOf } from '#src/notices/actions.ts';
import { buttons, codeBig, details, lead, linkButton, notice, panel, printHint, tag } from '#ui/components.ts';
import { formatDate, formatDateTime, formatDayMonthYear, formatRelative } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { type Moment, timeline } from '#ui/lists.ts';
import { qrPath } from '#ui/qr.ts';
import { sendFile } from '../../draft/pages/documents.ts';
import { asResident, readPost, show, type Web, zone } from '../../pages/site.ts';
import { counterOf, OMBUDSMAN } from '../../text.ts';
import { aheadOf, labelOf, reasonOf, storyOf } from '../story.ts';
import { getAct, postAct } from './act.ts';
import { type Held, held, letIn, showAsk } from './held.ts';
import { getLooks } from './looks.ts';
import { agentOf, getMandates, mandateNotice, postMandate, postRevoke, receiptCodes } from './mandates.ts';
import { getMend, postMend } from './mend.ts';

export function followRoutes(app: Hono<Env>): void {
  app.get('/lacak', (c) => showAsk(c, { number: c.req.query('nomor')?.slice(0, 40) }));
  app.post('/lacak', ask);
  app.get('/lacak/:number', getStatus);
  app.get('/lacak/:number/terima', getReceipt);
  app.get('/lacak/:number/perbaiki', getMend);
  app.post('/lacak/:number/perbaiki', postMend);
  app.get('/lacak/:number/tindakan/:action', getAct);
  app.post('/lacak/:number/tindakan/:action', postAct);
  app.get('/lacak/:number/dokumen/:document', getIssued);
  app.get('/lacak/:number/dilihat', getLooks);
  app.get('/lacak/:number/kuasa', getMandates);
  app.post('/lacak/:number/kuasa', postMandate);
  app.post('/lacak/:number/kuasa/cabut', postRevoke);
  app.get('/lacak/:number/:code', enter);
}

const NO_MATCH = 'Nomor dan kode tidak cocok. Periksa keduanya, huruf demi huruf.';

async function ask(c: Web): Promise<Response> {
  const { typed } = await readPost(c);
  const number = (typed.nomor ?? '').slice(0, 40).trim();
  const code = (typed.kode ?? '').slice(0, 40).trim();
  guard(c, asResident(c), 'code');
  if (!number) return showAsk(c, { number, code, path: 'nomor', error: 'Tulis nomor permohonan.' });
  if (!code) return showAsk(c, { number, code, path: 'kode', error: 'Tulis kodenya.' });
  const known = await letIn(c, number, code);
  return known ? c.redirect(`/lacak/${known}`, 303) : showAsk(c, { number, code, error: NO_MATCH });
}

/** The address in the QR code of a receipt. */
async function enter(c: Web): Promise<Response> {
  guard(c, asResident(c), 'code');
  const number = c.req.param('number') ?? '';
  const known = await letIn(c, number, c.req.param('code') ?? '');
  return known ? c.redirect(`/lacak/${known}`, 303) : showAsk(c, { number, error: NO_MATCH });
}

async function getReceipt(c: Web): Promise<Response> {
  const open = await held(c);
  if (open instanceof Response) return open;
  const { ctx, dossier } = open;
  const { number, service } = dossier;
  const agent = agentOf(open);
  const { code, agents } = await receiptCodes(open);
  return show(c, {
    title: 'Permohonan diterima',
    body: html`${panel({ title: 'Permohonan Anda sudah kami terima', number, numberLabel: 'Nomor permohonan', body: html`<p>${service.name}</p>` })}${agents}${code && ownCodeBlock(ctx, number, code, agent !== undefined)}<h2>Selanjutnya</h2><p>Dijanjikan selesai <b>paling lambat ${formatDate(dossier.dueAt, zone(ctx))}</b>.</p><ul><li>${dossier.agency?.name ?? 'Petugas'} memeriksa berkas Anda.</li><li>Bila ada yang kurang, kami memberi tahu di halaman Lacak. Waktu kami berhenti sampai Anda melengkapinya.</li></ul>${originals(dossier)}${buttons(linkButton('Lihat permohonan', `/lacak/${number}`))}${printHint('tanda terima ini')}`,
  });
}

/** The owner's code; on an agent's receipt it is there to be handed over. */
function ownCodeBlock(ctx: Ctx, number: string, code: string, forAgent: boolean): Content {
  const said = forAgent
    ? html`<p>Berikan nomor dan kode ini kepada orang yang punya urusan. Dengan itu ia melihat kabar, mengambil hasilnya, dan dapat mencabut kuasa Anda.</p>`
    : html`<p>Catat atau foto halaman ini. Dengan <b>nomor dan kode</b> Anda bisa melihat kabar dan mengambil hasilnya. Jangan berikan kodenya kepada orang yang tidak Anda percaya.</p>`;
  return html`<h2>${forAgent ? 'Kode untuk pemohon' : 'Kode untuk melacak'}</h2>${codeBig(code)}${said}<p><a href="/lacak/${number}">${qrSvg(`${ctx.config.publicUrl}/lacak/${number}/${code.replaceAll('-', '')}`)}</a></p><p class="small">Pindai untuk membuka permohonan ini.</p>`;
}

/** What was promised to be shown instead of sent, as long as the case runs. */
function originals({ documents, application, service }: Dossier): Content {
  const owed = application.endedAt
    ? []
    : documents.filter(
        ({ requirement, files }) =>
          requirement.evidence === 'show' ||
          (requirement.evidence === 'upload' && files.length === 0 && !requirement.optional),
      );
  return (
    owed.length > 0 &&
    notice({
      tone: 'warning',
      title: 'Tunjukkan aslinya',
      body: html`<p>Bawa ke ${counterOf(service)}${service.channels.includes('doorstep') && ', atau siapkan saat petugas datang'}:</p><ul>${owed.map(({ options }) => html`<li>${options[0]?.name}</li>`)}</ul>`,
    })
  );
}

function qrSvg(text: string): Content {
  const { size, path } = qrPath(text);
  const side = size + 8;
  return html`<svg viewBox="-4 -4 ${side} ${side}" width="${side * 4}" height="${side * 4}" role="img" aria-label="Kode QR menuju permohonan ini"><path fill="#fff" d="M-4-4h${side}v${side}h-${side}z"/><path d="${path}" fill="#000"/></svg>`;
}

async function getStatus(c: Web): Promise<Response> {
  const open = await held(c);
  if (open instanceof Response) return open;
  const { ctx, dossier } = open;
  const { number, service, status, application } = dossier;
  const issued = await documentsOf(ctx, application.id);
  const { text, tone } = labelOf(status);
  const state = service.workflow.states[application.state];
  return show(c, {
    title: `${service.name} ${number}`,
    back: { text: 'Lacak permohonan lain', href: '/lacak' },
    body: html`<p class="small">${number}</p><h1>${service.name}</h1><p>${tag(text, tone)}${dossier.stored.simulated && html` ${tag('data simulasi')}`}</p>${lead(state?.resident ?? '')}${dossier.erased && notice({ body: html`<p><b>(dimusnahkan)</b> Isian, berkas, dan suratnya sudah dimusnahkan, menurut masa simpannya atau atas permintaan Anda. Yang tersisa hanya riwayat tanpa isi.</p>` })}${await mandateNotice(open)}${promise(ctx, dossier)}${next(ctx, dossier)}${status !== 'waiting-resident' && originals(dossier)}${!dossier.erased && results(dossier, issued)}${await way(ctx, dossier)}${newsOf(number, await deliveriesOf(ctx, application.id))}${others(dossier)}${whoLooked(ctx, dossier)}${more(open)}`,
  });
}

/** The last messages and whether they arrived; their words are a page of their own. */
function newsOf(number: string, lines: MessageLine[]): Content {
  if (lines.length === 0) return null;
  return html`<h2>Pesan kepada Anda</h2><ul>${lines.slice(-3).map((one) => {
    const { text } = fateOf(one);
    return html`<li>${one.title}: ${text.toLowerCase()}${one.channel && one.channel !== 'inbox' && html` (${CHANNEL_WORDS[one.channel]} ${one.masked})`}</li>`;
  })}</ul><p><a href="/lacak/${number}/pesan">Baca semua pesan</a></p>`;
}

function promise(ctx: Ctx, { status, dueAt, agency }: Dossier): Content {
  const due = formatDate(dueAt, zone(ctx));
  if (status === 'waiting-resident')
    return html`<p>Waktu kami berhenti. Begitu Anda mengirim, sisa waktunya berjalan lagi.</p>`;
  if (status !== 'in-progress' && status !== 'waiting-opinion') return null;
  if (ctx.now <= dueAt)
    return html`<p>Dijanjikan selesai <b>paling lambat ${due}</b> (${formatRelative(dueAt, ctx.now, zone(ctx))}).</p>`;
  return notice({
    tone: 'danger',
    title: 'Kami terlambat',
    body: html`<p>Janji kami ${due}, dan permohonan Anda belum selesai. Mohon maaf. Anda berhak menanyakannya ke ${agency?.name ?? 'kantor kami'}${agency?.address && html` (${agency.address})`} atau mengadu ke ${OMBUDSMAN}.</p>`,
  });
}

/** What the owner may do now, most important first. */
function next(ctx: Ctx, dossier: Dossier): Content {
  const { number, actions, moments, service } = dossier;
  const mend = actions.find(([, action]) => action.kind === 'resubmit');
  const object = actions.find(([, action]) => action.kind === 'object');
  if (mend) {
    const asked = moments.findLast((moment) => moment.type === 'application.returned');
    return notice({
      tone: 'warning',
      title: 'Yang perlu Anda perbaiki',
      body: html`${asked?.note && html`<p>“${asked.note}”</p>`}<ul>${mendNames(dossier).map((name) => html`<li>${name}</li>`)}</ul>${buttons(linkButton('Perbaiki sekarang', `/lacak/${number}/perbaiki`))}`,
    });
  }
  if (object) {
    const refused = moments.findLast((moment) => moment.type === 'application.refused');
    const reason = refused && reasonOf(service, refused.data);
    return notice({
      tone: 'danger',
      title: 'Alasannya',
      body: html`${reason && html`<p>${reason}.</p>`}${refused?.note && html`<p>“${refused.note}”</p>`}<p>Tidak setuju? Ajukan keberatan paling lambat ${formatDayMonthYear(new Date(Date.parse(dossier.application.enteredAt) + 30 * 86_400_000), zone(ctx))}. Atasan petugas akan menelaahnya.</p>${buttons(linkButton('Ajukan keberatan', `/lacak/${number}/tindakan/${object[0]}`))}`,
    });
  }
  return null;
}

/** The names of what the officer asked to mend. */
export function mendNames({ service, application }: Pick<Dossier, 'service' | 'application'>): string[] {
  const { fields = [], requirements = [] } = application.correction ?? {};
  const field = (id: string) =>
    service.form.find((step) => step.id === id)?.title ??
    service.form.flatMap((step) => Object.entries(step.properties)).find(([one]) => one === id)?.[1].title ??
    id;
  const requirement = (id: string) => service.requirements.find((one) => one.id === id)?.options[0]?.name ?? id;
  return [...fields.map(field), ...requirements.map(requirement)];
}

const isUnsigned = ({ signature, revokedAt }: IssuedDocument): boolean =>
  revokedAt === null && (signature === 'awaiting-signature' || signature === 'signing-unknown');

function results({ status, service, number }: Dossier, issued: IssuedDocument[]): Content {
  if (status !== 'completed') return null;
  const ours = service.products.filter((product) => product.document);
  const rest = service.products.filter((product) => !product.document);
  const line = (id: string, name: string) => {
    const all = issued.filter((one) => one.product === id);
    // a paper that was made again hides the one it replaces
    const document = all.find((one) => one.revokedAt === null) ?? all.at(-1);
    if (!document?.file) return html`<li>${name}: sedang disiapkan, muat ulang sebentar lagi.</li>`;
    if (isUnsigned(document))
      return html`<li>${name}: sudah dibuat, <b>menunggu tanda tangan elektronik pejabat</b>. Bisa diunduh di sini sesudah ditandatangani.</li>`;
    const revoked = document.revokedAt !== null;
    return html`<li><a href="/lacak/${number}/dokumen/${document.id}">Unduh ${name} (PDF)</a>${document.signature === 'signed' && html`, bertanda tangan elektronik`}${revoked && html` <b>(sudah dicabut, tidak berlaku)</b>`}</li>`;
  };
  return html`<h2>Hasilnya</h2><ul>${ours.map((product) => line(product.id, product.name))}${rest.map((product) => html`<li>${product.name}: ambil di ${counterOf(service)}, kecuali petugas mengabari cara lain.</li>`)}</ul>`;
}

async function way(ctx: Ctx, dossier: Dossier): Promise<Content> {
  const { agencies } = await getCatalogue(ctx);
  const office = dossier.agency?.short ?? 'Petugas';
  const lines = storyOf(dossier.service, dossier.moments, {
    office,
    agency: (id) => agencies.get(id)?.short ?? 'instansi lain',
  });
  const offset = zone(ctx);
  const done: Moment[] = lines.map((line) => ({
    title: line.text,
    state: line.stopped ? 'stopped' : 'done',
    time: formatDateTime(line.at, offset),
    ...(line.note && { body: html`<p>“${line.note}”</p>` }),
  }));
  const state = dossier.service.workflow.states[dossier.application.state];
  const now: Moment[] = state && !state.end ? [{ title: state.resident, state: 'current' }] : [];
  const ahead: Moment[] = aheadOf(dossier.service, dossier.application.state).map((one) => ({
    title: one.name,
    state: 'waiting',
  }));
  return html`<h2>Perjalanan permohonan</h2>${timeline([...done, ...now, ...ahead])}`;
}

function others({ actions, number }: Dossier): Content {
  const withdraw = actions.find(([, action]) => action.kind === 'withdraw');
  return (
    withdraw &&
    details(
      'Tidak jadi?',
      html`<p>Permohonan yang dibatalkan tidak bisa dihidupkan lagi, tetapi Anda boleh mengajukan yang baru kapan saja.</p>${linkButton('Batalkan permohonan', `/lacak/${number}/tindakan/${withdraw[0]}`, 'secondary')}`,
    )
  );
}

/** Pages beside the case: who looked, who acts for whom. */
function more({ dossier: { number } }: Held): Content {
  return html`<ul><li><a href="/lacak/${number}/dilihat">Semua yang pernah melihat permohonan ini</a></li><li><a href="/lacak/${number}/kuasa">Kuasa: siapa yang boleh mengurus</a></li><li><a href="/lacak/${number}/data">Data pribadi saya: salin, perbaiki, atau minta dimusnahkan</a></li></ul>`;
}

function whoLooked(ctx: Ctx, { moments, agency }: Dossier): Content {
  const looks = moments.filter((moment) => moment.type === 'application.revealed');
  const why = (purpose: unknown) => PURPOSES[purpose as keyof typeof PURPOSES] ?? 'Keperluan lain';
  return details(
    'Siapa membuka data saya?',
    looks.length === 0
      ? html`<p>Belum ada petugas yang membuka NIK, nomor KK, atau nomor HP Anda secara lengkap.</p>`
      : html`<ul>${looks.map((look) => html`<li>${formatDateTime(look.at, zone(ctx))}: petugas ${agency?.name ?? ''}, untuk ${why(look.data.purpose).toLowerCase()}</li>`)}</ul>`,
  );
}

/** The document itself, for whoever holds the case. */
async function getIssued(c: Web): Promise<Response> {
  const open = await held(c);
  if (open instanceof Response) return open;
  const { ctx, dossier } = open;
  const id = c.req.param('document') ?? '';
  const document = isId(id) ? (await documentsOf(ctx, dossier.application.id)).find((one) => one.id === id) : undefined;
  // what is not signed yet is not handed out: it would look finished
  const file = document && !isUnsigned(document) ? await openDocument(ctx, document) : undefined;
  if (!file) throw new Problem(PROBLEMS.notFound, 'Dokumen ini tidak ada pada permohonan ini, atau masih disiapkan.');
  return sendFile(c, file, 'attachment');
}
