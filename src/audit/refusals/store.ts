// Refused rights as rows that an agency's supervisors can page through.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';

type Db = Pick<Ctx, 'db'>;

export type RefusalRow = {
  id: string;
  at: Date;
  actor: string;
  roles: string[];
  right: string;
  why: string;
  subject: string | null;
  count: number;
};
export type Cursor = { at: Date; id: string };

export async function addRefusal({ db }: Db, agencies: string[], row: RefusalRow): Promise<void> {
  const { right, ...rest } = row;
  const rows = agencies.map((agency) => ({ ...rest, agency, permission: right }));
  if (rows.length > 0) await db.insertInto('audit.refusals').values(rows).execute();
}

/** Newest first, those before `before`. */
export async function refusalsOf(
  { db }: Db,
  agency: string,
  before: Cursor | undefined,
  limit: number,
): Promise<RefusalRow[]> {
  const { rows } = await sql<RefusalRow>`
    SELECT id, at, actor, roles, permission AS right, why, subject, count FROM audit.refusals
    WHERE agency = ${agency} AND (at, id) < (${before?.at ?? new Date('9999-01-01')}, ${before?.id ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'}::uuid)
    ORDER BY at DESC, id DESC LIMIT ${limit}`.execute(db);
  return rows;
}

/** Numbers of cases by id, for links. */
export async function numbersOf({ db }: Db, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('applications.applications')
    .select(['id', 'number'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map(({ id, number }) => [id, number]));
}

export async function forgetRefusals({ db }: Db, before: Date): Promise<void> {
  await db.deleteFrom('audit.refusals').where('at', '<', before).execute();
}
