// How long a case was in our hands: working minutes while the clock of the promise ran. Pure.

import { type Calendar, workingMinutesBetween } from '#platform/calendar.ts';
import type { Service } from '#src/catalogue/service.ts';
import { stateOf } from '../application.ts';

/**
 * Working minutes from submission to the last end, without the times when the case waited for the resident or had ended
 * (between a refusal and the objection to it). `moves` are the entries into states, in order, the submission first.
 */
export function workedMinutes(calendar: Calendar, service: Service, moves: { at: string; to: string }[]): number {
  let minutes = 0;
  for (let i = 0; i + 1 < moves.length; i++) {
    const [here, next] = [moves[i]!, moves[i + 1]!];
    const state = stateOf(service, here.to);
    if (!state.waitsFor && !state.end) minutes += workingMinutesBetween(calendar, new Date(here.at), new Date(next.at));
  }
  return minutes;
}

/** The value below which the part `p` of all lies, between two neighbours in proportion (as SQL's percentile_cont). */
export function quantile(sorted: number[], p: number): number | null {
  if (sorted.length === 0) return null;
  const place = (sorted.length - 1) * p;
  const low = sorted[Math.floor(place)] as number;
  const high = sorted[Math.ceil(place)] as number;
  return low + (high - low) * (place - Math.floor(place));
}

/** A quantile over several months from each month's own, weighted by how many cases it had: near, not exact. */
export function joinedQuantile(months: { value: number | null; cases: number }[]): number | null {
  const known = months.filter(
    (month): month is { value: number; cases: number } => month.value !== null && month.cases > 0,
  );
  const cases = known.reduce((sum, month) => sum + month.cases, 0);
  return cases === 0 ? null : Math.round(known.reduce((sum, month) => sum + month.value * month.cases, 0) / cases);
}
