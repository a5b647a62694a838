// The world of a test: its own copy of the seeded database, a clock that stands still, the real application.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import pg from 'pg';
import type { Config } from '#platform/config.ts';
import { type Actor, type Ctx, context, SYSTEM, type World } from '#platform/context.ts';
import { deriveKeys } from '#platform/crypto.ts';
import { openDatabase } from '#platform/db.ts';
import type { EventChannel } from '#platform/events.ts';
import { localStore } from '#platform/files.ts';
import { NO_GATEWAYS } from '#platform/gateways.ts';
import { subscribersOf } from '#platform/jobs.ts';
import { createLog } from '#platform/log.ts';
import type { Env } from '#platform/modules.ts';
import { readCalendar } from '#platform/world.ts';
import { createApp } from '#src/app.ts';
import { DEMO_OFFICERS } from '#src/demo.ts';
import { modules } from '#src/modules.ts';

export const TEMPLATE = 'pendopo_template';
/** Monday 23 November 2026, 09.00 in Blora: an ordinary working morning. */
export const MORNING = new Date('2026-11-23T09:00:00+07:00');

export type TestWorld = {
  world: World;
  app: Hono<Env>;
  url: string;
  /** Sets the clock, or moves it forward by minutes. */
  setClock(at: Date | string): void;
  pass(minutes: number): void;
  ctx(actor?: Actor, channel?: EventChannel): Ctx;
  /** The demo officer with this login, as an actor. */
  officer(login: string): Promise<Actor>;
  /** Does the queued jobs now, as the worker would. */
  work(): Promise<number>;
  close(): Promise<void>;
};

export const withDatabase = (url: string, name: string): string => {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
};

export const TEST_CONFIG: Config = {
  port: 0,
  host: '127.0.0.1',
  publicUrl: 'http://localhost:3000',
  databaseUrl: undefined,
  stateDir: '',
  mode: 'demo',
  masterKey: Buffer.alloc(32, 7),
  oldMasterKeys: [],
  s3: undefined,
  gateways: NO_GATEWAYS,
  logLevel: 'silent',
  trustProxy: false,
};

let made = 0;

/** A world on a fresh copy of the template. Close it in `after`. */
export async function openTestWorld(): Promise<TestWorld> {
  const server = process.env.PENDOPO_TEST_POSTGRES;
  if (!server) throw new Error('tests run through "npm test", which starts their database');
  const name = `test_${process.pid}_${++made}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY file_copy`);
  await admin.end();
  return connectWorld(withDatabase(server, name));
}

/** A world on an existing database. */
export function connectWorld(url: string): TestWorld {
  const folder = mkdtempSync(join(tmpdir(), 'pendopo-files-'));
  const { db, pool, close } = openDatabase(url, { role: 'pendopo_app' });
  let now = MORNING;
  const world: World = {
    db,
    pool,
    keys: deriveKeys(TEST_CONFIG.masterKey),
    calendar: readCalendar(),
    files: localStore(folder),
    config: { ...TEST_CONFIG, stateDir: folder },
    log: createLog(process.env.TEST_LOG ?? 'silent'),
    subscribers: subscribersOf(modules),
    inHand: modules.flatMap(({ inHand }) => inHand ?? []),
    clock: () => now,
  };
  return {
    world,
    app: createApp(world),
    url,
    setClock: (at) => {
      now = new Date(at);
    },
    pass: (minutes) => {
      now = new Date(now.getTime() + minutes * 60_000);
    },
    ctx: (actor = { kind: 'resident', holds: [] }, channel = actor.kind === 'officer' ? 'desk' : 'online') =>
      context(world, actor, channel),
    officer: async (login) => {
      const known = DEMO_OFFICERS.find((officer) => officer.login === login);
      const row = await db
        .selectFrom('identity.officers')
        .select('id')
        .where('login', '=', login)
        .executeTakeFirstOrThrow();
      if (!known) throw new Error(`no demo officer ${login}`);
      return {
        kind: 'officer',
        id: row.id,
        name: known.name,
        agency: known.agency,
        roles: known.roles,
        area: known.area ?? '',
      };
    },
    work: () => workQueue(world, url),
    close: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// takes what is queued in graphile-worker's own tables, as the database's owner, until nothing is left
async function workQueue(world: World, url: string): Promise<number> {
  const { runOnce } = await import('graphile-worker');
  const { silent } = await import('#platform/migrate.ts');
  let done = 0;
  const taskList = Object.fromEntries(
    modules
      .flatMap((module) => Object.entries(module.jobs ?? {}))
      .map(([name, handle]) => [
        name,
        async (payload: unknown) => {
          await handle(context(world, SYSTEM, 'system'), payload as Record<string, unknown>);
          done += 1;
        },
      ]),
  );
  await runOnce({ connectionString: url, taskList, logger: silent, noHandleSignals: true });
  return done;
}
