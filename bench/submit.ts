// Submissions and officers' actions over HTTP against pgbench writing the same rows, on one PostgreSQL with fsync on.
// Flags: --rounds 3, --seconds 4, --connections 8,32. pgbench (of a system's PostgreSQL) is the other side; without it no ratio.
import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readConfig } from '#platform/config.ts';
import { context, SYSTEM } from '#platform/context.ts';
import { newId } from '#platform/ids.ts';
import { startPostgres } from '#platform/postgres.ts';
import { openWorld } from '#platform/world.ts';
import { submitApplication } from '#src/applications/actions.ts';
import { getOffered, publish } from '#src/catalogue/actions.ts';
import { createOfficer, createToken } from '#src/identity/actions.ts';
import { modules } from '#src/modules.ts';
import { seed } from '#src/seed.ts';
import { httpLoad, type Wire } from './http-load.ts';
import { cpuMs, type Flags, interleaved, type Metric, median, quantile, type Result, spread } from './measure.ts';
import { startServer } from './server.ts';

const root = join(import.meta.dirname, '..');
const SERVICE = 'kk-baru';
const TWINS = Array.from({ length: 10 }, (_, index) => `kembar-${index}`);
/** Officers' actions go to and fro on so many applications. */
const POOL = 2000;
const say = (line: string) => process.stderr.write(`${line}\n`);

type Round = { rate: number; p99: number; appCpu: number; dbCpu: number; failed: number };

export async function run(flags: Flags): Promise<Result> {
  const rounds = Number(flags.rounds ?? 3);
  const seconds = Number(flags.seconds ?? 4);
  const connections = String(flags.connections ?? '8,32')
    .split(',')
    .map(Number);
  const pgbench = findPgbench();
  if (!pgbench) say('pgbench was not found (it comes with the system package of PostgreSQL): ours is measured alone');
  const dir = mkdtempSync(join(tmpdir(), 'pendopo-bench-'));
  const postgres = await startPostgres({ dir: join(dir, 'postgres') });
  const postmaster = Number(readFileSync(join(dir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
  const env = {
    ...process.env,
    DATABASE_URL: withDatabase(postgres.url, 'ours'),
    PENDOPO_MODE: 'demo',
    PENDOPO_STATE: dir,
    PENDOPO_MASTER_KEY: '7'.repeat(64),
    PORT: '0',
    LOG_LEVEL: 'error',
  };
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query('CREATE DATABASE ours');
  const { token, pool } = await prepare(env);
  await admin.query('CREATE DATABASE peer TEMPLATE ours');
  await addPool(
    withDatabase(postgres.url, 'peer'),
    pool.map((one) => one.id),
  );
  const app = await startServer(env);
  await publishTwins(env);
  const body = household();
  say(`each application: ${Buffer.byteLength(body)} bytes of answers`);
  const metrics: Metric[] = [];

  const ours = (at: number, next: (index: number) => Wire, expect: number) => async (): Promise<Round> => {
    const before = [cpuMs(app.pid), cpuMs(postmaster)] as const;
    const load = await httpLoad(app.port, { connections: at, seconds, next, expect });
    return {
      rate: load.done / load.seconds,
      p99: quantile(load.times, 0.99),
      appCpu: (cpuMs(app.pid) - before[0]) / load.done,
      dbCpu: (cpuMs(postmaster) - before[1]) / load.done,
      failed: load.failed,
    };
  };
  const peer = (at: number, script: string) => async (): Promise<Round> => {
    if (!pgbench) return { rate: Number.NaN, p99: Number.NaN, appCpu: Number.NaN, dbCpu: Number.NaN, failed: 0 };
    const file = join(dir, 'script.sql');
    writeFileSync(file, script);
    const before = cpuMs(postmaster);
    const said = execFileSync(
      pgbench,
      [
        '-n',
        '-M',
        'prepared',
        '-c',
        String(at),
        '-j',
        '2',
        '-T',
        String(seconds),
        '-f',
        file,
        withDatabase(postgres.url, 'peer'),
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const done = Number(/transactions actually processed: (\d+)/.exec(said)?.[1]);
    return {
      rate: Number(/tps = ([\d.]+)/.exec(said)?.[1]),
      p99: Number.NaN,
      appCpu: 0,
      dbCpu: (cpuMs(postmaster) - before) / done,
      failed: 0,
    };
  };

  try {
    const hot = submitTo(() => TWINS[0] as string, body);
    const spreadOut = submitTo((index) => TWINS[index % TWINS.length] as string, body);
    const act = toAndFro(pool, token);
    await httpLoad(app.port, { connections: 8, seconds: 2, next: hot }); // warm up both sides alike
    await peer(8, submitSeparate)();
    for (const at of connections) {
      metrics.push(
        ...(await against(
          `submit, ${at} connections`,
          [ours(at, hot, 201), peer(at, submitSeparate), peer(at, submitOneCall)],
          rounds,
        )),
      );
      metrics.push(
        ...(await against(
          `officer's action, ${at} connections`,
          [ours(at, act, 200), peer(at, actSeparate), peer(at, actOneCall)],
          rounds,
        )),
      );
      const { results } = await interleaved([ours(at, hot, 201), ours(at, spreadOut, 201)], rounds);
      metrics.push(
        metric(
          `all load on one service, ${at} connections`,
          '/s',
          rates(results[0]),
          rates(results[1]),
          `spread over ${TWINS.length} services`,
          '>= 0.9',
          (ratio) => ratio >= 0.9,
        ),
      );
    }
    metrics.push(...(await burst(app.port, hot)));
  } finally {
    app.child.kill('SIGINT');
    await admin.end();
    await new Promise((resolve) => app.child.once('exit', resolve));
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
  return { name: 'submit', metrics };
}

async function against(name: string, sides: (() => Promise<Round>)[], rounds: number): Promise<Metric[]> {
  const { results, dropped } = await interleaved(sides, rounds);
  if (dropped > 0) say(`${name}: ${dropped} rounds with stolen CPU dropped`);
  const [ours = [], separate = [], oneCall = []] = results;
  const failed = ours.reduce((sum, round) => sum + round.failed, 0);
  if (failed > 0) say(`${name}: ${failed} requests failed`);
  const cpu = (list: Round[]) => list.map((round) => round.appCpu + round.dbCpu);
  say(
    `${name}: ${median(rates(ours)).toFixed(0)}/s, p99 ${median(ours.map((round) => round.p99)).toFixed(1)} ms, CPU ${median(ours.map((round) => round.appCpu)).toFixed(2)} ms application + ${median(ours.map((round) => round.dbCpu)).toFixed(2)} ms database`,
  );
  return [
    metric(name, '/s', rates(ours), rates(separate), 'pgbench, separate statements', '>= 1.0', (ratio) => ratio >= 1),
    metric(name, '/s', rates(ours), rates(oneCall), 'pgbench, one call', '>= 0.6', (ratio) => ratio >= 0.6),
    metric(
      `${name}: CPU, application + database`,
      'ms',
      cpu(ours),
      cpu(separate),
      'database alone, separate statements',
      '<= 2.5',
      (ratio) => ratio <= 2.5,
    ),
    metric(
      `${name}: CPU, application + database`,
      'ms',
      cpu(ours),
      cpu(oneCall),
      'database alone, one call',
      '<= 2.5',
      (ratio) => ratio <= 2.5,
    ),
  ];
}

const rates = (rounds: Round[] = []): number[] => rounds.map((round) => round.rate);

function metric(
  name: string,
  unit: string,
  ours: number[],
  other: number[],
  otherName: string,
  target: string,
  holds: (ratio: number) => boolean,
): Metric {
  const mine = median(ours);
  const theirs = median(other);
  const known = !Number.isNaN(theirs);
  return {
    metric: name,
    unit,
    ours: mine,
    other: known ? theirs : null,
    otherName,
    ratio: known ? mine / theirs : null,
    target,
    met: known ? holds(mine / theirs) : null,
    spread: spread(ours),
  };
}

/** 500 submissions at once, each on a connection of its own (as when an office opens): all acknowledged, none refused. */
async function burst(port: number, next: (index: number) => Wire): Promise<Metric[]> {
  const worst: number[] = [];
  let failed = 0;
  for (let round = 0; round < 3; round++) {
    const load = await httpLoad(port, { connections: 500, most: 500, next });
    worst.push(load.seconds);
    failed += load.failed;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return [
    {
      metric: '500 submissions at once: the last is acknowledged after',
      unit: 's',
      ours: median(worst),
      other: null,
      otherName: 'limit',
      ratio: null,
      target: '<= 1.5, no error',
      met: median(worst) <= 1.5 && failed === 0,
      spread: spread(worst),
    },
  ];
}

/**
 * What each application answers: a household of fifteen, about 2 kB, sealed whole. The same service under ten names, so
 * that load on one and load spread differ in nothing else.
 */
function household(): string {
  const { answers } = JSON.parse(readFileSync(join(root, 'services', SERVICE, 'example.json'), 'utf8'));
  const [head, spouse] = answers.anggota;
  const others = Array.from({ length: 13 }, (_, index) => ({
    namaAnggota: `Anggota Keluarga Contoh Bersama Huruf ${String.fromCharCode(65 + index)}`,
    nikAnggota: `331603210401${9003 + index}`,
    hubungan: index < 9 ? 'anak' : 'lain',
  }));
  return JSON.stringify({ answers: { ...answers, anggota: [head, spouse, ...others] } });
}

const submitTo =
  (service: (index: number) => string, body: string) =>
  (index: number): Wire => ({
    method: 'POST',
    path: `/api/v1/services/${service(index)}/applications`,
    headers: { 'idempotency-key': randomUUID() },
    body,
  });

const toAndFro = (pool: { number: string }[], token: string) => {
  const turns = new Map<number, number>();
  return (index: number): Wire => {
    const which = index % pool.length;
    const turn = turns.get(which) ?? 0;
    turns.set(which, turn + 1);
    const action = turn % 2 === 0 ? 'setujui-berkas' : 'kembalikan-ke-verifikasi';
    return {
      method: 'POST',
      path: `/api/v1/applications/${pool[which]?.number}/actions/${action}`,
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() },
      body: '{}',
    };
  };
};

/** Publishes the twins to a running server, which sees them within three seconds. */
async function publishTwins(env: NodeJS.ProcessEnv): Promise<void> {
  const { world, close } = await openWorld(readConfig(env), modules);
  const { service } = await getOffered(world, SERVICE);
  await publish(context(world, SYSTEM, 'system'), [service, ...TWINS.map((id) => ({ ...service, id }))], []);
  await close();
  await new Promise((resolve) => setTimeout(resolve, 4000));
}

async function prepare(env: NodeJS.ProcessEnv): Promise<{ token: string; pool: { id: string; number: string }[] }> {
  const { world, close } = await openWorld(readConfig(env), modules);
  await seed(world);
  const ctx = () => context(world, SYSTEM, 'system');
  await createOfficer(ctx(), {
    login: 'bench',
    name: 'Bench',
    agency: 'dindukcapil',
    roles: ['verifier', 'approver'],
    password: newId(),
  });
  const { rows } = await world.pool.query(`SELECT id FROM identity.officers WHERE login = 'bench'`);
  const token = await createToken(ctx(), rows[0].id);
  const { answers } = JSON.parse(household());
  const pool: { id: string; number: string }[] = [];
  while (pool.length < POOL) {
    const made = await Promise.all(
      Array.from({ length: 100 }, () =>
        submitApplication(context(world, { kind: 'resident', holds: [] }, 'online'), {
          service: SERVICE,
          answers,
          channel: 'online',
        }),
      ),
    );
    pool.push(...made);
  }
  await close();
  return { token, pool };
}

function findPgbench(): string | undefined {
  const places = [
    '/usr/bin/pgbench',
    '/usr/local/bin/pgbench',
    ...[18, 17, 16, 15].map((version) => `/usr/lib/postgresql/${version}/bin/pgbench`),
  ];
  return places.find((place) => existsSync(place));
}

async function addPool(url: string, ids: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE TABLE public.pool (n int PRIMARY KEY, id uuid NOT NULL)');
  await client.query('INSERT INTO public.pool SELECT n, id FROM unnest($1::uuid[]) WITH ORDINALITY AS p(id, n)', [ids]);
  await client.end();
}

const withDatabase = (url: string, name: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;

// The other side: the same rows of the same size in the same tables with the same indexes, written by pgbench.
/** As long as sealed answers are, and like them nothing that could be compressed. */
const SEALED = `decode('${randomBytes(2048).toString('hex')}', 'hex')`;
const HASH = `decode(repeat('ab', 32), 'hex')`;
const FOLDED = `'{"id":"0198f2a0-0000-7000-8000-000000000000","service":"kk-baru","version":1,"agency":"dindukcapil","village":"33.16.01.2001","channel":"online","seq":1,"state":"verifikasi","enteredAt":"2026-11-23T02:00:00.000Z","submittedAt":"2026-11-23T02:00:00.000Z","dueAt":"2026-11-24T08:00:00.000Z","opinions":[]}'`;
const OUTCOME = `'{"id":"0198f2a0-0000-7000-8000-000000000000","number":"261123-AAAA-AAA","status":"in-progress","dueAt":"2026-11-24T08:00:00.000Z"}'`;
const DATA = `'{"service":"kk-baru","version":1,"agency":"dindukcapil","village":"33.16.01.2001","channel":"online","state":"verifikasi","due":"2026-11-24T08:00:00.000Z"}'`;
const MOVED = `'{"action":"setujui-berkas","from":"verifikasi","to":"pengesahan","due":"2026-11-24T08:00:00.000Z"}'`;

const insertCommand = (id: string, from = '') =>
  `INSERT INTO platform.commands (id, body, outcome, at) SELECT ${id}, ${HASH}, ${OUTCOME}::jsonb, now()${from}`;
const insertApplication = (
  id: string,
  number: string,
  from = '',
) => `INSERT INTO applications.applications (id, number, service, version, agency, village, channel, state, status, seq, head, folded, submitted_at, due_at, nik_hash, label, answers, key)
  SELECT ${id}, ${number}, '${SERVICE}', 1, 'dindukcapil', '33.16.01.2001', 'online', 'verifikasi', 'in-progress', 1, ${HASH}, ${FOLDED}::jsonb, now(), now(), sha256(convert_to(${number}, 'UTF8')), decode(repeat('ab', 45), 'hex'), ${SEALED}, decode(repeat('ab', 60), 'hex')${from}`;
const insertEvent = (
  id: string,
  subject: string,
  command: string,
  type: string,
  data: string,
  from = '',
) => `INSERT INTO platform.events (id, at, recorded_at, type, subject, seq, actor, agency, village, channel, command_id, data, prev, hash)
  SELECT ${id}, now(), now(), '${type}', ${subject}, 1, 'resident', 'dindukcapil', '33.16.01.2001', 'online', ${command}, ${data}::jsonb, NULL, ${HASH}${from}`;
const insertTask = (
  id: string,
  application: string,
  from = '',
) => `INSERT INTO applications.tasks (id, application, kind, agency, role, area, service, state, opened_at, due_at, late_at)
  SELECT ${id}, ${application}, 'work', 'dindukcapil', 'verifier', '', '${SERVICE}', 'verifikasi', now(), now(), now()${from}`;
const updateApplication = (id: string, from = '') =>
  `UPDATE applications.applications SET state = 'pengesahan', status = 'in-progress', seq = seq + 1, head = ${HASH}, folded = ${FOLDED}::jsonb, due_at = now()${from} WHERE id = ${id}`;
const closeTasks = (id: string, from = '') =>
  `UPDATE applications.tasks SET closed_at = now(), closed_by = 'bench'${from} WHERE application = ${id} AND closed_at IS NULL`;

const IDS =
  'SELECT gen_random_uuid() AS a, gen_random_uuid() AS c, gen_random_uuid() AS e, gen_random_uuid() AS t, md5(random()::text) AS n';
const submitSeparate = `BEGIN;\n${IDS} \\gset\n${[insertCommand(':c::uuid'), insertApplication(':a::uuid', ':n::text'), insertEvent(':e::uuid', ':a::uuid', ':c::uuid', 'application.submitted', DATA), insertTask(':t::uuid', ':a::uuid')].join(';\n')};\nCOMMIT;\n`;
const submitOneCall = `WITH x AS MATERIALIZED (${IDS}), c AS (${insertCommand('x.c', ' FROM x')}), a AS (${insertApplication('x.a', 'x.n', ' FROM x')}), e AS (${insertEvent('x.e', 'x.a', 'x.c', 'application.submitted', DATA, ' FROM x')})\n${insertTask('x.t', 'x.a', ' FROM x')};\n`;
const ONE = '(SELECT id FROM public.pool WHERE n = :p)';
const actSeparate = `\\set p random(1, ${POOL})\nBEGIN;\nSELECT id AS a, gen_random_uuid() AS c, gen_random_uuid() AS e, gen_random_uuid() AS t FROM public.pool WHERE n = :p \\gset\n${[updateApplication(':a::uuid'), closeTasks(':a::uuid'), insertCommand(':c::uuid'), insertEvent(':e::uuid', ':a::uuid', ':c::uuid', 'application.advanced', MOVED), insertTask(':t::uuid', ':a::uuid')].join(';\n')};\nCOMMIT;\n`;
const actOneCall = `\\set p random(1, ${POOL})\nWITH x AS MATERIALIZED (SELECT ${ONE} AS a, gen_random_uuid() AS c, gen_random_uuid() AS e, gen_random_uuid() AS t), u AS (${updateApplication('x.a', ' FROM x').replace('WHERE id =', 'WHERE applications.id =')}), k AS (${closeTasks('x.a', ' FROM x')}), c AS (${insertCommand('x.c', ' FROM x')}), e AS (${insertEvent('x.e', 'x.a', 'x.c', 'application.advanced', MOVED, ' FROM x')})\n${insertTask('x.t', 'x.a', ' FROM x')};\n`;
