// Changing the master key of an installation that is at work.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { ConfigError, readConfig } from '#platform/config.ts';
import { deriveKeys, type Keys, newDataKey, wrappedBy } from '#platform/crypto.ts';
import { openFile, storeFile } from '#platform/files.ts';
import { newId } from '#platform/ids.ts';
import { countKeys, openKeyRing, rotateKeys } from '#platform/keyring.ts';
import { loadByNumber, submitApplication } from '#src/applications/actions.ts';
import { openAnswers } from '#src/applications/content/actions.ts';
import { trackCode } from '#src/applications/track.ts';
import { KEYED } from '#src/keyed.ts';
import { openTestWorld, TEST_CONFIG, type TestWorld } from '#test/world.ts';

const example = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../services/surat-domisili/example.json'), 'utf8'),
);
const FIRST = TEST_CONFIG.masterKey;
const SECOND = Buffer.alloc(32, 9);
const FOREIGN = Buffer.alloc(32, 11);

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());

const submit = () =>
  submitApplication(t.ctx(), { service: 'surat-domisili', answers: example.answers, channel: 'online' });
const nameOf = async (number: string): Promise<unknown> =>
  openAnswers(t.world, (await loadByNumber(t.ctx(), number)).stored).namaPemohon;
const useKeys = (keys: Keys): void => {
  t.world.keys = keys;
};
/** Everything that is not under the current key of `keys`. */
const behind = async (keys: Keys): Promise<number> =>
  (await countKeys(t.url, keys, KEYED)).filter((one) => !one.current).reduce((sum, one) => sum + one.rows, 0);

/** The data keys of some rows as a version without a ring left them: without an id. */
async function asBefore(ids: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: t.url });
  await client.connect();
  await client.query('UPDATE applications.applications SET key = substring(key from 6) WHERE id = ANY($1)', [ids]);
  await client.end();
}

describe('the list of wrapped keys', () => {
  test('names every column of the database that holds one', async () => {
    const { rows } = await t.world.pool.query(
      `SELECT table_schema || '.' || table_name AS "table", column_name AS "column" FROM information_schema.columns
       WHERE data_type = 'bytea' AND column_name = 'key' ORDER BY 1, 2`,
    );
    const named = KEYED.map(({ table, column }) => `${table}.${column}`).sort();
    assert.deepEqual(
      rows.map((row) => `${row.table}.${row.column}`),
      named,
    );
  });
});

describe('a ring of master keys', () => {
  test('adopts what the first key derives, so that no code and no hash changes', async () => {
    const before = deriveKeys(FIRST);
    const keys = await openKeyRing(t.world.pool, [FIRST]);
    const id = newId();
    assert.equal(trackCode(keys, id), trackCode(before, id));
    const later = await openKeyRing(t.world.pool, [SECOND, FIRST]);
    assert.equal(trackCode(later, id), trackCode(before, id));
  });

  test('refuses a foreign key, alone or with a foreign old one, and changes nothing', async () => {
    const settings = async () => (await t.world.pool.query('SELECT * FROM platform.settings ORDER BY name')).rows;
    const before = await settings();
    for (const masters of [[FOREIGN], [SECOND, FOREIGN]] as [Buffer, ...Buffer[]][])
      await assert.rejects(
        openKeyRing(t.world.pool, masters),
        (error: Error) =>
          error instanceof ConfigError &&
          /not the key that this database was made with.*PENDOPO_OLD_MASTER_KEYS/s.test(error.message),
      );
    assert.deepEqual(await settings(), before);
  });

  test('is read from the environment, and a broken old key is named', () => {
    const hex = (key: Buffer) => key.toString('hex');
    const env = { PENDOPO_MASTER_KEY: hex(SECOND), PENDOPO_STATE: '/nonexistent' };
    const config = readConfig({ ...env, PENDOPO_OLD_MASTER_KEYS: `${hex(FIRST)}, ${hex(FOREIGN)}` });
    assert.deepEqual(config.oldMasterKeys, [FIRST, FOREIGN]);
    assert.throws(() => readConfig({ ...env, PENDOPO_OLD_MASTER_KEYS: 'abc' }), /PENDOPO_OLD_MASTER_KEYS/);
    assert.throws(() => readConfig({ ...env, PENDOPO_OLD_MASTER_KEYS_FILE: '/nonexistent' }), /cannot be read/);
  });
});

describe('rotation', () => {
  test('while residents submit and officers read: nothing is unreadable at any moment, and at the end the old key may go', async () => {
    useKeys(await openKeyRing(t.world.pool, [FIRST]));
    const old = await Promise.all(Array.from({ length: 60 }, submit));
    await asBefore(old.slice(0, 20).map((one) => one.id));
    const file = await storeFile(t.ctx(), {
      owner: newId(),
      origin: 'uploaded',
      name: 'x.pdf',
      kind: 'application/pdf',
      bytes: Buffer.from('isi'),
    });

    const both = await openKeyRing(t.world.pool, [SECOND, FIRST]);
    useKeys(both);
    let running = true;
    const made: string[] = [];
    const load = (async () => {
      while (running) {
        const receipt = await submit();
        made.push(receipt.number);
        const any = old[made.length % old.length];
        assert.equal(await nameOf(any?.number ?? ''), example.answers.namaPemohon);
        assert.equal(receipt.track, trackCode(deriveKeys(FIRST), receipt.id));
      }
    })();
    const done = await rotateKeys(t.url, both, KEYED, {
      chunk: 7,
      told: () => new Promise((resolve) => setTimeout(resolve, 5)),
    });
    running = false;
    await load;

    const cases = done.find((one) => one.table === 'applications.applications')?.rewrapped ?? 0;
    assert.equal(cases, 60, 'exactly those of the old key');
    assert.ok(made.length > 3, 'submissions went on meanwhile');
    assert.equal(await behind(both), 0);

    const alone = await openKeyRing(t.world.pool, [SECOND]);
    useKeys(alone);
    for (const number of [...old.map((one) => one.number), ...made])
      assert.equal(await nameOf(number), example.answers.namaPemohon);
    assert.equal((await openFile(t.world, file.id))?.bytes.toString(), 'isi');
    assert.equal(trackCode(alone, old[0]?.id ?? ''), old[0]?.track);
    // the old key alone is a foreign one now
    await assert.rejects(openKeyRing(t.world.pool, [FIRST]), ConfigError);
  });

  test('killed in the middle goes on where it stopped, and again finds nothing to do', async () => {
    const third = Buffer.alloc(32, 12);
    const keys = await openKeyRing(t.world.pool, [third, SECOND]);
    useKeys(keys);
    const total = await behind(keys);
    assert.ok(total > 60);
    await assert.rejects(
      rotateKeys(t.url, keys, KEYED, {
        chunk: 10,
        told: ({ rewrapped }) => {
          if (rewrapped >= 30) throw new Error('killed');
        },
      }),
      /killed/,
    );
    assert.equal(await behind(keys), total - 30);
    const rest = await rotateKeys(t.url, keys, KEYED);
    assert.equal(
      rest.reduce((sum, one) => sum + one.rewrapped, 0),
      total - 30,
    );
    assert.equal(
      (await rotateKeys(t.url, keys, KEYED)).reduce((sum, one) => sum + one.rewrapped, 0),
      0,
    );
    useKeys(await openKeyRing(t.world.pool, [third]));
  });

  test('says which key is missing when a row is under one that was not given', async () => {
    const receipt = await submit();
    const { wrapped } = newDataKey(deriveKeys(FOREIGN));
    await t.world.pool.query('UPDATE applications.applications SET key = $1 WHERE id = $2', [wrapped, receipt.id]);
    await assert.rejects(
      rotateKeys(t.url, t.world.keys, KEYED),
      (error: Error) =>
        error instanceof ConfigError &&
        error.message.includes('PENDOPO_OLD_MASTER_KEYS: applications.applications') &&
        error.message.includes(wrappedBy(wrapped)?.toString('hex') ?? '?'),
    );
    const [stranger] = (await countKeys(t.url, t.world.keys, KEYED)).filter((one) => !one.known);
    assert.equal(stranger?.rows, 1);
  });
});
