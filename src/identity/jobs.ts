// Sessions that have run out are swept away, so that the table holds only those that still open something.
import type { JobHandler } from '#platform/modules.ts';
import { sweepChallenges } from './factors/store.ts';
import { recordEnds } from './mandates/actions.ts';
import { sweepResidents } from './residents/actions.ts';
import { removeExpiredSessions } from './store.ts';

export const sweepSessions: JobHandler = async (ctx) => {
  await removeExpiredSessions(ctx);
  await sweepChallenges(ctx);
  await sweepResidents(ctx);
};

/** Writes down which mandates have run out. */
export const endMandates: JobHandler = (ctx) => recordEnds(ctx);
