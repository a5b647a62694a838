// The rows of messages whose case is destroyed.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';

/** Empties messages that are no longer under way; one that still waits is dropped, for nobody could read it. */
export async function emptyMessages(ctx: Pick<Ctx, 'db'>, about: string): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    UPDATE messages.messages SET key = NULL, address = '', content = '', masked = NULL,
      state = CASE WHEN state = 'queued' THEN 'dropped' ELSE state END,
      reason = CASE WHEN state = 'queued' THEN 'erased' ELSE reason END
    WHERE about = ${about} AND key IS NOT NULL RETURNING id`.execute(ctx.db);
  return rows.length;
}
