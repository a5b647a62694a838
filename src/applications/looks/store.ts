// Reads from the log who looked at cases.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';
import { CHAIN_TYPES, LOOK_TYPES, type Look } from './look.ts';

type Row = {
  position: number;
  application: string;
  type: Look['type'];
  at: Date;
  actor: string;
  agency: string | null;
  data: Record<string, unknown>;
};

/** Looks at these cases, newest first, before a position; with the office and roles that each officer has. */
export async function findLooks(
  { db }: Pick<Ctx, 'db'>,
  applications: string[],
  page: { before?: number | undefined; limit: number },
): Promise<Look[]> {
  if (applications.length === 0) return [];
  const before = page.before ?? null;
  const { rows } = await sql<Row & { officer_agency: string | null; officer_roles: string[] | null }>`
    WITH own AS MATERIALIZED (
        SELECT position, data ->> 'application' AS application, type, at, actor, agency, data FROM platform.events
        WHERE type IN (${sql.join(LOOK_TYPES.map((type) => sql.lit(type)))}) AND data ->> 'application' = ANY(${applications}::text[])),
      chain AS MATERIALIZED (
        SELECT position, subject::text AS application, type, at, actor, NULL::text AS agency, data FROM platform.events
        WHERE subject = ANY(${applications}::uuid[]) AND type IN (${sql.join(CHAIN_TYPES.map((type) => sql.lit(type)))})),
      looks AS (SELECT * FROM own UNION ALL SELECT * FROM chain)
    SELECT l.*, o.agency AS officer_agency, o.roles AS officer_roles
    FROM (SELECT * FROM looks WHERE ${before}::bigint IS NULL OR position < ${before}::bigint ORDER BY position DESC LIMIT ${page.limit}) l
      LEFT JOIN identity.officers o ON o.id::text = l.actor
    ORDER BY l.position DESC`.execute(db);
  return rows.map(({ actor: _, officer_agency: agency, officer_roles: roles, ...row }) => ({
    ...row,
    // what the event says of that day comes before what the officer is today
    agency: row.agency ?? agency ?? undefined,
    roles: (row.data.roles as string[] | undefined) ?? roles ?? [],
  }));
}
