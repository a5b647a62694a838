// How often one address may try: guesses are slow, ordinary writes generous (a whole village may share one address).
import type { World } from './context.ts';

/** Tries a minute. */
const LIMITS = { write: 1200, 'sign-in': 20, code: 30, upload: 120 };

type Bucket = { left: number; at: number };
const buckets = new Map<string, Bucket>();

/** Takes one try; false when there is none left. A demo on one's own machine has no limit on ordinary writes. */
export function allow(world: Pick<World, 'config' | 'clock'>, address: string, what: keyof typeof LIMITS): boolean {
  if (what === 'write' && world.config.mode === 'demo') return true;
  const limit = LIMITS[what];
  const now = world.clock().getTime();
  const key = `${what} ${address}`;
  const bucket = buckets.get(key) ?? { left: limit, at: now };
  const left = Math.min(limit, bucket.left + ((now - bucket.at) / 60_000) * limit);
  if (buckets.size > 50_000) buckets.clear(); // an attacker with many addresses must not fill the memory
  buckets.set(key, { left: left >= 1 ? left - 1 : left, at: now });
  return left >= 1;
}

/** Forgets all tries; for tests. */
export const resetLimits = (): void => buckets.clear();
