// Plain SQL migrations, forward only, each once, under a lock so that many processes may start together.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';
import { sha256 } from './crypto.ts';

export const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const LOCK = 73054301;
export const silent = new Logger(() => () => undefined);

/** Brings the database up to date and makes the log's months from a year back to a year ahead. Returns the names newly applied. */
export async function migrate(url: string, now: Date): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(
      `CREATE TABLE IF NOT EXISTS public.pendopo_migrations (name text PRIMARY KEY, sha256 text NOT NULL, at timestamptz NOT NULL DEFAULT now())`,
    );
    const done = new Map(
      (await client.query('SELECT name, sha256 FROM public.pendopo_migrations')).rows.map((row) => [
        row.name,
        row.sha256,
      ]),
    );
    const applied: string[] = [];
    for (const name of migrationFiles()) {
      const text = readFileSync(join(MIGRATIONS, name), 'utf8');
      const hash = sha256(text).toString('hex');
      const before = done.get(name);
      if (before !== undefined && before !== hash)
        throw new Error(`migration ${name} was changed after it had been applied; restore it and write a new one`);
      if (before !== undefined) continue;
      await inTransaction(client, async () => {
        await client.query(text);
        await client.query('INSERT INTO public.pendopo_migrations (name, sha256) VALUES ($1, $2)', [name, hash]);
      });
      applied.push(name);
    }
    if (applied.length > 0 || !(await hasWorker(client)))
      await runMigrations({ connectionString: url, logger: silent });
    await addEventMonths(client, now, 12, 12);
    return applied;
  } finally {
    await client.end(); // also releases the lock
  }
}

/** Makes partitions of the log around `now`; owner's right, so not for the program's role. */
export async function addEventMonths(client: pg.Client, now: Date, back: number, ahead: number): Promise<void> {
  await client.query(
    `SELECT platform.add_event_month((date_trunc('month', $1::timestamptz) + make_interval(months => m))::date)
     FROM generate_series($2::int, $3::int) m
     WHERE to_regclass('platform.events_' || to_char(date_trunc('month', $1::timestamptz) + make_interval(months => m), 'YYYYMM')) IS NULL`,
    [now, -back, ahead],
  );
}

export const migrationFiles = (): string[] =>
  readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort();

async function hasWorker(client: pg.Client): Promise<boolean> {
  return (await client.query(`SELECT to_regclass('graphile_worker._private_jobs') IS NOT NULL AS yes`)).rows[0].yes;
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
