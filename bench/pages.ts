// Resident pages: how many a core makes, what they weigh over the air, and how soon a cheap phone on a slow line shows
// them. Real server, real HTTP, own PostgreSQL. Flags: --rounds 5, --seconds 3, --runs 5 (of the browser), --connections 8.
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { localDate } from '#platform/calendar.ts';
import { readConfig } from '#platform/config.ts';
import { type Ctx, context, SYSTEM } from '#platform/context.ts';
import { grouped } from '#platform/ids.ts';
import { type OpenWorld, openWorld } from '#platform/world.ts';
import { actOnApplication, submitApplication } from '#src/applications/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import type { Answers } from '#src/catalogue/condition.ts';
import { SERVICES } from '#src/catalogue/folder.ts';
import type { Service } from '#src/catalogue/service.ts';
import { documentsOf } from '#src/documents/actions.ts';
import { issueProducts } from '#src/documents/jobs.ts';
import { listDemoOfficers } from '#src/identity/actions.ts';
import { modules } from '#src/modules.ts';
import { type DraftPage, pagesOf } from '#src/online/draft/draft.ts';
import { typeAnswers } from '#src/online/draft/reading.ts';
import { seed } from '#src/seed.ts';
import { openBrowser, phone as openPhone } from '#test/browser.ts';
import { httpLoad, type Wire } from './http-load.ts';
import { cpuMs, type Flags, interleaved, type Metric, median, type Result, spread } from './measure.ts';
import { type Server, startServer } from './server.ts';

const SERVICE = 'akta-kelahiran';
const PAGE = `/layanan/${SERVICE}`;
const KB = 1024;
const PAGE_LIMIT = 14 * KB;
const APPLICATION_LIMIT = 60 * KB;
/** 400 kbit/s both ways, 400 ms until a request's first byte comes back, a processor four times slower. */
const LINE = { offline: false, latency: 400, downloadThroughput: 400_000 / 8, uploadThroughput: 400_000 / 8 };
const SLOWER = 4;
const say = (line: string) => process.stderr.write(`${line}\n`);

export async function run(flags: Flags): Promise<Result> {
  const rounds = Number(flags.rounds ?? 5);
  const seconds = Number(flags.seconds ?? 3);
  const runs = Math.max(3, Number(flags.runs ?? 5));
  const connections = Number(flags.connections ?? 8);
  const dir = mkdtempSync(join(tmpdir(), 'pendopo-bench-'));
  const env = ownEnvironment(dir);
  // we are the first to use the state folder, so PostgreSQL is our child and not counted as the application
  const open = await openWorld(readConfig(env), modules);
  let server: Server | undefined;
  try {
    await seed(open.world);
    const code = await issuedCode(open);
    const applications = await walks(open);
    const app = (server = await startServer(env));
    const metrics: Metric[] = [];

    const { weights, draft } = await weighAll(app.port, applications, code);
    const postmaster = Number(readFileSync(join(dir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
    metrics.push(...(await throughput({ app, postmaster, draft, rounds, seconds, connections })), ...weights);
    metrics.push(...(await paints(app.port, draft, runs)));
    return { name: 'pages', metrics };
  } finally {
    await stop(server?.child);
    await open.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** One line with a limit as the other side. */
function against(
  metric: string,
  unit: string,
  sample: readonly number[],
  limit: { most: number } | { least: number },
  ours = median(sample),
): Metric {
  const most = 'most' in limit;
  const other = most ? limit.most : limit.least;
  return {
    metric,
    unit,
    ours,
    other,
    otherName: 'limit',
    ratio: other === 0 ? null : ours / other,
    target: `${most ? '<=' : '>='} ${other.toLocaleString('en')}`,
    met: most ? ours <= other : ours >= other,
    spread: sample.length > 1 ? spread(sample) : null,
  };
}

const told = (metric: string, unit: string, sample: readonly number[]): Metric => ({
  metric,
  unit,
  ours: median(sample),
  other: null,
  otherName: '',
  ratio: null,
  target: null,
  met: null,
  spread: sample.length > 1 ? spread(sample) : null,
});

// ── pages a second from one core ─────────────────────────────────────────────────────────────────────────────────────

type Round = { perCore: number; perSecond: number; appCpu: number; dbCpu: number; failed: number };

async function throughput(given: {
  app: Server;
  postmaster: number;
  draft: Draft;
  rounds: number;
  seconds: number;
  connections: number;
}): Promise<Metric[]> {
  const { app, postmaster, draft, rounds, seconds, connections } = given;
  const headers = { host: `localhost:${app.port}`, 'accept-encoding': 'gzip' };
  let fresh = 0;
  const kinds: { name: string; next(): Wire; least?: number }[] = [
    { name: 'service page', next: () => ({ method: 'GET', path: PAGE, headers }), least: 1500 },
    {
      // an answer nobody gave before: nothing is kept for it, so the page is drawn and compressed
      name: 'service page, not kept',
      next: () => ({ method: 'GET', path: `${PAGE}?periksa=ya&tempatLahir=x${fresh++}`, headers }),
    },
    {
      name: 'question page of a draft',
      next: () => ({
        method: 'GET',
        path: draft.path,
        headers: { ...headers, cookie: draft.phone.cookie(draft.path) },
      }),
    },
  ];
  const side =
    ({ next }: (typeof kinds)[number], during = seconds) =>
    async (): Promise<Round> => {
      const before = [cpuMs(app.pid), cpuMs(postmaster)] as const;
      const load = await httpLoad(app.port, { connections, seconds: during, next, expect: 200 });
      const [appMs, dbMs] = [cpuMs(app.pid) - before[0], cpuMs(postmaster) - before[1]];
      return {
        perCore: load.done / (appMs / 1000),
        perSecond: load.done / load.seconds,
        appCpu: appMs / load.done,
        dbCpu: dbMs / load.done,
        failed: load.failed,
      };
    };
  for (const kind of kinds) await side(kind, 2)(); // the compiler has seen every page before it counts
  const { results, dropped } = await interleaved(
    kinds.map((kind) => side(kind)),
    rounds,
  );
  if (dropped > 0) say(`${dropped} rounds with stolen CPU dropped`);
  return kinds.flatMap(({ name, least }, index) => {
    const list = results[index] ?? [];
    const failed = list.reduce((sum, round) => sum + round.failed, 0);
    if (failed > 0) throw new Error(`${name}: ${failed} requests failed`);
    const of = (key: keyof Round) => list.map((round) => round[key]);
    say(`${name}: ${median(of('perSecond')).toFixed(0)}/s over ${connections} connections`);
    const perCore = `${name}: per CPU second of the application`;
    return [
      least ? against(perCore, 'pages', of('perCore'), { least }) : told(perCore, 'pages', of('perCore')),
      told(`${name}: CPU, application`, 'ms', of('appCpu')),
      told(`${name}: CPU, database`, 'ms', of('dbCpu')),
    ];
  });
}

// ── what comes over the air ──────────────────────────────────────────────────────────────────────────────────────────

type Weight = { kind: string; path: string; bytes: number; script: number };
/** An application still being filled in, at its heaviest page. */
type Draft = { phone: Phone; path: string };
type Walk = { service: Service; given: Example; pages: DraftPage[] };
type Example = { answers: Answers; documents?: Record<string, string> };

/** The service of the bench, and every service whose example takes five pages from the first question to the check. */
async function walks({ world }: OpenWorld): Promise<Walk[]> {
  const ctx = context(world, SYSTEM, 'system');
  const today = localDate(ctx.calendar, ctx.now);
  const { services } = await getCatalogue(ctx);
  return services
    .filter(({ service }) => service.channels.includes('online'))
    .map(({ service }) => {
      const given = exampleOf(service.id);
      return { service, given, pages: pagesOf(service, { answers: given.answers, documents: {} }, today) };
    })
    .filter(({ service, pages }) => service.id === SERVICE || pages.length === 5 + 1);
}

const exampleOf = (service: string): Example =>
  JSON.parse(readFileSync(join(SERVICES, service, 'example.json'), 'utf8'));

async function weighAll(
  port: number,
  applications: Walk[],
  code: string,
): Promise<{ weights: Metric[]; draft: Draft }> {
  const all: Weight[] = [];
  const phone = new Phone(port);
  for (const [kind, path] of [
    ['home', '/'],
    ['list', '/layanan'],
    ['verify', `/verifikasi/${code}`],
  ] as const)
    all.push(await weigh(phone, kind, await phone.get(path)));
  const five: number[] = [];
  let long = 0;
  for (const walk of applications) {
    const weighed = await apply(new Phone(port), walk);
    all.push(...weighed);
    const sum = weighed.filter(({ kind }) => kind !== 'follow').reduce((total, { bytes }) => total + bytes, 0);
    if (walk.pages.length === 5 + 1) five.push(sum);
    if (walk.service.id === SERVICE) long = sum;
    say(`${walk.service.id}: ${walk.pages.length - 1} pages and the check, ${sum} bytes from service page to receipt`);
  }
  if (five.length === 0) throw new Error('no service has an example of five pages: nothing to weigh');
  const heaviest = (kind: string) => all.filter((one) => one.kind === kind).sort((a, b) => b.bytes - a.bytes);
  const weights = KINDS.map((kind) => {
    const list = heaviest(kind);
    if (!list[0]) throw new Error(`no ${kind} page was weighed`);
    say(`${kind}: heaviest of ${list.length} is ${list[0].path}, ${list[0].bytes} bytes`);
    const sample = list.map(({ bytes }) => bytes);
    return against(`${kind} page, HTML + CSS compressed`, 'B', sample, { most: PAGE_LIMIT }, list[0].bytes);
  });
  const script = all.reduce((sum, one) => sum + one.script, 0);
  weights.push(
    against(`JavaScript on ${all.length} resident pages of ${KINDS.length} kinds`, 'B', [script], { most: 0 }),
    against(
      `five-step application, heaviest of ${five.length}: service page to receipt`,
      'B',
      five,
      { most: APPLICATION_LIMIT },
      Math.max(...five),
    ),
    told(`longest way, ${SERVICE}: service page to receipt`, 'B', [long]),
  );
  return {
    weights,
    draft: await openDraft(port, applications.find(({ service }) => service.id === SERVICE) as Walk, all),
  };
}

const KINDS = ['home', 'list', 'service', 'question', 'check', 'receipt', 'follow', 'verify'] as const;
type Kind = (typeof KINDS)[number];

/** From the service's page to the receipt and to where the case stands, as a browser without script would. */
async function apply(phone: Phone, { service, given, pages }: Walk): Promise<Weight[]> {
  const path = `/layanan/${service.id}`;
  const weights = [await weigh(phone, 'service', await phone.get(path))];
  const whose = await phone.post(`${path}/ajukan`, {});
  weights.push(await weigh(phone, 'question', whose));
  let answer = await phone.post(`${path}/ajukan/mulai/untuk-siapa`, { untuk: 'self' });
  for (const page of pages) {
    weights.push(await weigh(phone, page.kind === 'check' ? 'check' : 'question', answer));
    if (!answer.path.endsWith(`/${page.path}`))
      throw new Error(`${service.id}: expected the page ${page.path}, got ${answer.path}`);
    answer = await phone.post(`${path}/ajukan/${page.path}`, typedFor(page, given));
  }
  if (!answer.path.endsWith('/terima')) throw new Error(`${service.id}: expected a receipt, got ${answer.path}`);
  weights.push(await weigh(phone, 'receipt', answer));
  weights.push(await weigh(phone, 'follow', await phone.get(answer.path.replace(/\/terima$/, ''))));
  return weights;
}

/** Fills in everything but does not send, so that the heaviest question page can be opened as a complete form. */
async function openDraft(port: number, { service, given, pages }: Walk, all: Weight[]): Promise<Draft> {
  const phone = new Phone(port);
  const base = `/layanan/${service.id}/ajukan`;
  await phone.post(base, {});
  for (const page of pages) if (page.kind !== 'check') await phone.post(`${base}/${page.path}`, typedFor(page, given));
  const [heaviest] = all
    .filter((one) => one.kind === 'question' && one.path.startsWith(`${base}/`))
    .sort((a, b) => b.bytes - a.bytes);
  return { phone, path: heaviest?.path as string };
}

function typedFor(page: DraftPage, given: Example): Record<string, string> {
  switch (page.kind) {
    case 'fields': {
      const { answers } = given;
      const item = page.item === undefined ? answers : ((answers[page.step.id] as Answers[])[page.item] ?? {});
      return typeAnswers(page.fields, item);
    }
    case 'list':
      return { lagi: 'tidak' };
    case 'mandate':
      return {};
    case 'document': {
      const { requirement, options } = page.required;
      return { pilihan: given.documents?.[requirement.id] ?? options[0]?.id ?? '', aksi: 'nanti' };
    }
    case 'check':
      return { setuju: 'ya' };
  }
}

async function weigh(phone: Phone, kind: Kind, { path, html, bytes }: Answer): Promise<Weight> {
  const weight = { kind, path, bytes, script: 0 };
  for (const [, href = ''] of html.matchAll(/<link\b(?=[^>]*rel="?stylesheet)[^>]*href="([^"]+)"/g))
    weight.bytes += (await phone.get(href)).bytes;
  for (const [, attributes = '', inline = ''] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)) {
    const source = /src="([^"]+)"/.exec(attributes)?.[1];
    weight.script += source ? (await phone.get(source)).bytes : Buffer.byteLength(inline);
  }
  for (const [handler] of html.matchAll(/<[^>]+\son[a-z]+="[^"]*"/g)) weight.script += Buffer.byteLength(handler);
  return weight;
}

type Answer = { path: string; html: string; bytes: number };

/** A phone without script: keeps cookies by path, follows redirects, counts compressed bytes. */
class Phone {
  readonly port: number;
  readonly cookies = new Map<string, { name: string; value: string; path: string }>();
  readonly #agent = new Agent({ keepAlive: true });
  constructor(port: number) {
    this.port = port;
  }

  get(path: string): Promise<Answer> {
    return this.#send('GET', path);
  }

  post(path: string, fields: Record<string, string>): Promise<Answer> {
    return this.#send('POST', path, new URLSearchParams(fields).toString());
  }

  cookie(path: string): string {
    return [...this.cookies.values()]
      .filter((one) => one.path === '/' || path === one.path || path.startsWith(`${one.path}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #send(method: string, path: string, body?: string): Promise<Answer> {
    const here = `localhost:${this.port}`;
    const headers = {
      host: here,
      origin: `http://${here}`,
      'accept-encoding': 'gzip',
      cookie: this.cookie(path),
      ...(body !== undefined && {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
      }),
    };
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: this.port, method, path, headers, agent: this.#agent },
        (came) => {
          const chunks: Buffer[] = [];
          came.on('data', (chunk: Buffer) => chunks.push(chunk));
          came.on('error', reject);
          came.on('end', () => {
            for (const line of came.headers['set-cookie'] ?? []) this.#keep(line);
            const sent = Buffer.concat(chunks);
            const { location } = came.headers;
            if (location && came.statusCode === 303) {
              this.get(location).then((next) => resolve({ ...next, bytes: next.bytes + sent.length }), reject);
              return;
            }
            const html = (came.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent).toString();
            if (came.statusCode === 200) resolve({ path, html, bytes: sent.length });
            else reject(new Error(`${method} ${path}: ${came.statusCode} ${/<h1>(.*?)<\/h1>/.exec(html)?.[1] ?? ''}`));
          });
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const at = pair.indexOf('=');
    const path = attributes.find((one) => one.startsWith('Path='))?.slice(5) ?? '/';
    const key = `${pair.slice(0, at)} ${path}`;
    if (attributes.includes('Max-Age=0')) this.cookies.delete(key);
    else this.cookies.set(key, { name: pair.slice(0, at), value: pair.slice(at + 1), path });
  }
}

// ── how soon it is there to read ─────────────────────────────────────────────────────────────────────────────────────

async function paints(port: number, draft: Draft, runs: number): Promise<Metric[]> {
  const browser = await openBrowser();
  say(`largest paint at 400 kbit/s, 400 ms, CPU 1/${SLOWER}: ${PAGE} and ${draft.path}`);
  try {
    const sides = [
      { name: 'service page', path: PAGE, limit: 1 },
      { name: 'fullest form page', path: draft.path, limit: 1.5 },
    ].map((side) => ({ ...side, paint: () => largestPaint(browser, port, draft.phone, side.path) }));
    for (const { paint } of sides) await paint(); // the browser's own start is not the page's
    const { results, dropped } = await interleaved(
      sides.map(({ paint }) => paint),
      runs,
    );
    if (dropped > 0) say(`${dropped} rounds with stolen CPU dropped`);
    return sides.map(({ name, limit }, index) =>
      against(`largest paint of the ${name}`, 's', results[index] ?? [], { most: limit }),
    );
  } finally {
    await browser.close();
  }
}

/** Seconds from the start of the navigation; a new browser context each time, so nothing is kept from before. */
async function largestPaint(browser: Browser, port: number, owner: Phone, path: string): Promise<number> {
  const here = `http://127.0.0.1:${port}`;
  const context = await openPhone(browser, here, true);
  try {
    await context.addCookies(
      [...owner.cookies.values()].map((one) => ({ ...one, domain: '127.0.0.1', httpOnly: true, sameSite: 'Lax' })),
    );
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', LINE);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    const answer = await page.goto(path, { waitUntil: 'load' });
    if (answer?.status() !== 200 || new URL(page.url()).pathname !== path)
      throw new Error(`the browser was led from ${path} to ${page.url()}`);
    await page.waitForTimeout(300); // a later, larger paint would still count
    const last = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
            type: 'largest-contentful-paint',
            buffered: true,
          });
        }),
    );
    return last / 1000;
  } finally {
    await context.close();
  }
}

// ── the world it happens in ──────────────────────────────────────────────────────────────────────────────────────────

/** Nothing of the caller's own settings may reach the bench. */
function ownEnvironment(dir: string): NodeJS.ProcessEnv {
  const {
    DATABASE_URL: _database,
    PUBLIC_URL: _url,
    PENDOPO_MASTER_KEY_FILE: _file,
    S3_ENDPOINT: _files,
    HOST: _host,
    ...rest
  } = process.env;
  return {
    ...rest,
    PENDOPO_MODE: 'demo',
    PENDOPO_STATE: dir,
    PENDOPO_MASTER_KEY: '7'.repeat(64),
    PORT: '0',
    LOG_LEVEL: 'error',
  };
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await ended;
}

/** Carries one application through to its paper, and gives the code printed on it. */
async function issuedCode({ world }: OpenWorld): Promise<string> {
  const system = (): Ctx => context(world, SYSTEM, 'system');
  const receipt = await submitApplication(context(world, { kind: 'resident', holds: [] }, 'online'), {
    service: SERVICE,
    answers: exampleOf(SERVICE).answers,
    channel: 'online',
  });
  const officers = await listDemoOfficers(world);
  for (const [login, action] of [
    ['verifikator', 'setujui-berkas'],
    ['pengesah', 'sahkan'],
  ] as const) {
    const officer = officers.find((one) => one.login === login);
    if (!officer) throw new Error(`no demo officer ${login}`);
    await actOnApplication(context(world, { kind: 'officer', ...officer }, 'desk'), receipt.number, { action });
  }
  await issueProducts(system(), { subject: receipt.id });
  const [issued] = await documentsOf(system(), receipt.id);
  if (!issued) throw new Error(`${SERVICE} issued no document`);
  return grouped(issued.code);
}
