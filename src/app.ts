// Puts the modules' addresses on one HTTP application.
import type { Hono } from 'hono';
import type { World } from '#platform/context.ts';
import { pingDatabase } from '#platform/db.ts';
import { createHttp } from '#platform/http.ts';
import { counters } from '#platform/metrics.ts';
import type { Env } from '#platform/modules.ts';
import { favicon } from '#ui/mark.ts';
import { styleHashes } from '#ui/style.ts';
import { completeApi } from './api.ts';
import { withStanding } from './applications/assignment/deputies/actions.ts';
import { recordRefusal } from './audit/refusals/actions.ts';
import { authenticate } from './identity/actions.ts';
import { recognise } from './identity/residents/actions.ts';
import { modules } from './modules.ts';
import { errorPage } from './ui/error.ts';

/** The officer of a token, with the desks that she has for others now. */
const officerOf = async (world: World, token: string) => withStanding(world, await authenticate(world, token));

export function createApp(world: World): Hono<Env> {
  const app = createHttp(world, { authenticate: officerOf, recognise, errorPage, styleHashes, refused: recordRefusal });
  app.get('/favicon.svg', (c) =>
    c.body(favicon, 200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'public, max-age=86400' }),
  );
  app.get('/healthz', (c) => c.text('ok'));
  app.get('/readyz', async (c) => {
    await pingDatabase(world.pool);
    return c.text('ready');
  });
  app.get('/metrics', async (c) => c.text(await counters.text()));
  for (const module of modules) module.routes?.(app, world);
  completeApi(app, world.config.publicUrl);
  return app;
}
