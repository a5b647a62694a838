// What a module may bring to the program: addresses, jobs, reactions to events. src/modules.ts lists them all.
import type { Hono } from 'hono';
import type { Ctx, Resident, World } from './context.ts';

/** Variables that the HTTP layer gives each request. */
export type Env = {
  Variables: {
    ctx: Ctx;
    requestId: string;
    /** Who asks, as a resident; also beside an officer's session. */
    resident: Resident;
  };
};

export type JobHandler = (ctx: Ctx, payload: Record<string, unknown>) => Promise<void>;

/** How much there is (counted up to a limit), and the first of it with its address. */
export type InHand = { count: number; items: { text: string; href: string }[] };

export type Module = {
  name: string;
  /** Modules above this one that it may import from. */
  uses: string[];
  routes?(app: Hono<Env>, world: World): void;
  jobs?: Record<string, JobHandler>;
  /** Jobs at fixed times: cron pattern in UTC → job name. */
  cron?: Record<string, string>;
  /** What an officer has in hand in this module: shown before the account is closed. */
  inHand?(ctx: Ctx, officer: string): Promise<InHand>;
  /** Event type → names of own jobs, queued in the same transaction as the event, with { subject, event }. */
  on?: Record<string, string[]>;
};
