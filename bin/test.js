// Runs the tests with Node's own runner and ends with the line "N passed, N failed".
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const wanted = process.argv.slice(2);
const files = globSync(
  ['src/**/*.{test,spec}.ts', 'bin/*.test.ts', 'test/**/*.{test,spec,journey}.ts', 'bench/*.test.ts'],
  { cwd: root },
)
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
const options = [
  '--test',
  '--test-global-setup=test/setup.ts',
  '--test-concurrency=2',
  '--test-timeout=300000',
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  '--test-reporter=./bin/count.js',
  '--test-reporter-destination=stdout',
];
const child = spawn(process.execPath, [...options, ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TZ: 'UTC' },
});
child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
