// Addresses and jobs of this module.
import type { Module } from '#platform/modules.ts';
import { deleteExpired } from './draft/actions.ts';
import { draftRoutes } from './draft/pages/start.ts';
import { findRoutes } from './find/pages/home.ts';
import { followRoutes } from './follow/pages/status.ts';
import { verifyRoutes } from './verify/pages.ts';

export const online: Module = {
  name: 'online',
  uses: ['applications', 'areas', 'catalogue', 'documents'],
  routes(app) {
    findRoutes(app);
    draftRoutes(app);
    followRoutes(app);
    verifyRoutes(app);
  },
  jobs: { 'online.expire': deleteExpired },
  cron: { 'online.expire': '23 * * * *' },
};
