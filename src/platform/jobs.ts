// Work that need not be waited for: queued in the transaction of the act that causes it, done at least once by graphile-worker.
import { Logger, parseCronItems, type Runner, run, type TaskList } from 'graphile-worker';
import { context, SYSTEM, type World } from './context.ts';
import type { Module } from './modules.ts';

/** Starts the worker on the migrating login's connection; the jobs themselves work through the world's own pool. */
export async function startWorker(world: World, url: string, modules: Module[]): Promise<Runner> {
  const taskList: TaskList = {};
  const cron = [];
  for (const module of modules) {
    for (const [name, handle] of Object.entries(module.jobs ?? {})) {
      taskList[name] = async (payload) =>
        handle(context(world, SYSTEM, 'system'), (payload ?? {}) as Record<string, unknown>);
    }
    for (const [task, match] of Object.entries(module.cron ?? {}))
      cron.push({ task, match, options: { backfillPeriod: 0, maxAttempts: 1 } });
  }
  return run({
    connectionString: url,
    taskList,
    parsedCronItems: parseCronItems(cron),
    concurrency: 2,
    maxPoolSize: 3,
    noHandleSignals: true,
    logger: workerLog(world),
  });
}

/** Which jobs each type of event sets off, over all modules. */
export function subscribersOf(modules: Module[]): Record<string, string[]> {
  const subscribers: Record<string, string[]> = {};
  for (const module of modules) {
    for (const [type, jobs] of Object.entries(module.on ?? {}))
      subscribers[type] = [...(subscribers[type] ?? []), ...jobs];
  }
  return subscribers;
}

// job payloads hold ids only, but errors of the database may quote values: log the task's name, not the message's tail
const workerLog = (world: World): Logger =>
  new Logger(() => (level, message, meta) => {
    if (level === 'error')
      world.log.error(
        { task: (meta?.['job'] as { task_identifier?: string } | undefined)?.task_identifier },
        message.split('\n')[0]?.slice(0, 120),
      );
  });
