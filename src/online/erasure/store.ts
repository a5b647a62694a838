// Drafts by the application that was made of them.
import type { Ctx } from '#platform/context.ts';

/** There is no index for it: drafts live two weeks and are few. */
export async function draftsOf(ctx: Pick<Ctx, 'db'>, application: string): Promise<string[]> {
  const rows = await ctx.db.selectFrom('online.drafts').select('id').where('application', '=', application).execute();
  return rows.map((row) => row.id);
}
