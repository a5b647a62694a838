// Tables out and in as streams: PostgreSQL's own COPY, as one moment of the database, whatever their size.
import { PassThrough, type Readable } from 'node:stream';
import type pg from 'pg';
import type { Link } from './manifest.ts';

type Client = pg.ClientBase;
/** Whatever the server's settings are, values are written and read in one way. */
const PLAIN = `SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL bytea_output = 'hex'`;

/** One moment of the whole database with the rights of the login, for reading only. */
export async function atOneMoment<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    // some tables may be added to by the program and not read by it
    await client.query(`SET LOCAL ROLE NONE; SET LOCAL statement_timeout = 0; ${PLAIN}`);
    return await work();
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
  }
}

/** All or nothing. */
export async function inTransaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    await client.query(PLAIN);
    const done = await work();
    await client.query('COMMIT');
    return done;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

export type Table = { name: string; columns: string[] };

/** Our tables with the columns that are kept. Transaction numbers are of one cluster only and are given anew. */
export async function ownTables(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    SELECT n.nspname || '.' || c.relname AS name,
      array_agg(quote_ident(a.attname) ORDER BY a.attnum)::text[] AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      AND a.atttypid <> 'xid8'::regtype
      AND n.nspname NOT IN ('public', 'graphile_worker', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
    GROUP BY 1 ORDER BY 1`);
  return rows;
}

export async function links(client: Client): Promise<Link[]> {
  const name = (oid: string) =>
    `(SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ${oid})`;
  const { rows } = await client.query<Link>(
    `SELECT DISTINCT ${name('conrelid')} AS table, ${name('confrelid')} AS "refersTo" FROM pg_constraint WHERE contype = 'f'`,
  );
  return rows;
}

export async function sequences(client: Client): Promise<{ name: string; value: number }[]> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `SELECT schemaname || '.' || sequencename AS name, last_value::text AS value FROM pg_sequences
     WHERE schemaname NOT IN ('public', 'graphile_worker') AND last_value IS NOT NULL ORDER BY 1`,
  );
  return rows.map(({ name, value }) => ({ name, value: Number(value) }));
}

export const setSequence = (client: Client, name: string, value: number): Promise<unknown> =>
  client.query('SELECT setval($1::regclass, $2)', [name, value]);

export async function appliedMigrations(client: Client): Promise<{ name: string; sha256: string }[]> {
  return (await client.query('SELECT name, sha256 FROM public.pendopo_migrations ORDER BY name')).rows;
}

/** First and last month of the log. */
export async function monthsOfLog(client: Client): Promise<{ from: string; to: string } | null> {
  const { rows } = await client.query(
    `SELECT to_char(min(recorded_at), 'YYYY-MM-01') AS from, to_char(max(recorded_at), 'YYYY-MM-01') AS to FROM platform.events`,
  );
  return rows[0].from === null ? null : rows[0];
}

export async function makeMonths(client: Client, { from, to }: { from: string; to: string }): Promise<void> {
  await client.query(
    `SELECT platform.add_event_month(m::date) FROM generate_series($1::date, $2::date, interval '1 month') m`,
    [from, to],
  );
}

/** The first table that holds something; settings are written by opening the database and do not count. */
export async function firstFilled(client: Client, tables: Table[]): Promise<string | undefined> {
  for (const { name } of tables) {
    if (name === 'platform.settings') continue;
    const { rows } = await client.query(`SELECT EXISTS (SELECT FROM ${name}) AS filled`);
    if (rows[0].filled) return name;
  }
  return undefined;
}

export const clearSettings = (client: Client): Promise<unknown> => client.query('DELETE FROM platform.settings');

export type QueuedJob = {
  task: string;
  payload: unknown;
  queue: string | null;
  runAt: Date | string;
  attempts: number;
  key: string | null;
  priority: number;
};

/** Work that has been promised and not been done. */
export async function queuedJobs(
  client: Client,
  after: string,
  limit: number,
): Promise<(QueuedJob & { id: string })[]> {
  const { rows } = await client.query(
    `SELECT j.id::text, j.task_identifier AS task, p.payload, j.queue_name AS queue, j.run_at AS "runAt", j.max_attempts AS attempts,
       j.key, j.priority FROM graphile_worker.jobs j JOIN graphile_worker._private_jobs p ON p.id = j.id
     WHERE j.id > $1::bigint ORDER BY j.id LIMIT $2`,
    [after, limit],
  );
  return rows;
}

export const queueJob = (client: Client, job: QueuedJob): Promise<unknown> =>
  client.query(
    `SELECT graphile_worker.add_job($1, payload => $2::json, queue_name => $3, run_at => $4::timestamptz, max_attempts => $5, job_key => $6, priority => $7)`,
    [job.task, JSON.stringify(job.payload), job.queue, job.runAt, job.attempts, job.key, job.priority],
  );

/** Ids of files whose key has not been destroyed, in order; the others have no bytes. */
export async function livingFiles(client: Client, after: string, limit: number): Promise<string[]> {
  const { rows } = await client.query(
    'SELECT id FROM platform.files WHERE key IS NOT NULL AND id > $1 ORDER BY id LIMIT $2',
    [after, limit],
  );
  return rows.map(({ id }) => id);
}

// What pg hands to whoever submits a query of their own; it speaks COPY but leaves the bytes to us.
type Wire = {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): boolean;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
  stream: NodeJS.WritableStream & { pause(): void; resume(): void; writableNeedDrain?: boolean };
};
const PIECE = 1 << 16;

const rowsOf = (message: { text: string }): number => Number(/\d+$/.exec(message.text)?.[0] ?? 0);

/** A table's rows as a stream of COPY text; `rows` is known at the end. A slow reader makes PostgreSQL wait. */
export function copyOut(client: Client, { name, columns }: Table): { stream: Readable; rows: Promise<number> } {
  const stream = new PassThrough({ highWaterMark: 4 * PIECE });
  let pieces: Buffer[] = [];
  let size = 0;
  const rows = new Promise<number>((resolve, reject) => {
    let count = 0;
    const send = (wire: Wire): void => {
      const more = stream.write(Buffer.concat(pieces));
      pieces = [];
      size = 0;
      if (more) return;
      wire.stream.pause();
      stream.once('drain', () => wire.stream.resume());
    };
    let connection: Wire | undefined;
    const query = {
      submit: (wire: Wire) => {
        connection = wire;
        wire.query(`COPY (SELECT ${columns.join(', ')} FROM ${name}) TO STDOUT`);
      },
      handleCopyData: ({ chunk }: { chunk: Buffer }, wire: Wire) => {
        pieces.push(Buffer.from(chunk));
        size += chunk.length;
        if (size > PIECE) send(wire);
      },
      handleCommandComplete: (message: { text: string }) => {
        count = rowsOf(message);
      },
      handleError: (error: Error) => {
        stream.destroy(error);
        reject(error);
      },
      handleReadyForQuery: () => {
        if (connection && size > 0) send(connection);
        // a stream that has ended tells of no drain any more
        connection?.stream.resume();
        stream.end();
        resolve(count);
      },
      handleRowDescription: () => undefined,
      handleDataRow: () => undefined,
    };
    client.query(query as unknown as pg.Submittable);
  });
  // the reader of the stream hears of a failure first; nobody may be waiting for the number yet
  rows.catch(() => undefined);
  return { stream, rows };
}

/** Reads COPY text into a table and says how many rows came. Rejects when the source breaks off or a row does not fit. */
export function copyIn(client: Client, { name, columns }: Table, source: AsyncIterable<Buffer>): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    let failed: unknown;
    const pump = async (wire: Wire): Promise<void> => {
      try {
        for await (const chunk of source) {
          if (failed) return;
          wire.sendCopyFromChunk(chunk);
          if (wire.stream.writableNeedDrain) await new Promise<void>((go) => wire.stream.once('drain', () => go()));
        }
        if (!failed) wire.endCopyFrom();
      } catch (error) {
        failed ??= error;
        wire.sendCopyFail('the source broke off');
      }
    };
    const query = {
      submit: (wire: Wire) => wire.query(`COPY ${name} (${columns.join(', ')}) FROM STDIN`),
      handleCopyInResponse: (wire: Wire) => void pump(wire),
      handleCommandComplete: (message: { text: string }) => {
        count = rowsOf(message);
      },
      handleError: (error: Error) => {
        failed ??= error;
        reject(failed);
      },
      handleReadyForQuery: () => resolve(count),
      handleRowDescription: () => undefined,
      handleDataRow: () => undefined,
    };
    client.query(query as unknown as pg.Submittable);
  });
}
