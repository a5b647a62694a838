import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readLibrary, readYaml, SERVICES } from './folder.ts';
import { resolveService } from './library.ts';

const { shared, entries } = readLibrary(join(SERVICES, 'akta-kelahiran'));
// biome-ignore lint/suspicious/noExplicitAny: written YAML of any shape, to be made wrong
type Written = Record<string, any>;
const raw = () => structuredClone(entries[0]!.raw) as Written;
const folder = mkdtempSync(join(tmpdir(), 'pendopo-services-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

test('shared steps and workflows are filled in, and what the service writes wins', () => {
  const written = raw();
  written['workflow'] = {
    use: 'dua-tahap',
    promise: { workingDays: 1 },
    states: { verifikasi: { name: 'Periksa', actions: { batalkan: null } } },
  };
  const { service, problems } = resolveService(written, shared);
  assert.deepEqual(problems, []);
  const { verifikasi } = service!.workflow.states;
  assert.equal(verifikasi!.name, 'Periksa');
  assert.ok(verifikasi!.actions['tolak'], 'what is not written stays');
  assert.equal(verifikasi!.actions['batalkan'], undefined, 'null removes');
  assert.ok(service!.form.some(({ id, title }) => id === 'pemohon' && title !== ''));
  assert.equal(
    (shared.workflows['dua-tahap'] as Written)['states'].verifikasi.name,
    'Verifikasi berkas',
    'the shared part is untouched',
  );
});

test('components not written come from the agency or are told from the data, as sure as their weakest part', () => {
  const written = raw();
  written['standard'] = {};
  for (const requirement of written['requirements']) requirement.provenance = 'sourced';
  written['products'][0].provenance = 'unverified';
  const { standard } = resolveService(written, shared).service!;
  assert.deepEqual(standard.facilities, shared.agencies['dindukcapil']!.standard!.facilities);
  assert.match(String(standard.serviceTime.text), /1 hari kerja/);
  assert.equal(standard.serviceTime.provenance, 'unverified');
  assert.equal(standard.requirements.provenance, 'sourced');
  written['requirements'][0].provenance = 'unverified';
  assert.equal(resolveService(written, shared).service!.standard.requirements.provenance, 'unverified');
  assert.equal(standard.product.provenance, 'unverified', 'one product of two is unverified');
});

test('an unknown shared part is named with the nearest known one', () => {
  const written = raw();
  written['form'][0] = { use: 'pemohn' };
  const { service, problems } = resolveService(written, shared);
  assert.equal(service, undefined);
  assert.equal(problems[0]!.code, 'unknown-shared');
  assert.equal(problems[0]!.path, 'form.0.use');
  assert.match(problems[0]!.message, /Maksud Anda "pemohon"\?/);
});

test('faults against the schema have a path and say what to do', () => {
  const written = raw();
  written['sumary'] = 'x';
  written['kinds'] = ['digitl'];
  written['form'][0].properties.tempatLahir.when = { feld: 'x' };
  delete written['survey'];
  const { problems } = resolveService(written, shared);
  const found = new Map(problems.map(({ path, message }) => [path, message]));
  assert.match(found.get('sumary')!, /Maksud Anda "summary"\?/);
  assert.match(found.get('kinds.0')!, /digital, outreach, integrated/);
  assert.match(found.get('form.0.properties.tempatLahir.when')!, /tulis \{ field, in/);
  assert.match(found.get('survey')!, /belum ditulis/);
  assert.equal(problems.length, 4, 'one sentence a fault, none from alternatives that were not meant');
});

test('nothing that is not a service is taken for one', () => {
  for (const value of [undefined, null, 1, 'x', [], {}, { id: 1 }, { form: [null], workflow: 3 }])
    assert.ok(resolveService(value, shared).problems.length > 0, JSON.stringify(value));
});

test('a key named __proto__ changes no object', () => {
  const written = raw();
  written['workflow'] = JSON.parse(
    '{"use":"dua-tahap","promise":{"workingDays":1},"states":{"__proto__":{"end":"completed"}}}',
  );
  assert.ok(resolveService(written, shared).problems.length > 0);
  assert.equal(({} as Record<string, unknown>)['end'], undefined);
});

test('hostile or broken YAML gives a problem with its place, never a crash', () => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
  for (let i = 1; i < 12; i++)
    bomb.push(`b${i}: &b${i} [${Array.from({ length: 10 }, () => (i === 1 ? '*a' : `*b${i - 1}`)).join(',')}]`);
  const cases: [string, string | Uint8Array, string, RegExp][] = [
    ['tab.yaml', 'id: x\nform:\n\t- a: 1\n', 'yaml', /^tab\.yaml:3:/],
    ['twice.yaml', 'id: x\nid: y\n', 'yaml', /^twice\.yaml:2:1$/],
    ['bomb.yaml', bomb.join('\n'), 'yaml', /^bomb\.yaml$/],
    ['binary.yaml', new Uint8Array([0xff, 0xfe, 0x00, 0x01]), 'not-text', /^binary\.yaml$/],
    ['nul.yaml', 'id: a\0b', 'not-text', /^nul\.yaml$/],
    ['empty.yaml', '', 'empty', /^empty\.yaml$/],
    ['deep.yaml', '['.repeat(200_000), 'yaml', /^deep\.yaml/],
    ['big.yaml', `id: ${'x'.repeat(1_100_000)}`, 'too-big', /^big\.yaml$/],
    ['alias.yaml', 'id: *nobody\n', 'yaml', /^alias\.yaml/],
  ];
  for (const [name, content, code, path] of cases) {
    const { problems } = readYaml(write(name, content));
    assert.equal(problems[0]?.code, code, name);
    assert.match(problems[0]!.path, path, name);
  }
});

test('a folder is read as one service, as many, or as a single file, and says when there is none', () => {
  const many = join(folder, 'many');
  mkdirSync(join(many, 'one'), { recursive: true });
  mkdirSync(join(many, 'bare'));
  writeFileSync(join(many, 'one', 'service.yaml'), 'id: satu\n');
  const { entries: found, shared: product } = readLibrary(many);
  assert.deepEqual(
    found.map(({ id, problems }) => [id, problems.map(({ code }) => code)]),
    [
      ['bare', ['no-service']],
      ['satu', ['id-not-folder']],
    ],
  );
  assert.ok(product.agencies['dindukcapil'], 'without shared parts of its own a folder uses those of the product');
  assert.equal(found[1]!.example, null, 'an example should be there');
  assert.equal(
    readLibrary(write('alone.yaml', 'id: alone\n')).entries[0]!.example,
    undefined,
    'a file alone needs none',
  );
  assert.equal(readLibrary(join(folder, 'nowhere')).entries[0]!.problems[0]!.code, 'not-found');
  mkdirSync(join(folder, 'void'));
  assert.equal(readLibrary(join(folder, 'void')).entries[0]!.problems[0]!.code, 'no-service');
});
