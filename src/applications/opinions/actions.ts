// Opinions of other agencies on a case: asked, taken back, given.
import type { Ctx } from '#platform/context.ts';
import { sha256 } from '#platform/crypto.ts';
import { canonical } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import { Problem } from '#platform/problem.ts';
import { actingFor, permit } from '#src/rights.ts';
import { inTheNameOf, loadByNumber, newNote, type Result, record, repeatedResult, thing } from '../actions.ts';
import type { Opinion } from '../application.ts';
import type { Command } from '../decide.ts';
import { kinds } from '../problems.ts';
import { findCommand, openTasksOf } from '../store.ts';
import { desksNow } from '../tasks.ts';

/** Asks another agency's desk for an opinion. */
export async function askOpinion(
  ctx: Ctx,
  number: string,
  ask: { agency: string; role: string; area?: Opinion['area']; note?: string },
): Promise<Result> {
  const { stored, service } = await loadByNumber(ctx, number);
  permit(ctx.actor, 'application.consult', {
    application: thing(stored.application),
    desks: desksNow(service, stored.application),
  });
  const note = newNote(ctx, ask.note);
  const opinion = { id: newId(ctx.now), agency: ask.agency, role: ask.role, ...(ask.area && { area: ask.area }) };
  return record(
    ctx,
    service,
    stored,
    { kind: 'consult', opinion, ...(note && { note: note.id }) },
    { body: sha256(canonical([number, ask])), note },
  );
}

/** Takes back a question that an officer asked. */
export async function recallOpinion(ctx: Ctx, number: string, opinion: string): Promise<Result> {
  const { stored, service } = await loadByNumber(ctx, number);
  permit(ctx.actor, 'application.consult', {
    application: thing(stored.application),
    desks: desksNow(service, stored.application),
  });
  return record(
    ctx,
    service,
    stored,
    { kind: 'recall', opinion },
    { body: sha256(canonical([number, 'recall', opinion])) },
  );
}

/** Answers a question put to the own desk. */
export async function giveOpinion(
  ctx: Ctx,
  number: string,
  opinion: { id: string; answer: 'agree' | 'disagree'; note?: string },
): Promise<Result> {
  const { stored, service } = await loadByNumber(ctx, number);
  const asked = (await openTasksOf(ctx, stored.application.id)).filter(
    (task) => task.kind === 'opinion' && task.opinion === opinion.id,
  );
  if (asked.length === 0) {
    const known = await findCommand(ctx, ctx.commandId);
    if (known) return repeatedResult(known, sha256(canonical([number, opinion])));
    throw new Problem(kinds.movedOn);
  }
  const at = { application: thing(stored.application), desks: asked };
  permit(ctx.actor, 'application.opine', at);
  const doer = inTheNameOf(ctx, actingFor(ctx.actor, 'application.opine', at));
  const note = newNote(ctx, opinion.note);
  const command: Command = {
    kind: 'opine',
    opinion: opinion.id,
    answer: opinion.answer,
    ...(note && { note: note.id }),
  };
  return record(doer, service, stored, command, { body: sha256(canonical([number, opinion])), note });
}
