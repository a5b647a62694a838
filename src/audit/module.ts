// The last module: proves that the log is what it was, and tells whom the rules turned away.
import type { Module } from '#platform/modules.ts';
import { api } from './api.ts';
import { backup, seal, sweep, tidy } from './jobs.ts';
import { auditPages } from './pages.ts';

export const audit: Module = {
  name: 'audit',
  uses: ['applications', 'areas', 'catalogue', 'desk', 'documents', 'identity'],
  routes: (app) => {
    api(app);
    auditPages(app);
  },
  jobs: { 'audit.seal': seal, 'audit.sweep': sweep, 'audit.tidy': tidy, 'audit.backup': backup },
  cron: {
    'audit.seal': '* * * * *',
    'audit.tidy': '51 19 * * *', // 02.51 in Blora
    'audit.backup': '21 18 * * *', // 01.21 in Blora
    'audit.sweep': '7 18 * * 6', // Sunday 01.07 in Blora
  },
};
