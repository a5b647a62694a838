// Shell: what the clock does for the sealed log.
import type { Ctx } from '#platform/context.ts';
import { sealLog } from './actions.ts';
import { backUpDaily } from './backup/actions.ts';
import { tidyRefusals } from './refusals/actions.ts';

/** Every minute: what is new gets its place in the tree and a signed head. */
export async function seal(ctx: Ctx): Promise<void> {
  await sealLog(ctx);
}

/** Once a week: the whole log is looked through for events that came in under a lower position than they should have. */
export async function sweep(ctx: Ctx): Promise<void> {
  await sealLog(ctx, { sweep: true });
}

/** Every night: rows of the list of refusals that are older than a year. */
export const tidy = (ctx: Ctx): Promise<void> => tidyRefusals(ctx);

/** Every night, when the operator has named a folder for it. */
export async function backup(ctx: Ctx): Promise<void> {
  const { backup: wanted } = ctx.config;
  if (!wanted) return;
  const done = await backUpDaily(ctx, wanted.dir, wanted.keep);
  ctx.log.info({ rows: done.rows, files: done.files, bytes: done.bytes, seconds: done.seconds }, 'backup made');
}
