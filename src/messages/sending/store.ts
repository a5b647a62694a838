// How a message is claimed, tried and settled. A try is on disk before anything leaves the house.
import { sql } from 'kysely';
import type { Ctx } from '#platform/context.ts';
import type { Channel, Language } from '../template.ts';
import type { Outcome } from '../way.ts';

export type Claimed = {
  id: string;
  template: string;
  account: string | null;
  urgent: boolean;
  only_by: Channel | null;
  key: Buffer | null;
  address: Buffer;
  content: Buffer;
  about: string | null;
  round: number;
  attempts: number;
  round_at: Date;
};

/**
 * Takes up to `most` messages that are due, urgent ones first, and no other sender has. Until `lease` they are ours; a
 * message whose sender died comes back when its lease has passed.
 */
// everywhere the message is locked before its tries, so that two writers never wait for each other
export async function claim(ctx: Pick<Ctx, 'db' | 'now'>, most: number, lease: Date): Promise<Claimed[]> {
  const take = async (urgent: boolean, limit: number): Promise<Claimed[]> => {
    if (limit <= 0) return [];
    const { rows } = await sql<Claimed>`
      WITH due AS (SELECT id FROM messages.messages
        WHERE state IN ('queued', 'sending') AND urgent = ${urgent} AND next_at <= ${ctx.now}
        ORDER BY next_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      UPDATE messages.messages m SET state = 'sending', next_at = ${lease} FROM due WHERE m.id = due.id
      RETURNING m.id, m.template, m.account, m.urgent, m.only_by, m.key, m.address, m.content, m.about, m.round, m.attempts,
        m.round_at`.execute(ctx.db);
    return rows;
  };
  const urgent = await take(true, most);
  return [...urgent, ...(await take(false, most - urgent.length))];
}

export type TriedRow = {
  message: string;
  number: number;
  round: number;
  channel: Channel;
  provider: string;
  started_at: Date;
  ended_at: Date;
  outcome: Outcome;
  reason: string | null;
};

/** The tries of these messages, oldest first. One that never ended belongs to a sender that died: nobody knows. */
export async function triesOf(ctx: Pick<Ctx, 'db' | 'now'>, messages: string[]): Promise<TriedRow[]> {
  await sql`UPDATE messages.attempts SET ended_at = ${ctx.now}, outcome = 'unknown', reason = 'cut-short'
    WHERE message = ANY(${messages}::uuid[]) AND ended_at IS NULL`.execute(ctx.db);
  const { rows } = await sql<TriedRow>`
    SELECT message, number, round, channel, provider, started_at, ended_at, outcome, reason FROM messages.attempts
    WHERE message = ANY(${messages}::uuid[]) ORDER BY message, number`.execute(ctx.db);
  return rows;
}

export type NewTry = {
  message: string;
  number: number;
  round: number;
  channel: Channel;
  provider: string;
  key: string;
};

/** Writes down what will be tried now. */
export async function beginTries(ctx: Pick<Ctx, 'db' | 'now'>, tries: NewTry[]): Promise<void> {
  if (tries.length === 0) return;
  await sql`
    WITH t AS (SELECT * FROM json_to_recordset(${JSON.stringify(tries)}::json)
        AS t(message uuid, number int, round int, channel text, provider text, key uuid)),
      counted AS (UPDATE messages.messages m SET attempts = t.number FROM t WHERE m.id = t.message)
    INSERT INTO messages.attempts (message, number, round, channel, provider, key, started_at)
    SELECT message, number, round, channel, provider, key, ${ctx.now} FROM t`.execute(ctx.db);
}

export type Waiting = { id: string; until: Date; reason: string };

export async function postpone(ctx: Pick<Ctx, 'db'>, waiting: Waiting[]): Promise<void> {
  if (waiting.length === 0) return;
  await sql`
    UPDATE messages.messages m SET state = 'queued', next_at = w.until, reason = w.reason
    FROM json_to_recordset(${JSON.stringify(waiting)}::json) AS w(id uuid, until timestamptz, reason text)
    WHERE m.id = w.id AND m.state = 'sending'`.execute(ctx.db);
}

export type Ended = { id: string; state: 'sent' | 'failed' | 'dropped'; channel: 'inbox' | null; reason: string };

/** Messages that go no further: failed, dropped, or only to be read on the pages. */
export async function end(ctx: Pick<Ctx, 'db' | 'now'>, ended: Ended[]): Promise<void> {
  if (ended.length === 0) return;
  await sql`
    UPDATE messages.messages m SET state = e.state, reason = e.reason, channel = coalesce(e.channel, m.channel),
      sent_at = CASE WHEN e.state = 'sent' THEN ${ctx.now}::timestamptz ELSE m.sent_at END
    FROM json_to_recordset(${JSON.stringify(ended)}::json) AS e(id uuid, state text, channel text, reason text)
    WHERE m.id = e.id AND m.state = 'sending'`.execute(ctx.db);
}

export type Settled = {
  message: string;
  number: number;
  channel: Channel;
  provider: string;
  masked: string;
  outcome: Outcome;
  reason: string | null;
  reference: string | null;
};

/**
 * Writes down how a try ended and, with it, what becomes of the message: sent, or queued again at once. A report that came
 * faster than the answer stands.
 */
export async function settle(ctx: Pick<Ctx, 'db'>, now: Date, s: Settled): Promise<void> {
  await sql`
    WITH own AS (SELECT id FROM messages.messages WHERE id = ${s.message} FOR UPDATE),
      t AS (UPDATE messages.attempts a SET ended_at = ${now}, outcome = ${s.outcome}, reason = ${s.reason},
        reference = coalesce(${s.reference}, a.reference) FROM own
      WHERE a.message = own.id AND a.number = ${s.number} AND (a.outcome IS NULL OR a.outcome = 'unknown')
      RETURNING a.message)
    UPDATE messages.messages m SET channel = ${s.channel}, provider = ${s.provider}, masked = ${s.masked}, reason = ${s.reason},
      state = CASE WHEN ${s.outcome} = 'accepted' THEN 'sent' ELSE 'queued' END,
      sent_at = CASE WHEN ${s.outcome} = 'accepted' THEN ${now}::timestamptz ELSE m.sent_at END,
      next_at = ${now}
    FROM t WHERE m.id = t.message AND m.state IN ('queued', 'sending')`.execute(ctx.db);
}

export type Report = {
  provider: string;
  /** Our key, the provider's id, or both. */
  key?: string | undefined;
  reference?: string | undefined;
  status: 'accepted' | 'delivered' | 'failed';
  reason?: string | undefined;
};

/**
 * What a provider reports later. Only ever forward: a report that comes twice, late or out of order changes nothing.
 * A failure after the provider had taken the message sends it by another channel. False when it is about nothing of ours.
 */
export async function settleReport(ctx: Pick<Ctx, 'db' | 'now'>, report: Report): Promise<boolean> {
  const { provider, key = null, reference = null, status, reason = null } = report;
  const { rows } = await sql<{ message: string }>`
    WITH t AS (SELECT a.message, a.number FROM messages.attempts a JOIN messages.messages m ON m.id = a.message
        WHERE a.provider = ${provider} AND (a.key = ${key}::uuid OR a.reference = ${reference})
        ORDER BY a.number DESC LIMIT 1 FOR UPDATE OF m),
      tried AS (UPDATE messages.attempts a SET
          ended_at = coalesce(a.ended_at, ${ctx.now}),
          reference = coalesce(a.reference, ${reference}),
          delivered_at = CASE WHEN ${status} = 'delivered' THEN coalesce(a.delivered_at, ${ctx.now}) ELSE a.delivered_at END,
          outcome = CASE WHEN ${status} = 'failed' THEN 'refused' ELSE 'accepted' END,
          reason = CASE WHEN ${status} = 'failed' THEN coalesce(${reason}, 'not-delivered') ELSE NULL END
        FROM t WHERE a.message = t.message AND a.number = t.number AND CASE ${status}
          WHEN 'failed' THEN a.delivered_at IS NULL AND a.outcome IS DISTINCT FROM 'refused'
          WHEN 'delivered' THEN a.delivered_at IS NULL
          ELSE a.outcome IS NULL OR a.outcome = 'unknown' END
        RETURNING a.message, a.number, a.round, a.channel, a.provider, a.reason),
      told AS (UPDATE messages.messages m SET
          state = CASE ${status} WHEN 'failed' THEN 'queued' WHEN 'delivered' THEN 'delivered' ELSE 'sent' END,
          reason = tried.reason, channel = tried.channel, provider = tried.provider,
          next_at = CASE WHEN ${status} = 'failed' THEN ${ctx.now}::timestamptz ELSE m.next_at END,
          sent_at = coalesce(m.sent_at, ${ctx.now}),
          delivered_at = CASE WHEN ${status} = 'delivered' THEN ${ctx.now}::timestamptz ELSE m.delivered_at END
        FROM tried WHERE m.id = tried.message AND m.round = tried.round AND CASE ${status}
          WHEN 'failed' THEN m.attempts = tried.number AND m.state IN ('queued', 'sending', 'sent')
          WHEN 'delivered' THEN m.state <> 'delivered'
          ELSE m.state IN ('queued', 'sending') END
        RETURNING m.id)
    SELECT message, (SELECT count(platform.enqueue('messages.send', json_build_object('message', id)))
      FROM told WHERE ${status} = 'failed') FROM t`.execute(ctx.db);
  return rows.length > 0;
}

export type Wishes = { account: string; channels: Channel[]; language: Language; off: string[] };

export async function wishesOf(ctx: Pick<Ctx, 'db'>, accounts: string[]): Promise<Map<string, Wishes>> {
  if (accounts.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('messages.preferences')
    .select(['account', 'channels', 'language', 'off'])
    .where('account', 'in', accounts)
    .execute();
  return new Map(rows.map((row) => [row.account, row as Wishes]));
}
