// The only place that reads and writes the areas schema.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';

export type Area = {
  code: string;
  parent: string | null;
  level: 'province' | 'regency' | 'district' | 'village';
  name: string;
  lat?: number | null;
  lon?: number | null;
  search: string;
};
/** A village with the names of the places it lies in. */
export type Place = { code: string; name: string; district: string; regency: string; province: string };

type Db = Pick<Ctx, 'db'>;

export async function countAreas({ db }: Db): Promise<number> {
  const row = await db
    .selectFrom('areas.areas')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return row.n;
}

export async function addAreas({ db }: Db, areas: Area[]): Promise<void> {
  await sql`INSERT INTO areas.areas (code, parent, level, name, lat, lon, search)
    SELECT code, parent, level, name, lat, lon, search
    FROM json_to_recordset(${JSON.stringify(areas)}::json) AS a(code text, parent text, level text, name text, lat real, lon real, search text)
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, search = excluded.search,
      lat = coalesce(excluded.lat, areas.areas.lat), lon = coalesce(excluded.lon, areas.areas.lon)`.execute(db);
}

const PLACE = sql`v.code, v.name, d.name AS district, r.name AS regency, p.name AS province`;
const JOINED = sql`areas.areas v JOIN areas.areas d ON d.code = v.parent JOIN areas.areas r ON r.code = d.parent JOIN areas.areas p ON p.code = r.parent`;

export async function placesWithin({ db }: Db, regency: string): Promise<Place[]> {
  return (
    await sql<Place>`SELECT ${PLACE} FROM ${JOINED} WHERE r.code = ${regency} ORDER BY d.code, v.name`.execute(db)
  ).rows;
}

export async function findPlaces({ db }: Db, codes: string[]): Promise<Place[]> {
  return (
    await sql<Place>`SELECT ${PLACE} FROM ${JOINED} WHERE v.code = ANY(${codes}) AND v.level = 'village'`.execute(db)
  ).rows;
}

/** Villages anywhere in Indonesia whose name (with district, regency, province) begins with or resembles the text. */
export async function searchPlaces({ db }: Db, text: string, limit: number): Promise<Place[]> {
  const prefix = `${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const rows = await sql<Place>`
    WITH hit AS (
      (SELECT code, 2 + 1.0 / length(search) AS score FROM areas.areas WHERE level = 'village' AND search LIKE ${prefix} ORDER BY length(search) LIMIT ${limit})
      UNION ALL
      (SELECT code, public.word_similarity(${text}, search) AS score FROM areas.areas
        WHERE level = 'village' AND ${text} OPERATOR(public.<%) search ORDER BY score DESC LIMIT ${limit}))
    SELECT ${PLACE} FROM (SELECT code, max(score) AS score FROM hit GROUP BY code ORDER BY 2 DESC LIMIT ${limit}) h
    JOIN ${JOINED} ON v.code = h.code ORDER BY h.score DESC, v.name`.execute(db);
  return rows.rows;
}
