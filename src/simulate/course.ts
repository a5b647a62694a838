// The life of one simulated case: who does what when. Every step is decided by the same core as a real one.
import type { Calendar } from '#platform/calendar.ts';
import { type Actor, SYSTEM } from '#platform/context.ts';
import type { EventChannel, EventRow } from '#platform/events.ts';
import { type Application, type Correction, stateOf } from '#src/applications/application.ts';
import { type Command, type Decision, decide, isRefusal, submit } from '#src/applications/decide.ts';
import { eventRow } from '#src/applications/store.ts';
import type { Rules, TaskDraft } from '#src/applications/tasks.ts';
import type { Answers } from '#src/catalogue/condition.ts';
import type { Service } from '#src/catalogue/service.ts';
import type { Action, State } from '#src/catalogue/workflow.ts';
import { type Arrival, phoneTime } from './arrivals.ts';
import type { Officers } from './officers.ts';
import { hasClockLimit, minutesOf, type Outage, worked } from './pace.ts';
import type { Random } from './random.ts';
import { type Chosen, waysOf } from './ways.ts';

export type TaskRow = Omit<TaskDraft, 'dueAt' | 'lateAt'> & {
  id: string;
  openedAt: number;
  dueAt: number;
  lateAt: number | null;
  takenBy: string | null;
  closedAt: number | null;
  closedBy: string | null;
};
export type NoteRow = { id: string; text: string };
export type Life = { after: Application; events: EventRow[]; tasks: TaskRow[]; notes: NoteRow[] };

/** What all cases of one history share. `until` is its end: what has not happened by then stays open. */
export type Scene = { calendar: Calendar; random: Random; officers: Officers; until: number; outages: Outage[] };

type Case = Life & {
  scene: Scene;
  service: Service;
  answers: Answers;
  prev: Buffer;
  at: number;
  objected: boolean;
  returned: number;
};
type Step = { at: number; run(): void };

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MOST_EVENTS = 60;

// How often things happen, per visit to a desk or per case; about 18 % of all cases are returned at least once.
const RETURNED = 0.17;
const REFUSED = 0.028;
const SENT_BACK = 0.02;
const WITHDRAWN = 0.006;
const CONSULTED = 0.015;
const LOOKED_AT = 0.8;
const NOTED = 0.35;
/** Files that fall behind the cupboard. */
const FORGOTTEN = 0.006;
const NEVER_ANSWERED = 0.07;
const OBJECTED = 0.12;
const OBJECTION_UPHELD = 0.35;
const DISAGREES = 0.07;

const ASKED = [
  'Foto dokumen kurang jelas, mohon foto ulang.',
  'Isian belum sama dengan dokumen.',
  'Dokumen yang dikirim belum lengkap.',
];
const REMARKS = [
  'Sudah dicocokkan dengan dokumen asli.',
  'Pemohon sudah dihubungi.',
  'Menunggu jaringan pulih.',
  'Diprioritaskan.',
];
const OBJECTIONS = ['Dokumen saya sudah sesuai, mohon diperiksa lagi.', 'Mohon penjelasan alasan penolakan.'];

/** Lets a case happen from its submission until it ends or the simulated time does. */
export function live(scene: Scene, arrival: Arrival, answers: Answers): Life {
  const { offer, at, village, channel } = arrival;
  const { service } = offer;
  const rules: Rules = { service, calendar: scene.calendar, now: new Date(at) };
  const id = scene.random.uuid(at);
  const first = submit(rules, { id, version: offer.version, village, channel });
  const life: Case = {
    scene,
    service,
    answers,
    at,
    after: first.after,
    events: [],
    tasks: [],
    notes: [],
    prev: Buffer.alloc(0),
    objected: false,
    returned: 0,
  };
  write(life, first, { kind: 'resident', holds: [] }, channel, at);
  while (life.events.length < MOST_EVENTS && advance(life));
  return life;
}

/** Lives through the state in which the case stands; false when nothing more happens within the simulated time. */
function advance(life: Case): boolean {
  const state = stateOf(life.service, life.after.state);
  const { enteredAt } = life.after;
  const steps = state.end ? afterEnd(life, state) : state.waitsFor ? residentTurn(life, state) : deskTurn(life, state);
  const late = life.tasks.find((task) => task.closedAt === null && task.lateAt !== null);
  // the clock's job runs every minute
  if (late) steps.push({ at: Math.ceil((late.lateAt as number) / MINUTE) * MINUTE, run: () => passLimit(life, late) });
  steps.sort((a, b) => a.at - b.at);
  for (const step of steps) {
    if (step.at > life.scene.until) return false;
    step.run();
    if (life.after.enteredAt !== enteredAt) return true;
  }
  return false;
}

// ── at a desk ────────────────────────────────────────────────────────────────────────────────────────────────────────

function deskTurn(life: Case, state: State): Step[] {
  const { random, officers } = life.scene;
  const desk = life.tasks.find((task) => task.closedAt === null && task.kind === 'work');
  const steps = opinionSteps(life, state);
  const [agency, area] = [desk?.agency ?? life.service.agency, desk?.area ?? ''];
  const chosen = choose(life, state);
  if (!chosen || state.opinions) return steps;
  const role = chosen.action.by.find((by) => by !== 'applicant' && by !== 'system') ?? '';
  const officer = officers.at(agency, role, area, random);
  const forgotten = random.chance(FORGOTTEN) ? 25 : 1;
  const minutes =
    random.lognormal(0.36 * minutesOf(life.service, state) * officers.slowness(agency, role, area), 0.9) * forgotten;
  const [from, round] = [life.at, hasClockLimit(state)];
  const moment = (part: number) => worked(life.scene, agency, from, minutes * part, round);
  const taken = 0.3 + 0.5 * random.next();

  if (random.chance(0.95)) {
    const task = life.tasks.find((one) => one.closedAt === null && one.kind === 'work' && one.role === role);
    steps.push({
      at: moment(taken),
      run: () => {
        if (act(life, { kind: 'take', officer: officer.id }, officer, 'desk', moment(taken)) && task)
          task.takenBy = officer.id;
      },
    });
  }
  const during = (part: number, command: () => Command) => {
    const at = moment(taken + (1 - taken) * part);
    steps.push({ at, run: () => act(life, command(), officer, 'desk', at) });
  };
  if (random.chance(LOOKED_AT))
    during(0.2, () => ({ kind: 'reveal', purpose: chosen.action.kind === 'complete' ? 'register' : 'verify' }));
  if (random.chance(NOTED)) during(0.6, () => ({ kind: 'note', note: note(life, random.pick(REMARKS)) }));

  let due = moment(1);
  if (random.chance(CONSULTED)) due = consultation(life, steps, officer, moment(0.5), due);
  steps.push({ at: due, run: () => act(life, commandFor(life, chosen.id, chosen.action), officer, 'desk', due) });
  addWithdrawal(life, state, steps, due, WITHDRAWN);
  return steps;
}

/** Another agency is asked by the officer; the main action waits for the answer. Returns when it can be done. */
function consultation(life: Case, steps: Step[], officer: Actor, asked: number, due: number): number {
  const { random, officers } = life.scene;
  const agency = life.service.agency === 'dinsos-p3a' ? 'dindukcapil' : 'dinsos-p3a';
  const id = random.uuid(asked);
  const answered = worked(life.scene, agency, asked, random.lognormal(300, 0.8));
  const other = officers.at(agency, 'verifier', '', random);
  const answer = verdict(random);
  steps.push({
    at: asked,
    run: () =>
      act(
        life,
        { kind: 'consult', opinion: { id, agency, role: 'verifier' }, note: note(life, 'Mohon pendapat.') },
        officer,
        'desk',
        asked,
      ),
  });
  if (random.chance(0.06))
    steps.push({ at: answered, run: () => act(life, { kind: 'recall', opinion: id }, officer, 'desk', answered) });
  else steps.push({ at: answered, run: () => act(life, opine(life, id, answer), other, 'desk', answered) });
  return Math.max(due, worked(life.scene, life.service.agency, answered, 20));
}

/** The opinions that the workflow asks for: each desk answers in its own time, and the last answer moves the case. */
function opinionSteps(life: Case, state: State): Step[] {
  const { random, officers } = life.scene;
  const asked = life.tasks.filter((task) => task.kind === 'opinion' && task.closedAt === null);
  return asked.map((task) => {
    const officer = officers.at(task.agency, task.role, task.area, random);
    const pace = officers.slowness(task.agency, task.role, task.area);
    const at = worked(
      life.scene,
      task.agency,
      life.at,
      random.lognormal(0.35 * minutesOf(life.service, state) * pace, 0.8),
    );
    const answer = verdict(random);
    return { at, run: () => act(life, opine(life, task.opinion ?? '', answer), officer, 'desk', at) };
  });
}

const verdict = (random: Random): 'agree' | 'disagree' => (random.chance(DISAGREES) ? 'disagree' : 'agree');
const opine = (life: Case, opinion: string, answer: 'agree' | 'disagree'): Command => ({
  kind: 'opine',
  opinion,
  answer,
  ...(answer === 'disagree' && { note: note(life, 'Belum dapat disetujui, lihat catatan.') }),
});

/** What the desk will decide: onward mostly, back to the resident or to refusal now and then. */
function choose(life: Case, state: State): Chosen | undefined {
  const { random } = life.scene;
  const ways = waysOf(life.service, life.after.state, state);
  if (ways.reopen && random.chance(OBJECTION_UPHELD)) return ways.reopen;
  const returns = ways.back && life.after.opinions.length === 0 ? RETURNED / (1 + 3 * life.returned) : 0;
  const u = random.next();
  if (ways.back && u < returns) return ways.back;
  if (ways.refuse && (u < returns + REFUSED || ways.onward.length === 0)) return ways.refuse;
  if (ways.again && u > 1 - SENT_BACK) return ways.again;
  if (ways.onward.length === 0) return ways.again;
  // a way round (a longer path to the same end) is taken less often than the straight one
  const straight = ways.onward.filter((way) => way.straight);
  return random.pick(straight.length > 0 && random.chance(0.7) ? straight : ways.onward);
}

function commandFor(life: Case, id: string, action: Action): Command {
  const { random } = life.scene;
  const command: Command = { kind: 'act', action: id, from: life.after.state };
  switch (action.kind) {
    case 'return':
      life.returned += 1;
      return { ...command, correction: correction(life), note: note(life, random.pick(ASKED)) };
    case 'refuse':
      return {
        ...command,
        reason: action.reasons ? random.pick(action.reasons).id : 'lain',
        ...(random.chance(0.4) && { note: note(life, random.pick(REMARKS)) }),
      };
    case 'object':
      return { ...command, note: note(life, random.pick(OBJECTIONS)) };
    case 'resubmit': {
      const asked = life.after.correction;
      return { ...command, changed: [...(asked?.fields ?? []), ...(asked?.requirements ?? [])] };
    }
    case 'advance':
    case 'complete':
    case 'withdraw':
    case 'reopen':
    case 'note':
    case 'expire':
      return command;
  }
}

function correction({ service, answers, scene: { random } }: Case): Correction {
  const fields = service.form
    .filter((step) => !step.repeat)
    .flatMap((step) => Object.keys(step.properties))
    .filter((field) => field in answers);
  const papers = service.requirements.filter((one) => one.evidence === 'upload');
  if (papers.length > 0 && random.chance(0.6)) return { fields: [], requirements: [random.pick(papers).id] };
  return { fields: [random.pick(fields)], requirements: [] };
}

// ── the resident and the clock ───────────────────────────────────────────────────────────────────────────────────────

/** Waiting for the resident: mends or comes after some days, stops, or never does anything and the case expires. */
function residentTurn(life: Case, state: State): Step[] {
  const { random, calendar, officers } = life.scene;
  const steps: Step[] = [];
  if (random.chance(NEVER_ANSWERED)) return steps;
  const ways = Object.entries(state.actions).filter(
    ([, action]) => action.kind === 'resubmit' || action.kind === 'advance',
  );
  const [id, action] = ways[0] ?? [];
  if (!id || !action) return steps;
  const wait = random.lognormal(2.2 * DAY, 1);
  const byResident = action.by.includes('applicant');
  const at = byResident
    ? phoneTime(calendar, life.at + wait, random)
    : worked(life.scene, life.service.agency, life.at + wait, 30);
  const actor = byResident ? resident : officers.at(life.service.agency, action.by[0] ?? '', '', random);
  const channel = byResident ? (random.chance(0.8) ? 'online' : (life.after.channel as EventChannel)) : 'desk';
  steps.push({ at, run: () => act(life, commandFor(life, id, action), actor, channel, at) });
  addWithdrawal(life, state, steps, at, 0.03);
  return steps;
}

function afterEnd(life: Case, state: State): Step[] {
  const { random, calendar } = life.scene;
  const [id, action] = Object.entries(state.actions).find(([, one]) => one.kind === 'object') ?? [];
  if (!id || !action || life.objected || !random.chance(OBJECTED)) return [];
  life.objected = true;
  const at = phoneTime(calendar, life.at + (1 + 20 * random.next()) * DAY, random);
  return [{ at, run: () => act(life, commandFor(life, id, action), resident, 'online', at) }];
}

function addWithdrawal(life: Case, state: State, steps: Step[], before: number, p: number): void {
  const { random } = life.scene;
  const [id] = Object.entries(state.actions).find(([, action]) => action.kind === 'withdraw') ?? [];
  if (!id || !random.chance(p)) return;
  const at = Math.floor(life.at + (before - life.at) * random.next());
  steps.push({ at, run: () => act(life, { kind: 'act', action: id, from: life.after.state }, resident, 'online', at) });
}

function passLimit(life: Case, task: TaskRow): void {
  act(
    life,
    { kind: 'late', task: { kind: task.kind, state: task.state } },
    SYSTEM,
    'system',
    Math.ceil((task.lateAt as number) / MINUTE) * MINUTE,
  );
}

const resident: Actor = { kind: 'resident', holds: [] };

// ── writing down ─────────────────────────────────────────────────────────────────────────────────────────────────────

function act(life: Case, command: Command, actor: Actor, channel: EventChannel, at: number): boolean {
  const now = Math.max(Math.floor(at), life.at);
  const decision = decide(
    { service: life.service, calendar: life.scene.calendar, now: new Date(now) },
    life.after,
    command,
  );
  if (isRefusal(decision)) return false;
  write(life, decision, actor, channel, now);
  return true;
}

/** What the store's statements do, on the rows in memory. */
function write(life: Case, decision: Decision, actor: Actor, channel: EventChannel, at: number): void {
  const { random } = life.scene;
  const now = new Date(at);
  const event = eventRow(
    { now, actor, channel, commandId: random.uuid(at) },
    decision,
    life.events.length > 0 ? life.prev : null,
    random.uuid(at),
  );
  for (const task of life.tasks) {
    if (task.closedAt !== null) continue;
    if (
      decision.closes === 'all' ||
      (typeof decision.closes === 'object' && task.kind === 'opinion' && task.opinion === decision.closes.opinion)
    ) {
      task.closedAt = at;
      task.closedBy = event.actor;
    } else if (event.type === 'application.escalated') task.lateAt = null;
  }
  for (const { dueAt, lateAt, ...task } of decision.opens) {
    life.tasks.push({
      ...task,
      id: random.uuid(at),
      openedAt: at,
      dueAt: dueAt.getTime(),
      lateAt: lateAt?.getTime() ?? null,
      takenBy: null,
      closedAt: null,
      closedBy: null,
    });
  }
  life.events.push(event);
  life.prev = event.hash;
  life.after = decision.after;
  life.at = at;
}

function note(life: Case, text: string): string {
  const id = life.scene.random.uuid(life.at);
  life.notes.push({ id, text });
  return id;
}
