import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArgs, UsageError } from './command.ts';

const SWITCHES = new Set(['json', 'help', 'roundtrip']);
const CHECK = { name: 'services check', usage: 'services check DIR… [--json]' };
const IMPORT = { name: 'services import-digit', usage: 'services import-digit FILE [--name NAME] [--roundtrip]' };
const MIGRATE = { name: 'migrate', usage: 'migrate' };

test('words, flags with a value and switches are told apart', () => {
  assert.deepEqual(parseArgs(['a', '--name', 'PGR', '--json', 'b'], SWITCHES, IMPORT), {
    words: ['a', 'b'],
    flags: { name: 'PGR', json: true },
  });
  assert.deepEqual(parseArgs(['--name=a=b', '-'], SWITCHES, IMPORT), { words: ['-'], flags: { name: 'a=b' } });
});

test('a flag or word that the usage does not show is a wrong use', () => {
  for (const [argv, command] of [
    [['--bogus', 'x', 'services'], CHECK],
    [['--bogus=x', 'services'], CHECK],
    [['-v', 'services'], CHECK],
    [['--', 'services'], CHECK],
    [['--name'], IMPORT],
    [['now'], MIGRATE],
    [['--name', 'x'], MIGRATE],
    [['--__proto__', 'x'], MIGRATE],
  ] as const)
    assert.throws(() => parseArgs([...argv], SWITCHES, command), UsageError, argv.join(' '));
});

test('every command may be asked for help and for JSON', () => {
  assert.deepEqual(parseArgs(['--help', '--json'], SWITCHES, MIGRATE).flags, { help: true, json: true });
});
