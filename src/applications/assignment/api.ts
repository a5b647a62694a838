// Sharing work for machines: notes, tasks, opinions, doubles. The same actions as on the pages.
import { z } from '@hono/zod-openapi';
import { operation } from '#platform/api.ts';
import { isId, parseNumber } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { addNote, type Result } from '../actions.ts';
import { clearTwins, listTwins } from '../duplicates/actions.ts';
import { askOpinion, giveOpinion, recallOpinion } from '../opinions/actions.ts';
import { ActResult } from '../representation.ts';
import { assignTask, releaseTask, takeTask } from './actions.ts';

const NUMBER = { description: 'Nomor permohonan', example: '261123-7KD4-QXS' };
const TASK = { description: 'Id tugas, dari GET /api/v1/tasks', example: '0199a1c2-0000-7000-8000-000000000000' };
const OPINION = { description: 'Id pertanyaan', example: 'pendapat-desa' };
const CODE = z.string().regex(/^[a-z0-9-]{1,60}$/);
const NOTE = z.string().min(1).max(2000);
const REFUSALS = [401, 403, 404, 409, 410, 413, 415, 422, 429];

const numberOf = (params: Record<string, string>): string => parseNumber(params.number ?? '') ?? params.number ?? '';
const idOf = (id: string | undefined): string => {
  if (!id || !isId(id)) throw new Problem(PROBLEMS.notFound, 'Id ini tidak ada.');
  return id.toLowerCase();
};
const result = ({ number, status, state, dueAt }: Result) => ({ number, status, state, dueAt });
const acted = { status: 200, description: 'Tercatat', schema: ActResult } as const;
const Done = z.strictObject({ number: z.string() }).openapi('Done');
const done = { status: 200, description: 'Tercatat', schema: Done } as const;

export const workOperations = [
  operation({
    id: 'addNote',
    method: 'post',
    path: '/api/v1/applications/{number}/notes',
    tag: 'tasks',
    summary: 'Menulis catatan tanpa memindahkan berkas',
    access: 'officer',
    params: { number: NUMBER },
    body: { schema: z.strictObject({ note: NOTE }).openapi('Note'), example: { note: 'Sudah ditelepon.' } },
    answer: acted,
    refusals: REFUSALS,
    run: async ({ ctx, params, body }) => result(await addNote(ctx, numberOf(params), body.note)),
  }),
  operation({
    id: 'takeTask',
    method: 'post',
    path: '/api/v1/applications/{number}/take',
    tag: 'tasks',
    summary: 'Mengambil tugas, atau mengambil alih dari rekan',
    description: 'Bila sudah diambil orang lain, sebutkan `over`: id rekan itu; tanpa itu 409.',
    access: 'officer',
    params: { number: NUMBER },
    body: { schema: z.strictObject({ over: z.uuid().optional() }).openapi('Take'), optional: true, example: {} },
    answer: acted,
    refusals: REFUSALS,
    run: async ({ ctx, params, body }) => result(await takeTask(ctx, numberOf(params), body.over)),
  }),
  operation({
    id: 'assignTask',
    method: 'post',
    path: '/api/v1/applications/{number}/tasks/{task}/assign',
    tag: 'tasks',
    summary: 'Memberikan tugas kepada petugas di mejanya',
    access: 'officer',
    params: { number: NUMBER, task: TASK },
    body: {
      schema: z.strictObject({ officer: z.uuid() }).openapi('Assignment'),
      example: { officer: '0199a1c2-0000-7000-8000-000000000001' },
    },
    answer: done,
    refusals: REFUSALS,
    async run({ ctx, params, body }) {
      await assignTask(ctx, numberOf(params), { task: idOf(params.task), officer: body.officer });
      return { number: numberOf(params) };
    },
  }),
  operation({
    id: 'releaseTask',
    method: 'post',
    path: '/api/v1/applications/{number}/tasks/{task}/release',
    tag: 'tasks',
    summary: 'Melepaskan tugas kembali ke meja',
    access: 'officer',
    params: { number: NUMBER, task: TASK },
    answer: done,
    refusals: REFUSALS,
    async run({ ctx, params }) {
      await releaseTask(ctx, numberOf(params), idOf(params.task));
      return { number: numberOf(params) };
    },
  }),
  operation({
    id: 'askOpinion',
    method: 'post',
    path: '/api/v1/applications/{number}/opinions',
    tag: 'tasks',
    summary: 'Meminta pendapat instansi lain',
    access: 'officer',
    params: { number: NUMBER },
    body: {
      schema: z
        .strictObject({ agency: CODE, role: CODE, area: z.enum(['district', 'village']).optional(), note: NOTE })
        .openapi('Question'),
      example: { agency: 'satpol-pp', role: 'verifier', note: 'Apakah tempat ini aman?' },
    },
    answer: acted,
    refusals: REFUSALS,
    async run({ ctx, params, body }) {
      const { area, ...ask } = body;
      return result(await askOpinion(ctx, numberOf(params), { ...ask, ...(area && { area }) }));
    },
  }),
  operation({
    id: 'giveOpinion',
    method: 'post',
    path: '/api/v1/applications/{number}/opinions/{opinion}/answer',
    tag: 'tasks',
    summary: 'Menjawab permintaan pendapat',
    access: 'officer',
    params: { number: NUMBER, opinion: OPINION },
    body: {
      schema: z.strictObject({ answer: z.enum(['agree', 'disagree']), note: NOTE.optional() }).openapi('OpinionAnswer'),
      example: { answer: 'agree' },
    },
    answer: acted,
    refusals: REFUSALS,
    async run({ ctx, params, body }) {
      const { answer, note } = body;
      const given = { id: params.opinion ?? '', answer, ...(note && { note }) };
      return result(await giveOpinion(ctx, numberOf(params), given));
    },
  }),
  operation({
    id: 'recallOpinion',
    method: 'post',
    path: '/api/v1/applications/{number}/opinions/{opinion}/recall',
    tag: 'tasks',
    summary: 'Menarik kembali permintaan pendapat',
    access: 'officer',
    params: { number: NUMBER, opinion: OPINION },
    answer: acted,
    refusals: REFUSALS,
    run: async ({ ctx, params }) => result(await recallOpinion(ctx, numberOf(params), params.opinion ?? '')),
  }),
  operation({
    id: 'listDuplicates',
    method: 'get',
    path: '/api/v1/applications/{number}/duplicates',
    tag: 'tasks',
    summary: 'Permohonan lain dari orang dan layanan yang sama, berdekatan waktunya',
    access: 'officer',
    params: { number: NUMBER },
    answer: {
      status: 200,
      description: 'Paling banyak lima, yang terdekat dulu; yang sudah dinyatakan bukan ganda tidak ikut',
      schema: z
        .strictObject({
          items: z.array(z.strictObject({ number: z.string(), status: z.string(), submittedAt: z.iso.datetime() })),
        })
        .openapi('Duplicates'),
    },
    refusals: [401, 403, 404],
    async run({ ctx, params }) {
      const twins = await listTwins(ctx, numberOf(params));
      return {
        items: twins.map(({ number, status, submittedAt }) => ({
          number,
          status,
          submittedAt: submittedAt.toISOString(),
        })),
      };
    },
  }),
  operation({
    id: 'clearDuplicate',
    method: 'post',
    path: '/api/v1/applications/{number}/duplicates/{other}/clear',
    tag: 'tasks',
    summary: 'Menyatakan dua permohonan bukan ganda',
    access: 'officer',
    params: { number: NUMBER, other: { ...NUMBER, description: 'Nomor permohonan yang lain' } },
    answer: done,
    refusals: REFUSALS,
    async run({ ctx, params }) {
      await clearTwins(ctx, numberOf(params), numberOf({ number: params.other ?? '' }));
      return { number: numberOf(params) };
    },
  }),
];
