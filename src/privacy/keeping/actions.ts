// The end of keeping: by schedule or by an answered request, files first, then all that is sealed; holds stop both.
import type { Ctx } from '#platform/context.ts';
import { recordEvent } from '#platform/event-log.ts';
import { newId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { loadByNumber, thing } from '#src/applications/actions.ts';
import { type Destroyed, destroyContent, destroyEvidence } from '#src/applications/erasure/actions.ts';
import { applicationBytes, briefCases, type EndedCase, listEnded } from '#src/applications/walk/actions.ts';
import { getCatalogue, getVersion } from '#src/catalogue/actions.ts';
import { destroyPapers } from '#src/documents/erasure/actions.ts';
import { eraseMandates } from '#src/identity/mandates/actions.ts';
import { destroyMessages } from '#src/messages/erasure/actions.ts';
import { permit } from '#src/rights.ts';
import { coordinatorOf } from '../asked/coordinator/actions.ts';
import { PRIVACY_PROBLEMS } from '../problems.ts';
import { dueNow, HOLD_REASONS, LIFT_REASONS, monthsAfter, type Retention } from './retention.ts';
import { addDestruction, addHold, heldAmong, keptFileBytes, liftHold, lockCase, purgedAmong } from './store.ts';

export { lastDestructions, standingHolds } from './store.ts';

export type Cause = 'retention' | 'request';

/**
 * Destroys an ended case for good: its pictures and papers, its messages and mandates, its data key. Undefined when it still runs, is held, or
 * was destroyed before; nothing is changed then. Times, states and events stay.
 */
export async function eraseCase(ctx: Ctx, application: string, cause: Cause): Promise<Destroyed | undefined> {
  return inTransaction(ctx, async (tx) => {
    const [found] = await locked(tx, application);
    if (!found?.ended || found.erased) return undefined;
    const parts = [await destroyEvidence(tx, application), await destroyPapers(tx, application)];
    await destroyMessages(tx, application);
    await eraseMandates(tx, application);
    const content = await destroyContent(tx, application);
    if (!content) return undefined;
    const total = [...parts, content].reduce((a, b) => ({ files: a.files + b.files, bytes: a.bytes + b.bytes }));
    await writeDown(tx, found, 'case', cause, total);
    return total;
  });
}

/** Destroys the pictures of an ended case by schedule; its answers stay until their own time. */
export async function purgeFiles(ctx: Ctx, application: string): Promise<Destroyed | undefined> {
  return inTransaction(ctx, async (tx) => {
    const [found] = await locked(tx, application);
    if (!found?.ended || found.erased) return undefined;
    const total = await destroyEvidence(tx, application);
    await writeDown(tx, found, 'files', 'retention', total);
    return total;
  });
}

// a hold that is being set at this moment waits, or is seen
async function locked(tx: Ctx, application: string) {
  await lockCase(tx, application);
  if ((await heldAmong(tx, [application])).size > 0) return [];
  return briefCases(tx, [application]);
}

async function writeDown(
  tx: Ctx,
  found: { id: string; agency: string; village: string; service: string },
  what: 'files' | 'case',
  cause: Cause,
  total: Destroyed,
): Promise<void> {
  const id = newId(tx.now);
  if (!(await addDestruction(tx, { id, application: found.id, what, cause, ...total }))) return;
  await recordEvent(tx, {
    type: what === 'case' ? 'case.erased' : 'case.files-purged',
    subject: id,
    agency: found.agency,
    village: found.village,
    data: { application: found.id, service: found.service, cause, ...total },
  });
}

/** What a run of the schedule did, or (`dryRun`) would do. Bytes of `freed` are of sealed content; `disk` is what the disk says. */
export type RetentionReport = {
  dryRun: boolean;
  examined: number;
  held: number;
  purged: { cases: number; files: number; bytes: number };
  erased: { cases: number; files: number; bytes: number };
  disk: { storeBefore: number; storeAfter: number; tablesBefore: number; tablesAfter: number };
};

/** Walks through all ended cases, a chunk at a time; killed in the middle, the next run does what is left. */
export async function runRetention(
  ctx: Ctx,
  options: { dryRun?: boolean; chunk?: number } = {},
): Promise<RetentionReport> {
  if (ctx.actor.kind !== 'system') throw new Problem(PROBLEMS.forbidden);
  const { dryRun = false, chunk = 500 } = options;
  const [storeBefore, tablesBefore] = [await storeBytes(ctx), await applicationBytes(ctx)];
  const report: RetentionReport = {
    dryRun,
    examined: 0,
    held: 0,
    purged: { cases: 0, files: 0, bytes: 0 },
    erased: { cases: 0, files: 0, bytes: 0 },
    disk: { storeBefore, storeAfter: storeBefore, tablesBefore, tablesAfter: tablesBefore },
  };
  for (let after: string | undefined; ; ) {
    const cases = await listEnded(ctx, { after, before: monthsAfter(ctx.now, -1), limit: chunk });
    const ids = cases.map((one) => one.id);
    const [held, purged] = await Promise.all([heldAmong(ctx, ids), purgedAmong(ctx, ids)]);
    for (const one of cases) {
      report.examined += 1;
      const due = dueNow(await retentionOf(ctx, one), one.endedAt, ctx.now);
      if (due === 'nothing' || (due === 'files' && purged.has(one.id))) continue;
      if (held.has(one.id)) report.held += 1;
      else {
        const done = dryRun
          ? { files: 0, bytes: 0 }
          : due === 'case'
            ? await eraseCase(ctx, one.id, 'retention')
            : await purgeFiles(ctx, one.id);
        if (!done) continue;
        const sum = due === 'case' ? report.erased : report.purged;
        sum.cases += 1;
        sum.files += done.files;
        sum.bytes += done.bytes;
      }
    }
    if (cases.length < chunk) break;
    after = cases.at(-1)?.id;
  }
  report.disk.storeAfter = await storeBytes(ctx);
  report.disk.tablesAfter = await applicationBytes(ctx);
  return report;
}

const storeBytes = async (ctx: Ctx): Promise<number> => (await ctx.files.measure?.())?.bytes ?? keptFileBytes(ctx);

/** Today's schedule of the service; of one that is no longer offered, the one the case was made under. */
async function retentionOf(ctx: Ctx, one: EndedCase): Promise<Retention> {
  const offered = (await getCatalogue(ctx)).byId.get(one.service);
  return (offered ?? (await getVersion(ctx, one.service, one.version))).service.retention;
}

/** Keeps a case from being destroyed. Throws Problem 404, forbidden, invalid, held. */
export async function holdCase(ctx: Ctx, number: string, reason: string): Promise<void> {
  const { stored } = await loadByNumber(ctx, number);
  const by = await permitHold(ctx, stored.application);
  if (!Object.hasOwn(HOLD_REASONS, reason)) throw choose('reason', 'Pilih mengapa permohonan ini ditahan.');
  const { id: application, agency, village } = stored.application;
  await inTransaction(ctx, async (tx) => {
    await lockCase(tx, application);
    const id = newId(ctx.now);
    if (!(await addHold(tx, { id, application, reason, by }))) throw new Problem(PRIVACY_PROBLEMS.held);
    await recordEvent(tx, { type: 'case.held', subject: id, agency, village, data: { application, reason } });
  });
}

/** Lets the schedule and requests reach the case again. Throws Problem 404, forbidden, invalid, notHeld. */
export async function releaseCase(ctx: Ctx, number: string, reason: string): Promise<void> {
  const { stored } = await loadByNumber(ctx, number);
  const by = await permitHold(ctx, stored.application);
  if (!Object.hasOwn(LIFT_REASONS, reason)) throw choose('reason', 'Pilih mengapa penahanannya dicabut.');
  const { id: application, agency, village } = stored.application;
  await inTransaction(ctx, async (tx) => {
    const id = await liftHold(tx, application, reason, by);
    if (!id) throw new Problem(PRIVACY_PROBLEMS.notHeld);
    await recordEvent(tx, { type: 'case.released', subject: id, agency, village, data: { application, reason } });
  });
}

async function permitHold(ctx: Ctx, application: Parameters<typeof thing>[0]): Promise<string> {
  permit(ctx.actor, 'privacy.hold', {
    application: thing(application),
    register: { agency: application.agency, coordinator: await coordinatorOf(ctx) },
  });
  if (ctx.actor.kind !== 'officer') throw new Problem(PROBLEMS.forbidden);
  return ctx.actor.id;
}

const choose = (path: string, message: string): Problem =>
  new Problem(PROBLEMS.invalid, undefined, [{ path, message }]);

const inTransaction = <T>(ctx: Ctx, work: (tx: Ctx) => Promise<T>): Promise<T> =>
  ctx.db.isTransaction ? work(ctx) : ctx.db.transaction().execute((db) => work({ ...ctx, db }));
