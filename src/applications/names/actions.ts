// Follows the log in the background, outside every hot path: keeps the hashes of names and counts each agency's weeks.
import type { Ctx } from '#platform/context.ts';
import { openLabel } from '../content/actions.ts';
import { countWeeks } from '../load/store.ts';
import { hashesOf } from './name.ts';
import { endOfLog, findFollowed, keepNames, labelsOf, lockFollowed, namedIn, saveFollowed } from './store.ts';

const STRETCH = 20_000;

/**
 * Reads on from where the last reading ended, as far as every transaction of that time has settled: what was under way then is
 * read the next time. A stretch and the mark of how far it went are one commit, so each event counts once.
 */
export async function followLog(ctx: Pick<Ctx, 'db' | 'keys' | 'calendar'>): Promise<void> {
  const now = await endOfLog(ctx);
  const known = (await findFollowed(ctx)) ?? { done: 0, next: now.next, snapshot: now.snapshot };
  // transaction numbers that went back mean another cluster (a restored backup): the wait begins anew
  const settled = now.first >= endOf(known.snapshot) || now.last < endOf(known.snapshot);
  if (settled) {
    let more = true;
    while (more) more = await ctx.db.transaction().execute((db) => stretch({ ...ctx, db }, known.next));
  }
  await ctx.db.transaction().execute(async (db) => {
    await lockFollowed({ db });
    const done = (await findFollowed({ db }))?.done ?? 0;
    await saveFollowed({ db }, settled ? { done, next: now.next, snapshot: now.snapshot } : { ...known, done });
  });
}

async function stretch(ctx: Pick<Ctx, 'db' | 'keys' | 'calendar'>, until: number): Promise<boolean> {
  await lockFollowed(ctx);
  const known = await findFollowed(ctx);
  const from = known?.done ?? 0;
  const to = Math.min(from + STRETCH, until);
  if (to <= from) return false;
  const labels = await labelsOf(ctx, await namedIn(ctx, from, to));
  await keepNames(
    ctx,
    labels.map((row) => ({ id: row.id, words: hashesOf(ctx.keys, row.agency, openLabel(ctx, row)) })),
  );
  await countWeeks(ctx, from, to, ctx.calendar.offsetMinutes);
  await saveFollowed(ctx, { next: until, snapshot: '1:1:', ...known, done: to });
  return to < until;
}

// "xmin:xmax:under way": none from xmax on had begun
const endOf = (snapshot: string): number => Number(snapshot.split(':')[1]);
