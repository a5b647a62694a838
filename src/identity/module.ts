// Officers and residents sign in here; residents need no account.
import type { Module } from '#platform/modules.ts';
import { endMandates, sweepSessions } from './jobs.ts';
import { officerPages } from './pages/officers.ts';
import { residentSignInPages } from './residents/pages/sign-in.ts';

export const identity: Module = {
  name: 'identity',
  uses: ['areas', 'catalogue', 'messages'],
  routes(app) {
    officerPages(app);
    residentSignInPages(app);
  },
  jobs: { 'identity.sessions': sweepSessions, 'identity.mandates': endMandates },
  cron: { 'identity.sessions': '41 * * * *', 'identity.mandates': '2 * * * *' },
};
