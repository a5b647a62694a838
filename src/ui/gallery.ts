// Every component in every state on one page: for eyes, for screenshots and for the tests. Knows no domain.
import { html } from 'hono/html';
import * as c from './components.ts';
import * as f from './fields.ts';
import type { Content, Html } from './html.ts';
import { type Area, page } from './layout.ts';
import * as l from './lists.ts';

const OPTIONS: f.Option[] = [
  { value: 'satu', text: 'Pilihan pertama' },
  { value: 'dua', text: 'Pilihan kedua', hint: 'Dengan penjelasan satu kalimat.' },
  { value: 'tiga', text: 'Pilihan yang sedang tutup', disabled: true },
];
const TONES: [string, c.Tone][] = [
  ['Selesai', 'done'],
  ['Diproses', 'running'],
  ['Menunggu Anda', 'yours'],
  ['Ditolak', 'stopped'],
  ['Draf', 'quiet'],
];

/** Each entry is a component in all its states, by name: the tests put each in a page of its own. */
export const samples: Record<string, () => Content> = {
  buttons: () =>
    c.buttons(
      c.button('Lanjutkan'),
      c.linkButton('Simpan dulu', '#buttons', 'secondary'),
      c.button('Hapus', { kind: 'danger', name: 'tindakan', value: 'hapus' }),
      c.confirmDialog({
        id: 'yakin',
        trigger: 'Batalkan pengajuan',
        title: 'Batalkan pengajuan ini?',
        body: f.form({
          action: '#',
          hidden: { versi: '3' },
          body: html`<p>Yang sudah diisi akan dihapus.</p>${c.button('Ya, batalkan', { kind: 'danger' })}`,
        }),
      }),
    ),
  textFields: () => [
    f.textField({
      name: 'nama',
      label: 'Nama lengkap',
      hint: 'Seperti di KTP.',
      autocomplete: 'name',
      spellcheck: false,
    }),
    f.textField({
      name: 'nik',
      label: 'NIK',
      length: 16,
      maxlength: 16,
      inputmode: 'numeric',
      value: '3316',
      error: 'NIK terdiri dari 16 angka. Anda menulis 4.',
    }),
    f.textField({
      name: 'biaya',
      label: 'Penghasilan sebulan',
      prefix: 'Rp',
      length: 12,
      inputmode: 'numeric',
      optional: true,
    }),
    f.textField({ name: 'luas', label: 'Luas tanah', suffix: 'm²', length: 6, inputmode: 'decimal' }),
    f.textArea({
      name: 'alasan',
      label: 'Ceritakan dengan kata sendiri',
      limit: 500,
      rows: 4,
      value: 'Baris pertama\nBaris kedua',
    }),
    f.selectField({ name: 'desa', label: 'Desa', options: OPTIONS, value: 'dua' }),
    f.selectField({ name: 'desa2', label: 'Desa', options: OPTIONS, error: 'Pilih desa Anda' }),
  ],
  dates: () => [
    f.dateField({ name: 'lahir', label: 'Tanggal lahir', birthday: true, value: { d: '7', m: '03', y: '1990' } }),
    f.dateField({
      name: 'mulai',
      label: 'Mulai kapan?',
      hint: 'Tidak boleh sebelum hari ini.',
      error: 'Tahun harus empat angka',
      wrong: ['y'],
      value: { d: '7', m: '3', y: '26' },
    }),
  ],
  choices: () => [
    f.radios({ name: 'satu', label: 'Siapa yang mengajukan?', options: OPTIONS, value: 'dua' }),
    f.radios({ name: 'satu2', label: 'Siapa yang mengajukan?', options: OPTIONS, error: 'Pilih salah satu' }),
    f.checkboxes({
      name: 'banyak',
      label: 'Apa saja yang berubah?',
      hint: 'Boleh lebih dari satu.',
      options: OPTIONS,
      values: ['satu'],
    }),
    f.yesNo({ name: 'ya', label: 'Apakah alamat ini masih sama?', value: 'ya' }),
    f.consent({ name: 'benar', label: 'Saya menyatakan isian ini benar.', error: 'Centang untuk melanjutkan' }),
  ],
  files: () => [
    f.fileField({ name: 'surat', label: 'Surat keterangan', hint: 'Foto atau PDF, paling besar 5 MB.' }),
    f.fileField({
      name: 'foto',
      label: 'Foto rumah dari depan',
      camera: true,
      current: 'rumah.jpg (340 kB)',
      error: 'Foto terlalu gelap',
    }),
  ],
  errors: () =>
    f.errorSummary([
      { path: 'nik', message: 'NIK terdiri dari 16 angka' },
      { path: '', message: 'Dua berkas terlalu besar' },
    ]),
  search: () => f.searchBox({ action: '#', label: 'Cari', hint: 'Tulis satu atau dua kata.', value: 'kartu' }),
  steps: () => [c.stepProgress(1, 6), c.stepProgress(4, 6, 'Berkas')],
  notices: () => [
    c.notice({ body: html`<p>Kantor tutup pada hari libur.</p>` }),
    c.notice({
      tone: 'warning',
      title: 'Anda diminta menambah berkas',
      body: html`<p>Kirim sebelum 30 November 2026.</p>`,
    }),
    c.notice({ tone: 'danger', title: 'Tidak dapat diteruskan', body: html`<p>Hubungi kantor desa.</p>` }),
    c.notice({ tone: 'success', title: 'Tersimpan', body: html`<p>Boleh dilanjutkan kapan saja.</p>` }),
  ],
  code: () => [c.printHint(), c.codeBig('AB12CD34EF56'), c.codeBig('XY-261123-7K4M-2')],
  tags: () => [
    html`<p>${TONES.map(([text, tone]) => html`${c.tag(text, tone)} `)}</p>`,
    html`<ul>${[
      { workingDays: 5 },
      { workingDays: 1 },
      { workingDays: 0 },
      { workingDays: -1 },
      { workingDays: 3, paused: true },
      { workingDays: 0, finished: true },
      { workingDays: -2, finished: true },
    ].map((t) => html`<li>${c.timeLeft(t)}</li>`)}</ul>`,
    c.provenanceMark(true),
    c.provenanceMark(false),
  ],
  details: () => [
    c.details('Bila tidak punya suratnya', html`<p>Pakai surat pernyataan.</p>`),
    c.details('Sudah terbuka', html`<p>Isinya terlihat.</p>`, { open: true }),
  ],
  empty: () =>
    c.emptyState({
      title: 'Belum ada apa-apa di sini',
      body: html`<p>Yang baru akan tampil di halaman ini.</p>`,
      action: c.linkButton('Mulai', '#empty', 'secondary'),
    }),
  summary: () =>
    l.summaryList([
      { key: 'Nama', value: 'Dewi Lestari', change: '#summary' },
      {
        key: 'Alamat',
        value: 'RT 02 RW 05, sebuah desa dengan nama yang panjang sekali',
        change: '#summary',
        what: 'alamat rumah',
      },
      { key: 'Telepon', value: '' },
    ]),
  checklist: () =>
    l.checklist([
      { text: 'KTP', ready: true },
      { text: 'Buku nikah', optional: true, hint: 'Bila tidak ada, pakai surat pernyataan.' },
      { text: 'Surat dari bidan' },
    ]),
  tasks: () =>
    l.taskList([
      { text: 'Data diri', href: '#tasks', status: 'Selesai', tone: 'done' },
      { text: 'Berkas', href: '#tasks', status: 'Belum', tone: 'yours', hint: 'Dua foto' },
      { text: 'Kirim', status: 'Nanti' },
    ]),
  timeline: () =>
    l.timeline([
      { state: 'done', title: 'Diterima', time: '22 November 2026 pukul 09.15 WIB' },
      { state: 'done', title: 'Diperiksa', time: 'kemarin', body: html`<p>Semua berkas lengkap.</p>` },
      { state: 'current', title: 'Menunggu tanda tangan', time: 'hari ini' },
      { state: 'waiting', title: 'Terbit' },
      { state: 'stopped', title: 'Ditolak', time: 'contoh jalan yang lain' },
    ]),
  table: () => [
    l.table({
      caption: 'Angka per bulan',
      columns: [
        { text: 'Bulan', sort: { href: '#table', order: 'descending' } },
        { text: 'Masuk', numeric: true },
        { text: 'Selesai', numeric: true },
      ],
      rows: [['Oktober 2026', '1.204', '1.180'], { cells: ['November 2026', '987', '702'], tone: 'late' }],
      footer: ['Jumlah', '2.191', '1.882'],
    }),
    l.pager({ newer: '#newer', older: '#older' }),
    l.pager({}),
  ],
  cards: () => [
    l.cards([
      {
        href: '#a',
        title: 'Satu hal',
        text: 'Apa gunanya, dalam satu kalimat.',
        meta: '3 hari · Gratis',
        tag: c.tag('Dari rumah', 'done'),
      },
      { href: '#b', title: 'Hal lain' },
    ]),
    l.cards(
      [
        { href: '#c', title: 'Satu', text: 'Dalam kisi.' },
        { href: '#d', title: 'Dua', text: 'Dalam kisi.' },
        { href: '#e', title: 'Tiga' },
      ],
      { grid: true },
    ),
  ],
  facts: () =>
    l.facts([
      { label: 'Lama', value: '3 hari kerja' },
      { label: 'Biaya', value: 'Gratis', note: 'tanpa pungutan lain' },
    ]),
};

/** Only on officers' pages. */
const deskSamples: Record<string, () => Content> = {
  keys: () => html`<p>${c.keyHint('J', 'berikutnya')}${c.keyHint('Enter', 'buka')}</p>`,
  tabs: () =>
    l.tabs(
      [
        { text: 'Milik saya', href: '#m', count: 140, current: true },
        { text: 'Semua', href: '#s' },
      ],
      'Daftar',
    ),
  split: () => [
    c.split(html`<h3>Kiri</h3><p>Pekerjaan.</p>`, html`<h3>Kanan</h3><p>Berkas dan riwayat.</p>`),
    c.actionBar(c.button('Simpan'), c.button('Lepas', { kind: 'secondary' })),
  ],
};

/** The page of all; the last page's panel is shown apart, since it is a heading itself. */
export function gallery(path: string, area: Area = 'resident'): Html {
  return page({
    title: 'Pola',
    path,
    area,
    wide: true,
    banner: true,
    officer: area === 'desk' ? { name: 'Siti Rahmawati', role: 'Petugas' } : undefined,
    body: html`<h1>Pola</h1>${c.lead('Semua bagian halaman dalam semua keadaannya.')}${Object.entries(area === 'desk' ? { ...samples, ...deskSamples } : samples).map(([name, sample]) => c.section(name, sample(), { id: name }))}`,
  });
}

/** A page as a form returns it: one question, its summary and its error. */
export function questionSample(path: string): Html {
  return page({
    title: 'Kapan mulai?',
    path,
    area: 'resident',
    back: path,
    error: true,
    body: [
      f.errorSummary([{ path: 'mulai', message: 'Tahun harus empat angka' }]),
      c.stepProgress(2, 6),
      f.form({
        action: path,
        body: [
          f.dateField({
            name: 'mulai',
            label: 'Kapan mulai?',
            heading: true,
            error: 'Tahun harus empat angka',
            wrong: ['y'],
            value: { d: '7', m: '3', y: '26' },
          }),
          f.radios({ name: 'satu', label: 'Siapa yang mengajukan?', options: OPTIONS }),
          c.buttons(c.button('Lanjutkan')),
        ],
      }),
    ],
  });
}

export function doneSample(path: string): Html {
  return page({
    title: 'Terkirim',
    path,
    area: 'resident',
    body: [
      c.panel({ title: 'Terkirim', number: 'XY-261123-7K4M-2', numberLabel: 'Catat nomor ini' }),
      c.section('Selanjutnya', samples.timeline!()),
      c.printHint('bukti ini'),
    ],
  });
}
