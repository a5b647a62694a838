// The engine's jobs and addresses.
import type { Module } from '#platform/modules.ts';
import { api } from './api.ts';
import { casesInHand } from './held/actions.ts';
import { batch, batches, follow, giveNumbers, passLimits, rollUpDurations, tidy } from './jobs.ts';

export const applications: Module = {
  name: 'applications',
  uses: ['areas', 'catalogue', 'messages', 'identity'],
  routes: api,
  inHand: casesInHand,
  jobs: {
    'applications.limits': passLimits,
    'applications.registers': giveNumbers,
    'applications.durations': rollUpDurations,
    'applications.tidy': tidy,
    'applications.follow': follow,
    'applications.batch': batch,
    'applications.batches': batches,
  },
  cron: {
    'applications.limits': '* * * * *',
    'applications.registers': '* * * * *',
    'applications.follow': '* * * * *',
    'applications.batches': '* * * * *',
    'applications.durations': '17 * * * *',
    'applications.tidy': '43 19 * * *', // 02.43 in Blora
  },
};
