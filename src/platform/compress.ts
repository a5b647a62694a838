// HTML goes out compressed: a villager pays for every byte, and on 2G waits for it.
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Context, MiddlewareHandler } from 'hono';

export type Encoding = 'br' | 'gzip';
const SMALL = 800;

/** What the other side understands, the smaller first. */
export function encodingOf(c: Context): Encoding | undefined {
  const accepted = c.req.header('accept-encoding') ?? '';
  if (/\bbr\b(?!;q=0(?:\.0*)?(?:,|$))/.test(accepted)) return 'br';
  return /\bgzip\b(?!;q=0(?:\.0*)?(?:,|$))/.test(accepted) ? 'gzip' : undefined;
}

/** `hard` takes its time: for pages that are kept and sent often. */
export function compressed(body: string | Uint8Array, encoding: Encoding, hard = false): Uint8Array<ArrayBuffer> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const out =
    encoding === 'gzip'
      ? gzipSync(bytes, { level: hard ? 9 : 6 })
      : brotliCompressSync(bytes, {
          params: { [constants.BROTLI_PARAM_QUALITY]: hard ? 11 : 4, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
        });
  return out as Uint8Array<ArrayBuffer>;
}

/** Compresses HTML answers that are not compressed yet. */
export const compressHtml: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers } = c.res;
  if (!headers.get('content-type')?.startsWith('text/html')) return;
  headers.append('Vary', 'Accept-Encoding');
  const encoding = encodingOf(c);
  if (!encoding || headers.has('Content-Encoding') || c.req.method === 'HEAD') return;
  const body = new Uint8Array(await c.res.arrayBuffer());
  const smaller = body.length < SMALL ? body : compressed(body, encoding);
  const answer = new Response(smaller, { status: c.res.status, headers });
  if (smaller !== body) answer.headers.set('Content-Encoding', encoding);
  answer.headers.delete('Content-Length');
  c.res = undefined;
  c.res = answer;
};
