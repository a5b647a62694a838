// What the clock does: acts on limits that have passed, gives register numbers, rolls up how long services take.
import type { Ctx } from '#platform/context.ts';
import { context, SYSTEM } from '#platform/context.ts';
import { actLate, assignRegisterNumbers } from './actions.ts';
import { rollUp } from './durations/actions.ts';
import { lateTasks } from './store.ts';

const BATCH = 500;

/** Escalates and expires what is late. Each case is its own act; a second worker finds nothing left to do. */
export async function passLimits(ctx: Ctx): Promise<void> {
  for (;;) {
    const late = await lateTasks(ctx, BATCH);
    for (const task of late) await actLate(context(ctx, SYSTEM, 'system'), task);
    if (late.length < BATCH) return;
  }
}

/** Outside the hot path: see assignRegisterNumbers. */
export const giveNumbers = (ctx: Ctx): Promise<void> => assignRegisterNumbers(ctx);

export const rollUpDurations = (ctx: Ctx): Promise<void> => rollUp(ctx);
