// Writes a simulated history in bulk: final rows by COPY, in one transaction, so that it is there whole or not at all.
import pg from 'pg';
import { addEventMonths } from '#platform/migrate.ts';
import type { SimulatedOfficer } from './officers.ts';

export type Cell = string | number | boolean | Buffer | null;

const TABLES = {
  applications: `applications.applications (id, number, service, version, agency, village, channel, state, status, seq,
    head, folded, submitted_at, due_at, ended_at, register_no, register_year, nik_hash, label, answers, key, simulated)`,
  tasks: `applications.tasks (id, application, kind, agency, role, area, service, state, opinion, opened_at, due_at, late_at,
    taken_by, closed_at, closed_by)`,
  notes: 'applications.notes (id, application, text)',
  events: `platform.events (id, at, recorded_at, type, subject, seq, actor, agency, village, channel, command_id, data,
    prev, hash)`,
};
export type Table = keyof typeof TABLES;

const PIECE = 1 << 20;
const MOST_BEHIND = 24;

/** Takes rows and sends them on while the next ones are being made. */
export type Load = {
  add(table: Table, row: string): void;
  /** Waits while the database is far behind. */
  keepUp(): Promise<void>;
  /** Sends the rest and waits until all is written. */
  finish(): Promise<void>;
};

/** Rows of `applications` go before those that refer to them. */
export function createLoad(client: pg.ClientBase): Load {
  const waiting: Record<Table, string[]> = { applications: [], tasks: [], notes: [], events: [] };
  let size = 0;
  let behind = 0;
  let last: Promise<void> = Promise.resolve();
  let failure: unknown;

  function send(): void {
    for (const table of Object.keys(TABLES) as Table[]) {
      if (waiting[table].length === 0) continue;
      const content = Buffer.from(waiting[table].join(''));
      waiting[table] = [];
      behind += 1;
      last = last
        .then(() => (failure ? undefined : copy(client, `COPY ${TABLES[table]} FROM STDIN`, content)))
        .catch((error: unknown) => void (failure ??= error))
        .finally(() => void (behind -= 1));
    }
    size = 0;
  }

  return {
    add: (table, row) => {
      waiting[table].push(row);
      if ((size += row.length) > PIECE) send();
    },
    keepUp: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      while (behind > MOST_BEHIND && !failure) await new Promise((resolve) => setTimeout(resolve, 2));
      if (failure) throw failure;
    },
    finish: async () => {
      send();
      await last;
      if (failure) throw failure;
    },
  };
}

/** One line of COPY's text format. */
export function copyRow(cells: Cell[]): string {
  let line = '';
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as Cell;
    if (i > 0) line += '\t';
    if (cell === null) line += '\\N';
    else if (typeof cell === 'string')
      line += SPECIAL.test(cell) ? cell.replaceAll(SPECIALS, (sign) => ESCAPED[sign] as string) : cell;
    else if (Buffer.isBuffer(cell)) line += `\\\\x${cell.toString('hex')}`;
    else line += String(cell);
  }
  return `${line}\n`;
}

const SPECIAL = /[\\\n\r\t]/;
const SPECIALS = /[\\\n\r\t]/g;
const ESCAPED: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

type Wire = {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
  sync(): void;
};

// pg speaks COPY but leaves the sending to whoever submits a query object of their own
function copy(client: pg.ClientBase, text: string, content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = {
      submit: (wire: Wire) => wire.query(text),
      handleCopyInResponse: (wire: Wire) => {
        wire.sendCopyFromChunk(content);
        wire.endCopyFrom();
      },
      handleError: (error: Error) => reject(error),
      handleReadyForQuery: () => resolve(),
      handleCommandComplete: () => undefined,
      handleRowDescription: () => undefined,
      handleDataRow: () => undefined,
    };
    client.query(query as unknown as pg.Submittable);
  });
}

/**
 * What the history must not clash with, and where the registers stand. Holds the registers until the transaction ends.
 */
export async function startingPoint(
  client: pg.ClientBase,
): Promise<{ numbers: Set<string>; registers: Map<string, number> }> {
  await client.query(`SET LOCAL statement_timeout = 0`);
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('applications.registers', 0))`);
  const registers = await client.query<{ service: string; year: number; last: number }>(
    'SELECT service, year, last FROM applications.registers',
  );
  const numbers = await client.query<{ number: string }>('SELECT number FROM applications.applications');
  return {
    numbers: new Set(numbers.rows.map((row) => row.number)),
    registers: new Map(registers.rows.map((row) => [`${row.service}/${row.year}`, row.last])),
  };
}

export async function saveRegisters(client: pg.ClientBase, registers: Map<string, number>): Promise<void> {
  const rows = [...registers].map(([key, last]) => ({
    service: key.split('/')[0],
    year: Number(key.split('/')[1]),
    last,
  }));
  await client.query(
    `INSERT INTO applications.registers (service, year, last) SELECT service, year, last
     FROM json_to_recordset($1) AS r(service text, year smallint, last integer)
     ON CONFLICT (service, year) DO UPDATE SET last = excluded.last`,
    [JSON.stringify(rows)],
  );
}

/** The officers of the history: their accounts are closed and have no password, so nobody can sign in as one. */
export async function saveOfficers(client: pg.ClientBase, officers: SimulatedOfficer[]): Promise<void> {
  await client.query(
    `INSERT INTO identity.officers (id, login, name, agency, roles, area, password, demo, disabled)
     SELECT id, login, name, agency, ARRAY[role], area, '', false, true
     FROM json_to_recordset($1) AS o(id uuid, login text, name text, agency text, role text, area text)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(officers)],
  );
}

/** What is known of earlier simulated histories in this database. */
export type SimulatedSetting = { applications: number; seed: string; months: number; at: string; seeds: string[] };

export async function findSetting(client: { query: pg.Pool['query'] }): Promise<SimulatedSetting | undefined> {
  const { rows } = await client.query(`SELECT value FROM platform.settings WHERE name = 'simulated'`);
  return rows[0]?.value;
}

export async function saveSetting(client: pg.ClientBase, value: SimulatedSetting): Promise<void> {
  await client.query(
    `INSERT INTO platform.settings (name, value) VALUES ('simulated', $1)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    [JSON.stringify(value)],
  );
}

/** Makes the log's months of the history; with the migrating login, since the program's own role may not. */
export async function prepareMonths(url: string, until: Date, months: number): Promise<void> {
  await asOwner(url, (client) => addEventMonths(client, until, months + 1, 1));
}

/** Tells the planner what came in, as autovacuum would some minutes later. */
export async function analyze(url: string): Promise<void> {
  await asOwner(url, async (client) => {
    await client.query('ANALYZE applications.applications, applications.tasks, applications.notes, platform.events');
  });
}

async function asOwner(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
