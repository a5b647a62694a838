// Installs exactly what package-lock.json names, before `npm start`, `npm test` and `npx pendopo`, and only when it changed.
// Plain JavaScript without packages: it runs on Node 18 or newer, before the Node that the project pins is there.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.pendopo-setup');
// Beside node_modules, not inside: `npm ci` deletes that folder.
const lock = join(root, '.pendopo-setup.lock');
const lockBeat = 1_000;
const lockStale = 15_000;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const say = (text) => process.stderr.write(`${text}\n`);

/**
 * The pinned Node of node_modules, or this process's own when that is already Node 24 or newer.
 * @returns {string | undefined} absolute path; undefined when neither exists
 */
export function pinnedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = join(modules, `node-${platform}-${process.arch}`, 'bin', program);
  if (existsSync(pinned)) return pinned;
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined;
}

/**
 * Brings node_modules to the state of package-lock.json. A few milliseconds when it already is.
 * @throws {SetupProblem} with a message for people (Indonesian and English) and the exit code to leave with
 */
export async function setup() {
  if (!isUpToDate()) await withLock(install);
  if (!pinnedNode()) {
    throw new SetupProblem(
      `Pendopo memerlukan Node.js 24, dan paket Node untuk ${process.platform}-${process.arch} tidak tersedia.` +
        ' Pasang Node.js 24 dari https://nodejs.org lalu ulangi.',
      `Pendopo needs Node.js 24 and no packaged Node exists for ${process.platform}-${process.arch}.` +
        ' Install Node.js 24 from https://nodejs.org and run the command again.',
    );
  }
}

export class SetupProblem extends Error {
  constructor(indonesian, english, exitCode = 1) {
    super(`\n${indonesian}\n${english}\n`);
    this.exitCode = exitCode;
  }
}

// The platform counts too: a folder shared with another system (a container, a copied disk) holds the wrong binaries.
function wantedStamp() {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}

function isUpToDate() {
  try {
    return readFileSync(stampFile, 'utf8') === wantedStamp();
  } catch {
    return false;
  }
}

async function install() {
  // Whoever held the lock before us may have done it all.
  if (isUpToDate()) return;
  say('Menyiapkan paket Pendopo, mohon tunggu (pertama kali bisa beberapa menit) …');
  say('Setting up the packages of Pendopo, please wait (the first time may take minutes) …');
  const stamp = wantedStamp();
  rmSync(stampFile, { force: true });
  const { code, signal } = await npmCi();
  if (signal) throw new SetupProblem('Penyiapan dihentikan.', 'Set-up was interrupted.', 130);
  if (code !== 0) {
    throw new SetupProblem(
      `Pemasangan paket gagal (npm ci, kode ${code}); sebabnya tertulis di atas. Periksa sambungan internet atau proxy,` +
        ` ruang disk, dan izin menulis di ${root}, lalu ulangi perintah yang sama.`,
      `Installing the packages failed (npm ci, code ${code}); the cause is printed above. Check the internet connection` +
        ` or proxy, the disk space, and that you may write in ${root}, then run the same command again.`,
      code,
    );
  }
  writeFileSync(stampFile, stamp);
}

function npmCi() {
  // npm must run on the machine's own Node: the one in node_modules/.bin is about to be deleted under its feet.
  const env = { ...process.env };
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  env[pathName] = (env[pathName] ?? '')
    .split(delimiter)
    .filter((entry) => !/node_modules[\\/]\.bin[\\/]*$/.test(entry))
    .join(delimiter);
  // What npm prints goes to stderr, so that `npx pendopo … --json` keeps stdout to itself.
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  const pass = (signal) => npm.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    npm.on('error', () => {
      reject(
        new SetupProblem(
          'Perintah npm tidak ditemukan. Pasang Node.js beserta npm dari https://nodejs.org lalu ulangi.',
          'The command npm was not found. Install Node.js with npm from https://nodejs.org and run the command again.',
        ),
      );
    });
    npm.on('exit', (code, signal) => resolve({ code, signal }));
  }).finally(() => {
    for (const signal of signals) process.off(signal, pass);
  });
}

// A folder whose time its holder keeps fresh: needs no process ids, so it also holds between containers that share the
// disk, and a holder that was killed is recognised by its silence.
async function withLock(work) {
  for (let told = false; !takeLock(); told = true) {
    if (!told) {
      say('Menunggu penyiapan lain yang sedang berjalan …');
      say('Waiting for another set-up that is running …');
    }
    await sleep(200);
    breakStaleLock();
  }
  const beat = setInterval(() => {
    try {
      utimesSync(lock, new Date(), new Date());
    } catch {
      // Someone removed the lock by hand: nothing left to keep fresh.
    }
  }, lockBeat);
  try {
    await work();
  } finally {
    clearInterval(beat);
    rmSync(lock, { recursive: true, force: true });
  }
}

function takeLock() {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new SetupProblem(
      `Tidak dapat menulis di ${root} (${error.code}), padahal paket perlu dipasang. Jalankan sebagai pemilik folder itu,` +
        ' atau minta pemiliknya menjalankan "npm start" satu kali.',
      `Cannot write in ${root} (${error.code}), and packages have to be installed. Run as the owner of that folder, or` +
        ' let the owner run "npm start" once.',
    );
  }
}

function breakStaleLock() {
  const aside = `${lock}.${process.pid}`;
  try {
    if (Date.now() - statSync(lock).mtimeMs < lockStale) return;
    // Renaming is atomic: of several who wait, one takes the old lock away, and the others find it gone.
    renameSync(lock, aside);
    rmSync(aside, { recursive: true, force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  setup().catch((error) => {
    say(error instanceof SetupProblem ? error.message : error.stack);
    process.exitCode = error.exitCode ?? 1;
  });
}
