// A breach from its discovery to the last notice, as the officer for personal data and the people concerned meet it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { context, SYSTEM } from '#platform/context.ts';
import { newId } from '#platform/ids.ts';
import type { Problem } from '#platform/problem.ts';
import { submitApplication } from '#src/applications/actions.ts';
import { DEMO_PASSWORD } from '#src/demo.ts';
import { Visitor, wordsOf } from '#test/visitor.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import {
  gatherSubjects,
  listBreaches,
  notifySubjects,
  openBreach,
  reportBreach,
  selectSubjects,
  tellSubjects,
} from './actions.ts';
import { noticeDue, noticeState } from './breach.ts';

const example = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../services/surat-domisili/example.json'), 'utf8'),
);
const ACCOUNT = {
  exposed: 'Nama, alamat, dan nomor HP pemohon surat domisili.',
  when: 'Antara 20 dan 22 November 2026, lewat laptop dinas yang hilang.',
  handling: 'Sesi laptop diakhiri dan kata sandi diganti.',
  recovery: 'Laptop dilacak; waspadai telepon yang mengaku petugas.',
};
const PATH = '/kerja/data-pribadi/insiden';

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());

const refused = (code: string) => (error: unknown) => (error as Problem).kind?.code === code;
const ppdp = async (login = 'ppdp') => t.ctx(await t.officer(login));
const foundAt = new Date('2026-11-22T20:00:00+07:00');
const submit = (change: object = {}) =>
  submitApplication(t.ctx(), {
    service: 'surat-domisili',
    answers: { ...example.answers, ...change },
    channel: 'online',
  });

async function officer(login: string): Promise<Visitor> {
  const visitor = new Visitor(t.app);
  await visitor.post('/masuk', { login, password: DEMO_PASSWORD });
  return visitor;
}
const sent = async (): Promise<number> =>
  (
    await t.world.pool.query(
      `SELECT count(*)::int AS n FROM messages.messages WHERE template = 'pemberitahuan-kebocoran'`,
    )
  ).rows[0].n;

describe('the register of breaches', () => {
  test('demands the minimum content of UU 27/2022 Pasal 46 before anything is written', async () => {
    await assert.rejects(reportBreach(t.ctx(), { foundAt, account: ACCOUNT }), refused('forbidden'));
    await assert.rejects(reportBreach(await ppdp('verifikator'), { foundAt, account: ACCOUNT }), refused('forbidden'));
    for (const name of ['exposed', 'when', 'handling', 'recovery'] as const)
      await assert.rejects(
        reportBreach(await ppdp(), { foundAt, account: { ...ACCOUNT, [name]: 'ya' } }),
        (error: Problem) => {
          assert.deepEqual(
            error.errors.map((one) => one.path),
            [name],
          );
          return true;
        },
      );
    await assert.rejects(
      reportBreach(await ppdp(), { foundAt: new Date('2026-12-24T00:00:00Z'), account: ACCOUNT }),
      refused('invalid'),
    );
    assert.equal((await listBreaches(await ppdp())).items.length, 0);
  });

  test('runs 3 × 24 hours from the discovery, keeps what was typed, and a form sent twice writes once', async () => {
    const visitor = await officer('ppdp');
    const bad = await visitor.post(`${PATH}/baru`, {
      'ditemukan.d': '31',
      'ditemukan.m': '6',
      'ditemukan.y': '2026',
      jam: '20.00',
      ...ACCOUNT,
      when: '',
    });
    assert.equal(bad.status, 422);
    assert.match(wordsOf(bad.html), /Tulis kapan kejadian ini ditemukan.*Kapan dan bagaimana terungkap: tulis/);
    assert.ok(bad.html.includes(ACCOUNT.handling));
    const form = {
      perintah: newId(),
      'ditemukan.d': '22',
      'ditemukan.m': '11',
      'ditemukan.y': '2026',
      jam: '20.00',
      ...ACCOUNT,
    };
    const page = await visitor.post(`${PATH}/baru`, form);
    assert.equal((await visitor.post(`${PATH}/baru`, form)).path, page.path);
    assert.equal((await listBreaches(await ppdp())).items.length, 1);
    assert.match(wordsOf(page.html), /Harus diberitahukan Batas pemberitahuan 25 November 2026/);
    assert.equal(noticeDue(foundAt).toISOString(), '2026-11-25T13:00:00.000Z');
  });

  test('is sealed, only ever added to, and shows another agency’s officer nothing', async () => {
    const id = (await listBreaches(await ppdp())).items[0]?.id ?? '';
    const visitor = await officer('ppdp');
    await visitor.post(`${PATH}/${id}/tambah`, {
      ...ACCOUNT,
      exposed: 'Nama, alamat, nomor HP, dan pekerjaan pemohon.',
    });
    const { breach } = await openBreach(await ppdp(), id);
    assert.deepEqual(
      breach.entries.map((one) => one.kind),
      ['report', 'amendment'],
    );
    assert.match(wordsOf((await visitor.get(`${PATH}/${id}`)).html), /dan pekerjaan pemohon.*Kejadian dicatat/);
    const stored = await t.world.pool.query('SELECT content::text FROM privacy.breach_entries');
    assert.ok(stored.rows.every((row) => !Buffer.from(row.content.slice(2), 'hex').includes('alamat')));
    for (const sql of [
      'UPDATE privacy.breach_entries SET at = now()',
      'DELETE FROM privacy.breach_entries',
      'UPDATE privacy.breaches SET found_at = now()',
    ])
      await assert.rejects(t.world.pool.query(sql), /permission denied/);
    await assert.rejects(openBreach(await ppdp('ppdp.dukcapil'), id), refused('forbidden'));
    assert.equal((await listBreaches(await ppdp('ppdp.dukcapil'))).items.length, 0);
    await assert.rejects(openBreach(await ppdp(), newId()), refused('not-found'));
  });

  test('tells everyone concerned once, in chunks, also when the job is run again, and names those it cannot reach', async () => {
    const [, , silent] = [await submit(), await submit(), await submit({ telepon: undefined })];
    assert.ok(silent);
    const id = (await listBreaches(await ppdp())).items[0]?.id ?? '';
    await assert.rejects(tellSubjects(await ppdp(), id), refused('breach-incomplete'));
    const within = {
      service: 'surat-domisili',
      from: new Date('2026-11-20T00:00:00+07:00'),
      to: new Date('2026-11-24T00:00:00+07:00'),
    };
    await assert.rejects(selectSubjects(await ppdp(), id, { ...within, to: within.from }), refused('invalid'));
    await selectSubjects(await ppdp(), id, within);
    await t.work();
    const system = () => context(t.world, SYSTEM, 'system');
    await gatherSubjects(system(), id);
    assert.deepEqual((await openBreach(await ppdp(), id)).counts, { total: 3, queued: 0, noAddress: 0, erased: 0 });
    const listed = await t.world.pool.query('SELECT subject FROM privacy.breach_subjects');
    assert.ok(
      listed.rows.every((row) => row.subject.length > 36 && !/[0-9a-f]{8}-/.test(row.subject.toString())),
      'the list is sealed',
    );

    const visitor = await officer('ppdp');
    assert.match(wordsOf((await visitor.get(`${PATH}/${id}`)).html), /Kirim pemberitahuan kepada 3 pemohon\?/);
    const stranger = new Visitor(t.app);
    assert.equal(
      (await stranger.get(`/privasi/pemberitahuan/${id}`)).status,
      404,
      'nothing is public before people are told',
    );
    await visitor.post(`${PATH}/${id}/beritahu`, { perintah: newId() });
    await t.work();
    await notifySubjects(system(), id);
    assert.deepEqual((await openBreach(await ppdp(), id)).counts, { total: 3, queued: 2, noAddress: 1, erased: 0 });
    assert.equal(await sent(), 2);
    const notice = await stranger.get(`/privasi/pemberitahuan/${id}`);
    assert.equal(notice.status, 200);
    assert.match(wordsOf(notice.html), /dan pekerjaan pemohon.*Waspada penipuan/);
    assert.ok(notice.bytes < 14_336 && !notice.html.includes('<script'));
  });

  test('knows when both were told in time, and once closed takes nothing more', async () => {
    const id = (await listBreaches(await ppdp())).items[0]?.id ?? '';
    const visitor = await officer('ppdp');
    assert.match(wordsOf((await visitor.get(`${PATH}/${id}/surat`)).html), /Pasal 46.*Upaya pemulihan/);
    const bad = await visitor.post(`${PATH}/${id}/lembaga`, { cara: '' });
    assert.equal(bad.status, 422);
    await visitor.post(`${PATH}/${id}/lembaga`, { cara: 'Surat tercatat nomor 045/12.' });
    const { breach } = await openBreach(await ppdp(), id);
    assert.equal(noticeState(breach, t.world.clock()), 'done');
    assert.equal(noticeState({ ...breach, subjectsAt: undefined }, new Date(breach.due.getTime() + 1)), 'late');
    await visitor.post(`${PATH}/${id}/tutup`, { perintah: newId() });
    assert.equal((await visitor.post(`${PATH}/${id}/lembaga`, { cara: 'Sekali lagi.' })).status, 409);
    const events = await t.world.pool.query(`SELECT type, data FROM platform.events WHERE subject = $1 ORDER BY seq`, [
      id,
    ]);
    assert.deepEqual(
      events.rows.map((row) => row.type),
      [
        'breach.reported',
        'breach.amended',
        'breach.selected',
        'breach.subjects-told',
        'breach.authority-told',
        'breach.closed',
      ],
    );
  });
});
