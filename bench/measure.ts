// What benchmarks share: middle and tail of a sample, CPU time from the operating system, rounds on a machine that is
// shared.
import { readdirSync, readFileSync } from 'node:fs';

export type Flags = Record<string, string | true>;

/** One line of the contract's output. `spread`: lowest and highest of the rounds. */
export type Metric = {
  metric: string;
  unit: string;
  ours: number;
  other: number | null;
  otherName: string;
  ratio: number | null;
  target: string | null;
  met: boolean | null;
  spread: [number, number] | null;
};
export type Result = { name: string; metrics: Metric[] };

/** A figure of ours alone, with a target or without. */
export const figure = (
  metric: string,
  unit: string,
  ours: number,
  target: string | null = null,
  met: boolean | null = null,
): Metric => ({ metric, unit, ours, other: null, otherName: '', ratio: null, target, met, spread: null });

/** The value below which the part `p` of the sample lies (nearest rank). NaN for an empty one. */
export function quantile(sample: readonly number[], p: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * p) - 1)] ?? Number.NaN;
}

export const median = (sample: readonly number[]): number => quantile(sample, 0.5);
export const p95 = (sample: readonly number[]): number => quantile(sample, 0.95);
export const spread = (sample: readonly number[]): [number, number] => [Math.min(...sample), Math.max(...sample)];

/** How much of all CPU time another machine took from this one between two looks, 0 to 1; 0 where it is not told. */
export function stealMeter(): () => number {
  const look = (): { steal: number; all: number } => {
    try {
      const fields = readFileSync('/proc/stat', 'utf8').split('\n')[0]!.trim().split(/\s+/).slice(1, 9).map(Number);
      return { steal: fields[7] ?? 0, all: fields.reduce((a, b) => a + b, 0) };
    } catch {
      return { steal: 0, all: 0 };
    }
  };
  const before = look();
  return () => {
    const after = look();
    return after.all === before.all ? 0 : (after.steal - before.steal) / (after.all - before.all);
  };
}

const TICK_MS = 10; // USER_HZ is 100 on every Linux we run on

/** A process as /proc tells it: CPU ticks of its own and of children it waited for; `since` is its start, `state` its letter. */
export type Proc = {
  pid: number;
  parent: number;
  name: string;
  state: string;
  since: string;
  own: number;
  reaped: number;
};

/**
 * CPU milliseconds spent so far by a process and its descendants, with those of children that have ended and were
 * waited for. For PostgreSQL give the postmaster: that is the sum over all its backends. NaN where /proc does not
 * exist.
 */
export function cpuMs(root: number): number {
  const all = processTree(root);
  return all.length === 0 ? Number.NaN : all.reduce((sum, one) => sum + one.own + one.reaped, 0) * TICK_MS;
}

/** A process and everything it started; the embedded PostgreSQL stays its child although it has a group of its own. */
export function processTree(pid: number): Proc[] {
  const all = processes();
  const children = Map.groupBy(all.values(), (one) => one.parent);
  const below = (one: Proc): Proc[] => [one, ...(children.get(one.pid) ?? []).flatMap(below)];
  const top = all.get(pid);
  return top ? below(top) : [];
}

/** All processes now, by id; none where there is no /proc. */
export function processes(): Map<number, Proc> {
  const all = new Map<number, Proc>();
  let names: string[] = [];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return all;
  }
  for (const entry of names) {
    try {
      const text = readFileSync(`/proc/${entry}/stat`, 'utf8');
      // the program's name in brackets may hold spaces: the other fields follow the last bracket
      const close = text.lastIndexOf(')');
      const fields = text.slice(close + 2).split(' ');
      const number = (index: number) => Number(fields[index] ?? 0);
      all.set(Number(entry), {
        pid: Number(entry),
        parent: number(1),
        name: text.slice(text.indexOf('(') + 1, close),
        state: fields[0] ?? '',
        since: fields[19] ?? '',
        own: number(11) + number(12),
        reaped: number(13) + number(14),
      });
    } catch {
      // it ended between the two looks
    }
  }
  return all;
}

const MOST_STEAL = 0.02;

/**
 * Runs the sides in turn, round after round, so that a slow minute of the machine hits all of them. A round in which
 * more than 2 % of the CPU was stolen does not count and is repeated, at most as often again; `dropped` says how many.
 */
export async function interleaved<T>(
  sides: (() => Promise<T>)[],
  rounds: number,
): Promise<{ results: T[][]; dropped: number }> {
  const results: T[][] = sides.map(() => []);
  let dropped = 0;
  for (let kept = 0; kept < rounds; ) {
    const steal = stealMeter();
    const round: T[] = [];
    for (const side of kept % 2 === 0 ? [...sides.keys()] : [...sides.keys()].reverse())
      round[side] = await sides[side]!();
    if (steal() > MOST_STEAL && dropped < rounds) {
      dropped += 1;
      continue;
    }
    round.forEach((result, side) => void results[side]!.push(result));
    kept += 1;
  }
  return { results, dropped };
}

/** Does `requests` requests, `atOnce` at a time, and gives the milliseconds of each. */
export async function load(
  requests: number,
  atOnce: number,
  request: (index: number) => Promise<void>,
): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const worker = async () => {
    while (next < requests) {
      const index = next++;
      const began = performance.now();
      await request(index);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return times;
}
