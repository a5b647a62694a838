// Addresses and jobs of this module.
import type { Module } from '#platform/modules.ts';

export const identity: Module = { name: 'identity', uses: [] };
