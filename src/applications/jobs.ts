// What the clock does: acts on limits that have passed, gives register numbers, rolls up how long services take.
import type { Ctx } from '#platform/context.ts';
import { context, SYSTEM } from '#platform/context.ts';
import { destroyFile } from '#platform/files.ts';
import { actLate, assignRegisterNumbers } from './actions.ts';
import { doChunk, resumeBatches } from './batches/actions.ts';
import { rollUp } from './durations/actions.ts';
import { keepUp } from './names/actions.ts';
import { forgetCommands, lateTasks, unusedUploads } from './upkeep/store.ts';

const BATCH = 500;

/** Escalates and expires what is late. Each case is its own act; a second worker finds nothing left to do. */
export async function passLimits(ctx: Ctx): Promise<void> {
  for (;;) {
    const late = await lateTasks(ctx, BATCH);
    for (const task of late) await actLate(context(ctx, SYSTEM, 'system'), task);
    if (late.length < BATCH) return;
  }
}

const DAY_MS = 24 * 3_600_000;
/** Longer than any draft lives without being touched, several times over. */
const UNUSED_DAYS = 60;
/** A client that repeats a command after this long gets a new application. */
const REMEMBERED_DAYS = 90;

/** Throws away what nobody needs any more: uploads that no application uses, and outcomes of old commands. */
export async function tidy(ctx: Ctx): Promise<void> {
  const before = new Date(ctx.now.getTime() - UNUSED_DAYS * DAY_MS);
  for (const file of await unusedUploads(ctx, before, 1000)) await destroyFile(ctx, file);
  await forgetCommands(ctx, new Date(ctx.now.getTime() - REMEMBERED_DAYS * DAY_MS));
}

/** Outside the hot path: see assignRegisterNumbers. */
export const giveNumbers = (ctx: Ctx): Promise<void> => assignRegisterNumbers(ctx);

export const rollUpDurations = (ctx: Ctx): Promise<void> => rollUp(ctx);

/** Names of people and weeks of agencies, from the log. */
export const follow = (ctx: Ctx): Promise<void> => keepUp(ctx);

/** One chunk of a batch; the next is queued by it. */
export const batch = (ctx: Ctx, payload: Record<string, unknown>): Promise<void> =>
  doChunk(ctx, payload as { batch: string; lease: string });

export const batches = (ctx: Ctx): Promise<void> => resumeBatches(ctx);
