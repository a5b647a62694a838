// What everyone may read: what is kept, why, how long, and what people can do about it; and the notice of a breach.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Env } from '#platform/modules.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { lead, linkButton, notice, provenanceMark, section } from '#ui/components.ts';
import { formatDayMonthYear } from '#ui/format.ts';
import { summaryList } from '#ui/lists.ts';
import { publicNotice } from '../breach/actions.ts';
import { FIELD_NAMES, FIELDS } from '../breach/breach.ts';
import { monthsWords } from '../keeping/retention.ts';
import { show } from './site.ts';

export function publicRoutes(app: Hono<Env>): void {
  app.get('/privasi', async (c) => {
    const ctx = c.get('ctx');
    const { services, agencies } = await getCatalogue(ctx);
    // most services keep alike: one line a schedule, with the number of services, fits a phone
    const schedules = new Map<string, { files: number; answers: number; names: string[]; unverified: boolean }>();
    for (const { service } of services) {
      const { files, answers, provenance } = service.retention;
      const key = `${files}/${answers}`;
      const known = schedules.get(key) ?? { files, answers, names: [], unverified: false };
      known.names.push(service.name);
      known.unverified ||= provenance === 'unverified';
      schedules.set(key, known);
    }
    const rows = [...schedules.values()].sort((a, b) => b.names.length - a.names.length);
    const unverified = rows.some((row) => row.unverified);
    return show(c, {
      title: 'Data pribadi Anda',
      back: { text: 'Halaman depan', href: '/' },
      body: html`<h1>Data pribadi Anda</h1>${lead('Apa yang kami simpan, mengapa, berapa lama, dan apa hak Anda.')}${section(
        'Apa dan mengapa',
        html`<ul><li><b>Isian dan berkas permohonan</b>: untuk memeriksa dan menjawabnya. Hanya yang diperlukan layanan itu yang ditanyakan.</li><li><b>Nomor HP atau email</b>: untuk mengabari Anda, bila Anda memberikannya.</li><li><b>Riwayat</b>: siapa melakukan apa dan kapan, tanpa isi data Anda.</li></ul><p>Dasarnya <b>tugas pelayanan publik dan kewajiban hukum</b>, jadi kami tidak meminta persetujuan untuk itu. Persetujuan hanya untuk hal di luar layanan, misalnya foto untuk publikasi; Anda boleh menolak dan menariknya.</p>${provenanceMark(true, 'Nomor pasal dasar pemrosesan (UU 27/2022 Pasal 20) belum dicocokkan dengan naskah resmi.')}`,
      )}${section(
        'Siapa yang membukanya',
        html`<p>Petugas instansi yang menangani permohonan Anda, menurut peran dan wilayahnya. Data disimpan tersandi. NIK, nomor KK, dan nomor HP hanya tampak empat angka terakhir; membuka lengkapnya tercatat dan dapat Anda baca di halaman permohonan.</p>`,
      )}${section(
        'Berapa lama',
        html`<p>Sesudah permohonan berakhir:</p><ul>${rows.map((row) => html`<li>berkas <b>${monthsWords(row.files)}</b>, isian <b>${monthsWords(row.answers)}</b>: ${row.names.length > 3 ? `${row.names.length} layanan` : row.names.join(', ')}</li>`)}</ul><p>Masa simpan tiap layanan tertulis di halaman layanannya. Sesudah itu dimusnahkan, kecuali masih ada keberatan, pengaduan, atau perkara.</p>${provenanceMark(unverified, 'Masa simpan menunggu pencocokan dengan jadwal retensi arsip (JRA) kabupaten.')}`,
      )}${section(
        'Hak Anda',
        html`<p>Melihat dan menyalin, memperbaiki, membawa, membatasi, menolak, menarik persetujuan, dan meminta dimusnahkan (UU 27/2022 Pasal 5 sampai 13). Kami menjawab <b>paling lama 3 × 24 jam</b>, gratis.</p><p>Buka permohonan Anda dengan nomor dan kodenya, lalu pilih <b>Data pribadi saya</b>. Salinannya langsung jadi.</p><p>${linkButton('Buka permohonan saya', '/lacak')}</p><p>Nomor atau kodenya hilang? <a href="/layanan/hak-data-pribadi">Ajukan permintaan tanpa kode</a>; petugas akan memastikan identitas Anda.</p>`,
      )}${section(
        'Siapa yang bertanggung jawab',
        html`<p>Pemerintah Kabupaten Blora. Petugas pelindungan data ada di ${agencies.get('dinkominfo')?.name ?? 'Dinas Komunikasi dan Informatika'}.</p>${provenanceMark(true, 'Penunjukan petugas pelindungan data (UU 27/2022 Pasal 53) belum dicocokkan dengan keputusan kabupaten.')}`,
      )}`,
    });
  });

  app.get('/privasi/pemberitahuan/:id', async (c) => {
    const ctx = c.get('ctx');
    const { foundAt, account } = await publicNotice(ctx, c.req.param('id'));
    return show(c, {
      title: 'Pemberitahuan kegagalan pelindungan data',
      back: { text: 'Data pribadi Anda', href: '/privasi' },
      body: html`<h1>Data pribadi Anda mungkin terungkap</h1>${lead(`Kami menemukannya pada ${formatDayMonthYear(foundAt, ctx.calendar.offsetMinutes)}. Kami mohon maaf.`)}${summaryList(
        FIELD_NAMES.map((name) => ({ key: FIELDS[name].title, value: account[name] })),
      )}${notice({ title: 'Waspada penipuan', tone: 'warning', body: html`<p>Petugas kami tidak pernah meminta kata sandi, kode masuk, atau uang lewat telepon. Tanyakan apa pun kepada petugas pelindungan data kami.</p>` })}<p class="small">Pemberitahuan menurut UU 27/2022 Pasal 46.</p>`,
    });
  });
}
