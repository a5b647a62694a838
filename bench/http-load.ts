// A frugal HTTP client: raw sockets with keep-alive, so that on a shared machine the load costs little of what is measured.
import { connect } from 'node:net';

/** One request as it goes over the wire. */
export type Wire = { method: string; path: string; headers?: Record<string, string>; body?: string };
export type Load = { done: number; failed: number; seconds: number; times: number[] };

/** `connections` sockets ask one after the other until `seconds` have passed (or `most` were sent). `next` makes each request. */
export function httpLoad(
  port: number,
  options: { connections: number; seconds?: number; most?: number; next(index: number): Wire; expect?: number },
): Promise<Load> {
  const { connections, next, expect = 201 } = options;
  return new Promise((resolve, reject) => {
    const times: number[] = [];
    const began = performance.now();
    const end = began + (options.seconds ?? 3600) * 1000;
    const most = options.most ?? Number.POSITIVE_INFINITY;
    let sent = 0;
    let failed = 0;
    let open = connections;
    for (let i = 0; i < connections; i++) {
      const socket = connect(port, '127.0.0.1');
      socket.setNoDelay(true);
      let at = 0;
      let buffer = Buffer.alloc(0);
      const send = () => {
        if (performance.now() >= end || sent >= most) {
          socket.end();
          open -= 1;
          if (open === 0)
            resolve({ done: times.length - failed, failed, seconds: (performance.now() - began) / 1000, times });
          return;
        }
        at = performance.now();
        socket.write(wire(next(sent++)));
      };
      socket.on('connect', send);
      socket.on('error', reject);
      socket.on('data', (chunk) => {
        buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
        const head = buffer.indexOf('\r\n\r\n');
        if (head < 0) return;
        const headers = buffer.toString('latin1', 0, head);
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(headers)?.[1] ?? Number.NaN);
        if (Number.isNaN(length))
          return void (buffer.toString('latin1', buffer.length - 5) === '0\r\n\r\n' && finish(headers));
        if (buffer.length >= head + 4 + length) finish(headers);
      });
      const finish = (headers: string) => {
        if (!headers.startsWith(`HTTP/1.1 ${expect}`)) failed += 1;
        times.push(performance.now() - at);
        buffer = Buffer.alloc(0);
        send();
      };
    }
  });
}

function wire({ method, path, headers = {}, body = '' }: Wire): string {
  const lines = Object.entries({
    host: 'localhost',
    ...(body && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}
