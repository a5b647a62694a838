// What the queue and the clock do: send what is due, and destroy what nobody needs any more.
import type { Ctx } from '#platform/context.ts';
import { sendDue } from './sending/actions.ts';
import { destroyContents } from './store.ts';
import { templates } from './templates/store.ts';

/** A message was queued, or a minute has passed: everything due goes out. */
export async function send(ctx: Ctx): Promise<void> {
  await sendDue(ctx);
}

/** What stays in an inbox can be read for a year. */
const KEPT_MINUTES = 365 * 24 * 60;

/** Destroys addresses and contents: codes and invitations when they have expired, the rest after a year. */
export async function tidy(ctx: Ctx): Promise<void> {
  const before = (minutes: number) => new Date(ctx.now.getTime() - minutes * 60_000);
  for (const template of templates().values())
    await destroyContents(ctx, template.id, before(template.inbox ? KEPT_MINUTES : template.expires));
}
