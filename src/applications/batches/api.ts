// One action for many cases, for machines: start, watch, stop.
import { z } from '@hono/zod-openapi';
import { linkNext, operation, PAGING } from '#platform/api.ts';
import { type Batch, cancelBatch, getBatch, listRefused, startBatch } from './actions.ts';

const ID = { description: 'Id borongan', example: '0199a1c2-0000-8000-8000-000000000000' };
const CODE = z.string().regex(/^[a-z0-9-]{1,60}$/);

const BatchSchema = z
  .strictObject({
    id: z.string(),
    action: z.string(),
    state: z.enum(['running', 'done', 'cancelled']),
    total: z.int(),
    done: z.int(),
    refused: z.int(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().optional(),
  })
  .openapi('Batch');

const shown = ({ id, action, state, total, done, refused, started, ended }: Batch) => ({
  id,
  action,
  state,
  total,
  done,
  refused,
  startedAt: started.toISOString(),
  ...(ended && { endedAt: ended.toISOString() }),
});

export const batchOperations = [
  operation({
    id: 'startBatch',
    method: 'post',
    path: '/api/v1/batches',
    tag: 'tasks',
    summary: 'Satu tindakan untuk banyak berkas',
    description:
      'Sebutkan `applications` (id permohonan), atau `filter` untuk semua tugas di meja token. Tiap berkas ditindak sendiri-sendiri; yang tidak bisa dijawab di /refused.',
    access: 'officer',
    body: {
      schema: z
        .strictObject({
          action: CODE,
          reason: CODE.optional(),
          note: z.string().max(2000).optional(),
          applications: z.array(z.uuid()).min(1).max(1000).optional(),
          filter: z.strictObject({ service: CODE.optional(), late: z.boolean().optional() }).optional(),
        })
        .refine((body) => (body.applications === undefined) !== (body.filter === undefined), {
          error: 'Sebutkan salah satu: applications atau filter.',
        })
        .openapi('NewBatch'),
      example: { action: 'setujui-berkas', filter: { service: 'akta-kelahiran' } },
    },
    answer: { status: 201, description: 'Borongan dimulai', schema: BatchSchema },
    refusals: [401, 403, 409, 413, 415, 422, 429],
    async run({ ctx, body }) {
      const { applications: ids, filter = {}, action, reason, note } = body;
      const id = await startBatch(ctx, ids ? { ids } : { filter }, { action, reason, note });
      return shown(await getBatch(ctx, id));
    },
  }),
  operation({
    id: 'getBatch',
    method: 'get',
    path: '/api/v1/batches/{id}',
    tag: 'tasks',
    summary: 'Sejauh mana satu borongan',
    access: 'officer',
    params: { id: ID },
    answer: { status: 200, description: 'Keadaan borongan', schema: BatchSchema },
    refusals: [401, 403, 404],
    run: async ({ ctx, params }) => shown(await getBatch(ctx, params.id ?? '')),
  }),
  operation({
    id: 'listBatchRefusals',
    method: 'get',
    path: '/api/v1/batches/{id}/refused',
    tag: 'tasks',
    summary: 'Berkas yang tidak bisa ditindak, dengan sebabnya',
    access: 'officer',
    params: { id: ID },
    query: z.strictObject({ after: PAGING.after }),
    answer: {
      status: 200,
      description: 'Satu halaman',
      schema: z
        .strictObject({ items: z.array(z.strictObject({ number: z.string(), outcome: z.string() })) })
        .openapi('BatchRefusals'),
      headers: { Link: 'rel="next": halaman berikutnya' },
    },
    refusals: [400, 401, 403, 404],
    async run({ c, ctx, params, query }) {
      const { items, next } = await listRefused(ctx, params.id ?? '', query.after);
      linkNext(c, next);
      return { items: items.map(({ number, outcome }) => ({ number, outcome })) };
    },
  }),
  operation({
    id: 'cancelBatch',
    method: 'post',
    path: '/api/v1/batches/{id}/cancel',
    tag: 'tasks',
    summary: 'Menghentikan sisa borongan',
    access: 'officer',
    params: { id: ID },
    answer: { status: 200, description: 'Keadaan borongan', schema: BatchSchema },
    refusals: [401, 403, 404],
    run: async ({ ctx, params }) => shown(await cancelBatch(ctx, params.id ?? '')),
  }),
];
