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
};

export type Desk = { agency: string; roles: string[]; area: string };
export type Cursor = { at: Date; id: string };

/** Open tasks of a desk, the most urgent first. `late`: only those due before now; `mine`: taken by this officer. */
export async function inboxPage(
  ctx: Pick<Ctx, 'pool' | 'now'>,
  desk: Desk,
  filter: {
    service?: string | undefined;
    late?: boolean;
    mine?: string | undefined;
    after?: Cursor | undefined;
    limit: number;
  },
): Promise<InboxRow[]> {
  const values: unknown[] = [
    desk.agency,
    desk.roles,
    desk.area,
    filter.limit,
    filter.after?.at ?? new Date(0),
    filter.after?.id ?? '00000000-0000-0000-0000-000000000000',
  ];
  const where: string[] = [];
  const add = (sql: string, value: unknown) => where.push(sql.replace('?', `$${values.push(value)}`));
  if (filter.service) add('AND service = ?', filter.service);
  if (filter.late) add('AND due_at < ?', ctx.now);
  if (filter.mine) add('AND taken_by = ?', filter.mine);
  const { rows } = await ctx.pool.query({
    name: `inbox${filter.service ? '-service' : ''}${filter.late ? '-late' : ''}${filter.mine ? '-mine' : ''}`,
    text: `SELECT t.id AS task, t.kind, t.due_at AS "taskDue", t.taken_by AS "takenBy", a.id, a.number, a.service, t.state, a.status, a.village, a.channel,
        a.submitted_at AS "submittedAt", a.due_at AS "dueAt", a.label, a.key, a.simulated
      FROM (SELECT x.* FROM unnest($2::text[]) role CROSS JOIN LATERAL
          (SELECT id, kind, application, state, due_at, taken_by FROM applications.tasks
           WHERE agency = $1 AND tasks.role = role.role AND area = $3 AND closed_at IS NULL AND (due_at, id) > ($5, $6::uuid) ${where.join(' ')}
           ORDER BY due_at, id LIMIT $4) x
        ORDER BY x.due_at, x.id LIMIT $4) t
      JOIN applications.applications a ON a.id = t.application ORDER BY t.due_at, t.id`,
    values,
  });
  return rows;
}

/** How many tasks are open and late on a desk, each counted no further than `most`: two short walks of the inbox's index. */
export async function inboxCounts(
  ctx: Pick<Ctx, 'pool' | 'now'>,
  desk: Desk,
  most: number,
): Promise<{ open: number; late: number }> {
  const walk = (late: string) => `(SELECT count(*)::int FROM (SELECT FROM applications.tasks
    WHERE agency = $1 AND role = ANY($2) AND area = $3 AND closed_at IS NULL ${late} LIMIT $5) t)`;
  const { rows } = await ctx.pool.query({
    name: 'inbox-counts',
    text: `SELECT ${walk('')} AS open, ${walk('AND due_at < $4')} AS late`,
    values: [desk.agency, desk.roles, desk.area, ctx.now, most],
  });
  return rows[0];
}

export type ArchiveRow = Omit<InboxRow, 'task' | 'kind' | 'taskDue' | 'takenBy'> & { endedAt: Date | null };
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
