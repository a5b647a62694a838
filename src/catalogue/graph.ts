// The workflow as a graph: what can be reached from where, and how much working time lies on a way.
import type { State, Workflow } from './workflow.ts';

export type Edge = { from: string; to: string; path: string };

/** Every way a case can move: by an action or by the decision of opinions. Targets may not exist. */
export function edgesOf(workflow: Workflow): Edge[] {
  return Object.entries(workflow.states).flatMap(([from, state]) => {
    const path = `workflow.states.${from}`;
    const edges = Object.entries(state.actions ?? {}).map(([id, action]) => ({
      from,
      to: action.to,
      path: `${path}.actions.${id}.to`,
    }));
    if (!state.opinions) return edges;
    const { agreed, refused } = state.opinions;
    const decided = Object.entries({ agreed, refused }).filter(([, to]) => to !== undefined);
    return [...edges, ...decided.map(([name, to]) => ({ from, to, path: `${path}.opinions.${name}` }))];
  });
}

/** States that can be reached from `starts` (themselves included), without leaving those in `stops`. */
export function reachable(
  starts: Iterable<string>,
  edges: readonly Edge[],
  stops: ReadonlySet<string> = new Set(),
): Set<string> {
  const next = Map.groupBy(edges, ({ from }) => from);
  const found = new Set(starts);
  for (const state of found) {
    if (stops.has(state)) continue;
    for (const { to } of next.get(state) ?? []) found.add(to);
  }
  return found;
}

/** States from which one of `goals` can be reached (themselves included). */
export function leadingTo(goals: Iterable<string>, edges: readonly Edge[]): Set<string> {
  return reachable(
    goals,
    edges.map(({ from, to, path }) => ({ from: to, to: from, path })),
  );
}

/** The states on the way from `start` to one of `goals` with the least total weight; undefined when there is no way. */
export function cheapestWay(
  start: string,
  goals: ReadonlySet<string>,
  edges: readonly Edge[],
  weight: (state: string) => number,
): { states: string[]; total: number } | undefined {
  const next = Map.groupBy(edges, ({ from }) => from);
  const best = new Map([[start, { total: weight(start), states: [start] }]]);
  const open = new Set([start]);
  while (open.size > 0) {
    const state = [...open].reduce((a, b) => (best.get(b)!.total < best.get(a)!.total ? b : a));
    open.delete(state);
    const here = best.get(state)!;
    if (goals.has(state)) return here;
    for (const { to } of next.get(state) ?? []) {
      const total = here.total + weight(to);
      if (total >= (best.get(to)?.total ?? Number.POSITIVE_INFINITY)) continue;
      best.set(to, { total, states: [...here.states, to] });
      open.add(to);
    }
  }
  return undefined;
}

/** States in which the office works: not ended, and not waiting for the resident. */
export function isWorking(state: State): boolean {
  return state.end === undefined && state.waitsFor === undefined;
}
