// Puts the modules' addresses on one HTTP application.
import type { Hono } from 'hono';
import type { World } from '#platform/context.ts';
import { createHttp } from '#platform/http.ts';
import { counters } from '#platform/metrics.ts';
import type { Env } from '#platform/modules.ts';
import { deskCssHash, residentCssHash } from '#ui/style.ts';
import { authenticate } from './identity/actions.ts';
import { modules } from './modules.ts';
import { errorPage } from './ui/error.ts';

export function createApp(world: World): Hono<Env> {
  const app = createHttp(world, { authenticate, errorPage, styleHashes: [residentCssHash, deskCssHash] });
  app.get('/healthz', (c) => c.text('ok'));
  app.get('/readyz', async (c) => {
    await world.pool.query('SELECT FROM platform.settings LIMIT 1');
    return c.text('ready');
  });
  app.get('/metrics', async (c) => c.text(await counters.text()));
  for (const module of modules) module.routes?.(app, world);
  return app;
}
