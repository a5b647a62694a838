// QR codes as one path, for pages (SVG) and documents (PDF alike): no picture, no script.
import QRCode from 'qrcode';

/** The modules of a code: `size` in modules a side, without the quiet zone; `path` in SVG syntax, one unit a module. */
export function qrPath(text: string): { size: number; path: string } {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  let path = '';
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      if (!modules.get(y, x)) continue;
      // neighbours in a row are one bar, which makes the path short and leaves no hairlines between them
      const from = x;
      while (x + 1 < modules.size && modules.get(y, x + 1)) x += 1;
      path += `M${from} ${y}h${x - from + 1}v1h-${x - from + 1}z`;
    }
  }
  return { size: modules.size, path };
}

/** An SVG of one path with the quiet zone of four modules that readers need; always dark on white. */
export function renderReceiptQr(text: string): string {
  const { size, path } = qrPath(text);
  const side = size + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="-4 -4 ${side} ${side}" width="${side * 4}" height="${side * 4}" role="img" aria-label="Kode QR"><rect x="-4" y="-4" width="100%" height="100%" fill="#fff"/><path d="${path}" fill="#000"/></svg>`;
}
