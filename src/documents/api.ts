// Verification for machines: anyone who holds a paper's code may ask whether the paper is real.
import { z } from '@hono/zod-openapi';
import type { Hono } from 'hono';
import { addOperations, operation } from '#platform/api.ts';
import type { Ctx } from '#platform/context.ts';
import { guard } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { findDocument, type IssuedDocument } from './actions.ts';
import { judgePdf } from './judging/actions.ts';
import { readPdfUpload } from './pages/upload.ts';

const Named = z.strictObject({ id: z.string(), name: z.string() });
const Verification = z
  .strictObject({
    status: z
      .enum(['valid', 'revoked', 'unknown'])
      .openapi({ description: 'unknown: kode ini tidak pernah kami terbitkan' }),
    product: Named.optional(),
    service: Named.optional(),
    agency: Named.optional(),
    number: z.string().optional(),
    issuedAt: z.iso.datetime().optional(),
    revokedAt: z.iso.datetime().optional(),
    revokedReason: z.string().optional(),
    holder: z.string().optional().openapi({ description: 'Huruf pertama nama pemegang saja' }),
    signature: z
      .enum(['none', 'awaiting-signature', 'signing-unknown', 'signed'])
      .optional()
      .openapi({ description: 'Keadaan tanda tangan elektroniknya' }),
    simulated: z.boolean().optional().openapi({ description: 'Dari riwayat simulasi: tidak berlaku' }),
    sha256: z.string().optional().openapi({ description: 'Sidik PDF yang kami terbitkan, heksadesimal' }),
  })
  .openapi('Verification');

const EXAMPLE = {
  status: 'valid',
  product: { id: 'surat', name: 'Surat Keterangan Domisili' },
  service: { id: 'surat-domisili', name: 'Surat keterangan domisili' },
  agency: { id: 'desa', name: 'Pemerintah Desa dan Kelurahan' },
  number: '261123-7KD4-QXM',
  issuedAt: '2026-11-23T03:10:00.000Z',
  holder: 'B*** C***',
};

const verifyDocument = operation({
  id: 'verifyDocument',
  method: 'get',
  path: '/api/v1/documents/{code}',
  tag: 'documents',
  summary: 'Memeriksa keaslian dokumen lewat kode di bawah kode QR',
  access: 'public',
  params: {
    code: {
      description: 'Kode verifikasi; spasi, tanda hubung, dan huruf kecil tidak apa-apa',
      example: '7KDM4QXA7KDM4QXA7KDM4QXA7K',
    },
  },
  answer: { status: 200, description: 'Hasil pemeriksaan', schema: Verification, example: EXAMPLE },
  refusals: [429],
  async run({ c, ctx, params }) {
    const document = await findDocument(ctx, params.code ?? '');
    if (!document) {
      guard(c, ctx, 'code'); // only misses are counted: who checks many real papers is welcome
      return { status: 'unknown' };
    }
    return describe(ctx, document);
  },
});

async function describe(ctx: Ctx, document: IssuedDocument): Promise<z.infer<typeof Verification>> {
  const { agencies, byId } = await getCatalogue(ctx);
  const service = byId.get(document.service)?.service;
  return {
    status: document.revokedAt ? 'revoked' : 'valid',
    product: {
      id: document.product,
      name: service?.products.find(({ id }) => id === document.product)?.name ?? document.product,
    },
    service: { id: document.service, name: service?.name ?? document.service },
    agency: { id: document.agency, name: agencies.get(document.agency)?.name ?? document.agency },
    number: document.number,
    issuedAt: document.issuedAt.toISOString(),
    ...(document.revokedAt && { revokedAt: document.revokedAt.toISOString() }),
    ...(document.revokedReason && { revokedReason: document.revokedReason }),
    holder: document.holder,
    signature: document.signature,
    ...(document.simulated && { simulated: true }),
    ...(document.sha256 && { sha256: document.sha256.toString('hex') }),
  };
}

const Judged = z
  .strictObject({
    verdict: z.enum(['genuine', 'revoked', 'before-signing', 'altered', 'foreign', 'unreadable']).openapi({
      description:
        'genuine: persis berkas yang kami serahkan dan masih berlaku · before-signing: berkas kami sebelum ditandatangani · altered: memuat kode kami tetapi bukan berkas yang kami serahkan · foreign: bukan terbitan kami',
    }),
    problem: z.enum(['not-pdf', 'too-large', 'encrypted', 'too-many-signatures']).optional(),
    document: Verification.optional(),
    fullySigned: z.boolean().openapi({
      description:
        'Semua tanda tangan sah, dan satu di antaranya mencakup seluruh berkas dan berasal dari penerbit yang dipercaya',
    }),
    signatures: z.array(
      z.strictObject({
        signer: z.string().optional(),
        issuer: z.string().optional(),
        state: z.enum(['valid', 'invalid', 'unreadable']),
        wholeFile: z.boolean().openapi({ description: 'false: ada bagian berkas yang tidak ditandatangani' }),
        chain: z.enum(['trusted', 'expired', 'untrusted']),
        faults: z.array(z.string()),
      }),
    ),
    holds: z
      .array(z.enum(['script', 'attachment']))
      .openapi({ description: 'Ada, tetapi tidak dijalankan dan tidak dibuka' }),
  })
  .openapi('PdfVerification');

const verifyPdf = operation({
  id: 'verifyPdf',
  method: 'post',
  path: '/api/v1/documents/verify',
  tag: 'documents',
  summary: 'Memeriksa sebuah PDF: terbitan kami atau bukan, diubah atau tidak, dan siapa penanda tangannya',
  description: 'Isian formulir `file`, paling besar 10 MB. Berkasnya tidak disimpan.',
  access: 'anyone',
  body: {
    multipart: true,
    schema: z.strictObject({ file: z.string().openapi({ type: 'string', format: 'binary', description: 'PDF' }) }),
  },
  answer: {
    status: 200,
    description: 'Hasil pemeriksaan',
    schema: Judged,
    example: { verdict: 'genuine', document: EXAMPLE, fullySigned: false, signatures: [], holds: [] },
  },
  refusals: [413, 422, 429],
  async run({ c, ctx }) {
    guard(c, ctx, 'upload');
    const pdf = await readPdfUpload(c, 'file');
    const { verdict, problem, document, covered, signatures, holds } = await judgePdf(ctx, pdf);
    return {
      verdict,
      ...(problem && { problem }),
      ...(document && { document: await describe(ctx, document) }),
      fullySigned: covered,
      signatures: signatures.map(({ namesCertificate: _, ...rest }) => rest),
      holds,
    };
  },
});

export const api = (app: Hono<Env>): void => addOperations(app, [verifyPdf, verifyDocument]);
