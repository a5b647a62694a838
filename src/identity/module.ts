// Officers sign in here; residents need no account.
import type { Module } from '#platform/modules.ts';
import { sweepSessions } from './jobs.ts';
import { identityPages } from './pages.ts';

export const identity: Module = {
  name: 'identity',
  uses: ['areas', 'catalogue'],
  routes: identityPages,
  jobs: { 'identity.sessions': sweepSessions },
  cron: { 'identity.sessions': '41 * * * *' },
};
