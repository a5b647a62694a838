// What the pages of signing in share: the frame, who asks, the cookies of a code asked and of a session.
import type { Context } from 'hono';
import type { Ctx } from '#platform/context.ts';
import type { Env } from '#platform/modules.ts';
import { type Page, page } from '#ui/layout.ts';
import { safeReturn } from '../../return.ts';
import { deviceName } from '../device.ts';

export type Web = Context<Env>;

/** Whoever uses these pages does so as a resident, also an officer at home who is still signed in. */
export const residentCtx = (c: Web): Ctx => ({ ...c.get('ctx'), actor: c.get('resident'), channel: 'online' });

export async function show(
  c: Web,
  given: Omit<Page, 'area' | 'path' | 'banner'>,
  status: 200 | 400 | 409 | 410 | 422 | 429 | 503 = 200,
): Promise<Response> {
  const { config } = c.get('ctx');
  return c.html(
    String(await page({ ...given, area: 'resident', path: c.req.path, banner: config.mode === 'demo' })),
    status,
  );
}

export const homeward = (path: string | undefined): string => safeReturn(path, '/akun');
export const deviceOf = (c: Web): string => deviceName(c.req.header('user-agent'));
