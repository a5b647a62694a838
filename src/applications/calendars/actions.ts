// The clock of an agency: the regency's calendar with its own days and hours. Limits that run already are not rewritten.
import { type Calendar, ownCalendar, type Weekday } from '#platform/calendar.ts';
import type { Ctx, World } from '#platform/context.ts';
import { recordEvent } from '#platform/event-log.ts';
import { idFrom } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { may, permit } from '#src/rights.ts';
import { allOwn, type ClosedDay, type OwnHours, removeDay, removeHours, saveDay, saveHours } from './store.ts';

export type { ClosedDay, OwnHours } from './store.ts';

const FRESH_MS = 3000;
type Own = Awaited<ReturnType<typeof allOwn>>;
type Cache = {
  own?: Own;
  made: Map<string, { key: string; calendar: Calendar }>;
  loading?: Promise<Own> | undefined;
  at: number;
};
const caches = new WeakMap<World['pool'], Cache>();

/** The calendar by which an agency's cases fall due; at most three seconds old in every process. */
export async function calendarOf(ctx: Pick<Ctx, 'db' | 'pool' | 'calendar'>, agency: string): Promise<Calendar> {
  const cache = cacheOf(ctx);
  const own = await ownOf(ctx, cache);
  const hours = own.hours.find((one) => one.agency === agency);
  const days = own.days.filter((one) => one.agency === agency);
  if (!hours && days.length === 0) return ctx.calendar;
  const key = JSON.stringify([hours, days]);
  const known = cache.made.get(agency);
  if (known?.key === key) return known.calendar;
  const calendar = ownCalendar(ctx.calendar, {
    ...(hours && { hours: hours.hours as Calendar['hours'], hoursOrigin: hours }),
    closed: days.map(({ day, name, source, provenance }) => ({ date: day, name, source, provenance })),
  });
  cache.made.set(agency, { key, calendar });
  return calendar;
}

async function ownOf(ctx: Pick<Ctx, 'db'>, cache: Cache): Promise<Own> {
  if (cache.own && performance.now() - cache.at < FRESH_MS) return cache.own;
  cache.loading ??= allOwn(ctx)
    .then((own) => {
      cache.own = own;
      cache.at = performance.now();
      return own;
    })
    .finally(() => {
      cache.loading = undefined;
    });
  // as with the catalogue: an old one at once, except for the very first time
  if (!cache.own) return cache.loading;
  cache.loading.catch(() => undefined);
  return cache.own;
}

/** Own days and hours of the officer's agency, and whether she may change them. */
export async function listOwn(
  ctx: Ctx,
): Promise<{ days: ClosedDay[]; hours: OwnHours | undefined; mayWrite: boolean; agency: string }> {
  const agency = agencyOf(ctx);
  const { days, hours } = await allOwn(ctx);
  return {
    agency,
    days: days.filter((one) => one.agency === agency),
    hours: hours.find((one) => one.agency === agency),
    mayWrite: may(ctx.actor, 'calendar.write', { own: { agency } }).allowed,
  };
}

const SPAN = /^([01]?\d|2[0-3])[.:]([0-5]\d) *[-–] *([01]?\d|2[0-3])[.:]([0-5]\d)$/;

/** Sets own office hours: weekday (1 = Monday) to "08.00-15.30", empty = closed. Throws Problem 403 or invalid. */
export async function setHours(
  ctx: Ctx,
  given: { hours: Record<string, string>; source: string; sourced: boolean },
): Promise<void> {
  const agency = agencyOf(ctx);
  permit(ctx.actor, 'calendar.write', { own: { agency } });
  const errors: { path: string; message: string }[] = [];
  const hours: OwnHours['hours'] = {};
  for (const day of ['1', '2', '3', '4', '5', '6', '7'] satisfies `${Weekday}`[]) {
    const text = given.hours[day]?.trim() ?? '';
    if (text === '') continue;
    const span = SPAN.exec(text);
    const open = span ? Number(span[1]) * 60 + Number(span[2]) : 0;
    const close = span ? Number(span[3]) * 60 + Number(span[4]) : 0;
    if (!span || open >= close)
      errors.push({ path: `hours.${day}`, message: 'Tulis jam buka dan tutup, misalnya 08.00-15.30, atau kosongkan.' });
    else hours[day] = [open, close];
  }
  if (errors.length === 0 && Object.keys(hours).length === 0)
    errors.push({ path: 'hours.1', message: 'Isi paling sedikit satu hari buka.' });
  errors.push(...sourceErrors(given.source));
  if (errors.length > 0) throw new Problem(PROBLEMS.invalid, undefined, errors);
  const own: OwnHours = { agency, hours, source: given.source.trim(), provenance: provenance(given.sourced) };
  await change(ctx, agency, { what: 'hours' }, (db) => saveHours({ db }, own));
}

/** Back to the regency's hours. Again changes nothing. */
export async function clearHours(ctx: Ctx): Promise<void> {
  const agency = agencyOf(ctx);
  permit(ctx.actor, 'calendar.write', { own: { agency } });
  await change(ctx, agency, { what: 'hours' }, (db) => removeHours({ db }, agency));
}

/** Closes the agency on a day (YYYY-MM-DD). Throws Problem 403 or invalid. */
export async function closeOn(
  ctx: Ctx,
  given: { day: string; name: string; source: string; sourced: boolean },
): Promise<void> {
  const agency = agencyOf(ctx);
  permit(ctx.actor, 'calendar.write', { own: { agency } });
  const name = given.name.trim().slice(0, 120);
  const errors = [
    ...(isDay(given.day) ? [] : [{ path: 'day', message: 'Tulis tanggal yang ada, hari ini atau sesudahnya.' }]),
    ...(isDay(given.day) && given.day < ctx.now.toISOString().slice(0, 10)
      ? [{ path: 'day', message: 'Hari yang sudah lewat tidak bisa ditutup lagi.' }]
      : []),
    ...(name ? [] : [{ path: 'name', message: 'Tulis mengapa tutup, misalnya nama kegiatannya.' }]),
    ...sourceErrors(given.source),
  ];
  if (errors.length > 0) throw new Problem(PROBLEMS.invalid, undefined, errors);
  const day = { agency, day: given.day, name, source: given.source.trim(), provenance: provenance(given.sourced) };
  await change(ctx, agency, { what: 'closed', day: given.day }, (db) => saveDay({ db }, day));
}

/** Opens a day again that the agency had closed. Again changes nothing. */
export async function openOn(ctx: Ctx, day: string): Promise<void> {
  const agency = agencyOf(ctx);
  permit(ctx.actor, 'calendar.write', { own: { agency } });
  if (!isDay(day)) throw new Problem(PROBLEMS.notFound, 'Tanggal ini tidak ada di kalender.');
  await change(ctx, agency, { what: 'opened', day }, (db) => removeDay({ db }, agency, day));
}

async function change(
  ctx: Ctx,
  agency: string,
  data: Record<string, unknown>,
  work: (db: Ctx['db']) => Promise<unknown>,
): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    if ((await work(db)) === false) return;
    await recordEvent({ ...ctx, db }, { type: 'calendar.changed', subject: idFrom('calendar', agency), agency, data });
  });
  caches.delete(ctx.pool);
}

const isDay = (text: string): boolean => {
  const at = /^20\d\d-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
};
const provenance = (sourced: boolean): ClosedDay['provenance'] => (sourced ? 'sourced' : 'unverified');
const sourceErrors = (source: string) =>
  source.trim() ? [] : [{ path: 'source', message: 'Sebut dasarnya: surat keputusan, edaran, atau kebiasaan kantor.' }];

function agencyOf(ctx: Ctx): string {
  if (ctx.actor.kind !== 'officer') throw new Problem(PROBLEMS.forbidden);
  return ctx.actor.agency;
}

function cacheOf({ pool }: Pick<Ctx, 'pool'>): Cache {
  let cache = caches.get(pool);
  if (!cache) {
    cache = { made: new Map(), at: 0 };
    caches.set(pool, cache);
  }
  return cache;
}
