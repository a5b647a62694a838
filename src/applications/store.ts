// The only place that reads and writes the applications schema. One act = one statement: row, event, tasks, notes, jobs.
import { batched } from '#platform/batch.ts';
import type { Ctx, World } from '#platform/context.ts';
import { actorName } from '#platform/context.ts';
import { type EventRow, hashEvent } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import type { Application } from './application.ts';
import type { Decision } from './decide.ts';
import type { TaskDraft } from './tasks.ts';

/** The row as stored: the folded case, the chain's head, and what is sealed. */
export type StoredApplication = {
  number: string;
  application: Application;
  head: Buffer;
  label: Buffer;
  answers: Buffer;
  key: Buffer | null;
  registerNo: number | null;
  registerYear: number | null;
  simulated: boolean;
};

export type Sealed = { label: Buffer; answers: Buffer; key: Buffer; nikHash: Buffer | null };
export type Evidence = { requirement: string; option: string; file: string };
export type NewNote = { id: string; text: Buffer };

/** What comes back for a command: done now, done before (with its first outcome), or overtaken by another act. */
export type Written = { done: 'now' } | { done: 'before'; body: Buffer; outcome: unknown } | { done: 'overtaken' };

export type Submission = {
  number: string;
  status: string;
  decision: Decision;
  sealed: Sealed;
  evidence: Evidence[];
  simulated: boolean;
  body: Buffer;
  outcome: unknown;
};

export type Move = {
  stored: StoredApplication;
  status: string;
  decision: Decision;
  notes: NewNote[];
  evidence: Evidence[];
  sealed?: Sealed;
  takenBy?: { task: string; officer: string };
  body: Buffer;
  outcome: unknown;
};

const EVENT_COLUMNS = `id, at, recorded_at, type, subject, seq, actor, agency, village, channel, command_id, data, prev, hash`;
const EVENT_VALUES = `r.event_id, r.at, r.at, r.event_type, r.id, r.seq, r.actor, r.agency, r.village,
  r.event_channel, r.command_id, r.data, decode(r.prev, 'base64'), decode(r.head, 'base64')`;
/** What both statements read of each act; flat, because every look into nested JSON parses it again. */
const COMMON_RECORD = `id uuid, service text, agency text, village text, state text, status text, seq int, head text, prev text, folded jsonb,
  at timestamptz, due_at timestamptz, nik_hash text, label text, answers text, command_id uuid, body text, outcome jsonb,
  event_id uuid, event_type text, event_channel text, actor text, data jsonb, tasks json, evidence json, jobs json`;
/** Always true, and read by the planner as "expect one row": so it goes by key, also while a table is still small or unmeasured. */
const FEW = 'WHERE r.seq BETWEEN 1 AND 2000000000';
const TASK_COLUMNS = `id, application, kind, agency, role, area, service, state, opinion, opened_at, due_at, late_at`;
const TASK_VALUES = `t.id, r.id, t.kind, t.agency, t.role, t.area, r.service, t.state, t.opinion, r.at, t.due_at, t.late_at`;
const TASK_RECORD = `json_to_recordset(r.tasks) AS t(id uuid, kind text, agency text, role text, area text, state text, opinion text, due_at timestamptz, late_at timestamptz)`;
const EVIDENCE_RECORD = `json_to_recordset(r.evidence) AS e(requirement text, option text, file uuid)`;
const JOBS = `(SELECT count(platform.enqueue(j.task, j.payload)) FROM r_done r, json_to_recordset(r.jobs) AS j(task text, payload json))`;

const SUBMIT = {
  name: 'applications.submit',
  text: `
WITH r AS MATERIALIZED (SELECT * FROM json_to_recordset($1) AS r(${COMMON_RECORD},
    number text, version int, channel text, key text, simulated boolean) ${FEW}),
  cmd AS (INSERT INTO platform.commands (id, body, outcome, at) SELECT command_id, decode(body, 'base64'), outcome, at FROM r
    ON CONFLICT (id) DO NOTHING RETURNING id),
  r_done AS (SELECT r.* FROM r JOIN cmd ON cmd.id = r.command_id),
  app AS (INSERT INTO applications.applications (id, number, service, version, agency, village, channel, state, status, seq, head,
      folded, submitted_at, due_at, nik_hash, label, answers, key, simulated)
    SELECT id, number, service, version, agency, village, channel, state, status, seq, decode(head, 'base64'), folded, at, due_at,
      decode(nik_hash, 'base64'), decode(label, 'base64'), decode(answers, 'base64'), decode(key, 'base64'), simulated FROM r_done),
  ev AS (INSERT INTO platform.events (${EVENT_COLUMNS}) SELECT ${EVENT_VALUES} FROM r_done r),
  tk AS (INSERT INTO applications.tasks (${TASK_COLUMNS}) SELECT ${TASK_VALUES} FROM r_done r, ${TASK_RECORD}),
  proof AS (INSERT INTO applications.evidence (application, requirement, option, file)
    SELECT r.id, e.requirement, e.option, e.file FROM r_done r, ${EVIDENCE_RECORD})
SELECT id, ${JOBS} AS jobs FROM cmd`,
};

// A move counts only while the application is where the officer's decision found it (seq); who comes second changes nothing.
const MOVE = {
  name: 'applications.move',
  text: `
WITH r AS MATERIALIZED (SELECT * FROM json_to_recordset($1) AS r(${COMMON_RECORD},
    ended_at timestamptz, closes text, notes json, taken_task uuid, taken_by uuid) ${FEW}),
  moved AS (UPDATE applications.applications a SET state = r.state, status = r.status, seq = r.seq, head = decode(r.head, 'base64'),
      folded = r.folded, due_at = r.due_at, ended_at = r.ended_at,
      answers = coalesce(decode(r.answers, 'base64'), a.answers), label = coalesce(decode(r.label, 'base64'), a.label),
      nik_hash = CASE WHEN r.answers IS NULL THEN a.nik_hash ELSE decode(r.nik_hash, 'base64') END
    FROM r WHERE a.id = r.id AND a.seq = r.seq - 1 RETURNING a.id),
  r_done AS (SELECT r.* FROM r JOIN moved ON moved.id = r.id),
  cmd AS (INSERT INTO platform.commands (id, body, outcome, at) SELECT command_id, decode(body, 'base64'), outcome, at FROM r_done RETURNING id),
  ev AS (INSERT INTO platform.events (${EVENT_COLUMNS}) SELECT ${EVENT_VALUES} FROM r_done r),
  closed AS (UPDATE applications.tasks t SET closed_at = r.at, closed_by = r.actor FROM r_done r
    WHERE t.application = r.id AND t.closed_at IS NULL AND (r.closes = 'all' OR (t.kind = 'opinion' AND t.opinion = r.closes))),
  taken AS (UPDATE applications.tasks t SET taken_by = r.taken_by FROM r_done r WHERE t.id = r.taken_task AND t.closed_at IS NULL),
  told AS (UPDATE applications.tasks t SET late_at = NULL FROM r_done r
    WHERE r.event_type = 'application.escalated' AND t.application = r.id AND t.closed_at IS NULL),
  tk AS (INSERT INTO applications.tasks (${TASK_COLUMNS}) SELECT ${TASK_VALUES} FROM r_done r, ${TASK_RECORD}),
  note AS (INSERT INTO applications.notes (id, application, text)
    SELECT n.id, r.id, decode(n.text, 'base64') FROM r_done r, json_to_recordset(r.notes) AS n(id uuid, text text)),
  old AS (UPDATE applications.evidence x SET superseded = true FROM r_done r, ${EVIDENCE_RECORD}
    WHERE x.application = r.id AND x.requirement = e.requirement),
  proof AS (INSERT INTO applications.evidence (application, requirement, option, file)
    SELECT r.id, e.requirement, e.option, e.file FROM r_done r, ${EVIDENCE_RECORD})
SELECT id, ${JOBS} AS jobs FROM cmd`,
};

/** The writers of one program: concurrent acts share statements and commits. */
export type Writer = {
  submit(ctx: Ctx, submission: Submission): Promise<Written>;
  move(ctx: Ctx, move: Move): Promise<Written>;
};

const writers = new WeakMap<World['pool'], Writer>();

/** The writer of this world's database. */
export function writerOf(world: Pick<World, 'pool'>): Writer {
  let writer = writers.get(world.pool);
  if (!writer) {
    writer = createWriter(world);
    writers.set(world.pool, writer);
  }
  return writer;
}

type Item = { json: { command_id: string; id: string } };

function createWriter({ pool }: Pick<World, 'pool'>): Writer {
  const run =
    (statement: { name: string; text: string }) =>
    async (items: Item[]): Promise<Written[]> => {
      const { rows } = await pool.query({ ...statement, values: [JSON.stringify(items.map((item) => item.json))] });
      const now = new Set(rows.map((row) => row.id as string));
      const rest = items.map((item) => item.json.command_id).filter((id) => !now.has(id));
      const before = new Map(rest.length > 0 ? (await doneBefore(pool, rest)).map((row) => [row.id, row]) : []);
      return items.map(({ json: { command_id: id } }): Written => {
        const row = before.get(id);
        if (row) return { done: 'before', body: row.body, outcome: row.outcome };
        return { done: now.has(id) ? 'now' : 'overtaken' };
      });
    };
  const submit = batched(run(SUBMIT), { size: 32, key: (item: Item) => item.json.command_id });
  const move = batched(run(MOVE), { size: 32, key: (item: Item) => item.json.id });
  return {
    submit: (ctx, submission) => submit({ json: submissionJson(ctx, submission) }),
    move: (ctx, change) => move({ json: moveJson(ctx, change) }),
  };
}

async function doneBefore(
  pool: World['pool'],
  ids: string[],
): Promise<{ id: string; body: Buffer; outcome: unknown }[]> {
  const found = await pool.query('SELECT id, body, outcome FROM platform.commands WHERE id = ANY($1::uuid[])', [ids]);
  return found.rows;
}

const base64 = (bytes: Buffer | null | undefined): string | null => bytes?.toString('base64') ?? null;

function submissionJson(ctx: Ctx, submission: Submission) {
  const { decision, sealed } = submission;
  return {
    ...commonJson(ctx, decision, null, submission),
    number: submission.number,
    version: decision.after.version,
    channel: decision.after.channel,
    nik_hash: base64(sealed.nikHash),
    label: base64(sealed.label),
    answers: base64(sealed.answers),
    key: base64(sealed.key),
    simulated: submission.simulated,
  };
}

function moveJson(ctx: Ctx, move: Move) {
  const { decision, stored, sealed } = move;
  return {
    ...commonJson(ctx, decision, stored.head, move),
    ended_at: decision.after.endedAt ?? null,
    nik_hash: base64(sealed?.nikHash),
    label: base64(sealed?.label),
    answers: base64(sealed?.answers),
    closes: typeof decision.closes === 'string' ? decision.closes : decision.closes.opinion,
    notes: move.notes.map((note) => ({ id: note.id, text: base64(note.text) })),
    taken_task: move.takenBy?.task ?? null,
    taken_by: move.takenBy?.officer ?? null,
  };
}

/** The event of a decision as a row of the log, bound to the one before. Also for histories written in bulk. */
export function eventRow(
  ctx: Pick<Ctx, 'now' | 'actor' | 'channel' | 'commandId'>,
  decision: Decision,
  prev: Buffer | null,
  id = newId(ctx.now),
): EventRow {
  const { after, event } = decision;
  const at = ctx.now.toISOString();
  const row = {
    id,
    at,
    recordedAt: at,
    type: event.type,
    subject: after.id,
    seq: after.seq,
    actor: actorName(ctx.actor),
    agency: after.agency,
    village: after.village,
    channel: ctx.channel,
    commandId: ctx.commandId,
    // a deputy's act says for whom: it is the other's right that was used
    data: {
      ...event.data,
      ...(ctx.actor.kind === 'officer' && ctx.actor.behalf && { behalf: ctx.actor.behalf }),
    } as Record<string, unknown>,
    prev,
  };
  return { ...row, hash: hashEvent(row) };
}

function commonJson(
  ctx: Ctx,
  decision: Decision,
  prev: Buffer | null,
  write: { status: string; evidence: Evidence[]; body: Buffer; outcome: unknown },
) {
  const { after, event } = decision;
  const row = eventRow(ctx, decision, prev);
  const { at } = row;
  return {
    id: after.id,
    service: after.service,
    agency: after.agency,
    village: after.village,
    state: after.state,
    status: write.status,
    seq: after.seq,
    head: row.hash.toString('base64'),
    folded: after,
    at,
    due_at: after.dueAt,
    command_id: ctx.commandId,
    body: base64(write.body),
    outcome: write.outcome,
    prev: base64(prev),
    event_id: row.id,
    event_type: row.type,
    event_channel: row.channel,
    actor: row.actor,
    data: row.data,
    tasks: decision.opens.map((task) => taskJson(ctx, task)),
    evidence: write.evidence,
    jobs: (ctx.subscribers[event.type] ?? []).map((task) => ({ task, payload: { subject: after.id, event: row.id } })),
  };
}

function taskJson(ctx: Ctx, task: TaskDraft) {
  return {
    id: newId(ctx.now),
    kind: task.kind,
    agency: task.agency,
    role: task.role,
    area: task.area,
    state: task.state,
    opinion: task.opinion ?? null,
    due_at: task.dueAt.toISOString(),
    late_at: task.lateAt?.toISOString() ?? null,
  };
}

const STORED = `number, folded, head, label, answers, key, register_no, register_year, simulated`;

function toStored(row: Record<string, unknown>): StoredApplication {
  return {
    number: row.number as string,
    application: row.folded as Application,
    head: row.head as Buffer,
    label: row.label as Buffer,
    answers: row.answers as Buffer,
    key: row.key as Buffer | null,
    registerNo: row.register_no as number | null,
    registerYear: row.register_year as number | null,
    simulated: row.simulated as boolean,
  };
}

export async function findByNumber(ctx: Pick<Ctx, 'pool'>, number: string): Promise<StoredApplication | undefined> {
  const result = await ctx.pool.query({
    name: 'applications.by-number',
    text: `SELECT ${STORED} FROM applications.applications WHERE number = $1`,
    values: [number],
  });
  return result.rows[0] && toStored(result.rows[0]);
}

export async function findById(ctx: Pick<Ctx, 'pool'>, id: string): Promise<StoredApplication | undefined> {
  const result = await ctx.pool.query({
    name: 'applications.by-id',
    text: `SELECT ${STORED} FROM applications.applications WHERE id = $1`,
    values: [id],
  });
  return result.rows[0] && toStored(result.rows[0]);
}

/** The outcome of a command that was done before, if it was. */
export async function findCommand(
  ctx: Pick<Ctx, 'db'>,
  id: string,
): Promise<{ body: Buffer; outcome: unknown } | undefined> {
  return ctx.db.selectFrom('platform.commands').select(['body', 'outcome']).where('id', '=', id).executeTakeFirst();
}

export type OpenTask = {
  id: string;
  kind: string;
  agency: string;
  role: string;
  area: string;
  opinion: string | null;
  dueAt: Date;
  takenBy: string | null;
};

export async function openTasksOf(ctx: Pick<Ctx, 'db'>, application: string): Promise<OpenTask[]> {
  const rows = await ctx.db
    .selectFrom('applications.tasks')
    .select(['id', 'kind', 'agency', 'role', 'area', 'opinion', 'due_at as dueAt', 'taken_by as takenBy'])
    .where('application', '=', application)
    .where('closed_at', 'is', null)
    .orderBy('due_at')
    .execute();
  return rows;
}

export async function notesOf(ctx: Pick<Ctx, 'db'>, application: string): Promise<Map<string, Buffer>> {
  const rows = await ctx.db
    .selectFrom('applications.notes')
    .select(['id', 'text'])
    .where('application', '=', application)
    .execute();
  return new Map(rows.map((row) => [row.id, row.text]));
}

export async function evidenceOf(
  ctx: Pick<Ctx, 'db'>,
  application: string,
): Promise<(Evidence & { kind: string; superseded: boolean })[]> {
  return ctx.db
    .selectFrom('applications.evidence as e')
    .innerJoin('platform.files as f', 'f.id', 'e.file')
    .select(['e.requirement', 'e.option', 'e.file', 'f.kind', 'e.superseded'])
    .where('e.application', '=', application)
    .orderBy('f.at')
    .execute();
}

/** Which of the files exist and belong to one of `owners`. */
export async function ownedFiles(ctx: Pick<Ctx, 'db'>, files: string[], owners: string[]): Promise<Set<string>> {
  if (files.length === 0) return new Set();
  const rows = await ctx.db
    .selectFrom('platform.files')
    .select('id')
    .where('id', 'in', files)
    .where('owner', 'in', owners)
    .execute();
  return new Set(rows.map((row) => row.id));
}
