// The heads of the sealed log for everybody: who keeps one can prove later that nothing before it was rewritten.
import type { Hono } from 'hono';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { listHeads, proveConsistency } from './actions.ts';

const MOST = 100;

/**
 * `/data/log-heads.json`: the newest heads; `?before=SIZE` older ones; `?from=SIZE` adds the proof that the newest head
 * continues the one of that size. Sizes and times only: nothing of anybody.
 */
export function api(app: Hono<Env>): void {
  app.get('/data/log-heads.json', async (c) => {
    const ctx = c.get('ctx');
    const before = sizeOf(c.req.query('before'));
    const from = sizeOf(c.req.query('from'));
    const listed = await listHeads(ctx, { limit: MOST, ...(before !== undefined && { before }) });
    const consistency = from === undefined ? undefined : await proveConsistency(ctx, from);
    return c.json({ ...listed, ...(consistency && { consistency }) }, 200, { 'Cache-Control': 'public, max-age=60' });
  });
}

function sizeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Problem(PROBLEMS.malformed, 'Ukuran log harus bilangan bulat.');
  return Number(text);
}
