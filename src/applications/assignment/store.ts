// Which officer has a task. Tasks themselves come and go with the case (store.ts of the engine).
import type { Ctx } from '#platform/context.ts';

export type Colleague = { id: string; name: string };

/** Officers who work at a desk, by name. */
export async function officersAt(
  { db }: Pick<Ctx, 'db'>,
  desk: { agency: string; area: string; role: string },
): Promise<Colleague[]> {
  return db
    .selectFrom('identity.officers')
    .select(['id', 'name'])
    .where('agency', '=', desk.agency)
    .where('area', '=', desk.area)
    .where('disabled', '=', false)
    .where(({ eb, val }) => eb(val(desk.role), '=', eb.fn.any('roles')))
    .orderBy('name')
    .limit(200)
    .execute();
}

/** Puts an open task under an officer, or under nobody; what stood there before, or undefined when the task is over. */
export async function giveTask(
  { db }: Pick<Ctx, 'db'>,
  task: string,
  officer: string | null,
): Promise<{ before: string | null } | undefined> {
  const row = await db
    .selectFrom('applications.tasks')
    .select('taken_by')
    .where('id', '=', task)
    .where('closed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return undefined;
  await db.updateTable('applications.tasks').set({ taken_by: officer }).where('id', '=', task).execute();
  return { before: row.taken_by };
}

/** Ends a task by itself, the case stays where it is; false when it was over already. */
export async function endTask(ctx: Pick<Ctx, 'db' | 'now'>, task: string, by: string): Promise<boolean> {
  const result = await ctx.db
    .updateTable('applications.tasks')
    .set({ closed_at: ctx.now, closed_by: by })
    .where('id', '=', task)
    .where('closed_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
