// What every list of the desk needs to know of the world: names of services, places and people.
import type { Ctx } from '#platform/context.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { calendarOf } from '#src/applications/calendars/actions.ts';
import { ownVillages, REGENCY } from '#src/areas/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { officerNames } from '#src/identity/actions.ts';
import { inArea } from '#src/rights.ts';
import type { Around } from './lists.ts';

/** The words around a list. Throws Problem sign-in for somebody who is no officer. */
export async function aroundOf(ctx: Ctx): Promise<Around> {
  const { actor } = ctx;
  if (actor.kind !== 'officer') throw new Problem(PROBLEMS.signIn);
  const [catalogue, villages] = await Promise.all([getCatalogue(ctx), ownVillages(ctx)]);
  // an officer of one village knows where it is; elsewhere the district tells villages of one name apart
  const oneDistrict = actor.area !== '';
  const villageName = (code: string) => {
    const place = villages.get(code);
    if (!place) return inArea(REGENCY, code) ? code : 'luar Blora';
    return oneDistrict ? place.name : `${place.name}, ${place.district}`;
  };
  return {
    now: ctx.now,
    calendar: await calendarOf(ctx, actor.agency),
    catalogue,
    villageName,
    me: actor.id,
    officerNames: new Map(),
  };
}

/** Names of the colleagues who have taken tasks of the list. */
export async function nameTakers(
  ctx: Ctx,
  around: Around,
  items: readonly { takenBy: string | null }[],
): Promise<void> {
  const takers = items.map((item) => item.takenBy).filter((id): id is string => id !== null && id !== around.me);
  if (takers.length > 0) around.officerNames = await officerNames(ctx, [...new Set(takers)]);
}
