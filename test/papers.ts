// Papers for tests: one letter, signed by a seal that is made once for the test file, and the programs to look at it with.
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { makeCms, type Signer } from '#src/documents/cms.ts';
import { type Letter, renderPdf } from '#src/documents/pdf.ts';
import { coveredBytes } from '#src/documents/pdf-signature.ts';
import { placeSignature, prepareSignature } from '#src/documents/signing/increment.ts';
import { makeDemoSigner, openPkcs12 } from '#src/documents/signing/pkcs12.ts';

export const PAPER_CODE = '7KDM4QXA9WZT3PRV6HJN2CBE8G';
export const PAPER_DAY = new Date('2026-11-22T02:00:00Z');
export const PAPER: Letter = {
  title: 'Surat Keterangan Contoh',
  regency: 'Pemerintah Kabupaten Contoh',
  agency: 'Kelurahan Contoh',
  number: '470/12/2026',
  opening: 'Menerangkan bahwa orang berikut tinggal di wilayah kami.',
  rows: [{ label: 'Nama', value: 'Sekar Contoh' }],
  lists: [],
  signer: 'Lurah Contoh',
  place: 'Blora',
  date: '2026-11-22',
  code: PAPER_CODE,
  verifyUrl: `https://pendopo.example.id/verifikasi/${PAPER_CODE}`,
  issuedAt: PAPER_DAY,
  demo: false,
};

export const drawPaper = (more: Partial<Letter> = {}): Promise<Buffer> => renderPdf({ ...PAPER, ...more });

export type TestSeal = { signer: Signer; roots: X509Certificate[]; pkcs12: Buffer; pem: string };
export const SEAL_PASSPHRASE = 'rahasia-contoh';

/** A root and a signer below it. `at`: when they were made. */
export function makeSeal(at = PAPER_DAY): TestSeal {
  const { pkcs12, root } = makeDemoSigner(at, SEAL_PASSPHRASE);
  const signer = openPkcs12(pkcs12, SEAL_PASSPHRASE, at);
  if (typeof signer === 'string') throw new Error(signer);
  return { signer, roots: [new X509Certificate(root)], pkcs12, pem: root };
}

/** Signs any PDF that we drew, as a provider would. */
export function signPaper(paper: Buffer, { signer }: Pick<TestSeal, 'signer'>, at = PAPER_DAY): Buffer {
  const prepared = prepareSignature(paper, { name: 'Penanda Contoh', reason: 'Uji', location: 'Blora', at });
  return placeSignature(prepared, makeCms(signer, coveredBytes(prepared.pdf, prepared.range)));
}

/** For `skip`: why a test cannot run on this machine, or false. */
export const without = (...programs: string[]): string | false =>
  programs.find((program) => spawnSync(program, ['--version']).error !== undefined)?.concat(' is not installed') ??
  false;
