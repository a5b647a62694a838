// From what happens with a case to what its people are told, through the real engine, queue and pages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { parseGateways } from '#platform/gateways.ts';
import { newId } from '#platform/ids.ts';
import { resetLimits } from '#platform/rate-limit.ts';
import { actOnApplication, submitApplication } from '#src/applications/actions.ts';
import { passLimits } from '#src/applications/jobs.ts';
import { documentsOf } from '#src/documents/actions.ts';
import { type OpenMessage, openMessages } from '#src/messages/actions.ts';
import { tidy } from '#src/messages/jobs.ts';
import { sendDue } from '#src/messages/sending/actions.ts';
import { type HttpProvider, startSms } from '#test/providers.ts';
import { type Answer, Visitor, wordsOf } from '#test/visitor.ts';
import { MORNING, openTestWorld, type TestWorld } from '#test/world.ts';
import { tell } from './actions.ts';
import { followArrivals, remind } from './jobs.ts';

const example = JSON.parse(
  readFileSync(new URL('../../services/akta-kelahiran/example.json', import.meta.url), 'utf8'),
);
let t: TestWorld;
let sms: HttpProvider;
before(async () => {
  t = await openTestWorld();
  sms = await startSms({ keys: true });
  const gateway = { name: 'gerbang', url: `${sms.url}/send`, form: { to: '{to}', text: '{text}', ref: '{id}' } };
  t.world.config.gateways = parseGateways(
    {
      sms: [
        {
          ...gateway,
          idempotent: true,
          accepted: { path: 'status', is: ['queued'] },
          refused: { path: 'status', is: ['invalid-number'] },
        },
      ],
    },
    {},
  );
});
beforeEach(() => {
  resetLimits();
  t.setClock(MORNING);
  sms.mood = 'ok';
  sms.taken.length = 0;
});
after(async () => {
  await t.close();
  await sms.stop();
});

const submitOne = (more: { simulated?: boolean } = {}) =>
  submitApplication(t.ctx(), { service: 'akta-kelahiran', answers: example.answers, channel: 'online', ...more });
/** What the worker does: reads on in the log once all that was under way has settled, then the queue. */
const work = async (): Promise<number> => {
  for (let look = 0; look < 8; look++) {
    await followArrivals(t.ctx({ kind: 'system' }));
    await setTimeout(5);
  }
  return t.work();
};
const messagesOf = async (id: string): Promise<OpenMessage[]> => (await openMessages(t.ctx(), id)).reverse();
const kinds = async (id: string): Promise<string[]> => (await messagesOf(id)).map((one) => one.kind);
const act = async (login: string, number: string, given: Parameters<typeof actOnApplication>[2]) =>
  actOnApplication(t.ctx(await t.officer(login)), number, given);
const signIn = async (login: string): Promise<Visitor> => {
  const visitor = new Visitor(t.app);
  await visitor.post('/masuk', { login, password: 'pendopo-contoh' });
  return visitor;
};
const read = (answer: Answer): string => wordsOf(answer.html);

describe('the news of a case', () => {
  test('tells the phone of the form that it was received, with number, service, day and link only', async () => {
    const { id, number } = await submitOne();
    await work();
    assert.deepEqual(await kinds(id), ['permohonan-diterima']);
    assert.equal(sms.taken.length, 1);
    const text = sms.taken[0]?.text ?? '';
    assert.ok(text.includes(number) && text.includes(`http://localhost:3000/lacak/${number}`), text);
    assert.ok(text.includes('Selasa, 24 November 2026'), text);
    const personal = Object.entries(example.answers).filter(([name]) => /^(nama|nik|nomorKK)/.test(name));
    for (const [, value] of personal) assert.ok(!text.includes(String(value)), String(value));
  });

  test('tells once, however often its job runs', async () => {
    const { id } = await submitOne();
    await work();
    const { rows } = await t.world.pool.query(`SELECT id FROM platform.events WHERE subject = $1`, [id]);
    for (let n = 0; n < 3; n++) await tell(t.ctx(), id, 'permohonan-diterima', rows[0].id);
    await work();
    assert.equal(sms.taken.length, 1);
  });

  test('tells what to mend and by when, and reminds three days before the end, once', async () => {
    const { id, number } = await submitOne();
    await work();
    t.pass(5);
    await act('verifikator', number, {
      action: 'minta-perbaikan',
      note: 'Tolong perbaiki namanya.',
      correction: { fields: ['namaAnak'], requirements: [] },
    });
    await work();
    assert.deepEqual(await kinds(id), ['permohonan-diterima', 'perlu-perbaikan']);
    const asked = (await messagesOf(id))[1]?.text ?? '';
    assert.ok(!asked.includes('Tolong perbaiki'), 'the reason stays on the page');
    const { rows } = await t.world.pool.query(
      `SELECT late_at FROM applications.tasks WHERE application = $1 AND kind = 'resident' AND closed_at IS NULL`,
      [id],
    );
    const end: Date = rows[0].late_at;
    t.setClock(new Date(end.getTime() - 3.5 * 86_400_000));
    await remind(t.ctx());
    assert.equal((await kinds(id)).length, 2);
    t.setClock(new Date(end.getTime() - 2.9 * 86_400_000));
    for (let n = 0; n < 3; n++) await remind(t.ctx());
    assert.deepEqual((await kinds(id)).slice(2), ['kedaluwarsa-dekat']);
    t.setClock(new Date(end.getTime() + 60_000));
    await passLimits(t.ctx({ kind: 'system' }));
    await work();
    assert.deepEqual((await kinds(id)).slice(3), ['kedaluwarsa']);
  });

  test('tells of a refusal without its reason', async () => {
    const { id, number } = await submitOne();
    await work();
    t.pass(5);
    await act('verifikator', number, { action: 'tolak', reason: 'bukan-warga', note: 'Rahasia sekali.' });
    await work();
    const last = (await messagesOf(id)).at(-1);
    assert.equal(last?.kind, 'ditolak');
    assert.ok(!last?.text?.includes('Rahasia'));
  });

  test('tells that it is ready when the paper can be fetched, once', async () => {
    const { id, number } = await submitOne();
    await work();
    t.pass(5);
    await act('verifikator', number, { action: 'setujui-berkas' });
    await act('pengesah', number, { action: 'sahkan' });
    for (let n = 0; n < 3; n++) await work();
    const papers = await documentsOf(t.ctx(), id);
    assert.ok(papers.length > 0);
    assert.deepEqual(await kinds(id), ['permohonan-diterima', 'disetujui-terbit']);
    assert.equal(sms.taken.filter((one) => one.text.includes('sudah selesai')).length, 1);
  });

  test('says nothing about simulated cases', async () => {
    const { id } = await submitOne({ simulated: true });
    await work();
    assert.deepEqual(await kinds(id), []);
    assert.equal(sms.taken.length, 0);
  });
});

describe('how a message fared', () => {
  test('is read by the holder of the case, with its words, and by nobody without the code', async () => {
    const { number, track } = await submitOne();
    await work();
    const stranger = new Visitor(t.app);
    assert.equal((await stranger.get(`/lacak/${number}/pesan`)).status, 403);
    assert.equal((await stranger.get('/lacak/261123-XXXX-XXX/pesan')).status, 404);
    const holder = new Visitor(t.app);
    const status = await holder.post('/lacak', { nomor: number, kode: track });
    assert.match(read(status), /Permohonan diterima: terkirim \(SMS 08\d\d \*\*\*\* \d{3}\)/);
    const page = await holder.get(`/lacak/${number}/pesan`);
    assert.equal(page.status, 200);
    assert.match(read(page), /Dijanjikan selesai: Selasa, 24 November 2026/);
    assert.ok(page.bytes <= 14 * 1024 && status.bytes <= 14 * 1024, `${page.bytes} ${status.bytes}`);
    assert.doesNotMatch(page.html, /<script/);
  });

  test('is seen by the officer, who may send a failed one again: unknown → forbidden → malformed → done → done again', async () => {
    sms.mood = 'refuse';
    const { id, number } = await submitOne();
    await work();
    const officer = await signIn('verifikator');
    const failed = await officer.get(`/kerja/${number}`);
    assert.match(read(failed), /Pesan kepada pemohon Permohonan diterima Gagal/);
    assert.match(read(failed), /nomornya tidak bisa dihubungi/);
    const [message] = await messagesOf(id);
    const again = `/kerja/${number}/pesan/${message?.id}/ulang`;
    sms.mood = 'ok';
    assert.equal((await officer.post(`/kerja/${number}/pesan/${newId()}/ulang`)).status, 404);
    assert.equal((await (await signIn('sosial')).post(again)).status, 403);
    assert.equal((await new Visitor(t.app).post(again)).status, 403);
    assert.equal((await officer.post(`/kerja/${number}/pesan/bukan-id/ulang`)).status, 404);
    const other = await submitOne();
    assert.equal((await officer.post(`/kerja/${other.number}/pesan/${message?.id}/ulang`)).status, 404);
    assert.equal((await officer.post(again)).status, 200);
    assert.equal((await officer.post(again)).status, 200);
    await work();
    assert.match(read(await officer.get(`/kerja/${number}`)), /Permohonan diterima Terkirim/);
    assert.equal(sms.taken.filter((one) => one.text.includes(number)).length, 1);
    const { rows } = await t.world.pool.query(`SELECT count(*) FROM platform.events WHERE type = 'message.resent'`);
    assert.equal(Number(rows[0].count), 1);
  });

  test('stays as a record when its words are destroyed at their time', async () => {
    sms.mood = 'refuse';
    const { id, number } = await submitOne();
    await work();
    t.setClock('2027-12-01T09:00:00+07:00');
    await tidy(t.ctx());
    const [message] = await messagesOf(id);
    assert.deepEqual([message?.state, message?.text], ['failed', undefined]);
    t.setClock(MORNING);
    const officer = await signIn('verifikator');
    assert.equal((await officer.post(`/kerja/${number}/pesan/${message?.id}/ulang`)).status, 410);
    await sendDue(t.ctx());
  });
});
