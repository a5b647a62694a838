// Writes and reads the log for subjects other than applications (which write theirs together with their rows).
import { sql } from 'kysely';
import { actorName, type Ctx } from './context.ts';
import { type EventRow, hashEvent } from './events.ts';
import { newId } from './ids.ts';

/**
 * Adds one event about `subject`, chained to its last, in the caller's transaction when there is one. Repeats of the same
 * command and type change nothing.
 */
export async function recordEvent(
  ctx: Ctx,
  event: { type: string; subject: string; agency?: string; village?: string; data: Record<string, unknown> },
): Promise<void> {
  const add = async (tx: Ctx['db']): Promise<void> => {
    // one writer a subject at a time: the chain has no forks
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${event.subject}, 0))`.execute(tx);
    const known = await tx
      .selectFrom('platform.events')
      .select(['seq', 'hash', 'type', 'command_id'])
      .where('subject', '=', event.subject)
      .orderBy('seq', 'desc')
      .execute();
    if (known.some((row) => row.command_id === ctx.commandId && row.type === event.type)) return;
    const at = ctx.now.toISOString();
    const row: Omit<EventRow, 'hash'> = {
      id: newId(ctx.now),
      at,
      recordedAt: at,
      type: event.type,
      subject: event.subject,
      seq: (known[0]?.seq ?? 0) + 1,
      actor: actorName(ctx.actor),
      agency: event.agency ?? null,
      village: event.village ?? null,
      channel: ctx.channel,
      commandId: ctx.commandId,
      data: event.data,
      prev: known[0]?.hash ?? null,
    };
    await tx
      .insertInto('platform.events')
      .values({
        id: row.id,
        at,
        recorded_at: at,
        type: row.type,
        subject: row.subject,
        seq: row.seq,
        actor: row.actor,
        agency: row.agency,
        village: row.village,
        channel: row.channel,
        command_id: row.commandId,
        data: JSON.stringify(row.data),
        prev: row.prev,
        hash: hashEvent(row),
      })
      .execute();
    // who reacts is told in the same transaction, as with the events of applications
    for (const task of ctx.subscribers[row.type] ?? [])
      await sql`SELECT platform.enqueue(${task}, json_build_object('subject', ${row.subject}::uuid, 'event', ${row.id}::uuid))`.execute(
        tx,
      );
  };
  await (ctx.db.isTransaction ? add(ctx.db) : ctx.db.transaction().execute(add));
}

/** All events of one subject, oldest first. `since`: when the subject began, so that older months are not looked through. */
export async function eventsOf(ctx: Pick<Ctx, 'db'>, subject: string, since = new Date(0)): Promise<EventRow[]> {
  const rows = await ctx.db
    .selectFrom('platform.events')
    .selectAll()
    .where('subject', '=', subject)
    .where('recorded_at', '>=', since)
    .orderBy('seq')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    at: row.at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    type: row.type,
    subject: row.subject,
    seq: row.seq,
    actor: row.actor,
    agency: row.agency,
    village: row.village,
    channel: row.channel,
    commandId: row.command_id,
    data: row.data as Record<string, unknown>,
    prev: row.prev,
    hash: row.hash,
  }));
}
