// One service: what it is, what to bring for this person, how long it takes, and where; its standard and its procedure.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { type Calendar, formatDuration, localDate } from '#platform/calendar.ts';
import type { Ctx } from '#platform/context.ts';
import type { Env } from '#platform/modules.ts';
import { type Durations, durationsOf } from '#src/applications/durations/actions.ts';
import { getCatalogue, getOffered } from '#src/catalogue/actions.ts';
import type { Answers } from '#src/catalogue/condition.ts';
import { requiredDocuments, visibleFields } from '#src/catalogue/form.ts';
import type { Agency, Fee, Field, Requirement, Service, ServiceVersion } from '#src/catalogue/service.ts';
import { button, buttons, lead, notice, provenanceMark, section } from '#ui/components.ts';
import { errorSummary, form } from '#ui/fields.ts';
import { formatFee, formatNumber } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { checklist, facts } from '#ui/lists.ts';
import { checklistFields } from '../../draft/draft.ts';
import { question } from '../../draft/questions.ts';
import { readFields, type Typed } from '../../draft/reading.ts';
import { render, type Web } from '../../pages/site.ts';
import { CHANNEL, spanOf } from '../../text.ts';
import { keep } from './kept.ts';
import { getSop, getStandard } from './standard.ts';

export function serviceRoutes(app: Hono<Env>): void {
  app.get('/layanan/:id', getService);
  app.get('/layanan/:id/standar', getStandard);
  app.get('/layanan/:id/sop', getSop);
}

const ENOUGH = 20;

async function getService(c: Web): Promise<Response> {
  const ctx = c.get('ctx');
  const offered = await getOffered(ctx, c.req.param('id') ?? '');
  const { service, version } = offered;
  const agency = (await getCatalogue(ctx)).agencies.get(service.agency);
  const query = c.req.query();
  const typed: Typed = Object.fromEntries(
    Object.entries(query)
      .filter(([name]) => checklistFields(service).some(([id]) => name === id || name.startsWith(`${id}.`)))
      .map(([name, value]) => [name, value.slice(0, 60)]),
  );
  const today = localDate(ctx.calendar, ctx.now);
  const asked = 'periksa' in query;
  const key = `service ${service.id}@${version} ${today} ${asked ? JSON.stringify(Object.entries(typed).sort()) : ''}`;
  return keep(c, key, async () =>
    draw(ctx, offered, agency, { asked, typed, today, lived: await durationsOf(ctx, service.id) }),
  );
}

type Situation = { asked: boolean; typed: Typed; today: string; lived: Durations[] };

async function draw(
  ctx: Ctx,
  { service, version }: ServiceVersion,
  agency: Agency | undefined,
  now: Situation,
): Promise<string> {
  const path = `/layanan/${service.id}`;
  const shownFields = now.asked ? relevant(service, now) : checklistFields(service);
  const { answers, issues } = readFields(shownFields, now.typed);
  const open = shownFields.filter(([id]) => answers[id] === undefined);
  const fits = now.asked && open.length === 0;
  const online = service.channels.includes('online');
  const hidden = fits ? now.typed : {};
  const apply = online ? form({ action: `${path}/ajukan`, hidden, body: buttons(button('Ajukan sekarang')) }) : null;
  const errors = now.asked
    ? open.map(([id, field]) => ({
        path: id,
        message: issues.find((one) => one.path === id)?.message ?? `Jawab dulu: ${field.title}`,
      }))
    : [];
  return render(ctx, path, {
    title: service.name,
    back: { text: 'Semua layanan', href: '/layanan' },
    error: errors.length > 0,
    body: html`${errorSummary(errors)}<h1>${service.name}</h1>${lead(service.summary)}${facts([
      { label: 'Dijanjikan selesai', value: formatDuration(service.workflow.promise) },
      { label: 'Biaya', value: feeText(service.fees) },
    ])}${apply}${section('Siapa yang boleh mengajukan', html`<p>${service.audience}</p>`)}${bring(service, shownFields, answers, { ...now, fits, errors })}${section(
      'Berapa lama sebenarnya',
      howLong(ctx.calendar, service, now.lived),
    )}${fees(service.fees)}${section(
      'Di mana',
      html`<ul>${service.channels.map((channel) => html`<li>${CHANNEL[channel]}</li>`)}</ul><p>Dilayani oleh ${agency?.name ?? service.agency}${agency?.address && html`, ${agency.address}`}.</p>`,
    )}${section(
      'Yang Anda terima',
      html`<ul>${service.products.map((product) => html`<li>${product.name}</li>`)}</ul>`,
    )}${section(
      'Aturannya',
      html`<p><a href="${path}/standar">Standar pelayanan lengkap</a> · <a href="${path}/sop">Alur kerja petugas (SOP)</a></p>${provenanceMark(service.provenance === 'unverified')}<p class="small">Sesudah selesai, berkas Anda disimpan ${service.retention.files} bulan dan isiannya ${service.retention.answers} bulan, lalu dimusnahkan${service.retention.provenance === 'unverified' && ' (masa simpan perlu diverifikasi)'}. <a href="/privasi">Data pribadi Anda</a></p><p class="small">Versi ${version} dari keterangan layanan ini.${service.source && html` Sumber: ${service.source}.`}</p>`,
    )}${apply}`,
  });
}

/** Checklist questions as far as the answers so far make them matter. */
function relevant(service: Service, { typed, today }: Situation): [string, Field][] {
  const { answers } = readFields(checklistFields(service), typed);
  return service.form
    .filter((step) => !step.repeat)
    .flatMap((step) => visibleFields(step, answers, today).filter(([, field]) => field.checklist));
}

type Bring = Situation & { fits: boolean; errors: { path: string; message: string }[] };

function bring(service: Service, asked: [string, Field][], answers: Answers, now: Bring): Content {
  const ask =
    asked.length > 0 &&
    form({
      action: `/layanan/${service.id}#syarat`,
      method: 'get',
      hidden: { periksa: 'ya' },
      body: html`${asked.map(([name, field]) => question({ name, field, typed: now.typed, error: now.errors.find((one) => one.path === name)?.message }))}${buttons(button('Tunjukkan syarat saya', { kind: 'secondary' }))}`,
    });
  const items =
    now.fits || asked.length === 0
      ? requiredDocuments(service, answers, now.today).map(({ requirement, options }) => item(requirement, options))
      : service.requirements.map((requirement) =>
          item(requirement, requirement.options, requirement.when !== undefined),
        );
  const unverified = service.requirements.some((one) => one.provenance === 'unverified');
  const rows = checklist(items);
  const title = now.fits ? 'Yang perlu Anda siapkan' : 'Syaratnya';
  const intro =
    asked.length > 0 && !now.fits && html`<p>Jawab ${asked.length} pertanyaan, supaya daftarnya pas untuk Anda.</p>`;
  return html`<section id="syarat"><h2>${title}</h2>${now.fits ? html`${notice({ tone: 'success', body: html`<p>Cukup ini, sesuai jawaban Anda.</p>` })}${rows}` : html`${intro}${ask}${asked.length > 0 && html`<h3>Semua yang mungkin diminta</h3>`}${rows}`}${provenanceMark(unverified)}${now.fits && html`<details class="more"><summary>Ubah jawaban</summary><div>${ask}</div></details>`}</section>`;
}

function item(requirement: Requirement, options: Requirement['options'], depends = false) {
  const text = options.map(
    (one, i) =>
      html`${i > 0 && html`<div><i>atau</i></div>`}<div>${one.name}${one.form && ` (${one.form})`}</div>${one.detail && html`<div class="hint">${one.detail}</div>`}`,
  );
  const how = {
    upload: '',
    show: 'Aslinya ditunjukkan ke petugas.',
    none: 'Tidak perlu dibawa; kami yang menyiapkan.',
  }[requirement.evidence];
  const hint = [how, depends ? 'Diminta atau tidak, tergantung keadaan Anda.' : ''].filter(Boolean).join(' ');
  return { text, ...(hint && { hint }), ...(requirement.optional && { optional: true }) };
}

function howLong(calendar: Calendar, service: Service, rows: Durations[]): Content {
  const open = Object.values(calendar.hours).map(([from, to]) => to - from);
  const day = open.reduce((sum, minutes) => sum + minutes, 0) / open.length;
  const enough = rows.filter((row) => row.finished >= ENOUGH && row.medianMinutes !== null);
  const promise = html`<p>Kami menjanjikan <b>${formatDuration(service.workflow.promise)}</b> sejak berkas diterima. Waktu Anda melengkapi berkas tidak dihitung.</p>`;
  if (enough.length === 0)
    return html`${promise}<p class="hint">Lama yang sebenarnya belum bisa kami tunjukkan. Angkanya muncul setelah ${ENOUGH} permohonan selesai.</p>`;
  return html`${promise}<ul>${enough.map((row) => html`<li>${doorName(row.channel)}: separuh selesai dalam <b>${spanOf(row.medianMinutes ?? 0, day)}</b>, hampir semua (9 dari 10) dalam ${spanOf(row.p90Minutes ?? 0, day)}; ${formatNumber((row.onTime / row.finished) * 100, 0)}% tepat waktu dari ${formatNumber(row.finished, 0)} permohonan${row.simulated && html` <b>(data simulasi)</b>`}.</li>`)}</ul>`;
}

const doorName = (channel: string): string =>
  Object.hasOwn(CHANNEL, channel) ? CHANNEL[channel as keyof typeof CHANNEL] : channel;

function feeText(list: Fee[]): string {
  if (list.length === 0) return 'Gratis';
  const amounts = list.map((fee) => fee.amount);
  return list.length === 1
    ? formatFee(amounts[0] ?? 0)
    : `${formatFee(Math.min(...amounts))} – ${formatFee(Math.max(...amounts))}`;
}

function fees(list: Fee[]): Content {
  if (list.length === 0) return null;
  return section(
    'Biaya',
    html`<ul>${list.map((fee) => html`<li>${fee.name}: ${formatFee(fee.amount)}</li>`)}</ul>${provenanceMark(list.some((fee) => fee.provenance === 'unverified'))}`,
  );
}
