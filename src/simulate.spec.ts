// A simulated history is one that the engine itself could have written.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { eventsOf } from '#platform/event-log.ts';
import { verifyChain } from '#platform/events.ts';
import { parseNumber } from '#platform/ids.ts';
import { loadByNumber } from '#src/applications/actions.ts';
import { type ApplicationEvent, fold, stateOf, statusOf } from '#src/applications/application.ts';
import { openAnswers, openLabel } from '#src/applications/content/actions.ts';
import { openDossier } from '#src/applications/dossier/actions.ts';
import { isSimulated } from '#src/applications/durations/actions.ts';
import { getVersion } from '#src/catalogue/actions.ts';
import { validateAnswers } from '#src/catalogue/form.ts';
import { deskRoles } from '#src/catalogue/workflow.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { simulate, simulateCommand } from './simulate.ts';

const SIZE = 1500;
let t: TestWorld;
before(async () => {
  t = await openTestWorld();
  assert.equal(await isSimulated(t.ctx()), false);
  await simulate(t, { applications: SIZE, months: 12, seed: 'satu' });
});
after(() => t.close());

type Row = Record<string, string | number | null>;
const rows = async (world: TestWorld, text: string): Promise<Row[]> => (await world.world.pool.query(text)).rows;

/** Everything but what is sealed with a fresh key each time. */
async function fingerprint(world: TestWorld): Promise<string> {
  const hash = createHash('sha256');
  for (const text of [
    `SELECT id, number, service, village, channel, state, status, seq, encode(head, 'hex') AS head, folded::text AS folded,
       submitted_at::text AS at,
       register_no, encode(nik_hash, 'hex') AS nik FROM applications.applications WHERE simulated ORDER BY id`,
    `SELECT id, subject, seq, encode(hash, 'hex') AS hash FROM platform.events 
       WHERE subject IN (SELECT id FROM applications.applications) ORDER BY subject, seq`,
    `SELECT id, kind, agency, role, area, opened_at::text AS at, closed_at::text AS closed, taken_by
       FROM applications.tasks ORDER BY id`,
  ])
    hash.update(JSON.stringify(await rows(world, text)));
  return hash.digest('hex');
}

/** About `count` of the numbers, spread over the year. */
async function sample(count: number): Promise<string[]> {
  return (
    await rows(
      t,
      `SELECT number FROM (SELECT number, row_number() OVER (ORDER BY id) AS n FROM applications.applications) a
       WHERE n % ${Math.floor(SIZE / count)} = 0`,
    )
  ).map((row) => String(row.number));
}

const share = async (condition: string): Promise<number> =>
  Number((await rows(t, `SELECT avg((${condition})::int)::float AS share FROM applications.applications a`))[0]?.share);

describe('a simulated history', () => {
  test('is the same for the same seed, and another for another', async () => {
    const twin = await openTestWorld();
    const other = await openTestWorld();
    try {
      await simulate(twin, { applications: SIZE, months: 12, seed: 'satu' });
      await simulate(other, { applications: SIZE, months: 12, seed: 'dua' });
      const [first, second, third] = [await fingerprint(t), await fingerprint(twin), await fingerprint(other)];
      assert.equal(first, second);
      assert.notEqual(first, third);
      // two seeds in one database stand beside each other, and the registers go on without gaps
      await simulate(twin, { applications: 200, months: 3, seed: 'dua' });
      const gaps = await rows(
        twin,
        `SELECT service FROM applications.applications GROUP BY service, register_year
         HAVING max(register_no) <> count(*) OR min(register_no) <> 1`,
      );
      assert.deepEqual(gaps, []);
      await assert.rejects(simulate(twin, { applications: 10, months: 1, seed: 'dua' }), /already there/);
      assert.equal((await rows(twin, 'SELECT count(*)::int AS n FROM applications.applications'))[0]?.n, SIZE + 200);
    } finally {
      await twin.close();
      await other.close();
    }
  });

  test('folds: chains are whole, and stored state, status and times are what the events say', async () => {
    for (const number of await sample(200)) {
      const { stored, service } = await loadByNumber(t.ctx(), number);
      const { application } = stored;
      const events = await eventsOf(t.world, application.id);
      assert.equal(verifyChain(events), undefined);
      assert.ok(stored.head.equals(events.at(-1)!.hash));
      const folded = fold(
        service,
        application.id,
        events.map(({ type, data, at }) => ({ event: { type, data } as unknown as ApplicationEvent, at })),
      );
      assert.deepEqual(folded, application);
      const row = await t.world.db
        .selectFrom('applications.applications')
        .selectAll()
        .where('number', '=', number)
        .executeTakeFirstOrThrow();
      assert.equal(row.status, statusOf(service, folded));
      assert.equal(row.state, folded.state);
      assert.equal(row.due_at.toISOString(), folded.dueAt);
      assert.equal(row.ended_at?.toISOString(), folded.endedAt);
      assert.equal(row.simulated, true);
      assert.ok(events.every((event, index) => index === 0 || event.at >= events[index - 1]!.at));
      assert.equal(parseNumber(number), number);
    }
  });

  test('leaves on the desks exactly the work of the states in which cases stand', async () => {
    const all = await rows(
      t,
      `SELECT a.number, a.status, t.kind, t.role, t.state FROM applications.applications a
      LEFT JOIN applications.tasks t ON t.application = a.id AND t.closed_at IS NULL`,
    );
    for (const [number, tasks] of Map.groupBy(all, (row) => String(row.number))) {
      const {
        stored: { application },
      } = await loadByNumber(t.ctx(), number);
      const { service } = await getVersion(t.world, application.service, application.version);
      const state = stateOf(service, application.state);
      const open = tasks.filter((task) => task.kind !== null);
      assert.ok(
        open.every((task) => task.state === application.state),
        number,
      );
      const of = (kind: string) => open.filter((task) => task.kind === kind);
      assert.equal(of('resident').length, state.waitsFor ? 1 : 0, number);
      assert.deepEqual(
        of('work')
          .map((task) => task.role)
          .sort(),
        state.end || state.waitsFor ? [] : deskRoles(state).sort(),
        number,
      );
      assert.equal(of('opinion').length, application.opinions.filter((opinion) => !opinion.answer).length, number);
      if (state.end) assert.equal(open.length, 0, number);
    }
    assert.ok(
      all.some((row) => row.status === 'in-progress'),
      'some work is left',
    );
  });

  test('holds valid answers of residents who say that they are simulated, and the log holds nothing of them', async () => {
    for (const number of await sample(100)) {
      const { stored, service } = await loadByNumber(t.ctx(), number);
      const answers = openAnswers(t.ctx(), stored);
      assert.deepEqual(validateAnswers(service, answers, stored.application.submittedAt.slice(0, 10)).issues, []);
      assert.match(openLabel(t.ctx(), stored), /^Warga Simulasi \p{L}{6,}$/u);
      const nik = service.applicant.nik && answers[service.applicant.nik];
      if (nik) assert.match(String(nik), /^3316\d{8}9\d{3}$/);
      const log = JSON.stringify((await eventsOf(t.world, stored.application.id)).map((event) => event.data));
      const personal = Object.values(answers).filter(
        (value): value is string => typeof value === 'string' && /Warga|\d{11,}|Dusun|@/.test(value),
      );
      for (const value of personal) assert.ok(!log.includes(value), `${value} stands in the log`);
    }
  });

  test('looks like a year: doors, days, returns, refusals, delays, and something of everything', async () => {
    const returned = await share(
      `EXISTS (SELECT FROM platform.events e WHERE e.subject = a.id AND e.type = 'application.returned')`,
    );
    assert.ok(returned > 0.12 && returned < 0.25, `returned ${returned}`);
    const refused = await share(`status = 'refused'`);
    assert.ok(refused > 0.02 && refused < 0.1, `refused ${refused}`);
    const late = await share('ended_at > due_at');
    assert.ok(late > 0.02 && late < 0.25, `late ${late}`);
    const online = await share(`channel = 'online'`);
    assert.ok(online > 0.3 && online < 0.6, `online ${online}`);
    const registry = await share(`agency = 'dindukcapil'`);
    assert.ok(registry > 0.2 && registry < 0.5, `Dindukcapil ${registry}`);
    const days = await rows(
      t,
      `SELECT date_part('isodow', submitted_at + interval '7 hours')::int AS day, count(*)::int AS n
       FROM applications.applications GROUP BY 1 ORDER BY 2 DESC`,
    );
    assert.equal(days[0]?.day, 1, 'Monday is the fullest day');
    const types = (await rows(t, 'SELECT DISTINCT type FROM platform.events')).map((row) => String(row.type));
    for (const word of [
      'submitted',
      'taken',
      'revealed',
      'noted',
      'returned',
      'resubmitted',
      'advanced',
      'completed',
      'refused',
      'withdrawn',
      'expired',
      'escalated',
      'opined',
      'consulted',
      'objected',
    ]) {
      assert.ok(types.includes(`application.${word}`), word);
    }
    const weekend = await share(`channel <> 'online' AND date_part('isodow', submitted_at + interval '7 hours') > 5`);
    assert.equal(weekend, 0, 'counters are closed at weekends');
  });

  test('stands in the log in order of time, in its months, by actors who have a name', async () => {
    const disorder = await rows(
      t,
      `SELECT count(*)::int AS n FROM (SELECT recorded_at, lag(recorded_at) OVER (ORDER BY position) AS before
      FROM platform.events WHERE subject IN (SELECT id FROM applications.applications)) e WHERE recorded_at < before`,
    );
    assert.equal(disorder[0]?.n, 0);
    assert.equal(
      (
        await rows(
          t,
          `SELECT count(*)::int AS n FROM platform.events WHERE tableoid = 'platform.events_rest'::regclass`,
        )
      )[0]?.n,
      0,
    );
    const nameless = await rows(
      t,
      `SELECT DISTINCT actor FROM platform.events WHERE length(actor) = 36
       AND actor NOT IN (SELECT id::text FROM identity.officers)`,
    );
    assert.deepEqual(nameless, []);
    const signIn = await rows(
      t,
      `SELECT count(*)::int AS n FROM identity.officers WHERE login LIKE 'simulasi.%' AND NOT disabled`,
    );
    assert.equal(signIn[0]?.n, 0);
  });

  test('can be worked on: an officer opens an open case', async () => {
    const [row] = await rows(
      t,
      `SELECT a.number FROM applications.tasks t JOIN applications.applications a ON a.id = t.application
      WHERE t.closed_at IS NULL AND t.agency = 'dindukcapil' AND t.role = 'verifier' LIMIT 1`,
    );
    if (!row) return; // a quiet seed
    const dossier = await openDossier(t.ctx(await t.officer('verifikator')), String(row.number));
    assert.ok(dossier.moments.length > 0 && dossier.actions.length > 0);
  });

  test('is known to the pages, and refused in production without a clear yes', async () => {
    const twin = await openTestWorld();
    try {
      const world = { ...twin.world, config: { ...twin.world.config, mode: 'production' as const } };
      const command = simulateCommand((work) =>
        work({ world, url: twin.url, migrated: [], close: async () => undefined }),
      );
      assert.equal((await command.run({ words: [], flags: { applications: '5', seed: 'x' } })).ok, false);
      assert.equal((await rows(twin, 'SELECT count(*)::int AS n FROM applications.applications'))[0]?.n, 0);
      const done = await command.run({ words: [], flags: { applications: '5', seed: 'x', yes: true } });
      assert.equal(done.ok, true);
      assert.deepEqual(Object.keys(done.json as object), ['applications', 'events', 'seconds']);
      assert.equal(await isSimulated(twin.ctx()), true);
    } finally {
      await twin.close();
    }
  });
});
