// Files that people upload and that we issue: the bytes lie sealed in a store (a folder or S3), the key in the
// database, so that destroying the key destroys every copy, backups of the store included.
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import type { S3 } from './config.ts';
import type { Ctx } from './context.ts';
import { newDataKey, openDataKey, seal, sha256, unseal } from './crypto.ts';
import { isId, newId } from './ids.ts';
import { PROBLEMS, Problem } from './problem.ts';
import { cleanName, type FileKind, inspectUpload } from './upload.ts';

export { inspectUpload, MAX_BYTES } from './upload.ts';

/** Where sealed bytes lie, by the file's id. `put` has answered = the bytes survive a crash. */
export type FileStore = {
  put(id: string, sealed: Buffer): Promise<void>;
  get(id: string): Promise<Buffer | undefined>;
  remove(id: string): Promise<void>;
  /** What lies there now, where it can be counted without asking for every name. */
  measure?(): Promise<{ files: number; bytes: number }>;
};

/** Two levels of folders by the random end of the id: its beginning is the time, which fills one folder for weeks. */
function placeOf(id: string): string {
  if (!isId(id)) throw new Error('a file is stored under a UUID only');
  const name = id.toLowerCase();
  return join(name.slice(-2), name.slice(-4, -2), name);
}

/** A folder of this machine. Throws what the file system throws. */
export function localStore(dir: string): FileStore {
  return {
    async put(id, sealed) {
      const path = join(dir, placeOf(id));
      const folder = dirname(path);
      const created = await mkdir(folder, { recursive: true, mode: 0o700 });
      const temporary = `${path}.${randomBytes(6).toString('hex')}.part`;
      try {
        const file = await open(temporary, 'wx', 0o600);
        try {
          await file.writeFile(sealed);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      // a name is durable only when its folder is: this one, and each folder above it that is new
      await syncFolder(folder);
      for (let above = folder; created && above.length >= created.length; above = dirname(above))
        await syncFolder(dirname(above));
    },
    async get(id) {
      try {
        return await readFile(join(dir, placeOf(id)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    remove: (id) => rm(join(dir, placeOf(id)), { force: true }),
    async measure() {
      const total = { files: 0, bytes: 0 };
      for (const entry of await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])) {
        if (!entry.isFile()) continue;
        total.files += 1;
        total.bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
      }
      return total;
    },
  };
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be opened there; NTFS journals names itself
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const ATTEMPTS = 5;
const ANSWER_TIMEOUT = 30_000;

/**
 * A bucket of anything that speaks S3 (path style). `firstWait` in ms doubles with each of four repeats after a 5xx or
 * a broken line; then Problem unavailable. Throws Error with the status for any other refusal (a matter of settings).
 */
export function s3Store(s3: S3, firstWait = 200): FileStore {
  async function request(method: string, id: string, body?: Buffer): Promise<Response> {
    const url = `${s3.endpoint.replace(/\/$/, '')}/${s3.bucket}/${placeOf(id).replaceAll('\\', '/')}`;
    let cause: unknown;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await sleep(firstWait * 2 ** (attempt - 1) * (0.5 + Math.random()));
      // signed anew each time: a signature grows old
      const signed = await new AwsV4Signer({
        method,
        url,
        body: body as BodyInit | undefined,
        headers: { 'x-amz-content-sha256': sha256(body ?? '').toString('hex') },
        accessKeyId: s3.accessKey,
        secretAccessKey: s3.secretKey,
        region: s3.region,
        service: 's3',
      }).sign();
      try {
        const response = await fetch(signed.url, {
          method,
          headers: signed.headers,
          body: signed.body,
          signal: AbortSignal.timeout(ANSWER_TIMEOUT),
        });
        if (response.status < 500 && response.status !== 429) return response;
        await response.body?.cancel();
        cause = new Error(`the file store answered ${response.status}`);
      } catch (error) {
        cause = error;
      }
    }
    const problem = new Problem(
      PROBLEMS.unavailable,
      'Tempat penyimpanan berkas sedang tidak bisa dijangkau. Coba lagi beberapa menit lagi.',
    );
    problem.cause = cause;
    throw problem;
  }

  async function expectOk(method: string, response: Response, also404 = false): Promise<void> {
    await response.body?.cancel();
    if (!response.ok && !(also404 && response.status === 404))
      throw new Error(`the file store refused ${method} with ${response.status}: check the S3 settings`);
  }

  return {
    put: async (id, sealed) => expectOk('PUT', await request('PUT', id, sealed)),
    async get(id) {
      const response = await request('GET', id);
      if (response.ok) return Buffer.from(await response.arrayBuffer());
      await expectOk('GET', response, true);
      return undefined;
    },
    remove: async (id) => expectOk('DELETE', await request('DELETE', id), true),
  };
}

/** What is known of a file that was stored; `size` in bytes and `sha256` are of the plain bytes kept. */
export type StoredFile = { id: string; kind: FileKind; size: number; sha256: Buffer };

/** Checks an upload, strips metadata, seals it under a fresh key and writes its row. Throws Problem when refused. */
export async function acceptUpload(
  ctx: Ctx,
  upload: { owner: string; name: string; bytes: Buffer },
): Promise<StoredFile> {
  const { kind, clean } = await inspectUpload(upload.bytes);
  return storeFile(ctx, { owner: upload.owner, origin: 'uploaded', name: upload.name, kind, bytes: clean });
}

/**
 * Stores bytes that we made ourselves or have checked. The bytes go first and the row last: a crash between leaves
 * bytes whose key nobody has, and never a row without bytes.
 */
export async function storeFile(
  ctx: Ctx,
  file: { owner: string; origin: 'uploaded' | 'issued'; name: string; kind: FileKind; bytes: Buffer },
): Promise<StoredFile> {
  const { owner, origin, kind, bytes } = file;
  const id = newId(ctx.now);
  const key = newDataKey(ctx.keys);
  const hash = sha256(bytes);
  await ctx.files.put(id, seal(key.plain, bytes));
  const name = seal(key.plain, cleanName(file.name, kind));
  await ctx.db
    .insertInto('platform.files')
    .values({ id, owner, origin, kind, size: bytes.length, sha256: hash, key: key.wrapped, name, at: ctx.now })
    .execute();
  return { id, kind, size: bytes.length, sha256: hash };
}

/** A file's plain bytes; undefined when it never was, or its key or bytes are destroyed. Throws when altered. */
export async function openFile(
  ctx: Pick<Ctx, 'db' | 'files' | 'keys'>,
  id: string,
): Promise<{ kind: FileKind; name: string; bytes: Buffer } | undefined> {
  const row = await ctx.db
    .selectFrom('platform.files')
    .select(['kind', 'key', 'name'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row?.key || !row.name) return undefined;
  const sealed = await ctx.files.get(id);
  if (!sealed) return undefined;
  const key = openDataKey(ctx.keys, row.key);
  return { kind: row.kind as FileKind, name: unseal(key, row.name).toString(), bytes: unseal(key, sealed) };
}

/**
 * Destroys a file for good: its key first, then its bytes; the row stays as the trace that there was one. Inside a
 * transaction make it the last step, for bytes do not come back. Again does no harm: it ends what a crash cut short.
 */
export async function destroyFile(ctx: Pick<Ctx, 'db' | 'files'>, id: string): Promise<void> {
  await ctx.db.updateTable('platform.files').set({ key: null, name: null }).where('id', '=', id).execute();
  await ctx.files.remove(id);
}
