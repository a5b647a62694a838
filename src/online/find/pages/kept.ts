// Public pages are drawn once and kept compressed for a minute: they are the same for everybody.
import { compressed, type Encoding, encodingOf } from '#platform/compress.ts';
import { sha256 } from '#platform/crypto.ts';
import type { Web } from '../../pages/site.ts';

type Kept = { plain: string; sent: Map<Encoding, Uint8Array<ArrayBuffer>>; etag: string; until: number };

const LIFE_MS = 60_000;
const MOST = 1500;
const pools = new WeakMap<object, Map<string, Kept>>();

/** Answers with the page kept under `key` (what it depends on, versions included), drawing it when there is none. */
export async function keep(c: Web, key: string, draw: () => Promise<string>): Promise<Response> {
  const { pool } = c.get('ctx');
  let pages = pools.get(pool);
  if (!pages) pools.set(pool, (pages = new Map()));
  let page = pages.get(key);
  if (!page || page.until < performance.now()) {
    const plain = await draw();
    page = {
      plain,
      sent: new Map(),
      etag: `W/"${sha256(plain).toString('base64url').slice(0, 22)}"`,
      until: performance.now() + LIFE_MS,
    };
    if (pages.size >= MOST) pages.clear();
    pages.set(key, page);
  }
  const headers: Record<string, string> = { 'Cache-Control': 'public, max-age=60', ETag: page.etag };
  if (c.req.header('if-none-match') === page.etag) return c.body(null, 304, headers);
  headers['Content-Type'] = 'text/html; charset=UTF-8';
  const encoding = encodingOf(c);
  if (!encoding) return c.body(page.plain, 200, headers);
  let bytes = page.sent.get(encoding);
  if (!bytes) page.sent.set(encoding, (bytes = compressed(page.plain, encoding, true)));
  headers['Content-Encoding'] = encoding;
  return c.body(bytes, 200, headers);
}
