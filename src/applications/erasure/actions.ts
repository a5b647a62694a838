// Destroying what an ended case holds. Who may ask for it, and when, is decided in the privacy module; here it is only done.
import { actorName, type Ctx } from '#platform/context.ts';
import { destroyFile } from '#platform/files.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { evidenceFilesOf, shredCase } from './store.ts';

/** How many files went, and how many bytes of them or of sealed rows. */
export type Destroyed = { files: number; bytes: number };

/** Destroys the pictures and papers that prove requirements. Again does no harm: it ends what a crash cut short. */
export async function destroyEvidence(ctx: Ctx, application: string): Promise<Destroyed> {
  onlyTheClock(ctx);
  const files = await evidenceFilesOf(ctx, application);
  for (const file of files) await destroyFile(ctx, file.id);
  return { files: files.length, bytes: files.reduce((sum, file) => sum + file.size, 0) };
}

/**
 * Destroys the data key of an ended case with all that lay under it: answers, name, notes; the keyed hash of the NIK goes too.
 * Number, times, state and events stay, and stay verifiable. Undefined when it still runs or is destroyed already.
 */
export async function destroyContent(ctx: Ctx, application: string): Promise<Destroyed | undefined> {
  onlyTheClock(ctx);
  const bytes = await shredCase(ctx, application);
  return bytes === undefined ? undefined : { files: 0, bytes };
}

// no officer destroys a case by hand: it follows from a schedule or from an answered request
function onlyTheClock(ctx: Ctx): void {
  if (ctx.actor.kind !== 'system')
    throw new Problem(
      PROBLEMS.forbidden,
      `Tidak boleh karena pemusnahan tidak dilakukan oleh ${actorName(ctx.actor)}.`,
    );
}
