// Shell: `pendopo officers add | tokens create | tokens revoke`, for the operator of an installation.
import { createInterface } from 'node:readline/promises';
import { type Args, type Command, type Outcome, UsageError } from '#platform/command.ts';
import { context, SYSTEM, type World } from '#platform/context.ts';
import type { OpenWorld } from '#platform/world.ts';
import type { Right } from '#src/rights.ts';
import { createOfficer, createToken } from './actions.ts';
import { resetFactors } from './factors/actions.ts';
import { passwordFault } from './password-rule.ts';
import { liftPauseOf, replacePassword } from './passwords/actions.ts';
import { endAllSessions } from './sessions/actions.ts';
import { findOfficerByLogin, removeTokens } from './store.ts';

type InWorld = <T>(work: (open: OpenWorld) => Promise<T>) => Promise<T>;

/** What an officer may be attached to; it comes from modules below this one, hence from the caller. */
export type Offices = { agencies: readonly string[]; roles: readonly string[]; isArea(code: string): boolean };

// every right by name: the compiler misses none
const RIGHTS: Record<Right, true> = {
  'application.read': true,
  'application.act': true,
  'application.submit': true,
  'application.assist': true,
  'application.consult': true,
  'application.opine': true,
  'application.note': true,
  'application.take': true,
  'application.search': true,
  'document.revoke': true,
  'message.resend': true,
  'inbox.read': true,
  'privacy.read': true,
  'privacy.hold': true,
  'privacy.breach': true,
  'refusal.read': true,
  'people.manage': true,
  'calendar.write': true,
  'sentence.write': true,
  'load.read': true,
  'delegation.set': true,
  'task.assign': true,
  'document.letterhead': true,
  'document.sign': true,
};

export const commands = (inWorld: InWorld, officesOf: (world: World) => Promise<Offices>): Command[] => [
  {
    name: 'officers add',
    usage: 'officers add --login LOGIN --name NAME --agency ID --roles a,b [--area CODE]',
    summary: 'Menambah akun petugas; kata sandinya dibaca dari stdin',
    run: (args) => inWorld(({ world }) => addOfficer(world, args, officesOf)),
  },
  {
    name: 'officers reset',
    usage: 'officers reset --login LOGIN [--password] [--factors] [--pause] [--sessions]',
    summary: 'Menolong petugas yang tidak bisa masuk: kata sandi baru (dari stdin), hapus pengaman kedua, angkat jeda',
    run: (args) => inWorld(({ world }) => resetOfficer(world, args)),
  },
  {
    name: 'tokens create',
    usage: 'tokens create --login LOGIN [--rights a,b]',
    summary: 'Membuat token API atas nama petugas, bila perlu dengan sebagian haknya',
    run: (args) => inWorld(({ world }) => addToken(world, args)),
  },
  {
    name: 'tokens revoke',
    usage: 'tokens revoke --login LOGIN',
    summary: 'Mencabut semua token API petugas itu',
    run: (args) => inWorld(({ world }) => revokeTokens(world, args)),
  },
];

async function addOfficer(world: World, args: Args, officesOf: (world: World) => Promise<Offices>): Promise<Outcome> {
  const login = flag(args, 'login').toLowerCase();
  const officer = {
    login,
    name: flag(args, 'name'),
    agency: flag(args, 'agency'),
    roles: list(flag(args, 'roles')),
    area: String(args.flags.area ?? ''),
  };
  const { agencies, roles, isArea } = await officesOf(world);
  const problems: string[] = [];
  if (!/^[a-z0-9.-]{3,60}$/.test(login))
    problems.push('--login: 3 sampai 60 huruf kecil, angka, titik, atau tanda hubung');
  if (!agencies.includes(officer.agency))
    problems.push(`--agency: "${officer.agency}" tidak ada; pilih dari ${agencies.join(', ')}`);
  for (const role of officer.roles)
    if (!roles.includes(role)) problems.push(`--roles: "${role}" tidak ada; pilih dari ${roles.join(', ')}`);
  if (officer.roles.length === 0) problems.push('--roles: sebutkan paling sedikit satu peran');
  if (officer.area !== '' && !isArea(officer.area))
    problems.push(`--area: "${officer.area}" bukan kode kecamatan atau desa di kabupaten ini`);
  if (problems.length > 0) return bad(problems);
  const password = await readPassword();
  const fault = passwordFault(password, officer);
  if (fault) return bad([`kata sandi, dibaca dari stdin: ${fault}`]);
  if (!(await createOfficer(context(world, SYSTEM, 'system'), { ...officer, password })))
    return bad([`--login: "${login}" sudah dipakai`]);
  return { ok: true, json: { added: officer }, text: `Akun ${login} siap. Masuk di ${world.config.publicUrl}/masuk` };
}

/** The way back in when there is no admin: who may run this holds the database and the master key already. */
async function resetOfficer(world: World, args: Args): Promise<Outcome> {
  const login = flag(args, 'login').toLowerCase();
  const wanted = (['password', 'factors', 'pause', 'sessions'] as const).filter((name) => args.flags[name]);
  if (wanted.length === 0) throw new UsageError('--password, --factors, --pause or --sessions is needed');
  const officer = await findOfficerByLogin(world, login);
  if (!officer) return bad([`--login: "${login}" tidak ada atau dinonaktifkan`]);
  const ctx = context(world, SYSTEM, 'system');
  const password = wanted.includes('password') ? await readPassword() : undefined;
  const fault = password === undefined ? undefined : passwordFault(password, officer);
  if (fault) return bad([`kata sandi, dibaca dari stdin: ${fault}`]);
  if (password !== undefined) await replacePassword(ctx, officer, password);
  const factors = wanted.includes('factors') ? await resetFactors(ctx, officer) : 0;
  if (wanted.includes('pause')) await liftPauseOf(ctx, officer);
  const sessions = await endAllSessions(ctx, officer);
  return {
    ok: true,
    json: { login, done: wanted, factors, sessions },
    text: `Akun ${login}: ${wanted.join(', ')} selesai; ${sessions} sesi berakhir. Masuk di ${world.config.publicUrl}/masuk`,
  };
}

async function addToken(world: World, args: Args): Promise<Outcome> {
  const login = flag(args, 'login').toLowerCase();
  const rights = args.flags.rights === undefined ? undefined : list(flag(args, 'rights'));
  const unknown = rights?.filter((right) => !Object.hasOwn(RIGHTS, right)) ?? [];
  if (unknown.length > 0)
    return bad([
      `--rights: ${unknown.map((right) => `"${right}"`).join(', ')} tidak ada; pilih dari ${Object.keys(RIGHTS).join(', ')}`,
    ]);
  const officer = await findOfficerByLogin(world, login);
  if (!officer) return bad([`--login: "${login}" tidak ada atau dinonaktifkan`]);
  const token = await createToken(context(world, SYSTEM, 'system'), officer.id, rights);
  return {
    ok: true,
    json: { login, token, rights: rights ?? null },
    text: `${token}\n\nSimpan sekarang: token ini tidak dapat ditampilkan lagi.`,
  };
}

async function revokeTokens(world: World, args: Args): Promise<Outcome> {
  const login = flag(args, 'login').toLowerCase();
  const officer = await findOfficerByLogin(world, login);
  if (!officer) return bad([`--login: "${login}" tidak ada atau dinonaktifkan`]);
  const revoked = await removeTokens(world, officer.id);
  return {
    ok: true,
    json: { login, revoked },
    text: `${revoked} token ${login} dicabut; server berhenti menerimanya dalam 5 detik.`,
  };
}

const bad = (problems: string[]): Outcome => ({ ok: false, json: { problems }, text: problems.join('\n') });

function flag(args: Args, name: string): string {
  const value = args.flags[name];
  if (typeof value !== 'string' || value.trim() === '') throw new UsageError(`--${name} is needed`);
  return value.trim();
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

/** The first line of stdin: a password on the command line could be read by everyone on the machine. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Kata sandi (terlihat saat diketik): ');
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return line;
  return '';
}
