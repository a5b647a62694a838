// Writes down that an officer looked at a case, outside the case's own chain, and tells its owner who did.
import { localDate } from '#platform/calendar.ts';
import type { Ctx, World } from '#platform/context.ts';
import { recordEvent } from '#platform/event-log.ts';
import { idFrom } from '#platform/ids.ts';
import type { Look } from './look.ts';
import { findLooks } from './store.ts';

const MOST_REMEMBERED = 50_000;
const remembered = new WeakMap<World['pool'], Set<string>>();

type Seen = { id: string; village: string };

/** An officer opened the case: one event an officer, case and day. The owner's own visits are none. */
export const recordOpening = (ctx: Ctx, application: Seen): Promise<void> =>
  record(ctx, application, 'application.opened', '', {});

/** An officer opened a photo, a document or an issued paper of the case: one event an officer, file and day. */
export const recordFileOpening = (
  ctx: Ctx,
  application: Seen,
  file: { id: string; kind: 'evidence' | 'issued' },
): Promise<void> => record(ctx, application, 'application.file-opened', file.id, { file: file.id, kind: file.kind });

async function record(
  ctx: Ctx,
  application: Seen,
  type: 'application.opened' | 'application.file-opened',
  thing: string,
  data: Record<string, unknown>,
): Promise<void> {
  const { actor } = ctx;
  if (actor.kind !== 'officer') return;
  const subject = idFrom(type, application.id, thing, actor.id, localDate(ctx.calendar, ctx.now));
  const seen = seenIn(ctx);
  if (seen.has(subject)) return;
  await recordEvent(
    // its own command: however often the page is loaded, the log takes it once
    { ...ctx, commandId: subject },
    {
      type,
      subject,
      agency: actor.agency,
      village: application.village,
      data: { application: application.id, roles: actor.roles, ...data },
    },
  );
  if (seen.size >= MOST_REMEMBERED) seen.clear();
  seen.add(subject);
}

/** Who looked at these cases, newest first. The caller has made sure that the reader holds them. */
export async function listLooks(
  ctx: Ctx,
  applications: string[],
  page: { before?: number | undefined; limit?: number } = {},
): Promise<{ items: Look[]; next: number | undefined }> {
  const limit = page.limit ?? 50;
  const found = await findLooks(ctx, applications, { before: page.before, limit: limit + 1 });
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? items.at(-1)?.position : undefined };
}

function seenIn({ pool }: Pick<World, 'pool'>): Set<string> {
  let seen = remembered.get(pool);
  if (!seen) {
    seen = new Set();
    remembered.set(pool, seen);
  }
  return seen;
}
