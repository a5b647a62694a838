// How long desks take: minutes of work on the office's clock, with the days on which a register stood still.
import { type Calendar, dueAfter } from '#platform/calendar.ts';
import type { Service } from '#src/catalogue/service.ts';
import type { State } from '#src/catalogue/workflow.ts';

const MINUTE = 60_000;

/** The national register is down: the desks of `agency` stand still until it is back. */
export type Outage = { agency: string; from: number; to: number };

/**
 * The instant after so many minutes of work; within an outage the agency's desks wait for its end and what piled up.
 */
export function worked(
  scene: { calendar: Calendar; outages: Outage[] },
  agency: string,
  from: number,
  minutes: number,
  roundTheClock = false,
): number {
  const length = Math.max(1, minutes);
  const at = roundTheClock
    ? from + length * MINUTE
    : dueAfter(scene.calendar, new Date(from), { workingHours: length / 60 }).getTime();
  const outage = scene.outages.find((one) => one.agency === agency && at >= one.from && at < one.to);
  if (!outage) return Math.floor(at);
  // what waited is done in the order in which it would have been, during the next hours
  const share = (at - outage.from) / (outage.to - outage.from);
  return Math.floor(dueAfter(scene.calendar, new Date(outage.to), { workingHours: 0.1 + 5 * share }).getTime());
}

export const hasClockLimit = (state: State): boolean =>
  state.limit !== undefined && ('hours' in state.limit || 'days' in state.limit);

/** The state's limit in minutes of work (or of the clock, for emergencies); a working day is seven hours. */
export function minutesOf(service: Service, state: State): number {
  const limit = state.limit ?? service.workflow.promise;
  if ('workingHours' in limit) return limit.workingHours * 60;
  if ('workingDays' in limit) return Math.max(1, limit.workingDays) * 7 * 60;
  if ('hours' in limit) return limit.hours * 60;
  return limit.days * 24 * 60;
}
