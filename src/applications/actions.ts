// What may be done with an application, the same for all three doors: load → permit → decide → record.

import { localDate } from '#platform/calendar.ts';
import type { Ctx } from '#platform/context.ts';
import { seal, sha256 } from '#platform/crypto.ts';
import { canonical } from '#platform/events.ts';
import { newId, newNumber, parseNumber } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { getOffered, getVersion } from '#src/catalogue/actions.ts';
import type { Answers } from '#src/catalogue/condition.ts';
import type { Service } from '#src/catalogue/service.ts';
import { actingFor, may, permit } from '#src/rights.ts';
import { type Application, type Correction, type Status, stateOf, statusOf } from './application.ts';
import { calendarOf } from './calendars/actions.ts';
import { caseKey, checkedContent, cleanNote, type GivenDocument, mend, sealAnswers } from './content/actions.ts';
import { type Command, decide, isRefusal, submit } from './decide.ts';
import { kinds, refusalProblem } from './problems.ts';
import {
  type Evidence,
  findById,
  findByNumber,
  findCommand,
  openTasksOf,
  type StoredApplication,
  writerOf,
} from './store.ts';
import { desksNow, withEscalation } from './tasks.ts';
import { PURPOSES } from './text.ts';
import { trackCode } from './track.ts';
import { giveRegisterNumbers } from './upkeep/store.ts';

export type Receipt = { id: string; number: string; status: Status; dueAt: string; track: string; repeated: boolean };

/**
 * Submits an application. `owners` are the drafts or officers whose uploads may be used.
 * Throws Problem invalid with one error a field; keyReused when the same command id came with another content.
 */
export async function submitApplication(
  ctx: Ctx,
  input: {
    service: string;
    answers: unknown;
    documents?: GivenDocument[];
    owners?: string[];
    channel: 'online' | 'doorstep' | 'onestop';
    simulated?: boolean;
  },
): Promise<Receipt> {
  const { service, version } = await getOffered(ctx, input.service);
  permit(ctx.actor, input.channel === 'online' ? 'application.submit' : 'application.assist');
  if (!service.channels.includes(input.channel)) {
    throw new Problem(PROBLEMS.invalid, `Layanan ini tidak dibuka lewat pintu ${input.channel}.`, [
      { path: 'channel', message: 'Pilih pintu layanan yang dibuka.' },
    ]);
  }
  const body = sha256(JSON.stringify([input.service, input.channel, input.answers, input.documents ?? []]));
  const checked = await checkedContent(ctx, service, input).catch(async (error: unknown) => {
    // a repeat is answered as the first time, also when the service or the files have changed since
    const known = await findCommand(ctx, ctx.commandId);
    if (known) return repeatedReceipt(ctx, known.body, body, known.outcome);
    throw error;
  });
  if ('repeated' in checked) return checked;
  const { answers, evidence } = checked;
  const village = String(answers[service.applicant.village] ?? '');

  for (let attempt = 0; ; attempt++) {
    const id = newId(ctx.now);
    const number = newNumber(localDate(ctx.calendar, ctx.now));
    const decision = submit(
      { service, calendar: await calendarOf(ctx, service.agency), now: ctx.now },
      { id, version, village, channel: input.channel },
    );
    const status = statusOf(service, decision.after);
    const outcome = { id, number, status, dueAt: decision.after.dueAt };
    try {
      const written = await writerOf(ctx).submit(ctx, {
        number,
        status,
        decision,
        evidence,
        body,
        outcome,
        sealed: sealAnswers(ctx, service, answers),
        simulated: input.simulated ?? false,
      });
      if (written.done === 'now') return { ...outcome, track: trackCode(ctx.keys, id), repeated: false };
      if (written.done === 'overtaken') throw new Error('a submission cannot be overtaken');
      return repeatedReceipt(ctx, written.body, body, written.outcome);
    } catch (error) {
      // one number in a billion is taken already: draw another
      if (attempt < 3 && constraintOf(error) === 'applications_number_key') continue;
      throw refusedEvidence(error);
    }
  }
}

function repeatedReceipt(ctx: Ctx, knownBody: Buffer, body: Buffer, outcome: unknown): Receipt {
  if (!knownBody.equals(body)) throw new Problem(PROBLEMS.keyReused);
  const known = outcome as Omit<Receipt, 'track' | 'repeated'>;
  return { ...known, track: trackCode(ctx.keys, known.id), repeated: true };
}

/** What an officer or resident asks to happen; the core decides. */
export type Act = {
  action: string;
  from?: string | undefined;
  reason?: string | undefined;
  note?: string | undefined;
  correction?: Correction | undefined;
  /** For a resubmission: the mended answers and new documents. */
  answers?: Answers | undefined;
  documents?: GivenDocument[] | undefined;
  owners?: string[];
};

export type Result = { number: string; status: Status; state: string; dueAt: string; repeated: boolean };

/** Does one action of the workflow. Throws Problem forbidden, moved-on, invalid … */
export async function actOnApplication(ctx: Ctx, number: string, act: Act): Promise<Result> {
  const { stored, service } = await loadByNumber(ctx, number);
  const { application } = stored;
  const action = stateOf(service, application.state).actions[act.action];
  const body = sha256(canonical([number, act]));
  // a repeat of a command that was done finds the case already moved on: answer as the first time
  if (!action || (act.from !== undefined && act.from !== application.state)) {
    const known = await findCommand(ctx, ctx.commandId);
    if (known) return repeatedResult(known, body);
    // who may see the case is told that it moved on, not that the act was never theirs
    permit(ctx.actor, 'application.read', {
      application: thing(application),
      desks: await desksOf(ctx, service, application),
    });
    const stale = act.from !== undefined && act.from !== application.state;
    throw refusalProblem({
      refused: stale ? 'moved-on' : stateOf(service, application.state).end ? 'ended' : 'no-such-action',
    });
  }
  const at = { application: thing(application), desks: desksNow(service, application), by: action.by };
  if (!may(ctx.actor, 'application.act', at).allowed)
    withEscalation(at, action, await openTasksOf(ctx, application.id));
  permit(ctx.actor, 'application.act', at);
  const doer = inTheNameOf(ctx, actingFor(ctx.actor, 'application.act', at));
  const note = newNote(ctx, act.note);
  const mended = action?.kind === 'resubmit' ? await mend(ctx, service, stored, act) : undefined;
  const command: Command = {
    kind: 'act',
    action: act.action,
    ...(act.from !== undefined && { from: act.from }),
    ...(act.reason && { reason: act.reason }),
    ...(note && { note: note.id }),
    ...(act.correction && { correction: act.correction }),
    ...(mended && { changed: mended.changed }),
  };
  return record(doer, service, stored, command, { body, note, mended });
}

/** Writes something down without moving the case. */
export async function addNote(ctx: Ctx, number: string, text: string): Promise<Result> {
  const { stored, service } = await loadByNumber(ctx, number);
  permit(ctx.actor, 'application.note', {
    application: thing(stored.application),
    desks: await desksOf(ctx, service, stored.application),
  });
  if (!text.trim())
    throw new Problem(PROBLEMS.invalid, undefined, [{ path: 'note', message: 'Tulis catatannya dulu.' }]);
  const note = { id: newId(ctx.now), text: cleanNote(text) };
  const body = sha256(canonical([number, 'note', text]));
  return record(ctx, service, stored, { kind: 'note', note: note.id }, { body, note });
}

/** Records that the full values were looked at, and why; the caller may then show them. */
export async function revealAnswers(ctx: Ctx, number: string, purpose: string): Promise<void> {
  const { stored, service } = await loadByNumber(ctx, number);
  permit(ctx.actor, 'application.read', {
    application: thing(stored.application),
    desks: await desksOf(ctx, service, stored.application),
  });
  if (!(purpose in PURPOSES))
    throw new Problem(PROBLEMS.invalid, undefined, [
      { path: 'purpose', message: 'Pilih untuk apa Anda membuka data ini.' },
    ]);
  await record(
    ctx,
    service,
    stored,
    { kind: 'reveal', purpose },
    { body: sha256(canonical([number, 'reveal', purpose])) },
  );
}

/** The clock acts on a task whose limit has passed. Nothing happens when somebody was faster. */
export async function actLate(ctx: Ctx, task: { application: string; kind: string; state: string }): Promise<void> {
  const stored = await findById(ctx, task.application);
  if (!stored) return;
  const { service } = await getVersion(ctx, stored.application.service, stored.application.version);
  permit(ctx.actor, 'application.act', { application: thing(stored.application) });
  const decision = decide(
    { service, calendar: await calendarOf(ctx, service.agency), now: ctx.now },
    stored.application,
    {
      kind: 'late',
      task,
    },
  );
  if (isRefusal(decision)) return;
  const status = statusOf(service, decision.after);
  await writerOf(ctx).move(ctx, { stored, status, decision, notes: [], evidence: [], body: sha256(''), outcome: {} });
}

/** A deputy acts for the officer whose right she used: the event says so. */
export const inTheNameOf = (ctx: Ctx, behalf: string | undefined): Ctx =>
  behalf && ctx.actor.kind === 'officer' ? { ...ctx, actor: { ...ctx.actor, behalf } } : ctx;

/** A note to be kept with the case; undefined for no text. */
export const newNote = (ctx: Ctx, text: string | undefined) =>
  text ? { id: newId(ctx.now), text: cleanNote(text) } : undefined;

type Extra = {
  body: Buffer;
  note?: { id: string; text: string } | undefined;
  mended?: { sealed: ReturnType<typeof sealAnswers>; evidence: Evidence[] } | undefined;
  takenBy?: { task: string; officer: string };
};

/** Decides a command and writes what follows; a repeat answers as the first time. The caller has permitted it. */
export async function record(
  ctx: Ctx,
  service: Service,
  stored: StoredApplication,
  command: Command,
  extra: Extra,
): Promise<Result> {
  const decision = decide(
    { service, calendar: await calendarOf(ctx, service.agency), now: ctx.now },
    stored.application,
    command,
  );
  if (isRefusal(decision)) {
    const known = await findCommand(ctx, ctx.commandId);
    if (known) return repeatedResult(known, extra.body);
    throw refusalProblem(decision);
  }
  const status = statusOf(service, decision.after);
  const outcome: Omit<Result, 'repeated'> = {
    number: stored.number,
    status,
    state: decision.after.state,
    dueAt: decision.after.dueAt,
  };
  const notes = extra.note ? [{ id: extra.note.id, text: seal(caseKey(ctx, stored), extra.note.text) }] : [];
  const written = await writerOf(ctx)
    .move(ctx, {
      stored,
      status,
      decision,
      notes,
      outcome,
      body: extra.body,
      evidence: extra.mended?.evidence ?? [],
      ...(extra.mended && { sealed: extra.mended.sealed }),
      ...(extra.takenBy && { takenBy: extra.takenBy }),
    })
    .catch(async (error: unknown) => {
      // the command is known although the case could move again: a repeated note, or the key of another command
      const known = constraintOf(error) === 'commands_pkey' ? await findCommand(ctx, ctx.commandId) : undefined;
      if (known) return { done: 'before' as const, ...known };
      throw refusedEvidence(error);
    });
  switch (written.done) {
    case 'now':
      return { ...outcome, repeated: false };
    case 'before':
      return repeatedResult(written, extra.body);
    case 'overtaken': {
      // by the same command at the same moment, or by another one
      const known = await findCommand(ctx, ctx.commandId);
      if (known) return repeatedResult(known, extra.body);
      throw new Problem(kinds.movedOn);
    }
  }
}

const constraintOf = (error: unknown): string | undefined => (error as { constraint?: string }).constraint;
/** One file proves one requirement once; the database says so. */
const refusedEvidence = (error: unknown): unknown =>
  constraintOf(error) === 'evidence_pkey'
    ? new Problem(PROBLEMS.invalid, undefined, [
        {
          path: 'documents',
          message: 'Berkas yang sama sudah dikirim untuk syarat itu. Unggah berkas lain, atau hapus yang kembar.',
        },
      ])
    : error;

/** The answer of the first time; Problem keyReused when the body was another. */
export function repeatedResult(known: { body: Buffer; outcome: unknown }, body: Buffer): Result {
  if (!known.body.equals(body)) throw new Problem(PROBLEMS.keyReused);
  return { ...(known.outcome as Omit<Result, 'repeated'>), repeated: true };
}

/** The stored application with its service version. Throws Problem 404. */
export async function loadByNumber(ctx: Ctx, number: string): Promise<{ stored: StoredApplication; service: Service }> {
  const parsed = parseNumber(number);
  const stored = parsed && (await findByNumber(ctx, parsed));
  if (!stored) throw new Problem(PROBLEMS.notFound, 'Nomor permohonan ini tidak ada. Periksa lagi, huruf demi huruf.');
  const { service } = await getVersion(ctx, stored.application.service, stored.application.version);
  return { stored, service };
}

/** The same by id, for jobs; undefined when it is gone. */
export async function loadById(
  ctx: Ctx,
  id: string,
): Promise<{ stored: StoredApplication; service: Service } | undefined> {
  const stored = await findById(ctx, id);
  if (!stored) return undefined;
  const { service } = await getVersion(ctx, stored.application.service, stored.application.version);
  return { stored, service };
}

/** Gives register numbers without gaps, in order of submission, to all that have none yet. */
export async function assignRegisterNumbers(ctx: Ctx): Promise<void> {
  while ((await giveRegisterNumbers(ctx, ctx.calendar.offsetMinutes, 5000)) > 0);
}

/** What of an application limits who may do something with it. */
export const thing = ({ id, agency, village }: Application) => ({ id, agency, village });

/** All desks that have to do with the case now: its own work and the opinions asked. */
export async function desksOf(ctx: Ctx, service: Service, application: Application) {
  return [...desksNow(service, application), ...(await openTasksOf(ctx, application.id))];
}
