// Sessions that have run out are swept away, so that the table holds only those that still open something.
import type { JobHandler } from '#platform/modules.ts';
import { removeExpiredSessions } from './store.ts';

export const sweepSessions: JobHandler = (ctx) => removeExpiredSessions(ctx);
