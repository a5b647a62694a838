import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Outcome, UsageError } from '#platform/command.ts';
import { commands } from './commands.ts';
import { SERVICES } from './folder.ts';

type Flags = Record<string, string | true>;
const run = (name: string, words: string[], flags: Flags = {}): Promise<Outcome> =>
  commands.find((command) => command.name === `services ${name}`)!.run({ words, flags });
const folder = mkdtempSync(join(tmpdir(), 'pendopo-commands-'));
after(() => rmSync(folder, { recursive: true }));
const write = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const flow = {
  businessService: 'CONTOH',
  states: [
    {
      state: null,
      isStartState: true,
      isTerminateState: false,
      actions: [{ action: 'APPLY', nextState: 'DONE', roles: ['CITIZEN'] }],
    },
    { state: 'DONE', isStartState: false, isTerminateState: true, actions: null },
  ],
};

test('services check says of each service whether it is valid', async () => {
  const { ok, json } = await run('check', [join(SERVICES, 'akta-kelahiran')]);
  assert.deepEqual([ok, json], [true, { services: [{ id: 'akta-kelahiran', valid: true, problems: [] }] }]);
});

test('services check refuses what is ill, missing, binary or empty, naming file and place', async () => {
  const files = [
    write('tab.yaml', 'id: x\n\tname: y\n'),
    write('biner.yaml', new Uint8Array([0, 255, 1])),
    write('kosong.yaml', ''),
    join(folder, 'tiada'),
  ];
  const { ok, json, text } = await run('check', files);
  const { services } = json as {
    services: { id: string; valid: boolean; problems: { code: string; path: string }[] }[];
  };
  assert.equal(ok, false);
  assert.deepEqual(
    services.map(({ id, valid, problems }) => [id, valid, problems[0]!.code]),
    [
      ['tab', false, 'yaml'],
      ['biner', false, 'not-text'],
      ['kosong', false, 'empty'],
      ['tiada', false, 'not-found'],
    ],
  );
  assert.match(text, /tab\.yaml:2:1/);
});

test('services import-digit gives lists and a definition, and edges only when asked', async () => {
  const file = write('flow.json', JSON.stringify(flow));
  const { ok, json } = await run('import-digit', [file]);
  const { definition, ...rest } = json as Record<string, unknown>;
  assert.ok(ok && definition);
  assert.deepEqual(rest, {
    valid: true,
    name: 'CONTOH',
    states: ['start', 'DONE'],
    actions: ['APPLY'],
    roles: ['CITIZEN'],
    problems: [],
  });
  const round = (await run('import-digit', [file], { roundtrip: true })).json as Record<string, unknown>;
  assert.deepEqual(round['edges'], [{ from: 'start', action: 'APPLY', to: 'DONE', roles: ['CITIZEN'] }]);
});

test('services import-digit refuses a broken file with the place of the fault', async () => {
  for (const [name, content] of [
    ['rusak.json', '{"a": 1,\n x}'],
    ['kosong.json', ''],
    ['lain.json', '{}'],
    ['biner.json', new Uint8Array([255, 0])],
  ] as const) {
    const { ok, json } = await run('import-digit', [write(name, content)]);
    const { valid, problems } = json as { valid: boolean; problems: { path: string }[] };
    assert.deepEqual([ok, valid, problems.length], [false, false, 1], name);
  }
  const { ok, json } = await run('import-digit', [join(folder, 'tiada.json')], { roundtrip: true });
  assert.deepEqual([ok, (json as { edges: unknown }).edges], [false, []]);
});

test('services render writes the standard, the SOP and the diagram', async () => {
  assert.match((await run('render', ['akta-kelahiran'], { as: 'standard' })).text, /### 14\. /);
  assert.match((await run('render', ['akta-kelahiran'], { as: 'sop' })).text, /\| No\. \| Kegiatan/);
  assert.match((await run('render', ['akta-kelahiran'], { as: 'diagram' })).text, /^<svg /);
  const { ok, json } = await run('render', ['tidak-ada'], { as: 'sop' });
  assert.equal(ok, false);
  assert.equal((json as { problems: { code: string }[] }).problems[0]!.code, 'not-found');
});

test('wrong words are a wrong use, not a wrong input', async () => {
  for (const [name, words, flags] of [
    ['check', [], {}],
    ['import-digit', [], {}],
    ['import-digit', ['a', 'b'], {}],
    ['render', ['akta-kelahiran'], {}],
    ['render', ['akta-kelahiran'], { as: 'pdf' }],
    ['render', [], { as: 'sop' }],
  ] as [string, string[], Flags][])
    await assert.rejects(() => run(name, words, flags), UsageError, `${name} ${words.join(' ')}`);
});
