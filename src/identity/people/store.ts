// The people of an agency as its admin sees them, and invitations.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';

type Db = Pick<Ctx, 'db'>;
type At = Pick<Ctx, 'db' | 'now'>;
/** Whose people: one agency and area; '' is all. */
export type Scope = { agency: string; area: string };

export type Person = {
  id: string;
  login: string;
  name: string;
  agency: string;
  roles: string[];
  area: string;
  disabled: boolean;
  demo: boolean;
  secured: boolean;
};

const SECURED = sql<boolean>`EXISTS (SELECT FROM identity.factors f WHERE f.officer = o.id AND f.confirmed IS NOT NULL)`;
const inScope = ({ agency, area }: Scope) =>
  sql<boolean>`(${agency} = '' OR o.agency = ${agency}) AND (${area} = '' OR o.area = ${area} OR starts_with(o.area, ${area} || '.'))`;

/** A page of people by name, after a place in the list; `query` is looked for in name and login. */
export async function listPeople(
  { db }: Db,
  scope: Scope,
  page: { query?: string; after?: { name: string; id: string } | undefined; limit: number },
): Promise<Person[]> {
  const query = (page.query ?? '').toLowerCase().replaceAll(/[\\%_]/g, '\\$&');
  const { rows } = await sql<Person>`
    SELECT o.id, o.login, o.name, o.agency, o.roles, o.area, o.disabled, o.demo, ${SECURED} AS secured
    FROM identity.officers o
    WHERE ${inScope(scope)}
      AND (${query} = '' OR lower(o.name) LIKE '%' || ${query} || '%' OR o.login LIKE '%' || ${query} || '%')
      AND (${page.after?.id ?? null}::uuid IS NULL OR (o.name, o.id) > (${page.after?.name ?? ''}, ${page.after?.id ?? null}::uuid))
    ORDER BY o.name, o.id LIMIT ${page.limit}`.execute(db);
  return rows;
}

export async function findPerson({ db }: Db, id: string): Promise<Person | undefined> {
  const { rows } = await sql<Person>`
    SELECT o.id, o.login, o.name, o.agency, o.roles, o.area, o.disabled, o.demo, ${SECURED} AS secured
    FROM identity.officers o WHERE o.id = ${id}`.execute(db);
  return rows[0];
}

export async function setOffice({ db }: Db, id: string, office: { roles: string[]; area: string }): Promise<void> {
  await db.updateTable('identity.officers').set(office).where('id', '=', id).execute();
}

/** False when it was so already. */
export async function setDisabled({ db }: Db, id: string, disabled: boolean): Promise<boolean> {
  const result = await db
    .updateTable('identity.officers')
    .set({ disabled })
    .where('id', '=', id)
    .where('disabled', '!=', disabled)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export type Invitation = {
  id: string;
  officer: string | null;
  name: string;
  agency: string;
  roles: string[];
  area: string;
  key: Buffer | null;
  contact: Buffer | null;
  by: string;
  created: Date;
  expires: Date;
  used: Date | null;
  withdrawn: Date | null;
};
const INVITATION = [
  'id',
  'officer',
  'name',
  'agency',
  'roles',
  'area',
  'key',
  'contact',
  'by',
  'created',
  'expires',
  'used',
  'withdrawn',
] as const;

/** False when there is one with this id: the form was sent twice. */
export async function addInvitation(
  { db }: Db,
  invitation: Omit<Invitation, 'used' | 'withdrawn'> & { token: Buffer },
): Promise<boolean> {
  const result = await db
    .insertInto('identity.invitations')
    .values(invitation)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** A new link for an open invitation; the old one is worth nothing. */
export async function renewInvitation({ db }: Db, id: string, token: Buffer, expires: Date): Promise<boolean> {
  const result = await db
    .updateTable('identity.invitations')
    .set({ token, expires })
    .where('id', '=', id)
    .where('used', 'is', null)
    .where('withdrawn', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function findInvitation({ db }: Db, id: string): Promise<Invitation | undefined> {
  return db.selectFrom('identity.invitations').select(INVITATION).where('id', '=', id).executeTakeFirst();
}

/** The invitation behind a link, as long as the link is good. */
export async function openInvitation({ db, now }: At, token: Buffer): Promise<Invitation | undefined> {
  return db
    .selectFrom('identity.invitations')
    .select(INVITATION)
    .where('token', '=', token)
    .where('used', 'is', null)
    .where('withdrawn', 'is', null)
    .where('expires', '>', now)
    .executeTakeFirst();
}

/** Uses the link up, once; where it went to is forgotten with it. */
export async function useInvitation({ db, now }: At, id: string): Promise<boolean> {
  const result = await db
    .updateTable('identity.invitations')
    .set({ used: now, key: null, contact: null })
    .where('id', '=', id)
    .where('used', 'is', null)
    .where('withdrawn', 'is', null)
    .where('expires', '>', now)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function withdrawInvitations(
  { db, now }: At,
  which: { id: string } | { officer: string },
): Promise<number> {
  let query = db
    .updateTable('identity.invitations')
    .set({ withdrawn: now, key: null, contact: null })
    .where('used', 'is', null)
    .where('withdrawn', 'is', null);
  query = 'id' in which ? query.where('id', '=', which.id) : query.where('officer', '=', which.officer);
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}

/** Invitations of new people that nobody has used or withdrawn, newest first; also those past their time. */
export async function listInvitations({ db }: Db, scope: Scope, limit: number): Promise<Invitation[]> {
  return db
    .selectFrom('identity.invitations as o')
    .select(INVITATION)
    .where('used', 'is', null)
    .where('withdrawn', 'is', null)
    .where('officer', 'is', null)
    .where(inScope(scope))
    .orderBy('created', 'desc')
    .limit(limit)
    .execute();
}
