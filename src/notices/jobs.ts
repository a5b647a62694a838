// From what happened to what is told. Each job may run twice: what was told is not told again.
import type { Ctx } from '#platform/context.ts';
import { eventsOf } from '#platform/event-log.ts';
import { followLog, queueFor } from '#platform/follow.ts';
import { loadById } from '#src/applications/actions.ts';
import { endingWaits } from '#src/applications/upkeep/actions.ts';
import { documentsOf } from '#src/documents/actions.ts';
import { tell } from './actions.ts';
import { issuesPaper, type News } from './notice.ts';

const DAY_MS = 24 * 3_600_000;

type Payload = Record<string, unknown>;

const about =
  (news: News) =>
  (ctx: Ctx, payload: Payload): Promise<void> =>
    tell(ctx, String(payload.subject), news, String(payload.event));

const STALE_DAYS = 3;

/**
 * Submitting is the hottest path of all and its receipt is on the screen: "we have it" is told a minute or two later, from the
 * log, instead of by a job queued with each submission (which cost three quarters of the throughput).
 */
export const followArrivals = (ctx: Ctx): Promise<void> =>
  followLog(ctx, 'told', (tx, from, to) =>
    queueFor(tx, {
      type: 'application.submitted',
      job: 'notices.received',
      from,
      to,
      since: new Date(ctx.now.getTime() - STALE_DAYS * DAY_MS),
    }),
  );

export const tellReceived = about('permohonan-diterima');
export const tellReturned = about('perlu-perbaikan');
export const tellRefused = about('ditolak');
export const tellExpired = about('kedaluwarsa');

/** A case ended well. Where a paper of ours follows, the paper's own event tells that it can be fetched. */
export async function tellCompleted(ctx: Ctx, payload: Payload): Promise<void> {
  const found = await loadById(ctx, String(payload.subject));
  if (found && !issuesPaper(found.service)) await tellReady(ctx, String(payload.subject));
}

/** A paper was issued or signed: told once for the case, when none of its papers waits for a signature any more. */
export async function tellIssued(ctx: Ctx, payload: Payload): Promise<void> {
  const [issued] = await eventsOf(ctx, String(payload.subject));
  const application = String(issued?.data.application ?? '');
  if (!application) return;
  const papers = await documentsOf(ctx, application);
  const waiting = papers.some(
    (one) => one.revokedAt === null && one.signature !== 'none' && one.signature !== 'signed',
  );
  if (!waiting) await tellReady(ctx, application);
}

// the moment of completion is the cause: several papers of it are one piece of news, a case completed again is another
async function tellReady(ctx: Ctx, application: string): Promise<void> {
  const found = await loadById(ctx, application);
  if (found?.stored.application.endedAt)
    await tell(ctx, application, 'disetujui-terbit', `${application} ${found.stored.application.endedAt}`);
}

const REMIND_DAYS = 3;
const BATCH = 500;

/** Three days before a case that waits for its resident expires. Those told to mend only yesterday know it. */
export async function remind(ctx: Ctx): Promise<void> {
  const to = new Date(ctx.now.getTime() + REMIND_DAYS * DAY_MS);
  const openedBefore = new Date(ctx.now.getTime() - DAY_MS);
  for (let from = ctx.now; ; ) {
    const waits = await endingWaits(ctx, { from, to, openedBefore, limit: BATCH });
    for (const wait of waits) await tell(ctx, wait.application, 'kedaluwarsa-dekat', wait.task);
    const last = waits.at(-1)?.until;
    if (waits.length < BATCH || !last || last <= from) return;
    from = new Date(last.getTime() - 1);
  }
}
