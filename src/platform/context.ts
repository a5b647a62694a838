// What every action receives first: the world it works in, who acts, when, through which door, under which command.
import type pg from 'pg';
import type { Calendar } from './calendar.ts';
import type { Config } from './config.ts';
import type { Keys } from './crypto.ts';
import type { Db } from './db.ts';
import type { EventChannel } from './events.ts';
import type { FileStore } from './files.ts';
import { newId } from './ids.ts';
import type { Log } from './log.ts';

/** The things that live as long as the program. */
export type World = {
  db: Db;
  pool: pg.Pool;
  keys: Keys;
  calendar: Calendar;
  files: FileStore;
  config: Config;
  log: Log;
  /** Which jobs an event of a type sets off (from the modules' `on`). */
  subscribers: Record<string, string[]>;
  /** What an officer has in hand, over all modules. */
  inHand: ((ctx: Ctx, officer: string) => Promise<{ count: number; items: { text: string; href: string }[] }>)[];
  /** The clock; tests set it. */
  clock(): Date;
};

/**
 * resident: `holds` are the applications whose code this person has shown or whose account keeps them; `account` when signed in.
 * officer: works for one agency, in the whole regency (area '') or one district or village; `weak`: signed in with a password
 * alone, may look but not decide. system: the clock and batch jobs.
 */
export type Actor =
  | {
      kind: 'resident';
      holds: string[];
      account?: string;
      /** Of those held, the ones held only as an agent: application → mandate. */
      asAgent?: Record<string, string>;
    }
  | {
      kind: 'officer';
      id: string;
      name: string;
      agency: string;
      roles: string[];
      area: string;
      rights?: string[];
      weak?: true;
      /** Officers of the same agency whose deputy this one is now: their desks are hers too. */
      standsFor?: { officer: string; roles: string[]; area: string }[];
      /** For whom the deputy acts in this very act; it stands in the event. */
      behalf?: string;
    }
  | { kind: 'system' };

export type Resident = Extract<Actor, { kind: 'resident' }>;

export type Ctx = World & { actor: Actor; now: Date; commandId: string; channel: EventChannel };

export const SYSTEM: Actor = { kind: 'system' };

/** A context for one request or job. `commandId` makes a repeat harmless. */
export function context(world: World, actor: Actor, channel: EventChannel, commandId?: string): Ctx {
  const now = world.clock();
  return { ...world, actor, now, channel, commandId: commandId ?? newId(now) };
}

/** How the log names the actor: an officer's or account's id, otherwise only the kind. */
export function actorName(actor: Actor): string {
  if (actor.kind === 'officer') return actor.id;
  return actor.kind === 'resident' && actor.account ? `resident:${actor.account}` : actor.kind;
}
