// Verification for machines: anyone who holds a paper's code may ask whether the paper is real.
import { z } from '@hono/zod-openapi';
import type { Hono } from 'hono';
import { addOperations, operation } from '#platform/api.ts';
import { guard } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { findDocument } from './actions.ts';

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
      ...(document.sha256 && { sha256: document.sha256.toString('hex') }),
    };
  },
});

export const api = (app: Hono<Env>): void => addOperations(app, [verifyDocument]);
