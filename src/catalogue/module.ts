// Addresses and jobs of this module.
import type { Module } from '#platform/modules.ts';
import { api } from './api.ts';

export const catalogue: Module = { name: 'catalogue', uses: [], routes: api };
