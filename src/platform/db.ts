// One pool, seen through Kysely; hot paths use the same pool with named statements.
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { DB } from './db/types.ts';

export type Db = Kysely<DB>;
export type Database = { db: Db; pool: pg.Pool; close(): Promise<void> };

const INT8 = 20;
const DATE = 1082;
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8) return Number; // positions and counts stay far below 2^53
    if (oid === DATE) return String; // a day has no zone: never make it a Date
    return pg.types.getTypeParser(oid, format as 'text');
  },
} as pg.CustomTypesConfig;

/** Opens a pool. `role` is what each connection works as: pendopo_app for the program, nothing for migrations. */
export function openDatabase(url: string, options: { role?: string; max?: number } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 8,
    types,
    options: [options.role && `-c role=${options.role}`, '-c timezone=UTC', '-c statement_timeout=30s']
      .filter(Boolean)
      .join(' '),
    application_name: 'pendopo',
    connectionTimeoutMillis: 10_000,
  });
  // an idle connection that the server closes (restart) must not end the program; the next query opens a new one
  pool.on('error', () => undefined);
  // so must one that is lent out: its query fails, and that is how the caller learns of it
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  return { db, pool, close: () => db.destroy() };
}

const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH']);

/** Why a program cannot work with its database, and what to do; undefined when the error is of another kind. */
export function databaseFault(error: unknown): string | undefined {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (UNREACHABLE.has(code) || /timeout exceeded when trying to connect|Connection terminated/.test(message))
    return `the database cannot be reached (${code || 'timeout'}): is PostgreSQL running, and host and port right?`;
  if (code.startsWith('28')) return 'the database refuses this login: check user and password.';
  if (code === '3D000') return 'there is no such database on that server: create it (createdb), or correct the name.';
  if (code === '25006') return 'the database is read-only: use one that may be written, not a copy of it.';
  if (code === '42501')
    return 'the login lacks a right: migrations need the owner of the database, who may create roles.';
  if (code === '53300') return 'the database has no connection left: stop another program, or raise max_connections.';
  if (code === '57P03') return 'the database is starting or stopping: try again in a moment.';
  return undefined;
}

/** Throws when the database does not answer or is not migrated. */
export const pingDatabase = async (pool: pg.Pool): Promise<void> =>
  void (await pool.query('SELECT FROM platform.settings LIMIT 1'));
