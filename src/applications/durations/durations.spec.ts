// The roll-up of durations over a few cases whose figures are known by hand.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { actOnApplication, loadByNumber, submitApplication } from '../actions.ts';
import { durationsOf, rollUp } from './actions.ts';

const { answers } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../services/akta-kelahiran/example.json'), 'utf8'),
);
let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());

const submitAt = async (at: string, channel: 'online' | 'onestop' = 'online') => {
  t.setClock(at);
  const actor = channel === 'online' ? undefined : await t.officer('verifikator'); // a counter is an officer's
  return (await submitApplication(t.ctx(actor), { service: 'akta-kelahiran', answers, channel })).number;
};
const actAt = async (at: string, login: string, number: string, act: Parameters<typeof actOnApplication>[2]) => {
  t.setClock(at);
  return actOnApplication(t.ctx(await t.officer(login)), number, act);
};
const asResident = async (at: string, number: string, act: Parameters<typeof actOnApplication>[2]) => {
  t.setClock(at);
  const { stored } = await loadByNumber(t.ctx(), number);
  return actOnApplication(t.ctx({ kind: 'resident', holds: [stored.application.id] }), number, act);
};
const table = async () =>
  (
    await t.world.pool.query(
      `SELECT month::text, channel, submitted, finished, on_time, median_minutes AS median, p90_minutes AS p90, simulated FROM applications.durations ORDER BY month, channel`,
    )
  ).rows;

describe('durations', () => {
  test("are counted in the month of the end, without the resident's own time, and only ended cases are finished", async () => {
    // 60 working minutes, on time
    const quick = await submitAt('2026-11-23T09:00:00+07:00');
    await actAt('2026-11-23T09:30:00+07:00', 'verifikator', quick, { action: 'setujui-berkas' });
    await actAt('2026-11-23T10:00:00+07:00', 'pengesah', quick, { action: 'sahkan' });
    // 30 minutes, three days with the resident, 90 minutes: 120, on time
    const mended = await submitAt('2026-11-23T10:00:00+07:00');
    await actAt('2026-11-23T10:30:00+07:00', 'verifikator', mended, {
      action: 'minta-perbaikan',
      note: 'Nama.',
      correction: { fields: ['namaAnak'], requirements: [] },
    });
    await asResident('2026-11-26T09:00:00+07:00', mended, {
      action: 'kirim-perbaikan',
      answers: { namaAnak: 'Bagas Benar' },
    });
    await actAt('2026-11-26T10:00:00+07:00', 'verifikator', mended, { action: 'setujui-berkas' });
    await actAt('2026-11-26T10:30:00+07:00', 'pengesah', mended, { action: 'sahkan' });
    // Friday 27 November 13.00 to Tuesday 1 December 10.00: 60 + 420 + 120 = 600 minutes, late, and of December
    const slow = await submitAt('2026-11-27T13:00:00+07:00', 'onestop');
    // one stays open, one is withdrawn
    await submitAt('2026-11-27T13:00:00+07:00', 'onestop');
    const stopped = await submitAt('2026-11-27T13:10:00+07:00');
    await asResident('2026-11-27T13:20:00+07:00', stopped, { action: 'batalkan' });
    await actAt('2026-12-01T09:00:00+07:00', 'verifikator', slow, { action: 'setujui-berkas' });
    await actAt('2026-12-01T10:00:00+07:00', 'pengesah', slow, { action: 'sahkan' });

    await rollUp(t.ctx());
    assert.deepEqual(await table(), [
      {
        month: '2026-11-01',
        channel: 'onestop',
        submitted: 2,
        finished: 0,
        on_time: 0,
        median: null,
        p90: null,
        simulated: false,
      },
      {
        month: '2026-11-01',
        channel: 'online',
        submitted: 3,
        finished: 2,
        on_time: 2,
        median: 90,
        p90: 114,
        simulated: false,
      },
      {
        month: '2026-12-01',
        channel: 'onestop',
        submitted: 0,
        finished: 1,
        on_time: 0,
        median: 600,
        p90: 600,
        simulated: false,
      },
    ]);
    assert.deepEqual(await durationsOf(t.ctx(), 'akta-kelahiran'), [
      { channel: 'onestop', finished: 1, onTime: 0, medianMinutes: 600, p90Minutes: 600, simulated: false },
      { channel: 'online', finished: 2, onTime: 2, medianMinutes: 90, p90Minutes: 114, simulated: false },
    ]);
  });

  test('are the same when nothing happened, and follow what did', async () => {
    const before = await table();
    await rollUp(t.ctx());
    assert.deepEqual(await table(), before);
    // 30 minutes to a refusal
    const refused = await submitAt('2026-12-01T11:00:00+07:00');
    await actAt('2026-12-01T11:30:00+07:00', 'verifikator', refused, { action: 'tolak', reason: 'lain' });
    await rollUp(t.ctx());
    assert.deepEqual((await table()).at(-1), {
      month: '2026-12-01',
      channel: 'online',
      submitted: 1,
      finished: 1,
      on_time: 1,
      median: 30,
      p90: 30,
      simulated: false,
    });
    // a contested refusal is no end any more, also when the objection comes weeks later
    await asResident('2026-12-29T09:00:00+07:00', refused, {
      action: 'ajukan-keberatan',
      note: 'Mohon diperiksa lagi.',
    });
    await rollUp(t.ctx());
    assert.deepEqual((await table()).at(-1), {
      month: '2026-12-01',
      channel: 'online',
      submitted: 1,
      finished: 0,
      on_time: 0,
      median: null,
      p90: null,
      simulated: false,
    });
    assert.equal((await durationsOf(t.ctx(), 'akta-kelahiran')).find((row) => row.channel === 'online')?.finished, 2);
  });

  test('of a service that nobody asked for are an empty list', async () => {
    assert.deepEqual(await durationsOf(t.ctx(), 'kia'), []);
  });
});
