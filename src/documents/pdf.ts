// The paper: one A4 letter, the same bytes for the same input, tagged so that it can be read aloud. No coat of arms:
// the garuda is reserved to offices that may use it; ours is the open hall. Pure, but for reading the fonts once.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';
import { formatDate } from '#src/catalogue/dates.ts';
import type { FilledDocument } from './letter.ts';
import { drawLetterhead, drawList, drawRows, drawVerification } from './pieces.ts';
import { inWindows1252, printable } from './printable.ts';
import {
  artifact,
  BOTTOM,
  INK,
  LINE,
  MIDDLE,
  PAGE,
  type Pdf,
  room,
  type Sheet,
  SIDE,
  SOFT,
  say,
  TEAK,
  TOP,
  WIDTH,
} from './sheet.ts';

/** `issuedAt` is an instant and becomes the file's date; `date` is the day on paper, YYYY-MM-DD in our zone. */
export type Letter = FilledDocument & {
  /** "Pemerintah Kabupaten …", above the agency's name. */
  regency?: string;
  agency: string;
  address?: string;
  phone?: string;
  /** The small drawing beside the name; left out, the open hall. */
  mark?: 'pendopo' | 'daun' | 'tanpa';
  number: string;
  /** Where it is signed: "Blora". */
  place: string;
  date: string;
  code: string;
  verifyUrl: string;
  /** What the QR code holds, when that is more than the address. */
  qr?: string;
  issuedAt: Date;
  demo: boolean;
  /** Of a made-up history: said across every page. */
  simulated?: boolean;
  /** Whether the file is to be signed: by a person, or by the agency's seal. Left out: not at all. */
  signing?: 'person' | 'seal';
};

// Carlito (OFL) has the letters of Javanese names. Where it is not installed the reader's own Helvetica is used, and
// the file cannot promise PDF/A.
const FONTS = [font('400Regular/Carlito_400Regular.ttf'), font('700Bold/Carlito_700Bold.ttf')] as const;
const EMBEDDED = FONTS.every((bytes) => bytes !== undefined);

function font(path: string): Buffer | undefined {
  try {
    return readFileSync(fileURLToPath(import.meta.resolve(`@expo-google-fonts/carlito/${path}`)));
  } catch {
    return undefined;
  }
}

/** Draws the letter. Rows that do not fit go on to further pages. Never throws for letters that the font lacks. */
export function renderPdf(letter: Letter): Promise<Buffer> {
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: TOP, bottom: BOTTOM, left: SIDE, right: SIDE },
    pdfVersion: '1.7',
    ...(EMBEDDED && { subset: 'PDF/A-2a' }),
    tagged: true,
    lang: 'id-ID',
    displayTitle: true,
    autoFirstPage: false,
    bufferPages: true,
    info: {
      Title: letter.title,
      Author: letter.agency,
      Producer: 'Pendopo',
      Creator: 'Pendopo',
      // in clear inside the file: an altered copy is still recognised as one of this paper
      Keywords: `/verifikasi/${letter.code}`,
      CreationDate: letter.issuedAt,
      ModDate: letter.issuedAt,
    },
  } as PDFKit.PDFDocumentOptions);
  const parts: Buffer[] = [];
  pdf.on('data', (part: Buffer) => parts.push(part));
  const done = new Promise<Buffer>((resolve, reject) =>
    pdf.on('error', reject).on('end', () => resolve(Buffer.concat(parts))),
  );

  pdf.registerFont('regular', FONTS[0] && EMBEDDED ? FONTS[0] : 'Helvetica');
  pdf.registerFont('bold', FONTS[1] && EMBEDDED ? FONTS[1] : 'Helvetica-Bold');
  const root = pdf.struct('Document');
  pdf.addStructure(root);
  const sheet: Sheet = { pdf, root, clean: cleaner(pdf) };
  pdf.addPage();
  drawLetterhead(sheet, letter);
  drawTitle(sheet, letter);
  drawParagraph(sheet, letter.opening);
  drawRows(sheet, letter.rows);
  if (letter.closing) drawParagraph(sheet, letter.closing);
  drawSignature(sheet, letter);
  drawVerification(sheet, letter);
  const panelPage = pdf.bufferedPageRange().count - 1;
  if (letter.lists.length > 0) pdf.addPage();
  for (const list of letter.lists) drawList(sheet, list, letter.number);
  root.end();
  drawEdges(sheet, letter, panelPage);
  pdf.end();
  return done;
}

function drawTitle({ pdf, root, clean }: Sheet, { title, number }: Letter): void {
  say(root, pdf, 'H1', () =>
    pdf.font('bold').fontSize(19).fillColor(INK).text(clean(title), SIDE, pdf.y, { width: WIDTH, align: 'center' }),
  );
  say(root, pdf, 'P', () =>
    pdf
      .font('regular')
      .fontSize(11)
      .fillColor(SOFT)
      .text(clean(`Nomor ${number}`), SIDE, pdf.y + 3, { width: WIDTH, align: 'center', characterSpacing: 0.2 }),
  );
  pdf.y += 26;
}

function drawParagraph(sheet: Sheet, text: string): void {
  const { pdf, root, clean } = sheet;
  pdf.font('regular').fontSize(11.5);
  room(sheet, Math.min(pdf.heightOfString(clean(text), { width: WIDTH, lineGap: 3.5 }), 60));
  say(root, pdf, 'P', () => pdf.fillColor(INK).text(clean(text), SIDE, pdf.y, { width: WIDTH, lineGap: 3.5 }));
  pdf.y += 14;
}

/** Said so that it is true before and after the signing: the file itself shows whether it happened. */
const SIGNING = {
  none: {
    under: 'Belum ditandatangani secara elektronik',
    edge: 'Dokumen ini belum ditandatangani secara elektronik. Keasliannya diperiksa dengan kode di atas.',
  },
  person: {
    under: 'Sah bila berkas PDF ini bertanda tangan elektronik',
    edge: 'Yang sah adalah berkas PDF dengan tanda tangan elektronik. Periksa dengan kode di atas.',
  },
  seal: {
    under: 'Sah bila berkas PDF ini bersegel elektronik',
    edge: 'Yang sah adalah berkas PDF dengan segel elektronik. Periksa dengan kode di atas.',
  },
};

function drawSignature(sheet: Sheet, { place, date, signer, signing }: Letter): void {
  const { pdf, root, clean } = sheet;
  const width = WIDTH * 0.56;
  const left = SIDE + WIDTH - width;
  pdf.font('bold').fontSize(11.5);
  const height = 70 + pdf.heightOfString(clean(signer), { width });
  room(sheet, height + 12);
  pdf.y += 8;
  say(root, pdf, 'P', () =>
    pdf
      .font('regular')
      .fillColor(INK)
      .text(clean(`${place}, ${formatDate(date)}`), left, pdf.y, { width, lineGap: 2 }),
  );
  say(root, pdf, 'P', () => pdf.font('bold').text(clean(signer), left, pdf.y, { width, lineGap: 2 }));
  say(root, pdf, 'P', () =>
    pdf
      .font('regular')
      .fontSize(9.5)
      .fillColor(TEAK)
      .text(clean(SIGNING[signing ?? 'none'].under), left, pdf.y + 12, { width }),
  );
  pdf.y += 26;
}

/** What stands on every page, once their number is known. */
function drawEdges({ pdf, clean }: Sheet, letter: Letter, panelPage: number): void {
  const { title, number, demo, simulated, signing } = letter;
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    pdf.switchToPage(page);
    // the margin would send text so low on a page of its own
    pdf.page.margins.bottom = 0;
    artifact(pdf, () => {
      // lightly over the text: a page that begins in the midst of an answer has no moment to draw under it
      if (simulated || demo)
        drawAcross(pdf, simulated ? 'DATA SIMULASI — TIDAK BERLAKU' : 'CONTOH — BUKAN DOKUMEN RESMI');
      const y = PAGE.height - 52;
      pdf.rect(SIDE, y - 9, WIDTH, 0.6).fill(LINE);
      const shown = page === panelPage ? SIGNING[signing ?? 'none'].edge : `${title} · ${number}`;
      pdf
        .font('regular')
        .fontSize(8.5)
        .fillColor(SOFT)
        .text(clean(shown), SIDE, y, { width: WIDTH - 66, lineBreak: false, height: 12, ellipsis: true });
      pdf.text(`Halaman ${page + 1} dari ${count}`, SIDE + WIDTH - 66, y, {
        width: 66,
        align: 'right',
        lineBreak: false,
      });
    });
  }
}

function drawAcross(pdf: Pdf, text: string): void {
  pdf.save().rotate(-52, { origin: [PAGE.width / 2, MIDDLE] });
  pdf.font('bold').fontSize(43).fillColor(TEAK, 0.14);
  pdf.text(text, (PAGE.width - pdf.widthOfString(text)) / 2, MIDDLE - 26, { lineBreak: false });
  pdf.restore().fillOpacity(1);
}

/** The letters the fonts have: Carlito's own, or those of every reader's Helvetica. */
function cleaner(pdf: Pdf): (text: string) => string {
  if (!EMBEDDED) return (text) => printable(text, inWindows1252);
  pdf.font('regular');
  const { font } = (pdf as unknown as { _font: { font: { hasGlyphForCodePoint(code: number): boolean } } })._font;
  return (text) => printable(text, (character) => font.hasGlyphForCodePoint(character.codePointAt(0) as number));
}
