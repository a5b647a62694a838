// The Merkle tree over the log, as RFC 6962 (§2.1) defines it: leaves and inner nodes are hashed apart, proofs are short. Pure.
import { hash } from 'node:crypto';

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);
const sha256 = (...parts: Buffer[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');

/** The hash of a leaf; ours holds the hash of one event. */
export const leafHash = (content: Buffer): Buffer => sha256(LEAF, content);
export const nodeHash = (left: Buffer, right: Buffer): Buffer => sha256(NODE, left, right);
/** The root of a tree without leaves. */
export const EMPTY_ROOT: Buffer = sha256();

/** From this level (256 leaves) on finished parts are stored. */
export const STORED_LEVEL = 8;
export const PAGE = 2 ** STORED_LEVEL;

/** A finished part of the tree: leaves `index * 2^level` up to the next part. */
export type Part = { level: number; index: number };
export type FinishedPart = Part & { hash: Buffer };

/**
 * The right edge of a growing tree: all that is needed to go on and to know the root, one hash a level. `peaks[l]` is the
 * root of a finished part of 2^l leaves, where the size has that bit.
 */
export type Edge = { size: number; peaks: (Buffer | undefined)[] };
export const newEdge = (): Edge => ({ size: 0, peaks: [] });

/** Adds one leaf. `finished` is told of each part of at least 256 leaves that this leaf completes. */
export function append(edge: Edge, leaf: Buffer, finished?: (part: FinishedPart) => void): void {
  let hash = leaf;
  let level = 0;
  for (let left = edge.peaks[0]; left; left = edge.peaks[level]) {
    hash = nodeHash(left, hash);
    edge.peaks[level] = undefined;
    level += 1;
    if (level >= STORED_LEVEL) finished?.({ level, index: Math.floor(edge.size / 2 ** level), hash });
  }
  edge.peaks[level] = hash;
  edge.size += 1;
}

export function rootOf({ peaks }: Edge): Buffer {
  let root: Buffer | undefined;
  for (const peak of peaks) if (peak) root = root ? nodeHash(peak, root) : peak;
  return root ?? EMPTY_ROOT;
}

/** The finished parts that make up a tree of this size, largest first. */
export const partsOf = (size: number): Part[] => blocks(0, size);

/** Leaves from `start` on, before `end`; in a proof always a part that RFC 6962 hashes as a tree of its own. */
export type Range = { start: number; end: number };

/** The finished parts of a range, from left to right: the largest that fit. `start` is a multiple of a power of two ≥ its length. */
export const blocksOf = ({ start, end }: Range): Part[] => blocks(start, end);

function blocks(start: number, end: number): Part[] {
  const parts: Part[] = [];
  for (let from = start; from < end; ) {
    let level = Math.floor(Math.log2(end - from));
    while (from % 2 ** level !== 0) level -= 1;
    parts.push({ level, index: from / 2 ** level });
    from += 2 ** level;
  }
  return parts;
}

/** Largest power of two smaller than n. */
const split = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1);

/** Which ranges' hashes prove that leaf `index` is in a tree of `size` leaves (RFC 6962 §2.1.1), from the leaf up. */
export function inclusionRanges(index: number, size: number): Range[] {
  const walk = (start: number, end: number): Range[] => {
    if (end - start === 1) return [];
    const middle = start + split(end - start);
    return index < middle
      ? [...walk(start, middle), { start: middle, end }]
      : [...walk(middle, end), { start, end: middle }];
  };
  return walk(0, size);
}

/** Which ranges' hashes prove that the tree of `older` leaves is the beginning of that of `newer` (RFC 6962 §2.1.2). */
export function consistencyRanges(older: number, newer: number): Range[] {
  const walk = (start: number, end: number, to: number, whole: boolean): Range[] => {
    if (to === end) return whole ? [] : [{ start, end }];
    const middle = start + split(end - start);
    return to <= middle
      ? [...walk(start, middle, to, whole), { start: middle, end }]
      : [...walk(middle, end, to, false), { start, end: middle }];
  };
  return older === 0 || older === newer ? [] : walk(0, newer, older, true);
}

/** The hash of a range from those of its blocks, left to right. */
export const joined = (hashes: Buffer[]): Buffer => hashes.reduceRight((right, left) => nodeHash(left, right));

/** Whether the proof shows `leaf` at `index` of the tree with this root (RFC 9162 §2.1.3.2). */
export function isIncluded(leaf: Buffer, index: number, size: number, proof: Buffer[], root: Buffer): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  let at = index;
  let last = size - 1;
  let hash = leaf;
  for (const other of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(other, hash);
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else hash = nodeHash(hash, other);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && hash.equals(root);
}

/** Whether the proof shows that the older tree is the beginning of the newer one (RFC 9162 §2.1.4.2). */
export function isConsistent(
  older: { size: number; root: Buffer },
  newer: { size: number; root: Buffer },
  proof: Buffer[],
): boolean {
  if (older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && older.root.equals(newer.root);
  if (older.size === 0) return proof.length === 0 && older.root.equals(EMPTY_ROOT);
  const path = Number.isInteger(Math.log2(older.size)) ? [older.root, ...proof] : [...proof];
  const first = path.shift();
  if (!first) return false;
  let at = older.size - 1;
  let last = newer.size - 1;
  while (at % 2 === 1) {
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  let [old, now] = [first, first];
  for (const other of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      old = nodeHash(other, old);
      now = nodeHash(other, now);
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else now = nodeHash(now, other);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && old.equals(older.root) && now.equals(newer.root);
}
