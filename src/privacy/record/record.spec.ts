// The record of processing activities against what the database and the services really hold.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { NOT_PERSONAL, PROCESSING } from '#src/processing.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { currentRecord } from './actions.ts';
import { kindOfField, recordCsv } from './record.ts';

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());

describe('the record of processing activities (UU 27/2022 Pasal 31)', () => {
  test('declares every sealed or hashed column of the database, and none that is gone', async () => {
    const { rows } = await t.world.pool.query(
      `SELECT table_schema || '.' || table_name || '.' || column_name AS name, data_type AS type FROM information_schema.columns
       WHERE table_schema NOT IN ('pg_catalog', 'information_schema', 'graphile_worker', 'public') AND table_name !~ '^events_'`,
    );
    const there = new Set(rows.map((row) => row.name as string));
    const declared = new Set(PROCESSING.flatMap((one) => one.columns));
    const undeclared = rows
      .filter((row) => row.type === 'bytea' && !/\.key$/.test(row.name))
      .map((row) => row.name as string)
      .filter((name) => !declared.has(name) && !Object.hasOwn(NOT_PERSONAL, name));
    assert.deepEqual(
      undeclared,
      [],
      'declare it in the processing.ts of its module, or say in src/processing.ts why it is not personal',
    );
    assert.deepEqual(
      [...declared, ...Object.keys(NOT_PERSONAL)].filter((name) => !there.has(name)),
      [],
    );
  });

  test('names every personal field that a service asks for, and marks data of a specific kind', async () => {
    const record = new Map((await currentRecord(t.world)).map((one) => [one.id, one]));
    const { services } = await getCatalogue(t.world);
    assert.ok(services.length > 40);
    for (const { service } of services) {
      const own = record.get(service.id);
      assert.ok(own?.legalBasis && own.purpose && own.retention, service.id);
      for (const step of service.form)
        for (const [id, field] of Object.entries(step.properties))
          if (field.format && field.format !== 'money') {
            const kind = kindOfField(field);
            assert.ok(kind && own.data.includes(kind), `${service.id}: ${id}`);
          }
    }
    assert.deepEqual(record.get('ringkasan-medis')?.specific, ['Data kesehatan']);
    assert.deepEqual(record.get('kia')?.specific, ['Data anak']);
  });

  test('is complete for each activity, and its CSV runs nothing in a spreadsheet', async () => {
    const record = await currentRecord(t.world);
    for (const one of record)
      for (const part of ['name', 'purpose', 'legalBasis', 'retention'] as const)
        assert.ok(one[part], `${one.id} ${part}`);
    const csv = recordCsv([{ ...(record[0] as (typeof record)[number]), name: '=1+1', purpose: 'a,"b"\nc' }]);
    assert.match(csv, /'=1\+1/);
    assert.match(csv, /"a,""b""\nc"/);
    assert.equal(recordCsv(record).split('\r\n').length, record.length + 2);
  });
});
