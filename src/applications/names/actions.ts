// Follows the log in the background, outside every hot path: keeps the hashes of names and counts each agency's weeks.
import type { Ctx } from '#platform/context.ts';
import { followLog } from '#platform/follow.ts';
import { openLabel } from '../content/actions.ts';
import { countWeeks } from '../load/store.ts';
import { hashesOf } from './name.ts';
import { keepNames, labelsOf, namedIn } from './store.ts';

/** Keeps the names of what came in or was mended since the last time, and counts what came in and ended. */
export const keepUp = (ctx: Pick<Ctx, 'db' | 'keys' | 'calendar'>): Promise<void> =>
  followLog(ctx, 'followed', async (tx, from, to) => {
    const labels = await labelsOf(tx, await namedIn(tx, from, to));
    await keepNames(
      tx,
      labels.map((row) => ({ id: row.id, words: hashesOf(tx.keys, row.agency, openLabel(tx, row)) })),
    );
    await countWeeks(tx, from, to, tx.calendar.offsetMinutes);
  });
