// Reads everything there is to verify, as it stood at one moment, a page at a time.
import type pg from 'pg';
import type { Ctx } from '#platform/context.ts';
import type { EventRow } from '#platform/events.ts';

export type Reader = pg.ClientBase;
const FETCH = 2000;

/** One moment of the database for all reads, however long they take; nothing is written. */
export async function atOneMoment<T>({ pool }: Pick<Ctx, 'pool'>, work: (reader: Reader) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '32MB'`);
    return await work(client);
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
    client.release();
  }
}

async function* paged<T extends unknown[]>(reader: Reader, name: string, text: string): AsyncGenerator<T> {
  await reader.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${text}`);
  for (;;) {
    const { rows } = await reader.query<T>({ text: `FETCH ${FETCH} FROM ${name}`, rowMode: 'array' });
    yield* rows;
    if (rows.length < FETCH) break;
  }
  await reader.query(`CLOSE ${name}`);
}

const TIME = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;

/** Every event by subject and number. A time that is finer than a millisecond was never written by us and stays visible. */
export async function* allEvents(reader: Reader): AsyncGenerator<EventRow> {
  const rows = paged<
    [
      string,
      string,
      string,
      string,
      string,
      number,
      string,
      string | null,
      string | null,
      string,
      string,
      string,
      Buffer | null,
      Buffer,
    ]
  >(
    reader,
    'every_event',
    `SELECT id, ${TIME('at')}, ${TIME('recorded_at')}, type, subject, seq, actor, agency, village, channel, command_id, data::text, prev, hash
     FROM platform.events ORDER BY subject, seq`,
  );
  for await (const [
    id,
    at,
    recordedAt,
    type,
    subject,
    seq,
    actor,
    agency,
    village,
    channel,
    commandId,
    data,
    prev,
    hash,
  ] of rows)
    yield {
      id,
      at: milliseconds(at),
      recordedAt: milliseconds(recordedAt),
      type,
      subject,
      seq,
      actor,
      agency,
      village,
      channel,
      commandId,
      data: JSON.parse(data),
      prev,
      hash,
    };
}

const milliseconds = (time: string): string => (time.endsWith('000') ? `${time.slice(0, -3)}Z` : `${time}Z`);

export type CaseRow = {
  id: string;
  seq: number;
  head: Buffer;
  folded: string;
  columns: Record<string, unknown>;
};

/** Every case in order of id: what its row says of the log's end and of itself. */
export async function* allCases(reader: Reader): AsyncGenerator<CaseRow> {
  const rows = paged<[string, number, Buffer, string, string]>(
    reader,
    'every_case',
    `SELECT id, seq, head, folded::text, json_build_object('service', service, 'version', version, 'agency', agency, 'village', village,
       'channel', channel, 'state', state, 'status', status, 'submittedAt', ${TIME('submitted_at')}, 'dueAt', ${TIME('due_at')},
       'endedAt', ${TIME('ended_at')})::text
     FROM applications.applications ORDER BY id`,
  );
  for await (const [id, seq, head, folded, columns] of rows) {
    const read = JSON.parse(columns) as Record<string, unknown>;
    for (const name of ['submittedAt', 'dueAt', 'endedAt'])
      if (typeof read[name] === 'string') read[name] = milliseconds(read[name]);
    yield { id, seq, head, folded, columns: read };
  }
}

/** One leaf with the event that stands at its position now; `event` null = none, `copies` > 1 = several. */
export type LeafRow = {
  leaf: number;
  position: number;
  sealedId: string;
  sealedHash: Buffer;
  id: string | null;
  hash: Buffer | null;
  copies: number;
};
const GROUP = 20_000;

/** Every leaf in order, each beside its event. */
export async function* allLeaves(reader: Reader): AsyncGenerator<LeafRow> {
  for (let first = 0; ; ) {
    const group = await reader.query<[number, number, number, number, number]>({
      text: `SELECT min(first), max(first + count), min(low), max(high), sum(count)::int
        FROM (SELECT first, count, low, high, sum(count) OVER (ORDER BY first) - count AS before
          FROM (SELECT first, count, low, high FROM audit.leaves WHERE first >= $1 ORDER BY first LIMIT 1000) l) s
        WHERE before < ${GROUP}`,
      values: [first],
      rowMode: 'array',
    });
    const [from, end, low, high, count] = group.rows[0] as [number | null, number, number, number, number];
    if (from === null) return;
    const leaves = await reader.query<[number, number, string, Buffer]>({
      text: `SELECT l.first + u.n - 1, u.position, u.event, u.hash FROM audit.leaves l,
          unnest(l.positions, l.events, l.hashes) WITH ORDINALITY u(position, event, hash, n)
        WHERE l.first >= $1 AND l.first < $2 ORDER BY 1`,
      values: [from, end],
      rowMode: 'array',
    });
    // a transaction that took long leaves positions far back: then each is looked up by itself
    const sparse = high - low > 3 * count;
    const events = await reader.query<[number, string, Buffer]>({
      text: `SELECT position, id, hash FROM platform.events WHERE position BETWEEN $1 AND $2 ${sparse ? 'AND position = ANY ($3::bigint[])' : ''}`,
      values: sparse ? [low, high, leaves.rows.map(([, position]) => position)] : [low, high],
      rowMode: 'array',
    });
    const byPosition = Map.groupBy(events.rows, ([position]) => position);
    for (const [leaf, position, sealedId, sealedHash] of leaves.rows) {
      const there = byPosition.get(position) ?? [];
      const event = there.find(([, id]) => id === sealedId) ?? there[0];
      yield {
        leaf,
        position,
        sealedId,
        sealedHash,
        id: event?.[1] ?? null,
        hash: event?.[2] ?? null,
        copies: there.length,
      };
    }
    first = end;
  }
}

export type HeadRow = { size: number; root: Buffer; at: string; keyName: string; signature: Buffer };

export async function* allHeads(reader: Reader): AsyncGenerator<HeadRow> {
  const rows = paged<[number, Buffer, string, string, Buffer]>(
    reader,
    'every_head',
    `SELECT size, root, ${TIME('at')}, key_name, signature FROM audit.heads ORDER BY size`,
  );
  for await (const [size, root, at, keyName, signature] of rows)
    yield { size, root, at: milliseconds(at), keyName, signature };
}

/** The stored parts of the tree in the order in which they were finished. */
export async function* allParts(reader: Reader): AsyncGenerator<{ level: number; index: number; hash: Buffer }> {
  const rows = paged<[number, number, Buffer]>(
    reader,
    'every_part',
    'SELECT level, index, hash FROM audit.nodes ORDER BY (index + 1) << level, level',
  );
  for await (const [level, index, hash] of rows) yield { level, index, hash };
}

type Named = { event: string; subject: string; seq: number };

/** Events up to `floor` that are no leaf, and how many events and leaves there are. */
export async function sealedness(
  reader: Reader,
): Promise<{ floor: number; waiting: number; forgotten: Named[]; twice: { event: string }[] }> {
  const last = await reader.query('SELECT floor, next FROM audit.heads ORDER BY size DESC LIMIT 1');
  const { floor, next } = last.rows[0] ?? { floor: 0, next: 0 };
  const events = await reader.query('SELECT count(*)::int AS n FROM platform.events WHERE position <= $1', [floor]);
  const leaves = await reader.query(
    `SELECT coalesce((SELECT sum(count) FROM audit.leaves WHERE high <= $1), 0)::int
       + (SELECT count(*) FROM audit.leaves, unnest(positions) p WHERE high > $1 AND p <= $1)::int AS n`,
    [floor],
  );
  const forgotten =
    events.rows[0].n === leaves.rows[0].n
      ? []
      : (
          await reader.query<Named>(
            `SELECT e.id AS event, e.subject, e.seq FROM platform.events e WHERE e.position <= $1
               AND NOT EXISTS (SELECT FROM (SELECT p FROM audit.leaves, unnest(positions) p) s WHERE s.p = e.position)
             ORDER BY e.position LIMIT 20`,
            [floor],
          )
        ).rows;
  const twice = await reader.query<{ event: string }>(
    `SELECT min(u.event::text) AS event FROM audit.leaves l, unnest(l.positions, l.events) u(position, event)
     GROUP BY u.position HAVING count(*) > 1 LIMIT 20`,
  );
  const waiting = await reader.query(
    `SELECT count(*)::int AS n FROM platform.events e WHERE e.position > $1
       AND NOT EXISTS (SELECT FROM (SELECT p FROM audit.leaves, unnest(positions) p WHERE high > $1) s WHERE s.p = e.position)`,
    [floor],
  );
  return { floor: next, waiting: waiting.rows[0].n, forgotten, twice: twice.rows };
}

/** Papers whose file is not there, has no row, or is not the one that was issued. */
export async function wrongDocuments(
  reader: Reader,
): Promise<{ checked: number; wrong: { id: string; what: string }[] }> {
  const { rows } = await reader.query(
    `SELECT d.id, CASE WHEN f.id IS NULL THEN 'its file has no row' WHEN d.sha256 IS NULL THEN 'it has a file and no sha256'
         ELSE 'its sha256 is not that of its file' END AS what
       FROM documents.documents d LEFT JOIN platform.files f ON f.id = d.file
       WHERE d.file IS NOT NULL AND (f.id IS NULL OR d.sha256 IS DISTINCT FROM f.sha256) ORDER BY d.id LIMIT 20`,
  );
  const count = await reader.query('SELECT count(*)::int AS n FROM documents.documents WHERE file IS NOT NULL');
  return { checked: count.rows[0].n, wrong: rows };
}

/** Files of issued papers whose key has not been destroyed, to be read whole. */
export async function* issuedFiles(reader: Reader): AsyncGenerator<{ document: string; file: string; sha256: Buffer }> {
  const rows = paged<[string, string, Buffer]>(
    reader,
    'every_paper',
    `SELECT d.id, f.id, f.sha256 FROM documents.documents d JOIN platform.files f ON f.id = d.file
     WHERE f.key IS NOT NULL ORDER BY d.id`,
  );
  for await (const [document, file, sha256] of rows) yield { document, file, sha256 };
}
