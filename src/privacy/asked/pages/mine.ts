// "Data saya": what people may do with their own data, from one case (number and code) or from their account.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { localDate } from '#platform/calendar.ts';
import type { Ctx } from '#platform/context.ts';
import { holdApplication, readForm, textOf } from '#platform/http.ts';
import { isId, newId, parseNumber } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { type FieldError, PROBLEMS, Problem } from '#platform/problem.ts';
import { loadByNumber } from '#src/applications/actions.ts';
import { type BriefCase, briefCases } from '#src/applications/walk/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { keepHolding } from '#src/identity/residents/holdings/actions.ts';
import { button, buttons, lead, linkButton, notice, section, tag } from '#ui/components.ts';
import { errorSummary, form, radios, textArea } from '#ui/fields.ts';
import { formatDateTime } from '#ui/format.ts';
import type { Content, Html } from '#ui/html.ts';
import { summaryList } from '#ui/lists.ts';
import { consentsOf, decideConsent } from '../../consent/actions.ts';
import { CONSENTS, PURPOSES } from '../../consent/consent.ts';
import { copyOf } from '../../copy/actions.ts';
import { drawCopy } from '../../copy/sheet.ts';
import { asResident, commandOf, ownCases, show, type Web } from '../../pages/site.ts';
import { askFor, LONGEST, listRequests, type ShownRequest } from '../actions.ts';
import { ASKED, type Asked } from '../request.ts';

export function mineRoutes(app: Hono<Env>): void {
  app.get('/lacak/:number/data', (c) => ofCase(c, (one) => showMine(c, one, {})));
  app.post('/lacak/:number/data', (c) => ofCase(c, (one) => ask(c, one)));
  app.get('/lacak/:number/data/salinan.json', (c) => ofCase(c, (one) => sendJson(c, one)));
  app.get('/lacak/:number/data/salinan.pdf', (c) => ofCase(c, (one) => sendPdf(c, one)));
  app.get('/akun/data', (c) => ofAccount(c, (one) => showMine(c, one, {})));
  app.post('/akun/data', (c) => ofAccount(c, (one) => ask(c, one)));
  app.post('/akun/data/persetujuan', (c) => ofAccount(c, () => decide(c)));
  app.get('/akun/data/salinan.json', (c) => ofAccount(c, (one) => sendJson(c, one)));
  app.get('/akun/data/salinan.pdf', (c) => ofAccount(c, (one) => sendPdf(c, one)));
}

/** Where the page stands: over one case, or over all of an account. */
type Place = { ctx: Ctx; path: string; cases: string[]; back: { text: string; href: string } };
type Answer = Response | Promise<Response>;

/** Whoever has not shown the code is led to the page that asks for it, the same for numbers that do not exist. */
async function ofCase(c: Web, answer: (place: Place) => Answer): Promise<Response> {
  const ctx = asResident(c);
  const number = parseNumber(c.req.param('number') ?? '');
  if (!number) return c.redirect('/lacak', 303);
  const id = await loadByNumber(ctx, number).then(
    ({ stored }) => stored.application.id,
    (error: unknown) => {
      if (error instanceof Problem && error.kind.code === PROBLEMS.notFound.code) return undefined;
      throw error;
    },
  );
  if (!id || !ownCases(ctx).includes(id)) return c.redirect(`/lacak/${number}`, 303);
  return answer({
    ctx,
    path: `/lacak/${number}/data`,
    cases: [id],
    back: { text: `Permohonan ${number}`, href: `/lacak/${number}` },
  });
}

async function ofAccount(c: Web, answer: (place: Place) => Answer): Promise<Response> {
  const ctx = asResident(c);
  if (ctx.actor.kind !== 'resident' || !ctx.actor.account) return c.redirect('/masuk?ke=%2Fakun%2Fdata', 303);
  return answer({ ctx, path: '/akun/data', cases: ownCases(ctx), back: { text: 'Akun', href: '/akun' } });
}

type Shown = { asked?: string; text?: string; command?: string; errors?: FieldError[] };

async function showMine(c: Web, place: Place, shown: Shown): Promise<Response> {
  const { ctx, path, cases, back } = place;
  const account = ctx.actor.kind === 'resident' ? ctx.actor.account : undefined;
  const [found, requests, consents, catalogue] = await Promise.all([
    briefCases(ctx, cases),
    listRequests(ctx, { cases, ...(path === '/akun/data' && { account }) }),
    path === '/akun/data' && account ? consentsOf(ctx, account) : undefined,
    getCatalogue(ctx),
  ]);
  const errors = shown.errors ?? [];
  const readable = found.some((one) => !one.erased);
  const names = (one: BriefCase) => catalogue.byId.get(one.service)?.service.name ?? one.service;
  return show(
    c,
    {
      title: 'Data pribadi saya',
      back,
      error: errors.length > 0,
      body: html`${errorSummary(errors)}<h1>Data pribadi saya</h1>${lead('Data ini milik Anda. Anda boleh melihatnya, membawanya, meminta diperbaiki, atau meminta dimusnahkan.')}${held(found, names)}${
        found.length > 0 && copies(path)
      }${readable && asking(ctx, path, shown, errors)}${requests.length > 0 && asked(ctx, requests)}${
        consents && consentBlock(ctx, consents)
      }<p class="small"><a href="/privasi">Apa yang kami simpan, mengapa, dan berapa lama</a></p>`,
    },
    errors.length > 0 ? 422 : 200,
  );
}

function held(found: BriefCase[], nameOf: (one: BriefCase) => string): Html {
  if (found.length === 0)
    return notice({
      title: 'Belum ada permohonan',
      body: html`<p>Tidak ada permohonan pada akun ini, jadi tidak ada isian yang kami simpan. <a href="/lacak">Buka permohonan dengan nomor dan kodenya</a>.</p>`,
    });
  return section(
    'Yang kami simpan',
    html`<ul>${found.map((one) => html`<li><a href="/lacak/${one.number}">${nameOf(one)}</a>, ${one.number}${one.erased && html` ${tag('dimusnahkan', 'quiet')}`}</li>`)}</ul>`,
  );
}

const copies = (path: string): Html =>
  section(
    'Ambil salinannya sekarang',
    html`<p>Semua isian, riwayat, dan dokumen Anda. Data orang lain pada permohonan yang sama tidak ikut.</p>${buttons(
      linkButton('Unduh PDF', `${path}/salinan.pdf`),
      linkButton('Unduh untuk komputer (JSON)', `${path}/salinan.json`, 'secondary'),
    )}`,
  );

function asking(ctx: Ctx, path: string, shown: Shown, errors: FieldError[]): Html {
  const at = (name: string) => errors.find((one) => one.path === name)?.message;
  return section(
    'Ajukan permintaan',
    html`<p>Petugas pelindungan data menjawab <b>paling lama 3 × 24 jam</b>, hari libur ikut dihitung.</p>${form({
      action: path,
      hidden: { perintah: shown.command && isId(shown.command) ? shown.command : newId(ctx.now) },
      body: html`${radios({
        name: 'hak',
        label: 'Apa yang Anda minta?',
        value: shown.asked,
        error: at('hak'),
        options: Object.entries(ASKED).map(([value, { name }]) => ({
          value,
          text: name,
          ...(value === 'erasure' && {
            hint: 'Isian, berkas, dan dokumen tidak bisa dikembalikan. Permohonan yang masih berjalan dimusnahkan setelah selesai.',
          }),
        })),
      })}${textArea({ name: 'uraian', label: 'Jelaskan permintaan Anda', hint: 'Misalnya: nama ibu saya keliru, seharusnya Siti.', limit: LONGEST, value: shown.text, error: at('uraian') })}${buttons(button('Kirim permintaan'))}`,
    })}`,
    { id: 'minta' },
  );
}

function asked(ctx: Ctx, requests: ShownRequest[]): Html {
  const zone = ctx.calendar.offsetMinutes;
  const open = (one: ShownRequest) => one.status === 'in-progress' || one.status === 'waiting-resident';
  return section(
    'Permintaan Anda',
    summaryList(
      requests.map((one) => ({
        key: ASKED[one.asked].name,
        value: html`${one.message}${open(one) && html`<br>Batas jawaban: <b>${formatDateTime(one.due, zone)}</b>`}`,
        change: `/lacak/${one.number}`,
        changeText: 'Lihat',
        what: `permintaan ${one.number}`,
      })),
    ),
  );
}

function consentBlock(ctx: Ctx, { standing }: Awaited<ReturnType<typeof consentsOf>>): Content {
  return section(
    'Persetujuan',
    html`<p>Untuk mengurus permohonan kami tidak meminta persetujuan: dasarnya tugas pelayanan publik. Hanya tiga hal ini yang menunggu kata Anda, dan boleh ditarik kapan saja.</p>${PURPOSES.map(
      (purpose) => {
        const { title, text } = CONSENTS[purpose];
        const now = standing.get(purpose);
        const given = now?.given ?? false;
        return html`<h3>${title} ${tag(given ? 'Setuju' : 'Tidak', given ? 'done' : 'quiet')}</h3><p>${text}</p>${now && html`<p class="small">${given ? 'Disetujui' : now.outdated ? 'Naskahnya berubah sejak Anda menyetujuinya,' : 'Ditarik'} ${formatDateTime(now.at, ctx.calendar.offsetMinutes)}</p>`}${form(
          {
            action: '/akun/data/persetujuan',
            hidden: { tujuan: purpose, jawaban: given ? 'tidak' : 'ya' },
            body: buttons(button(given ? 'Tarik persetujuan' : 'Saya setuju', { kind: 'secondary' })),
          },
        )}`;
      },
    )}`,
    { id: 'persetujuan' },
  );
}

async function ask(c: Web, place: Place): Promise<Response> {
  const form = await readForm(c);
  const [asked, text, command] = [textOf(form, 'hak'), textOf(form, 'uraian'), textOf(form, 'perintah')];
  const ctx = commandOf(place.ctx, command);
  try {
    const receipt = await askFor(ctx, { asked, text, cases: place.cases });
    holdApplication(c, ctx, { application: receipt.id });
    await keepHolding(ctx, { application: receipt.id, how: 'submitted' });
    return c.redirect(`/lacak/${receipt.number}/terima`, 303);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind.code !== PROBLEMS.invalid.code) throw error;
    return showMine(c, place, { asked: asked as Asked, text, command, errors: error.errors.map(plain) });
  }
}

// answers that the case itself brought are not on this page: what is wrong with them is said without a field
const plain = ({ path, message }: FieldError): FieldError =>
  ['hak', 'uraian'].includes(path.replace(/^answers\./, ''))
    ? { path: path.replace(/^answers\./, ''), message }
    : { path: '', message };

async function decide(c: Web): Promise<Response> {
  const form = await readForm(c);
  const given = textOf(form, 'jawaban');
  if (given !== 'ya' && given !== 'tidak') throw new Problem(PROBLEMS.malformed);
  await decideConsent(asResident(c), textOf(form, 'tujuan'), given === 'ya');
  return c.redirect('/akun/data#persetujuan', 303);
}

async function sendJson(c: Web, { ctx, cases }: Place): Promise<Response> {
  const copy = await copyOf(ctx, cases, 'json');
  return c.body(`${JSON.stringify(copy, null, 2)}\n`, 200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Disposition': `attachment; filename="data-saya-${localDate(ctx.calendar, ctx.now)}.json"`,
  });
}

async function sendPdf(c: Web, { ctx, cases }: Place): Promise<Response> {
  const bytes = await drawCopy(await copyOf(ctx, cases, 'pdf'), ctx.calendar.offsetMinutes);
  return c.body(new Uint8Array(bytes), 200, {
    'Content-Type': 'application/pdf',
    'Content-Disposition': `attachment; filename="data-saya-${localDate(ctx.calendar, ctx.now)}.pdf"`,
  });
}
