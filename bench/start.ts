// From the command to the first answer, and what everything together takes while nobody asks: application, jobs and the
// embedded PostgreSQL. Flags: --rounds 5, --cold 3, --rest 30 (seconds before memory is read), --clone=yes (also a clean
// git clone of HEAD with `npm start`; give it after --json, or with "=").
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Flags,
  interleaved,
  type Metric,
  median,
  type Proc,
  processes,
  processTree,
  type Result,
  spread,
} from './measure.ts';

const root = join(import.meta.dirname, '..');
const ASK_EVERY_MS = 10;
const GIVE_UP_MS = 300_000;
const LINGER_MS = 10_000;
const MB = 1_000_000;
const say = (line: string) => process.stderr.write(`${line}\n`);

const NODE: Command = { program: process.execPath, args: ['src/main.ts', 'start'], cwd: root };
const NPM: Command = { program: 'npm', args: ['start'], cwd: root };

export async function run(flags: Flags): Promise<Result> {
  const rounds = Number(flags.rounds ?? 5);
  const rest = Number(flags.rest ?? 30);
  // each start has a group of its own, which Ctrl-C in our terminal does not reach
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      for (const pid of running) process.kill(-pid, 'SIGTERM');
      process.exit(130);
    });
  const metrics: Metric[] = [];
  const left: number[] = [];
  const stopped: number[] = [];
  const end = async (started: Started, whom: Whom = 'process') => {
    const { seconds, alive } = await stop(started, whom);
    stopped.push(seconds);
    left.push(alive);
  };
  let dir = '';
  try {
    const cold: number[] = [];
    for (let i = 0; i < Number(flags.cold ?? 3); i++) {
      if (dir) rmSync(dir, { recursive: true, force: true });
      dir = mkdtempSync(join(tmpdir(), 'pendopo-bench-'));
      const started = await start(NODE, dir);
      cold.push(started.seconds);
      await end(started);
    }
    metrics.push(line('first start: new database, migrations, seed', 's', cold));

    const again = (command: Command) => async () => {
      const started = await start(command, dir);
      await end(started, command === NPM ? 'group' : 'process');
      return started.seconds;
    };
    const { results, dropped } = await interleaved([again(NODE), again(NPM)], rounds);
    if (dropped > 0) say(`${dropped} rounds with stolen CPU dropped`);
    metrics.push(
      line('second start until /readyz answers', 's', results[0] ?? [], 3),
      line('second start until /readyz answers, through npm start', 's', results[1] ?? [], 3),
    );

    const started = await start(NODE, dir);
    await sleep(rest * 1000);
    metrics.push(...atRest(started, rest));
    await end(started);
    metrics.push(line('SIGTERM until every process has ended', 's', stopped));
    metrics.push(line(`processes left after ${left.length} stops`, '', [left.reduce((a, b) => a + b, 0)], 0));
    const { alive } = await stop(await start(NPM, dir), 'process');
    metrics.push(line('processes left after SIGTERM to npm start alone', '', [alive], 0));
    if (flags.clone) metrics.push(...(await cleanClone()));
  } finally {
    if (dir) rmSync(dir, { recursive: true, force: true });
  }
  return { name: 'start', metrics };
}

/** One line; a limit is the other side. */
function line(metric: string, unit: string, sample: readonly number[], most?: number): Metric {
  const ours = median(sample);
  return {
    metric,
    unit,
    ours,
    other: most ?? null,
    otherName: most === undefined ? '' : 'limit',
    ratio: most ? ours / most : null,
    target: most === undefined ? null : `<= ${most}`,
    met: most === undefined ? null : ours <= most,
    spread: sample.length > 1 ? spread(sample) : null,
  };
}

/** A clone has no packages and no state; npm finds the packages in its cache. */
async function cleanClone(): Promise<Metric[]> {
  const dir = mkdtempSync(join(tmpdir(), 'pendopo-clone-'));
  try {
    const began = performance.now();
    execFileSync('git', ['clone', '--quiet', root, dir], { env: environment(), stdio: ['ignore', 2, 2] });
    const cloned = (performance.now() - began) / 1000;
    const started = await start({ ...NPM, cwd: dir });
    const { seconds, alive } = await stop(started, 'group');
    say(`git clone ${cloned.toFixed(1)} s, npm start ${started.seconds.toFixed(1)} s, SIGTERM ${seconds.toFixed(1)} s`);
    return [
      line('clean git clone and npm start until /readyz answers', 's', [cloned + started.seconds], 60),
      line('processes left after SIGTERM to what runs in the clone', '', [alive], 0),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

// ── starting and stopping ────────────────────────────────────────────────────────────────────────────────────────────

type Command = { program: string; args: string[]; cwd: string };
/** `group`: all that the command runs, as Ctrl-C in a terminal and systemd do; `process`: the command alone. */
type Whom = 'process' | 'group';
type Started = { child: ChildProcess; pid: number; seconds: number };

const running = new Set<number>();

/** Starts it and asks /readyz until it answers. `state`: the state folder, otherwise the one of its own folder. */
async function start({ program, args, cwd }: Command, state?: string): Promise<Started> {
  const port = await freePort();
  const env = { ...environment(), PORT: String(port), LOG_LEVEL: 'error', ...(state && { PENDOPO_STATE: state }) };
  const began = performance.now();
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  running.add(child.pid as number);
  child.once('exit', () => running.delete(child.pid as number));
  for (;;) {
    if (await isReady(port)) break;
    if (child.exitCode !== null || performance.now() - began > GIVE_UP_MS) {
      if (child.exitCode === null) await stop({ child, pid: child.pid as number }, 'group');
      throw new Error(`${program} ${args.join(' ')} in ${cwd} never got ready:\n${said.slice(-2000)}`);
    }
    await sleep(ASK_EVERY_MS);
  }
  return { child, pid: child.pid as number, seconds: (performance.now() - began) / 1000 };
}

/** Asks it to end; what is still there ten seconds after it ended is counted, and then ended too. */
async function stop(
  { child, pid }: Pick<Started, 'child' | 'pid'>,
  whom: Whom,
): Promise<{ seconds: number; alive: number }> {
  const family = processTree(pid);
  const began = performance.now();
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(whom === 'group' ? -pid : pid, 'SIGTERM');
    await Promise.race([ended, sleep(60_000, undefined, { ref: false })]);
  }
  const left = await leftOf(family);
  const seconds = (performance.now() - began) / 1000;
  if (left.length > 0) say(`still there: ${left.map((one) => `${one.name} ${one.pid}`).join(', ')}`);
  // PostgreSQL is stopped by the application; what nobody stopped is killed
  for (const one of left.filter(({ name }) => !name.startsWith('postgres'))) process.kill(one.pid, 'SIGTERM');
  if (left.length > 0) for (const one of await leftOf(left)) process.kill(one.pid, 'SIGKILL');
  return { seconds, alive: left.length };
}

async function leftOf(family: Proc[]): Promise<Proc[]> {
  for (const deadline = performance.now() + LINGER_MS; ; await sleep(ASK_EVERY_MS)) {
    const now = processes();
    const left = family.filter((one) => {
      const same = now.get(one.pid);
      return same?.since === one.since && same.state !== 'Z';
    });
    if (left.length === 0 || performance.now() > deadline) return left;
  }
}

/** As in a fresh terminal: nothing of the caller's npm, of its packages' programs, or of its own settings. */
function environment(): NodeJS.ProcessEnv {
  const own =
    /^(npm_|PENDOPO_|S3_)|^(INIT_CWD|NODE|NODE_OPTIONS|DATABASE_URL|PUBLIC_URL|HOST|PORT|LOG_LEVEL|TRUST_PROXY)$/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
  const path = (env.PATH ?? '').split(delimiter).filter((entry) => !/node_modules[\\/]\.bin[\\/]*$/.test(entry));
  return { ...env, PATH: path.join(delimiter) };
}

const isReady = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = get({ host: '127.0.0.1', port, path: '/readyz', agent: false, timeout: 5000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
  });

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

// ── what /proc says ──────────────────────────────────────────────────────────────────────────────────────────────────

function atRest({ pid }: Started, rest: number): Metric[] {
  const family = processTree(pid);
  if (family.length === 0) {
    say('no /proc here: memory is not measured');
    return [];
  }
  const measured = family.map((one) => ({ ...one, ...memoryOf(one.pid) }));
  for (const { name, bytes, kind } of measured) say(`${name.padEnd(18)} ${(bytes / MB).toFixed(1)} MB ${kind}`);
  const sum = (list: typeof measured) => list.reduce((total, { bytes }) => total + bytes, 0) / MB;
  const database = measured.filter(({ name }) => name.startsWith('postgres'));
  // shared pages counted once where the kernel tells, else once for every process
  const kind = measured.some((one) => one.kind === 'RSS') ? 'RSS in part' : 'PSS';
  return [
    line(`memory ${rest} s after the start, ${measured.length} processes (${kind})`, 'MB', [sum(measured)], 350),
    line('… of which the application', 'MB', [sum(measured) - sum(database)]),
    line(`… of which PostgreSQL, ${database.length} processes`, 'MB', [sum(database)]),
  ];
}

function memoryOf(pid: number): { bytes: number; kind: 'PSS' | 'RSS' } {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return { bytes: Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1]) * 1024, kind: 'PSS' };
  } catch {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { bytes: Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024, kind: 'RSS' };
  }
}
