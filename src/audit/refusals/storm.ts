// How many refusals are told one by one: whoever knocks a thousand times at a closed door becomes one event with a number,
// and nobody can fill the disk with events by being refused. Pure.

export type Refusal = { right: string; why: string; roles: string[]; agencies: string[]; subject?: string };
export type Told = Refusal & { count: number };

/** An actor's hour: told one by one so far, and what waits to be told as a number. */
type Hour = { since: number; told: number; waiting?: Told };
export type Storm = { actors: Map<string, Hour>; all: { since: number; told: number } };

export const newStorm = (): Storm => ({ actors: new Map(), all: { since: 0, told: 0 } });

const HOUR = 3_600_000;
/** Told one by one of one actor in an hour; and of all together in one process. */
export const EACH = 10;
export const ALL = 600;
/** More actors than this share one line: an attacker may have many names. */
const ACTORS = 5000;
export const MANY = 'many';

/** Takes one refusal in. Returns whom and what to write now, or undefined when it only counts. */
export function takeIn(
  storm: Storm,
  actor: string,
  refusal: Refusal,
  now: number,
): { actor: string; told: Told } | undefined {
  const name = storm.actors.has(actor) || storm.actors.size < ACTORS ? actor : MANY;
  const hour = storm.actors.get(name) ?? { since: now, told: 0 };
  storm.actors.set(name, hour);
  if (now - hour.since >= HOUR) Object.assign(hour, { since: now, told: 0 });
  if (now - storm.all.since >= HOUR) storm.all = { since: now, told: 0 };
  if (hour.told < EACH && storm.all.told < ALL) {
    hour.told += 1;
    storm.all.told += 1;
    return { actor: name, told: { ...refusal, count: 1 } };
  }
  hour.waiting = { ...refusal, count: (hour.waiting?.count ?? 0) + 1 };
  return undefined;
}

/** What has been counted since, one line an actor; and forgets who has been quiet for an hour. */
export function takeOut(storm: Storm, now: number): { actor: string; told: Told }[] {
  const lines: { actor: string; told: Told }[] = [];
  for (const [actor, hour] of storm.actors) {
    if (hour.waiting) lines.push({ actor, told: hour.waiting });
    delete hour.waiting;
    if (now - hour.since >= HOUR) storm.actors.delete(actor);
  }
  return lines;
}
