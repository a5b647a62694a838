// One action for many cases: which actions may be done so, and what would come of it. Pure.
import type { Actor } from '#platform/context.ts';
import type { Service } from '#src/catalogue/service.ts';
import type { Action, ActionKind } from '#src/catalogue/workflow.ts';
import { desksOf, may } from '#src/rights.ts';

/** What can be said of many cases in the same words. A return names other fields in each case; a resident's acts are his. */
const MANY = new Set<ActionKind>(['advance', 'complete', 'refuse', 'reopen', 'note']);

/** Cases that the workflow sees alike. */
export type Group = { service: string; version: number; state: string; status: string; count: number };
export type KnownGroup = Group & { definition: Service };

export type Choice = {
  action: string;
  name: string;
  kind: ActionKind;
  reasons: { id: string; name: string }[];
  count: number;
};

/** Why a group is left out, as a code. */
export type Left = 'no-such-action' | 'opinions-open' | 'forbidden' | 'each-by-itself';

/** The actions that can be done to some of the groups, those that fit most cases first. */
export function choicesFor(actor: Actor, groups: readonly KnownGroup[]): Choice[] {
  const choices = new Map<string, Choice>();
  for (const group of groups) {
    for (const [id, action] of Object.entries(group.definition.workflow.states[group.state]?.actions ?? {})) {
      if (leftOut(actor, group, id)) continue;
      const known = choices.get(id) ?? { action: id, name: action.name, kind: action.kind, reasons: [], count: 0 };
      known.count += group.count;
      for (const reason of action.reasons ?? [])
        if (!known.reasons.some((one) => one.id === reason.id))
          known.reasons.push({ id: reason.id, name: reason.name });
      choices.set(id, known);
    }
  }
  return [...choices.values()].sort((a, b) => b.count - a.count);
}

/** Why this action cannot be done to these cases; undefined when it can. */
export function leftOut(actor: Actor, group: KnownGroup, id: string): Left | undefined {
  const action = group.definition.workflow.states[group.state]?.actions[id];
  if (!action) return 'no-such-action';
  if (!MANY.has(action.kind)) return 'each-by-itself';
  const desks = desksOf(actor).flatMap(({ agency, area, roles }) => roles.map((role) => ({ agency, area, role })));
  if (!may(actor, 'application.act', { desks, by: action.by }).allowed) return 'forbidden';
  return group.status === 'waiting-opinion' && action.kind !== 'note' ? 'opinions-open' : undefined;
}

/** What is missing before it may start: a refusal says why, and "other reasons" are told in words. */
export function missingWords(
  action: Pick<Action, 'kind' | 'reasons'>,
  given: { reason?: string | undefined; note?: string | undefined },
): { path: string; message: string }[] {
  if (action.kind !== 'refuse') return [];
  if (!given.reason || !action.reasons?.some(({ id }) => id === given.reason))
    return [{ path: 'reason', message: 'Pilih alasannya. Alasan ini dibaca setiap pemohon.' }];
  return given.reason === 'lain' && !given.note?.trim()
    ? [{ path: 'note', message: 'Tulis alasannya, karena "lain" saja tidak menjelaskan apa-apa kepada pemohon.' }]
    : [];
}
