// The pieces of a paper: letterhead, rows, attached lists, and the panel by which anyone checks it. Pure.
import { grouped } from '#platform/ids.ts';
import type { List } from './letter.ts';
import type { Letter } from './pdf.ts';
import {
  artifact,
  drawMark,
  drawQr,
  FLOOR,
  GAP,
  INK,
  LABEL,
  LEAF,
  LINE,
  type Pdf,
  room,
  type Sheet,
  SIDE,
  SOFT,
  say,
  TEAK,
  TOP,
  WARM,
  WIDTH,
} from './sheet.ts';

/** Who writes: the agency's own letterhead. Its mark is a drawing of ours, never a coat of arms. */
export function drawLetterhead({ pdf, root, clean }: Sheet, { regency, agency, address, phone, mark }: Letter): void {
  const indent = mark === 'tanpa' ? 0 : 62;
  if (mark === 'daun') artifact(pdf, () => drawLeaf(pdf, SIDE, TOP - 2, 46));
  else if (mark !== 'tanpa') artifact(pdf, () => drawMark(pdf, SIDE, TOP - 2, 46));
  const left = SIDE + indent;
  const width = WIDTH - indent;
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
  const reach = [address, phone && `Telepon ${phone}`].filter(Boolean).join(' · ');
  if (reach) line('regular', 9, SOFT, reach);
  const y = Math.max(pdf.y, TOP + 46) + 12;
  artifact(pdf, () => {
    pdf.rect(SIDE, y, WIDTH, 1.6).fill(LEAF);
    pdf.rect(SIDE, y + 3.2, WIDTH, 0.6).fill(TEAK);
  });
  pdf.y = y + 36;
}

// a teak leaf: stem and two halves
function drawLeaf(pdf: Pdf, x: number, y: number, side: number): void {
  pdf
    .save()
    .translate(x, y)
    .scale(side / 32);
  pdf.path('M16 1C27 8 28 19 16 27 4 19 5 8 16 1z').fill(LEAF).path('M15.3 6h1.4v25h-1.4z').fill(TEAK);
  pdf.restore();
}

/** A table of two columns: what it is in quiet letters, what was answered in strong ones. */
export function drawRows(sheet: Sheet, rows: Letter['rows']): void {
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

/** Answers given more than once: a table of its own behind the letter, as "daftar terlampir" says. */
export function drawList(sheet: Sheet, { title, columns, rows }: List, number: string): void {
  const { pdf, root, clean } = sheet;
  if (pdf.y + 120 > FLOOR) pdf.addPage();
  say(root, pdf, 'H2', () =>
    pdf
      .font('bold')
      .fontSize(14)
      .fillColor(LEAF)
      .text(clean(`Lampiran: ${title}`), SIDE, pdf.y, { width: WIDTH }),
  );
  say(root, pdf, 'P', () =>
    pdf
      .font('regular')
      .fontSize(10)
      .fillColor(SOFT)
      .text(clean(`Surat nomor ${number}`), SIDE, pdf.y + 2, { width: WIDTH }),
  );
  pdf.y += 12;
  const no = 34;
  const width = (WIDTH - no) / columns.length;
  const places = [SIDE, ...columns.map((_, index) => SIDE + no + index * width)];
  const widthOf = (index: number) => (index === 0 ? no : width) - 10;
  const table = pdf.struct('Table');
  root.add(table);
  const line = (cells: string[], face: 'bold' | 'regular', head: boolean) => {
    pdf.font(face).fontSize(11);
    const shown = cells.map((cell) => clean(cell.length > 300 ? `${cell.slice(0, 300)}…` : cell));
    const height = Math.max(
      ...shown.map((cell, index) => pdf.heightOfString(cell, { width: widthOf(index), lineGap: 2 })),
    );
    room(sheet, height + 14);
    const y = pdf.y + 6;
    const row = pdf.struct('TR');
    table.add(row);
    for (const [index, cell] of shown.entries())
      say(
        row,
        pdf,
        head ? 'TH' : 'TD',
        () =>
          pdf
            .font(face)
            .fontSize(11)
            .fillColor(head ? SOFT : INK)
            .text(cell, places[index], y, { width: widthOf(index), lineGap: 2 }),
        head ? { scope: 'Column' } : {},
      );
    row.end();
    pdf.y = y + height + 6;
    artifact(pdf, () =>
      pdf
        .moveTo(SIDE, pdf.y)
        .lineTo(SIDE + WIDTH, pdf.y)
        .lineWidth(0.6)
        .stroke(LINE),
    );
  };
  line(['No.', ...columns], 'bold', true);
  for (const [index, row] of rows.entries()) line([String(index + 1), ...row], 'regular', false);
  table.end();
  pdf.y += 24;
}

/** How anyone checks the paper: the code to scan, and the same code to type. */
export function drawVerification(sheet: Sheet, { verifyUrl, code, qr }: Letter): void {
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
  say(root, pdf, 'Figure', () => drawQr(pdf, qr ?? verifyUrl, SIDE + 16, y + 16, side), figure);
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
