// The copy of one's data on paper: the same content as the JSON, to be read. Tagged, so that it can be read aloud too.
import PDFDocument from 'pdfkit';
import { STATUS_WORDS } from '#src/applications/text.ts';
import { inWindows1252, printable } from '#src/documents/printable.ts';
import { formatDateTime } from '#ui/format.ts';
import { ASKED, isAsked } from '../asked/request.ts';
import { CONSENTS, isPurpose } from '../consent/consent.ts';
import type { CopiedCase, Copy } from './copy.ts';

const SIDE = 56;
const WIDTH = 595.28 - 2 * SIDE;
const LABEL = 170;
const INK = '#1d2520';
const SOFT = '#575a4e';
const LEAF = '#103c29';

type Pdf = InstanceType<typeof PDFDocument>;
type Sheet = { pdf: Pdf; root: PDFKit.PDFStructureElement };

/** Never throws for letters that the reader's own fonts lack: they become "?". `offset` is the zone's, in minutes. */
export function drawCopy(copy: Copy, offset: number): Promise<Buffer> {
  const made = new Date(copy.madeAt);
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: 56, bottom: 64, left: SIDE, right: SIDE },
    pdfVersion: '1.7',
    tagged: true,
    lang: 'id-ID',
    displayTitle: true,
    bufferPages: true,
    info: {
      Title: 'Salinan data pribadi',
      Author: copy.controller,
      Producer: 'Pendopo',
      Creator: 'Pendopo',
      CreationDate: made,
      ModDate: made,
    },
  } as PDFKit.PDFDocumentOptions);
  const parts: Buffer[] = [];
  pdf.on('data', (part: Buffer) => parts.push(part));
  const done = new Promise<Buffer>((resolve, reject) =>
    pdf.on('error', reject).on('end', () => resolve(Buffer.concat(parts))),
  );
  const root = pdf.struct('Document');
  pdf.addStructure(root);
  const sheet = { pdf, root };
  const when = (iso: string) => formatDateTime(new Date(iso), offset);

  text(sheet, 'H1', 20, LEAF, 'Salinan data pribadi', 'Helvetica-Bold');
  text(sheet, 'P', 10, SOFT, `${copy.controller} · dibuat ${when(copy.madeAt)} · bentuk ${copy.format}`);
  text(sheet, 'P', 10.5, INK, copy.about);
  for (const one of copy.applications) drawCase(sheet, one, when);
  if (copy.requests.length > 0) {
    text(sheet, 'H2', 14, LEAF, 'Permintaan Anda atas data pribadi', 'Helvetica-Bold');
    rows(
      sheet,
      copy.requests.map((one): [string, string] => [
        when(one.askedAt),
        `${isAsked(one.right) ? ASKED[one.right].name : one.right}, nomor ${one.number}: ${statusWords(one.status)}`,
      ]),
    );
  }
  if (copy.consents.length > 0) {
    text(sheet, 'H2', 14, LEAF, 'Persetujuan', 'Helvetica-Bold');
    rows(
      sheet,
      copy.consents.map((one): [string, string] => [
        when(one.at),
        `${isPurpose(one.purpose) ? CONSENTS[one.purpose].title : one.purpose} (naskah ${one.version}): ${one.given ? 'diberikan' : 'ditarik'}`,
      ]),
    );
  }
  root.end();
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    pdf.switchToPage(page);
    pdf.page.margins.bottom = 0;
    pdf.markContent('Artifact');
    pdf
      .font('Helvetica')
      .fontSize(8.5)
      .fillColor(SOFT)
      .text(`Salinan data pribadi. Simpan baik-baik. Halaman ${page + 1} dari ${count}`, SIDE, 800, {
        width: WIDTH,
        lineBreak: false,
      });
    pdf.endMarkedContent();
  }
  pdf.end();
  return done;
}

const statusWords = (status: string): string =>
  Object.hasOwn(STATUS_WORDS, status) ? STATUS_WORDS[status as keyof typeof STATUS_WORDS] : status;

function drawCase(sheet: Sheet, one: CopiedCase, when: (iso: string) => string): void {
  text(sheet, 'H2', 14, LEAF, `${one.service.name}, ${one.number}`, 'Helvetica-Bold');
  rows(sheet, [
    ['Instansi', one.agency.name],
    ['Desa atau kelurahan', one.village.name],
    ['Diajukan', when(one.submittedAt)],
    ...(one.endedAt ? [['Berakhir', when(one.endedAt)] as [string, string]] : []),
    ['Keadaan', statusWords(one.status)],
    [
      'Masa simpan',
      `unggahan ${one.keptFor.filesMonths} bulan, isian ${one.keptFor.answersMonths} bulan sesudah berakhir${one.keptFor.verified ? '' : ' (perlu diverifikasi)'}`,
    ],
  ]);
  if (one.erased) text(sheet, 'P', 10.5, INK, 'Isi permohonan ini sudah dimusnahkan.');
  if (one.answers.length > 0) {
    text(sheet, 'H3', 11.5, INK, 'Isian Anda', 'Helvetica-Bold');
    rows(
      sheet,
      one.answers.map((answer): [string, string] => [answer.label, answer.text]),
    );
  }
  if (one.withheld.length > 0)
    text(sheet, 'P', 10, SOFT, `Tidak disalin karena tentang orang lain: ${one.withheld.join('; ')}`);
  if (one.files.length > 0) {
    text(sheet, 'H3', 11.5, INK, 'Unggahan Anda', 'Helvetica-Bold');
    rows(
      sheet,
      one.files.map((file): [string, string] => [
        file.requirement,
        `${file.kind}${file.superseded ? ', sudah diganti' : ''}`,
      ]),
    );
  }
  if (one.documents.length > 0) {
    text(sheet, 'H3', 11.5, INK, 'Dokumen yang terbit', 'Helvetica-Bold');
    rows(
      sheet,
      one.documents.map((paper): [string, string] => [
        paper.product,
        `nomor ${paper.number}, terbit ${when(paper.issuedAt)}, kode ${paper.code}${paper.revokedAt ? ', dicabut' : ''}`,
      ]),
    );
  }
  text(sheet, 'H3', 11.5, INK, 'Riwayat', 'Helvetica-Bold');
  rows(
    sheet,
    one.history.map((moment): [string, string] => [
      when(moment.at),
      `${HAPPENED[moment.type] ?? moment.type} oleh ${moment.who}${moment.note ? `: ${moment.note}` : ''}`,
    ]),
  );
}

const HAPPENED: Record<string, string> = {
  'application.submitted': 'Diajukan',
  'application.advanced': 'Diteruskan',
  'application.returned': 'Diminta diperbaiki',
  'application.resubmitted': 'Diperbaiki',
  'application.refused': 'Ditolak',
  'application.completed': 'Selesai',
  'application.withdrawn': 'Dibatalkan',
  'application.expired': 'Kedaluwarsa',
  'application.objected': 'Diajukan keberatan',
  'application.reopened': 'Dibuka lagi',
  'application.consulted': 'Diminta pendapat',
  'application.recalled': 'Permintaan pendapat ditarik',
  'application.opined': 'Pendapat diberikan',
  'application.revealed': 'Data lengkap dibuka',
};

function text(
  { pdf, root }: Sheet,
  type: string,
  size: number,
  colour: string,
  words: string,
  face = 'Helvetica',
): void {
  if (type !== 'P' && pdf.y > 700) pdf.addPage();
  const element = pdf.struct(type as never, {}, () => {
    pdf.font(face).fontSize(size).fillColor(colour).text(clean(words), SIDE, pdf.y, { width: WIDTH, lineGap: 2 });
  });
  root.add(element);
  pdf.y += size < 12 ? 5 : 8;
}

function rows({ pdf, root }: Sheet, list: readonly (readonly [string, string])[]): void {
  for (const [label, value] of list) {
    pdf.font('Helvetica').fontSize(10);
    const height = Math.max(
      pdf.heightOfString(clean(label), { width: LABEL }),
      pdf.heightOfString(clean(value), { width: WIDTH - LABEL - 12 }),
    );
    if (pdf.y + Math.min(height, 600) > 770) pdf.addPage();
    const y = pdf.y;
    const page = pdf.bufferedPageRange().count;
    const part = pdf.struct('P', {}, [
      () => void pdf.fillColor(SOFT).text(clean(label), SIDE, y, { width: LABEL }),
      () => void pdf.fillColor(INK).text(clean(value), SIDE + LABEL + 12, y, { width: WIDTH - LABEL - 12 }),
    ]);
    root.add(part);
    pdf.y = pdf.bufferedPageRange().count === page ? y + height + 4 : pdf.y + 4;
  }
  pdf.y += 8;
}

const clean = (words: string): string => printable(words, inWindows1252);
