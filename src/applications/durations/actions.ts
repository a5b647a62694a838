// How long services really take: figures by service, month and door, rolled up from the log by a job and read by pages.

import { localDate } from '#platform/calendar.ts';
import type { Ctx, World } from '#platform/context.ts';
import { getVersion } from '#src/catalogue/actions.ts';
import {
  arrivedBetween,
  type DurationRow,
  endedBetween,
  endOfLog,
  findSetting,
  findWatermark,
  monthsOf,
  replaceMonth,
  saveWatermark,
  touchedMonths,
} from './store.ts';
import { joinedQuantile, quantile, workedMinutes } from './worked.ts';

/**
 * The last twelve months of one door. `finished`: completed or refused; withdrawn and expired cases got no answer to
 * time.
 */
export type Durations = {
  channel: string;
  finished: number;
  onTime: number;
  medianMinutes: number | null;
  p90Minutes: number | null;
  simulated: boolean;
};

const STRETCH = 500_000;
const PAGE = 2000;
const FRESH_MS = 60_000;
const NIL = '00000000-0000-0000-0000-000000000000';

/**
 * Brings the figures up to date: reads the log on from where it stopped and recomputes the months that were touched.
 */
export async function rollUp(ctx: Pick<Ctx, 'db' | 'pool' | 'calendar'>): Promise<void> {
  const last = await findWatermark(ctx);
  const { next, snapshot } = await endOfLog(ctx);
  // transaction numbers that went back mean another cluster (a restored backup): what was seen there says nothing here
  const known = last && endOf(last.snapshot) <= endOf(snapshot) ? last : undefined;
  const months = new Set<string>();
  for (let from = known?.position ?? 0; from < next; from += STRETCH) {
    const touched = await touchedMonths(
      ctx,
      from,
      Math.min(from + STRETCH, next),
      known?.snapshot ?? null,
      ctx.calendar.offsetMinutes,
    );
    for (const month of touched) months.add(month);
  }
  // the watermark is moved last: a roll-up that was interrupted is done again
  for (const month of [...months].sort()) await replaceMonth(ctx, month, await figuresOf(ctx, month));
  // a transaction that was under way at both readings may have begun before the earlier end of the log: look again from
  // there
  const settled = known === undefined || startOf(snapshot) >= endOf(known.snapshot);
  await saveWatermark(ctx, {
    position: known === undefined ? 0 : settled ? known.next : known.position,
    next,
    snapshot,
  });
  caches.delete(ctx.pool);
}

// "xmin:xmax:under way": all before xmin had ended, none from xmax on had begun
const startOf = (snapshot: string): number => Number(snapshot.split(':')[0]);
const endOf = (snapshot: string): number => Number(snapshot.split(':')[1]);

/** One month's figures. Arrivals count in the month they came, endings in the month they ended. */
async function figuresOf(ctx: Pick<Ctx, 'db' | 'pool' | 'calendar'>, month: string): Promise<DurationRow[]> {
  const from = monthStart(month, ctx.calendar.offsetMinutes);
  const to = monthStart(nextMonth(month), ctx.calendar.offsetMinutes);
  const groups = new Map<string, DurationRow & { minutes: number[] }>();
  const groupOf = (service: string, channel: string) => {
    const key = `${service}/${channel}`;
    let group = groups.get(key);
    if (!group)
      groups.set(
        key,
        (group = {
          service,
          channel,
          submitted: 0,
          finished: 0,
          onTime: 0,
          median: null,
          p90: null,
          simulated: false,
          minutes: [],
        }),
      );
    return group;
  };
  for (const { service, channel, submitted, simulated } of await arrivedBetween(ctx, from, to)) {
    Object.assign(groupOf(service, channel), { submitted, simulated });
  }
  for (let after: string | undefined = NIL; after !== undefined; ) {
    const page: Awaited<ReturnType<typeof endedBetween>> = await endedBetween(ctx, from, to, after, PAGE);
    for (const one of page.ended) {
      const group = groupOf(one.service, one.channel);
      const { service } = await getVersion(ctx, one.service, one.version);
      group.finished += 1;
      if (one.endedAt <= one.dueAt) group.onTime += 1;
      group.simulated ||= one.simulated;
      group.minutes.push(workedMinutes(ctx.calendar, service, one.moves));
    }
    after = page.last;
  }
  return [...groups.values()].map(({ minutes, ...group }) => {
    minutes.sort((a, b) => a - b);
    return { ...group, median: rounded(quantile(minutes, 0.5)), p90: rounded(quantile(minutes, 0.9)) };
  });
}

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));
const monthStart = (month: string, offsetMinutes: number): Date =>
  new Date(Date.parse(`${month}T00:00:00Z`) - offsetMinutes * 60_000);
const nextMonth = (month: string): string => shiftMonth(month, 1);

function shiftMonth(month: string, by: number): string {
  const date = new Date(`${month}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + by);
  return date.toISOString().slice(0, 10);
}

type Cache = {
  durations: Map<string, { value: Promise<Durations[]>; at: number }>;
  simulated?: { value: Promise<boolean>; at: number };
};
const caches = new WeakMap<World['pool'], Cache>();

/** How long a service has taken in the last twelve months, by door; at most a minute old. */
export async function durationsOf(
  ctx: Pick<Ctx, 'db' | 'pool' | 'calendar' | 'now'>,
  service: string,
): Promise<Durations[]> {
  const { durations } = cacheOf(ctx.pool);
  const known = durations.get(service);
  if (known && performance.now() - known.at < FRESH_MS) return known.value;
  const from = shiftMonth(`${localDate(ctx.calendar, ctx.now).slice(0, 7)}-01`, -11);
  const value = monthsOf(ctx, service, from).then(joined);
  durations.set(service, { value, at: performance.now() });
  value.catch(() => durations.delete(service));
  return value;
}

function joined(rows: DurationRow[]): Durations[] {
  return [...Map.groupBy(rows, (row) => row.channel)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([channel, months]) => ({
      channel,
      finished: months.reduce((sum, month) => sum + month.finished, 0),
      onTime: months.reduce((sum, month) => sum + month.onTime, 0),
      medianMinutes: joinedQuantile(months.map((month) => ({ value: month.median, cases: month.finished }))),
      p90Minutes: joinedQuantile(months.map((month) => ({ value: month.p90, cases: month.finished }))),
      simulated: months.some((month) => month.simulated),
    }));
}

/** Whether this installation holds a simulated history, so that pages can say so; at most a minute old. */
export async function isSimulated(ctx: Pick<Ctx, 'db' | 'pool'>): Promise<boolean> {
  const cache = cacheOf(ctx.pool);
  if (cache.simulated && performance.now() - cache.simulated.at < FRESH_MS) return cache.simulated.value;
  const value = findSetting(ctx, 'simulated').then((setting) => setting !== undefined);
  cache.simulated = { value, at: performance.now() };
  value.catch(() => delete cache.simulated);
  return value;
}

function cacheOf(pool: World['pool']): Cache {
  let cache = caches.get(pool);
  if (!cache) caches.set(pool, (cache = { durations: new Map() }));
  return cache;
}
