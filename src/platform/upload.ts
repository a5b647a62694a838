// What may be uploaded: bytes are judged by what they are, not by what they call themselves, and pictures are rebuilt
// from the parts that show something, so that neither the place where a photo was taken nor anything appended is kept.
import { crc32 } from 'node:zlib';
import { fileTypeFromBuffer } from 'file-type';
import { PROBLEMS, Problem } from './problem.ts';
import { inspectPdf } from './upload-pdf.ts';
import { UPLOAD_PROBLEMS } from './upload-problems.ts';

export const MAX_BYTES = 10 * 1024 * 1024;
const MAX_PIXELS = 40_000_000;
const MAX_SIDE = 12_000;
const MAX_NAME = 120;
// A progressive photo has about ten scans; thousands of them are only made to keep a browser busy.
const MAX_SCANS = 100;

export type FileKind = 'image/jpeg' | 'image/png' | 'image/webp' | 'application/pdf';

/** `width`, `height` in pixels as stored (before turning); `clean` is what to keep: no metadata, nothing appended. */
export type Inspected = { kind: FileKind; width?: number; height?: number; pages?: number; clean: Buffer };
type Picture = { width: number; height: number; clean: Buffer };

const damaged = (): Problem => new Problem(UPLOAD_PROBLEMS.damaged);

/**
 * Tells what the bytes are and what of them to keep. Throws Problem: tooLarge, or one of UPLOAD_PROBLEMS, each with a
 * sentence for the person who sent it.
 */
export async function inspectUpload(bytes: Buffer): Promise<Inspected> {
  if (bytes.length === 0) throw new Problem(UPLOAD_PROBLEMS.empty);
  if (bytes.length > MAX_BYTES) {
    throw new Problem(
      PROBLEMS.tooLarge,
      `Berkas ini ${megabytes(bytes.length)} MB; paling besar 10 MB. Foto lagi dengan mutu atau ukuran yang lebih rendah, lalu kirim ulang.`,
    );
  }
  if (startsWith(bytes, 'ffd8ff')) return picture('image/jpeg', readJpeg(bytes));
  if (startsWith(bytes, '89504e470d0a1a0a')) return picture('image/png', readPng(bytes));
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return picture('image/webp', readWebp(bytes));
  const header = bytes.subarray(0, 1024).indexOf('%PDF-');
  // printers put a few lines before the header; markup or another format there would make one file two
  if (header === 0 || (header > 0 && !bytes.subarray(0, header).includes('<') && (await mimeOf(bytes)) === undefined)) {
    return { kind: 'application/pdf', pages: await inspectPdf(bytes), clean: bytes };
  }
  throw new Problem(UPLOAD_PROBLEMS.kind, remedy(await mimeOf(bytes), bytes));
}

/** A file name to show and download: no folders, no control or direction characters, the right ending, 120 characters. */
export function cleanName(name: string, kind: FileKind): string {
  const plain = (name.normalize('NFC').split(/[/\\]/).at(-1) ?? '')
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*\s]+/g, ' ');
  const trimmed = plain.replace(/^[\s.]+|\s+$/g, '');
  const endings: Record<FileKind, string[]> = {
    'image/jpeg': ['.jpg', '.jpeg'],
    'image/png': ['.png'],
    'image/webp': ['.webp'],
    'application/pdf': ['.pdf'],
  };
  const ending = endings[kind].find((one) => trimmed.toLowerCase().endsWith(one));
  const stem = ending ? trimmed.slice(0, -ending.length) : trimmed;
  const last = ending ?? (endings[kind][0] as string);
  return (
    ([...stem]
      .slice(0, MAX_NAME - last.length)
      .join('')
      .trim() || 'berkas') + last
  );
}

function picture(kind: FileKind, { width, height, clean }: Picture): Inspected {
  if (width === 0 || height === 0) throw damaged();
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new Problem(
      UPLOAD_PROBLEMS.pixels,
      `Gambar ini ${width} × ${height} titik; paling besar 40 megapiksel dan 12.000 titik tiap sisi. Foto lagi dengan ukuran yang lebih kecil di pengaturan kamera.`,
    );
  }
  return { kind, width, height, clean };
}

// ---- JPEG: segments up to EOI

function readJpeg(bytes: Buffer): Picture {
  const head: Buffer[] = [bytes.subarray(0, 2)];
  const body: Buffer[] = [];
  let size: { width: number; height: number } | undefined;
  let orientation = 1;
  let scans = 0;
  let at = 2;
  for (;;) {
    if (bytes[at] !== 0xff) throw damaged();
    while (bytes[at + 1] === 0xff) at += 1; // fill bytes
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xd9) break;
    if (marker >= 0xd0 && marker <= 0xd7) {
      at += 2;
      continue;
    }
    if (marker < 0xc0 || marker === 0xd8) throw damaged();
    const end = at + 2 + u16(bytes, at + 2);
    if (end < at + 4 || end > bytes.length) throw damaged();
    const segment = bytes.subarray(at, end);
    if (isFrame(marker)) {
      if (size) throw damaged(); // a second size would be believed by another reader
      size = { height: u16(segment, 5), width: u16(segment, 7) };
    }
    if (marker === 0xe1 && ascii(segment, 4, 10) === 'Exif\0\0') orientation = readOrientation(segment.subarray(10));
    if (marker === 0xe0 && ascii(segment, 4, 9) === 'JFIF\0' && segment.length === 18) head.push(segment);
    else if (isShown(marker, segment)) body.push(segment);
    at = end;
    if (marker === 0xda) {
      at = endOfScan(bytes, at);
      body.push(bytes.subarray(end, at));
      if ((scans += 1) > MAX_SCANS) throw damaged();
    }
  }
  if (!size || scans === 0) throw damaged();
  refuseAppended(bytes.subarray(at + 2));
  const turned = orientation === 1 ? [] : [exifSegment(orientation)];
  return { ...size, clean: Buffer.concat([...head, ...turned, ...body, Buffer.from([0xff, 0xd9])]) };
}

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Tables, frames and scans, the colour profile and Adobe's colour note; not comments, EXIF, XMP, IPTC, previews. */
function isShown(marker: number, segment: Buffer): boolean {
  if (marker === 0xe2) return ascii(segment, 4, 16) === 'ICC_PROFILE\0';
  if (marker === 0xee) return ascii(segment, 4, 9) === 'Adobe';
  return marker < 0xe0 && marker !== 0xdc;
}

function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw damaged();
}

/** The TIFF block of EXIF with nothing but how the phone was held. */
function tiffOrientation(orientation: number): Buffer {
  return Buffer.from([
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    0x01,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  ]);
}

function exifSegment(orientation: number): Buffer {
  const content = Buffer.concat([Buffer.from('Exif\0\0'), tiffOrientation(orientation)]);
  return Buffer.concat([Buffer.from([0xff, 0xe1, 0, content.length + 2]), content]);
}

/** 1–8 from a TIFF block; 1 (upright) when it says nothing we can read. */
function readOrientation(tiff: Buffer): number {
  const order = ascii(tiff, 0, 2);
  if ((order !== 'MM' && order !== 'II') || tiff.length < 14) return 1;
  const short = (at: number) =>
    at + 2 > tiff.length ? 0 : order === 'MM' ? tiff.readUInt16BE(at) : tiff.readUInt16LE(at);
  const directory = order === 'MM' ? tiff.readUInt32BE(4) : tiff.readUInt32LE(4);
  const entries = Math.min(short(directory), 200);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12;
    if (short(entry) !== 0x0112) continue;
    const value = short(entry + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

// ---- PNG: chunks up to IEND

const PNG_CRITICAL = ['IHDR', 'PLTE', 'IDAT', 'IEND'];
const PNG_SHOWN = new Set([...PNG_CRITICAL, 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'sBIT', 'pHYs', 'bKGD']);

function readPng(bytes: Buffer): Picture {
  const kept: Buffer[] = [bytes.subarray(0, 8)];
  let pixels = false;
  let at = 8;
  for (;;) {
    const length = u32(bytes, at);
    const end = at + 12 + length;
    if (end > bytes.length) throw damaged();
    const type = ascii(bytes, at + 4, at + 8);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== u32(bytes, end - 4)) throw damaged();
    if (at === 8 ? type !== 'IHDR' || length !== 13 : type === 'IHDR') throw damaged();
    if (/^[A-Z]/.test(type) && !PNG_CRITICAL.includes(type)) throw damaged();
    if (PNG_SHOWN.has(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IDAT') pixels = true;
    at = end;
    if (type === 'IEND') break;
  }
  if (!pixels) throw damaged();
  refuseAppended(bytes.subarray(at));
  return { width: u32(bytes, 16), height: u32(bytes, 20), clean: Buffer.concat(kept) };
}

// ---- WebP: chunks of a RIFF

function readWebp(bytes: Buffer): Picture {
  const end = 8 + u32le(bytes, 4);
  if (end > bytes.length) throw damaged();
  const kept: Buffer[] = [];
  let canvas: { width: number; height: number } | undefined;
  let frame: { width: number; height: number } | undefined;
  let extended: Buffer | undefined;
  let orientation = 1;
  let at = 12;
  while (at < end) {
    const type = ascii(bytes, at, at + 4);
    const length = u32le(bytes, at + 4);
    const next = at + 8 + length + (length % 2);
    if (next > end) throw damaged();
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'ANIM' || type === 'ANMF') throw new Problem(UPLOAD_PROBLEMS.animated);
    if (type === 'VP8X') {
      if (at !== 12 || length < 10) throw damaged();
      canvas = { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 };
      kept.push((extended = Buffer.from(bytes.subarray(at, next))));
    } else if (type === 'VP8 ' || type === 'VP8L') {
      if (frame) throw damaged();
      frame = type === 'VP8 ' ? lossySize(data) : losslessSize(data);
      kept.push(bytes.subarray(at, next));
    } else if (type === 'ALPH' || type === 'ICCP') kept.push(bytes.subarray(at, next));
    else if (type === 'EXIF') orientation = readOrientation(ascii(data, 0, 6) === 'Exif\0\0' ? data.subarray(6) : data);
    at = next;
  }
  if (!frame || (canvas && (canvas.width !== frame.width || canvas.height !== frame.height))) throw damaged();
  refuseAppended(bytes.subarray(end));
  if (extended) {
    const EXIF = 0x08;
    const XMP = 0x04;
    extended[8] = ((extended[8] as number) & ~(EXIF | XMP)) | (orientation === 1 ? 0 : EXIF);
    const tiff = tiffOrientation(orientation);
    if (orientation !== 1) kept.push(Buffer.from('EXIF'), Buffer.from([tiff.length, 0, 0, 0]), tiff);
  }
  const content = Buffer.concat([Buffer.from('WEBP'), ...kept]);
  const riff = Buffer.from('RIFF\0\0\0\0');
  riff.writeUInt32LE(content.length, 4);
  return { ...frame, clean: Buffer.concat([riff, content]) };
}

function lossySize(data: Buffer): { width: number; height: number } {
  if (data.length < 10 || !startsWith(data.subarray(3), '9d012a')) throw damaged();
  return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff };
}

function losslessSize(data: Buffer): { width: number; height: number } {
  if (data.length < 5 || data[0] !== 0x2f) throw damaged();
  const bits = data.readUInt32LE(1);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

// ---- shared

// Phones append moving pictures and depth maps, which we cut off; a page or an archive there is no accident.
function refuseAppended(tail: Buffer): void {
  const start = tail.toString('latin1', 0, 1024);
  const archive = /^[\s\0]*(PK|Rar!|7z\xbc)/.test(start);
  if (archive || /<(!doctype|html|head|body|script|svg|iframe|img|\?php|\?xml)|%PDF-/i.test(start)) {
    throw new Problem(UPLOAD_PROBLEMS.appended);
  }
}

// file-type reads hostile bytes: what it cannot read has no name, which is an answer
async function mimeOf(bytes: Buffer): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(bytes))?.mime;
  } catch {
    return undefined;
  }
}

/** What to do instead, for the kinds of file that people really send. */
function remedy(mime: string | undefined, bytes: Buffer): string {
  const start = bytes.toString('latin1', 0, 512);
  if (mime && /hei[cf]/.test(mime)) {
    return 'Foto ini berjenis HEIC (iPhone). Buka Pengaturan, Kamera, Format, pilih "Paling Kompatibel" (JPEG), lalu foto lagi dan kirim ulang.';
  }
  if (mime && /officedocument|opendocument|msword|ms-excel|powerpoint|x-cfb|rtf/.test(mime)) {
    return 'Ini berkas Word, Excel, atau sejenisnya. Simpan sebagai PDF, atau foto lembarnya, lalu kirim ulang.';
  }
  if (mime && /zip|rar|7z|gzip|x-tar|x-xz|bzip/.test(mime)) {
    return 'Ini berkas arsip (ZIP atau sejenisnya). Buka dulu arsipnya, lalu kirim foto atau PDF di dalamnya.';
  }
  if (mime?.startsWith('video/') || mime?.startsWith('audio/'))
    return 'Ini video atau suara. Kirim foto dokumennya (JPEG) atau PDF.';
  if (mime?.startsWith('image/')) {
    return `Gambar jenis ${mime.slice(6).replace(/^x-/, '').toUpperCase()} tidak bisa dipakai. Foto dokumennya dengan kamera HP, atau simpan gambarnya sebagai JPEG.`;
  }
  if (
    mime === 'application/xml' ||
    /^[\s\0\xef\xbb\xbf]*<(!doctype|html|svg|head|body|\?xml|script|!--)/i.test(start)
  ) {
    return 'Ini halaman web atau gambar SVG. Kirim foto dokumennya (JPEG, PNG, WebP) atau PDF.';
  }
  return 'Jenis berkas ini tidak dikenal. Foto dokumennya dengan kamera HP, atau kirim PDF.';
}

const startsWith = (bytes: Buffer, hex: string): boolean =>
  bytes.subarray(0, hex.length / 2).equals(Buffer.from(hex, 'hex'));
const ascii = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);
const megabytes = (size: number): string => (Math.ceil((size / 1024 / 1024) * 10) / 10).toFixed(1).replace('.', ',');

function u16(bytes: Buffer, at: number): number {
  if (at + 2 > bytes.length) throw damaged();
  return bytes.readUInt16BE(at);
}

function u32(bytes: Buffer, at: number): number {
  if (at + 4 > bytes.length) throw damaged();
  return bytes.readUInt32BE(at);
}

function u32le(bytes: Buffer, at: number): number {
  if (at + 4 > bytes.length) throw damaged();
  return bytes.readUInt32LE(at);
}
