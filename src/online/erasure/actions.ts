// When a case is destroyed, the draft it was sent from goes too, with whatever was uploaded and never used.
import type { Ctx } from '#platform/context.ts';
import { eventsOf } from '#platform/event-log.ts';
import { destroyFile } from '#platform/files.ts';
import { filesOf, removeDraft } from '../store.ts';
import { draftsOf } from './store.ts';

/** `payload.subject` is the destruction that the event tells of. Again does no harm. */
export async function forgetDrafts(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const events = await eventsOf(ctx, String(payload.subject));
  const application = events.find((event) => event.type === 'case.erased')?.data.application;
  if (typeof application !== 'string') return;
  for (const draft of await draftsOf(ctx, application)) {
    for (const file of await filesOf(ctx, draft)) await destroyFile(ctx, file);
    await removeDraft(ctx, draft);
  }
}
