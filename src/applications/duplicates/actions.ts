// The same person asks for the same service twice: shown side by side, decided by an officer, never merged.
import { actorName, type Ctx } from '#platform/context.ts';
import { recordEvent } from '#platform/event-log.ts';
import { idFrom } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { may, permit } from '#src/rights.ts';
import { desksOf, loadByNumber, revealAnswers, thing } from '../actions.ts';
import { type Dossier, openDossier } from '../dossier/actions.ts';
import { COMPARING } from '../text.ts';
import { addSingle, samePerson, type Twin, twinsOf } from './store.ts';

export type { Twin } from './store.ts';

const SHOWN = 5;
/** Cases that may be doubles of this one. Throws Problem 404 or 403. */
export async function listTwins(ctx: Ctx, number: string): Promise<Twin[]> {
  const { stored, service } = await loadByNumber(ctx, number);
  permit(ctx.actor, 'application.read', {
    application: thing(stored.application),
    desks: await desksOf(ctx, service, stored.application),
  });
  return twinsOf(ctx, stored.application.id, SHOWN);
}

/**
 * Opens both for comparison: each opening is an event of its case that the resident can read. Throws Problem 404 when they are no
 * pair, 403 when one of them may not be read.
 */
export async function compareTwins(ctx: Ctx, number: string, other: string): Promise<[Dossier, Dossier]> {
  const pair = await findPair(ctx, number, other);
  // who may not read one of them compares nothing, and leaves no event at the other
  const dossiers = [await openDossier(ctx, pair[0].number), await openDossier(ctx, pair[1].number)] as const;
  for (const one of pair) {
    const commandId = idFrom(ctx.commandId, 'compare', one.application.id);
    await revealAnswers({ ...ctx, commandId }, one.number, COMPARING);
  }
  return [...dossiers];
}

/** Says that two cases are no doubles; the banner goes on both. Again changes nothing. */
export async function clearTwins(ctx: Ctx, number: string, other: string): Promise<void> {
  const [own, its] = await findPair(ctx, number, other);
  const { service } = await loadByNumber(ctx, own.number);
  permit(ctx.actor, 'application.note', {
    application: thing(own.application),
    desks: await desksOf(ctx, service, own.application),
  });
  const ids = [own.application.id, its.application.id].sort() as [string, string];
  await ctx.db.transaction().execute(async (db) => {
    if (!(await addSingle({ db, now: ctx.now }, ids, actorName(ctx.actor)))) return;
    await recordEvent(
      { ...ctx, db },
      {
        type: 'duplicate.cleared',
        subject: idFrom('duplicate', ...ids),
        agency: own.application.agency,
        village: own.application.village,
        data: { application: ids[0], other: ids[1] },
      },
    );
  });
}

/** Whether this actor may say so: she must have work with the case. */
export const mayClear = (ctx: Ctx, dossier: Dossier): boolean =>
  dossier.mayConsult || may(ctx.actor, 'application.note', { desks: dossier.tasks }).allowed;

async function findPair(ctx: Ctx, number: string, other: string) {
  const [{ stored: own }, { stored: its }] = await Promise.all([loadByNumber(ctx, number), loadByNumber(ctx, other)]);
  const same = await samePerson(ctx, own.application.id, its.application.id);
  if (!same) throw new Problem(PROBLEMS.notFound, 'Kedua berkas ini bukan dari orang dan layanan yang sama.');
  return [own, its] as const;
}
