// The catalogue for machines: which services there are, and all that one needs to apply for one.
import { z } from '@hono/zod-openapi';
import type { Hono } from 'hono';
import { addOperations, linkNext, operation, PAGING } from '#platform/api.ts';
import type { Env } from '#platform/modules.ts';
import { type Catalogue, getCatalogue, getOffered } from './actions.ts';
import { answersSchema } from './answers-schema.ts';
import { buildIndex, type ServiceIndex, searchServices } from './search.ts';
import { CHANNELS, COMPONENTS, KINDS, type ServiceVersion } from './service.ts';

const Provenance = {
  provenance: z
    .enum(['sourced', 'unverified'])
    .openapi({ description: 'unverified: belum dicocokkan dengan sumber resmi' }),
  source: z.string().optional(),
};
const Agency = z.strictObject({ id: z.string(), name: z.string() }).openapi('Agency');
const Duration = z.record(z.string(), z.number()).openapi('Duration', {
  description: 'Satu dari workingDays, workingHours, days, hours',
  example: { workingDays: 1 },
});
const Condition = z.looseObject({}).openapi('Condition', {
  description:
    'Berlaku bila jawaban memenuhi: {field, in}, {field, filled}, {field, ageFrom, ageBelow}, {all}, {any}, {not}',
  example: { field: 'orangTuaMenikah', in: [true] },
});

const SUMMARY = {
  id: z.string(),
  name: z.string(),
  summary: z.string(),
  agency: Agency,
  kinds: z.array(z.enum(KINDS)),
  channels: z.array(z.enum(CHANNELS)).openapi({ description: 'Pintu yang dibuka untuk layanan ini' }),
  promise: Duration,
  free: z.boolean(),
  version: z.int(),
  ...Provenance,
};
const ServiceSummary = z.strictObject(SUMMARY).openapi('ServiceSummary');

const Requirement = z
  .strictObject({
    id: z.string(),
    evidence: z
      .enum(['upload', 'show', 'none'])
      .openapi({ description: 'upload: kirim berkasnya; show: aslinya ditunjukkan; none: kami cari sendiri' }),
    optional: z.boolean(),
    when: Condition.optional(),
    options: z
      .array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          detail: z.string().optional(),
          form: z.string().optional(),
          when: Condition.optional(),
        }),
      )
      .openapi({ description: 'Satu saja sudah cukup' }),
    legalBasis: z.string().optional(),
    ...Provenance,
  })
  .openapi('Requirement');

const Service = z
  .strictObject({
    ...SUMMARY,
    audience: z.string(),
    keywords: z.array(z.string()),
    publishedAt: z.iso.datetime(),
    applicant: z
      .strictObject({ name: z.string(), nik: z.string().optional(), phone: z.string().optional(), village: z.string() })
      .openapi({ description: 'Isian answers mana yang memuat nama, NIK, telepon, dan desa pemohon' }),
    standard: z
      .partialRecord(
        z.enum(COMPONENTS),
        z.strictObject({ text: z.union([z.string(), z.array(z.string())]), ...Provenance }),
      )
      .openapi({ description: '14 komponen standar pelayanan (PermenPANRB 15/2014)' }),
    requirements: z.array(Requirement),
    answers: z.looseObject({}).openapi({ description: 'JSON Schema 2020-12 dari answers pada permohonan' }),
    products: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        kind: z.enum(['letter', 'proof', 'external']),
        ...Provenance,
      }),
    ),
    fees: z
      .array(z.strictObject({ name: z.string(), amount: z.int(), when: Condition.optional(), ...Provenance }))
      .openapi({ description: 'Rupiah; kosong = gratis' }),
  })
  .openapi('Service');

const EXAMPLE = {
  id: 'akta-kelahiran',
  name: 'Akta Kelahiran',
  summary: 'Mencatatkan kelahiran anak dan mendapat kutipan akta kelahiran.',
  agency: { id: 'dindukcapil', name: 'Dinas Kependudukan dan Pencatatan Sipil' },
  kinds: ['digital', 'outreach', 'integrated'],
  channels: ['online', 'doorstep', 'onestop'],
  promise: { workingDays: 1 },
  free: true,
  version: 1,
  provenance: 'unverified',
};

const listServices = operation({
  id: 'listServices',
  method: 'get',
  path: '/api/v1/services',
  tag: 'services',
  summary: 'Daftar layanan, atau pencarian dengan kata sehari-hari',
  access: 'public',
  query: z.strictObject({
    ...PAGING,
    q: z.string().max(200).optional().openapi({ description: 'Kata sehari-hari: "surat lahir", "ktp ilang"' }),
  }),
  answer: {
    status: 200,
    description: 'Satu halaman layanan',
    schema: z.strictObject({ items: z.array(ServiceSummary) }).openapi('Services'),
    example: { items: [EXAMPLE] },
    headers: { Link: 'rel="next": halaman berikutnya' },
  },
  refusals: [422],
  async run({ c, ctx, query }) {
    const catalogue = await getCatalogue(ctx);
    const found = query.q ? searched(catalogue, query.q) : byId(catalogue);
    // the list by id goes on after an id that is gone by now; a search does not, since it has no order but its own
    const at =
      query.after === undefined
        ? 0
        : query.q
          ? found.findIndex(({ service }) => service.id === query.after) + 1
          : found.filter(({ service }) => service.id <= (query.after as string)).length;
    const items = found.slice(at, at + query.limit);
    linkNext(c, found.length > at + query.limit ? items.at(-1)?.service.id : undefined);
    c.header('Cache-Control', 'public, max-age=60');
    return { items: items.map((version) => summaryOf(catalogue, version)) };
  },
});

const getService = operation({
  id: 'getService',
  method: 'get',
  path: '/api/v1/services/{id}',
  tag: 'services',
  summary: 'Satu layanan: standar, syarat, dan JSON Schema jawabannya',
  access: 'public',
  params: { id: { description: 'Id layanan', example: 'akta-kelahiran' } },
  answer: { status: 200, description: 'Layanan yang sedang dibuka', schema: Service },
  refusals: [404],
  async run({ c, ctx, params }) {
    const version = await getOffered(ctx, params.id ?? '');
    const { service } = version;
    c.header('Cache-Control', 'public, max-age=60');
    return {
      ...summaryOf(await getCatalogue(ctx), version),
      audience: service.audience,
      keywords: service.keywords,
      publishedAt: version.publishedAt.toISOString(),
      applicant: service.applicant,
      standard: service.standard,
      requirements: service.requirements.map(
        ({ id, evidence, optional, when, options, legalBasis, provenance, source }) => ({
          id,
          evidence,
          optional: optional ?? false,
          when,
          options,
          legalBasis,
          provenance,
          source,
        }),
      ),
      answers: answersSchema(service),
      products: service.products.map(({ id, name, kind, provenance, source }) => ({
        id,
        name,
        kind,
        provenance,
        source,
      })),
      fees: service.fees,
    };
  },
});

export const api = (app: Hono<Env>): void => addOperations(app, [listServices, getService]);

function summaryOf(catalogue: Catalogue, { service, version }: ServiceVersion) {
  const { id, name, summary, kinds, channels, provenance, source } = service;
  const agency = { id: service.agency, name: catalogue.agencies.get(service.agency)?.name ?? service.agency };
  return {
    id,
    name,
    summary,
    agency,
    kinds,
    channels,
    promise: service.workflow.promise,
    free: service.fees.length === 0,
    version,
    provenance,
    source,
  };
}

const ordered = new WeakMap<Catalogue, ServiceVersion[]>();
function byId(catalogue: Catalogue): ServiceVersion[] {
  let list = ordered.get(catalogue);
  if (!list) {
    list = catalogue.services.toSorted((a, b) => (a.service.id < b.service.id ? -1 : 1));
    ordered.set(catalogue, list);
  }
  return list;
}

// an index is built once for each published catalogue
const indexes = new WeakMap<Catalogue, ServiceIndex>();
function searched(catalogue: Catalogue, words: string): ServiceVersion[] {
  let index = indexes.get(catalogue);
  if (!index) {
    const names = Object.fromEntries([...catalogue.agencies.values()].map(({ id, name }) => [id, name]));
    index = buildIndex(
      catalogue.services.map(({ service }) => service),
      names,
    );
    indexes.set(catalogue, index);
  }
  return searchServices(index, words).flatMap(({ id }) => catalogue.byId.get(id) ?? []);
}
