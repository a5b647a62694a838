// Shell: `pendopo verify`, `audit …`, for the operator and for whoever holds a proof or an old head.
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { type Args, type Command, type Outcome, UsageError } from '#platform/command.ts';
import { ConfigError } from '#platform/config.ts';
import { context, SYSTEM } from '#platform/context.ts';
import { Problem } from '#platform/problem.ts';
import type { OpenWorld } from '#platform/world.ts';
import { withStanding } from '#src/applications/assignment/deputies/actions.ts';
import { officerByLogin } from '#src/identity/actions.ts';
import { listHeads, proveConsistency, proveEvent, sealLog } from './actions.ts';
import { BackupError, backUp, restore } from './backup/actions.ts';
import { explainRight, rightOf } from './explain/actions.ts';
import { readCheckpoint } from './head.ts';
import { checkProof } from './proof.ts';
import { verifyLog } from './verify/actions.ts';
import { faultWords } from './verify/faults.ts';

export type InWorld = <T>(work: (open: OpenWorld) => Promise<T>) => Promise<T>;

export const commands = (inWorld: InWorld): Command[] => [
  {
    name: 'verify',
    usage: 'verify [--rows] [--files] [--head FILE]',
    summary: 'check hash chains and the sealed log, and name the first bad event; --rows folds every case',
    run: (args) =>
      inWorld(async ({ world }) => {
        const verified = await verifyLog(context(world, SYSTEM, 'system'), {
          rows: args.flags.rows !== undefined,
          files: args.flags.files !== undefined,
          ...(args.flags.head !== undefined && { kept: keptHead(String(args.flags.head)) }),
          tell: (line) => process.stderr.write(`${line}\n`),
        });
        const counts = `${verified.events} events of ${verified.subjects} subjects, ${verified.leaves} sealed under ${verified.heads} heads, ${verified.waiting} waiting to be sealed, ${verified.cases.folded} of ${verified.cases.compared} cases folded, ${verified.documents.compared} papers; ${verified.seconds} s, ${verified.eventsPerSecond} events/s`;
        const text = verified.ok
          ? `Everything is as it was written.\n${counts}`
          : `NOT right, ${verified.faultCount} ${verified.faultCount === 1 ? 'fault' : 'faults'}:\n${verified.faults.map((fault) => `  ${faultWords(fault)}`).join('\n')}\n${counts}`;
        return { ok: verified.ok, json: verified, text };
      }),
  },
  {
    name: 'audit seal',
    usage: 'audit seal',
    summary: 'seal what is new into the Merkle log now; the jobs do it every minute',
    run: () =>
      inWorld(async ({ world }) => {
        const began = performance.now();
        const done = await sealLog(context(world, SYSTEM, 'system'));
        const seconds = Math.round(performance.now() - began) / 1000;
        return {
          ok: true,
          json: { ...done, seconds },
          text: `${done.sealed} events sealed, ${done.size} in all, ${seconds} s`,
        };
      }),
  },
  {
    name: 'audit heads',
    usage: 'audit heads [--before SIZE] [--limit N]',
    summary:
      'print signed heads of the log, newest first; keep one elsewhere to prove later that nothing was rewritten',
    run: (args) =>
      inWorld(async ({ world }) => {
        const before = sizeOf(args, 'before');
        const listed = await listHeads(world, {
          limit: Math.min(sizeOf(args, 'limit') ?? 1, 1000),
          ...(before && { before }),
        });
        const text = listed.heads.map(({ checkpoint }) => checkpoint).join('\n');
        return { ok: true, json: listed, text: text || 'Nothing has been sealed yet.' };
      }),
  },
  {
    name: 'audit prove',
    usage: 'audit prove EVENT-ID|--from SIZE',
    summary:
      'print the proof that an event is in the log, or that a head of SIZE is its beginning; save it, check it anywhere',
    run: (args) =>
      inWorld(async ({ world }) => {
        const ctx = context(world, SYSTEM, 'system');
        const from = sizeOf(args, 'from');
        const id = args.words[0];
        if (from === undefined && !id) throw new UsageError('name an event, or --from SIZE');
        try {
          const proof = from === undefined ? await proveEvent(ctx, id as string) : await proveConsistency(ctx, from);
          return { ok: true, json: proof, text: JSON.stringify(proof, null, 1) };
        } catch (error) {
          if (error instanceof Problem) return bad(error.message);
          throw error;
        }
      }),
  },
  {
    name: 'rights explain',
    usage: 'rights explain --officer LOGIN --right RIGHT [--application NUMBER]',
    summary: 'say whether an officer may, why, and who could',
    run: (args) =>
      inWorld(async ({ world }) => {
        const ctx = context(world, SYSTEM, 'system');
        const login = textOf(args, 'officer');
        const actor = await withStanding(world, await officerByLogin(ctx, login));
        if (!actor) return bad(`--officer: "${login}" tidak ada atau dinonaktifkan`);
        try {
          const number = args.flags.application === undefined ? undefined : textOf(args, 'application');
          const explained = await explainRight(ctx, actor, rightOf(textOf(args, 'right')), number);
          const { allowed, because, could, what } = explained;
          const text = `${login} ${allowed ? 'boleh' : 'tidak boleh'} ${what} karena ${because}.${could ? `\nYang boleh: ${could}.` : ''}`;
          return { ok: true, json: { officer: login, ...explained }, text };
        } catch (error) {
          if (error instanceof Problem) return bad(error.message);
          throw error;
        }
      }),
  },
  {
    name: 'backup',
    usage: 'backup DIR',
    summary: 'write everything into a new folder DIR, as of one moment, without the master key',
    run: ({ words: [dir] }) =>
      inWorld((open) =>
        asOwner(open, dir, async (client, to) => {
          const done = await backUp(open.world, client, to);
          const text = `${done.dir}: ${done.rows} rows of ${done.tables} tables, ${done.jobs} jobs, ${done.files} files${
            done.missingFiles > 0 ? ` (${done.missingFiles} files have no bytes in the store)` : ''
          }, ${Math.ceil(done.bytes / 1e6)} MB, ${done.seconds} s\nThe master key is NOT in it. It needs the key ${done.masterKeys.join(' or ')}; keep that elsewhere.`;
          return { ok: true, json: done, text };
        }),
      ),
  },
  {
    name: 'restore',
    usage: 'restore DIR',
    summary: 'read a backup into an empty database and file store, then verify it',
    run: ({ words: [dir] }) =>
      inWorld((open) =>
        asOwner(open, dir, async (client, from) => {
          const done = await restore(open.world, client, from);
          const { verified } = done;
          const text = `${done.rows} rows, ${done.jobs} jobs and ${done.files} files of ${done.takenAt} are back, ${done.seconds} s\n${
            verified.ok
              ? 'Verified: everything is as it was written.'
              : `NOT right:\n${verified.faults.map((fault) => `  ${faultWords(fault)}`).join('\n')}`
          }`;
          return { ok: verified.ok, json: done, text };
        }),
      ),
  },
  {
    name: 'audit check',
    usage: 'audit check FILE [--key KEY]',
    summary: 'check a saved proof, without any database; KEY is the public key from a source you trust',
    run: (args) => Promise.resolve(checkFile(args)),
  },
];

/** With the login's own rights; what cannot be done is told as bad input. */
async function asOwner(
  open: OpenWorld,
  dir: string | undefined,
  work: (client: pg.Client, dir: string) => Promise<Outcome>,
): Promise<Outcome> {
  if (!dir) throw new UsageError('which folder?');
  const client = new pg.Client({ connectionString: open.url });
  await client.connect();
  try {
    return await work(client, dir);
  } catch (error) {
    if (error instanceof BackupError || error instanceof ConfigError) return bad(error.message);
    throw error;
  } finally {
    await client.end();
  }
}

function checkFile(args: Args): Outcome {
  const [path] = args.words;
  if (!path) throw new UsageError('which file?');
  let proof: unknown;
  try {
    proof = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return bad(`${path}: cannot be read as JSON; save the output of "npx pendopo audit prove" in it`);
  }
  const checked = checkProof(proof, typeof args.flags.key === 'string' ? args.flags.key : undefined);
  const doubt = args.flags.key
    ? ''
    : '\nThe key stood in the proof itself: compare it with one from elsewhere (--key).';
  const text = checked.valid
    ? `True of the log of ${checked.size} events, signed at ${checked.at} with ${checked.key}${doubt}`
    : `NOT true: ${checked.problems.join('; ')}`;
  return { ok: checked.valid, json: checked, text };
}

const bad = (problem: string): Outcome => ({ ok: false, json: { problems: [problem] }, text: problem });

function keptHead(path: string) {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`--head ${path} cannot be read`);
  }
  const head = readCheckpoint(text);
  if (!head) throw new UsageError(`--head ${path} is no head: save what "npx pendopo audit heads" printed`);
  return head;
}

function textOf(args: Args, name: string): string {
  const value = args.flags[name];
  if (typeof value !== 'string' || value.trim() === '') throw new UsageError(`--${name} is needed`);
  return value.trim();
}

function sizeOf(args: Args, name: string): number | undefined {
  const value = args.flags[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^[1-9]\d{0,14}$/.test(value)) throw new UsageError(`--${name} must be a number`);
  return Number(value);
}
