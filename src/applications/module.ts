// The engine's jobs and addresses.
import type { Module } from '#platform/modules.ts';
import { api } from './api.ts';
import { giveNumbers, passLimits, rollUpDurations, tidy } from './jobs.ts';

export const applications: Module = {
  name: 'applications',
  uses: ['areas', 'catalogue', 'identity'],
  routes: api,
  jobs: {
    'applications.limits': passLimits,
    'applications.registers': giveNumbers,
    'applications.durations': rollUpDurations,
    'applications.tidy': tidy,
  },
  cron: {
    'applications.limits': '* * * * *',
    'applications.registers': '* * * * *',
    'applications.durations': '17 * * * *',
    'applications.tidy': '43 19 * * *', // 02.43 in Blora
  },
};
