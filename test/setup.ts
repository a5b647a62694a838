// Before all tests: one real PostgreSQL (fsync off) with a migrated and seeded template database that each test file copies.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '#platform/migrate.ts';
import { type Postgres, startPostgres } from '#platform/postgres.ts';
import { seed } from '#src/seed.ts';
import { connectWorld, TEMPLATE, withDatabase } from './world.ts';

let server: Postgres | undefined;
let folder: string | undefined;

export async function globalSetup(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'pendopo-test-'));
  server = await startPostgres({
    dir: folder,
    settings: { fsync: 'off', max_connections: '200', shared_buffers: '128MB' },
  });
  process.env.PENDOPO_TEST_POSTGRES = server.url;
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  await admin.end();
  const url = withDatabase(server.url, TEMPLATE);
  await migrate(url, new Date());
  const world = connectWorld(url);
  await seed(world.world);
  await world.close();
}

export async function globalTeardown(): Promise<void> {
  await server?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
}
