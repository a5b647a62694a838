// What a case's screen shows beside the case: who has its tasks and could have them, possible doubles, ready-made sentences.

import { localDate } from '#platform/calendar.ts';
import type { Ctx } from '#platform/context.ts';
import { assignable, ownTask } from '#src/applications/assignment/actions.ts';
import type { Dossier } from '#src/applications/dossier/actions.ts';
import { compareTwins, listTwins, mayClear } from '#src/applications/duplicates/actions.ts';
import { ownVillages } from '#src/areas/actions.ts';
import { officerNames } from '#src/identity/actions.ts';
import { shortName } from '#src/office.ts';
import { offeredSentences } from '../sentences/actions.ts';

export async function besides(ctx: Ctx, dossier: Dossier) {
  const named = [
    ...dossier.tasks.map(({ takenBy }) => takenBy),
    ...dossier.moments.map(({ data }) => data.behalf),
  ].filter((id): id is string => typeof id === 'string');
  const [tasks, twins, sentences, names] = await Promise.all([
    assignable(ctx, dossier.tasks),
    dossier.erased ? [] : listTwins(ctx, dossier.number),
    offeredSentences(ctx),
    officerNames(ctx, [...new Set(named)]),
  ]);
  return {
    own: ownTask(ctx.actor, dossier.tasks),
    assignable: tasks,
    twins,
    sentences,
    officerName: (id: string) => shortName(names.get(id) ?? 'petugas lain'),
  };
}

/** Two cases opened side by side, with what the page needs to read their answers. */
export async function compared(ctx: Ctx, number: string, other: string) {
  const pair = await compareTwins(ctx, number, other);
  const villages = await ownVillages(ctx);
  const villageName = (code: string) => villages.get(code)?.name;
  return {
    pair,
    reading: { today: localDate(ctx.calendar, ctx.now), villageName, open: true },
    mayClear: mayClear(ctx, pair[0]),
  };
}
