// The table of deputies.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';
import type { Delegation } from './standing.ts';

type Db = Pick<Ctx, 'db'>;
export type Named = Delegation & { deputy: string; name: string; deputyName: string };

function named({ db }: Db) {
  return db
    .selectFrom('applications.delegations as d')
    .innerJoin('identity.officers as o', 'o.id', 'd.officer')
    .innerJoin('identity.officers as p', 'p.id', 'd.deputy')
    .select([
      'd.id',
      'd.agency',
      'd.officer',
      'd.deputy',
      'd.starts',
      'd.ends',
      'd.ended_at as endedAt',
      'o.roles',
      'o.area',
      'o.name',
      'p.name as deputyName',
    ]);
}

/** What a deputy has, now or soon: of officers who still work for the same agency. */
export async function delegationsTo(ctx: Db, deputy: string, now: Date): Promise<Named[]> {
  return named(ctx)
    .where('d.deputy', '=', deputy)
    .where('d.ends', '>', now)
    .where('d.ended_at', 'is', null)
    .where('o.disabled', '=', false)
    .whereRef('o.agency', '=', 'd.agency')
    .execute();
}

/** Those of an agency that are not over, the first to begin first. */
export async function delegationsOf(ctx: Db, agency: string, now: Date): Promise<Named[]> {
  return named(ctx)
    .where('d.agency', '=', agency)
    .where('d.ends', '>', now)
    .where('d.ended_at', 'is', null)
    .orderBy('d.starts')
    .orderBy('d.id')
    .limit(200)
    .execute();
}

export const findDelegation = (ctx: Db, id: string): Promise<Named | undefined> =>
  named(ctx).where('d.id', '=', id).executeTakeFirst();

/** One writer an officer at a time, so that no two deputies overlap. */
export async function lockOfficer({ db }: Db, officer: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`delegation ${officer}`}, 0))`.execute(db);
}

/** Another absence of the same officer that overlaps these days. */
export async function overlapping(
  { db }: Db,
  officer: string,
  starts: Date,
  ends: Date,
): Promise<{ id: string } | undefined> {
  return db
    .selectFrom('applications.delegations')
    .select('id')
    .where('officer', '=', officer)
    .where('ended_at', 'is', null)
    .where('starts', '<', ends)
    .where('ends', '>', starts)
    .executeTakeFirst();
}

export async function addDelegation(
  { db }: Db,
  row: { id: string; agency: string; officer: string; deputy: string; starts: Date; ends: Date; set_by: string },
): Promise<boolean> {
  const result = await db
    .insertInto('applications.delegations')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function endDelegationRow({ db }: Db, id: string, at: Date): Promise<boolean> {
  const result = await db
    .updateTable('applications.delegations')
    .set({ ended_at: at })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export type Person = { id: string; name: string; roles: string[]; area: string };

/** The officers of an agency who can sign in, by name. */
export async function peopleOf({ db }: Db, agency: string): Promise<Person[]> {
  return db
    .selectFrom('identity.officers')
    .select(['id', 'name', 'roles', 'area'])
    .where('agency', '=', agency)
    .where('disabled', '=', false)
    .orderBy('name')
    .limit(500)
    .execute();
}
