// The paper: one A4 letter, the same bytes for the same input, tagged so that it can be read aloud. No coat of arms:
// the garuda is reserved to offices that may use it; ours is the open hall. Pure, but for reading the fonts once.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';
import { grouped } from '#platform/ids.ts';
import { formatDate } from '#src/catalogue/dates.ts';
import { qrPath } from '#ui/qr.ts';
import type { FilledDocument } from './letter.ts';
import { inWindows1252, printable } from './printable.ts';

/** `issuedAt` is an instant and becomes the file's date; `date` is the day on paper, YYYY-MM-DD in our zone. */
export type Letter = FilledDocument & {
  /** "Pemerintah Kabupaten …", above the agency's name. */
  regency?: string;
  agency: string;
  address?: string;
  number: string;
  /** Where it is signed: "Blora". */
  place: string;
  date: string;
  code: string;
  verifyUrl: string;
  issuedAt: Date;
  demo: boolean;
};

type Pdf = InstanceType<typeof PDFDocument>;
type Element = PDFKit.PDFStructureElement;
type Sheet = { pdf: Pdf; root: Element; clean: (text: string) => string };

const ROOF = 'M12.5 3h7l3.5 6.2H9zM7.6 10.6h16.8l4 4.4H3.6zM3 16.4h26l3 3.6H0z';
const POSTS = 'M4 20h2v8H4zm7 0h2v8h-2zm8 0h2v8h-2zm7 0h2v8h-2zM1 28h30v2H1z';
const LEAF = '#103c29';
const TEAK = '#a8703a';
const INK = '#1d2520';
const SOFT = '#575a4e';
const LINE = '#dfd5c0';
const WARM = '#faf6ec';

const PAGE = { width: 595.28, height: 841.89 };
const SIDE = 68;
const WIDTH = PAGE.width - 2 * SIDE;
const TOP = 52;
const BOTTOM = 76;
const FLOOR = PAGE.height - BOTTOM;
// a little above the middle, so that the panel at the foot hides none of it
const MIDDLE = PAGE.height / 2 - 46;
const LABEL = 158;
const GAP = 14;

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
  root.end();
  drawEdges(sheet, letter);
  pdf.end();
  return done;
}

function drawLetterhead({ pdf, root, clean }: Sheet, { regency, agency, address }: Letter): void {
  artifact(pdf, () => drawMark(pdf, SIDE, TOP - 2, 46));
  const left = SIDE + 62;
  const width = WIDTH - 62;
  pdf.y = TOP;
  const line = (face: string, size: number, colour: string, text: string, options: object = {}) =>
    say(root, pdf, 'P', () =>
      pdf
        .font(face)
        .fontSize(size)
        .fillColor(colour)
        .text(clean(text), left, pdf.y, { width, lineGap: 1, ...options }),
    );
  if (regency) line('regular', 10, SOFT, regency, { characterSpacing: 0.3 });
  line('bold', agency.length > 44 ? 14 : 16, LEAF, agency);
  if (address) line('regular', 9, SOFT, address);
  const y = Math.max(pdf.y, TOP + 46) + 12;
  artifact(pdf, () => {
    pdf.rect(SIDE, y, WIDTH, 1.6).fill(LEAF);
    pdf.rect(SIDE, y + 3.2, WIDTH, 0.6).fill(TEAK);
  });
  pdf.y = y + 36;
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

/** A table of two columns: what it is in quiet letters, what was answered in strong ones. */
function drawRows(sheet: Sheet, rows: Letter['rows']): void {
  if (rows.length === 0) return;
  const { pdf, root, clean } = sheet;
  const table = pdf.struct('Table');
  root.add(table);
  const line = () =>
    artifact(pdf, () =>
      pdf
        .moveTo(SIDE, pdf.y)
        .lineTo(SIDE + WIDTH, pdf.y)
        .lineWidth(0.6)
        .stroke(LINE),
    );
  line();
  for (const { label, value } of rows) {
    const valueOptions = { width: WIDTH - LABEL - GAP, lineGap: 2.5 };
    const labelOptions = { width: LABEL, lineGap: 2.5 };
    const labelHeight = pdf.font('regular').fontSize(11).heightOfString(clean(label), labelOptions);
    // a story in strong letters tires the eye
    const weight = value.length > 200 ? 'regular' : 'bold';
    const height = Math.max(labelHeight, pdf.font(weight).fontSize(11.5).heightOfString(clean(value), valueOptions));
    room(sheet, height + 16 > FLOOR - TOP ? 80 : height + 16);
    const y = pdf.y + 8;
    const page = pdf.bufferedPageRange().count;
    const row = pdf.struct('TR');
    table.add(row);
    say(
      row,
      pdf,
      'TH',
      () =>
        pdf
          .font('regular')
          .fontSize(11)
          .fillColor(SOFT)
          .text(clean(label), SIDE, y + 0.4, labelOptions),
      { scope: 'Row' },
    );
    say(row, pdf, 'TD', () =>
      pdf
        .font(weight)
        .fontSize(11.5)
        .fillColor(INK)
        .text(clean(value), SIDE + LABEL + GAP, y, valueOptions),
    );
    row.end();
    // an answer longer than a page has already carried the pen on
    pdf.y = pdf.bufferedPageRange().count === page ? y + height + 5.5 : pdf.y + 5.5;
    line();
  }
  table.end();
  pdf.y += 20;
}

function drawSignature(sheet: Sheet, { place, date, signer }: Letter): void {
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
      .text(clean('Belum ditandatangani secara elektronik'), left, pdf.y + 12, { width }),
  );
  pdf.y += 26;
}

/** How anyone checks the paper: the code to scan, and the same code to type. */
function drawVerification(sheet: Sheet, { verifyUrl, code }: Letter): void {
  const { pdf, root, clean } = sheet;
  const height = 128;
  const side = 96;
  room(sheet, height);
  // it rests at the foot of the page where there is room, so that letters lie alike in a folder
  const y = Math.max(pdf.y, FLOOR - height - 6);
  const left = SIDE + side + 36;
  const width = WIDTH - side - 52;
  artifact(pdf, () => {
    pdf.roundedRect(SIDE, y, WIDTH, height, 6).fill(WARM);
    pdf.roundedRect(SIDE + 10, y + 10, side + 12, height - 20, 4).fill('#ffffff');
  });
  const figure = {
    alt: `Kode QR untuk memeriksa keaslian dokumen ini di ${verifyUrl}`,
    bbox: [SIDE + 16, y + 16, SIDE + 16 + side, y + 16 + side],
  };
  say(root, pdf, 'Figure', () => drawQr(pdf, verifyUrl, SIDE + 16, y + 16, side), figure);
  pdf.y = y + 15;
  say(root, pdf, 'H2', () =>
    pdf.font('bold').fontSize(12).fillColor(LEAF).text('Periksa keaslian dokumen ini', left, pdf.y, { width }),
  );
  say(root, pdf, 'P', () =>
    pdf
      .font('regular')
      .fontSize(10)
      .fillColor(INK)
      .text('Pindai kode QR dengan kamera HP, atau buka alamat ini lalu ketik kodenya:', left, pdf.y + 4, {
        width,
        lineGap: 1.5,
      }),
  );
  const address = verifyUrl.endsWith(code) ? verifyUrl.slice(0, -code.length).replace(/\/$/, '') : verifyUrl;
  drawLink(sheet, clean(address.replace(/^https?:\/\//, '')), verifyUrl, left, pdf.y + 3, width);
  say(root, pdf, 'P', () =>
    pdf
      .font('bold')
      .fontSize(11.5)
      .fillColor(INK)
      .text(grouped(code), left, pdf.y + 6, { width, characterSpacing: 0.5 }),
  );
  pdf.y = y + height;
}

function drawLink({ pdf, root }: Sheet, text: string, url: string, x: number, y: number, width: number): void {
  const link = pdf.struct('Link', { alt: `Halaman untuk memeriksa keaslian: ${url}` });
  root.add(link);
  link.add(() => pdf.font('bold').fontSize(10).fillColor(LEAF).text(text, x, y, { width, lineGap: 1 }));
  pdf.link(x, y, Math.min(width, pdf.widthOfString(text)), pdf.y - y, url, {
    structParent: link,
    Contents: new String(`Buka ${url}`),
  } as unknown as PDFKit.Mixins.AnnotationOption);
  link.end();
}

/** What stands on every page, once their number is known. */
function drawEdges({ pdf, clean }: Sheet, { title, number, demo }: Letter): void {
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    pdf.switchToPage(page);
    // the margin would send text so low on a page of its own
    pdf.page.margins.bottom = 0;
    artifact(pdf, () => {
      // lightly over the text: a page that begins in the midst of an answer has no moment to draw under it
      if (demo) drawDemoMark(pdf);
      const y = PAGE.height - 52;
      pdf.rect(SIDE, y - 9, WIDTH, 0.6).fill(LINE);
      const note = 'Dokumen ini belum ditandatangani secara elektronik. Keasliannya diperiksa dengan kode di atas.';
      const shown = page === count - 1 ? note : `${title} · ${number}`;
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

function drawDemoMark(pdf: Pdf): void {
  pdf.save().rotate(-52, { origin: [PAGE.width / 2, MIDDLE] });
  pdf.font('bold').fontSize(43).fillColor(TEAK, 0.14);
  const text = 'CONTOH — BUKAN DOKUMEN RESMI';
  pdf.text(text, (PAGE.width - pdf.widthOfString(text)) / 2, MIDDLE - 26, { lineBreak: false });
  pdf.restore().fillOpacity(1);
}

function drawMark(pdf: Pdf, x: number, y: number, side: number): void {
  pdf
    .save()
    .translate(x, y)
    .scale(side / 32);
  pdf.path(ROOF).fill(LEAF).path(POSTS).fill(TEAK);
  pdf.restore();
}

function drawQr(pdf: Pdf, text: string, x: number, y: number, side: number): void {
  const { size, path } = qrPath(text);
  pdf
    .save()
    .translate(x, y)
    .scale(side / size)
    .path(path)
    .fill('#000000');
  pdf.restore();
}

/** Starts a new page when the next piece does not fit on this one. */
function room({ pdf }: Sheet, height: number): void {
  if (pdf.y + height > FLOOR) pdf.addPage();
}

/** Draws inside an element of the structure, so that it is read aloud as what it is. */
function say(parent: Element, pdf: Pdf, type: string, draw: () => unknown, options: object = {}): void {
  parent.add(pdf.struct(type as never, options, () => void draw()));
}

/** Draws what is only to be looked at. */
function artifact(pdf: Pdf, draw: () => unknown): void {
  pdf.markContent('Artifact');
  draw();
  pdf.endMarkedContent();
}

/** The letters the fonts have: Carlito's own, or those of every reader's Helvetica. */
function cleaner(pdf: Pdf): (text: string) => string {
  if (!EMBEDDED) return (text) => printable(text, inWindows1252);
  pdf.font('regular');
  const { font } = (pdf as unknown as { _font: { font: { hasGlyphForCodePoint(code: number): boolean } } })._font;
  return (text) => printable(text, (character) => font.hasGlyphForCodePoint(character.codePointAt(0) as number));
}
