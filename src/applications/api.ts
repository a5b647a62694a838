// Applications for machines: apply, follow, act, and an officer's inbox. The same actions as on the pages.
import { z } from '@hono/zod-openapi';
import type { Context, Hono } from 'hono';
import { addOperations, linkNext, operation, PAGING, signInFirst } from '#platform/api.ts';
import type { Ctx } from '#platform/context.ts';
import { readFileId } from '#platform/file-id.ts';
import { guard } from '#platform/http.ts';
import { parseNumber } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { type FieldError, PROBLEMS, Problem } from '#platform/problem.ts';
import { getOffered } from '#src/catalogue/actions.ts';
import type { Service } from '#src/catalogue/service.ts';
import { readName } from '#src/identity/mandates/mandate.ts';
import { actOnApplication, revealAnswers, submitApplication } from './actions.ts';
import { workOperations } from './assignment/api.ts';
import { batchOperations } from './batches/api.ts';
import type { GivenDocument } from './content/actions.ts';
import { openDossier } from './dossier/actions.ts';
import { type InboxItem, listInbox } from './inbox/actions.ts';
import { recordOpening } from './looks/actions.ts';
import { type Declared, declareMandate, passFor } from './pass/actions.ts';
import { Act, ActResult, OpenedApplication, Receipt, represent, Submission, Task } from './representation.ts';
import { findByNumber } from './store.ts';
import { PURPOSES } from './text.ts';
import { trackCode } from './track.ts';

const NUMBER = { description: 'Nomor permohonan', example: '261123-7KD4-QXS' };

const submit = operation({
  id: 'submitApplication',
  method: 'post',
  path: '/api/v1/services/{id}/applications',
  tag: 'applications',
  summary: 'Mengajukan permohonan',
  description:
    'Tanpa token: warga mengajukan sendiri (channel online). Kirim Idempotency-Key supaya pengulangan tidak menjadi permohonan kedua.',
  access: 'anyone',
  params: { id: { description: 'Id layanan', example: 'akta-kelahiran' } },
  body: {
    schema: Submission,
    example: {
      answers: {
        rumahSendiri: true,
        tinggalSejak: '2025-02-01',
        keperluan: 'melamar pekerjaan',
        tempatLahir: 'Ngawi',
        tanggalLahir: '2001-12-12',
        pekerjaan: 'Karyawan',
        alamat: 'Jalan Contoh, RT 03 RW 05',
      },
      applicant: { name: 'Fajar Contoh', nik: '3316051212019213', phone: '081200009214', village: '33.16.05.1016' },
    },
  },
  answer: {
    status: 201,
    description: 'Permohonan diterima',
    schema: Receipt,
    headers: { Location: 'Alamat permohonan ini' },
    example: {
      number: '261123-7KD4-QXS',
      status: 'in-progress',
      dueAt: '2026-11-24T02:00:00.000Z',
      code: '7KDM-4QXA',
      track: 'https://pendopo.example/lacak/261123-7KD4-QXS/7KDM-4QXA',
    },
  },
  refusals: [403, 404, 409, 413, 415, 422, 429],
  async run({ c, ctx, params, body }) {
    const channel = body.channel ?? 'online';
    const { service } = await getOffered(ctx, params.id ?? '');
    const { documents, owners } = ownDocuments(ctx, body.documents ?? [], 'documents');
    const answers = withApplicant(service, body.answers, body.applicant);
    // the event says through which door it came, whoever holds the token
    const receipt = await submitApplication(
      { ...ctx, channel },
      {
        service: service.id,
        answers,
        documents,
        owners,
        channel,
      },
    );
    // who submits for a resident at a door of ours is that resident's agent, also when nothing is said of it
    const mandate =
      body.mandate || (channel !== 'online' && ctx.actor.kind === 'officer')
        ? await declareMandate({ ...ctx, channel }, { ...receipt, service, answers }, declared(ctx, body.mandate))
        : undefined;
    c.header('Location', `/api/v1/applications/${receipt.number}`);
    return {
      number: receipt.number,
      status: receipt.status,
      dueAt: receipt.dueAt,
      code: receipt.track,
      track: `${ctx.config.publicUrl}/lacak/${receipt.number}/${receipt.track}`,
      ...(mandate && {
        mandate: {
          until: mandate.ends.toISOString(),
          ...(ctx.actor.kind === 'resident' && { code: trackCode(ctx.keys, mandate.id) }),
        },
      }),
    };
  },
});

type Mandate = NonNullable<z.output<typeof Submission>['mandate']>;

function declared({ actor }: Ctx, given: Mandate | undefined): Declared {
  const village = actor.kind === 'officer' && actor.roles.some((role) => role.startsWith('village-'));
  return {
    relation: given?.relation ?? (village ? 'village' : 'officer'),
    principal: given?.principal && readName(given.principal),
    agentName: given?.agent && readName(given.agent),
    days: given?.days,
  };
}

const open = operation({
  id: 'getApplication',
  method: 'get',
  path: '/api/v1/applications/{number}',
  tag: 'applications',
  summary: 'Satu permohonan dengan riwayatnya',
  description:
    'Pemohon menyertakan header Track-Code. Petugas melihat NIK, nomor KK, dan telepon hanya empat angka terakhirnya, kecuali menyebut ?purpose=, yang dicatat dan dapat dibaca pemohon.',
  access: 'code',
  params: { number: NUMBER },
  query: z.strictObject({
    purpose: z
      .enum(Object.keys(PURPOSES) as [keyof typeof PURPOSES])
      .optional()
      .openapi({ description: 'Untuk apa petugas memerlukan data lengkap' }),
  }),
  answer: { status: 200, description: 'Permohonan', schema: OpenedApplication },
  refusals: [401, 403, 404, 410, 422, 429],
  async run({ c, ctx, params, query }) {
    const number = params.number ?? '';
    const reader = await unlocked(c, ctx, number);
    if (reader.actor.kind !== 'officer') return represent(await openDossier(reader, number), 'resident', true);
    if (query.purpose) await revealAnswers(reader, number, query.purpose);
    const dossier = await openDossier(reader, number);
    await recordOpening(reader, dossier.application);
    return represent(dossier, 'officer', query.purpose !== undefined);
  },
});

const act = operation({
  id: 'actOnApplication',
  method: 'post',
  path: '/api/v1/applications/{number}/actions/{action}',
  tag: 'applications',
  summary: 'Melakukan satu tindakan alur layanan',
  description:
    'Petugas dengan token; pemohon dengan header Track-Code. Tindakan yang terbuka ada di `actions` pada GET permohonan.',
  access: 'code',
  params: { number: NUMBER, action: { description: 'Id tindakan', example: 'minta-perbaikan' } },
  body: {
    schema: Act,
    optional: true,
    example: { note: 'Nama ibu berbeda dengan KK.', data: { from: 'verifikasi', fields: ['namaIbu'] } },
  },
  answer: {
    status: 200,
    description: 'Tindakan tercatat',
    schema: ActResult,
    example: {
      number: '261123-7KD4-QXS',
      status: 'waiting-resident',
      state: 'perbaikan',
      dueAt: '2026-11-24T02:00:00.000Z',
    },
  },
  refusals: [401, 403, 404, 409, 410, 413, 415, 422, 429],
  async run({ c, ctx, params, body }) {
    const number = params.number ?? '';
    const doer = await unlocked(c, ctx, number);
    const { from, reason, fields, requirements, answers, documents: given = [] } = body.data ?? {};
    const { documents, owners } = ownDocuments(ctx, given, 'data.documents');
    const correction = fields || requirements ? { fields: fields ?? [], requirements: requirements ?? [] } : undefined;
    const result = await actOnApplication(doer, parseNumber(number) ?? number, {
      action: params.action ?? '',
      from,
      reason,
      note: body.note,
      correction,
      answers,
      documents,
      owners,
    });
    return { number: result.number, status: result.status, state: result.state, dueAt: result.dueAt };
  },
});

const FLAG = z.enum(['true', 'false']).optional();

const tasks = operation({
  id: 'listTasks',
  method: 'get',
  path: '/api/v1/tasks',
  tag: 'tasks',
  summary: 'Kotak masuk petugas, yang paling mendesak dulu',
  access: 'officer',
  query: z.strictObject({
    ...PAGING,
    service: z
      .string()
      .regex(/^[a-z0-9-]{1,60}$/)
      .optional()
      .openapi({ description: 'Hanya layanan ini' }),
    late: FLAG.openapi({ description: 'true: hanya yang lewat batas' }),
    mine: FLAG.openapi({ description: 'true: hanya yang saya ambil' }),
  }),
  answer: {
    status: 200,
    description: 'Satu halaman tugas',
    schema: z.strictObject({ items: z.array(Task) }).openapi('Tasks'),
    headers: { Link: 'rel="next": halaman berikutnya' },
  },
  refusals: [400, 401, 403, 422],
  async run({ c, ctx, query }) {
    const { after, limit, service } = query;
    const listed = await listInbox(ctx, {
      after,
      limit,
      service,
      late: query.late === 'true',
      mine: query.mine === 'true',
    });
    linkNext(c, listed.next);
    return { items: listed.items.map(taskOf) };
  },
});

export const api = (app: Hono<Env>): void =>
  addOperations(app, [submit, open, act, tasks, ...workOperations, ...batchOperations]);

function taskOf(item: InboxItem) {
  const {
    task: id,
    kind,
    number,
    service,
    name,
    state,
    status,
    village,
    submittedAt,
    dueAt,
    taskDue,
    takenBy,
    simulated,
    double,
  } = item;
  return {
    id,
    kind,
    number,
    service,
    name,
    state,
    status,
    village,
    submittedAt: submittedAt.toISOString(),
    dueAt: dueAt.toISOString(),
    taskDueAt: taskDue.toISOString(),
    ...(takenBy && { takenBy }),
    ...(double && { double }),
    simulated,
  };
}

/** The context of who may act: the officer of the token, or the resident who showed the code. One answer for a wrong code and an unknown number. */
async function unlocked(c: Context<Env>, ctx: Ctx, typed: string): Promise<Ctx> {
  if (ctx.actor.kind === 'officer') return ctx;
  const code = c.req.header('track-code');
  if (code === undefined)
    throw signInFirst(
      c,
      'Sertakan token petugas (Authorization: Bearer …) atau kode lacak pemohon (header Track-Code).',
    );
  guard(c, ctx, 'code');
  const number = parseNumber(typed);
  const stored = number && (await findByNumber(ctx, number));
  const pass = stored && (await passFor(ctx, stored.application.id, code));
  if (!pass) {
    throw new Problem(
      PROBLEMS.notFound,
      'Nomor permohonan dan kode lacak ini tidak cocok. Periksa keduanya, huruf demi huruf.',
    );
  }
  const { application, mandate } = pass;
  return {
    ...ctx,
    actor: { kind: 'resident', holds: [application], ...(mandate && { asAgent: { [application]: mandate } }) },
  };
}

type Given = z.output<typeof Submission>['documents'] & {};

/** The files behind signed ids. Who holds an id may use the file: its owner stands in the id. */
function ownDocuments(ctx: Ctx, given: Given, path: string): { documents: GivenDocument[]; owners: string[] } {
  const errors: FieldError[] = [];
  const owners: string[] = [];
  const documents = given.map((one, index): GivenDocument => {
    const file = readFileId(ctx.keys, typeof one === 'string' ? one : one.file);
    if (!file)
      errors.push({
        path: `${path}.${index}`,
        message: 'Berkas ini tidak dikenal. Unggah lewat POST /api/v1/files dan sebutkan id yang dijawab.',
      });
    else owners.push(file.owner);
    return typeof one === 'string' ? (file?.id ?? '') : { ...one, file: file?.id ?? '' };
  });
  if (errors.length > 0) throw new Problem(PROBLEMS.invalid, undefined, errors);
  return { documents, owners };
}

/** Puts the applicant's data into the fields that this service has for them, where the answers leave them open. */
function withApplicant(
  service: Service,
  answers: Record<string, unknown>,
  applicant: z.output<typeof Submission>['applicant'],
): Record<string, unknown> {
  if (!applicant) return answers;
  const filled = { ...answers };
  for (const part of ['name', 'nik', 'phone', 'village'] as const) {
    const field = service.applicant[part];
    if (field !== undefined && applicant[part] !== undefined && !Object.hasOwn(filled, field))
      filled[field] = applicant[part];
  }
  return filled;
}
