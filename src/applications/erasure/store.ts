// The rows that an erasure empties.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';

/** Files of a case that still have bytes or a key to lose. */
export async function evidenceFilesOf(
  ctx: Pick<Ctx, 'db'>,
  application: string,
): Promise<{ id: string; size: number }[]> {
  return ctx.db
    .selectFrom('applications.evidence as e')
    .innerJoin('platform.files as f', 'f.id', 'e.file')
    .select(['f.id', 'f.size'])
    .distinct()
    .where('e.application', '=', application)
    .execute();
}

/** Empties an ended case in one statement; the bytes that went, or undefined when there was nothing to empty. */
export async function shredCase(ctx: Pick<Ctx, 'db'>, application: string): Promise<number | undefined> {
  const { rows } = await sql<{ bytes: number }>`
    WITH a AS (SELECT id, octet_length(answers) + octet_length(label) AS size FROM applications.applications
        WHERE id = ${application} AND ended_at IS NOT NULL AND key IS NOT NULL FOR UPDATE),
      gone AS (UPDATE applications.applications x SET key = NULL, answers = '', label = '', nik_hash = NULL
        FROM a WHERE x.id = a.id RETURNING a.size),
      notes AS (DELETE FROM applications.notes n USING a WHERE n.application = a.id RETURNING octet_length(n.text) AS size)
    SELECT ((SELECT size FROM gone) + coalesce((SELECT sum(size) FROM notes), 0))::int AS bytes FROM gone`.execute(
    ctx.db,
  );
  return rows[0]?.bytes;
}
