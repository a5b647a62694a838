// The engine's core as examples and as properties over every service of the catalogue.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { workingDaysBetween } from '#platform/calendar.ts';
import { readCalendar } from '#platform/world.ts';
import { readLibrary, SERVICES } from '#src/catalogue/folder.ts';
import { resolveService } from '#src/catalogue/library.ts';
import type { Service } from '#src/catalogue/service.ts';
import type { Opinions } from '#src/catalogue/workflow.ts';
import { type Application, evolve, fold, type Opinion, stateOf, statusOf } from './application.ts';
import { type Command, type Decision, decide, isRefusal, joined, openActions, submit } from './decide.ts';

const calendar = readCalendar();
const library = readLibrary(SERVICES);
const services = library.entries
  .map((entry) => resolveService(entry.raw, library.shared).service)
  .filter((one): one is Service => one !== undefined);
const birth = services.find((service) => service.id === 'akta-kelahiran') as Service;
const MONDAY = new Date('2026-11-23T09:00:00+07:00');
const VILLAGE = '33.16.01.2001';
const start = (service: Service, now = MONDAY) =>
  submit({ service, calendar, now }, { id: '0', version: 1, village: VILLAGE, channel: 'online' });
const later = (now: Date, minutes: number) => new Date(now.getTime() + minutes * 60_000);

function done(result: ReturnType<typeof decide>): Decision {
  assert.ok(!isRefusal(result), JSON.stringify(result));
  return result;
}

describe('a submission', () => {
  test("opens one task for each role of the first desk, due within the desk's limit", () => {
    const { opens, after } = start(birth);
    assert.deepEqual(
      opens.map(({ kind, agency, role }) => ({ kind, agency, role })),
      [{ kind: 'work', agency: 'dindukcapil', role: 'verifier' }],
    );
    assert.equal(after.dueAt, '2026-11-24T08:00:00.000Z'); // promised: one working day, the day of submission not counted
    assert.ok(opens[0] && opens[0].dueAt < new Date(after.dueAt));
  });

  test("to a village desk lands in the applicant's village", () => {
    const letter = services.find((service) => service.id === 'surat-usaha') as Service;
    assert.deepEqual(
      new Set(start(letter).opens.map((task) => `${task.agency} ${task.area}`)),
      new Set([`desa ${VILLAGE}`]),
    );
  });
});

describe('the clock', () => {
  test('stands still while the resident is asked for a correction', () => {
    const { after } = start(birth);
    const command: Command = {
      kind: 'act',
      action: 'minta-perbaikan',
      note: 'n',
      correction: { fields: ['namaAnak'], requirements: [] },
    };
    const asked = done(decide({ service: birth, calendar, now: later(MONDAY, 60) }, after, command));
    assert.equal(statusOf(birth, asked.after), 'waiting-resident');
    const monthLater = later(MONDAY, 20 * 24 * 60);
    const mended = done(
      decide({ service: birth, calendar, now: monthLater }, asked.after, { kind: 'act', action: 'kirim-perbaikan' }),
    );
    // two closings were left when it was asked: two closings are left now
    assert.equal(
      workingDaysBetween(calendar, monthLater, new Date(mended.after.dueAt)),
      workingDaysBetween(calendar, later(MONDAY, 60), new Date(after.dueAt)),
    );
  });

  test('gives a contested case the whole promise again', () => {
    const refused = done(
      decide({ service: birth, calendar, now: MONDAY }, start(birth).after, {
        kind: 'act',
        action: 'tolak',
        reason: 'lain',
      }),
    );
    const objected = done(
      decide({ service: birth, calendar, now: later(MONDAY, 5 * 24 * 60) }, refused.after, {
        kind: 'act',
        action: 'ajukan-keberatan',
        note: 'n',
      }),
    );
    assert.ok(objected.after.dueAt > refused.after.dueAt);
    assert.equal(objected.after.endedAt, undefined);
  });
});

describe('an objection', () => {
  test('is open for thirty days after the refusal and closed after (UU 25/2009 Pasal 42)', () => {
    const rules = { service: birth, calendar, now: MONDAY };
    const refused = done(decide(rules, start(birth).after, { kind: 'act', action: 'tolak', reason: 'lain' })).after;
    const object = (days: number) =>
      decide({ ...rules, now: later(MONDAY, days * 24 * 60) }, refused, {
        kind: 'act',
        action: 'ajukan-keberatan',
        note: 'n',
      });
    assert.equal(done(object(30)).after.state, 'keberatan');
    assert.deepEqual(object(31), { refused: 'too-late' });
    assert.deepEqual(openActions({ ...rules, now: later(MONDAY, 31 * 24 * 60) }, refused), []);
  });
});

describe('a refusal', () => {
  test('needs one of the listed reasons', () => {
    const { after } = start(birth);
    const rules = { service: birth, calendar, now: MONDAY };
    assert.deepEqual(decide(rules, after, { kind: 'act', action: 'tolak' }), { refused: 'reason-needed' });
    assert.deepEqual(decide(rules, after, { kind: 'act', action: 'tolak', reason: 'karangan' }), {
      refused: 'reason-needed',
    });
    assert.equal(done(decide(rules, after, { kind: 'act', action: 'tolak', reason: 'lain' })).after.reason, 'lain');
  });
});

describe('a correction', () => {
  test('names what to mend, and only what the form has', () => {
    const { after } = start(birth);
    const rules = { service: birth, calendar, now: MONDAY };
    const ask = (fields: string[]) =>
      decide(rules, after, {
        kind: 'act',
        action: 'minta-perbaikan',
        note: 'n',
        correction: { fields, requirements: [] },
      });
    assert.deepEqual(ask([]), { refused: 'name-what-to-mend' });
    assert.deepEqual(ask(['warnaRumah']), { refused: 'unknown-field', field: 'warnaRumah' });
    assert.deepEqual(done(ask(['namaAnak'])).after.correction, { fields: ['namaAnak'], requirements: [] });
  });
});

describe('opinions', () => {
  const opinion = (answer?: 'agree' | 'disagree'): Opinion => ({
    id: '',
    agency: 'a',
    role: 'r',
    asked: 'workflow',
    ...(answer && { answer }),
  });
  const rule = (join: Opinions['join']): Opinions => ({ ask: [], join, agreed: 'y', refused: 'n' });
  const cases: [Opinions['join'], (string | undefined)[], string | undefined][] = [
    ['all', ['agree', undefined], undefined],
    ['all', ['agree', 'agree'], 'agreed'],
    ['all', ['disagree', undefined], 'refused'],
    ['any', ['disagree', undefined], undefined],
    ['any', ['disagree', 'agree'], 'agreed'],
    ['any', ['disagree', 'disagree'], 'refused'],
    ['majority', ['agree', 'agree', undefined], 'agreed'],
    ['majority', ['agree', 'disagree', undefined], undefined],
    ['majority', ['agree', 'disagree'], 'refused'],
  ];
  for (const [join, answers, verdict] of cases) {
    test(`joined by "${join}" with ${answers.map((answer) => answer ?? 'open').join(', ')}: ${verdict ?? 'still open'}`, () => {
      assert.equal(
        joined(
          rule(join),
          answers.map((answer) => opinion(answer as 'agree')),
        ),
        verdict,
      );
    });
  }

  test('asked by an officer do not decide for the workflow, but hold its actions until answered or taken back', () => {
    const rules = { service: birth, calendar, now: MONDAY };
    const asked = done(
      decide(rules, start(birth).after, {
        kind: 'consult',
        opinion: { id: 'o', agency: 'dinsos-p3a', role: 'verifier' },
      }),
    );
    assert.deepEqual(decide(rules, asked.after, { kind: 'act', action: 'setujui-berkas' }), {
      refused: 'opinions-open',
    });
    const recalled = done(decide(rules, asked.after, { kind: 'recall', opinion: 'o' }));
    assert.equal(
      done(decide(rules, recalled.after, { kind: 'act', action: 'setujui-berkas' })).after.state,
      'pengesahan',
    );
  });
});

describe('any way through any service', () => {
  const step = fc.record({ pick: fc.nat(1000), minutes: fc.integer({ min: 0, max: 20_000 }), how: fc.nat(9) });

  test('keeps: stored = folded, one event a command, open tasks only on open cases, time only forward', () => {
    fc.assert(
      fc.property(fc.constantFrom(...services), fc.array(step, { maxLength: 25 }), (service, steps) => {
        let now = MONDAY;
        const first = start(service, now);
        let application = first.after;
        const history = [{ event: first.event, at: now.toISOString() }];
        let open = first.opens.length;
        for (const { pick, minutes, how } of steps) {
          now = later(now, minutes);
          const rules = { service, calendar, now };
          const command = someCommand(service, application, openActions(rules, application), pick, how);
          if (!command) break;
          const result = decide(rules, application, command);
          if (isRefusal(result)) continue;
          history.push({ event: result.event, at: now.toISOString() });
          assert.equal(result.after.seq, application.seq + 1);
          assert.deepEqual(evolve(service, application, result.event, now.toISOString()), result.after);
          if (!stateOf(service, application.state).end)
            assert.ok(
              result.after.dueAt >= application.dueAt ||
                result.event.type === 'application.objected' ||
                result.event.type === 'application.reopened',
            );
          open = (result.closes === 'all' ? 0 : open) + result.opens.length;
          application = result.after;
          const state = stateOf(service, application.state);
          if (state.end) assert.equal(result.opens.length, 0);
          assert.equal(application.endedAt !== undefined, state.end !== undefined);
          assert.equal(application.pausedAt !== undefined, state.waitsFor !== undefined);
          if (!state.end && result.closes === 'all')
            assert.ok(open > 0, `nobody is asked to work in ${application.state}`);
          for (const task of result.opens)
            assert.ok(
              task.dueAt.getTime() >= now.getTime() ||
                task.kind !== 'work' ||
                task.dueAt.toISOString() === application.dueAt,
            );
        }
        assert.deepEqual(fold(service, '0', history), application);
      }),
      { numRuns: 3000 },
    );
  });
});

function someCommand(
  service: Service,
  application: Application,
  actions: ReturnType<typeof openActions>,
  pick: number,
  how: number,
): Command | undefined {
  const waiting = application.opinions.find((opinion) => !opinion.answer);
  if (waiting && how < 5)
    return { kind: 'opine', opinion: waiting.id, answer: pick % 3 ? 'agree' : 'disagree', note: 'n' };
  if (how === 9) return { kind: 'late', task: { kind: 'work', state: application.state } };
  if (how === 8) return { kind: 'note', note: 'n' };
  const [id, action] = actions[pick % Math.max(1, actions.length)] ?? [];
  if (!id || !action) return undefined;
  const field = Object.keys(service.form[0]?.properties ?? {})[0] ?? '';
  return {
    kind: 'act',
    action: id,
    note: 'n',
    ...(action.kind === 'refuse' && { reason: action.reasons?.[0]?.id ?? 'lain' }),
    ...(action.kind === 'return' && {
      correction: { fields: service.form[0]?.repeat ? [service.form[0].id] : [field], requirements: [] },
    }),
  };
}
