// Where providers report what became of a message. Believed only with their signature or secret; a repeat changes nothing.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context, Hono } from 'hono';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { jsonOf } from './channels/channel.ts';
import { MESSAGE_PROBLEMS } from './problems.ts';
import { smsReport, whatsappReports } from './reports.ts';
import { settleReport } from './sending/store.ts';

type Request = Context<Env>;

export function api(app: Hono<Env>): void {
  app.get('/api/hooks/whatsapp/:name', handshake);
  app.post('/api/hooks/whatsapp/:name', fromWhatsapp);
  app.on(['GET', 'POST'], ['/api/hooks/sms/:name', '/api/hooks/sms/:name/:secret'], fromSms);
}

/** Meta asks once whether this address is ours. */
function handshake(c: Request): Response {
  const gateway = whatsappOf(c);
  const challenge = c.req.query('hub.challenge') ?? '';
  const ours =
    c.req.query('hub.mode') === 'subscribe' && equal(c.req.query('hub.verify_token') ?? '', gateway.verifyToken);
  if (!ours || !/^[\w-]{1,200}$/.test(challenge)) throw new Problem(MESSAGE_PROBLEMS.signature);
  return c.text(challenge);
}

async function fromWhatsapp(c: Request): Promise<Response> {
  const gateway = whatsappOf(c);
  const body = Buffer.from(await c.req.arrayBuffer());
  const expected = `sha256=${createHmac('sha256', gateway.appSecret).update(body).digest('hex')}`;
  if (!equal(c.req.header('x-hub-signature-256') ?? '', expected)) throw new Problem(MESSAGE_PROBLEMS.signature);
  // what we cannot read is of no use a second time either: it is taken, so that it is not sent for days
  for (const report of whatsappReports(gateway.name, gateway.phone, jsonOf(body.toString())))
    await settleReport(c.get('ctx'), report);
  return c.body(null, 200);
}

function whatsappOf(c: Request) {
  const gateway = c.get('ctx').config.gateways.whatsapp.find((one) => one.name === c.req.param('name'));
  if (!gateway) throw new Problem(PROBLEMS.notFound);
  return gateway;
}

async function fromSms(c: Request): Promise<Response> {
  const ctx = c.get('ctx');
  const gateway = ctx.config.gateways.sms.find((one) => one.name === c.req.param('name'));
  if (!gateway?.report) throw new Problem(PROBLEMS.notFound);
  if (!equal(c.req.param('secret') ?? c.req.header('x-secret') ?? '', gateway.report.secret))
    throw new Problem(MESSAGE_PROBLEMS.signature);
  const report = smsReport(gateway, await fieldsOf(c));
  if (report) await settleReport(ctx, report);
  return c.body(null, 200);
}

/** Providers report as JSON, as a form, or in the address. */
async function fieldsOf(c: Request): Promise<unknown> {
  if (c.req.method === 'GET') return c.req.query();
  const text = await c.req.text();
  return jsonOf(text) ?? Object.fromEntries(new URLSearchParams(text));
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
