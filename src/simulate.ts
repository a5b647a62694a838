// Fills a database with a realistic, deterministic history, marked as simulated.
import type { Command } from '#platform/command.ts';
import type { OpenWorld } from '#platform/world.ts';

export const simulateCommand = (_inWorld: <T>(work: (open: OpenWorld) => Promise<T>) => Promise<T>): Command => ({
  name: 'simulate', usage: 'simulate --applications N --months M --seed S', summary: 'fill in a simulated history',
  run: async () => ({ ok: false, json: {}, text: '' }),
});
