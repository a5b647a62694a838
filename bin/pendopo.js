#!/usr/bin/env node
// `npx pendopo …` on any Node: sets up what is missing, then runs src/main.ts on the Node that the project pins.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { pinnedNode, SetupProblem, setup } from './setup.js';

try {
  await setup();
  run();
} catch (error) {
  process.stderr.write(`${error instanceof SetupProblem ? error.message : error.stack}\n`);
  process.exitCode = error.exitCode ?? 1;
}

function run() {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const program = spawn(pinnedNode(), [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // In a terminal Ctrl-C reaches the program by itself; passing it on as well would count as pressing it twice.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) program.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => program.kill(signal));
  program.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  program.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}
