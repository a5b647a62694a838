// What the clock does for personal data: carries out what was granted, keeps the schedule, tells the people concerned.
import type { Ctx } from '#platform/context.ts';
import { settleRequests } from './asked/actions.ts';
import { gatherSubjects, notifySubjects } from './breach/actions.ts';
import { runRetention } from './keeping/actions.ts';

export const settle = (ctx: Ctx): Promise<void> => settleRequests(ctx);

export async function keepSchedule(ctx: Ctx): Promise<void> {
  const { purged, erased, held } = await runRetention(ctx, { chunk: 2000 });
  ctx.log.info({ purged: purged.cases, erased: erased.cases, held }, 'retention');
}

export const gather = (ctx: Ctx, payload: Record<string, unknown>): Promise<void> =>
  gatherSubjects(ctx, String(payload.subject));
export const notify = (ctx: Ctx, payload: Record<string, unknown>): Promise<void> =>
  notifySubjects(ctx, String(payload.subject));
