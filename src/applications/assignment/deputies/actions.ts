// Deputies during absence: for named days one officer works at another's desks, with her roles and place.
import type { Actor, Ctx, World } from '#platform/context.ts';
import { recordEvent } from '#platform/event-log.ts';
import { idFrom } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { may, permit } from '#src/rights.ts';
import { isRunning, standingAt } from './standing.ts';
import {
  addDelegation,
  delegationsOf,
  delegationsTo,
  endDelegationRow,
  findDelegation,
  lockOfficer,
  type Named,
  overlapping,
  type Person,
  peopleOf,
} from './store.ts';

export type { Person } from './store.ts';
export type Absence = Named & { running: boolean; mayEnd: boolean };

const CACHE_MS = 5000;
const LONGEST_MS = 92 * 24 * 3_600_000;

type Cached = { list: Named[]; until: number };
const caches = new WeakMap<World['pool'], Map<string, Cached>>();

/**
 * The officer with the desks that she has for others now. What was set is known within five seconds in every process; the days
 * themselves are judged by the clock at each request.
 */
export async function withStanding(world: World, actor: Actor | undefined): Promise<Actor | undefined> {
  if (actor?.kind !== 'officer') return actor;
  const cache = cacheOf(world);
  const known = cache.get(actor.id);
  const now = world.clock();
  const list = known && known.until > performance.now() ? known.list : await delegationsTo(world, actor.id, now);
  if (list !== known?.list) {
    if (cache.size > 10_000) cache.clear();
    cache.set(actor.id, { list, until: performance.now() + CACHE_MS });
  }
  const standsFor = standingAt(list, actor.agency, now);
  return standsFor.length > 0 ? { ...actor, standsFor } : actor;
}

/** Absences of the own agency that run or are to come, and who may be named. */
export async function listAbsences(
  ctx: Ctx,
): Promise<{ absences: Absence[]; people: Person[]; mayForOthers: boolean }> {
  const { agency, id } = officer(ctx.actor);
  permit(ctx.actor, 'delegation.set', { own: { agency, officer: id } });
  const mayForOthers = may(ctx.actor, 'delegation.set', { own: { agency } }).allowed;
  const [all, people] = await Promise.all([delegationsOf(ctx, agency, ctx.now), peopleOf(ctx, agency)]);
  const absences = all
    .filter((one) => mayForOthers || one.officer === id || one.deputy === id)
    .map((one) => ({
      ...one,
      running: isRunning(one, ctx.now),
      mayEnd: may(ctx.actor, 'delegation.set', { own: { agency: one.agency, officer: one.officer } }).allowed,
    }));
  return { absences, people, mayForOthers };
}

/**
 * Sets a deputy for an officer of the own agency. Throws Problem 403 or invalid (unknown people, days turned round, over a
 * quarter of a year, another deputy on the same days). Again with the same command changes nothing.
 */
export async function setDeputy(
  ctx: Ctx,
  given: { officer: string; deputy: string; starts: Date; ends: Date },
): Promise<string> {
  const me = officer(ctx.actor);
  permit(ctx.actor, 'delegation.set', { own: { agency: me.agency, officer: given.officer } });
  const people = await peopleOf(ctx, me.agency);
  const known = (id: string) => people.some((one) => one.id === id);
  const errors = [
    ...(known(given.officer) ? [] : [{ path: 'officer', message: 'Pilih petugas instansi Anda.' }]),
    ...(known(given.deputy) && given.deputy !== given.officer
      ? []
      : [{ path: 'deputy', message: 'Pilih petugas lain di instansi Anda sebagai pengganti.' }]),
    ...(given.ends > given.starts && given.ends > ctx.now
      ? []
      : [
          {
            path: 'ends',
            message: 'Tanggal terakhir harus hari ini atau sesudahnya, dan tidak sebelum tanggal pertama.',
          },
        ]),
    ...(given.ends.getTime() - given.starts.getTime() <= LONGEST_MS
      ? []
      : [{ path: 'ends', message: 'Paling lama tiga bulan. Buat lagi bila masih diperlukan.' }]),
  ];
  if (errors.length > 0) throw new Problem(PROBLEMS.invalid, undefined, errors);
  const id = idFrom('delegation', ctx.commandId);
  await ctx.db.transaction().execute(async (db) => {
    await lockOfficer({ db }, given.officer);
    const other = await overlapping({ db }, given.officer, given.starts, given.ends);
    if (other?.id === id) return;
    if (other)
      throw new Problem(PROBLEMS.invalid, undefined, [
        { path: 'starts', message: 'Pada hari itu sudah ada pengganti. Akhiri dulu yang lama.' },
      ]);
    if (!(await addDelegation({ db }, { id, agency: me.agency, ...given, set_by: me.id }))) return;
    await recordEvent(
      { ...ctx, db },
      {
        type: 'delegation.set',
        subject: id,
        agency: me.agency,
        data: {
          officer: given.officer,
          deputy: given.deputy,
          starts: given.starts.toISOString(),
          ends: given.ends.toISOString(),
        },
      },
    );
  });
  cacheOf(ctx).delete(given.deputy);
  return id;
}

/** Ends it before its time. Throws Problem 404 or 403. Again changes nothing. */
export async function endDeputy(ctx: Ctx, id: string): Promise<void> {
  const { agency } = officer(ctx.actor);
  const known = await findDelegation(ctx, id);
  if (known?.agency !== agency)
    throw new Problem(PROBLEMS.notFound, 'Penggantian ini tidak ada. Muat ulang daftarnya.');
  permit(ctx.actor, 'delegation.set', { own: { agency, officer: known.officer } });
  await ctx.db.transaction().execute(async (db) => {
    if (!(await endDelegationRow({ db }, id, ctx.now))) return;
    await recordEvent({ ...ctx, db }, { type: 'delegation.ended', subject: id, agency, data: {} });
  });
  cacheOf(ctx).delete(known.deputy);
}

function officer(actor: Actor): Extract<Actor, { kind: 'officer' }> {
  if (actor.kind !== 'officer') throw new Problem(PROBLEMS.forbidden);
  return actor;
}

function cacheOf({ pool }: Pick<World, 'pool'>): Map<string, Cached> {
  let cache = caches.get(pool);
  if (!cache) {
    cache = new Map();
    caches.set(pool, cache);
  }
  return cache;
}
