// The only program: `pendopo <command> …`. Without a command it starts everything.
import { serve as listen } from '@hono/node-server';
import { type Args, type Command, type Outcome, parseArgs, UsageError } from '#platform/command.ts';
import { ConfigError, readConfig } from '#platform/config.ts';
import { startWorker } from '#platform/jobs.ts';
import { type OpenWorld, openWorld } from '#platform/world.ts';
import { createApp } from './app.ts';
import { ownVillages } from './areas/actions.ts';
import { getCatalogue } from './catalogue/actions.ts';
import { commands as catalogueCommands } from './catalogue/commands.ts';
import { ROLES, roleName } from './catalogue/roles.ts';
import { DEMO_PASSWORD } from './demo.ts';
import { listDemoOfficers } from './identity/actions.ts';
import { commands as identityCommands } from './identity/commands.ts';
import { modules } from './modules.ts';
import { seed } from './seed.ts';
import { simulateCommand } from './simulate.ts';

const SWITCHES = new Set(['json', 'roundtrip', 'help', 'yes']);

/** Opens the world of the environment's configuration for one command, and closes it whatever happens. */
async function inWorld<T>(work: (open: OpenWorld) => Promise<T>): Promise<T> {
  const open = await openWorld(readConfig(process.env), modules);
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}

const own: Command[] = [
  {
    name: 'migrate',
    usage: 'migrate',
    summary: 'bring the database up to date',
    run: () =>
      inWorld(async ({ migrated = [] }) => ({
        ok: true,
        json: { migrated },
        text: migrated.length > 0 ? `applied ${migrated.join(', ')}` : 'The database is up to date.',
      })),
  },
  {
    name: 'seed',
    usage: 'seed',
    summary: 'fill in places, agencies, services (and the demo world in demo mode)',
    run: () =>
      inWorld(async ({ world }) => {
        const done = await seed(world);
        return {
          ok: true,
          json: done,
          text: `areas ${done.areas}, services ${done.services}, published ${done.published.length}`,
        };
      }),
  },
  simulateCommand(inWorld),
  ...catalogueCommands,
  ...identityCommands(inWorld, async (world) => {
    const villages = [...(await ownVillages(world)).keys()];
    const places = new Set([...villages, ...villages.map((village) => village.slice(0, 8))]);
    return {
      agencies: [...(await getCatalogue(world)).agencies.keys()],
      roles: Object.keys(ROLES),
      isArea: (code) => places.has(code),
    };
  }),
];

async function start(what: { web: boolean; work: boolean }): Promise<void> {
  const began = performance.now();
  const config = readConfig(process.env);
  const open = await openWorld(config, modules);
  const { world } = open;
  await seed(world);
  const worker = what.work ? await startWorker(world, open.url, modules) : undefined;
  const app = what.web ? createApp(world) : undefined;
  const server = app && listen({ fetch: app.fetch, port: config.port, hostname: config.host });
  await new Promise<void>((resolve, reject) => {
    if (!server) return resolve();
    server.once('listening', resolve);
    server.once('error', reject);
  });

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    process.stderr.write(`\n${signal}: stopping\n`);
    await new Promise<void>((resolve) => {
      if (!server) return resolve();
      server.close(() => resolve());
      if ('closeIdleConnections' in server) server.closeIdleConnections();
      setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), 3000).unref();
    });
    await worker?.stop();
    await open.close();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop('SIGINT'));
  process.on('SIGTERM', () => void stop('SIGTERM'));
  if (server)
    await announce(open, ((performance.now() - began) / 1000).toFixed(1), (server.address() as { port: number }).port);
}

async function announce({ world }: OpenWorld, seconds: string, port: number): Promise<void> {
  const lines = ['', `Pendopo siap dalam ${seconds} detik: http://localhost:${port}`];
  if (world.config.mode === 'demo') {
    lines.push(
      '',
      `Dunia contoh. Akun petugas (kata sandi semua: ${DEMO_PASSWORD}), masuk di http://localhost:${port}/masuk :`,
    );
    for (const officer of await listDemoOfficers(world)) {
      lines.push(
        `  ${officer.login.padEnd(20)} ${officer.name.padEnd(18)} ${officer.agency.padEnd(18)} ${officer.roles.map(roleName).join(', ')}`,
      );
    }
  }
  process.stdout.write(`${lines.join('\n')}\n\nCtrl-C menghentikan semuanya.\n`);
}

function usage(): string {
  const rows = [
    ['start', 'everything: database, web, jobs (the default)'],
    ['serve', 'the web only'],
    ['work', 'the jobs only'],
    ...own.map((command) => [command.usage, command.summary]),
  ];
  return `pendopo <command> [--json]\n\n${rows.map(([use = '', what = '']) => `  ${use.padEnd(62)} ${what}`).join('\n')}\n`;
}

async function runCommand(argv: string[]): Promise<number> {
  const command = own.find(({ name }) => name.split(' ').every((word, index) => argv[index] === word));
  if (!command) throw new UsageError(`unknown command "${argv.slice(0, 2).join(' ')}"`);
  const args: Args = parseArgs(argv.slice(command.name.split(' ').length), SWITCHES);
  let outcome: Outcome;
  try {
    outcome = await command.run(args);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${error.message}\nusage: pendopo ${command.usage}`);
    throw error;
  }
  process.stdout.write(args.flags.json ? `${JSON.stringify(outcome.json)}\n` : `${outcome.text}\n`);
  return outcome.ok ? 0 : 1;
}

const [word = 'start', ...rest] = process.argv.slice(2);
try {
  if (word === 'start') await start({ web: true, work: true });
  else if (word === 'serve') await start({ web: true, work: false });
  else if (word === 'work') await start({ web: false, work: true });
  else if (word === 'help' || word === '--help') process.stdout.write(usage());
  else process.exitCode = await runCommand([word, ...rest]);
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${usage()}`);
    process.exitCode = 2;
  } else if (error instanceof ConfigError) {
    process.stderr.write(`The configuration is not right:\n${error.message}\n`);
    process.exitCode = 1;
  } else if ((error as { code?: string }).code === 'EADDRINUSE') {
    process.stderr.write(`Port sudah dipakai. Hentikan program lain itu, atau pilih port lain: PORT=3001 npm start\n`);
    process.exit(1);
  } else {
    throw error;
  }
}
