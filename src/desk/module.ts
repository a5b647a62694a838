// The officers' side: lists of work and one case on one screen.
import type { Module } from '#platform/modules.ts';
import { deskPages } from './pages.ts';

export const desk: Module = {
  name: 'desk',
  uses: ['applications', 'areas', 'catalogue', 'documents', 'identity', 'messages', 'notices'],
  routes: deskPages,
};
