// Issues what a completed application promises; anyone may verify it.
import type { Module } from '#platform/modules.ts';
import { api } from './api.ts';
import { closeSilent, issueProducts } from './jobs.ts';
import { letterheadRoutes } from './pages/letterhead.ts';
import { signingRoutes } from './pages/signing.ts';

export const documents: Module = {
  name: 'documents',
  uses: ['applications', 'areas', 'catalogue', 'identity'],
  routes(app) {
    api(app);
    letterheadRoutes(app);
    signingRoutes(app);
  },
  jobs: { 'documents.issue': issueProducts, 'documents.close-silent': closeSilent },
  cron: { 'documents.close-silent': '*/5 * * * *' },
  on: { 'application.completed': ['documents.issue'] },
};
