import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { edgesOfDefinition, importDigit } from './digit.ts';

type Json = Record<string, unknown>;
const action = (name: string, nextState: unknown, ...roles: string[]) => ({ action: name, nextState, roles });
const state = (name: string | null, more: Json, ...actions: Json[]) => ({
  state: name,
  isStartState: false,
  isTerminateState: false,
  actions,
  ...more,
});
const flow = (...states: Json[]) => ({ businessService: 'CONTOH', businessServiceSla: 86_400_000, states });

const sound = () =>
  flow(
    state(null, { isStartState: true }, action('APPLY', 'CHECK', 'CITIZEN', 'CSR')),
    state(
      'CHECK',
      { sla: 5_400_000 },
      action('OK', 'DONE', 'CLERK'),
      action('OK', 'FIX', 'BOSS'),
      action('SENDBACK', 'FIX', 'CLERK'),
      action('COMMENT', 'CHECK', 'CITIZEN'),
    ),
    state('FIX', {}, action('RESUBMIT', 'CHECK', 'CITIZEN'), action('CANCEL', 'CANCELLED', 'CITIZEN')),
    state('DONE', { isTerminateState: true }, action('REOPEN', 'CHECK', 'CITIZEN')),
    { state: 'CANCELLED', isTerminateState: true, actions: null },
  );
const codes = (json: unknown) => [...new Set(importDigit(json).problems.map(({ code }) => code))];

test('nothing is lost: states, actions and roles, also the same action twice in a state', () => {
  const imported = importDigit(sound());
  assert.ok(imported.valid);
  assert.deepEqual(imported.states, ['start', 'CHECK', 'FIX', 'DONE', 'CANCELLED']);
  assert.deepEqual(imported.actions, ['APPLY', 'OK', 'SENDBACK', 'COMMENT', 'RESUBMIT', 'CANCEL', 'REOPEN']);
  assert.deepEqual(imported.roles, ['CITIZEN', 'CSR', 'CLERK', 'BOSS']);
  assert.deepEqual(edgesOfDefinition(imported.definition!), imported.edges);
  assert.equal(imported.edges.length, 8);
  assert.deepEqual(
    imported.edges.filter(({ action: name }) => name === 'OK').map(({ to, roles }) => [to, ...roles]),
    [
      ['DONE', 'CLERK'],
      ['FIX', 'BOSS'],
    ],
  );
});

test('meaning is inferred: kinds, ends, waits and limits', () => {
  const { states, start, promise } = importDigit(sound()).definition!;
  const kinds = Object.values(states).flatMap(({ actions }) =>
    Object.values(actions).map(({ name, kind }) => `${name} ${kind}`),
  );
  assert.deepEqual(kinds, [
    'APPLY advance',
    'OK complete',
    'OK advance',
    'SENDBACK return',
    'COMMENT note',
    'RESUBMIT resubmit',
    'CANCEL withdraw',
    'REOPEN reopen',
  ]);
  assert.deepEqual([start, promise, states['CHECK']!.limit], ['start', { hours: 24 }, { hours: 1.5 }]);
  assert.deepEqual(
    [states['DONE']!.end, states['CANCELLED']!.end, states['FIX']!.waitsFor],
    ['completed', 'withdrawn', 'resident'],
  );
});

test('targets are found by name or by uuid, and the service inside lists, wrappers and Postman bodies', () => {
  const byUuid = flow(
    state(null, { isStartState: true }, action('GO', 'u-1', 'A')),
    state('END', { uuid: 'u-1', isTerminateState: true }),
  );
  assert.deepEqual(importDigit(byUuid).edges, [{ from: 'start', action: 'GO', to: 'END', roles: ['A'] }]);
  const body = JSON.stringify({ BusinessServices: [sound()] });
  const postman = {
    item: [
      { request: { body: { raw: body } } },
      { request: { body: { raw: body } } },
      { request: { body: { raw: '{{x}}' } } },
    ],
  };
  for (const wrapped of [[sound()], { BusinessServices: [sound()] }, postman]) assert.ok(importDigit(wrapped).valid);
  const two = [sound(), { ...sound(), businessService: 'LAIN' }];
  assert.deepEqual(codes(two), ['several-services']);
  assert.equal(importDigit(two, 'LAIN').name, 'LAIN');
  assert.ok(!importDigit(two, 'TIDAK').valid);
});

test('ill-formed ones are refused with the reason', () => {
  const change = (edit: (states: ReturnType<typeof sound>['states']) => void) => {
    const json = sound();
    edit(json.states);
    return codes(json);
  };
  const moves = (one: Json) => one['actions'] as Json[];
  assert.deepEqual(
    change((s) => {
      moves(s[1]!)[1]!['nextState'] = 'DNE';
    }),
    ['dangling-state'],
  );
  assert.deepEqual(
    change((s) => {
      delete moves(s[1]!)[2]!['nextState'];
    }),
    ['dangling-state'],
  );
  assert.deepEqual(
    change((s) => {
      s.push(state('PULAU', {}, action('GO', 'DONE', 'A')));
    }),
    ['unreachable-state'],
  );
  assert.deepEqual(
    change((s) => {
      s.push(state('DUA', { isStartState: true }, action('GO', 'DONE', 'A')));
    }),
    ['several-starts'],
  );
  assert.deepEqual(
    change((s) => {
      s[2]!['actions'] = [];
      s[4]!['state'] = 'FIX2';
      moves(s[1]!).push(action('X', 'FIX2', 'A'));
    }),
    ['dead-end'],
  );
  assert.deepEqual(
    change((s) => {
      s[0]!['state'] = 'AWAL';
      s[0]!['isStartState'] = false;
    }),
    ['no-start'],
  );
  assert.deepEqual(
    change((s) => {
      s.push(state('DONE', { isTerminateState: true }));
    }),
    ['duplicate-state'],
  );
  assert.deepEqual(
    change((s) => {
      s.push(state(null, { isStartState: true }, action('GO', 'DONE', 'A')));
    }),
    ['duplicate-state'],
  );
  assert.deepEqual(
    change((s) => {
      moves(s[1]!)[0]!['roles'] = [];
    }),
    ['nobody'],
  );
  assert.deepEqual(
    change((s) => {
      delete moves(s[1]!)[1]!['action'];
    }),
    ['no-action-name'],
  );
  assert.ok(
    change((s) => {
      s.push(null as never);
    }).includes('not-a-state'),
  );
  assert.ok(codes(flow()).includes('no-start'));
  for (const other of [null, 1, 'x', [], {}, { states: {} }])
    assert.deepEqual(codes(other), ['not-a-business-service']);
});

test('states named like parts of an object stay what they are', () => {
  const json = flow(
    state(null, { isStartState: true }, action('__proto__', '__proto__', 'A')),
    state('__proto__', {}, action('constructor', 'start', 'A')),
    state('start', { isTerminateState: true }),
  );
  const { valid, states, edges, definition } = importDigit(json);
  assert.ok(valid);
  assert.deepEqual(states, ['start#2', '__proto__', 'start']);
  assert.deepEqual(edgesOfDefinition(definition!), edges);
});

test('what is no name, no list or no role is refused, never read as something else', () => {
  const end = state('END', { isTerminateState: true });
  const first = (actions: unknown, name: unknown = null) => flow({ state: name, isStartState: true, actions }, end);
  const go = (more: Json) => [{ action: 'GO', nextState: 'END', roles: ['A'], ...more }];
  assert.deepEqual(codes(first(go({}))), []);
  for (const name of [5, [], {}, false]) assert.ok(codes(first(go({}), name)).includes('not-a-name'), String(name));
  assert.ok(codes(first('GO')).includes('not-a-list'));
  assert.deepEqual(codes(flow(...(first(go({})).states as Json[]).slice(0, 1), { state: 'END', actions: {} })), [
    'not-a-list',
  ]);
  for (const roles of [['A', 5], ['A', ''], [null]])
    assert.deepEqual(codes(first(go({ roles }))), ['not-a-role'], JSON.stringify(roles));
  assert.deepEqual(codes(first(go({ roles: 'A' }))), ['nobody']);
  assert.deepEqual(
    codes(flow(...(first(go({})).states as Json[]).slice(0, 1), { ...end, applicationStatus: { toString: 1 } })),
    [],
  );
});

test('a large or endlessly nested file is answered at once', () => {
  const long = (size: number, more: (i: number) => Json, to = (i: number) => `S${i + 1}`) =>
    flow(
      ...Array.from({ length: size }, (_, i) =>
        state(`S${i}`, more(i), ...(i === size - 1 ? [] : [action('GO', to(i), 'A')])),
      ),
    );
  const end = (i: number) => ({ isTerminateState: i === 4999 });
  const began = performance.now();
  assert.ok(importDigit(long(5000, (i) => ({ ...end(i), isStartState: i === 0 }))).valid);
  assert.equal(importDigit(long(5000, (i) => ({ ...end(i), isStartState: true }))).definition?.start, 'S0');
  assert.ok(!importDigit(long(5000, end, (i) => `T${i}`)).valid);
  const same = Array.from({ length: 5000 }, () => action('GO', 'END', 'A'));
  assert.ok(importDigit(flow(state(null, {}, ...same), { state: 'END' })).valid);
  assert.ok(performance.now() - began < 5000, 'seconds, not minutes');
  const deep = JSON.parse(`{"states":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`);
  assert.deepEqual(codes(deep), ['too-deep']);
});

const SHARED = fileURLToPath(new URL('../../../shared/data/workflows/digit', import.meta.url));
test('real machines go round without loss, and only the ill-formed are refused', {
  skip: !existsSync(SHARED) && 'shared/data is not here',
}, () => {
  const refused: string[] = [];
  for (const file of readdirSync(SHARED).filter((name) => name.endsWith('.json'))) {
    const json = JSON.parse(readFileSync(join(SHARED, file), 'utf8')) as { states: Json[] };
    const imported = importDigit(json);
    if (!imported.definition) {
      refused.push(file.replace(/\.\w+\.json$/, ''));
      assert.ok(imported.problems.length > 0, file);
      continue;
    }
    const nameOf = (next: unknown) =>
      json.states.find(({ state: name, uuid }) => name === next || uuid === next)!['state'];
    const original = json.states.flatMap((from) =>
      ((from['actions'] ?? []) as Json[]).map(({ action: name, nextState, roles }) => ({
        from: from['state'] ?? 'start',
        action: name,
        to: nameOf(nextState),
        roles,
      })),
    );
    assert.deepEqual(edgesOfDefinition(imported.definition), original, file);
    assert.equal(Object.keys(imported.definition.states).length, json.states.length, file);
  }
  assert.deepEqual(refused.sort(), ['DIRECTRENEWAL', 'PGR', 'PGR']);
});
