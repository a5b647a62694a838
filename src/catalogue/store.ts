// The only place that reads and writes the catalogue schema.
import type { Ctx } from '#platform/context.ts';
import type { Agency, Service, ServiceVersion } from './service.ts';

type Db = Pick<Ctx, 'db'>;

/** The newest version of every service still offered. */
export async function currentVersions({ db }: Db): Promise<{ service: string; version: number }[]> {
  return db
    .selectFrom('catalogue.versions')
    .select(({ fn }) => ['service', fn.max('version').as('version')])
    .where('withdrawn', 'is', null)
    .groupBy('service')
    .execute();
}

export async function findVersion({ db }: Db, service: string, version: number): Promise<ServiceVersion | undefined> {
  const row = await db
    .selectFrom('catalogue.versions')
    .select(['definition', 'version', 'published'])
    .where('service', '=', service)
    .where('version', '=', version)
    .executeTakeFirst();
  return row && { service: row.definition as unknown as Service, version: row.version, publishedAt: row.published };
}

export async function allAgencies({ db }: Db): Promise<Agency[]> {
  const rows = await db.selectFrom('catalogue.agencies').select('definition').orderBy('id').execute();
  return rows.map((row) => row.definition as unknown as Agency);
}

export async function saveAgency({ db }: Db, agency: Agency): Promise<void> {
  const definition = JSON.stringify(agency);
  await db
    .insertInto('catalogue.agencies')
    .values({ id: agency.id, definition })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ definition }))
    .execute();
}

/** Adds a version when the definition differs from the newest one. Returns the new version, or undefined when nothing changed. */
export async function addVersion({ db }: Db, service: Service, hash: Buffer, now: Date): Promise<number | undefined> {
  const newest = await db
    .selectFrom('catalogue.versions')
    .select(['version', 'hash', 'withdrawn'])
    .where('service', '=', service.id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest?.hash.equals(hash) && !newest.withdrawn) return undefined;
  const version = (newest?.version ?? 0) + 1;
  // two publishers at once: the primary key lets one win, the other finds nothing left to do
  const added = await db
    .insertInto('catalogue.versions')
    .values({ service: service.id, version, definition: JSON.stringify(service), hash, published: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('version')
    .executeTakeFirst();
  return added?.version;
}

/** Stops offering every service that is not among `offered`. Returns the newest version of each. */
export async function withdrawOthers(
  { db }: Db,
  offered: string[],
  now: Date,
): Promise<{ service: string; version: number; agency: string }[]> {
  const rows = await db
    .updateTable('catalogue.versions')
    .set({ withdrawn: now })
    .where('withdrawn', 'is', null)
    .where('service', 'not in', offered.length > 0 ? offered : [''])
    .returning(['service', 'version', 'definition'])
    .execute();
  const newest = new Map(rows.sort((a, b) => a.version - b.version).map((row) => [row.service, row]));
  return [...newest.values()].map(({ service, version, definition }) => ({
    service,
    version,
    agency: (definition as unknown as Service).agency,
  }));
}
