// What a signature covers: real ones pass, and every way of making a file say more than was signed is a warning.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { plainAddPlaceholder } from '@signpdf/placeholder-plain';
import { Signer, SignPdf } from '@signpdf/signpdf';
import fc from 'fast-check';
import { drawPaper, makeSeal, PAPER_CODE, PAPER_DAY, signPaper, type TestSeal, without } from '#test/papers.ts';
import { checkCms, makeCms } from './cms.ts';
import { codeIn, judgeSignatures } from './judging/judgement.ts';
import { type Fault, MAX_PDF, readSignatures } from './pdf-signature.ts';
import { acceptSigned } from './signing/acceptance.ts';

let seal: TestSeal;
let signed: Buffer;
const folder = mkdtempSync(join(tmpdir(), 'pendopo-signature-'));
before(async () => {
  seal = makeSeal();
  signed = signPaper(await drawPaper(), seal);
});
after(() => rmSync(folder, { recursive: true, force: true }));

const judge = (pdf: Buffer) => judgeSignatures(pdf, seal.roots, PAPER_DAY);
const faultsOf = (pdf: Buffer): Fault[] => readSignatures(pdf).signatures.flatMap(({ faults }) => faults);
/** Changes text of the same length in place, so that offsets stay. */
const swap = (from: string | RegExp, to: (found: string) => string): Buffer => {
  const text = signed.toString('latin1');
  const found = typeof from === 'string' ? from : (from.exec(text)?.[0] ?? '');
  assert.ok(found !== '' && text.includes(found), String(from));
  assert.equal(to(found).length, found.length);
  return Buffer.from(
    text.replace(found, () => to(found)),
    'latin1',
  );
};
const RANGE = /\/ByteRange \[0 +\d+ +\d+ +\d+\]/;
const rangeOf = (): [number, number, number, number] => readSignatures(signed).signatures[0]?.range ?? assert.fail();
const withRange = (numbers: (number | string)[]) =>
  swap(RANGE, (found) => `/ByteRange [${numbers.join(' ')}]`.padEnd(found.length, ' '));

describe('a signed paper', () => {
  test('is covered as a whole by one valid signature that names its certificate', () => {
    const { signatures, covered, holds, problem } = judge(signed);
    assert.deepEqual({ covered, holds, problem }, { covered: true, holds: [], problem: undefined });
    assert.deepEqual(
      signatures.map(({ state, wholeFile, chain, namesCertificate, faults }) => [
        state,
        wholeFile,
        chain,
        namesCertificate,
        faults,
      ]),
      [['valid', true, 'trusted', true, []]],
    );
    assert.equal(codeIn(signed), PAPER_CODE);
  });

  test('is valid and signed in total for pdfsig too', { skip: without('pdfsig') }, () => {
    writeFileSync(join(folder, 'signed.pdf'), signed);
    const said = spawnSync('pdfsig', [join(folder, 'signed.pdf')]).stdout.toString();
    for (const line of ['Signature is Valid.', 'Total document signed', 'ETSI.CAdES.detached', 'SHA-256'])
      assert.ok(said.includes(line), said);
  });

  test('has no fault for qpdf', { skip: without('qpdf') }, () => {
    writeFileSync(join(folder, 'signed.pdf'), signed);
    const { status, stdout, stderr } = spawnSync('qpdf', ['--check', join(folder, 'signed.pdf')]);
    assert.equal(status, 0, `${stdout}${stderr}`);
  });

  test('signed by another program is read the same, and accepted from a provider', async () => {
    const paper = await drawPaper();
    const others = await signedByOthers(paper);
    const { signatures, covered } = judge(others);
    assert.deepEqual(
      [signatures.length, signatures[0]?.state, signatures[0]?.wholeFile, covered],
      [1, 'valid', true, true],
    );
    assert.equal(acceptSigned(paper, others, seal.roots, PAPER_DAY).ok, true);
  });

  test('is not trusted without the root, and expired outside its time', () => {
    assert.deepEqual(judgeSignatures(signed, [], PAPER_DAY).signatures[0]?.chain, 'untrusted');
    assert.equal(judgeSignatures(signed, seal.roots, new Date('2066-01-01')).signatures[0]?.chain, 'expired');
    assert.equal(judgeSignatures(signed, makeSeal().roots, PAPER_DAY).covered, false, 'another root of the same name');
  });
});

describe('a file that says more than was signed', () => {
  const refused = (pdf: Buffer, ...expected: Fault[]) => {
    assert.equal(judge(pdf).covered, false);
    for (const fault of expected) assert.ok(faultsOf(pdf).includes(fault), `${fault} in ${faultsOf(pdf)}`);
  };

  test('bytes appended behind the signature are outside it', () => {
    for (const more of ['\n', ' ', '%', '\n1 0 obj\n<<>>\nendobj\n'])
      refused(Buffer.concat([signed, Buffer.from(more)]));
    assert.equal(judge(Buffer.concat([signed, Buffer.from('x')])).signatures[0]?.wholeFile, false);
  });

  test('an incremental update after the signing is a warning, though the signature itself is valid', () => {
    const update = `\n9 0 obj\n<< /Type /Page /Contents 99 0 R >>\nendobj\nxref\n9 1\n${String(signed.length + 1).padStart(10, '0')} 00000 n \ntrailer\n<< /Size 99 /Root 1 0 R /Prev 0 >>\nstartxref\n${signed.length + 60}\n%%EOF\n`;
    const changed = Buffer.concat([signed, Buffer.from(update)]);
    refused(changed);
    assert.equal(judge(changed).signatures[0]?.state, 'valid');
    assert.equal(judge(changed).signatures[0]?.wholeFile, false);
  });

  test('a gap that is wider or narrower than the value of /Contents', () => {
    const [, length, next, rest] = rangeOf();
    refused(withRange([0, length - 1, next, rest]), 'gap-not-contents');
    refused(withRange([0, length, next + 1, rest - 1]), 'gap-not-contents');
    refused(withRange([0, length - 40, next, rest]), 'gap-not-contents');
  });

  test('parts that overlap, leave the file, begin late or are no numbers', () => {
    const [, length, next, rest] = rangeOf();
    refused(withRange([0, next, length, rest]), 'range-overlap');
    refused(withRange([0, length, length + 1, rest]), 'range-overlap');
    refused(withRange([0, length, next, rest + 5]), 'range-outside');
    refused(withRange([8, length - 8, next, rest]), 'range-outside');
    refused(withRange([0, length, next, '1e3']), 'range-unreadable');
    refused(withRange([0, `-${length}`, next, rest]), 'range-unreadable');
    refused(withRange([0, length, next]), 'range-unreadable');
  });

  test('contents that are no hexadecimal, or hide bytes behind the signature', () => {
    const [, , next] = rangeOf();
    const hidden = Buffer.from(signed);
    hidden.write('ab', next - 11, 'latin1');
    refused(hidden, 'contents-padding');
    const broken = Buffer.from(signed);
    broken.write('zz', next - 11, 'latin1');
    refused(broken, 'contents-not-hex');
    const ended = Buffer.from(signed);
    ended.write('>(', next - 11, 'latin1');
    refused(ended, 'contents-not-hex');
  });

  test('a second range that points at the same signature, wherever it stands', () => {
    const range = RANGE.exec(signed.toString('latin1'))?.[0] ?? '';
    const wrapped = Buffer.concat([signed, Buffer.from(`\n90 0 obj\n<< /Type /Sig ${range} >>\nendobj\n`)]);
    refused(wrapped, 'range-doubled', 'gap-not-contents');
  });

  test('a signature moved into an object of its own that leaves other bytes out', () => {
    const [, length, next] = rangeOf();
    const contents = signed.toString('latin1', length, next);
    const head = signed.subarray(0, signed.length);
    const at = head.length + `\n91 0 obj\n<< /Contents `.length;
    const tail = ` >>\nendobj\n92 0 obj\n<< /ByteRange [0 ${at} ${at + contents.length} 99] >>\nendobj\n`;
    const moved = Buffer.concat([head, Buffer.from(`\n91 0 obj\n<< /Contents ${contents}${tail}`, 'latin1')]);
    refused(moved);
  });

  test('names in disguise, too many of them, and locked files', () => {
    const text = signed.toString('latin1');
    refused(Buffer.from(text.replace('/ByteRange', '/Byte#52ange'), 'latin1'), 'name-disguised');
    assert.equal(
      readSignatures(Buffer.from(`%PDF-1.7\n${'/ByteRange [0 1 2 3] '.repeat(40)}`)).problem,
      'too-many-signatures',
    );
    assert.equal(readSignatures(Buffer.from(`${text}\ntrailer << /Encrypt 1 0 R >>`, 'latin1')).problem, 'encrypted');
    assert.equal(readSignatures(Buffer.from(`${text}\ntrailer << /#45ncrypt 1 0 R >>`, 'latin1')).problem, 'encrypted');
    assert.equal(readSignatures(Buffer.alloc(MAX_PDF + 1)).problem, 'too-large');
    assert.equal(readSignatures(Buffer.from('halo')).problem, 'not-pdf');
  });

  test('scripts and attachments are said, not run', () => {
    const text = `%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> /Names << /EmbeddedFiles 2 0 R >> >> endobj`;
    assert.deepEqual(readSignatures(Buffer.from(text)).holds, ['script', 'attachment']);
  });

  test('a signature of other bytes, or by a key that is not the certificate’s, is invalid', async () => {
    const other = signPaper(await drawPaper({ number: '470/13/2026' }), seal);
    const [, length, next] = rangeOf();
    const [, from, to] = readSignatures(other).signatures[0]?.range ?? assert.fail();
    const swapped = Buffer.concat([signed.subarray(0, length), other.subarray(from, to), signed.subarray(next)]);
    assert.equal(judge(swapped).signatures[0]?.state, 'invalid');
    const stranger = makeSeal();
    const forged = signPaper(await drawPaper(), {
      signer: { key: stranger.signer.key, certificates: seal.signer.certificates },
    });
    assert.equal(judge(forged).signatures[0]?.state, 'invalid');
  });
});

describe('whatever bytes come', () => {
  test('a change of any covered byte never passes', () => {
    const [, length, next] = rangeOf();
    const covered = fc.nat(signed.length - 1).filter((at) => at < length || at >= next);
    fc.assert(
      fc.property(covered, fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = Buffer.from(signed);
        changed[at] = (changed[at] as number) ^ bits;
        assert.equal(judge(changed).covered, false, `byte ${at}`);
      }),
      { numRuns: 500 },
    );
  });

  test('a change inside the signature passes only when it is the same signature written otherwise', () => {
    const [, length, next] = rangeOf();
    fc.assert(
      fc.property(fc.integer({ min: length, max: length + 5000 }), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = Buffer.from(signed);
        changed[at] = (changed[at] as number) ^ bits;
        const same =
          changed.toString('latin1', length, next).toLowerCase() ===
          signed.toString('latin1', length, next).toLowerCase();
        // the certificates that come along are not signed, and nobody needs the second of them: it may be damaged
        if (judge(changed).covered && !same) {
          const [before, now] = [judge(signed), judge(changed)].map(({ signatures }) => signatures[0]);
          assert.deepEqual([now?.signer, now?.state, now?.chain], [before?.signer, before?.state, before?.chain]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('cut, doubled and random files give an answer, and quickly', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }).map((random) => Buffer.concat([Buffer.from('%PDF-1.7\n'), random])),
      fc.nat(signed.length).map((end) => signed.subarray(0, end)),
      fc
        .tuple(fc.nat(signed.length), fc.nat(signed.length))
        .map(([a, b]) => Buffer.concat([signed.subarray(0, a), signed.subarray(b)])),
      fc
        .array(
          fc.constantFrom(
            '/ByteRange',
            ' [0 9 19 29]',
            '[0',
            '/Contents',
            '<00>',
            '<3000>',
            '#',
            '/',
            '(',
            ')',
            '%PDF-',
            '\n1 0 obj',
            'endobj',
          ),
          { maxLength: 60 },
        )
        .map((parts) => Buffer.from(`%PDF-1.4 ${parts.join('')}`)),
    );
    fc.assert(
      fc.property(bytes, (pdf) => {
        const began = performance.now();
        if (!pdf.equals(signed)) assert.equal(judge(pdf).covered, false);
        assert.ok(performance.now() - began < 1500);
      }),
      { numRuns: 500 },
    );
  });

  test('a signature made of anything is unreadable or invalid, never a crash', () => {
    const cms = readSignatures(signed).signatures[0]?.cms ?? assert.fail();
    const broken = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((random) => Buffer.from(random)),
      fc.tuple(fc.nat(cms.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, bits]) => {
        const changed = Buffer.from(cms);
        changed[at] = (changed[at] as number) ^ bits;
        return changed;
      }),
      fc.integer({ min: 30, max: 5000 }).map((depth) => nested(depth)),
    );
    fc.assert(
      fc.property(broken, (bytes) => {
        const { state } = checkCms(bytes, Buffer.from('isi yang lain'), seal.roots, PAPER_DAY);
        assert.notEqual(state, 'valid');
      }),
      { numRuns: 300 },
    );
  });
});

/** By the widely used library: its own update, its own places, our CMS. */
async function signedByOthers(paper: Buffer): Promise<Buffer> {
  class Ours extends Signer {
    override sign = (content: Buffer): Promise<Buffer> => Promise.resolve(makeCms(seal.signer, content));
  }
  const pdfBuffer = plainAddPlaceholder({
    pdfBuffer: paper,
    reason: 'Uji',
    contactInfo: '',
    name: 'Penanda Contoh',
    location: 'Blora',
    subFilter: 'ETSI.CAdES.detached',
  });
  return new SignPdf().sign(pdfBuffer, new Ours(), PAPER_DAY);
}

// sequences in sequences, as deep as asked
function nested(depth: number): Buffer {
  let value = Buffer.alloc(0);
  for (let i = 0; i < depth && value.length < 60_000; i++) {
    const size = Buffer.alloc(3);
    size.writeUIntBE(value.length, 0, 3);
    value = Buffer.concat([Buffer.from([0x30, 0x83]), size, value]);
  }
  return value;
}
