// The table of hashed names: filled from the log, searched by the inbox.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';
import type { ArchiveRow, Cursor } from '../inbox/store.ts';

/** Whose name is to be kept now. */
export type Nameless = { id: string; agency: string; village: string; label: Buffer; key: Buffer };

/** The sealed names of cases that still have them. */
export async function labelsOf({ db }: Pick<Ctx, 'db'>, ids: string[]): Promise<Nameless[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('applications.applications')
    .select(['id', 'agency', 'village', 'label', 'key'])
    .where('id', 'in', ids)
    .where('key', 'is not', null)
    .execute();
  return rows.filter((row): row is Nameless => row.key !== null);
}

/** Keeps the hashes of names; a name that was mended replaces the one before. What was erased meanwhile is left out. */
export async function keepNames({ db }: Pick<Ctx, 'db'>, names: { id: string; words: string[] }[]): Promise<void> {
  if (names.length === 0) return;
  await sql`
    INSERT INTO applications.names (application, agency, village, submitted_at, words)
    SELECT a.id, a.agency, a.village, a.submitted_at, ARRAY(SELECT jsonb_array_elements_text(n.words)::bigint)
    FROM jsonb_to_recordset(${JSON.stringify(names)}::jsonb) AS n(id uuid, words jsonb)
    JOIN applications.applications a ON a.id = n.id AND a.key IS NOT NULL
    ON CONFLICT (application) DO UPDATE SET words = excluded.words`.execute(db);
}

/** Cases of an agency whose name holds every hash, within places ('' = all), newest first. */
export async function casesNamed(
  { pool }: Pick<Ctx, 'pool'>,
  agency: string,
  given: { hashes: string[]; areas: string[]; before: Cursor | undefined; limit: number },
): Promise<ArchiveRow[]> {
  const values: unknown[] = [agency, given.limit, given.hashes];
  const place = given.areas.includes('')
    ? ''
    : `AND EXISTS (SELECT FROM unnest($${values.push(given.areas)}::text[]) p(area) WHERE n.village = p.area OR n.village LIKE p.area || '.%')`;
  const before = given.before
    ? `AND (n.submitted_at, n.application) < ($${values.push(given.before.at)}, $${values.push(given.before.id)}::uuid)`
    : '';
  const { rows } = await pool.query({
    text: `SELECT a.id, a.number, a.service, a.state, a.status, a.village, a.channel, a.submitted_at AS "submittedAt", a.due_at AS "dueAt",
        a.ended_at AS "endedAt", a.label, a.key, a.simulated
      FROM (SELECT n.application, n.submitted_at FROM applications.names n WHERE n.agency = $1 AND n.words @> $3::bigint[] ${place} ${before}
        ORDER BY n.submitted_at DESC, n.application DESC LIMIT $2) n
      JOIN applications.applications a ON a.id = n.application ORDER BY n.submitted_at DESC, n.application DESC`,
    values,
  });
  return rows;
}

/** Cases that came in or were mended in a stretch of the log: their names are new. */
export async function namedIn({ db }: Pick<Ctx, 'db'>, from: number, to: number): Promise<string[]> {
  const { rows } = await sql<{ subject: string }>`
    SELECT DISTINCT subject FROM platform.events WHERE position > ${from} AND position <= ${to}
      AND type IN ('application.submitted', 'application.resubmitted')`.execute(db);
  return rows.map((row) => row.subject);
}
