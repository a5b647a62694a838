// Figures for /metrics (Prometheus). Labels are route patterns and statuses only.
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

const registry = new Registry();
collectDefaultMetrics({ register: registry });
const duration = new Histogram({
  name: 'pendopo_http_seconds',
  help: 'Time to answer a request, by route pattern',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  registers: [registry],
});
const messages = new Counter({
  name: 'pendopo_messages_total',
  help: 'Messages queued, tries by outcome, and messages that ended without one, by channel',
  labelNames: ['event', 'channel'],
  registers: [registry],
});

export const counters = {
  observe(c: Context, milliseconds: number): void {
    duration.observe(
      { method: c.req.method, route: routePath(c, -1), status: String(c.res.status) },
      milliseconds / 1000,
    );
  },
  message: (event: string, channel: string): void => messages.inc({ event, channel }),
  text: (): Promise<string> => registry.metrics(),
};
