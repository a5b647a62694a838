// The only program: `pendopo <command> …`. Without a command it starts everything.
import { serve as listen } from '@hono/node-server';
import { type Args, type Command, type Outcome, parseArgs, UsageError } from '#platform/command.ts';
import { ConfigError, readConfig } from '#platform/config.ts';
import { databaseFault } from '#platform/db.ts';
import { startWorker } from '#platform/jobs.ts';
import { type OpenWorld, openWorld } from '#platform/world.ts';
import { createApp } from './app.ts';
import { ownVillages } from './areas/actions.ts';
import { commands as auditCommands } from './audit/commands.ts';
import { flushRefusals } from './audit/refusals/actions.ts';
import { getCatalogue } from './catalogue/actions.ts';
import { commands as catalogueCommands } from './catalogue/commands.ts';
import { OFFICE_ROLES, ROLES, roleName } from './catalogue/roles.ts';
import { DEMO_PASSWORD } from './demo.ts';
import { commands as paperCommands } from './documents/commands.ts';
import { listDemoOfficers } from './identity/actions.ts';
import { commands as identityCommands } from './identity/commands.ts';
import { modules } from './modules.ts';
import { commands as privacyCommands } from './privacy/commands.ts';
import { seed } from './seed.ts';
import { simulateCommand } from './simulate.ts';

const SWITCHES = new Set([
  'json',
  'roundtrip',
  'help',
  'yes',
  'password',
  'factors',
  'pause',
  'sessions',
  'rows',
  'files',
  'dry-run',
  'csv',
]);

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
  ...auditCommands(inWorld),
  simulateCommand(inWorld),
  ...catalogueCommands,
  ...paperCommands(inWorld),
  ...privacyCommands(inWorld),
  ...identityCommands(inWorld, async (world) => {
    const villages = [...(await ownVillages(world)).keys()];
    const places = new Set([...villages, ...villages.map((village) => village.slice(0, 8))]);
    return {
      agencies: [...(await getCatalogue(world)).agencies.keys()],
      roles: [...Object.keys(ROLES), ...Object.keys(OFFICE_ROLES)],
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
    await flushRefusals(world);
    await open.close();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop('SIGINT'));
  process.on('SIGTERM', () => void stop('SIGTERM'));
  // npm runs us through a shell that does not pass on its own death
  if (process.env.npm_lifecycle_event) {
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && void stop('npm ended'), 500).unref();
  }
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
  let args: Args;
  let outcome: Outcome;
  try {
    args = parseArgs(argv.slice(command.name.split(' ').length), SWITCHES, command);
    if (args.flags.help) {
      process.stdout.write(`pendopo ${command.usage}\n\n${command.summary}\n`);
      return 0;
    }
    outcome = await command.run(args);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${error.message}\nusage: pendopo ${command.usage}`);
    throw error;
  }
  process.stdout.write(args.flags.json ? `${JSON.stringify(outcome.json)}\n` : `${outcome.text}\n`);
  return outcome.ok ? 0 : 1;
}

/** One sentence for what the operator can mend; undefined for a fault of ours, whose stack is then needed. */
function remedy(error: unknown): string | undefined {
  const fault = databaseFault(error);
  if (fault) return `DATABASE_URL: ${fault}`;
  // Ours are thrown as plain errors that say what to do; a file that cannot be made or read names itself.
  const { name, code = 'E', message } = error as NodeJS.ErrnoException;
  return name === 'Error' && /^E[A-Z]*$/.test(code) ? message : undefined;
}

const PROGRAMS: Record<string, { web: boolean; work: boolean }> = {
  start: { web: true, work: true },
  serve: { web: true, work: false },
  work: { web: false, work: true },
};
// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const [word = 'start', ...rest] = process.argv.slice(2);
try {
  const program = Object.hasOwn(PROGRAMS, word) ? PROGRAMS[word] : undefined;
  if (word === 'help' || word === '--help' || word === '-h' || (program && rest.includes('--help')))
    process.stdout.write(usage());
  else if (program && rest.length > 0)
    throw new UsageError(`"${rest[0]}" has no place here; settings come from the environment: PORT=3001 npm start`);
  else if (program) await start(program);
  else process.exitCode = await runCommand([word, ...rest]);
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${usage()}`);
    process.exitCode = 2;
  } else if (error instanceof ConfigError) {
    process.stderr.write(`The configuration is not right:\n${error.message}\n`);
    process.exit(1);
  } else if ((error as { code?: string }).code === 'EADDRINUSE') {
    process.stderr.write(`Port sudah dipakai. Hentikan program lain itu, atau pilih port lain: PORT=3001 npm start\n`);
    process.exit(1);
  } else {
    process.stderr.write(`${remedy(error) ?? (error as Error).stack}\n`);
    process.exit(1);
  }
}
