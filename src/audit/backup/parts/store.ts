// The files of a backup: written through, hashed on the way, and read again only after their hash was found right.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Part } from '../manifest.ts';

/** Writes one part; when it resolves the bytes are on disk. */
export async function writePart(
  dir: string,
  path: string,
  source: Readable | AsyncIterable<Buffer>,
  compress: boolean,
): Promise<Part> {
  const target = join(dir, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  let bytes = 0;
  async function* counted(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const from = source instanceof Readable ? source : Readable.from(source);
  const to = createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true });
  // sealed bytes hardly shrink: the fastest level gets what there is to get
  if (compress) await pipeline(from, createGzip({ level: 1 }), counted, to);
  else await pipeline(from, counted, to);
  return { path, bytes, sha256: hash.digest('hex') };
}

/** Reads a part, unpacked when it was compressed. */
export const readPart = (dir: string, part: Part): AsyncIterable<Buffer> => {
  const file = createReadStream(join(dir, part.path));
  if (!part.path.endsWith('.gz')) return file;
  const unpacked = createGunzip();
  file.on('error', (error) => unpacked.destroy(error));
  return file.pipe(unpacked);
};

/** Whether the part lies there as the manifest says. */
export async function isWhole(dir: string, part: Part): Promise<boolean> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(join(dir, part.path))) hash.update(chunk);
  } catch {
    return false;
  }
  return hash.digest('hex') === part.sha256;
}

/** Writes the last file: a backup is one from the moment this name is there. */
export async function writeLast(dir: string, name: string, text: string): Promise<void> {
  const temporary = join(dir, `${name}.part`);
  await writeFile(temporary, text, { mode: 0o600, flush: true });
  await rename(temporary, join(dir, name));
  if (process.platform === 'win32') return;
  const folder = await open(dir, 'r');
  await folder.sync();
  await folder.close();
}

const HEADER = 20;

/** One file in a pack: 16 bytes of its id, 4 of its length, its sealed bytes. */
export function packed(id: string, bytes: Buffer): Buffer {
  const header = Buffer.alloc(HEADER);
  header.write(id.replaceAll('-', ''), 'hex');
  header.writeUInt32BE(bytes.length, 16);
  return Buffer.concat([header, bytes]);
}

/** The files of a pack, one at a time. Throws when it ends in the middle of one. */
export async function* unpacked(source: AsyncIterable<Buffer>): AsyncGenerator<{ id: string; bytes: Buffer }> {
  let rest = Buffer.alloc(0);
  for await (const chunk of source) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER) {
      const end = HEADER + rest.readUInt32BE(16);
      if (rest.length < end) break;
      const hex = rest.toString('hex', 0, 16);
      const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      yield { id, bytes: rest.subarray(HEADER, end) };
      rest = rest.subarray(end);
    }
  }
  if (rest.length > 0) throw new Error('a pack of files ends in the middle of one');
}

/** Lines of a compressed list. */
export async function* lines(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of source) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest) yield rest;
}
