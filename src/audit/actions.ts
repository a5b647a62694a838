// The sealed log: new events become leaves of a Merkle tree, its heads are signed, and anyone may have a proof. Never in the
// hot path: a job follows the log by its positions.
import type { Ctx } from '#platform/context.ts';
import { newDataKey, openDataKey } from '#platform/crypto.ts';
import { eventsOf } from '#platform/event-log.ts';
import { isId, newId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import {
  type HeadKey,
  keyIdOf,
  privateKeyOf,
  publicBytesOf,
  type SignedHead,
  signHead,
  writeCheckpoint,
  writeKey,
} from './head.ts';
import { type ConsistencyProof, eventJson, type InclusionProof } from './proof.ts';
import {
  addHead,
  addKey,
  addLeaves,
  addParts,
  allKeys,
  endOfLog,
  findEvent,
  headsBefore,
  leafAt,
  leafContents,
  lockSealing,
  type Mark,
  newestHead,
  partHashes,
  type StoredKey,
  unsealed,
} from './store.ts';
import {
  append,
  blocksOf,
  consistencyRanges,
  type Edge,
  type FinishedPart,
  inclusionRanges,
  joined,
  leafHash,
  newEdge,
  PAGE,
  type Part,
  partsOf,
  type Range,
  rootOf,
  STORED_LEVEL,
} from './tree.ts';

/** Leaves that are hashed without a pause: some ten milliseconds, while pages are answered by the same process. */
const CHUNK = 5000;
/** A position is taken a moment before the transaction has its number; so far back is looked again. */
const MARGIN = 1000;

export type Sealed = { sealed: number; size: number };

/**
 * Seals what has been committed since the last head, chunk by chunk, each with its leaves and a signed head in one
 * transaction: killed at any moment it goes on from the last head. One process at a time; another finds nothing to do.
 * `sweep` looks through the whole log for events that the margin did not catch.
 */
export async function sealLog(ctx: Ctx, options: { sweep?: boolean } = {}): Promise<Sealed> {
  const key = await signingKey(ctx);
  let edge: Edge | undefined;
  let sealed = 0;
  for (let from = options.sweep ? 0 : undefined; ; ) {
    const step: Step | undefined = await ctx.db
      .transaction()
      .execute((db) => sealChunk({ ...ctx, db }, key, edge, from));
    if (!step) break;
    edge = step.edge;
    sealed += step.sealed;
    from = step.reached;
    if (step.sealed < CHUNK) break;
  }
  return { sealed, size: edge?.size ?? (await newestHead(ctx))?.size ?? 0 };
}

type Step = { sealed: number; reached: number; edge: Edge };

async function sealChunk(
  ctx: Ctx,
  key: StoredKey,
  known: Edge | undefined,
  from: number | undefined,
): Promise<Step | undefined> {
  if (!(await lockSealing(ctx))) return undefined;
  const last = await newestHead(ctx);
  const end = await endOfLog(ctx);
  const leaves = await unsealed(ctx, from ?? last?.floor ?? 0, end.next, CHUNK);
  const final = leaves.at(-1);
  if (!final) return undefined;
  const edge = known && known.size === (last?.size ?? 0) ? known : await edgeOf(ctx, last?.size ?? 0);
  const first = edge.size;
  const parts: FinishedPart[] = [];
  for (const { hash } of leaves) append(edge, leafHash(hash), (part) => parts.push(part));
  await addLeaves(ctx, first, leaves);
  await addParts(ctx, parts);
  const reached = leaves.length < CHUNK ? end.next : final.position;
  const head = { size: edge.size, root: rootOf(edge), at: ctx.now.toISOString() };
  if (!key.key) throw new Error('the key of the sealed log was destroyed');
  const signature = signHead(privateKeyOf(openDataKey(ctx.keys, key.key)), key.origin, head);
  await addHead(ctx, { ...head, keyId: key.id, signature, ...markAfter(last, end.snapshot, reached) });
  return { sealed: leaves.length, reached, edge };
}

/**
 * What the next reading may take for granted. A transaction under way has taken lower positions than others that are there
 * already: only when all that were under way at the last mark have ended was everything below that mark's end seen.
 */
function markAfter(last: Mark | undefined, snapshot: string, reached: number): Mark {
  const settled = last !== undefined && oldestOf(snapshot) >= newestOf(last.snapshot);
  const floor = settled ? Math.max(last.floor, Math.min(last.next, reached) - MARGIN) : (last?.floor ?? 0);
  return { floor, next: reached, snapshot };
}

// "xmin:xmax:under way": all before xmin had ended, none from xmax on had begun
const oldestOf = (snapshot: string): number => Number(snapshot.split(':')[0]);
const newestOf = (snapshot: string): number => Number(snapshot.split(':')[1]);

/** The right edge of the tree of this size: finished parts, and the last few leaves. */
async function edgeOf(ctx: Pick<Ctx, 'db'>, size: number): Promise<Edge> {
  const whole = size - (size % PAGE);
  const edge = newEdge();
  const parts = partsOf(whole);
  const hashes = await partHashes(ctx, parts);
  for (const part of parts) edge.peaks[part.level] = known(hashes, part);
  edge.size = whole;
  for (const content of await leafContents(ctx, whole, size)) append(edge, leafHash(content));
  if (edge.size !== size) throw new Error(`the sealed log lacks leaves before ${size}; run "npx pendopo verify"`);
  return edge;
}

function known(hashes: Map<string, Buffer>, { level, index }: Part): Buffer {
  const hash = hashes.get(`${level}/${index}`);
  if (!hash) throw new Error(`the sealed log lacks its part ${level}/${index}; run "npx pendopo verify"`);
  return hash;
}

/** The key that signs; the first call makes it. Its private half is made from a data key that the master key wraps. */
async function signingKey(ctx: Ctx): Promise<StoredKey> {
  for (;;) {
    const present = (await allKeys(ctx)).at(-1);
    if (present) return present;
    const data = newDataKey(ctx.keys);
    const publicBytes = publicBytesOf(privateKeyOf(data.plain));
    const origin = `${new URL(ctx.config.publicUrl).host}/log`;
    await addKey(ctx, {
      id: keyIdOf(origin, publicBytes),
      row: newId(ctx.now),
      origin,
      public: publicBytes,
      key: data.wrapped,
      madeAt: ctx.now,
    });
  }
}

export type PublishedHead = { size: number; at: string; root: string; checkpoint: string };
export type PublishedHeads = { origin: string; keys: string[]; heads: PublishedHead[]; next: number | null };

/** Signed heads, newest first; `before`: of fewer leaves than this. Empty before the first sealing. */
export async function listHeads(
  ctx: Pick<Ctx, 'db'>,
  options: { before?: number; limit: number },
): Promise<PublishedHeads> {
  const keys = await allKeys(ctx);
  const rows = await headsBefore(ctx, options.before ?? Number.MAX_SAFE_INTEGER, options.limit + 1);
  const heads = rows.slice(0, options.limit);
  return {
    origin: keys.at(-1)?.origin ?? '',
    keys: keys.map(writeKey),
    heads: heads.map((head) => ({
      size: head.size,
      at: head.at,
      root: head.root.toString('base64'),
      checkpoint: checkpointOf(keys, head),
    })),
    next: rows.length > options.limit ? (heads.at(-1)?.size ?? null) : null,
  };
}

function checkpointOf(keys: HeadKey[], head: SignedHead): string {
  const key = keys.find(({ id }) => id === head.keyId);
  if (!key) throw new Error(`the head of ${head.size} names a key that is not there`);
  return writeCheckpoint(key, head);
}

/** The proof that one event is in the log. Throws Problem when there is no such event, or it waits to be sealed. */
export async function proveEvent(ctx: Ctx, id: string): Promise<InclusionProof> {
  const found = isId(id) ? await findEvent(ctx, id.toLowerCase()) : undefined;
  if (!found) throw new Problem(PROBLEMS.notFound, 'Peristiwa ini tidak ada di log. Periksa nomor pengenalnya.');
  const [leaf, head, keys, events] = await Promise.all([
    leafAt(ctx, found.position),
    newestHead(ctx),
    allKeys(ctx),
    eventsOf(ctx, found.subject, new Date(found.recordedAt.getTime())),
  ]);
  const event = events.find((one) => one.id === id.toLowerCase());
  if (!event || leaf === undefined || !head)
    throw new Problem(PROBLEMS.notFound, 'Peristiwa ini belum disegel. Penyegelan berjalan setiap menit; coba lagi.');
  return {
    kind: 'pendopo-inclusion-1',
    event: eventJson(event),
    leaf,
    proof: await hashesOf(ctx, inclusionRanges(leaf, head.size)),
    checkpoint: checkpointOf(keys, head),
    key: writeKey(keys.find((one) => one.id === head.keyId) as HeadKey),
  };
}

/** The proof that the log of `older` events is the beginning of the newest head's. Throws Problem for a size without a head. */
export async function proveConsistency(ctx: Ctx, older: number): Promise<ConsistencyProof> {
  const [before, head, keys] = await Promise.all([newestHead(ctx, older), newestHead(ctx), allKeys(ctx)]);
  if (!head || before?.size !== older)
    throw new Problem(PROBLEMS.notFound, 'Tidak ada kepala log sebesar itu. Ambil ukurannya dari daftar kepala log.');
  return {
    kind: 'pendopo-consistency-1',
    older: checkpointOf(keys, before),
    newer: checkpointOf(keys, head),
    proof: await hashesOf(ctx, consistencyRanges(older, head.size)),
    key: writeKey(keys.find((one) => one.id === head.keyId) as HeadKey),
  };
}

/** The hash of each range, from finished parts and, for what is smaller than 256 leaves, from the leaves. */
async function hashesOf(ctx: Pick<Ctx, 'db'>, ranges: Range[]): Promise<string[]> {
  const blocks = ranges.map(blocksOf);
  const parts = await partHashes(
    ctx,
    blocks.flat().filter(({ level }) => level >= STORED_LEVEL),
  );
  const pages = new Map<number, Buffer[]>();
  for (const { level, index } of blocks.flat()) {
    const page = Math.floor((index * 2 ** level) / PAGE);
    if (level < STORED_LEVEL && !pages.has(page))
      pages.set(page, (await leafContents(ctx, page * PAGE, (page + 1) * PAGE)).map(leafHash));
  }
  const hashOf = (part: Part): Buffer => {
    if (part.level >= STORED_LEVEL) return known(parts, part);
    const start = part.index * 2 ** part.level;
    const page = pages.get(Math.floor(start / PAGE)) ?? [];
    const edge = newEdge();
    for (const leaf of page.slice(start % PAGE, (start % PAGE) + 2 ** part.level)) append(edge, leaf);
    return rootOf(edge);
  };
  return blocks.map((list) => joined(list.map(hashOf)).toString('base64'));
}
