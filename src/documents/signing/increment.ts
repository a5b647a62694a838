// Room for a signature at the end of a paper of ours: one incremental update, after which every byte before it is still
// the same. Written by us because updaters by pattern drop the file's /ID, which PDF/A wants. Pure.

/** Hexadecimal digits kept free for the CMS; with a chain of three certificates about 7,000 bytes are used. */
const ROOM = 32_768;
/** As wide as any file of ours needs. */
const WIDTH = 10;

export type Prepared = { pdf: Buffer; range: [number, number, number, number] };

/** Adds an unsigned signature field to a PDF that `renderPdf` drew. Throws when the file is not one of ours. */
export function prepareSignature(
  paper: Buffer,
  given: { name: string; reason: string; location: string; at: Date },
): Prepared {
  const text = paper.toString('latin1');
  const previous = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text.slice(-64))?.[1]);
  const trailer = /trailer\s*<<([\s\S]*?)>>\s*startxref/.exec(text.slice(previous))?.[1] ?? '';
  const size = Number(/\/Size (\d+)/.exec(trailer)?.[1]);
  const root = Number(/\/Root (\d+) 0 R/.exec(trailer)?.[1]);
  const kept = [/\/Info \d+ 0 R/, /\/ID \[[^\]]*\]/].map((entry) => entry.exec(trailer)?.[0] ?? '').join('\n');
  const catalog = objectOf(text, root);
  const pages = objectOf(text, Number(/\/Pages (\d+) 0 R/.exec(catalog)?.[1]));
  const last = Number(/(\d+) 0 R\s*\]/.exec(/\/Kids\s*\[[^\]]*\]/.exec(pages)?.[0] ?? '')?.[1]);
  const page = objectOf(text, last);
  if (!size || !root || !last || catalog.includes('/AcroForm')) throw new Error('this is not a paper that we drew');

  const [signature, field] = [size, size + 1];
  const annots = /\/Annots\s*\[([^\]]*)\]/.exec(page);
  const newPage = annots
    ? page.replace(annots[0], `/Annots [${annots[1]} ${field} 0 R]`)
    : page.replace(/>>\s*$/, `/Annots [${field} 0 R]\n>>`);
  const slot = `${'0'.repeat(WIDTH)}`;
  const objects: [number, string][] = [
    [
      signature,
      `<<\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached\n/ByteRange [0 ${slot} ${slot} ${slot}]\n/Contents <${'0'.repeat(ROOM)}>\n/M (${pdfDate(given.at)})\n/Name ${textString(given.name)}\n/Reason ${textString(given.reason)}\n/Location ${textString(given.location)}\n>>`,
    ],
    [
      field,
      // without extent: what people see is the panel with the code, which is part of the paper itself
      `<<\n/Type /Annot\n/Subtype /Widget\n/FT /Sig\n/T (TandaTangan1)\n/Rect [0 0 0 0]\n/F 132\n/V ${signature} 0 R\n/P ${last} 0 R\n/TU (Tanda tangan elektronik)\n>>`,
    ],
    [root, catalog.replace(/>>\s*$/, `/AcroForm <<\n/Fields [${field} 0 R]\n/SigFlags 3\n>>\n>>`)],
    [last, newPage],
  ];
  let body = text.endsWith('\n') ? '' : '\n';
  const offsets = new Map<number, number>();
  for (const [number, content] of objects) {
    offsets.set(number, paper.length + body.length);
    body += `${number} 0 obj\n${content}\nendobj\n`;
  }
  const xref = paper.length + body.length;
  body += 'xref\n';
  for (const [number, offset] of [...offsets].sort(([a], [b]) => a - b))
    body += `${number} 1\n${String(offset).padStart(10, '0')} 00000 n \n`;
  body += `trailer\n<<\n/Size ${size + 2}\n/Root ${root} 0 R\n${kept}\n/Prev ${previous}\n>>\nstartxref\n${xref}\n%%EOF\n`;

  const pdf = Buffer.concat([paper, Buffer.from(body, 'latin1')]);
  const gap = pdf.indexOf('/Contents <', offsets.get(signature)) + '/Contents '.length;
  const next = gap + ROOM + 2;
  const range: Prepared['range'] = [0, gap, next, pdf.length - next];
  const numbers = range.slice(1).map((number) => String(number).padStart(WIDTH, ' '));
  pdf.write(`/ByteRange [0 ${numbers.join(' ')}]`, pdf.indexOf('/ByteRange [', offsets.get(signature)), 'latin1');
  return { pdf, range };
}

/** Puts the CMS into its room. Throws when it does not fit. */
export function placeSignature({ pdf, range }: Prepared, cms: Buffer): Buffer {
  if (cms.length * 2 > ROOM) throw new Error('the signature needs more room than was kept');
  const signed = Buffer.from(pdf);
  signed.write(cms.toString('hex'), range[1] + 1, 'latin1');
  return signed;
}

// the last definition counts; streams are none of the objects asked for
function objectOf(text: string, number: number): string {
  const at = text.lastIndexOf(`\n${number} 0 obj\n`);
  if (at < 0) return '';
  const start = at + `\n${number} 0 obj\n`.length;
  return text.slice(start, text.indexOf('endobj', start)).trimEnd();
}

const pdfDate = (at: Date): string => `D:${at.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`;

/** UTF-16 in hexadecimal: no character of a name can end the string. */
const textString = (text: string): string =>
  `<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}>`;
