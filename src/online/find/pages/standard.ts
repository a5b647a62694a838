// The standard of service in its 14 components (PermenPANRB 15/2014) and the procedure as a table: to read and to print.
import { html } from 'hono/html';
import { formatDuration } from '#platform/calendar.ts';
import { getCatalogue, getOffered } from '#src/catalogue/actions.ts';
import { diagramOf } from '#src/catalogue/diagram.ts';
import { GROUP_LABELS, type StandardRow, sopOf, standardOf } from '#src/catalogue/render.ts';
import { drawing, notice, printHint, tag } from '#ui/components.ts';
import type { Content } from '#ui/html.ts';
import { type Column, table } from '#ui/lists.ts';
import { render, type Web } from '../../pages/site.ts';
import { UNVERIFIED } from '../../text.ts';
import { keep } from './kept.ts';

const MARK = 'perlu diverifikasi';
// The canonical sentence of a service charter (UU 25/2009 Pasal 22; domain: maklumat pelayanan).
const CHARTER =
  'Dengan ini kami menyatakan sanggup menyelenggarakan pelayanan sesuai standar pelayanan yang telah ditetapkan, dan apabila tidak menepati janji ini, kami siap menerima sanksi sesuai peraturan perundang-undangan.';

async function load(c: Web) {
  const ctx = c.get('ctx');
  const { service, version } = await getOffered(ctx, c.req.param('id') ?? '');
  const { agencies } = await getCatalogue(ctx);
  return {
    ctx,
    service,
    version,
    agencies,
    agency: agencies.get(service.agency),
    back: { text: service.name, href: `/layanan/${service.id}` },
  };
}

export async function getStandard(c: Web): Promise<Response> {
  const { ctx, service, version, agency, back } = await load(c);
  return keep(c, `standard ${service.id}@${version}`, () => {
    const rows = standardOf(service, agency);
    const part = (group: StandardRow['group']) =>
      html`<h2>${GROUP_LABELS[group]}</h2>${rows.filter((row) => row.group === group).map(component)}`;
    return render(ctx, `/layanan/${service.id}/standar`, {
      title: `Standar pelayanan ${service.name}`,
      back,
      body: html`<h1>Standar pelayanan: ${service.name}</h1><p>${agency?.name ?? service.agency}. ${service.summary}</p>${printHint()}${rows.some((row) => row.provenance === 'unverified') && html`<p class="small">${tag(MARK)} ${UNVERIFIED}</p>`}${part('delivery')}${part('making')}${notice({ title: 'Maklumat pelayanan', body: html`<p>“${CHARTER}”</p><p class="small">${agency?.name ?? service.agency}</p>` })}<p class="small">Versi ${version}. Susunan menurut PermenPANRB 15/2014: komponen 1–6 penyampaian, 7–14 pengelolaan.</p>`,
    });
  });
}

function component({ no, label, text, provenance, source }: StandardRow): Content {
  const body =
    text.length === 0
      ? html`<p class="hint">Belum ditulis.</p>`
      : text.length === 1
        ? html`<p>${text[0]}</p>`
        : html`<ul>${text.map((line) => html`<li>${line}</li>`)}</ul>`;
  return html`<h3>${no}. ${label} ${provenance === 'unverified' && tag(MARK)}</h3>${body}${provenance === 'sourced' && source && html`<p class="small">Sumber: ${source}</p>`}`;
}

export async function getSop(c: Web): Promise<Response> {
  const { ctx, service, version, agencies, back } = await load(c);
  return keep(c, `sop ${service.id}@${version}`, () => {
    const sop = sopOf(service, Object.fromEntries(agencies));
    const columns: Column[] = [
      { text: 'Kegiatan' },
      ...sop.actors.map((text) => ({ text, numeric: true })),
      { text: 'Waktu' },
      { text: 'Hasil' },
      { text: 'Keterangan' },
    ];
    const rows = sop.rows.map((row) => [
      `${row.no}. ${row.activity}`,
      ...row.marks.map((mark) => mark && html`<span role="img" aria-label="ya">●</span>`),
      row.time,
      row.output,
      row.note,
    ]);
    return render(ctx, `/layanan/${service.id}/sop`, {
      title: sop.title,
      back,
      wide: true,
      body: html`<h1>${sop.title}</h1><p>Dijanjikan selesai dalam <b>${formatDuration(service.workflow.promise)}</b>, di luar waktu pemohon melengkapi berkas.</p>${printHint('SOP ini')}${table({ caption: 'Langkah demi langkah', columns, rows })}<h2>Gambar alurnya</h2>${drawing(diagramOf(service.workflow, `Alur ${service.name}`), 'Gambar alur')}<p class="small">Versi ${version}.</p>`,
    });
  });
}
