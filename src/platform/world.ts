// Opens the world a program works in: database (embedded or yours), keys, calendar, files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseCalendar } from './calendar.ts';
import type { Config } from './config.ts';
import type { World } from './context.ts';
import { openDatabase } from './db.ts';
import { localStore, s3Store } from './files.ts';
import { subscribersOf } from './jobs.ts';
import { openKeyRing } from './keyring.ts';
import { createLog } from './log.ts';
import { migrate } from './migrate.ts';
import type { Module } from './modules.ts';
import { startPostgres } from './postgres.ts';

export type OpenWorld = {
  world: World /** The migrating login's URL. */;
  url: string /** Migrations applied just now. */;
  migrated?: string[];
  close(): Promise<void>;
};

const DATABASE = 'pendopo';

/** Opens the world: starts the embedded database when none is configured, migrates, connects as the program's role. */
export async function openWorld(config: Config, modules: Module[]): Promise<OpenWorld> {
  const embedded = config.databaseUrl ? undefined : await startPostgres({ dir: join(config.stateDir, 'postgres') });
  try {
    const url = config.databaseUrl ?? (await ownDatabase(embedded?.url ?? ''));
    const migrated = await migrate(url, new Date());
    const { db, pool, close } = openDatabase(url, { role: 'pendopo_app' });
    const keys = await openKeyRing(pool, [config.masterKey, ...config.oldMasterKeys]);
    const world: World = {
      db,
      pool,
      keys,
      calendar: readCalendar(),
      files: config.s3 ? s3Store(config.s3) : localStore(join(config.stateDir, 'files')),
      config,
      log: createLog(config.logLevel),
      subscribers: subscribersOf(modules),
      inHand: modules.flatMap(({ inHand }) => inHand ?? []),
      clock: () => new Date(),
    };
    return {
      world,
      url,
      migrated,
      close: async () => {
        await close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/** The working-day calendar as shipped. */
export const readCalendar = () =>
  parseCalendar(parse(readFileSync(join(import.meta.dirname, '../../calendars/indonesia.yaml'), 'utf8')));

// the cluster's maintenance database stays empty; ours is made on the first start
async function ownDatabase(maintenanceUrl: string): Promise<string> {
  const { pool, close } = openDatabase(maintenanceUrl, { max: 1 });
  const known = await pool.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
  if (known.rowCount === 0) await pool.query(`CREATE DATABASE ${DATABASE}`);
  await close();
  const url = new URL(maintenanceUrl);
  url.pathname = `/${DATABASE}`;
  return url.href;
}
