// How an application looks to machines: the schemas of the API and the step from dossier to answer. Pure.
import { z } from '@hono/zod-openapi';
import type { Answers } from '#src/catalogue/condition.ts';
import type { Field, Service } from '#src/catalogue/service.ts';
import { DEFAULT_DAYS, MOST_DAYS, RELATIONS, readName } from '#src/identity/mandates/mandate.ts';
import { STATUSES } from './application.ts';
import type { Dossier, Moment } from './dossier/actions.ts';

const CHANNEL = z.enum(['online', 'doorstep', 'onestop']);
const STATUS = z.enum(STATUSES);
const NUMBER = z.string().openapi({ example: '261123-7KD4-QXS' });
const TIME = z.iso.datetime();
const CODE = z.string().regex(/^[a-zA-Z0-9-]{1,60}$/);

const FILE_ID = z.string().regex(/^[\w-]{64}$/);
const GivenDocument = z
  .union([FILE_ID, z.strictObject({ file: FILE_ID, requirement: CODE, option: CODE.optional() })], {
    error: 'Isi dengan id berkas dari POST /api/v1/files, atau { file, requirement, option }.',
  })
  .openapi('GivenDocument', {
    description:
      'Id berkas saja mengisi syarat berikutnya yang belum punya berkas; { file, requirement, option } menyebut syaratnya',
  });
const DOCUMENTS = z.array(GivenDocument).max(50);
const ANSWERS = z.record(z.string(), z.unknown()).openapi('Answers', {
  type: 'object',
  description: 'Menurut JSON Schema `answers` dari GET /api/v1/services/{id}',
  example: { namaPemohon: 'Fajar Contoh', desa: '33.16.05.1016' },
});

const NAME = z
  .string()
  .max(100)
  .refine((text) => readName(text) !== undefined, { error: 'Isi dengan nama, paling sedikit dua huruf.' });

export const Submission = z
  .strictObject({
    answers: ANSWERS,
    documents: DOCUMENTS.optional(),
    channel: CHANNEL.optional().openapi({
      description: 'online bila tidak disebut; doorstep dan onestop hanya untuk petugas',
    }),
    applicant: z
      .strictObject({
        name: z.string().max(200),
        nik: z.string().max(40),
        phone: z.string().max(40),
        village: z.string().max(40),
      })
      .partial()
      .optional()
      .openapi({
        description:
          'Data pemohon bagi pengirim yang tidak mengenal isian layanan; yang sudah ada di answers tidak diganti',
      }),
    mandate: z
      .strictObject({
        relation: z.enum(RELATIONS).openapi({ description: 'Hubungan pengirim dengan pemohon' }),
        principal: NAME.optional().openapi({ description: 'Nama pemohon; nama di answers bila tidak disebut' }),
        agent: NAME.optional().openapi({ description: 'Nama penerima kuasa' }),
        days: z
          .int()
          .min(1)
          .max(MOST_DAYS)
          .optional()
          .openapi({ description: `Berlaku berapa hari; ${DEFAULT_DAYS} bila tidak disebut` }),
      })
      .optional()
      .openapi({
        description:
          'Permohonan ini diajukan untuk orang lain. Petugas yang mengajukan di doorstep atau onestop selalu tercatat sebagai penerima kuasa',
      }),
  })
  .openapi('Submission');

export const Receipt = z
  .strictObject({
    number: NUMBER,
    status: STATUS,
    dueAt: TIME.openapi({ description: 'Janji selesai' }),
    code: z.string().openapi({ description: 'Kode lacak: simpan, hanya di sini diberikan', example: '7KDM-4QXA' }),
    track: z.url().openapi({ description: 'Halaman untuk mengikuti permohonan; memuat kode lacak' }),
    mandate: z
      .strictObject({
        until: TIME.openapi({ description: 'Kuasa berakhir' }),
        code: z.string().optional().openapi({ description: 'Kode penerima kuasa; kode di atas adalah milik pemohon' }),
      })
      .optional(),
  })
  .openapi('Receipt');

export const Act = z
  .strictObject({
    note: z.string().max(2000).optional().openapi({ description: 'Penjelasan untuk pemohon atau petugas berikutnya' }),
    data: z
      .strictObject({
        from: CODE.optional().openapi({ description: 'State yang dilihat saat memutuskan; bila sudah lain, 409' }),
        reason: CODE.optional().openapi({ description: 'Id alasan, untuk penolakan' }),
        fields: z.array(CODE).max(100).optional().openapi({ description: 'Isian yang harus diperbaiki pemohon' }),
        requirements: z.array(CODE).max(100).optional().openapi({ description: 'Berkas yang harus diganti pemohon' }),
        answers: ANSWERS.optional().openapi({ description: 'Perbaikan pemohon; hanya yang diminta' }),
        documents: DOCUMENTS.optional(),
      })
      .optional(),
  })
  .openapi('Act');

export const ActResult = z
  .strictObject({ number: NUMBER, status: STATUS, state: z.string(), dueAt: TIME })
  .openapi('ActResult');

const Opened = z.strictObject({
  number: NUMBER,
  service: z.strictObject({ id: z.string(), name: z.string(), version: z.int() }),
  agency: z.strictObject({ id: z.string(), name: z.string() }),
  status: STATUS,
  state: z.string(),
  message: z.string().openapi({ description: 'Keadaan sekarang dalam satu kalimat untuk pemohon' }),
  channel: CHANNEL,
  village: z.string(),
  submittedAt: TIME,
  dueAt: TIME,
  endedAt: TIME.optional(),
  answers: ANSWERS,
  correction: z
    .strictObject({ fields: z.array(z.string()), requirements: z.array(z.string()) })
    .optional()
    .openapi({ description: 'Yang diminta diperbaiki' }),
  documents: z.array(
    z.strictObject({
      requirement: z.string(),
      evidence: z.enum(['upload', 'show', 'none']),
      options: z.array(z.strictObject({ id: z.string(), name: z.string() })),
      files: z.array(z.strictObject({ kind: z.string(), option: z.string(), superseded: z.boolean() })),
    }),
  ),
  timeline: z.array(
    z.strictObject({
      type: z.string().openapi({ example: 'application.submitted' }),
      at: TIME,
      who: z.string(),
      channel: z.string(),
      action: z.string().optional(),
      state: z.string().optional().openapi({ description: 'Keadaan sesudahnya' }),
      reason: z.string().optional(),
      purpose: z.string().optional().openapi({ description: 'Untuk apa data lengkap dibuka' }),
      note: z.string().optional(),
    }),
  ),
  actions: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        kind: z.string(),
        reasons: z.array(z.strictObject({ id: z.string(), name: z.string() })).optional(),
      }),
    )
    .openapi({ description: 'Yang boleh Anda lakukan sekarang' }),
  simulated: z.boolean(),
});
export const OpenedApplication = Opened.openapi('Application');

export const Task = z
  .strictObject({
    id: z.uuid(),
    kind: z.string(),
    number: NUMBER,
    service: z.string(),
    name: z.string().openapi({ description: 'Nama pemohon' }),
    state: z.string(),
    status: STATUS,
    village: z.string(),
    submittedAt: TIME,
    dueAt: TIME.openapi({ description: 'Janji kepada pemohon' }),
    taskDueAt: TIME.openapi({ description: 'Batas waktu meja ini' }),
    takenBy: z.uuid().optional(),
    double: z
      .boolean()
      .optional()
      .openapi({ description: 'Mungkin ganda: orang yang sama, layanan yang sama, berdekatan' }),
    simulated: z.boolean(),
  })
  .openapi('Task');

/** What a resident is told of the history: everything that was done, but not what officers write to each other. */
const TOLD = new Set(['application.returned', 'application.refused', 'application.completed', 'application.reopened']);
const INTERNAL = new Set(['application.noted', 'application.taken', 'application.escalated']);

/** The answer for `reader`; officers see the long numbers only when `full`, for which the caller has recorded a purpose. */
export function represent(dossier: Dossier, reader: 'officer' | 'resident', full: boolean): z.input<typeof Opened> {
  const { application, service, agency } = dossier;
  const moments =
    reader === 'officer'
      ? dossier.moments
      : dossier.moments.filter((moment) => moment.who === 'pemohon' || !INTERNAL.has(moment.type));
  return {
    number: dossier.number,
    service: { id: service.id, name: service.name, version: application.version },
    agency: { id: application.agency, name: agency?.name ?? application.agency },
    status: dossier.status,
    state: application.state,
    message: service.workflow.states[application.state]?.resident ?? '',
    channel: application.channel as 'online',
    village: application.village,
    submittedAt: application.submittedAt,
    dueAt: application.dueAt,
    ...(application.endedAt && { endedAt: application.endedAt }),
    answers: full ? dossier.answers : masked(service, dossier.answers),
    ...(application.correction && { correction: application.correction }),
    documents: dossier.documents.map(({ requirement, options, files }) => ({
      requirement: requirement.id,
      evidence: requirement.evidence,
      options: options.map(({ id, name }) => ({ id, name })),
      files: files.map(({ kind, option, superseded }) => ({ kind, option, superseded })),
    })),
    timeline: moments.map((moment) => told(moment, reader)),
    actions: dossier.actions.map(([id, { name, kind, reasons }]) => ({ id, name, kind, ...(reasons && { reasons }) })),
    simulated: dossier.stored.simulated,
  };
}

function told({ type, at, who, channel, data, note }: Moment, reader: 'officer' | 'resident') {
  const moved = (data.moved ?? data) as Record<string, unknown>;
  const text = (key: string, from = moved) => (typeof from[key] === 'string' ? { [key]: from[key] as string } : {});
  const state = moved.to ?? data.state;
  const forReader = reader === 'officer' || who === 'pemohon' || TOLD.has(type);
  return {
    type,
    at: at.toISOString(),
    who: reader === 'officer' || who === 'pemohon' || who === 'sistem' ? who : 'petugas',
    channel,
    ...text('action'),
    ...(typeof state === 'string' && { state }),
    ...text('reason'),
    ...text('purpose', data),
    ...(note && forReader && { note }),
  };
}

const LONG: ReadonlySet<Field['format']> = new Set(['nik', 'kk', 'phone']);

/** The answers with all but the last four digits of the long numbers hidden. */
export function masked(service: Service, answers: Answers): Answers {
  const long = new Set(
    service.form.flatMap((step) =>
      Object.entries(step.properties)
        .filter(([, field]) => LONG.has(field.format))
        .map(([id]) => id),
    ),
  );
  const mask = (given: Answers): Answers =>
    Object.fromEntries(
      Object.entries(given).map(([id, value]) => {
        if (Array.isArray(value))
          return [id, value.map((item) => (typeof item === 'object' && item !== null ? mask(item as Answers) : item))];
        return [
          id,
          long.has(id) && typeof value === 'string'
            ? '*'.repeat(Math.max(0, value.length - 4)) + value.slice(-4)
            : value,
        ];
      }),
    );
  return mask(answers);
}
