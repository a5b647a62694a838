// Whom the rules turned away: one event a refusal, written after what was refused has been undone, and only so many.
import { type Actor, actorName, type Ctx, context, SYSTEM, type World } from '#platform/context.ts';
import { recordEvent } from '#platform/event-log.ts';
import { idFrom, isId, newId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { officerNames } from '#src/identity/actions.ts';
import { permit } from '#src/rights.ts';
import { addRefusal, forgetRefusals, numbersOf, type RefusalRow, refusalsOf } from './store.ts';
import { newStorm, type Storm, type Told, takeIn, takeOut } from './storm.ts';

const FLUSH_MS = 600_000;
const KEPT_DAYS = 400;

type State = { storm: Storm; timer?: NodeJS.Timeout | undefined };
const states = new WeakMap<World['pool'], State>();

/** What `permit` puts on the Problem it throws. */
type Refused = NonNullable<Problem['refused']>;

/**
 * Writes `access.refused`, or only counts it when this actor was refused often in the last hour; the count is written some
 * minutes later. Never throws: that a refusal could not be written must not open a door.
 */
export async function recordRefusal(ctx: Ctx, refused: Refused): Promise<void> {
  const { actor } = ctx;
  const own = actor.kind === 'officer' ? [actor.agency] : [];
  const refusal = {
    right: refused.right,
    why: refused.why,
    roles: actor.kind === 'officer' ? actor.roles : [actor.kind],
    agencies: [...new Set([...own, ...(refused.agency ? [refused.agency] : [])])],
    ...(refused.subject && { subject: refused.subject }),
  };
  const state = stateOf(ctx);
  const now = takeIn(state.storm, actorName(actor), refusal, ctx.now.getTime());
  state.timer ??= setTimeout(() => void flushRefusals(ctx), FLUSH_MS).unref();
  if (now) await write(ctx, actor, now.actor, now.told);
}

/** Writes what has only been counted; at the end of the program, and every ten minutes while there is something. */
export async function flushRefusals(world: World): Promise<void> {
  const state = stateOf(world);
  clearTimeout(state.timer);
  state.timer = undefined;
  for (const { actor, told } of takeOut(state.storm, world.clock().getTime()))
    await write(world, undefined, actor, told);
}

async function write(world: World, actor: Actor | undefined, name: string, told: Told): Promise<void> {
  const { right, why, roles, agencies, subject, count } = told;
  // a context of its own: what was refused has had its transaction, and its command was not done
  const ctx = context(world, actor ?? SYSTEM, actor?.kind === 'officer' ? 'desk' : actor ? 'online' : 'system');
  try {
    await ctx.db.transaction().execute(async (db) => {
      const tx = { ...ctx, db };
      const day = ctx.now.toISOString().slice(0, 10);
      await recordEvent(tx, {
        type: 'access.refused',
        subject: idFrom('access.refused', name, day),
        data: { right, why, roles, count, ...(subject && { case: subject }), ...(!actor && { of: name }) },
        ...(agencies[0] && { agency: agencies[0] }),
      });
      const row = {
        id: newId(ctx.now),
        at: ctx.now,
        actor: name,
        roles,
        right,
        why,
        subject: subject ?? null,
        count,
      };
      await addRefusal(tx, agencies, row);
    });
  } catch (error) {
    world.log.error({ err: { name: (error as Error).name } }, 'a refused right could not be written');
  }
}

function stateOf({ pool }: Pick<World, 'pool'>): State {
  let state = states.get(pool);
  if (!state) states.set(pool, (state = { storm: newStorm() }));
  return state;
}

export type RefusalItem = Omit<RefusalRow, 'actor'> & { who: string; number: string | undefined };
export const PAGE = 50;

/** The last refusals that concern the own agency: its officers, and its cases. Throws Problem forbidden. */
export async function listRefusals(
  ctx: Ctx,
  before?: string,
): Promise<{ items: RefusalItem[]; next: string | undefined }> {
  permit(ctx.actor, 'refusal.read');
  if (ctx.actor.kind !== 'officer') throw new Problem(PROBLEMS.forbidden);
  const rows = await refusalsOf(ctx, ctx.actor.agency, parseCursor(before), PAGE + 1);
  const shown = rows.slice(0, PAGE);
  const [names, numbers] = await Promise.all([
    officerNames(ctx, [...new Set(shown.map(({ actor }) => actor).filter(isId))]),
    numbersOf(ctx, [...new Set(shown.flatMap(({ subject }) => subject ?? []))]),
  ]);
  const last = shown.at(-1);
  return {
    items: shown.map(({ actor, ...row }) => ({
      ...row,
      who:
        names.get(actor) ??
        (actor.startsWith('resident') ? 'warga' : actor === 'system' ? 'sistem' : 'beberapa pelaku'),
      number: row.subject ? numbers.get(row.subject) : undefined,
    })),
    next: rows.length > PAGE && last ? `${last.at.getTime()}.${last.id}` : undefined,
  };
}

function parseCursor(text: string | undefined): { at: Date; id: string } | undefined {
  if (!text) return undefined;
  const [at = '', id = ''] = text.split('.');
  if (!/^\d{1,14}$/.test(at) || !isId(id))
    throw new Problem(PROBLEMS.malformed, 'Penanda halaman ini tidak terbaca. Mulai lagi dari halaman pertama.');
  return { at: new Date(Number(at)), id };
}

/** Rows of the list go after a year; the events stay in the log. */
export const tidyRefusals = (ctx: Ctx): Promise<void> =>
  forgetRefusals(ctx, new Date(ctx.now.getTime() - KEPT_DAYS * 86_400_000));
