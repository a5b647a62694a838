// Lists of cases as an officer scans them: one line a case, the most urgent mark at its edge. Pure.

import { html } from 'hono/html';
import type { Calendar } from '#platform/calendar.ts';
import { STATUSES, type Status } from '#src/applications/application.ts';
import type { ArchiveItem, InboxItem } from '#src/applications/inbox/actions.ts';
import { STATUS_TONES, STATUS_WORDS } from '#src/applications/text.ts';
import type { Catalogue } from '#src/catalogue/actions.ts';
import type { Service } from '#src/catalogue/service.ts';
import { shortName } from '#src/office.ts';
import { tag } from '#ui/components.ts';
import { formatDateTime, formatNumber, formatShortDate } from '#ui/format.ts';
import { attributes, type Content, type Html } from '#ui/html.ts';
import { type Deadline, deadlineOf } from './deadline.ts';
import { doorName } from './text.ts';

export type Around = {
  now: Date;
  calendar: Calendar;
  catalogue: Catalogue;
  villageName: (code: string) => string;
  /** The officer who reads. */
  me: string;
  officerNames: Map<string, string>;
};

const COLUMNS = {
  n: 'Nomor',
  p: 'Pemohon',
  s: 'Layanan',
  v: 'Desa',
  d: 'Pintu',
  g: 'Tahap',
  l: 'Batas meja',
  b: 'Diambil',
};

/** Work on my desk, the first to fall due on top. */
export function inboxTable(
  items: readonly InboxItem[],
  around: Around,
  options: { pick?: boolean; caption?: string } = {},
): Html {
  const { now, calendar, catalogue } = around;
  const rows = items.map((item) => {
    // an escalation falls due the moment it is made: what counts then is the promise
    const escalated = item.kind === 'escalation';
    const due = deadlineOf(calendar, now, escalated ? item.dueAt : item.taskDue);
    const promised = `Janji kepada pemohon: ${formatDateTime(item.dueAt, calendar.offsetMinutes)}`;
    const broken =
      now > item.dueAt && !escalated ? html` <span class="time late" title="${promised}">janji lewat</span>` : null;
    return html`<tr${attributes({ class: escalated || due.tone === 'late' ? 'late' : due.tone === 'soon' ? 'soon' : undefined })}>${options.pick && pick(item)}${first(
      item,
    )}<td class="p">${named(item.name)}${marks(item)}</td><td class="s" title="${serviceName(catalogue, item.service)}">${serviceName(catalogue, item.service)}</td><td class="v">${around.villageName(item.village)}</td><td class="d">${doorName(item.channel)}</td><td class="g" title="${stage(catalogue, item)}">${stage(catalogue, item)}</td><td class="l" title="${promised}">${escalated && 'janji: '}${deadline(due)}${broken}</td><td class="b">${taker(item.takenBy, around)}</td></tr>`;
  });
  return listOf(
    options.caption ?? 'Berkas di meja Anda, yang paling mendesak di atas',
    options.pick ? { x: PICK, ...COLUMNS } : COLUMNS,
    rows,
  );
}

/** Cases of the agency, newest first. */
export function archiveTable(items: readonly ArchiveItem[], around: Around, caption: string): Html {
  const { now, calendar, catalogue } = around;
  const rows = items.map((item) => {
    const status = STATUSES.find((one) => one === item.status);
    const due =
      status === 'in-progress' || status === 'waiting-opinion' ? deadlineOf(calendar, now, item.dueAt) : undefined;
    return html`<tr${attributes({ class: due?.tone === 'late' ? 'late' : undefined })}>${first(item)}<td class="p">${
      item.name ? named(item.name) : html`<span class="hint">milik instansi lain</span>`
    }${item.simulated && simulated}</td><td class="s" title="${serviceName(catalogue, item.service)}">${serviceName(catalogue, item.service)}</td><td class="v">${around.villageName(item.village)}</td><td class="d">${doorName(
      item.channel,
    )}</td><td class="g">${status && statusTag(status)}</td><td class="l"><span class="no">${formatShortDate(item.submittedAt, calendar.offsetMinutes)}</span></td><td class="b">${
      due
        ? deadline(due)
        : item.endedAt
          ? `berakhir ${formatShortDate(item.endedAt, calendar.offsetMinutes)}`
          : html`<span class="time still">waktu berhenti</span>`
    }</td></tr>`;
  });
  return listOf(caption, { ...COLUMNS, g: 'Keadaan', l: 'Diajukan', b: 'Janji' }, rows);
}

const PICK = html`<span class="vh">Pilih</span>`;
/** A tick for doing something to many; only work can be done so, an opinion is given case by case. */
const pick = (item: InboxItem): Html =>
  html`<td class="x">${item.kind === 'work' && html`<label><input type="checkbox" name="pilih" value="${item.id}" form="borongan"><span class="vh">Pilih ${item.number}</span></label>`}</td>`;

function listOf(caption: string, columns: Record<string, Content>, rows: Content): Html {
  return html`<table class="cases"><caption class="vh">${caption}</caption><thead><tr>${Object.entries(columns).map(([key, text]) => html`<th scope="col" class="${key}">${text}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}

const first = (item: { number: string }): Html =>
  html`<th scope="row" class="n"><a href="/kerja/${item.number}">${item.number}</a></th>`;
const simulated = html` <span class="tag quiet">data simulasi</span>`;
// a long name is cut, never the marks behind it
const named = (name: string): Html => html`<span class="nm" title="${name}">${name}</span>`;

export const statusTag = (status: Status): Html => tag(STATUS_WORDS[status], STATUS_TONES[status]);
export const deadline = (due: Deadline): Html => html`<span class="time ${due.tone}">${due.text}</span>`;

function marks(item: InboxItem): Content {
  return [
    item.kind === 'escalation' && html` ${tag('Eskalasi', 'stopped')}`,
    item.kind === 'opinion' && html` ${tag('Minta pendapat', 'yours')}`,
    item.double && html` ${tag('Mungkin ganda', 'stopped')}`,
    item.simulated && simulated,
  ];
}

function stage(catalogue: Catalogue, item: InboxItem): string {
  return catalogue.byId.get(item.service)?.service.workflow.states[item.state]?.name ?? item.state;
}

function taker(officer: string | null, around: Around): Content {
  if (!officer) return null;
  return officer === around.me ? html`<b>Anda</b>` : shortName(around.officerNames.get(officer) ?? 'petugas lain');
}

const serviceName = (catalogue: Catalogue, id: string): string => catalogue.byId.get(id)?.service.name ?? id;

/** Services of which cases can lie on a desk of this agency. */
export function servicesOf(
  agency: string,
  services: readonly { service: Service }[],
): { value: string; text: string }[] {
  return services
    .filter(
      ({ service }) =>
        service.agency === agency ||
        Object.values(service.workflow.states).some(
          ({ desk, opinions }) => desk?.agency === agency || opinions?.ask.some((ask) => ask.agency === agency),
        ),
    )
    .map(({ service }) => ({ value: service.id, text: service.name }));
}

/** Views of one list with their counts. */
export function views(items: readonly { text: string; href: string; count?: string; current: boolean }[]): Html {
  return html`<nav class="tabs" aria-label="Tampilan"><ul>${items.map(
    (item) =>
      html`<li><a${attributes({ href: item.href, 'aria-current': item.current ? 'page' : undefined })}>${item.text}${
        item.count !== undefined && html` <b>${item.count}</b>`
      }</a></li>`,
  )}</ul></nav>`;
}

/** Counts stop at `most`, and then say so. */
export const countWords = (count: number, most = 1000): string =>
  count >= most ? `${formatNumber(most, 0)}+` : formatNumber(count, 0);

export type Filter = {
  name: string;
  label: string;
  all: string;
  options: readonly { value: string; text: string }[];
  value: string | undefined;
};

/** Choices that narrow a list, in one form; `keep` are the other filters in force. */
export function filterBy(
  action: string,
  filters: readonly Filter[],
  keep: Record<string, string | undefined> = {},
): Html {
  const kept = Object.entries(keep).filter(([name, value]) => value && !filters.some((filter) => filter.name === name));
  const choices = filters.map(
    (filter) =>
      html`<label for="saring-${filter.name}">${filter.label}</label><select id="saring-${filter.name}" name="${filter.name}"><option value="">${filter.all}</option>${filter.options.map(
        (option) =>
          html`<option${attributes({ value: option.value, selected: option.value === filter.value })}>${option.text}</option>`,
      )}</select>`,
  );
  return html`<form class="filter" action="${action}" method="get">${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}${choices}<button class="btn alt" type="submit">Saring</button></form>`;
}

/** POST, so that a NIK never stands in an address or a log. */
export const searchForm = (typed = ''): Html =>
  html`<form class="find" action="/kerja/cari" method="post" role="search"><label class="vh" for="cari">Nomor permohonan, nama, atau NIK</label><input${attributes({ type: 'search', id: 'cari', name: 'cari', value: typed || undefined, placeholder: 'Nomor, nama, atau NIK', autocomplete: 'off', spellcheck: 'false', maxlength: 60 })}><button class="btn alt" type="submit">Cari</button></form>`;

/** The next page of a search; POST too, since what was typed is somebody's name. */
export const searchMore = (typed: string, before: string): Html =>
  html`<nav class="pager" aria-label="Halaman hasil"><form action="/kerja/cari" method="post">${[
    ['cari', typed],
    ['sebelum', before],
  ].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<button class="btn alt" type="submit">Lebih lama</button></form></nav>`;

/** The address of a list with these filters; empty ones are left out. */
export function address(path: string, filters: Record<string, string | undefined>): string {
  const query = new URLSearchParams(
    Object.entries(filters).filter((entry): entry is [string, string] => Boolean(entry[1])),
  ).toString();
  return query ? `${path}?${query}` : path;
}
