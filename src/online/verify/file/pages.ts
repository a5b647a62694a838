// Somebody sends a PDF: is it ours, unaltered, and does its signature cover all of it? A doubt is a warning, never a pass.
import { html } from 'hono/html';
import { guard } from '#platform/http.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { judgePdf } from '#src/documents/judging/actions.ts';
import type { JudgedSignature, Judgement } from '#src/documents/judging/judgement.ts';
import { MAX_PDF } from '#src/documents/pdf-signature.ts';
import { FAULT_WORDS } from '#src/documents/text.ts';
import { linkButton, notice, section } from '#ui/components.ts';
import { formatDayMonthYear, formatList } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { summaryList } from '#ui/lists.ts';
import { asResident, readPost, show, type Web, zone } from '../../pages/site.ts';
import { documentRows, linkTo, revocationWords, simulationNotice } from '../describing.ts';

/** `again` draws the form with what was wrong. */
export async function checkFile(c: Web, again: (error: string) => Promise<Response>): Promise<Response> {
  const ctx = asResident(c);
  guard(c, ctx, 'upload');
  const files = (await readPost(c)).files('berkas');
  const [file] = files;
  if (!file || files.length !== 1 || file.size === 0) return again('Pilih satu berkas PDF.');
  if (file.size > MAX_PDF) return again('Berkas itu lebih dari 10 MB; surat kami jauh lebih kecil.');
  const judgement = await judgePdf(ctx, Buffer.from(await file.arrayBuffer()));
  if (judgement.problem === 'not-pdf') return again('Berkas itu bukan PDF. Pilih berkas surat yang berakhiran .pdf.');
  const { document, verdict } = judgement;
  const rows = document && documentRows(document, await getCatalogue(ctx), zone(ctx));
  const [title, body] = headline(judgement, zone(ctx));
  return show(c, {
    title,
    back: { text: 'Periksa surat lain', href: '/verifikasi' },
    body: html`<h1>${title}</h1>${document && simulationNotice(document)}${body}${rows && section(verdict === 'altered' ? 'Surat asli yang kodenya dipakai' : 'Keterangan surat', html`${summaryList(rows)}${document && html`<p><a href="${linkTo(document)}">Halaman verifikasi surat ini</a></p>`}`)}${signatures(judgement)}${judgement.holds.length > 0 && notice({ tone: 'warning', body: html`<p>Berkas ini memuat ${formatList(judgement.holds.map((one) => (one === 'script' ? 'skrip' : 'lampiran tersembunyi')))}. Kami tidak menjalankan atau membukanya; Anda sebaiknya juga tidak.</p>` })}<p class="small">Berkas yang Anda kirim hanya diperiksa, tidak disimpan.</p>${linkButton('Periksa berkas lain', '/verifikasi', 'secondary')}`,
  });
}

function headline({ verdict, document, problem, covered }: Judgement, offset: number): [string, Content] {
  switch (verdict) {
    case 'genuine':
      if (document?.signature === 'signed' && !covered)
        return [
          'Berkas kami, tetapi tanda tangannya perlu diperiksa',
          warn(
            'Berkas ini persis seperti yang kami serahkan, tetapi sertifikat tanda tangannya tidak dapat dipercaya sepenuhnya di sini. Tanyakan ke instansi penerbit.',
          ),
        ];
      return [
        'Berkas ini asli dan berlaku',
        notice({
          tone: 'success',
          body: html`<p>Persis sama dengan yang kami serahkan, sampai huruf terakhir.${document?.signature === 'signed' && html` Tanda tangan elektroniknya sah dan mencakup seluruh berkas.`}</p>`,
        }),
      ];
    case 'revoked':
      return [
        'Surat ini sudah dicabut',
        notice({
          tone: 'danger',
          title: 'Tidak berlaku lagi',
          body: html`<p>Berkasnya memang dari kami, tetapi suratnya dicabut ${document?.revokedAt && formatDayMonthYear(document.revokedAt, offset)}. Alasan: ${document && revocationWords(document).toLowerCase()}.</p>`,
        }),
      ];
    case 'before-signing':
      return [
        'Berkas kami sebelum ditandatangani',
        warn(
          'Isinya dari kami, tetapi ini salinan sebelum ditandatangani. Yang berlaku adalah berkas yang sudah bertanda tangan elektronik.',
        ),
      ];
    case 'altered':
      return [
        'Berkas ini sudah diubah',
        notice({
          tone: 'danger',
          title: 'Jangan diterima',
          body: html`<p>Di dalamnya ada kode surat kami, tetapi berkasnya bukan yang kami serahkan: ada yang diubah, ditambah, atau disimpan ulang. Minta berkas aslinya dari pemegang.</p>`,
        }),
      ];
    case 'unreadable':
      return [
        'Berkas ini tidak bisa diperiksa',
        warn(
          problem === 'encrypted'
            ? 'PDF ini terkunci dengan kata sandi. Surat dari kami tidak pernah dikunci.'
            : 'Susunan berkas ini tidak wajar, jadi tidak kami nilai. Surat dari kami selalu bisa diperiksa.',
        ),
      ];
    case 'foreign':
      return [
        'Bukan berkas dari kami',
        warn(
          covered
            ? 'Berkas ini bertanda tangan elektronik, tetapi bukan surat yang kami terbitkan. Tanyakan ke penerbitnya.'
            : 'Tidak ada surat dari kami dengan berkas ini. Bila suratnya hasil pindai atau foto, periksa lewat kode di bawah kode QR.',
        ),
      ];
  }
}

const warn = (text: string): Content => notice({ tone: 'warning', body: html`<p>${text}</p>` });

function signatures({ signatures: all, covered }: Judgement): Content {
  if (all.length === 0) return html`<p>Tidak ada tanda tangan elektronik di dalam berkas ini.</p>`;
  return section(
    'Tanda tangan elektronik di dalamnya',
    html`${!covered && notice({ tone: 'warning', body: html`<p>Jangan mengandalkan tanda tangan di berkas ini: ${all.some((one) => !one.wholeFile || one.faults.length > 0) ? 'ada bagian berkas yang tidak tercakup' : 'belum tentu dari orang yang disebut'}.</p>` })}${all.map((one) => summaryList(signatureRows(one)))}`,
  );
}

const STATE = {
  valid: 'Sah: bagian yang ditandatangani tidak berubah',
  invalid: 'Tidak sah: isinya berubah atau tanda tangannya palsu',
  unreadable: 'Tidak terbaca',
} as const;
const CHAIN = {
  trusted: 'Dari penerbit yang dipercaya di sini',
  expired: 'Dari penerbit yang dipercaya, tetapi di luar masa berlakunya',
  untrusted: 'Tidak dikenal di sini; siapa pun bisa membuatnya dengan nama apa pun',
} as const;

function signatureRows({ signer, issuer, state, wholeFile, chain, faults }: JudgedSignature) {
  return [
    { key: 'Penanda tangan', value: signer ?? '–' },
    { key: 'Penerbit sertifikat', value: issuer ?? '–' },
    { key: 'Keadaan', value: STATE[state] },
    {
      key: 'Cakupan',
      value: wholeFile && faults.length === 0 ? 'Seluruh berkas' : 'PERINGATAN: tidak mencakup seluruh berkas',
    },
    { key: 'Sertifikat', value: CHAIN[chain] },
    ...(faults.length > 0
      ? [{ key: 'Kejanggalan', value: formatList([...new Set(faults)].map((one) => FAULT_WORDS[one])) }]
      : []),
  ];
}
