// Issues what a completed application promises; anyone may verify it.
import type { Module } from '#platform/modules.ts';
import { api } from './api.ts';
import { issueProducts } from './jobs.ts';

export const documents: Module = {
  name: 'documents',
  uses: ['applications', 'areas', 'catalogue', 'identity'],
  routes: api,
  jobs: { 'documents.issue': issueProducts },
  on: { 'application.completed': ['documents.issue'] },
};
