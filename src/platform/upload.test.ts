// Uploads judged by their bytes: real small files, and what people and attackers make of them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import PDFDocument from 'pdfkit';
import { Problem } from './problem.ts';
import { cleanName, inspectUpload } from './upload.ts';

const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71' +
    '////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4' +
    '+Pj4+Pj4+Pj/wAARCAAGAAgDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF' +
    'BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW' +
    'V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi' +
    '4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC' +
    'AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm' +
    'Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq' +
    '8vP09fb3+Pn6/9oADAMBAAIRAxEAPwC3/ZMH9+T8x/hRRRQB/9k=',
  'base64',
);
const WEBP_LOSSLESS = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');
const WEBP_LOSSY = Buffer.from('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA', 'base64');
const GPS = 'GPSLatitude -7.0312 111.4125';

describe('what is taken', () => {
  test('a photo, a scan, a screenshot and a PDF are known by their bytes', async () => {
    assert.deepEqual(facts(await inspectUpload(JPEG)), { kind: 'image/jpeg', width: 8, height: 6 });
    assert.deepEqual(facts(await inspectUpload(png(7, 5))), { kind: 'image/png', width: 7, height: 5 });
    assert.deepEqual(facts(await inspectUpload(WEBP_LOSSLESS)), { kind: 'image/webp', width: 1, height: 1 });
    assert.deepEqual(facts(await inspectUpload(WEBP_LOSSY)), { kind: 'image/webp', width: 1, height: 1 });
    assert.deepEqual(facts(await inspectUpload(await pdfkit(3))), { kind: 'application/pdf', pages: 3 });
  });

  test('a PDF whose objects lie in object streams is counted too', async () => {
    assert.equal(
      (await inspectUpload(packedPdf('<</Type/Pages/Kids[2 0 R]/Count 1>>', '<</Type/Page/Parent 1 0 R>>'))).pages,
      1,
    );
  });

  test('a PDF that goes to a page on opening is harmless', async () => {
    await inspectUpload(plainPdf('/OpenAction [2 0 R /Fit]'));
    await inspectUpload(
      plainPdf(
        '/OpenAction 4 0 R',
        '4 0 obj\n<</S/GoTo/D[2 0 R/Fit]>>\nendobj\n5 0 obj\n<</S/URI/URI(http://a.id)>>\nendobj\n',
      ),
    );
  });
});

describe('what is refused, each with a sentence that says what to do', () => {
  const zip = Buffer.from('504b03041400000000000000210000000000000000000000000005000000612e747874', 'hex');
  const heic = Buffer.concat([
    Buffer.from('00000018', 'hex'),
    Buffer.from('ftypheic'),
    Buffer.from('00000000', 'hex'),
    Buffer.from('mif1heic'),
  ]);
  const cases: [string, Buffer, string, RegExp][] = [
    ['nothing', Buffer.alloc(0), 'upload-empty', /kosong/],
    ['more than 10 MB', Buffer.alloc(12_345_678), 'too-large', /11,8 MB.*mutu/],
    ['a HEIC photo', heic, 'upload-kind', /JPEG/],
    ['a zip', zip, 'upload-kind', /arsip/],
    ['a web page', Buffer.from('<!DOCTYPE html><script>alert(1)</script>'), 'upload-kind', /halaman web/],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'upload-kind', /SVG/],
    [
      'an old Word file',
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
      'upload-kind',
      /Word/,
    ],
    ['a GIF', Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1'), 'upload-kind', /GIF/],
    ['text', Buffer.from('halo'), 'upload-kind', /Foto dokumennya/],
    ['a web page before a PDF', Buffer.concat([Buffer.from('<html>'), plainPdf()]), 'upload-kind', /PDF/],
    ['a JPEG without its end', JPEG.subarray(0, -2), 'upload-damaged', /Foto lagi/],
    ['a JPEG cut in the head', JPEG.subarray(0, 100), 'upload-damaged', /Foto lagi/],
    ['a PNG without IEND', png(7, 5).subarray(0, -12), 'upload-damaged', /Foto lagi/],
    ['a PNG with a wrong checksum', flipped(png(7, 5), 30), 'upload-damaged', /Foto lagi/],
    [
      'a JPEG with a page behind it',
      Buffer.concat([JPEG, Buffer.from('<html><script>x</script>')]),
      'upload-appended',
      /menempel/,
    ],
    ['a PNG with a zip behind it', Buffer.concat([png(7, 5), zip]), 'upload-appended', /menempel/],
    ['a PNG with a side of 12,001', png(12_001, 1), 'upload-pixels', /12001 × 1 titik/],
    ['a PNG of 41 megapixels', png(8_200, 5_000), 'upload-pixels', /40 megapiksel/],
    ['a PDF without its end', plainPdf().subarray(0, -6), 'upload-damaged', /Foto lagi/],
    [
      'a PDF with a page behind it',
      Buffer.concat([plainPdf(), Buffer.from('<script>x</script>')]),
      'upload-appended',
      /menempel/,
    ],
    ['a PDF without pages', Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF'), 'upload-damaged', /Foto lagi/],
    ['a locked PDF', plainPdf('', '', '/Encrypt 9 0 R'), 'upload-encrypted', /kata sandi/],
    ['a PDF with JavaScript', plainPdf('/Names <</JavaScript 4 0 R>>'), 'upload-active', /program/],
    [
      'a PDF with JavaScript in disguise',
      plainPdf('/OpenAction <</S/J#61vaScript/#4AS(app.alert(1))>>'),
      'upload-active',
      /program/,
    ],
    ['a PDF that starts a program', plainPdf('/OpenAction <</S/Launch/F(cmd.exe)>>'), 'upload-active', /program/],
    [
      'a PDF with a file in it',
      plainPdf('', '4 0 obj\n<</Type/EmbeddedFile/Length 1>>\nstream\nx\nendstream\nendobj\n'),
      'upload-active',
      /lampiran/,
    ],
    ['a PDF that opens an address', plainPdf('/OpenAction <</S/URI/URI(http://a.id)>>'), 'upload-active', /otomatis/],
    [
      'a PDF that opens an address by reference',
      plainPdf('/OpenAction 4 0 R', '4 0 obj\n<</S/URI/URI(http://a.id)>>\nendobj\n'),
      'upload-active',
      /otomatis/,
    ],
    [
      'a PDF with JavaScript in an object stream',
      packedPdf('<</Type/Page>>', '<</S/JavaScript/JS(x)>>'),
      'upload-active',
      /program/,
    ],
    [
      'a PDF that opens a packed address',
      packedPdf('<</Type/Page/AA<</O 2 0 R>>/OpenAction 2 0 R>>', '<</S/URI/URI(http://a.id)>>'),
      'upload-active',
      /otomatis/,
    ],
    [
      'a PDF with objects packed in an odd way',
      plainPdf('', '4 0 obj\n<</Type/ObjStm/Filter/LZWDecode>>\nstream\nxyz\nendstream\nendobj\n'),
      'upload-damaged',
      /Foto lagi/,
    ],
    ['a PDF bomb', packedPdf(`<</Type/Page>>${' '.repeat(60 * 1024 * 1024)}`), 'upload-unpacked', /terlalu besar/],
    [
      'a PDF of 51 pages',
      packedPdf(...Array.from({ length: 51 }, () => '<</Type /Page>>')),
      'upload-pages',
      /50 halaman/,
    ],
  ];
  for (const [name, bytes, code, sentence] of cases) {
    test(name, async () => {
      await assert.rejects(inspectUpload(bytes), (error: Error) => {
        assert.ok(error instanceof Problem, String(error));
        assert.equal(error.kind.code, code);
        assert.match(error.message, sentence);
        return true;
      });
    });
  }
});

describe('a photo of a document does not carry where it was taken', () => {
  test('JPEG: EXIF, XMP, comments, previews and appended pictures go; the orientation stays', async () => {
    for (const order of ['MM', 'II'] as const) {
      const photo = Buffer.concat([
        JPEG.subarray(0, 2),
        segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff(order, 6), Buffer.from(GPS)])),
        segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${GPS}`)),
        segment(0xed, Buffer.from(`Photoshop 3.0\0${GPS}`)),
        segment(0xe2, Buffer.from(`MPF\0${GPS}`)),
        segment(0xfe, Buffer.from(GPS)),
        segment(0xe2, Buffer.from('ICC_PROFILE\0colour')),
        JPEG.subarray(2),
        Buffer.from(`\0\0\0\x18ftypmp42${GPS}`),
      ]);
      const { clean, width } = await inspectUpload(photo);
      assert.equal(width, 8);
      assert.ok(!clean.includes('GPS'));
      assert.ok(clean.includes('ICC_PROFILE'));
      assert.ok(clean.includes(Buffer.from('0112000300000001000600', 'hex')));
      assert.equal(clean.subarray(-2).toString('hex'), 'ffd9');
      assert.ok((await inspectUpload(clean)).clean.equals(clean));
    }
    assert.ok(!(await inspectUpload(JPEG)).clean.includes('Exif'));
  });

  test('PNG: texts, times and EXIF go', async () => {
    const picture = png(
      7,
      5,
      chunk('tEXt', Buffer.from(`Location\0${GPS}`)),
      chunk('eXIf', tiff('MM', 6)),
      chunk('tIME', Buffer.alloc(7)),
      chunk('pHYs', Buffer.alloc(9)),
    );
    const { clean } = await inspectUpload(picture);
    for (const gone of ['tEXt', 'eXIf', 'tIME', 'GPS']) assert.ok(!clean.includes(gone), gone);
    assert.ok(clean.includes('pHYs'));
  });

  test('WebP: EXIF and XMP go; the orientation stays', async () => {
    const extended = riff(
      riffChunk('VP8X', Buffer.from([0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
      WEBP_LOSSY.subarray(12),
      riffChunk('EXIF', Buffer.concat([tiff('II', 8), Buffer.from(GPS)])),
      riffChunk('XMP ', Buffer.from(GPS)),
    );
    const { clean } = await inspectUpload(extended);
    assert.ok(!clean.includes('GPS') && !clean.includes('XMP '));
    assert.equal(clean[20], 0x08);
    assert.ok(clean.includes(tiff('MM', 8).subarray(0, 20)));
    assert.ok((await inspectUpload(clean)).clean.equals(clean));
    await assert.rejects(inspectUpload(riff(riffChunk('ANIM', Buffer.alloc(6)))), { message: /bergerak/ });
  });
});

test('a file name is only a name', () => {
  assert.equal(cleanName('C:\\Users\\Siti\\kk.jpg', 'image/jpeg'), 'kk.jpg');
  assert.equal(cleanName('../../etc/passwd', 'application/pdf'), 'passwd.pdf');
  assert.equal(cleanName('foto\u0000\u202egpj.exe\n', 'image/png'), 'fotogpj.exe.png');
  assert.equal(cleanName('  .htaccess', 'image/webp'), 'htaccess.webp');
  assert.equal(cleanName('', 'image/jpeg'), 'berkas.jpg');
  assert.equal(cleanName('KTP Sutrisno (1).JPEG', 'image/jpeg'), 'KTP Sutrisno (1).jpeg');
  assert.equal([...cleanName('é'.repeat(500), 'application/pdf')].length, 120);
});

test('whatever bytes come, the answer is a file or a Problem', async () => {
  const seeds = [
    JPEG,
    png(7, 5),
    WEBP_LOSSY,
    WEBP_LOSSLESS,
    riff(riffChunk('VP8X', Buffer.alloc(10)), WEBP_LOSSY.subarray(12)),
    plainPdf(),
    packedPdf('<</Type/Page>>', '<<>>'),
    await pdfkit(1),
  ];
  const edit = fc.record({ at: fc.nat(4096), cut: fc.nat(8), put: fc.uint8Array({ maxLength: 8 }) });
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 5 }))
    .map(([seed, edits]) =>
      edits.reduce((bytes, { at, cut, put }) => {
        const from = at % (bytes.length + 1);
        return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)]);
      }, seed),
    );
  const random = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
  await fc.assert(
    fc.asyncProperty(fc.oneof({ arbitrary: mutated, weight: 9 }, random), async (bytes) => {
      try {
        const { clean } = await inspectUpload(bytes);
        assert.ok((await inspectUpload(clean)).clean.equals(clean), 'what was cleaned is clean');
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});

// ---- crafted bytes

const facts = ({ clean: _, ...rest }: Awaited<ReturnType<typeof inspectUpload>>) => rest;

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  return Buffer.concat([u32(data.length), body, u32(crc32(body))]);
}

function png(width: number, height: number, ...extra: Buffer[]): Buffer {
  const header = Buffer.concat([u32(width), u32(height), Buffer.from([8, 0, 0, 0, 0])]);
  const pixels = deflateSync(Buffer.alloc((Math.min(width, 100) + 1) * Math.min(height, 100)));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function segment(marker: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]), data]);
}

function tiff(order: 'MM' | 'II', orientation: number): Buffer {
  const big = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  const little = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
  return Buffer.from(order === 'MM' ? big : little);
}

function riffChunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(type), length, data, Buffer.alloc(data.length % 2)]);
}

const riff = (...chunks: Buffer[]): Buffer => riffChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function plainPdf(catalog = '', objects = '', trailer = ''): Buffer {
  return Buffer.from(
    `%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 3 0 R ${catalog}>>\nendobj\n2 0 obj\n<</Type/Page/Parent 3 0 R>>\nendobj\n` +
      `3 0 obj\n<</Type/Pages/Kids[2 0 R]/Count 1>>\nendobj\n${objects}trailer\n<</Root 1 0 R ${trailer}>>\nstartxref\n9\n%%EOF\n`,
  );
}

/** Objects 1, 2, 3 … in a Flate object stream. */
function packedPdf(...objects: string[]): Buffer {
  let offset = 0;
  const header = objects.map((object, i) => {
    const entry = `${i + 1} ${offset} `;
    offset += object.length + 1;
    return entry;
  });
  const packed = deflateSync(Buffer.from(`${header.join('')}${objects.join(' ')}`));
  return Buffer.concat([
    Buffer.from(
      `%PDF-1.5\n9 0 obj\n<</Type/ObjStm/N ${objects.length}/First ${header.join('').length}/Filter/FlateDecode/Length ${packed.length}>>\nstream\n`,
    ),
    packed,
    Buffer.from('\nendstream\nendobj\nstartxref\n9\n%%EOF\n'),
  ]);
}

function pdfkit(pages: number): Promise<Buffer> {
  const document = new PDFDocument({ size: 'A5', autoFirstPage: false });
  for (let i = 0; i < pages; i++) document.addPage().text('halaman');
  const parts: Buffer[] = [];
  document.on('data', (part) => parts.push(part));
  document.end();
  return new Promise((resolve) => document.on('end', () => resolve(Buffer.concat(parts))));
}
