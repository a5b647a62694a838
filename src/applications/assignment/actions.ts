// Whose work a task is: taken, taken over, given, freed; and what was escalated goes back to its desk.
import { actorName, type Ctx } from '#platform/context.ts';
import { sha256 } from '#platform/crypto.ts';
import { recordEvent } from '#platform/event-log.ts';
import { canonical } from '#platform/events.ts';
import { idFrom } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { officerNames } from '#src/identity/actions.ts';
import { actingFor, desksOf, may, permit } from '#src/rights.ts';
import { addNote, loadByNumber, type Result, record, thing } from '../actions.ts';
import { kinds } from '../problems.ts';
import { type OpenTask, openTasksOf } from '../store.ts';
import { type Colleague, endTask, giveTask, officersAt } from './store.ts';

export type { Colleague } from './store.ts';

/** The task on a desk of this officer, own or stood for. */
export const ownTask = (actor: Ctx['actor'], tasks: OpenTask[]): OpenTask | undefined =>
  tasks.find((task) =>
    desksOf(actor).some(
      (desk) => desk.agency === task.agency && desk.area === task.area && desk.roles.includes(task.role),
    ),
  );

/**
 * Puts an open task under one's own name, so that two do not work on the same case. `over`: the colleague who had it, as the
 * officer saw it; a task that somebody has taken is taken over only knowingly. Throws Problem taken.
 */
export async function takeTask(ctx: Ctx, number: string, over?: string): Promise<Result> {
  const { stored, service } = await loadByNumber(ctx, number);
  const tasks = await openTasksOf(ctx, stored.application.id);
  const at = { application: thing(stored.application), desks: tasks };
  permit(ctx.actor, 'application.take', at);
  const { actor } = ctx;
  if (actor.kind !== 'officer') throw new Problem(PROBLEMS.forbidden);
  const task = ownTask(actor, tasks);
  if (!task) throw new Problem(kinds.movedOn);
  const before = task.takenBy !== actor.id ? task.takenBy : null;
  if (before && before !== over) {
    const name = (await officerNames(ctx, [before])).get(before) ?? 'petugas lain';
    throw new Problem(kinds.taken, `Berkas ini sudah diambil ${name}. Muat ulang; bila perlu, ambil alih darinya.`);
  }
  const behalf = actingFor(actor, 'application.take', at);
  return record(
    behalf ? { ...ctx, actor: { ...actor, behalf } } : ctx,
    service,
    stored,
    { kind: 'take', officer: actor.id, ...(before && { over: before }) },
    { body: sha256(canonical([number, 'take', over ?? null])), takenBy: { task: task.id, officer: actor.id } },
  );
}

/** The tasks of a case that this actor may give to somebody, each with those who work at its desk. */
export async function assignable(ctx: Ctx, tasks: OpenTask[]): Promise<{ task: OpenTask; colleagues: Colleague[] }[]> {
  const own = tasks.filter(
    (task) => task.kind !== 'resident' && may(ctx.actor, 'task.assign', { desks: [task] }).allowed,
  );
  return Promise.all(own.map(async (task) => ({ task, colleagues: await officersAt(ctx, task) })));
}

/** Gives a task to an officer of its desk. Throws Problem 403, invalid, moved-on. Again changes nothing. */
export async function assignTask(ctx: Ctx, number: string, given: { task: string; officer: string }): Promise<void> {
  const { task, application } = await findTask(ctx, number, given.task);
  permit(ctx.actor, 'task.assign', { application, desks: [task] });
  const known = await officersAt(ctx, task);
  if (!known.some(({ id }) => id === given.officer))
    throw new Problem(PROBLEMS.invalid, undefined, [
      { path: 'officer', message: 'Pilih petugas yang bekerja di meja ini.' },
    ]);
  await hand(ctx, 'task.assigned', application, task, given.officer);
}

/** Frees a task: its own officer, or who leads the desk. */
export async function releaseTask(ctx: Ctx, number: string, id: string): Promise<void> {
  const { task, application } = await findTask(ctx, number, id);
  const own = ctx.actor.kind === 'officer' && task.takenBy === ctx.actor.id;
  permit(ctx.actor, own ? 'application.take' : 'task.assign', { application, desks: [task] });
  await hand(ctx, 'task.released', application, task, null);
}

/**
 * Sends what was escalated back to its desk with a note: the escalation is over, the case stays where it is.
 * Throws Problem invalid without a note.
 */
export async function returnEscalation(ctx: Ctx, number: string, note: string): Promise<void> {
  const { stored } = await loadByNumber(ctx, number);
  const application = thing(stored.application);
  const tasks = await openTasksOf(ctx, application.id);
  const escalated = tasks.filter((task) => task.kind === 'escalation');
  permit(ctx.actor, 'task.assign', { application, desks: escalated.length > 0 ? escalated : tasks });
  const task = ownTask(ctx.actor, escalated) ?? escalated[0];
  if (!task) {
    // a double click: the note is written and the escalation over
    if (note.trim()) await addNote(ctx, number, note);
    return;
  }
  await addNote(ctx, number, note);
  await ctx.db.transaction().execute(async (db) => {
    if (!(await endTask({ db, now: ctx.now }, task.id, actorName(ctx.actor)))) return;
    await recordEvent(
      { ...ctx, db, commandId: idFrom(ctx.commandId, 'returned') },
      {
        type: 'task.returned',
        subject: task.id,
        agency: task.agency,
        village: application.village,
        data: { application: application.id },
      },
    );
  });
}

async function findTask(ctx: Ctx, number: string, id: string) {
  const { stored } = await loadByNumber(ctx, number);
  const task = (await openTasksOf(ctx, stored.application.id)).find((one) => one.id === id);
  // whoever may not see the case learns nothing of its tasks
  if (!task) {
    permit(ctx.actor, 'application.read', { application: thing(stored.application) });
    throw new Problem(kinds.movedOn);
  }
  return { task, application: thing(stored.application) };
}

/** Rows and event in one commit; the event's subject is the task, so that the case's own chain is not held up. */
async function hand(
  ctx: Ctx,
  type: 'task.assigned' | 'task.released',
  application: { id: string; village: string },
  task: OpenTask,
  officer: string | null,
): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    const changed = await giveTask({ db }, task.id, officer);
    if (!changed) throw new Problem(kinds.movedOn);
    if (changed.before === officer) return;
    await recordEvent(
      { ...ctx, db },
      {
        type,
        subject: task.id,
        agency: task.agency,
        village: application.village,
        data: {
          application: application.id,
          ...(officer && { officer }),
          ...(changed.before && { before: changed.before }),
        },
      },
    );
  });
}
