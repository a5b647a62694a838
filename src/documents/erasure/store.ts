// The rows of papers whose case is destroyed.
import type { Ctx } from '#platform/context.ts';

/** Takes the holder's initials away and answers the files that are still there. */
export async function emptyPapers(ctx: Pick<Ctx, 'db'>, application: string): Promise<{ id: string; size: number }[]> {
  const papers = await ctx.db
    .updateTable('documents.documents')
    .set({ holder: '(dimusnahkan)' })
    .where('application', '=', application)
    .returning('id')
    .execute();
  if (papers.length === 0) return [];
  const owners = papers.map((paper) => paper.id);
  // also earlier makings of the same paper: all lie under its id
  return ctx.db
    .selectFrom('platform.files')
    .select(['id', 'size'])
    .where('owner', 'in', owners)
    .where('key', 'is not', null)
    .execute();
}
