// The only place that reads and writes the messages schema.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';
import type { Wishes } from './sending/store.ts';
import type { Channel } from './template.ts';

export type NewMessage = {
  id: string;
  template: string;
  account: string | null;
  about: string | null;
  urgent: boolean;
  onlyBy: Channel | null;
  key: Buffer;
  address: Buffer;
  content: Buffer;
  nextAt: Date;
};

/** Queues a message and the job that sends it, in the caller's transaction; false when the id is known already. */
export async function insertMessage(ctx: Pick<Ctx, 'db' | 'now'>, message: NewMessage): Promise<boolean> {
  const { id, template, account, about, urgent, onlyBy, key, address, content, nextAt } = message;
  // a job for now has no time of its own: the queue's clock is the database's, not ours
  const runAt = nextAt.getTime() > ctx.now.getTime() ? nextAt : null;
  const added = await sql`
    WITH m AS (INSERT INTO messages.messages
        (id, template, account, about, urgent, only_by, key, address, content, state, reason, next_at, created_at, round_at)
      VALUES (${id}, ${template}, ${account}, ${about}, ${urgent}, ${onlyBy}, ${key}, ${address}, ${content}, 'queued', ${runAt ? 'quiet-hours' : null},
        ${nextAt}, ${ctx.now}, ${ctx.now})
      ON CONFLICT (id) DO NOTHING RETURNING id)
    SELECT id, platform.enqueue('messages.send', json_build_object('message', id), ${runAt}::timestamptz) FROM m`.execute(
    ctx.db,
  );
  return added.rows.length > 0;
}

/** Destroys the keys of one kind of message queued before a time; the rows stay as a record that it was sent. */
export async function destroyContents(ctx: Pick<Ctx, 'db'>, template: string, before: Date): Promise<void> {
  await ctx.db
    .updateTable('messages.messages')
    .set({ key: null })
    .where('template', '=', template)
    .where('round_at', '<', before)
    .where('key', 'is not', null)
    .execute();
}

export type StoredMessage = {
  id: string;
  template: string;
  account: string | null;
  about: string | null;
  key: Buffer | null;
  content: Buffer;
  state: 'queued' | 'sending' | 'sent' | 'delivered' | 'failed' | 'dropped';
  channel: Channel | 'inbox' | null;
  reason: string | null;
  masked: string | null;
  attempts: number;
  createdAt: Date;
  nextAt: Date;
  sentAt: Date | null;
  deliveredAt: Date | null;
  readAt: Date | null;
};

const COLUMNS = sql`id, template, account, about, key, content, state, channel, reason, masked, attempts,
  created_at AS "createdAt", next_at AS "nextAt", sent_at AS "sentAt", delivered_at AS "deliveredAt", read_at AS "readAt"`;

/** All messages about one application, oldest first; there are as many as it had turns. */
export async function messagesAbout(ctx: Pick<Ctx, 'db'>, about: string): Promise<StoredMessage[]> {
  const { rows } = await sql<StoredMessage>`SELECT ${COLUMNS} FROM messages.messages
    WHERE about = ${about} ORDER BY created_at, id LIMIT 200`.execute(ctx.db);
  return rows;
}

export async function messageById(ctx: Pick<Ctx, 'db'>, id: string): Promise<StoredMessage | undefined> {
  const { rows } = await sql<StoredMessage>`SELECT ${COLUMNS} FROM messages.messages WHERE id = ${id}`.execute(ctx.db);
  return rows[0];
}

export type Place = { at: Date; id: string };

/** One page of an account's inbox, newest first, before `older` or after `newer`. */
export async function inboxPage(
  ctx: Pick<Ctx, 'db'>,
  account: string,
  templates: string[],
  page: { older?: Place | undefined; newer?: Place | undefined; size: number },
): Promise<StoredMessage[]> {
  const { older, newer, size } = page;
  const at = older ?? newer;
  const beside = !at
    ? sql``
    : older
      ? sql`AND (created_at, id) < (${at.at}, ${at.id}::uuid)`
      : sql`AND (created_at, id) > (${at.at}, ${at.id}::uuid)`;
  const order = newer && !older ? sql`created_at, id` : sql`created_at DESC, id DESC`;
  const { rows } = await sql<StoredMessage>`SELECT ${COLUMNS} FROM messages.messages
    WHERE account = ${account} AND template = ANY(${templates}::text[]) ${beside} ORDER BY ${order} LIMIT ${size}`.execute(
    ctx.db,
  );
  return newer && !older ? rows.reverse() : rows;
}

/** Remembers that these were opened in the inbox; the first time counts. */
export async function markRead(ctx: Pick<Ctx, 'db' | 'now'>, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`UPDATE messages.messages SET read_at = ${ctx.now},
      state = CASE WHEN channel = 'inbox' AND state = 'sent' THEN 'delivered' ELSE state END,
      delivered_at = CASE WHEN channel = 'inbox' THEN ${ctx.now}::timestamptz ELSE delivered_at END
    WHERE id = ANY(${ids}::uuid[]) AND read_at IS NULL`.execute(ctx.db);
}

/** Opens another round for a message that failed, with its job; false when it has not failed or its content is gone. */
export async function reopen(ctx: Pick<Ctx, 'db' | 'now'>, id: string): Promise<boolean> {
  const { rows } = await sql`
    WITH m AS (UPDATE messages.messages SET state = 'queued', round = round + 1, round_at = ${ctx.now}, next_at = ${ctx.now},
        reason = NULL WHERE id = ${id} AND state = 'failed' AND key IS NOT NULL RETURNING id)
    SELECT id, platform.enqueue('messages.send', json_build_object('message', id)) FROM m`.execute(ctx.db);
  return rows.length > 0;
}

/** Writes an account's wishes; false when they were the same. */
export async function writeWishes(ctx: Pick<Ctx, 'db' | 'now'>, wishes: Wishes): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO messages.preferences AS p (account, channels, language, off, changed_at)
    VALUES (${wishes.account}, ${wishes.channels}, ${wishes.language}, ${wishes.off}, ${ctx.now})
    ON CONFLICT (account) DO UPDATE SET channels = excluded.channels, language = excluded.language, off = excluded.off,
      changed_at = excluded.changed_at
    WHERE (p.channels, p.language, p.off) IS DISTINCT FROM (excluded.channels, excluded.language, excluded.off)
    RETURNING account`.execute(ctx.db);
  return rows.length > 0;
}

/** What a provider took last, and with `waiting` also what still waits for one. */
export async function messagesOf(
  ctx: Pick<Ctx, 'db'>,
  provider: string,
  waiting: boolean,
  most: number,
): Promise<StoredMessage[]> {
  const { rows } = await sql<StoredMessage>`SELECT ${COLUMNS} FROM messages.messages
    WHERE (provider = ${provider} OR (${waiting} AND provider IS NULL)) AND key IS NOT NULL ORDER BY created_at DESC, id DESC LIMIT ${most}`.execute(
    ctx.db,
  );
  return rows;
}
