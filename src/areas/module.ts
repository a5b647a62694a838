// Places: see README.md.
import type { Module } from '#platform/modules.ts';

export const areas: Module = { name: 'areas', uses: [] };
