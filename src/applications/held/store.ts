// Reads which open tasks an officer has taken.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';

/** Numbers of cases with an open task that the officer took, most urgent first; one more than `limit` tells that there are more. */
export async function takenBy({ db }: Pick<Ctx, 'db'>, officer: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ number: string }>`
    SELECT a.number FROM applications.tasks t JOIN applications.applications a ON a.id = t.application
    WHERE t.taken_by = ${officer} AND t.closed_at IS NULL ORDER BY t.due_at, t.id LIMIT ${limit + 1}`.execute(db);
  return rows.map((row) => row.number);
}
