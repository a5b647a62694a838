// The published catalogue: what is offered now, and every version that an application may have been made under.
import type { Ctx, World } from '#platform/context.ts';
import { sha256 } from '#platform/crypto.ts';
import { recordEvent } from '#platform/event-log.ts';
import { canonical } from '#platform/events.ts';
import { idFrom } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import type { Agency, Service, ServiceVersion } from './service.ts';
import { addVersion, allAgencies, currentVersions, findVersion, saveAgency, withdrawOthers } from './store.ts';

/** What is offered now. `services` are the newest versions, by name. */
export type Catalogue = {
  services: ServiceVersion[];
  byId: Map<string, ServiceVersion>;
  agencies: Map<string, Agency>;
};

const FRESH_MS = 3000;
type Cache = {
  versions: Map<string, ServiceVersion>;
  catalogue?: Catalogue;
  loading?: Promise<Catalogue> | undefined;
  at: number;
};
const caches = new WeakMap<World['pool'], Cache>();

type Reader = Pick<Ctx, 'db' | 'pool'>;

/** The catalogue as offered now; at most three seconds old, so that every server process sees a publication soon. */
export async function getCatalogue(ctx: Reader): Promise<Catalogue> {
  const cache = cacheOf(ctx);
  if (cache.catalogue && performance.now() - cache.at < FRESH_MS) return cache.catalogue;
  cache.loading ??= load(ctx, cache).finally(() => {
    cache.loading = undefined;
  });
  // an old catalogue at once is better than a new one later, except for the very first time
  return cache.catalogue ?? cache.loading;
}

/** One version, also an old one. Throws when it was never published. */
export async function getVersion(ctx: Reader, service: string, version: number): Promise<ServiceVersion> {
  const { versions } = cacheOf(ctx);
  const key = `${service}@${version}`;
  const known = versions.get(key);
  if (known) return known;
  const found = await findVersion(ctx, service, version);
  if (!found) throw new Error(`service ${key} was never published`);
  versions.set(key, found);
  return found;
}

/** The version offered now. Throws Problem 404 when the service is not offered. */
export async function getOffered(ctx: Reader, service: string): Promise<ServiceVersion> {
  const found = (await getCatalogue(ctx)).byId.get(service);
  if (!found)
    throw new Problem(PROBLEMS.notFound, 'Layanan ini tidak ada atau tidak lagi dibuka. Cari lagi di daftar layanan.');
  return found;
}

/**
 * Publishes the whole catalogue: what changed becomes a new version, what is no longer there is no longer offered; running
 * applications keep their version. Returns "id@version" of each new one.
 */
export async function publish(ctx: Ctx, services: Service[], agencies: Agency[]): Promise<string[]> {
  const published: string[] = [];
  await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    for (const agency of agencies) await saveAgency(tx, agency);
    for (const service of services) {
      const version = await addVersion(tx, service, sha256(canonical(service)), ctx.now);
      if (!version) continue;
      published.push(`${service.id}@${version}`);
      await tell(tx, 'service.published', { service: service.id, version, agency: service.agency });
    }
    const offered = services.map(({ id }) => id);
    for (const { service, version, agency } of await withdrawOthers(tx, offered, ctx.now))
      await tell(tx, 'service.withdrawn', { service, version, agency });
  });
  await load(ctx, cacheOf(ctx));
  return published;
}

/** What is offered to the public is an act of the office: it stands in the log, under the service's own id. */
const tell = (
  tx: Ctx,
  type: string,
  { service, version, agency }: { service: string; version: number; agency: string },
) => recordEvent(tx, { type, subject: serviceSubject(service), agency, data: { service, version } });

/** The subject of a service's events. */
export const serviceSubject = (service: string): string => idFrom('service', service);

async function load(ctx: Reader, cache: Cache): Promise<Catalogue> {
  const [current, agencies] = await Promise.all([currentVersions(ctx), allAgencies(ctx)]);
  const services = await Promise.all(current.map(({ service, version }) => getVersion(ctx, service, version)));
  services.sort((a, b) => a.service.name.localeCompare(b.service.name, 'id'));
  cache.catalogue = {
    services,
    byId: new Map(services.map((version) => [version.service.id, version])),
    agencies: new Map(agencies.map((agency) => [agency.id, agency])),
  };
  cache.at = performance.now();
  return cache.catalogue;
}

function cacheOf({ pool }: Reader): Cache {
  let cache = caches.get(pool);
  if (!cache) {
    cache = { versions: new Map(), at: 0 };
    caches.set(pool, cache);
  }
  return cache;
}
