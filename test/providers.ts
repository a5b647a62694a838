// Providers of messages on loopback that speak their real protocols and fail in every way: WhatsApp's Graph API, an SMS
// gateway, a mail server.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** `accept-hang`: takes the message, then never answers; `refuse`: this number never; `lie`: 200 with an error inside. */
export type Mood =
  | 'ok'
  | 'hang'
  | 'accept-hang'
  | 'cut'
  | 'accept-cut'
  | 'garbage'
  | 'lie'
  | 'refuse'
  | 'slow-down'
  | 'down';

export type Taken = { key: string; to: string; text: string; raw: unknown; headers: IncomingMessage['headers'] };

export class HttpProvider {
  readonly #server: Server;
  /** What it took, each key once when it honours keys. */
  readonly taken: Taken[] = [];
  /** How often it was asked. */
  asked = 0;
  mood: Mood | (() => Mood) = 'ok';
  url = '';

  private constructor(
    answer: (provider: HttpProvider, request: IncomingMessage, body: string, response: ServerResponse) => void,
  ) {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => answer(this, request, body, response));
    });
  }

  static async start(
    answer: (provider: HttpProvider, request: IncomingMessage, body: string, response: ServerResponse) => void,
  ) {
    const provider = new HttpProvider(answer);
    await new Promise<void>((resolve) => provider.#server.listen(0, '127.0.0.1', resolve));
    provider.url = `http://127.0.0.1:${(provider.#server.address() as AddressInfo).port}`;
    return provider;
  }

  now(): Mood {
    return typeof this.mood === 'function' ? this.mood() : this.mood;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const json = (response: ServerResponse, status: number, data: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(data));
};

/** POST /{phone}/messages of the WhatsApp Cloud API. It knows no idempotency: what is sent twice is taken twice. */
export const startGraph = (token: string): Promise<HttpProvider> =>
  HttpProvider.start((provider, request, body, response) => {
    provider.asked += 1;
    const error = (status: number, code: number, headers = {}) =>
      json(
        response,
        status,
        { error: { message: `(#${code})`, type: 'OAuthException', code, fbtrace_id: 'x' } },
        headers,
      );
    if (request.headers.authorization !== `Bearer ${token}`) return error(401, 190);
    const sent = JSON.parse(body);
    const take = () =>
      provider.taken.push({
        key: sent.biz_opaque_callback_data,
        to: sent.to,
        text: sent.template.components[0].parameters.map((one: { text: string }) => one.text).join(' | '),
        raw: sent,
        headers: request.headers,
      });
    switch (provider.now()) {
      case 'hang':
        return;
      case 'cut':
        return void request.socket.destroy();
      case 'accept-hang':
        return void take();
      case 'accept-cut':
        take();
        return void request.socket.destroy();
      case 'garbage':
        return void response.end('<html>Bad gateway</html>');
      case 'lie':
        return error(200, 131000);
      case 'refuse':
        return error(400, 131026);
      case 'slow-down':
        return error(429, 130429, { 'retry-after': '60' });
      case 'down':
        response.writeHead(503);
        return void response.end('down');
      default:
        take();
        return json(response, 200, {
          messaging_product: 'whatsapp',
          contacts: [{ input: sent.to, wa_id: sent.to }],
          messages: [{ id: `wamid.${provider.taken.length}.${sent.biz_opaque_callback_data}` }],
        });
    }
  });

/** An SMS gateway as many are: POST /send as a form, GET /status/{id}. It takes each id once when `keys` is on. */
export const startSms = (options: { keys: boolean }): Promise<HttpProvider> =>
  HttpProvider.start((provider, request, body, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    if (url.pathname.startsWith('/status/')) {
      const known = provider.taken.some((one) => one.key === url.pathname.slice(8));
      return json(response, known ? 200 : 404, { status: known ? 'queued' : 'unknown' });
    }
    provider.asked += 1;
    const form = new URLSearchParams(body);
    const key = form.get('ref') ?? '';
    const take = () => {
      if (options.keys && provider.taken.some((one) => one.key === key)) return;
      provider.taken.push({
        key,
        to: form.get('to') ?? '',
        text: form.get('text') ?? '',
        raw: body,
        headers: request.headers,
      });
    };
    switch (provider.now()) {
      case 'hang':
        return;
      case 'cut':
        return void request.socket.destroy();
      case 'accept-hang':
        return void take();
      case 'accept-cut':
        take();
        return void request.socket.destroy();
      case 'garbage':
        return void response.end('OK?');
      case 'lie':
        return json(response, 200, { status: 'error', reason: 'saldo habis' });
      case 'refuse':
        return json(response, 200, { status: 'invalid-number' });
      case 'slow-down':
        return json(response, 429, {}, { 'retry-after': '60' });
      case 'down':
        response.writeHead(503);
        return void response.end();
      default:
        take();
        return json(response, 200, { status: 'queued', id: `sms-${key}` });
    }
  });

export type Mail = { from: string; to: string[]; raw: string };

export type MailProvider = { url: string; mails: Mail[]; mood: Mood; stop(): Promise<void> };

/** A mail server in clear, as one on the same machine. */
export async function startMail(): Promise<MailProvider> {
  const provider: MailProvider = { url: '', mails: [], mood: 'ok', stop: async () => undefined };
  const fault = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onMailFrom: (_address, _session, done) => done(provider.mood === 'down' ? fault(451, 'try later') : null),
    onRcptTo: (_address, _session, done) => {
      if (provider.mood === 'refuse') return done(fault(550, 'no such mailbox'));
      if (provider.mood === 'slow-down') return done(fault(450, 'greylisted'));
      done();
    },
    onData: (stream, session, done) => {
      let raw = '';
      stream.on('data', (part) => {
        raw += part;
      });
      stream.on('end', () => {
        const take = () => {
          const { mailFrom, rcptTo } = session.envelope;
          provider.mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map((one) => one.address), raw });
        };
        if (provider.mood === 'hang') return;
        if (provider.mood === 'accept-hang') return take();
        take();
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  provider.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  provider.stop = () => new Promise((resolve) => server.close(() => resolve()));
  return provider;
}

/** A delivery report as Meta sends it: body and the header that signs it. */
export function whatsappReport(
  secret: string,
  phone: string,
  statuses: { id?: string; status: string; key?: string; code?: number }[],
): { body: string; signature: string } {
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '1',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '628', phone_number_id: phone },
              statuses: statuses.map(({ id, status, key, code }) => ({
                id,
                status,
                timestamp: '1764000000',
                recipient_id: '628',
                ...(key && { biz_opaque_callback_data: key }),
                ...(code && { errors: [{ code, title: 'x' }] }),
              })),
            },
          },
        ],
      },
    ],
  });
  return { body, signature: `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}
