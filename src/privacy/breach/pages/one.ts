// One breach: what is known, whose data it was, who was told when, everything ever written; and the letter to the authority.
import { html } from 'hono/html';
import { localDate } from '#platform/calendar.ts';
import { textOf } from '#platform/http.ts';
import { isId, newId } from '#platform/ids.ts';
import type { FieldError } from '#platform/problem.ts';
import { ownVillages } from '#src/areas/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { officerNames } from '#src/identity/actions.ts';
import { may } from '#src/rights.ts';
import { button, buttons, confirmDialog, details, linkButton, notice, printHint, section } from '#ui/components.ts';
import { dateField, form, selectField, textField } from '#ui/fields.ts';
import { formatDate, formatDateTime, formatNumber } from '#ui/format.ts';
import type { Content, Html } from '#ui/html.ts';
import { facts, summaryList, timeline } from '#ui/lists.ts';
import { coordinatorOf } from '../../asked/coordinator/actions.ts';
import { hoursLeft } from '../../asked/request.ts';
import { desk, type Web } from '../../pages/frame.ts';
import { type Breach, type DatedEntry, FIELD_NAMES, FIELDS, noticeState } from '../breach.ts';
import type { SubjectCounts } from '../store.ts';
import { accountFields, PATH, stateTag } from './parts.ts';

type Given = Record<string, unknown>;
/** A form that came back: which one, what was typed, what is wrong. */
type Shown = { deed?: string; given?: Given; errors?: FieldError[] };

export async function showBreach(
  c: Web,
  { breach, counts }: { breach: Breach; counts: SubjectCounts },
  shown: Shown,
): Promise<Response> {
  const ctx = c.get('ctx');
  const zone = ctx.calendar.offsetMinutes;
  const left = hoursLeft(breach.due, ctx.now);
  const coordinator = await coordinatorOf(ctx);
  const writes =
    may(ctx.actor, 'privacy.breach', { register: { agency: breach.agency, coordinator } }).allowed && !breach.closedAt;
  const [{ services, agencies }, villages, names] = await Promise.all([
    getCatalogue(ctx),
    ownVillages(ctx),
    officerNames(ctx, [...new Set(breach.entries.map((one) => one.by))]),
  ]);
  const errors = shown.errors ?? [];
  const path = `${PATH}/${breach.id}`;
  const back = (deed: string, name: string): string => (shown.deed === deed ? textOf(shown.given ?? {}, name) : '');
  const faults = (deed: string) => (shown.deed === deed ? errors : []);
  const post = (deed: string, body: Content): Html =>
    form({
      action: `${path}/${deed}`,
      hidden: { perintah: isId(back(deed, 'perintah')) ? back(deed, 'perintah') : newId(ctx.now) },
      body,
    });
  const running = noticeState(breach, ctx.now);
  const day = (deed: string, name: string) => ({
    d: back(deed, `${name}.d`),
    m: back(deed, `${name}.m`),
    y: back(deed, `${name}.y`),
  });
  const choose = (map: Iterable<[string, string]>) => [...map].map(([value, text]) => ({ value, text }));
  const coordinates = ctx.actor.kind === 'officer' && ctx.actor.agency === coordinator;

  const selection = html`${details(
    breach.within ? 'Tambah orang yang terkena' : 'Tentukan siapa yang terkena',
    post(
      'terkena',
      html`<p>Semua permohonan yang masuk pada rentang ini. Daftarnya disusun di latar dan disimpan tersandi.</p>${dateField({ name: 'dari', label: 'Masuk sejak', value: day('terkena', 'dari') })}${dateField({ name: 'sampai', label: 'sampai dengan', value: day('terkena', 'sampai'), error: faults('terkena')[0]?.message })}${coordinates && selectField({ name: 'instansi', label: 'Instansi', optional: true, empty: 'Semua instansi', options: choose([...agencies.values()].map((one): [string, string] => [one.id, one.name])), value: back('terkena', 'instansi') })}${selectField({ name: 'layanan', label: 'Layanan', optional: true, empty: 'Semua layanan', options: choose(services.map(({ service }): [string, string] => [service.id, service.name])), value: back('terkena', 'layanan') })}${selectField({ name: 'desa', label: 'Desa atau kelurahan pemohon', optional: true, empty: 'Semua desa', options: choose([...villages].map(([code, place]): [string, string] => [code, `${place.name}, ${place.district}`])), value: back('terkena', 'desa') })}${buttons(button('Susun daftarnya', { kind: 'secondary' }))}`,
    ),
    { open: shown.deed === 'terkena' },
  )}`;

  const telling = html`${
    breach.within && !breach.subjectsAt
      ? confirmDialog({
          id: 'beritahu',
          trigger: 'Beri tahu pemilik data',
          kind: 'primary',
          title: `Kirim pemberitahuan kepada ${formatNumber(counts.total, 0)} pemohon?`,
          body: html`<p>Setiap pemohon menerima satu pesan dengan tautan ke keterangan di atas. Pesan tidak bisa ditarik.</p>${post('beritahu', buttons(button('Ya, kirim')))}`,
        })
      : null
  }${linkButton('Surat kepada lembaga', `${path}/surat`, 'secondary')}${details(
    'Catat bahwa lembaga sudah diberi tahu',
    post(
      'lembaga',
      html`${textField({ name: 'cara', label: 'Kepada siapa dan bagaimana', hint: 'Misalnya: surat tercatat nomor 045/12, diterima 24 November.', maxlength: 500, value: back('lembaga', 'cara'), error: faults('lembaga')[0]?.message })}${buttons(button('Catat', { kind: 'secondary' }))}`,
    ),
    { open: shown.deed === 'lembaga' },
  )}`;

  return desk(c, {
    title: `Kejadian ${formatDateTime(breach.foundAt, zone)}`,
    open: PATH,
    errors,
    body: html`<h1>Kejadian ${formatDateTime(breach.foundAt, zone)}</h1><p>${stateTag(breach, ctx.now)} Batas pemberitahuan <b>${formatDateTime(breach.due, zone)}</b>${
      (running === 'running' || running === 'late') &&
      html` <span class="time ${left.late ? 'late' : left.soon ? 'soon' : 'ok'}">${left.text}</span>`
    }</p>${breach.account && summaryList(FIELD_NAMES.map((name) => ({ key: FIELDS[name].title, value: breach.account?.[name] })))}${section(
      'Pemilik data',
      html`${facts([
        { label: 'Terkena', value: formatNumber(counts.total, 0), note: 'permohonan' },
        { label: 'Dikirimi pesan', value: formatNumber(counts.queued, 0) },
        {
          label: 'Tanpa nomor HP',
          value: formatNumber(counts.noAddress, 0),
          note: 'beri tahu lewat surat atau pengumuman',
        },
        { label: 'Isinya sudah dimusnahkan', value: formatNumber(counts.erased, 0) },
      ])}${writes && selection}`,
    )}${section(
      'Pemberitahuan',
      html`${summaryList([
        { key: 'Pemilik data', value: breach.subjectsAt ? formatDateTime(breach.subjectsAt, zone) : 'Belum' },
        { key: 'Lembaga', value: breach.authorityAt ? formatDateTime(breach.authorityAt, zone) : 'Belum' },
      ])}${writes ? telling : linkButton('Surat kepada lembaga', `${path}/surat`, 'secondary')}`,
    )}${
      writes &&
      section(
        'Tambahan',
        html`${details('Betulkan atau lengkapi keterangannya', post('tambah', html`<p>Yang tertulis sebelumnya tetap ada di riwayat.</p>${accountFields((name) => back('tambah', name) || (breach.account?.[name as 'exposed'] ?? ''), faults('tambah'))}${buttons(button('Tambahkan'))}`), { open: shown.deed === 'tambah' })}${confirmDialog(
          {
            id: 'tutup',
            trigger: 'Tutup catatan ini',
            kind: 'secondary',
            title: 'Tutup catatan kejadian ini?',
            body: html`<p>Sesudah ditutup tidak ada yang bisa ditambahkan.</p>${post('tutup', buttons(button('Ya, tutup')))}`,
          },
        )}`,
      )
    }${section('Riwayat catatan', timeline(breach.entries.map((entry) => ({ title: titleOf(entry), state: 'done', time: `${formatDateTime(entry.at, zone)}, ${names.get(entry.by) ?? 'petugas'}`, body: bodyOf(entry, zone) }))))}`,
  });
}

const TITLES: Record<DatedEntry['kind'], string> = {
  report: 'Kejadian dicatat',
  amendment: 'Keterangan dibetulkan',
  selection: 'Pemilik data ditentukan',
  authority: 'Lembaga diberi tahu',
  subjects: 'Pemberitahuan kepada pemilik data dikirim',
  closed: 'Catatan ditutup',
};
const titleOf = (entry: DatedEntry): string => TITLES[entry.kind];

function bodyOf(entry: DatedEntry, zone: number): Content {
  switch (entry.kind) {
    case 'report':
    case 'amendment':
      return details(
        'Isinya',
        summaryList(FIELD_NAMES.map((name) => ({ key: FIELDS[name].title, value: entry.account[name] }))),
      );
    case 'selection': {
      const { agency, service, village, from, to } = entry.within;
      const last = new Date(Date.parse(to) - 1);
      return html`<p>Masuk ${formatDate(new Date(from), zone)} sampai ${formatDate(last, zone)}${agency && `, instansi ${agency}`}${service && `, layanan ${service}`}${village && `, desa ${village}`}</p>`;
    }
    case 'authority':
      return html`<p>${entry.how}</p>`;
    case 'subjects':
    case 'closed':
      return null;
  }
}

/** A page to print and sign by hand. To whom it goes is written by the office: which authority it is, is not verified. */
export async function showLetter(c: Web, breach: Breach): Promise<Response> {
  const ctx = c.get('ctx');
  const zone = ctx.calendar.offsetMinutes;
  const agency = (await getCatalogue(ctx)).agencies.get(breach.agency);
  return desk(c, {
    title: 'Surat pemberitahuan kegagalan pelindungan data',
    bare: true,
    body: html`<p class="noprint"><a href="${PATH}/${breach.id}">Kembali ke catatan</a></p><p>${agency?.name ?? 'Pemerintah Kabupaten Blora'}${agency?.address && html`<br>${agency.address}`}</p><p>Blora, ${formatDate(localDate(ctx.calendar, ctx.now))}</p><p>Kepada<br>Lembaga pelindungan data pribadi<br><span class="hint">(nama dan alamat lembaga perlu diverifikasi)</span></p><h1>Pemberitahuan kegagalan pelindungan data pribadi</h1><p>Berdasarkan UU 27/2022 tentang Pelindungan Data Pribadi Pasal 46, kami memberitahukan kegagalan pelindungan data pribadi yang kami ketahui pada ${formatDateTime(breach.foundAt, zone)}.</p>${breach.account ? html`<ol>${FIELD_NAMES.map((name) => html`<li><p><b>${FIELDS[name].title}</b></p><p>${breach.account?.[name]}</p></li>`)}</ol>` : notice({ tone: 'warning', body: html`<p>Keterangannya belum lengkap.</p>` })}<p>${breach.subjectsAt ? `Pemilik data kami beri tahu pada ${formatDateTime(breach.subjectsAt, zone)}.` : 'Pemilik data sedang kami beri tahu.'}</p><p>Petugas Pelindungan Data Pribadi</p><p><br><br>(nama, NIP, tanda tangan)</p>${printHint('surat ini')}`,
  });
}
