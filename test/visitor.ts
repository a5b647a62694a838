// A phone without script: keeps cookies by path, follows redirects, counts the bytes it was sent.
import { gunzipSync } from 'node:zlib';
import type { Hono } from 'hono';
import type { Env } from '#platform/modules.ts';

const HERE = 'http://localhost:3000';

export type Answer = { status: number; path: string; html: string; bytes: number; headers: Headers };

export class Visitor {
  readonly app: Hono<Env>;
  readonly cookies = new Map<string, { value: string; path: string }>();
  /** Everything received so far, compressed, as over the air. */
  received = 0;
  constructor(app: Hono<Env>) {
    this.app = app;
  }

  get(path: string): Promise<Answer> {
    return this.send(path, { method: 'GET' });
  }

  /** Posts a form as a browser would; files make it multipart. Arrays are repeated fields. */
  post(path: string, fields: Record<string, string | string[]> | FormData = {}): Promise<Answer> {
    const pairs =
      fields instanceof FormData
        ? []
        : Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
    return this.send(path, { method: 'POST', body: fields instanceof FormData ? fields : new URLSearchParams(pairs) });
  }

  async send(path: string, init: RequestInit & { headers?: Record<string, string> }, follow = true): Promise<Answer> {
    const sent = [...this.cookies].filter(
      ([, cookie]) => cookie.path === '/' || path.startsWith(`${cookie.path}/`) || path === cookie.path,
    );
    const headers = {
      origin: HERE,
      'accept-encoding': 'gzip',
      cookie: sent.map(([name, { value }]) => `${name.split('|')[0]}=${value}`).join('; '),
      ...init.headers,
    };
    const response = await this.app.request(`${HERE}${path}`, { ...init, headers });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    const body = Buffer.from(await response.arrayBuffer());
    this.received += body.length;
    const location = response.headers.get('location');
    if (follow && location && response.status >= 300 && response.status < 400) return this.get(location);
    const html = (response.headers.get('content-encoding') === 'gzip' ? gunzipSync(body) : body).toString();
    return { status: response.status, path: location ?? path, html, bytes: body.length, headers: response.headers };
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const name = pair.slice(0, pair.indexOf('='));
    const path = attributes.find((one) => one.startsWith('Path='))?.slice(5) ?? '/';
    if (attributes.includes('Max-Age=0')) this.cookies.delete(`${name}|${path}`);
    else this.cookies.set(`${name}|${path}`, { value: pair.slice(name.length + 1), path });
  }
}

/** The words on a page, without its code. */
export const wordsOf = (html: string): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
