// From request to context to answer: headers, limits, origin checks, who is asking, and one handler for every refusal.
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import { csrf } from 'hono/csrf';
import { routePath } from 'hono/route';
import type { HtmlEscapedString } from 'hono/utils/html';
import { compressHtml } from './compress.ts';
import { type Actor, type Ctx, context, type Resident, type World } from './context.ts';
import { signValue, verifyValue } from './crypto.ts';
import type { EventChannel } from './events.ts';
import { isId, newId } from './ids.ts';
import { counters } from './metrics.ts';
import type { Env } from './modules.ts';
import { PROBLEMS, Problem, problemJson } from './problem.ts';
import { allow } from './rate-limit.ts';

export const SESSION_COOKIE = 'sesi';
/** A resident's account; beside it HOLDS_COOKIE names the applications whose code this browser has shown. */
export const RESIDENT_COOKIE = 'warga';
const HOLDS_COOKIE = 'berkas';
const MOST_HELD = 20;
const SMALL = 2 * 1024 * 1024;
const LARGE = 12 * 1024 * 1024;

export type Page = HtmlEscapedString | Promise<HtmlEscapedString>;
export type ErrorPage = (problem: Problem, c: Context<Env>) => Page;

/** A code shown by a browser: of which application, and from what the code derives when not from the application's own id. */
export type Pass = { application: string; via?: string };

export type HttpOptions = {
  authenticate(world: World, token: string): Promise<Actor | undefined>;
  /** The resident of an account's token and of codes shown, with what both open at this moment. */
  recognise(world: World, token: string | undefined, passes: Pass[]): Promise<Resident>;
  errorPage: ErrorPage;
  /** Is told of every right that was refused, after what was refused has ended. Must not throw. */
  refused?(ctx: Ctx, refused: NonNullable<Problem['refused']>): Promise<void>;
  /** Hashes of the style sheets that pages carry inline, quotes included. */
  styleHashes: string;
};

/** The application shell; modules add their addresses to it. */
export function createHttp(world: World, options: HttpOptions): Hono<Env> {
  const app = new Hono<Env>();
  const csp = [
    "default-src 'none'",
    `style-src ${options.styleHashes}`,
    "script-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
  ].join('; ');

  app.use(async (c, next) => {
    const started = performance.now();
    c.set('requestId', newId(world.clock()));
    await next();
    if (c.error instanceof Problem && c.error.refused) await options.refused?.(c.get('ctx'), c.error.refused);
    const headers = c.res.headers;
    headers.set('Content-Security-Policy', headers.get('Content-Security-Policy') ?? csp);
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Referrer-Policy', 'same-origin');
    headers.set('X-Frame-Options', 'SAMEORIGIN');
    headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    headers.set('Cross-Origin-Resource-Policy', 'same-origin');
    headers.set('Permissions-Policy', 'camera=(self), geolocation=(self), microphone=()');
    if (world.config.publicUrl.startsWith('https:'))
      headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
    counters.observe(c, performance.now() - started);
  });

  app.use(compressHtml);

  const sameOrigin = csrf();
  app.use(async (c, next) => {
    // machines authenticate by bearer token and are sent no cookies: nothing to forge
    if (c.req.path.startsWith('/api/')) return next();
    return sameOrigin(c, next);
  });

  const [small, large] = [
    bodyLimit({ maxSize: SMALL, onError: tooLarge }),
    bodyLimit({ maxSize: LARGE, onError: tooLarge }),
  ];
  app.use((c, next) => {
    const most = isUpload(c) ? LARGE : SMALL;
    const length = c.req.header('content-length');
    // a body of declared length is cut by Node itself; only one of unknown length must be counted as it comes
    if (length !== undefined && c.req.header('transfer-encoding') === undefined)
      return Number(length) > most ? tooLarge(c) : next();
    return c.req.method === 'GET' || c.req.method === 'HEAD' ? next() : (most === LARGE ? large : small)(c, next);
  });

  app.use(async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD' && !allow(world, clientAddress(c, world), 'write'))
      throw new Problem(PROBLEMS.tooMany);
    c.set('ctx', await requestContext(c, world, options));
    await next();
  });

  app.notFound((c) => answerProblem(c, new Problem(PROBLEMS.notFound), options.errorPage));
  app.onError((error, c) => {
    if (error instanceof Problem) return answerProblem(c, error, options.errorPage);
    const status = (error as { status?: number }).status;
    if (status === 403) return answerProblem(c, new Problem(PROBLEMS.crossSite), options.errorPage);
    if ((error as { code?: string }).code === NOT_A_CHARACTER)
      return answerProblem(c, new Problem(PROBLEMS.malformed), options.errorPage);
    if (isUnavailable(error)) return answerProblem(c, new Problem(PROBLEMS.unavailable), options.errorPage);
    world.log.error(
      {
        requestId: c.get('requestId'),
        route: routeOf(c),
        method: c.req.method,
        err: { name: error.name, stack: stackOnly(error), code: (error as { code?: string }).code },
      },
      'bug',
    );
    const bug = new Problem({
      code: 'internal',
      status: 500,
      title: `Ada kesalahan di pihak kami. Coba lagi; bila berulang, sebutkan kode ${c.get('requestId')} kepada petugas.`,
    });
    return answerProblem(c, bug, options.errorPage);
  });
  return app;
}

const isUpload = (c: Context): boolean => c.req.header('content-type')?.startsWith('multipart/') === true;

function tooLarge(c: Context): never {
  throw new Problem(
    PROBLEMS.tooLarge,
    isUpload(c) ? 'Berkas terlalu besar. Paling besar 10 MB; ambil foto lagi dengan mutu lebih rendah.' : undefined,
  );
}

async function requestContext(c: Context<Env>, world: World, options: HttpOptions): Promise<Ctx> {
  const api = c.req.path.startsWith('/api/');
  const bearer = c.req.header('authorization')?.match(/^Bearer (.+)$/)?.[1];
  const token = api ? bearer : getCookie(c, SESSION_COOKIE);
  const officer = token ? await options.authenticate(world, token) : undefined;
  if (api && bearer && !officer) throw new Problem(PROBLEMS.signIn, 'Token tidak dikenal atau sudah tidak berlaku.');
  // also beside an officer's session: at home an officer is a resident (asResident in src/online/pages/site.ts)
  const resident = api ? NOBODY : await recognised(c, world, options);
  c.set('resident', resident);
  const actor: Actor = officer ?? resident;
  const channel: EventChannel = officer ? 'desk' : 'online';
  return context(world, actor, channel, commandIdOf(c));
}

function commandIdOf(c: Context<Env>): string | undefined {
  const key = c.req.header('idempotency-key');
  if (key !== undefined && !isId(key)) throw new Problem(PROBLEMS.keyMalformed);
  return key?.toLowerCase();
}

const NOBODY: Resident = { kind: 'resident', holds: [] };

async function recognised(c: Context<Env>, world: World, options: HttpOptions): Promise<Resident> {
  const token = getCookie(c, RESIDENT_COOKIE);
  const passes = passesOf(c, world);
  return token || passes.length > 0 ? options.recognise(world, token, passes) : NOBODY;
}

/** The codes that this browser has shown, newest first. */
function passesOf(c: Context<Env>, world: Pick<World, 'keys'>): Pass[] {
  const signed = getCookie(c, HOLDS_COOKIE);
  const value = signed && verifyValue(world.keys, signed);
  return (value || '').split(',').flatMap((entry): Pass[] => {
    const [application = '', via] = entry.split(':');
    if (!isId(application) || (via !== undefined && !isId(via))) return [];
    return [{ application, ...(via && { via }) }];
  });
}

/** Remembers in the browser that the person has shown a code of this application (the last twenty). */
export function holdApplication(c: Context<Env>, ctx: Pick<World, 'keys' | 'config'>, pass: Pass): void {
  const others = passesOf(c, ctx).filter(({ application }) => application !== pass.application);
  const value = [pass, ...others]
    .slice(0, MOST_HELD)
    .map(({ application, via }) => (via && via !== application ? `${application}:${via}` : application))
    .join(',');
  setCookie(c, HOLDS_COOKIE, signValue(ctx.keys, value), { ...cookieOptions(ctx), maxAge: 180 * 24 * 3600 });
}

/** Forgets every code that this browser has shown. */
export const forgetHeld = (c: Context<Env>, ctx: Pick<World, 'config'>): void =>
  setCookie(c, HOLDS_COOKIE, '', { ...cookieOptions(ctx), maxAge: 0 });

export const cookieOptions = (ctx: Pick<World, 'config'>) =>
  ({ path: '/', httpOnly: true, sameSite: 'Lax', secure: ctx.config.publicUrl.startsWith('https:') }) as const;

/** The other side's address; a proxy's word is believed only when the configuration says so. */
export function clientAddress(c: Context, world: Pick<World, 'config'>): string {
  if (world.config.trustProxy) {
    const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
    if (forwarded) return forwarded;
  }
  const env = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined;
  return env?.incoming?.socket?.remoteAddress ?? 'local';
}

/** Throws Problem 429 when this address tries a guessable thing too often. */
export function guard(c: Context<Env>, ctx: Ctx, what: 'sign-in' | 'code' | 'upload'): void {
  if (!allow(ctx, clientAddress(c, ctx), what)) throw new Problem(PROBLEMS.tooMany);
}

async function answerProblem(c: Context<Env>, problem: Problem, errorPage: ErrorPage): Promise<Response> {
  const status = problem.kind.status as 400;
  if (status === (429 as number)) c.header('Retry-After', '60');
  if (status === (401 as number)) c.header('WWW-Authenticate', 'Bearer');
  if (wantsJson(c)) return c.json(problemJson(problem), status, { 'Content-Type': 'application/problem+json' });
  if (status === (401 as number)) return c.redirect(`/masuk?ke=${encodeURIComponent(c.req.path)}`, 303);
  return c.html(errorPage(problem, c), status);
}

const wantsJson = (c: Context): boolean => c.req.path.startsWith('/api/') || c.req.path.startsWith('/data/');

/** The pattern of the address, for logs and metrics: it holds no number, code or name. */
export const routeOf = (c: Context): string => routePath(c, -1);

// error messages of the database may quote values; the stack's frames cannot
const stackOnly = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 12)
    .join('\n');

// what the database says of NUL; it comes in by an address (%00), since forms and JSON are looked through before
const NOT_A_CHARACTER = '22021';
const UNAVAILABLE = new Set(['ECONNREFUSED', 'ECONNRESET', '57P01', '57P03', '53300']);
const isUnavailable = (error: Error): boolean =>
  UNAVAILABLE.has((error as { code?: string }).code ?? '') ||
  /timeout exceeded when trying to connect|Connection terminated/.test(error.message);

/** Reads a form's fields as text; broken UTF-8 and repeated fields are handled by the platform's parser. */
export async function readForm(c: Context<Env>): Promise<Record<string, string | File | (string | File)[]>> {
  try {
    const form = await c.req.parseBody({ all: true });
    // no keyboard writes this character, and no database holds it
    if (!Object.entries(form).flat(2).some(hasNul)) return form;
  } catch (error) {
    if (error instanceof Problem) throw error;
  }
  throw new Problem(PROBLEMS.malformed, 'Formulir tidak terbaca. Kembali dan kirim lagi.');
}

const hasNul = (value: unknown): boolean => typeof value === 'string' && value.includes('\0');

export const textOf = (form: Record<string, unknown>, name: string): string => {
  const value = form[name];
  const text = Array.isArray(value) ? value.at(-1) : value;
  return typeof text === 'string' ? text : '';
};
