// Addresses and jobs of this module.
import type { Module } from '#platform/modules.ts';
import { accountRoutes } from './account/pages/home.ts';
import { deleteExpired } from './draft/actions.ts';
import { draftRoutes } from './draft/pages/start.ts';
import { forgetDrafts } from './erasure/actions.ts';
import { findRoutes } from './find/pages/home.ts';
import { followRoutes } from './follow/pages/status.ts';
import { verifyRoutes } from './verify/pages.ts';

export const online: Module = {
  name: 'online',
  uses: ['applications', 'areas', 'catalogue', 'documents', 'identity', 'messages', 'notices'],
  routes(app) {
    findRoutes(app);
    draftRoutes(app);
    followRoutes(app);
    verifyRoutes(app);
    accountRoutes(app);
  },
  jobs: { 'online.expire': deleteExpired, 'online.forget-drafts': forgetDrafts },
  on: { 'case.erased': ['online.forget-drafts'] },
  cron: { 'online.expire': '23 * * * *' },
};
