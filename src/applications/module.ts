// The engine's jobs and addresses.
import type { Module } from '#platform/modules.ts';
import { api } from './api.ts';
import { giveNumbers, passLimits, rollUpDurations } from './jobs.ts';

export const applications: Module = {
  name: 'applications',
  uses: ['areas', 'catalogue', 'identity'],
  routes: api,
  jobs: {
    'applications.limits': passLimits,
    'applications.registers': giveNumbers,
    'applications.durations': rollUpDurations,
  },
  cron: {
    'applications.limits': '* * * * *',
    'applications.registers': '* * * * *',
    'applications.durations': '17 * * * *',
  },
};
