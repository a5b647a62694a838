// When a case is destroyed, the papers issued for it go too: their bytes and their holder, not the fact that they were issued.
import type { Ctx } from '#platform/context.ts';
import { destroyFile } from '#platform/files.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { emptyPapers } from './store.ts';

/** Destroys the PDFs of a case's papers; the code goes on to say what was issued when, and whether it was revoked. */
export async function destroyPapers(ctx: Ctx, application: string): Promise<{ files: number; bytes: number }> {
  if (ctx.actor.kind !== 'system') throw new Problem(PROBLEMS.forbidden);
  const files = await emptyPapers(ctx, application);
  for (const file of files) await destroyFile(ctx, file.id);
  return { files: files.length, bytes: files.reduce((sum, file) => sum + file.size, 0) };
}
