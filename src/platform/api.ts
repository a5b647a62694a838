// The machine interface as data: each operation says what it takes and gives; from that come its address, its checks and
// its description. Bodies are judged here once; the run function sees only what has the right shape.
import { z } from '@hono/zod-openapi';
import type { Context, Hono } from 'hono';
import type { Ctx } from './context.ts';
import type { Env } from './modules.ts';
import { type FieldError, PROBLEMS, Problem, type ProblemKind } from './problem.ts';

/** Answers and documents of the largest service stay far below this; pictures go through /api/v1/files. */
const MAX_JSON = 1024 * 1024;
const MAX_DEPTH = 20;

export const API_PROBLEMS = {
  wrongType: { code: 'wrong-content-type', status: 415, title: 'Jenis isi ini tidak dipakai di alamat ini.' },
} satisfies Record<string, ProblemKind>;

/**
 * Who may call. public: anyone, also scripts of other sites (read only) · anyone: no token needed ·
 * code: a token, or the Track-Code of the application · officer: a token.
 */
export type Access = 'public' | 'anyone' | 'code' | 'officer';

export type Call<Q, B> = { c: Context<Env>; ctx: Ctx; params: Record<string, string>; query: Q; body: B };

export type Operation<Q extends z.ZodObject = z.ZodObject, B extends z.ZodType = z.ZodType> = {
  id: string;
  method: 'get' | 'post';
  /** OpenAPI's spelling: /api/v1/services/{id}. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  access: Access;
  params?: Record<string, { description: string; example: string }>;
  query?: Q;
  /** JSON unless `multipart`, which the run function reads itself. */
  body?: { schema: B; optional?: boolean; multipart?: boolean; example?: unknown };
  answer: {
    status: 200 | 201;
    description: string;
    schema: z.ZodType;
    example?: unknown;
    headers?: Record<string, string>;
  };
  /** Statuses of the refusals to expect, beside those that every operation has. */
  refusals: number[];
  run(call: Call<z.output<Q>, z.output<B>>): Promise<unknown>;
};

/** Types the run function by the schemas beside it. */
export const operation = <Q extends z.ZodObject, B extends z.ZodType>(given: Operation<Q, B>): Operation =>
  given as unknown as Operation;

const known = new WeakMap<object, Operation[]>();

/** What the modules have added to this application so far. */
export const operationsOf = (app: Hono<Env>): Operation[] => known.get(app) ?? [];

/** Adds operations to the application and to its description. */
export function addOperations(app: Hono<Env>, operations: Operation[]): void {
  known.set(app, [...operationsOf(app), ...operations]);
  for (const one of operations) app.on(one.method, one.path.replaceAll(/\{(\w+)\}/g, ':$1'), (c) => answer(c, one));
}

async function answer(c: Context<Env>, one: Operation): Promise<Response> {
  const ctx = c.get('ctx');
  if (one.access === 'public') c.header('Access-Control-Allow-Origin', '*');
  if (one.access === 'officer' && ctx.actor.kind !== 'officer')
    throw signInFirst(c, 'Alamat ini memerlukan token petugas: Authorization: Bearer …');
  const query = parse(one.query ?? NO_QUERY, c.req.query(), 'query');
  const body =
    one.body && !one.body.multipart ? parse(one.body.schema, await readJson(c, one.body.optional ?? false)) : undefined;
  const params = c.req.param() as Record<string, string>;
  return c.json((await one.run({ c, ctx, params, query, body })) as object, one.answer.status);
}

const NO_QUERY = z.strictObject({});

/** A refusal for want of a token, with the header that says which kind. */
export function signInFirst(c: Context<Env>, detail: string): Problem {
  c.header('WWW-Authenticate', 'Bearer');
  return new Problem(PROBLEMS.signIn, detail);
}

/** A page of a list: `?after=&limit=`. */
export const PAGING = {
  after: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ description: 'Penanda dari Link: rel="next" halaman sebelumnya' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(25)
    .openapi({ type: 'integer', minimum: 1, maximum: 100, default: 25, description: 'Banyaknya isi satu halaman' }),
};

/** Says where the next page is. `next` is the cursor; undefined on the last page. */
export function linkNext(c: Context<Env>, next: string | undefined): void {
  if (next === undefined) return;
  const query = new URLSearchParams(c.req.query());
  query.set('after', next);
  c.header('Link', `<${c.req.path}?${query}>; rel="next"`);
}

/** Judges a value by a schema. Throws Problem invalid with one sentence for each fault. */
export function parse<T extends z.ZodType>(schema: T, value: unknown, place = ''): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const at = (path: PropertyKey[]) => [...(place ? [place] : []), ...path].join('.');
  const errors = result.error.issues.flatMap((issue): FieldError[] => {
    if (issue.code !== 'unrecognized_keys') return [{ path: at(issue.path), message: sentence(issue, at(issue.path)) }];
    const names = fieldsAt(schema, issue.path);
    return issue.keys.map((key) => ({
      path: at([...issue.path, shown(key)]),
      message: `Isian "${shown(key)}" tidak dikenal; hapus dari kiriman.${names.length > 0 ? ` Yang dikenal: ${names.join(', ')}.` : ''}`,
    }));
  });
  throw new Problem(PROBLEMS.invalid, undefined, errors);
}

type Issue = z.core.$ZodIssue;
const TYPES: Record<string, string> = {
  object: 'objek JSON',
  record: 'objek JSON',
  array: 'daftar',
  string: 'teks',
  number: 'angka',
  int: 'bilangan bulat',
  boolean: 'true atau false',
};

function sentence(issue: Issue, path: string): string {
  const name = path || 'Isi kiriman';
  switch (issue.code) {
    case 'invalid_type':
      return `${name} harus berupa ${TYPES[issue.expected] ?? issue.expected}.`;
    case 'invalid_value':
      return `${name} harus salah satu dari: ${issue.values.map(String).join(', ')}.`;
    case 'too_big':
      return `${name} paling banyak ${issue.maximum}${issue.origin === 'string' ? ' huruf' : ''}.`;
    case 'too_small':
      return `${name} paling sedikit ${issue.minimum}${issue.origin === 'string' ? ' huruf' : ''}.`;
    default:
      return issue.message.startsWith('Invalid') ? `${name} tidak sesuai bentuknya; lihat /api.` : issue.message;
  }
}

/** The names that an object of the schema knows, at a path inside it. */
function fieldsAt(schema: z.ZodType, path: PropertyKey[]): string[] {
  let at: unknown = schema;
  const unwrapped = (type: unknown): unknown =>
    type instanceof z.ZodOptional || type instanceof z.ZodDefault ? unwrapped(type.unwrap()) : type;
  for (const key of path) {
    const object = unwrapped(at);
    at = object instanceof z.ZodObject ? object.shape[String(key)] : undefined;
  }
  const object = unwrapped(at);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

const shown = (key: string): string => (key.length > 60 ? `${key.slice(0, 60)}…` : key);

async function readJson(c: Context<Env>, optional: boolean): Promise<unknown> {
  if (Number(c.req.header('content-length')) > MAX_JSON) throw tooLarge();
  const text = await c.req.text();
  if (text === '' && optional) return {};
  if (!/^application\/(json|[\w.-]+\+json) *(;|$)/i.test(c.req.header('content-type') ?? '')) {
    throw new Problem(
      API_PROBLEMS.wrongType,
      'Kirim isinya sebagai JSON, dengan header Content-Type: application/json.',
    );
  }
  if (text.length > MAX_JSON) throw tooLarge();
  // bytes that are no UTF-8 arrive as this character; nobody's name holds it
  if (text.includes('\uFFFD'))
    throw new Problem(PROBLEMS.malformed, 'Teks kiriman rusak: simpan dan kirim sebagai UTF-8.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem(
      PROBLEMS.malformed,
      'Isi kiriman bukan JSON yang benar. Periksa tanda kurung, koma, dan tanda kutipnya.',
    );
  }
  // only an escape can bring in what JSON's own reader and UTF-8 keep out: most bodies have none
  const fault = faultIn(value, 1, text.includes('\\u'));
  if (fault) throw new Problem(PROBLEMS.malformed, fault);
  return value;
}

const tooLarge = (): Problem =>
  new Problem(
    PROBLEMS.tooLarge,
    'Kiriman JSON paling besar 1 MB. Kirim berkas lewat POST /api/v1/files, lalu sebutkan id-nya.',
  );

/** What no later step should have to think of: depth without end, and text that the database cannot hold. */
function faultIn(value: unknown, depth: number, texts: boolean): string | undefined {
  if (typeof value === 'string') return texts ? faultInText(value) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH) return `Isi kiriman bertingkat terlalu dalam; paling banyak ${MAX_DEPTH} tingkat.`;
  if (texts && !Array.isArray(value))
    for (const key of Object.keys(value)) if (faultInText(key)) return faultInText(key);
  for (const item of Object.values(value)) {
    if (typeof item === 'object' || texts) {
      const fault = faultIn(item, depth + 1, texts);
      if (fault) return fault;
    }
  }
  return undefined;
}

const faultInText = (text: string): string | undefined =>
  text.isWellFormed() && !text.includes('\0')
    ? undefined
    : 'Ada teks yang memuat karakter rusak. Periksa lagi teks yang dikirim.';
