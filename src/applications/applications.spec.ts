// The engine through its actions, on the real database.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { context } from '#platform/context.ts';
import { eventsOf } from '#platform/event-log.ts';
import { verifyChain } from '#platform/events.ts';
import { acceptUpload, openFile } from '#platform/files.ts';
import { newId } from '#platform/ids.ts';
import type { Problem } from '#platform/problem.ts';
import { getVersion } from '#src/catalogue/actions.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { actOnApplication, loadByNumber, submitApplication } from './actions.ts';
import { type ApplicationEvent, fold, statusOf } from './application.ts';
import { takeTask } from './assignment/actions.ts';
import { openDossier } from './dossier/actions.ts';
import { listInbox } from './inbox/actions.ts';
import { giveNumbers, passLimits, tidy } from './jobs.ts';
import { askOpinion, giveOpinion } from './opinions/actions.ts';

const example = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../services/akta-kelahiran/example.json'), 'utf8'),
);
const answers = example.answers;

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());

const submitOne = (over: object = {}, ctx = t.ctx()) =>
  submitApplication(ctx, { service: 'akta-kelahiran', answers: { ...answers, ...over }, channel: 'online' });
const code = (expected: string) => (error: unknown) => (error as Problem).kind?.code === expected;

/** The stored state must be what the events say. */
async function assertFolded(number: string): Promise<void> {
  const { stored } = await loadByNumber(t.ctx(), number);
  const { service } = await getVersion(t.world, stored.application.service, stored.application.version);
  const events = await eventsOf(t.world, stored.application.id);
  assert.equal(verifyChain(events), undefined);
  const folded = fold(
    service,
    stored.application.id,
    events.map((event) => ({
      event: { type: event.type, data: event.data } as unknown as ApplicationEvent,
      at: event.at,
    })),
  );
  assert.deepEqual(folded, stored.application);
  const row = await t.world.db
    .selectFrom('applications.applications')
    .select(['status', 'state', 'due_at', 'ended_at'])
    .where('number', '=', number)
    .executeTakeFirstOrThrow();
  assert.equal(row.status, statusOf(service, folded));
  assert.equal(row.state, folded.state);
  assert.equal(row.due_at.toISOString(), folded.dueAt);
  assert.equal(row.ended_at?.toISOString(), folded.endedAt);
}

describe('an application', () => {
  test('is in the inbox of its desk the moment it is acknowledged', async () => {
    const receipt = await submitOne();
    const inbox = await listInbox(t.ctx(await t.officer('verifikator')), {});
    const item = inbox.items.find((one) => one.number === receipt.number);
    assert.equal(item?.name, 'Ayah Contoh');
    assert.equal(item?.state, 'verifikasi');
    await assertFolded(receipt.number);
  });

  test('with wrong answers is refused with one sentence a field, and nothing is kept', async () => {
    const before = await count();
    await assert.rejects(submitOne({ namaAnak: '', nikIbu: '12' }), (error: Problem) => {
      assert.equal(error.kind.code, 'invalid');
      assert.deepEqual(new Set(error.errors.map((one) => one.path)), new Set(['answers.namaAnak', 'answers.nikIbu']));
      return true;
    });
    assert.equal(await count(), before);
  });

  test('sent twice under one command is one application; another content under it is refused', async () => {
    const commandId = newId(t.world.clock());
    const send = (over = {}) => submitOne(over, context(t.world, { kind: 'resident', holds: [] }, 'online', commandId));
    const [first, second] = await Promise.all([send(), send()]);
    assert.equal(first.number, second.number);
    assert.equal(first.track, second.track);
    assert.deepEqual([first.repeated, second.repeated].sort(), [false, true]);
    await assert.rejects(send({ namaAnak: 'Nama Lain' }), code('idempotency-key-reused'));
  });

  test('is answered as the first time even when the content would no longer pass', async () => {
    const commandId = newId(t.world.clock());
    const young = { ...answers, tanggalLahir: '2026-11-10' };
    const send = () =>
      submitApplication(context(t.world, { kind: 'resident', holds: [] }, 'online', commandId), {
        service: 'akta-kelahiran',
        answers: young,
        channel: 'online',
      });
    const first = await send();
    const now = t.world.clock();
    t.setClock('2026-11-01T09:00:00+07:00'); // on a server whose clock is behind, the birth lies in the future
    assert.equal((await send()).number, first.number);
    t.setClock(now);
  });

  test('goes from the resident over correction to its product, and every step is one event', async () => {
    const receipt = await submitOne();
    const verifier = await t.officer('verifikator');
    t.pass(60);
    await assert.rejects(
      actOnApplication(t.ctx(verifier), receipt.number, { action: 'minta-perbaikan', note: 'x' }),
      code('invalid'),
    );
    await actOnApplication(t.ctx(verifier), receipt.number, {
      action: 'minta-perbaikan',
      note: 'Nama tidak sama dengan surat.',
      correction: { fields: ['namaAnak'], requirements: [] },
    });
    const { stored } = await loadByNumber(t.ctx(), receipt.number);
    const resident = { kind: 'resident' as const, holds: [stored.application.id] };
    assert.equal((await openDossier(t.ctx(resident), receipt.number)).status, 'waiting-resident');

    t.pass(3 * 24 * 60); // three days of the resident's own time do not count
    await assert.rejects(
      actOnApplication(t.ctx(resident), receipt.number, {
        action: 'kirim-perbaikan',
        answers: { namaIbu: 'Lain Sekali' },
      }),
      code('invalid'),
    );
    await actOnApplication(t.ctx(resident), receipt.number, {
      action: 'kirim-perbaikan',
      answers: { namaAnak: 'Bagas Benar' },
    });
    const mended = await openDossier(t.ctx(verifier), receipt.number);
    assert.equal(mended.answers.namaAnak, 'Bagas Benar');
    assert.ok(mended.dueAt > new Date(receipt.dueAt));

    await actOnApplication(t.ctx(verifier), receipt.number, { action: 'setujui-berkas' });
    const done = await actOnApplication(t.ctx(await t.officer('pengesah')), receipt.number, { action: 'sahkan' });
    assert.equal(done.status, 'completed');
    const dossier = await openDossier(t.ctx(resident), receipt.number);
    assert.deepEqual(
      dossier.moments.map((moment) => moment.type),
      [
        'application.submitted',
        'application.returned',
        'application.resubmitted',
        'application.advanced',
        'application.completed',
      ],
    );
    assert.deepEqual(dossier.tasks, []);
    await assertFolded(receipt.number);
  });

  test('acted on by two officers at once moves once; the other is told', async () => {
    const receipt = await submitOne();
    const verifier = await t.officer('verifikator');
    const results = await Promise.allSettled(
      ['setujui-berkas', 'tolak'].map((action) =>
        actOnApplication(t.ctx(verifier), receipt.number, { action, from: 'verifikasi', reason: 'lain' }),
      ),
    );
    assert.deepEqual(results.map((result) => result.status).sort(), ['fulfilled', 'rejected']);
    const lost = results.find((result) => result.status === 'rejected');
    assert.ok(code('moved-on')(lost?.reason));
    await assertFolded(receipt.number);
  });

  test("answers an officer's repeated command as the first time", async () => {
    const receipt = await submitOne();
    const verifier = await t.officer('verifikator');
    const commandId = newId(t.world.clock());
    const act = () =>
      actOnApplication(context(t.world, verifier, 'desk', commandId), receipt.number, {
        action: 'setujui-berkas',
        from: 'verifikasi',
      });
    assert.equal((await act()).repeated, false);
    assert.deepEqual({ ...(await act()), repeated: false }, { ...(await act()), repeated: false });
    assert.equal((await act()).repeated, true);
  });

  test('is closed to those whose desk it is not on', async () => {
    const receipt = await submitOne();
    for (const login of ['pengesah', 'perizinan', 'desa.bangkleyan']) {
      await assert.rejects(
        actOnApplication(t.ctx(await t.officer(login)), receipt.number, { action: 'setujui-berkas' }),
        code('forbidden'),
      );
    }
    await assert.rejects(openDossier(t.ctx(await t.officer('perizinan')), receipt.number), code('forbidden'));
    await assert.rejects(openDossier(t.ctx(), receipt.number), code('forbidden'));
    await assert.rejects(openDossier(t.ctx(), '261123-AAAA-AAA'), code('not-found'));
  });

  test('waits for an opinion that was asked of another agency', async () => {
    const receipt = await submitOne();
    const verifier = await t.officer('verifikator');
    await askOpinion(t.ctx(verifier), receipt.number, {
      agency: 'dinsos-p3a',
      role: 'verifier',
      note: 'Apakah keluarga ini terdata?',
    });
    await assert.rejects(
      actOnApplication(t.ctx(verifier), receipt.number, { action: 'setujui-berkas' }),
      code('opinions-open'),
    );
    const social = await t.officer('sosial');
    const dossier = await openDossier(t.ctx(social), receipt.number);
    assert.equal(dossier.status, 'waiting-opinion');
    await giveOpinion(t.ctx(social), receipt.number, {
      id: dossier.opinions[0]?.opinion ?? '',
      answer: 'agree',
      note: 'Terdata.',
    });
    await assertFolded(receipt.number);
    await actOnApplication(t.ctx(verifier), receipt.number, { action: 'setujui-berkas' });
  });

  test('that stays too long is escalated once; one that the resident leaves expires', async () => {
    const slow = await submitOne();
    const left = await submitOne();
    const verifier = await t.officer('verifikator');
    await actOnApplication(t.ctx(verifier), left.number, {
      action: 'minta-perbaikan',
      note: 'Perbaiki nama.',
      correction: { fields: ['namaAnak'], requirements: [] },
    });
    t.pass(31 * 24 * 60);
    await passLimits(t.ctx({ kind: 'system' }));
    await passLimits(t.ctx({ kind: 'system' }));
    const above = await listInbox(t.ctx(await t.officer('atasan')), { limit: 100 });
    assert.equal(above.items.filter((item) => item.number === slow.number && item.kind === 'escalation').length, 1);
    const { stored } = await loadByNumber(t.ctx(), slow.number);
    const events = await eventsOf(t.world, stored.application.id);
    assert.equal(events.filter((event) => event.type === 'application.escalated').length, 1);
    assert.equal((await loadByNumber(t.ctx(), left.number)).stored.application.state, 'kedaluwarsa');
    await assertFolded(left.number);
    await assertFolded(slow.number);
  });

  test('may be taken by one officer, whose name stands in the list', async () => {
    const receipt = await submitOne();
    const verifier = await t.officer('verifikator');
    await takeTask(t.ctx(verifier), receipt.number);
    const inbox = await listInbox(t.ctx(verifier), { mine: true });
    assert.ok(inbox.items.some((item) => item.number === receipt.number));
  });

  test('gets a register number without gaps, also when many workers give them at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => submitOne()));
    await Promise.all([giveNumbers(t.ctx()), giveNumbers(t.ctx()), giveNumbers(t.ctx())]);
    const rows = await t.world.db
      .selectFrom('applications.applications')
      .select(['register_no', 'register_year'])
      .where('service', '=', 'akta-kelahiran')
      .execute();
    const byYear = Map.groupBy(rows, (row) => row.register_year);
    for (const numbers of byYear.values()) {
      const sorted = numbers.map((row) => row.register_no ?? 0).sort((a, b) => a - b);
      assert.deepEqual(
        sorted,
        sorted.map((_, index) => index + 1),
      );
    }
  });
});

describe('tidying', () => {
  test('throws away uploads that nothing uses, and keeps evidence however old', async () => {
    const owner = newId(t.world.clock());
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const [used, unused] = [
      await acceptUpload(t.ctx(), { owner, name: 'kk.png', bytes: png }),
      await acceptUpload(t.ctx(), { owner, name: 'lain.png', bytes: png }),
    ];
    const documents = [{ file: used.id, requirement: 'kk' }];
    await submitApplication(t.ctx(), {
      service: 'akta-kelahiran',
      answers,
      documents,
      owners: [owner],
      channel: 'online',
    });
    t.pass(61 * 24 * 60);
    await tidy(t.ctx({ kind: 'system' }));
    assert.ok(await openFile(t.ctx(), used.id));
    assert.equal(await openFile(t.ctx(), unused.id), undefined);
  });
});

describe('the log', () => {
  test('holds no personal value of anybody', async () => {
    await submitOne();
    const { rows } = await t.world.pool.query('SELECT data::text AS data FROM platform.events');
    const personal = Object.values(answers).filter(
      (value): value is string =>
        typeof value === 'string' && value.length > 5 && !/^\d{2}\.|^\d{4}-/.test(value) && value !== 'fasilitas',
    );
    for (const value of personal)
      assert.ok(!rows.some((row) => row.data.includes(value)), `${value} stands in the log`);
  });

  test('cannot be changed by the program', async () => {
    await assert.rejects(t.world.pool.query(`UPDATE platform.events SET actor = 'x'`), /permission denied/);
    await assert.rejects(t.world.pool.query('DELETE FROM platform.events'), /permission denied/);
  });

  test('is sealed where it is personal: no name or number stands in clear in the rows', async () => {
    const { rows } = await t.world.pool.query(`SELECT a::text AS row FROM applications.applications a`);
    for (const value of ['Ayah Contoh', '3316010101909001']) {
      const hex = Buffer.from(value).toString('hex');
      assert.ok(!rows.some((row) => row.row.includes(value) || row.row.includes(hex)));
    }
  });
});

const count = async (): Promise<number> =>
  (await t.world.pool.query('SELECT count(*)::int AS n FROM applications.applications')).rows[0].n;
