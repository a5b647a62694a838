// `pendopo backup` and `restore`: everything of an installation as of one moment, except the master key.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { World } from '#platform/context.ts';
import { openKeyRing } from '#platform/keyring.ts';
import { listHeads } from '../actions.ts';
import { type Verified, verifyLog } from '../verify/actions.ts';
import { FORMAT, inOrder, type Manifest, type Part, readManifest, type TablePart } from './manifest.ts';
import { isWhole, lines, packed, readPart, unpacked, writeLast, writePart } from './parts/store.ts';
import {
  appliedMigrations,
  atOneMoment,
  clearSettings,
  copyIn,
  copyOut,
  firstFilled,
  inTransaction,
  links,
  livingFiles,
  makeMonths,
  monthsOfLog,
  ownTables,
  queuedJobs,
  queueJob,
  sequences,
  setSequence,
} from './store.ts';

/** A backup or restore that cannot be done; the sentence says what to do. */
export class BackupError extends Error {}

export type BackedUp = {
  dir: string;
  tables: number;
  rows: number;
  jobs: number;
  files: number;
  missingFiles: number;
  bytes: number;
  seconds: number;
  head: string | null;
  masterKeys: string[];
};

const MANIFEST = 'manifest.json';
const PACK = 256 * 1024 * 1024;
const NIL = '00000000-0000-0000-0000-000000000000';

/**
 * Writes a backup into `dir`, which must be empty or not be there. Killed in the middle it leaves a folder without a
 * manifest, which no restore takes. Throws BackupError.
 */
export async function backUp(world: World, client: pg.ClientBase, dir: string): Promise<BackedUp> {
  const began = performance.now();
  const there = await readdir(dir).catch(() => []);
  if (there.length > 0) throw new BackupError(`${dir} is not empty: name a folder that is not there yet`);
  const { heads } = await listHeads(world, { limit: 1 });
  const manifest = await atOneMoment(client, async (): Promise<Manifest> => {
    const migrations = await appliedMigrations(client);
    const known = await ownTables(client);
    const order = inOrder(
      known.map(({ name }) => name),
      await links(client),
    );
    const tables: TablePart[] = [];
    for (const name of order) {
      const { columns } = known.find((table) => table.name === name) ?? { columns: [] };
      const { stream, rows } = copyOut(client, { name, columns });
      const part = await writePart(dir, `tables/${name}.copy.gz`, stream, true);
      tables.push({ ...part, name, columns, rows: await rows });
    }
    let queued = 0;
    const jobs = await writePart(
      dir,
      'jobs.jsonl.gz',
      countedJobs(client, () => queued++),
      true,
    );
    // after the tables: whatever they name was there when they were read
    const files = await packFiles(world, client, dir);
    return {
      format: FORMAT,
      takenAt: world.clock().toISOString(),
      migrations,
      tables,
      sequences: await sequences(client),
      jobs: { ...jobs, rows: queued },
      files,
      months: await monthsOfLog(client),
      head: heads[0]?.checkpoint ?? null,
      masterKeys: world.keys.ring.map(({ id }) => id.toString('hex')),
    };
  });
  await writeLast(dir, MANIFEST, `${JSON.stringify(manifest, null, 1)}\n`);
  const parts = [...manifest.tables, manifest.jobs, ...manifest.files.parts];
  return {
    dir,
    tables: manifest.tables.length,
    rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
    jobs: manifest.jobs.rows,
    files: manifest.files.count,
    missingFiles: manifest.files.missing,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    seconds: secondsSince(began),
    head: manifest.head,
    masterKeys: manifest.masterKeys,
  };
}

async function* countedJobs(client: pg.ClientBase, count: () => void): AsyncGenerator<Buffer> {
  for (let after = '0'; ; ) {
    const jobs = await queuedJobs(client, after, 1000);
    if (jobs.length === 0) return;
    for (const { id, ...job } of jobs) {
      count();
      after = id;
      yield Buffer.from(`${JSON.stringify(job)}\n`);
    }
  }
}

async function packFiles(world: World, client: pg.ClientBase, dir: string): Promise<Manifest['files']> {
  const files = { count: 0, bytes: 0, missing: 0, parts: [] as Part[] };
  async function* living(): AsyncGenerator<{ id: string; bytes: Buffer }> {
    for (let after = NIL; ; ) {
      const ids = await livingFiles(client, after, 1000);
      if (ids.length === 0) return;
      for (const id of ids) {
        after = id;
        const bytes = await world.files.get(id);
        // destroyed since the moment of this backup, or lost: the row tells which file it was
        if (!bytes) files.missing += 1;
        else yield { id, bytes };
      }
    }
  }
  const source = living();
  let next = await source.next();
  async function* pack(): AsyncGenerator<Buffer> {
    for (let size = 0; !next.done && size < PACK; next = await source.next()) {
      files.count += 1;
      files.bytes += next.value.bytes.length;
      size += next.value.bytes.length;
      yield packed(next.value.id, next.value.bytes);
    }
  }
  while (!next.done) {
    const name = `files/${String(files.parts.length + 1).padStart(5, '0')}.pack`;
    files.parts.push(await writePart(dir, name, pack(), false));
  }
  return files;
}

export type Restored = {
  dir: string;
  takenAt: string;
  rows: number;
  jobs: number;
  files: number;
  seconds: number;
  verified: Verified;
};

/**
 * Reads a backup into an empty database and store, then verifies it. `client` works as the owner. One transaction: killed in
 * the middle, the database is as empty as before. Throws BackupError, or ConfigError for another master key.
 */
export async function restore(world: World, client: pg.ClientBase, dir: string): Promise<Restored> {
  const began = performance.now();
  const manifest = await manifestOf(dir);
  for (const part of [...manifest.tables, manifest.jobs, ...manifest.files.parts])
    if (!(await isWhole(dir, part)))
      throw new BackupError(
        `${part.path} is not as it was written: take another copy of this backup. Nothing was changed.`,
      );
  const migrations = await appliedMigrations(client);
  if (JSON.stringify(migrations) !== JSON.stringify(manifest.migrations))
    throw new BackupError(
      `this backup is of another version (its last migration is ${manifest.migrations.at(-1)?.name}, here it is ${migrations.at(-1)?.name}): restore it with that version, then update. Nothing was changed.`,
    );
  const keys = await inTransaction(client, async () => {
    const filled = await firstFilled(client, await ownTables(client));
    if (filled)
      throw new BackupError(
        `the database is not empty (${filled}): restore into a new one (createdb), or with another PENDOPO_STATE. Nothing was changed.`,
      );
    await clearSettings(client);
    if (manifest.months) await makeMonths(client, manifest.months);
    for (const table of manifest.tables) {
      const rows = await copyIn(client, table, readPart(dir, table));
      if (rows !== table.rows) throw new BackupError(`${table.name}: ${rows} rows came, ${table.rows} were written`);
    }
    for (const { name, value } of manifest.sequences) await setSequence(client, name, value);
    for await (const line of lines(readPart(dir, manifest.jobs))) if (line) await queueJob(client, JSON.parse(line));
    // the key must open what came in, or nothing comes in
    const ring = await openKeyRing(client as unknown as pg.Pool, [
      world.config.masterKey,
      ...world.config.oldMasterKeys,
    ]);
    for (const part of manifest.files.parts)
      for await (const { id, bytes } of unpacked(readPart(dir, part))) await world.files.put(id, bytes);
    return ring;
  });
  const verified = await verifyLog({ ...world, keys });
  return {
    dir,
    takenAt: manifest.takenAt,
    rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
    jobs: manifest.jobs.rows,
    files: manifest.files.count,
    seconds: secondsSince(began),
    verified,
  };
}

async function manifestOf(dir: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(dir, MANIFEST), 'utf8');
  } catch {
    throw new BackupError(`${dir} has no ${MANIFEST}: it is no backup, or one that was interrupted`);
  }
  const manifest = readManifest(text);
  if (typeof manifest === 'string') throw new BackupError(`${dir} is no backup that can be read: ${manifest}`);
  return manifest;
}

/** The daily backup: a folder of its own by date and time; older ones beyond `keep` go, and what was interrupted. */
export async function backUpDaily(world: World, dir: string, keep: number): Promise<BackedUp> {
  const client = await world.pool.connect();
  try {
    const name = world.clock().toISOString().replaceAll(/[-:]/g, '').replace(/\..*/, 'Z');
    const done = await backUp(world, client, join(dir, name));
    const ours = (await readdir(dir)).filter((one) => /^\d{8}T\d{6}Z$/.test(one)).sort();
    const whole: string[] = [];
    for (const one of ours) if ((await readdir(join(dir, one))).includes(MANIFEST)) whole.push(one);
    const kept = new Set(whole.slice(-keep));
    for (const one of ours) if (!kept.has(one)) await rm(join(dir, one), { recursive: true });
    return done;
  } finally {
    client.release();
  }
}

const secondsSince = (began: number): number => Math.round(performance.now() - began) / 1000;
