// The schedule at work: what goes when, what a hold keeps, and that the log stays whole.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { context, SYSTEM } from '#platform/context.ts';
import { eventsOf } from '#platform/event-log.ts';
import { verifyChain } from '#platform/events.ts';
import { acceptUpload } from '#platform/files.ts';
import { newId } from '#platform/ids.ts';
import type { Problem } from '#platform/problem.ts';
import { actOnApplication, loadByNumber, submitApplication } from '#src/applications/actions.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { holdCase, releaseCase, runRetention } from './actions.ts';
import { dueNow, monthsAfter, monthsWords } from './retention.ts';

const example = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../services/akta-kelahiran/example.json'), 'utf8'),
);
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());

const refused = (code: string) => (error: unknown) => (error as Problem).kind?.code === code;
const system = () => context(t.world, SYSTEM, 'system');

/** A case with one picture, withdrawn at once: it has ended. */
async function ended() {
  const owner = newId();
  const file = await acceptUpload(t.ctx(), { owner, name: 'surat.png', bytes: PNG });
  const receipt = await submitApplication(t.ctx(), {
    service: 'akta-kelahiran',
    answers: example.answers,
    documents: [{ file: file.id, requirement: 'surat-kelahiran', option: 'surat-desa' }],
    owners: [owner],
    channel: 'online',
  });
  await actOnApplication(t.ctx({ kind: 'resident', holds: [receipt.id] }), receipt.number, { action: 'batalkan' });
  return { ...receipt, file: file.id };
}
const readable = async (number: string): Promise<boolean> => (await loadByNumber(t.ctx(), number)).stored.key !== null;

describe('the schedule', () => {
  test('counts months from the end, to the last day of a month that lacks the day', () => {
    const retention = { files: 12, answers: 60, provenance: 'unverified' } as const;
    const end = new Date('2026-11-23T02:00:00Z');
    assert.equal(dueNow(retention, end, new Date('2027-11-23T01:59:00Z')), 'nothing');
    assert.equal(dueNow(retention, end, new Date('2027-11-23T02:00:00Z')), 'files');
    assert.equal(dueNow(retention, end, new Date('2031-11-23T02:00:00Z')), 'case');
    assert.equal(monthsAfter(new Date('2026-01-31T10:00:00Z'), 1).toISOString(), '2026-02-28T10:00:00.000Z');
    assert.equal(monthsAfter(new Date('2026-03-31T10:00:00Z'), -1).toISOString(), '2026-02-28T10:00:00.000Z');
    assert.deepEqual([monthsWords(12), monthsWords(60), monthsWords(18)], ['12 bulan', '5 tahun', '18 bulan']);
  });

  test('destroys pictures first and content later, frees the store, keeps what is held, and leaves every chain whole', async () => {
    const { service } = await import('#src/catalogue/actions.ts').then((catalogue) =>
      catalogue.getOffered(t.ctx(), 'akta-kelahiran'),
    );
    const [gone, kept, running] = [
      await ended(),
      await ended(),
      await submitApplication(t.ctx(), { service: 'akta-kelahiran', answers: example.answers, channel: 'online' }),
    ];
    await holdCase(t.ctx(await t.officer('ppdp.dukcapil')), kept.number, 'court');

    assert.equal((await runRetention(system())).purged.cases, 0, 'nothing is due yet');
    const start = t.world.clock();
    t.setClock(monthsAfter(start, service.retention.files));
    const dry = await runRetention(system(), { dryRun: true });
    assert.deepEqual([dry.purged.cases, dry.held], [1, 1]);
    assert.ok(await t.world.files.get(gone.file), 'a dry run changes nothing');

    const before = await t.world.files.measure?.();
    const first = await runRetention(system(), { chunk: 1 });
    assert.deepEqual([first.purged.cases, first.purged.files, first.held, first.erased.cases], [1, 1, 1, 0]);
    assert.ok(first.purged.bytes > 0 && first.disk.storeAfter < first.disk.storeBefore);
    assert.equal((await t.world.files.measure?.())?.files, (before?.files ?? 0) - 1);
    assert.equal(await t.world.files.get(gone.file), undefined);
    assert.ok(await t.world.files.get(kept.file));
    assert.equal(await readable(gone.number), true, 'answers have their own time');
    assert.equal((await runRetention(system())).purged.cases, 0, 'again finds nothing to do');

    t.setClock(monthsAfter(start, service.retention.answers));
    const second = await runRetention(system());
    assert.deepEqual([second.erased.cases, second.held], [1, 1]);
    assert.deepEqual(await Promise.all([gone, kept, running].map((one) => readable(one.number))), [false, true, true]);

    await releaseCase(t.ctx(await t.officer('ppdp.dukcapil')), kept.number, 'settled');
    assert.equal((await runRetention(system())).erased.cases, 1);
    assert.equal(await readable(kept.number), false);

    const subjects = await t.world.pool.query('SELECT DISTINCT subject FROM platform.events');
    for (const { subject } of subjects.rows) assert.equal(verifyChain(await eventsOf(t.world, subject)), undefined);
    const types = await t.world.pool.query(
      `SELECT type, count(*)::int AS n FROM platform.events WHERE type LIKE 'case.%' GROUP BY 1 ORDER BY 1`,
    );
    assert.deepEqual(types.rows, [
      { type: 'case.erased', n: 2 },
      { type: 'case.files-purged', n: 1 },
      { type: 'case.held', n: 1 },
      { type: 'case.released', n: 1 },
    ]);
    t.setClock(start);
  });
});

describe('a hold', () => {
  test('is set and lifted by the officer for personal data of the case’s agency or of the whole regency, and by nobody else', async () => {
    const one = await ended();
    await assert.rejects(holdCase(t.ctx(), one.number, 'court'), refused('forbidden'));
    await assert.rejects(holdCase(t.ctx(await t.officer('verifikator')), one.number, 'court'), refused('forbidden'));
    await assert.rejects(holdCase(t.ctx(await t.officer('ppdp')), '261123-0000-000', 'court'), refused('not-found'));
    await assert.rejects(holdCase(t.ctx(await t.officer('ppdp')), one.number, 'because'), refused('invalid'));
    await holdCase(t.ctx(await t.officer('ppdp')), one.number, 'audit');
    await assert.rejects(
      holdCase(t.ctx(await t.officer('ppdp.dukcapil')), one.number, 'court'),
      refused('privacy-held'),
    );
    await releaseCase(t.ctx(await t.officer('ppdp.dukcapil')), one.number, 'mistaken');
    await assert.rejects(
      releaseCase(t.ctx(await t.officer('ppdp')), one.number, 'mistaken'),
      refused('privacy-not-held'),
    );
  });
});
