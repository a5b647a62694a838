// What waits for a resident and until when, for those who remind.
import type { Ctx } from '#platform/context.ts';
import { type ResidentWait, residentWaits } from './store.ts';

export type { ResidentWait } from './store.ts';

/** Until when a case waits for its resident; undefined when it does not, or without end. */
export async function residentLimit(ctx: Pick<Ctx, 'db'>, application: string): Promise<Date | undefined> {
  return (await residentWaits(ctx, { application, limit: 1 }))[0]?.until;
}

/** Cases that wait for their resident since before `openedBefore` and end between `from` and `to`, the nearest first. */
export const endingWaits = (
  ctx: Pick<Ctx, 'db'>,
  range: { from: Date; to: Date; openedBefore: Date; limit: number },
): Promise<ResidentWait[]> => residentWaits(ctx, range);
