// Reads for lists: each is one keyset page over an index, whatever the size of the archive.
import type { Ctx } from '#platform/context.ts';

export type InboxRow = {
  task: string;
  kind: string;
  taskDue: Date;
  takenBy: string | null;
  id: string;
  number: string;
  service: string;
  state: string;
  status: string;
  village: string;
  /** The door it came through. */
  channel: string;
  submittedAt: Date;
  dueAt: Date;
  label: Buffer;
  key: Buffer | null;
  simulated: boolean;
  /** The same person asked for the same service near in time, and nobody has said yet that it is no double. */
  double: boolean;
};

export type Desk = { agency: string; roles: string[]; area: string };
export type Cursor = { at: Date; id: string };

/** What narrows a list of open tasks. `late`: due before now; `today`: due until that instant; `untaken`: nobody has taken it. */
export type TaskFilter = {
  service?: string | undefined;
  late?: boolean | undefined;
  today?: Date | undefined;
  mine?: string | undefined;
  untaken?: boolean | undefined;
  kind?: 'escalation' | undefined;
};

/** The desks one by one, as arrays of one length; one that is named twice counts once. */
export function deskColumns(desks: Desk[]): [string[], string[], string[]] {
  const all = new Map(
    desks.flatMap(({ agency, roles, area }) =>
      roles.map((role) => [`${agency}/${role}/${area}`, [agency, role, area]]),
    ),
  );
  const column = (index: number) => [...all.values()].map((desk) => desk[index] as string);
  return [column(0), column(1), column(2)];
}

/** The conditions of a filter, with their values appended to `values`; `key` names the statement. */
export function taskConditions(now: Date, filter: TaskFilter, values: unknown[]): { where: string; key: string } {
  const where: string[] = [];
  const keys: string[] = [];
  const add = (key: string, sql: string, ...more: unknown[]) => {
    keys.push(key);
    where.push(more.reduce<string>((text, value) => text.replace('?', `$${values.push(value)}`), sql));
  };
  if (filter.service) add('service', 'AND t.service = ?', filter.service);
  if (filter.late) add('late', 'AND t.due_at < ?', now);
  if (filter.today) add('today', 'AND t.due_at >= ? AND t.due_at <= ?', now, filter.today);
  if (filter.mine) add('mine', 'AND t.taken_by = ?', filter.mine);
  if (filter.untaken) add('untaken', 'AND t.taken_by IS NULL');
  if (filter.kind) add('kind', 'AND t.kind = ?', filter.kind);
  return { where: where.join(' '), key: keys.map((key) => `-${key}`).join('') };
}

/** Open tasks of desks, the most urgent first. */
export async function inboxPage(
  ctx: Pick<Ctx, 'pool' | 'now'>,
  desks: Desk[],
  filter: TaskFilter & { after?: Cursor | undefined; limit: number },
): Promise<InboxRow[]> {
  const values: unknown[] = [
    ...deskColumns(desks),
    filter.limit,
    filter.after?.at ?? new Date(0),
    filter.after?.id ?? '00000000-0000-0000-0000-000000000000',
  ];
  const { where, key } = taskConditions(ctx.now, filter, values);
  const { rows } = await ctx.pool.query({
    name: `inbox${key}`,
    text: `SELECT t.id AS task, t.kind, t.due_at AS "taskDue", t.taken_by AS "takenBy", a.id, a.number, a.service, t.state, a.status, a.village, a.channel,
        a.submitted_at AS "submittedAt", a.due_at AS "dueAt", a.label, a.key, a.simulated, ${SAME_PERSON} AS double
      FROM (SELECT x.* FROM unnest($1::text[], $2::text[], $3::text[]) AS d(agency, role, area) CROSS JOIN LATERAL
          (SELECT t.id, t.kind, t.application, t.state, t.due_at, t.taken_by FROM applications.tasks t
           WHERE t.agency = d.agency AND t.role = d.role AND t.area = d.area AND t.closed_at IS NULL AND (t.due_at, t.id) > ($5, $6::uuid) ${where}
           ORDER BY t.due_at, t.id LIMIT $4) x
        ORDER BY x.due_at, x.id LIMIT $4) t
      JOIN applications.applications a ON a.id = t.application ORDER BY t.due_at, t.id`,
    values,
  });
  return rows;
}

// the same rule as duplicates/store.ts, as a mark in the list
const SAME_PERSON = `(a.nik_hash IS NOT NULL AND EXISTS (SELECT FROM applications.applications o
        WHERE o.nik_hash = a.nik_hash AND o.service = a.service AND o.id <> a.id
          AND (o.ended_at IS NULL OR o.submitted_at BETWEEN a.submitted_at - interval '90 days' AND a.submitted_at + interval '90 days')
          AND NOT EXISTS (SELECT FROM applications.singles s WHERE s.one = least(a.id, o.id) AND s.other = greatest(a.id, o.id))))`;

/** How many tasks are open and late on desks, each counted no further than `most`: two short walks of the inbox's index. */
export async function inboxCounts(
  ctx: Pick<Ctx, 'pool' | 'now'>,
  desks: Desk[],
  most: number,
): Promise<{ open: number; late: number }> {
  const walk = (
    late: string,
  ) => `(SELECT count(*)::int FROM (SELECT FROM unnest($1::text[], $2::text[], $3::text[]) AS d(agency, role, area)
    CROSS JOIN LATERAL (SELECT FROM applications.tasks t WHERE t.agency = d.agency AND t.role = d.role AND t.area = d.area
      AND t.closed_at IS NULL ${late} LIMIT $5) x LIMIT $5) n)`;
  const { rows } = await ctx.pool.query({
    name: 'inbox-counts',
    text: `SELECT ${walk('')} AS open, ${walk('AND t.due_at < $4')} AS late`,
    values: [...deskColumns(desks), ctx.now, most],
  });
  return rows[0];
}

export type ArchiveRow = Omit<InboxRow, 'task' | 'kind' | 'taskDue' | 'takenBy' | 'double'> & { endedAt: Date | null };
const ARCHIVE = `id, number, service, state, status, village, channel, submitted_at AS "submittedAt", due_at AS "dueAt", ended_at AS "endedAt", label, key, simulated`;

/** All cases of an agency (and place), newest first. `villages`: only these; undefined = all. */
export async function archivePage(
  ctx: Pick<Ctx, 'pool'>,
  agency: string,
  filter: {
    villages?: string[] | undefined;
    status?: string | undefined;
    service?: string | undefined;
    before?: Cursor | undefined;
    limit: number;
  },
): Promise<ArchiveRow[]> {
  const values: unknown[] = [agency, filter.limit];
  const where: string[] = [];
  const add = (sql: string, ...more: unknown[]) =>
    where.push(more.reduce<string>((text, value) => text.replace('?', `$${values.push(value)}`), sql));
  if (filter.status) add('AND status = ?', filter.status);
  if (filter.service) add('AND service = ?', filter.service);
  if (filter.before) add('AND (submitted_at, id) < (?, ?::uuid)', filter.before.at, filter.before.id);
  const page = (place: string) =>
    `SELECT ${ARCHIVE} FROM applications.applications WHERE agency = $1 ${place} ${where.join(' ')} ORDER BY submitted_at DESC, id DESC LIMIT $2`;
  // a page of each village, then the newest of them: an index read a village, where = ANY would sort all that they ever had
  const text = filter.villages
    ? `SELECT x.* FROM unnest($${values.push(filter.villages)}::text[]) v(code) CROSS JOIN LATERAL (${page('AND village = v.code')}) x ORDER BY x."submittedAt" DESC, x.id DESC LIMIT $2`
    : page('');
  return (await ctx.pool.query({ text, values })).rows;
}

/** Cases of one person, by the keyed hash of the NIK, newest first. */
export async function casesOfPerson(
  ctx: Pick<Ctx, 'pool'>,
  nikHash: Buffer,
  limit: number,
): Promise<(ArchiveRow & { agency: string })[]> {
  const { rows } = await ctx.pool.query({
    name: 'cases-of-person',
    text: `SELECT ${ARCHIVE}, agency FROM applications.applications WHERE nik_hash = $1 ORDER BY submitted_at DESC LIMIT $2`,
    values: [nikHash, limit],
  });
  return rows;
}
