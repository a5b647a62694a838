// When the promise's clock stood still because the resident was waited for, told from the history. Pure.

import { type Calendar, workingDaysBetween } from '#platform/calendar.ts';
import type { Service } from '#src/catalogue/service.ts';

export type Pause = { from: Date; to: Date | undefined; workingDays: number };

/** Every stay in a state that waits for the resident; the last one may still go on (`to` undefined). */
export function pausesOf(
  service: Service,
  calendar: Calendar,
  moments: readonly { at: Date; data: Record<string, unknown> }[],
  now: Date,
): Pause[] {
  const pauses: Pause[] = [];
  let since: Date | undefined;
  const end = (to: Date | undefined) => {
    if (since) pauses.push({ from: since, to, workingDays: workingDaysBetween(calendar, since, to ?? now) });
    since = undefined;
  };
  for (const { at, data } of moments) {
    const moved = (data.moved ?? data) as { to?: unknown; state?: unknown };
    const to = typeof moved.to === 'string' ? moved.to : undefined;
    if (to === undefined) continue;
    end(at);
    if (service.workflow.states[to]?.waitsFor) since = at;
  }
  end(undefined);
  return pauses;
}
