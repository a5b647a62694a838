// Mandates: given when somebody applies for another or when an owner lets somebody help, revoked by either, ended by the clock.
import type { Ctx } from '#platform/context.ts';
import { newDataKey, openDataKey, seal, unseal } from '#platform/crypto.ts';
import { recordEvent } from '#platform/event-log.ts';
import { newId } from '#platform/ids.ts';
import type { AgentKind, Mandate, Origin, Relation } from './mandate.ts';
import {
  addMandate,
  codeOf,
  endMandates,
  findMandate,
  type MandateRow,
  mandatesOf,
  mandatesOfAgent,
  replaceCode,
  revokeMandate,
  runningMandates,
} from './store.ts';

export { codeOf, eraseMandates } from './store.ts';

export type NewMandate = {
  application: string;
  /** Keyed hash of the applicant's NIK, when the service asks for one. */
  nikHash?: Buffer | null;
  origin: Origin;
  relation: Relation;
  principal: string;
  agentName?: string;
  ends: Date;
};

/**
 * Gives a mandate; the agent is the actor (an account, an officer, or else whoever has its code) unless `origin` is 'given'.
 * The same command id gives it once. The caller has permitted it. Returns its id, from which its own follow-up code derives.
 */
export async function giveMandate(ctx: Ctx, given: NewMandate): Promise<string> {
  const { actor } = ctx;
  const agent: { kind: AgentKind; id: string | null; agency: string | null } =
    given.origin === 'declared' && actor.kind === 'officer'
      ? { kind: 'officer', id: actor.id, agency: actor.agency }
      : given.origin === 'declared' && actor.kind === 'resident' && actor.account
        ? { kind: 'account', id: actor.account, agency: null }
        : { kind: 'code', id: null, agency: null };
  const key = newDataKey(ctx.keys);
  return inTransaction(ctx, async (tx) => {
    const id = newId(tx.now);
    const kept = await addMandate(tx, {
      id,
      application: given.application,
      command: tx.commandId,
      origin: given.origin,
      relation: given.relation,
      principal: seal(key.plain, given.principal),
      nik_hash: given.nikHash ?? null,
      agent_kind: agent.kind,
      agent: agent.id,
      agency: agent.agency,
      agent_name: given.agentName ? seal(key.plain, given.agentName) : null,
      key: key.wrapped,
      starts: tx.now,
      ends: given.ends,
    });
    if (kept !== id) return kept;
    await recordEvent(tx, {
      type: 'mandate.given',
      subject: id,
      ...(agent.agency && { agency: agent.agency }),
      data: {
        application: given.application,
        origin: given.origin,
        relation: given.relation,
        agent: agent.kind,
        until: given.ends.toISOString(),
      },
    });
    return id;
  });
}

/** Mandates of applications that the caller may read, newest first. */
export const listMandates = async (ctx: Ctx, applications: string[]): Promise<Mandate[]> =>
  (await mandatesOf(ctx, applications)).map((row) => opened(ctx, row));

/** Mandates in which this account is the agent. */
export const mandatesFor = async (ctx: Ctx, account: string): Promise<Mandate[]> =>
  (await mandatesOfAgent(ctx, account)).map((row) => opened(ctx, row));

export async function getMandate(ctx: Ctx, id: string): Promise<Mandate | undefined> {
  const row = await findMandate(ctx, id);
  return row && opened(ctx, row);
}

/**
 * Ends a mandate before its time; a repeat changes nothing. When the principal does, the application's own code, which the
 * agent has seen, is replaced as well. Returns what the present code derives from. The caller has permitted it.
 */
export async function revoke(
  ctx: Ctx,
  mandate: Pick<Mandate, 'id' | 'application'>,
  by: 'principal' | 'agent',
): Promise<string> {
  return inTransaction(ctx, async (tx) => {
    const { id, application } = mandate;
    if (await revokeMandate(tx, id, by)) {
      if (by === 'principal') await replaceCode(tx, application, newId(tx.now));
      await recordEvent(tx, { type: 'mandate.revoked', subject: id, data: { application, by } });
    }
    return codeOf(tx, application);
  });
}

/** An account that closes gives back every mandate it has. */
export async function returnMandates(ctx: Ctx, account: string): Promise<void> {
  for (const row of await mandatesOfAgent(ctx, account)) if (!row.revoked_at) await revoke(ctx, row, 'agent');
}

/** Writes down that mandates have run out; they held nothing any more from that moment on. */
export async function recordEnds(ctx: Ctx): Promise<void> {
  for (;;) {
    const ended = await inTransaction(ctx, async (tx) => {
      const rows = await endMandates(tx, 100);
      for (const { id, application } of rows)
        await recordEvent(tx, { type: 'mandate.ended', subject: id, data: { application } });
      return rows.length;
    });
    if (ended < 100) return;
  }
}

/**
 * Everything whose derived code opens an application at this moment: its own code (as replaced last) and its running mandates.
 */
export async function openersOf(ctx: Ctx, application: string): Promise<string[]> {
  const [own, agents] = await Promise.all([codeOf(ctx, application), runningMandates(ctx, application)]);
  return [own, ...agents];
}

function opened(ctx: Pick<Ctx, 'keys'>, row: MandateRow): Mandate {
  const key = row.key && openDataKey(ctx.keys, row.key);
  const text = (sealed: Buffer | null): string =>
    !sealed ? '' : key ? unseal(key, sealed).toString() : '(dimusnahkan)';
  return {
    id: row.id,
    application: row.application,
    origin: row.origin,
    relation: row.relation,
    principal: text(row.principal),
    agentKind: row.agent_kind,
    agent: row.agent,
    agency: row.agency,
    agentName: text(row.agent_name),
    starts: row.starts,
    ends: row.ends,
    revokedAt: row.revoked_at,
    revokedBy: row.revoked_by,
  };
}

const inTransaction = <T>(ctx: Ctx, work: (tx: Ctx) => Promise<T>): Promise<T> =>
  ctx.db.isTransaction ? work(ctx) : ctx.db.transaction().execute((db) => work({ ...ctx, db }));
