// What every piece of a paper is drawn with: measures, colours, and the ways of saying and showing. Pure.
import type PDFDocument from 'pdfkit';
import { qrPath } from '#ui/qr.ts';

export type Pdf = InstanceType<typeof PDFDocument>;
export type Element = PDFKit.PDFStructureElement;
export type Sheet = { pdf: Pdf; root: Element; clean: (text: string) => string };

export const ROOF = 'M12.5 3h7l3.5 6.2H9zM7.6 10.6h16.8l4 4.4H3.6zM3 16.4h26l3 3.6H0z';
export const POSTS = 'M4 20h2v8H4zm7 0h2v8h-2zm8 0h2v8h-2zm7 0h2v8h-2zM1 28h30v2H1z';
export const LEAF = '#103c29';
export const TEAK = '#a8703a';
export const INK = '#1d2520';
export const SOFT = '#575a4e';
export const LINE = '#dfd5c0';
export const WARM = '#faf6ec';

export const PAGE = { width: 595.28, height: 841.89 };
export const SIDE = 68;
export const WIDTH = PAGE.width - 2 * SIDE;
export const TOP = 52;
export const BOTTOM = 76;
export const FLOOR = PAGE.height - BOTTOM;
// a little above the middle, so that the panel at the foot hides none of it
export const MIDDLE = PAGE.height / 2 - 46;
export const LABEL = 158;
export const GAP = 14;

/** Starts a new page when the next piece does not fit on this one. */
export function room({ pdf }: Sheet, height: number): void {
  if (pdf.y + height > FLOOR) pdf.addPage();
}

/** Draws inside an element of the structure, so that it is read aloud as what it is. */
export function say(parent: Element, pdf: Pdf, type: string, draw: () => unknown, options: object = {}): void {
  parent.add(pdf.struct(type as never, options, () => void draw()));
}

/** Draws what is only to be looked at. */
export function artifact(pdf: Pdf, draw: () => unknown): void {
  pdf.markContent('Artifact');
  draw();
  pdf.endMarkedContent();
}

export function drawMark(pdf: Pdf, x: number, y: number, side: number): void {
  pdf
    .save()
    .translate(x, y)
    .scale(side / 32);
  pdf.path(ROOF).fill(LEAF).path(POSTS).fill(TEAK);
  pdf.restore();
}

export function drawQr(pdf: Pdf, text: string, x: number, y: number, side: number): void {
  const { size, path } = qrPath(text);
  pdf
    .save()
    .translate(x, y)
    .scale(side / size)
    .path(path)
    .fill('#000000');
  pdf.restore();
}
