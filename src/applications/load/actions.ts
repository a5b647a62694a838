// The load of an agency, for those who lead it.
import { type Calendar, localDate } from '#platform/calendar.ts';
import type { Actor, Ctx } from '#platform/context.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { officerNames } from '#src/identity/actions.ts';
import { desksOf, permit } from '#src/rights.ts';
import { type InboxItem, type Listed, listTasks } from '../inbox/actions.ts';
import type { Desk, TaskFilter } from '../inbox/store.ts';
import { type LoadRow, loadOf, type WeekRow, weeksOf } from './store.ts';

export type { LoadRow, WeekRow } from './store.ts';

export type Load = {
  all: LoadRow | undefined;
  desks: LoadRow[];
  officers: (LoadRow & { name: string })[];
  services: LoadRow[];
  weeks: WeekRow[];
};

const WEEKS = 8;

/** Open, due today, late, ages and escalations of the own agency and place. */
export async function getLoad(ctx: Ctx): Promise<Load> {
  permit(ctx.actor, 'load.read');
  const { agency, areas } = ownPlace(ctx.actor);
  const [rows, weeks] = await Promise.all([
    loadOf(ctx, agency, areas, endOfToday(ctx.calendar, ctx.now)),
    weeksOf(ctx, agency, WEEKS),
  ]);
  const of = (by: LoadRow['by']) => rows.filter((row) => row.by === by);
  const names = await officerNames(
    ctx,
    of('officer').flatMap(({ officer }) => (officer ? [officer] : [])),
  );
  return {
    all: of('all')[0],
    desks: of('desk'),
    officers: of('officer').map((row) => ({ ...row, name: row.officer ? (names.get(row.officer) ?? '') : '' })),
    services: of('service'),
    weeks,
  };
}

/** The cases behind a figure of the load, the most urgent first. */
export async function listLoad(
  ctx: Ctx,
  given: { role?: string; area?: string; after?: string | undefined; late?: boolean; today?: boolean } & Pick<
    TaskFilter,
    'service' | 'mine' | 'untaken' | 'kind'
  >,
): Promise<Listed<InboxItem>> {
  permit(ctx.actor, 'load.read');
  const { role, area, today, ...filter } = given;
  const desks = await desksIn(ctx, role, area);
  if (desks.length === 0) return { items: [], next: undefined };
  return listTasks(ctx, desks, { ...filter, today: today ? endOfToday(ctx.calendar, ctx.now) : undefined });
}

/** The desks of the own agency and place on which work lies now. */
async function desksIn(ctx: Ctx, role: string | undefined, area: string | undefined): Promise<Desk[]> {
  const { agency, areas } = ownPlace(ctx.actor);
  const rows = await loadOf(ctx, agency, areas, ctx.now);
  return rows
    .filter((row) => row.by === 'desk' && (!role || row.role === role) && (area === undefined || row.area === area))
    .map((row) => ({ agency, roles: [row.role ?? ''], area: row.area ?? '' }));
}

function ownPlace(actor: Actor): { agency: string; areas: string[] } {
  const desks = desksOf(actor);
  if (!desks[0]) throw new Problem(PROBLEMS.forbidden);
  return { agency: desks[0].agency, areas: desks.map(({ area }) => area) };
}

/** The last instant of the local day. */
const endOfToday = (calendar: Calendar, now: Date): Date =>
  new Date(Date.parse(`${localDate(calendar, now)}T23:59:59.999Z`) - calendar.offsetMinutes * 60_000);
