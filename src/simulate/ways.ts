// Where the officers' actions of a state lead: onward to completion, round about, back, to refusal. Pure, once a
// service.
import type { Service } from '#src/catalogue/service.ts';
import type { Action, State } from '#src/catalogue/workflow.ts';

export type Chosen = { id: string; action: Action };

export type Ways = {
  onward: (Chosen & { straight: boolean })[];
  again?: Chosen;
  back?: Chosen;
  refuse?: Chosen;
  reopen?: Chosen;
};
const known = new WeakMap<Service, Map<string, Ways>>();

/** The officers' actions of a state by what they lead to; worked out once a service. */
export function waysOf(service: Service, id: string, state: State): Ways {
  let states = known.get(service);
  if (!states) known.set(service, (states = new Map()));
  let ways = states.get(id);
  if (ways) return ways;
  const steps = stepsToEnd(service);
  const here = steps.get(id) ?? Number.POSITIVE_INFINITY;
  ways = { onward: [] };
  for (const [name, action] of Object.entries(state.actions)) {
    if (!action.by.some((by) => by !== 'applicant' && by !== 'system')) continue;
    const way = { id: name, action };
    if (action.kind === 'return') ways.back = way;
    if (action.kind === 'refuse') ways.refuse = way;
    if (action.kind === 'reopen') ways.reopen = way;
    if (action.kind !== 'advance' && action.kind !== 'complete') continue;
    const there = steps.get(action.to) ?? Number.POSITIVE_INFINITY;
    if (there <= here && action.to !== id) ways.onward.push({ ...way, straight: there < here });
    else ways.again = way;
  }
  states.set(id, ways);
  return ways;
}

/** How many steps each state lies from completion, over the actions of officers and the agreement of opinions. */
function stepsToEnd(service: Service): Map<string, number> {
  const steps = new Map<string, number>();
  const { states } = service.workflow;
  let reached = Object.keys(states).filter((id) => states[id]?.end === 'completed');
  for (let distance = 0; reached.length > 0; distance++) {
    for (const id of reached) steps.set(id, distance);
    const targets = new Set(reached);
    reached = Object.entries(states)
      .filter(
        ([id, state]) =>
          !steps.has(id) &&
          (targets.has(state.opinions?.agreed ?? '') ||
            Object.values(state.actions).some(
              (action) => ['advance', 'complete'].includes(action.kind) && targets.has(action.to),
            )),
      )
      .map(([id]) => id);
  }
  return steps;
}
