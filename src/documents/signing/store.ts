// The requests to sign: each is written before it is sent.
import type { Ctx } from '#platform/context.ts';
import { newId } from '#platform/ids.ts';

export type Signing = {
  id: string;
  document: string;
  provider: string;
  officer: string | null;
  sentAt: Date;
  outcome: string;
  reason: string | null;
  reference: string | null;
};

/** Opens a request; undefined when one is under way, unknown or done: then nothing may be sent. */
export async function openSigning(
  ctx: Ctx,
  of: { document: string; provider: string; officer: string | null },
): Promise<string | undefined> {
  const row = await ctx.db
    .insertInto('documents.signings')
    .values({ ...of, id: newId(ctx.now), sent_at: ctx.now })
    .onConflict((conflict) =>
      conflict.column('document').where('outcome', 'in', ['sent', 'unknown', 'signed']).doNothing(),
    )
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** False when somebody else has closed it meanwhile. */
export async function closeSigning(
  ctx: Ctx,
  id: string,
  as: { outcome: 'signed' | 'refused' | 'unknown'; reason?: string | undefined; reference?: string | undefined },
): Promise<boolean> {
  const row = await ctx.db
    .updateTable('documents.signings')
    .set({
      outcome: as.outcome,
      reason: as.reason ?? null,
      ended_at: as.outcome === 'unknown' ? null : ctx.now,
      ...(as.reference && { reference: as.reference }),
    })
    .where('id', '=', id)
    .where('outcome', 'in', ['sent', 'unknown'])
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

const shaped = (row: {
  id: string;
  document: string;
  provider: string;
  officer: string | null;
  sent_at: Date;
  outcome: string;
  reason: string | null;
  reference: string | null;
}): Signing => {
  const { sent_at, ...rest } = row;
  return { ...rest, sentAt: sent_at };
};

const COLUMNS = ['id', 'document', 'provider', 'officer', 'sent_at', 'outcome', 'reason', 'reference'] as const;

/** The last request for each of these papers. */
export async function lastSignings(ctx: Pick<Ctx, 'db'>, documents: string[]): Promise<Map<string, Signing>> {
  if (documents.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('documents.signings')
    .select(COLUMNS)
    .where('document', 'in', documents)
    .orderBy('sent_at')
    .orderBy('id')
    .execute();
  return new Map(rows.map((row) => [row.document, shaped(row)]));
}

/** Requests sent before `before` of which nothing was heard: the program ended in between. */
export async function silentSignings(ctx: Pick<Ctx, 'db'>, before: Date): Promise<Signing[]> {
  const rows = await ctx.db
    .selectFrom('documents.signings')
    .select(COLUMNS)
    .where('outcome', '=', 'sent')
    .where('sent_at', '<', before)
    .limit(500)
    .execute();
  return rows.map(shaped);
}
