// Who stands for whom at a moment. Pure.

/** Somebody is away from `starts` until before `ends`, and a deputy works at her desks; `roles` and `area` are hers. */
export type Delegation = {
  id: string;
  agency: string;
  officer: string;
  roles: string[];
  area: string;
  starts: Date;
  ends: Date;
  endedAt: Date | null;
};

/** The desks that a deputy has for others at `now`. It ends by itself: nobody has to take anything back. */
export function standingAt(
  delegations: readonly Delegation[],
  agency: string,
  now: Date,
): { officer: string; roles: string[]; area: string }[] {
  return delegations
    .filter((one) => isRunning(one, now) && one.agency === agency)
    .map(({ officer, roles, area }) => ({ officer, roles, area }));
}

/** Whether it holds at this moment. */
export const isRunning = (one: Pick<Delegation, 'starts' | 'ends' | 'endedAt'>, now: Date): boolean =>
  one.starts <= now && now < one.ends && (one.endedAt === null || now < one.endedAt);
