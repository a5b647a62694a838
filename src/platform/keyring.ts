// The master keys of an installation: which one is right, how the old one is left behind while the program serves.
import { createSecretKey } from 'node:crypto';
import pg from 'pg';
import { ConfigError } from './config.ts';
import { blindIndex, deriveKeys, type Keys, rewrap, unwrap, WrongMasterKey, wrap, wrapKey } from './crypto.ts';

/** A column that holds wrapped data keys, and its table's key (a uuid). `src/keyed.ts` lists them all. */
export type Keyed = { table: string; id: string; column: string };

type Pool = Pick<pg.Pool, 'query'>;
type Derived = { index: string; sign: string };
const FOREIGN =
  'PENDOPO_MASTER_KEY, PENDOPO_MASTER_KEY_FILE or master.key in the state folder: this is not the key that this database was made with. Nothing was changed. Put the right key back; without it no sealed data can be read. After a change of keys the one before must stand in PENDOPO_OLD_MASTER_KEYS until "npx pendopo keys rotate" has ended.';

/**
 * The keys of this installation. What hashes and signs (blind indexes, follow-up codes, cookies) is kept in the database,
 * wrapped: it comes from the first master key and outlives it, so that no code and no hash changes when keys are rotated.
 * Throws ConfigError when none of the given keys is one of this database; nothing is changed then.
 */
export async function openKeyRing(pool: Pool, masters: [Buffer, ...Buffer[]]): Promise<Keys> {
  const ring = masters.map(wrapKey);
  const before = await readSettings(pool);
  if (!before.derived) {
    // the first start, or the first one of a version that knows rings: today's derived keys are adopted
    const first = before.mark ? masters.find((one) => markOf(deriveKeys(one)) === before.mark) : masters[0];
    if (!first) throw new ConfigError(FOREIGN);
    const own = deriveKeys(first);
    const seal = (key: Keys['index']) => wrap({ ring }, key.export()).toString('base64');
    await insertOnce(pool, 'master-key', markOf(own));
    await insertOnce(pool, 'derived-keys', { index: seal(own.index), sign: seal(own.sign) });
  }
  const { mark, derived } = before.derived ? before : await readSettings(pool);
  if (!derived) throw new Error('the derived keys were written and are not there');
  try {
    const open = (wrapped: string) => createSecretKey(unwrap({ ring }, Buffer.from(wrapped, 'base64')));
    const keys = { ring, index: open(derived.index), sign: open(derived.sign) };
    if (mark === markOf(keys)) return keys;
  } catch (error) {
    if (!(error instanceof WrongMasterKey)) throw error;
  }
  throw new ConfigError(FOREIGN);
}

// a keyed hash that tells nothing of the key: with another one no code would be believed and no number found
const markOf = (keys: Keys): string => blindIndex(keys, 'master-key', 'mark').toString('hex');

async function readSettings(pool: Pool): Promise<{ mark?: string; derived?: Derived }> {
  const { rows } = await pool.query(
    `SELECT name, value FROM platform.settings WHERE name IN ('master-key', 'derived-keys')`,
  );
  const value = (name: string) => rows.find((row) => row.name === name)?.value;
  return { mark: value('master-key'), derived: value('derived-keys') };
}

async function insertOnce(pool: Pool, name: string, value: unknown): Promise<void> {
  const known = await pool.query('SELECT FROM platform.settings WHERE name = $1', [name]);
  if (known.rowCount === 0)
    await pool.query('INSERT INTO platform.settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      name,
      JSON.stringify(value),
    ]);
}

export type KeyCount = { table: string; keyId: string; current: boolean; known: boolean; rows: number };

/** How many data keys each master key wraps, table by table. `keyId` '' = from before keys had ids. */
export async function countKeys(url: string, keys: Keys, keyed: Keyed[]): Promise<KeyCount[]> {
  return asOwner(url, async (client) => {
    const counts: KeyCount[] = [];
    for (const { table, column } of keyed) {
      const { rows } = await client.query(
        `SELECT CASE WHEN length(${column}) = 60 THEN '' ELSE encode(substring(${column} from 2 for 4), 'hex') END AS id, count(*)::int AS n
         FROM ${table} WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY 1`,
      );
      for (const row of rows) {
        const at = keys.ring.findIndex((one) => one.id.toString('hex') === row.id);
        counts.push({ table, keyId: row.id, current: at === 0, known: at >= 0 || row.id === '', rows: row.n });
      }
    }
    return counts;
  });
}

export type Rotated = { table: string; rewrapped: number };

/**
 * Wraps every data key anew under the current master key, in chunks, while programs that know both keys go on serving. A row is
 * changed only where it still holds what was read: an erasure meanwhile stays erased. Killed in the middle, the next run goes on.
 * `told` hears of each chunk. Throws ConfigError when a row is under a key that was not given; what was done stays done.
 */
export async function rotateKeys(
  url: string,
  keys: Keys,
  keyed: Keyed[],
  options: { chunk?: number; told?(done: Rotated): Promise<void> | void } = {},
): Promise<Rotated[]> {
  const chunk = options.chunk ?? 500;
  const current = keys.ring[0]?.id as Buffer;
  return asOwner(url, async (client) => {
    await rotateDerived(client, keys);
    const all: Rotated[] = [];
    for (const { table, id, column } of keyed) {
      const done: Rotated = { table, rewrapped: 0 };
      all.push(done);
      let after: unknown = null;
      for (;;) {
        const { rows } = await client.query(
          `SELECT ${id} AS id, ${column} AS key FROM ${table}
           WHERE ${column} IS NOT NULL AND (length(${column}) = 60 OR substring(${column} from 2 for 4) <> $1)
             AND ($2::uuid IS NULL OR ${id} > $2::uuid) ORDER BY ${id} LIMIT $3`,
          [current, after, chunk],
        );
        if (rows.length === 0) break;
        const fresh = rows.map((row) => openedAnew(keys, table, row.key));
        const written = await client.query(
          `UPDATE ${table} t SET ${column} = v.fresh FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS v(id, old, fresh)
           WHERE t.${id} = v.id AND t.${column} = v.old`,
          [rows.map((row) => row.id), rows.map((row) => row.key), fresh],
        );
        done.rewrapped += written.rowCount ?? 0;
        after = rows.at(-1).id;
        await options.told?.({ ...done });
      }
    }
    return all;
  });
}

function openedAnew(keys: Keys, table: string, wrapped: Buffer): Buffer {
  try {
    return rewrap(keys, wrapped) ?? wrapped;
  } catch (error) {
    if (!(error instanceof WrongMasterKey)) throw error;
    throw new ConfigError(
      `PENDOPO_OLD_MASTER_KEYS: ${table} holds a data key that none of the given master keys opens (key ${error.keyId}). Add the master key that was used before; what was rotated so far stays as it is.`,
    );
  }
}

async function rotateDerived(client: pg.Client, keys: Keys): Promise<void> {
  const { derived } = await readSettings(client as unknown as Pool);
  if (!derived) return;
  const anew = (text: string) =>
    (rewrap(keys, Buffer.from(text, 'base64')) ?? Buffer.from(text, 'base64')).toString('base64');
  await client.query(`UPDATE platform.settings SET value = $1 WHERE name = 'derived-keys' AND value = $2`, [
    JSON.stringify({ index: anew(derived.index), sign: anew(derived.sign) }),
    JSON.stringify(derived),
  ]);
}

// the migrating login: some of these tables are append-only for the program itself
async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'pendopo keys' });
  client.on('error', () => undefined); // its query fails, and that is how the caller learns of it
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
