// The API of applications.
import type { Hono } from 'hono';
import type { Env } from '#platform/modules.ts';

export function api(_app: Hono<Env>): void {}
