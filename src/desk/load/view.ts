// The supervisor's view: what lies on the agency's desks, how old and how late, and how the weeks went. Pure.

import { html } from 'hono/html';
import type { Load, LoadRow, WeekRow } from '#src/applications/load/actions.ts';
import { roleName } from '#src/catalogue/roles.ts';
import { shortName } from '#src/office.ts';
import { emptyState, linkButton, printHint } from '#ui/components.ts';
import { formatNumber, formatShortDate } from '#ui/format.ts';
import type { Content, Html } from '#ui/html.ts';
import { facts, table } from '#ui/lists.ts';
import { address } from '../lists.ts';

export type LoadSetting = {
  load: Load;
  agency: string;
  serviceName: (id: string) => string;
  placeName: (area: string) => string;
};

const LIST = '/kerja/beban/daftar';
const number = (count: number): string => formatNumber(count, 0);

export function loadView({ load, agency, serviceName, placeName }: LoadSetting): Html {
  const { all } = load;
  const desk = (row: LoadRow) => ({ peran: row.role ?? '', wilayah: row.area ?? '' });
  const head = html`<div class="top"><h1>Beban kerja ${agency}</h1><p class="noprint"><a href="/kerja/beban.csv">Unduh CSV</a> · <a href="/kerja/pengganti">Pengganti</a> · <a href="/kerja/pengelola/kalimat">Kalimat</a> · <a href="/kerja/pengelola/kalender">Kalender</a> · <a href="/kerja/pengelola/kop">Kop surat</a> · <a href="/kerja/pengelola/penolakan">Hak yang ditolak</a></p></div>`;
  if (!all || all.open === 0)
    return html`${head}${emptyState({ title: 'Tidak ada berkas di meja instansi ini.', action: linkButton('Ke kotak masuk', '/kerja', 'secondary') })}${weeksTable(load.weeks)}`;
  return html`${head}${facts([
    { label: 'Di meja', value: link(all.open, {}) },
    { label: 'Batas hari ini', value: link(all.today, { lihat: 'hari-ini' }) },
    { label: 'Terlambat', value: link(all.late, { lihat: 'terlambat' }) },
    { label: 'Eskalasi', value: link(all.escalated, { lihat: 'eskalasi' }) },
    { label: 'Umur tengah di meja', value: ageWords(all.age) },
    { label: 'Tertua', value: ageWords(all.oldest) },
  ])}${figures('Menurut meja', load.desks, (row) => `${roleName(row.role ?? '')}${row.area ? `, ${placeName(row.area)}` : ''}`, desk)}${figures(
    'Menurut petugas',
    load.officers,
    (row) => (row.officer ? shortName((row as Load['officers'][number]).name || 'petugas lain') : 'Belum diambil'),
    (row) => (row.officer ? { petugas: row.officer } : { petugas: 'belum' }),
  )}${figures(
    'Menurut layanan',
    load.services,
    (row) => serviceName(row.service ?? ''),
    (row) => ({ layanan: row.service ?? '' }),
  )}${weeksTable(load.weeks)}${printHint('beban kerja ini')}`;
}

function figures(
  title: string,
  rows: readonly LoadRow[],
  nameOf: (row: LoadRow) => string,
  filter: (row: LoadRow) => Record<string, string>,
): Html {
  return html`<section><h2>${title}</h2>${table({
    caption: title,
    captionHidden: true,
    columns: [
      { text: title.replace('Menurut ', '').replace(/^./, (letter) => letter.toUpperCase()) },
      ...HEADINGS.map((text) => ({ text, numeric: true })),
    ],
    rows: rows.map((row) => ({
      cells: [
        nameOf(row),
        link(row.open, filter(row)),
        link(row.today, { ...filter(row), lihat: 'hari-ini' }),
        link(row.late, { ...filter(row), lihat: 'terlambat' }),
        link(row.escalated, { ...filter(row), lihat: 'eskalasi' }),
        ageWords(row.age),
        ageWords(row.oldest),
      ],
      ...(row.late > 0 && { tone: 'late' as const }),
    })),
  })}</section>`;
}

const HEADINGS = ['Di meja', 'Batas hari ini', 'Terlambat', 'Eskalasi', 'Umur tengah', 'Tertua'];

/** A figure leads to its cases; nothing leads nowhere. */
const link = (count: number, filter: Record<string, string>): Content =>
  count === 0 ? '0' : html`<a href="${address(LIST, filter)}">${number(count)}</a>`;

/** How long something has lain, by the clock. */
export function ageWords(hours: number): string {
  if (hours < 1) return 'kurang dari 1 jam';
  return hours < 48 ? `${number(Math.floor(hours))} jam` : `${number(Math.floor(hours / 24))} hari`;
}

function weeksTable(weeks: readonly WeekRow[]): Html {
  const most = Math.max(1, ...weeks.flatMap((week) => [week.submitted, week.finished]));
  return html`<section><h2>Minggu-minggu terakhir</h2>${
    weeks.length === 0
      ? html`<p>Belum ada yang tercatat. Angka ini dihitung dari catatan peristiwa setiap beberapa menit.</p>`
      : table({
          caption: 'Masuk dan selesai tiap minggu, yang terbaru di atas',
          captionHidden: true,
          columns: [
            { text: 'Minggu mulai' },
            { text: 'Masuk', numeric: true },
            { text: 'Diputus', numeric: true },
            { text: 'Diputus lewat janji', numeric: true },
            { text: '' },
          ],
          rows: weeks.map((week) => [
            formatShortDate(`${week.week}T00:00:00Z`, 0),
            number(week.submitted),
            number(week.finished),
            number(week.late),
            html`<svg class="trend" viewBox="0 0 100 10" width="100" height="10" aria-hidden="true"><rect width="${Math.round((week.submitted / most) * 100)}" height="4"/><rect y="5" width="${Math.round((week.finished / most) * 100)}" height="4" class="done"/></svg>`,
          ]),
        })
  }</section>`;
}

/** The same figures as a file: codes and counts, names of officers by id only. */
export function loadCsv(load: Load): string {
  const lines = [...(load.all ? [load.all] : []), ...load.desks, ...load.officers, ...load.services].map((row) =>
    [
      row.by,
      row.role ?? '',
      row.area ?? '',
      row.officer ?? '',
      row.service ?? '',
      row.open,
      row.today,
      row.late,
      row.escalated,
      row.age.toFixed(1),
      row.oldest.toFixed(1),
    ].join(','),
  );
  const weeks = load.weeks.map((week) => [week.week, week.submitted, week.finished, week.late].join(','));
  return `menurut,peran,wilayah,petugas,layanan,di_meja,batas_hari_ini,terlambat,eskalasi,umur_tengah_jam,tertua_jam\r\n${lines.join('\r\n')}\r\n\r\nminggu,masuk,diputus,lewat_janji\r\n${weeks.join('\r\n')}\r\n`;
}
