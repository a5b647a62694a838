// The tree against RFC 6962's own definition and its known hashes.
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  append,
  blocksOf,
  consistencyRanges,
  EMPTY_ROOT,
  type FinishedPart,
  inclusionRanges,
  isConsistent,
  isIncluded,
  joined,
  leafHash,
  newEdge,
  nodeHash,
  partsOf,
  type Range,
  rootOf,
} from './tree.ts';

// RFC 6962 §2.1 word for word: the slow definition to compare with
function mth(leaves: Buffer[]): Buffer {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0] as Buffer;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}
const leavesOf = (n: number): Buffer[] => Array.from({ length: n }, (_, i) => leafHash(Buffer.from(`event ${i}`)));
const tree = (leaves: Buffer[]): Buffer => {
  const edge = newEdge();
  for (const leaf of leaves) append(edge, leaf);
  return rootOf(edge);
};
const hashOf = (leaves: Buffer[], { start, end }: Range): Buffer => mth(leaves.slice(start, end));

describe('the Merkle tree', () => {
  test('of the eight leaves known from Certificate Transparency has the published roots', () => {
    const inputs = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ].map((hex) => leafHash(Buffer.from(hex, 'hex')));
    assert.equal(EMPTY_ROOT.toString('hex'), hash('sha256', '', 'hex'));
    assert.equal(
      tree(inputs.slice(0, 1)).toString('hex'),
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    assert.equal(tree(inputs).toString('hex'), '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  test('grown leaf by leaf equals the definition, for any size', () => {
    for (let size = 0; size < 70; size++) assert.ok(tree(leavesOf(size)).equals(mth(leavesOf(size))), `${size}`);
    const many = leavesOf(1500);
    const finished: FinishedPart[] = [];
    const edge = newEdge();
    for (const leaf of many) append(edge, leaf, (part) => finished.push(part));
    assert.ok(rootOf(edge).equals(mth(many)));
    assert.deepEqual(
      finished.map(({ level, index }) => `${level}/${index}`),
      ['8/0', '8/1', '9/0', '8/2', '8/3', '9/1', '10/0', '8/4'],
    );
    for (const { level, index, hash: known } of finished)
      assert.ok(known.equals(mth(many.slice(index * 2 ** level, (index + 1) * 2 ** level))));
  });

  test('goes on from its finished parts alone', () => {
    assert.deepEqual(partsOf(1500), [
      { level: 10, index: 0 },
      { level: 8, index: 4 },
      { level: 7, index: 10 },
      { level: 6, index: 22 },
      { level: 4, index: 92 },
      { level: 3, index: 186 },
      { level: 2, index: 374 },
    ]);
  });

  test('proves every leaf, and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.nat(), fc.nat(), (size, pick, other) => {
        const leaves = leavesOf(size);
        const index = pick % size;
        const root = mth(leaves);
        const proof = inclusionRanges(index, size).map((range) =>
          joined(
            blocksOf(range).map(({ level, index: at }) => mth(leaves.slice(at * 2 ** level, (at + 1) * 2 ** level))),
          ),
        );
        const leaf = leaves[index] as Buffer;
        assert.ok(isIncluded(leaf, index, size, proof, root));
        assert.ok(!isIncluded(leafHash(Buffer.from('forged')), index, size, proof, root));
        const elsewhere = other % size;
        if (elsewhere !== index) assert.ok(!isIncluded(leaf, elsewhere, size, proof, root));
        assert.ok(!isIncluded(leaf, index, size, [...proof, root], root));
        assert.ok(!isIncluded(leaf, size, size, proof, root));
      }),
      { numRuns: 300 },
    );
  });

  test('proves that an older tree is its beginning, and refuses one that is not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(), fc.nat(), (newer, pick, touched) => {
        const leaves = leavesOf(newer);
        const older = 1 + (pick % newer);
        const proof = consistencyRanges(older, newer).map((range) => hashOf(leaves, range));
        const before = { size: older, root: mth(leaves.slice(0, older)) };
        assert.ok(isConsistent(before, { size: newer, root: mth(leaves) }, proof));
        // one event of the older tree rewritten, and the newer tree made anew with an honest proof
        const forged = leaves.with(touched % older, leafHash(Buffer.from('rewritten')));
        const again = consistencyRanges(older, newer).map((range) => hashOf(forged, range));
        assert.ok(!isConsistent(before, { size: newer, root: mth(forged) }, again));
      }),
      { numRuns: 300 },
    );
  });
});
