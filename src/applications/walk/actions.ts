// Walks through all cases for the clock, and for officers who keep a register over them. Ids, codes and times only.
import type { Ctx } from '#platform/context.ts';
import { briefly, endedAfter, idsWithin, tableBytes, type Within } from './store.ts';

export type { EndedCase, Within } from './store.ts';

export const listEnded = endedAfter;
export const applicationBytes = (ctx: Pick<Ctx, 'db'>): Promise<number> => tableBytes(ctx);
export const listWithin = (
  ctx: Pick<Ctx, 'db'>,
  within: Within,
  given: { after?: string | undefined; limit: number },
): Promise<string[]> => idsWithin(ctx, within, given);

/** Number, service, state and whether it is destroyed, of each; the caller has permitted it. */
export const briefCases = briefly;
export type BriefCase = Awaited<ReturnType<typeof briefly>>[number];
