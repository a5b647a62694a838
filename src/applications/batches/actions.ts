// One action for many cases: chosen, looked over, confirmed, then done by a job in chunks, each case as its own act.
import { type Actor, type Ctx, context } from '#platform/context.ts';
import { newDataKey, openDataKey, seal, unseal } from '#platform/crypto.ts';
import { databaseFault } from '#platform/db.ts';
import { recordEvent } from '#platform/event-log.ts';
import { idFrom, isId, newId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { getVersion } from '#src/catalogue/actions.ts';
import { may, permit } from '#src/rights.ts';
import { actOnApplication } from '../actions.ts';
import { withStanding } from '../assignment/deputies/actions.ts';
import { cleanNote } from '../content/actions.ts';
import { officerDesks, PAGE, writeCursor } from '../inbox/actions.ts';
import { type Choice, choicesFor, type KnownGroup, type Left, leftOut, missingWords } from './batch.ts';
import {
  addBatch,
  type BatchRow,
  batchesOf,
  endBatch,
  findBatch,
  forsaken,
  groupsOf,
  type Item,
  itemsAfter,
  leaseBatch,
  officerNow,
  queueBatch,
  refusedItems,
  type Selection,
  settleItems,
  waitingItems,
} from './store.ts';

export type { Choice } from './batch.ts';
export { MOST, type Selection } from './store.ts';

export type Batch = Omit<BatchRow, 'note' | 'key' | 'rights'>;
const shown = ({ note: _, key: __, rights: ___, ...batch }: BatchRow): Batch => batch;

/** What can be done to the chosen cases: how many they are, and each possible action with the number it fits. */
export async function chooseAction(ctx: Ctx, selection: Selection): Promise<{ count: number; choices: Choice[] }> {
  permit(ctx.actor, 'inbox.read');
  const groups = await knownGroups(ctx, selection);
  return { count: groups.reduce((sum, group) => sum + group.count, 0), choices: choicesFor(ctx.actor, groups) };
}

export type Plan = { action: string; reason?: string | undefined; note?: string | undefined };
export type Preview = { choice: Choice; may: number; left: { why: Left; count: number }[] };

/** How many of the chosen cases an action would be done to, and why not to the others. Throws Problem invalid. */
export async function previewBatch(ctx: Ctx, selection: Selection, plan: Plan): Promise<Preview> {
  permit(ctx.actor, 'inbox.read');
  return previewOf(ctx, await knownGroups(ctx, selection), plan);
}

function previewOf(ctx: Ctx, groups: KnownGroup[], plan: Plan): Preview {
  const choice = choicesFor(ctx.actor, groups).find(({ action }) => action === plan.action);
  if (!choice)
    throw new Problem(PROBLEMS.invalid, undefined, [
      { path: 'action', message: 'Pilih satu tindakan yang dapat dilakukan untuk berkas terpilih.' },
    ]);
  const errors = missingWords(choice, plan);
  if (errors.length > 0) throw new Problem(PROBLEMS.invalid, undefined, errors);
  const left = new Map<Left, number>();
  for (const group of groups) {
    const why = leftOut(ctx.actor, group, plan.action);
    if (why) left.set(why, (left.get(why) ?? 0) + group.count);
  }
  return { choice, may: choice.count, left: [...left].map(([why, count]) => ({ why, count })) };
}

/**
 * Starts a batch: writes down which cases, and queues the first chunk. The command id is the batch: again gives the same one.
 * Throws Problem invalid or forbidden.
 */
export async function startBatch(ctx: Ctx, selection: Selection, plan: Plan): Promise<string> {
  const { actor } = ctx;
  if (actor.kind !== 'officer') throw new Problem(PROBLEMS.forbidden);
  permit(actor, 'inbox.read');
  const id = idFrom('batch', ctx.commandId);
  const known = await findBatch(ctx, id);
  if (known && (known.action !== plan.action || known.officer !== actor.id)) throw new Problem(PROBLEMS.keyReused);
  if (known) return id;
  const groups = await knownGroups(ctx, selection);
  previewOf(ctx, groups, plan);
  const fitting = groups
    .filter((group) => !leftOut(actor, group, plan.action))
    .map(({ definition: _, ...group }) => group);
  const note = plan.note?.trim() ? cleanNote(plan.note) : undefined;
  const key = note ? newDataKey(ctx.keys) : undefined;
  await ctx.db.transaction().execute(async (db) => {
    const row = {
      id,
      agency: actor.agency,
      officer: actor.id,
      action: plan.action,
      reason: plan.reason || null,
      note: note && key ? seal(key.plain, note) : null,
      key: key?.wrapped ?? null,
      rights: actor.rights ?? null,
    };
    const total = await addBatch({ db, now: ctx.now }, row, officerDesks(actor), selection, fitting);
    if (total === undefined) return;
    await recordEvent(
      { ...ctx, db },
      { type: 'batch.started', subject: id, agency: actor.agency, data: { action: plan.action, total } },
    );
    await queueBatch({ db }, id, newId(ctx.now));
  });
  return id;
}

async function knownGroups(ctx: Ctx, selection: Selection): Promise<KnownGroup[]> {
  const groups = await groupsOf(ctx, officerDesks(ctx.actor), selection);
  return Promise.all(
    groups.map(async (group) => ({
      ...group,
      definition: (await getVersion(ctx, group.service, group.version)).service,
    })),
  );
}

/** A batch for its officer, or for who leads her agency. Throws Problem 404 or 403. */
export async function getBatch(ctx: Ctx, id: string): Promise<Batch> {
  const batch = isId(id) ? await findBatch(ctx, id) : undefined;
  const { actor } = ctx;
  if (!batch || actor.kind !== 'officer' || batch.agency !== actor.agency)
    throw new Problem(PROBLEMS.notFound, 'Tindakan borongan ini tidak ada. Periksa lagi alamatnya.');
  if (batch.officer !== actor.id) permit(actor, 'load.read');
  return shown(batch);
}

/** The officer's own batches, the newest first. */
export async function listBatches(
  ctx: Ctx,
  before?: { at: Date; id: string },
): Promise<{ items: Batch[]; next: string | undefined }> {
  permit(ctx.actor, 'inbox.read');
  if (ctx.actor.kind !== 'officer') throw new Problem(PROBLEMS.forbidden);
  const rows = await batchesOf(ctx, ctx.actor.id, before, PAGE + 1);
  const last = rows.slice(0, PAGE).at(-1);
  return {
    items: rows.slice(0, PAGE).map(shown),
    next: rows.length > PAGE && last ? writeCursor(last.started, last.id) : undefined,
  };
}

/** What was not done, and why. */
export async function listRefused(ctx: Ctx, id: string, after?: string) {
  const batch = await getBatch(ctx, id);
  const rows = await refusedItems(ctx, batch.id, after && isId(after) ? after : undefined, PAGE + 1);
  const items = rows.slice(0, PAGE);
  return { items, next: rows.length > PAGE ? items.at(-1)?.application : undefined };
}

/** All items, page by page: number, service and outcome, nothing about the person. */
export async function* walkItems(ctx: Ctx, id: string) {
  const batch = await getBatch(ctx, id);
  let after: string | undefined;
  for (;;) {
    const rows = await itemsAfter(ctx, batch.id, after, 5000);
    yield rows;
    if (rows.length < 5000) return;
    after = rows.at(-1)?.application;
  }
}

/** Stops a batch: what is done stays done, the rest is left alone. Again changes nothing. */
export async function cancelBatch(ctx: Ctx, id: string): Promise<Batch> {
  const batch = await getBatch(ctx, id);
  if (batch.state === 'running') await finish(ctx, batch, 'cancelled');
  return getBatch(ctx, id);
}

async function finish(ctx: Ctx, batch: Pick<BatchRow, 'id' | 'agency'>, state: 'done' | 'cancelled'): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    if (!(await endBatch({ db, now: ctx.now }, batch.id, state))) return;
    const ended = await findBatch({ db }, batch.id);
    await recordEvent(
      { ...ctx, db },
      {
        type: state === 'done' ? 'batch.ended' : 'batch.cancelled',
        subject: batch.id,
        agency: batch.agency,
        data: { done: ended?.done ?? 0, refused: ended?.refused ?? 0 },
      },
    );
  });
}

/** Cases a chunk, and how many of them at once: between chunks other jobs have their turn, and pages their connections. */
const CHUNK = 200;
const AT_ONCE = 6;

/**
 * Does one chunk and queues the next. Each case is acted on under a command that follows from batch and case, so that whatever is
 * done again after a crash is done once.
 */
export async function doChunk(ctx: Ctx, payload: { batch: string; lease: string }): Promise<void> {
  const batch = await leaseBatch(ctx, payload.batch, payload.lease);
  if (!batch) return;
  const officer = await officerOf(ctx, batch);
  if (!officer) return finish(ctx, batch, 'cancelled');
  const note = batch.note && batch.key ? unseal(openDataKey(ctx.keys, batch.key), batch.note).toString() : undefined;
  const items = await waitingItems(ctx, batch.id, CHUNK);
  if (items.length === 0) return finish(ctx, batch, 'done');
  const outcomes: { application: string; outcome: string }[] = [];
  const rest = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of rest)
      outcomes.push({ application: item.application, outcome: await outcomeOf(ctx, officer, batch, item, note) });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await settleItems(ctx, batch.id, outcomes);
  await queueBatch(ctx, batch.id, payload.lease);
}

async function outcomeOf(ctx: Ctx, officer: Actor, batch: BatchRow, item: Item, note: string | undefined) {
  const own = context(ctx, officer, 'desk', idFrom('batch', batch.id, item.application));
  try {
    await actOnApplication(own, item.number, {
      action: batch.action,
      from: item.seen,
      ...(batch.reason && { reason: batch.reason }),
      ...(note && { note }),
    });
    return 'done';
  } catch (error) {
    // a database that is away is no answer to the case: the chunk is tried again
    if (error instanceof Problem) return error.kind.code;
    if (databaseFault(error)) throw error;
    // one case with a fault of ours must not hold up the others
    ctx.log.error({ batch: batch.id, application: item.application, err: { name: (error as Error).name } }, 'bug');
    return 'internal';
  }
}

// rights are asked again for each case, with the roles that the officer has now
async function officerOf(ctx: Ctx, batch: BatchRow): Promise<Actor | undefined> {
  const now = await officerNow(ctx, batch.officer, batch.agency);
  if (!now) return undefined;
  const actor: Actor = {
    kind: 'officer',
    id: batch.officer,
    agency: batch.agency,
    ...now,
    ...(batch.rights && { rights: batch.rights }),
  };
  return withStanding(ctx, actor);
}

/** Takes up batches whose worker died. */
export async function resumeBatches(ctx: Ctx): Promise<void> {
  for (const id of await forsaken(ctx)) await queueBatch(ctx, id, newId(ctx.now));
}

/** Whether this officer may stop it. */
export const mayCancel = (actor: Actor, batch: Batch): boolean =>
  batch.state === 'running' &&
  actor.kind === 'officer' &&
  (batch.officer === actor.id || may(actor, 'load.read').allowed);
