// The machine interface as a whole: its description (OpenAPI 3.1), a page for people, and answers for addresses that no
// module has. Called after the modules have added theirs.
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { type Access, addOperations, type Operation, operationsOf } from '#platform/api.ts';
import { uploadFile } from '#platform/files-api.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { page } from '#ui/layout.ts';

const ABOUT =
  'Antarmuka mesin layanan publik Kabupaten Blora. Kesalahan dijawab sebagai application/problem+json (RFC 9457) dengan errors[] per isian. ' +
  'Setiap POST menerima Idempotency-Key (UUID): kunci dan isi yang sama memberi jawaban yang sama, isi lain 409. Daftar dibaca halaman demi halaman lewat Link: rel="next".';

const REFUSALS: Record<number, string> = {
  400: 'Permintaan tidak terbaca',
  401: 'Perlu token atau kode lacak',
  403: 'Tidak berwenang',
  404: 'Tidak ada',
  409: 'Bertentangan dengan keadaan sekarang, atau kunci sudah dipakai',
  410: 'Sudah dimusnahkan menurut jadwal retensi',
  413: 'Terlalu besar',
  415: 'Jenis isi tidak dipakai',
  422: 'Isian perlu diperbaiki',
  429: 'Terlalu sering; lihat Retry-After',
  503: 'Sedang tidak bisa dijangkau',
};
const SECURITY: Record<Access, Record<string, string[]>[]> = {
  public: [],
  anyone: [{}, { bearer: [] }],
  code: [{ bearer: [] }, { trackCode: [] }],
  officer: [{ bearer: [] }],
};

/** Adds `/api`, `/api/openapi.json`, and the refusals of unknown addresses and methods under /api/. */
export function completeApi(app: Hono<Env>, publicUrl: string): void {
  addOperations(app, [uploadFile]);
  const operations = operationsOf(app);
  let description: string | undefined; // made when first asked for: a start should not wait for it
  app.get('/api', (c) => c.html(overview(operations)));
  app.get('/api/openapi.json', (c) => {
    c.header('Access-Control-Allow-Origin', '*');
    description ??= JSON.stringify(describe(operations, publicUrl));
    return c.body(description, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'public, max-age=300' });
  });
  // the type of a refusal leads to where refusals are explained
  app.get('/api/problems/:code', (c) => c.redirect('/api#kesalahan', 303));
  const addresses = [
    ...operations,
    { method: 'get', path: '/api/openapi.json', access: 'public' as const },
    { method: 'get', path: '/api/problems/{code}', access: 'anyone' as const },
  ].map(({ method, path, access }) => ({
    method: method.toUpperCase(),
    access,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  app.all('/api/*', (c) =>
    refuse(
      c,
      addresses.filter(({ pattern }) => pattern.test(c.req.path)),
    ),
  );
}

function refuse(c: Context<Env>, here: { method: string; access: Access }[]): Response {
  if (here.length === 0) throw new Problem(PROBLEMS.notFound, 'Alamat ini tidak ada. Daftar alamat: /api.');
  const methods = here.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  c.header('Allow', [...methods, 'OPTIONS'].join(', '));
  if (c.req.method !== 'OPTIONS')
    throw new Problem(PROBLEMS.methodNotAllowed, `Alamat ini hanya menerima ${methods.join(', ')}.`);
  if (here.some(({ access }) => access === 'public')) {
    c.header('Access-Control-Allow-Origin', '*');
    c.header('Access-Control-Allow-Methods', 'GET, HEAD');
  }
  return c.body(null, 204);
}

const ProblemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'Apa yang harus dilakukan' }),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .openapi({ description: 'Satu baris untuk setiap isian yang perlu diperbaiki' }),
  })
  .openapi('Problem', {
    example: {
      type: '/api/problems/invalid',
      title: 'Ada isian yang perlu diperbaiki.',
      status: 422,
      detail: 'Ada isian yang perlu diperbaiki.',
      errors: [{ path: 'answers.namaIbu', message: 'Isi "Nama ibu".' }],
    },
  });

function describe(operations: Operation[], publicUrl: string): object {
  const book = new OpenAPIHono();
  const { openAPIRegistry: registry } = book;
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'Token petugas atau sistem, dibatasi hak dan instansi',
  });
  registry.registerComponent('securitySchemes', 'trackCode', {
    type: 'apiKey',
    in: 'header',
    name: 'Track-Code',
    description: 'Kode lacak pada tanda terima, misalnya 7KDM-4QXA',
  });
  for (const one of operations) registry.registerPath(routeOf(one));
  return book.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Pendopo',
      version: '1',
      description: ABOUT,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: publicUrl }],
    tags: [
      { name: 'services', description: 'Layanan yang dibuka' },
      { name: 'applications', description: 'Permohonan' },
      { name: 'tasks', description: 'Tugas petugas' },
      { name: 'files', description: 'Berkas' },
      { name: 'documents', description: 'Verifikasi dokumen' },
    ],
  });
}

const IDEMPOTENCY = z.object({
  'Idempotency-Key': z
    .uuid()
    .optional()
    .openapi({ description: 'Satu UUID untuk satu maksud; ulangi dengan kunci yang sama bila jawaban tidak sampai' }),
});

function routeOf(one: Operation) {
  const { body, answer } = one;
  const params = Object.entries(one.params ?? {}).map(([name, about]) => [name, z.string().openapi(about)] as const);
  const json = <T extends z.ZodType>(schema: T, example: unknown) => ({
    schema,
    ...(example !== undefined && { example }),
  });
  const refusals = [...new Set([400, ...one.refusals, 503])].sort((a, b) => a - b);
  return createRoute({
    method: one.method,
    path: one.path,
    operationId: one.id,
    tags: [one.tag],
    summary: one.summary,
    ...(one.description && { description: one.description }),
    security: SECURITY[one.access],
    request: {
      ...(params.length > 0 && { params: z.object(Object.fromEntries(params)) }),
      ...(one.query && { query: one.query }),
      ...(one.method === 'post' && { headers: IDEMPOTENCY }),
      ...(body && {
        body: {
          required: !body.optional,
          content: { [body.multipart ? 'multipart/form-data' : 'application/json']: json(body.schema, body.example) },
        },
      }),
    },
    responses: {
      [answer.status]: {
        description: answer.description,
        content: { 'application/json': json(answer.schema, answer.example) },
        ...(answer.headers && {
          headers: Object.fromEntries(
            Object.entries(answer.headers).map(([name, description]) => [
              name,
              { description, schema: { type: 'string' as const } },
            ]),
          ),
        }),
      },
      ...Object.fromEntries(
        refusals.map((status) => [
          status,
          { description: REFUSALS[status] ?? '', content: { 'application/problem+json': { schema: ProblemSchema } } },
        ]),
      ),
    },
  });
}

const WHO: Record<Access, string> = {
  public: 'Siapa saja',
  anyone: 'Siapa saja; dengan token sebagai petugas',
  code: 'Token, atau header Track-Code',
  officer: 'Token petugas',
};

const overview = (operations: Operation[]) =>
  page({
    title: 'API untuk sistem lain',
    area: 'resident',
    path: '/api',
    body: html`<h1>API untuk sistem lain</h1>
<p>${ABOUT}</p>
<p>Keterangan lengkap untuk mesin: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1).</p>
${operations.map((one) => html`<h2 id="${one.id}">${one.summary}</h2><p><code>${one.method.toUpperCase()} ${one.path}</code></p><p>${WHO[one.access]}.${one.description && ` ${one.description}`}</p>`)}
<h2 id="kesalahan">Kesalahan</h2>
<p>Setiap penolakan menyebut apa yang harus dilakukan di <code>detail</code> dan, per isian, di <code>errors</code>.</p>
<ul>${Object.entries(REFUSALS).map(([status, words]) => html`<li><code>${status}</code> ${words}</li>`)}</ul>`,
  });
