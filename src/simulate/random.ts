// Chance that repeats itself: one seed, one history. Also makes the identifiers, so that they repeat too.
import { createHash } from 'node:crypto';

export type Random = {
  /** A number from 0 inclusive to 1 exclusive. */
  next(): number;
  /** A whole number from 0 to n - 1. */
  int(n: number): number;
  chance(p: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Lognormal: half of all draws lie below `median`; `sigma` is how far the slow ones stray. */
  lognormal(median: number, sigma: number): number;
  /** A UUIDv7 of that instant: 74 bits of chance, so that histories of different seeds do not meet. */
  uuid(at: number): string;
  /** Six characters of the read-aloud alphabet, for an application number. */
  code(): string;
};

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** sfc32, with 128 bits of state from the seed's SHA-256: small, fast, and good enough for every figure drawn here. */
export function createRandom(seed: string): Random {
  const start = createHash('sha256').update(`pendopo/simulate/${seed}`).digest();
  let a = start.readInt32LE(0);
  let b = start.readInt32LE(4);
  let c = start.readInt32LE(8);
  let d = start.readInt32LE(12);

  function draw(): number {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  }

  const next = () => draw() / 4_294_967_296;
  const random: Random = {
    next,
    int: (n) => Math.floor(next() * n),
    chance: (p) => next() < p,
    pick: (list) => list[Math.floor(next() * list.length)] as (typeof list)[number],
    lognormal: (median, sigma) => {
      // Box and Muller; 1 - next() keeps the logarithm away from zero
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp(sigma * normal);
    },
    uuid: (at) => {
      const time = at.toString(16).padStart(12, '0');
      const first = draw();
      const rest = hex(draw(), 8) + hex(draw() & 0xffff, 4);
      const variant = (0x8000 | (first >>> 18)).toString(16);
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(first & 0xfff, 3)}-${variant}-${rest}`;
    },
    code: () => {
      const bits = draw();
      let text = '';
      for (let shift = 0; shift < 30; shift += 5) text += ALPHABET[(bits >>> shift) & 31];
      return text;
    },
  };
  for (let i = 0; i < 20; i++) draw();
  return random;
}

const hex = (value: number, length: number): string => value.toString(16).padStart(length, '0');

/** A table to draw from by weight: `draw` takes a number from 0 to 1 and gives the index. */
export function weighted(weights: readonly number[]): (at: number) => number {
  const sums: number[] = [];
  let sum = 0;
  for (const weight of weights) sums.push((sum += weight));
  return (at) => {
    const wanted = at * sum;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
