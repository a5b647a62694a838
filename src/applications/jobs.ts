// What the clock does: acts on limits that have passed, gives register numbers, rolls up how long services take.
import type { Ctx } from '#platform/context.ts';
import { context, SYSTEM } from '#platform/context.ts';
import { actLate } from './actions.ts';
import { giveRegisterNumbers, lateTasks } from './store.ts';
import { rollUp } from './durations/actions.ts';

const BATCH = 500;

/** Escalates and expires what is late. Each case is its own act; a second worker finds nothing left to do. */
export async function passLimits(ctx: Ctx): Promise<void> {
  for (;;) {
    const late = await lateTasks(ctx, BATCH);
    for (const task of late) await actLate(context(ctx, SYSTEM, 'system'), task);
    if (late.length < BATCH) return;
  }
}

/** Gapless register numbers in order of submission, outside the hot path. */
export async function giveNumbers(ctx: Ctx): Promise<void> {
  while ((await giveRegisterNumbers(ctx, ctx.calendar.offsetMinutes, 5000)) > 0);
}

export const rollUpDurations = (ctx: Ctx): Promise<void> => rollUp(ctx);
