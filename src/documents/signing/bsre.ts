// BSrE's on-premise client, versions 1 and 2, as public integrations show it (perlu diverifikasi with the installation).
// One request a signing: what breaks after sending is "unknown", because nobody here can know whether it was done.
import { X509Certificate } from 'node:crypto';
import type { SigningSettings } from '#platform/signing.ts';
import type { Refusal, SignatureProvider, SigningOutcome, SigningRequest } from './provider.ts';

const MAX_ANSWER = 24 * 1024 * 1024;
/** The line was never made: nothing can have been signed. */
const NOT_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

type Settings = Extract<SigningSettings, { kind: 'bsre-v1' | 'bsre-v2' }>;
type Answer = { status: number; type: string; headers: Headers; body: Buffer };
type Sent = Answer | 'not-sent' | 'unknown';

export function bsreProvider(settings: Settings): SignatureProvider {
  const roots = rootsOf(settings.trust);
  const call = (path: string, init: RequestInit, timeoutMs = settings.timeoutMs) =>
    send(settings, path, init, timeoutMs);
  return settings.kind === 'bsre-v1'
    ? {
        name: 'bsre-v1',
        by: 'person',
        roots,
        sign: (pdf, request) => signV1(call, pdf, request),
        reconcile: (id) => download(call, id),
      }
    : {
        name: 'bsre-v2',
        by: 'person',
        roots,
        sign: (pdf, request) => signV2(call, pdf, request),
        reconcile: async () => undefined,
      };
}

type Call = (path: string, init: RequestInit, timeoutMs?: number) => Promise<Sent>;

async function signV1(call: Call, pdf: Buffer, request: SigningRequest): Promise<SigningOutcome> {
  const { who = '', passphrase = '' } = request.credentials ?? {};
  const bar = barOf(await call(`/api/user/status/${encodeURIComponent(who)}`, {}, 20_000));
  if (bar) return bar;
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(pdf)], { type: 'application/pdf' }), 'dokumen.pdf');
  form.set('nik', who);
  form.set('passphrase', passphrase);
  // the paper has its own panel with the code: nothing is drawn over it
  form.set('tampilan', 'invisible');
  form.set('image', 'false');
  form.set('linkQR', request.verifyUrl);
  const sent = await call('/api/sign/pdf', { method: 'POST', body: form });
  if (sent === 'not-sent') return refused('unreachable');
  if (sent === 'unknown') return { outcome: 'unknown' };
  const said = refusalOf(sent);
  if (said) return said;
  const reference = referenceOf(sent.headers.get('id_dokumen'));
  if (sent.type === 'application/pdf') return { outcome: 'signed', pdf: sent.body, ...(reference && { reference }) };
  const id = reference ?? referenceOf(idIn(sent));
  if (sent.type !== 'application/json' || !id) return refused('wrong-content');
  return (await download(call, id)) ?? { outcome: 'unknown', reference: id };
}

/** Fetches what was signed, by the id that the service gave it. Reading twice harms nothing. */
async function download(call: Call, id: string): Promise<SigningOutcome | undefined> {
  const got = await call(`/api/sign/download/${encodeURIComponent(id)}`, {});
  if (typeof got === 'string' || got.status !== 200 || got.type !== 'application/pdf') return undefined;
  return { outcome: 'signed', pdf: got.body, reference: id };
}

async function signV2(call: Call, pdf: Buffer, request: SigningRequest): Promise<SigningOutcome> {
  const { who = '', passphrase = '' } = request.credentials ?? {};
  const person = who.includes('@') ? { email: who } : { nik: who };
  const bar = barOf(await call('/api/v2/user/check/status', json(person), 20_000));
  if (bar) return bar;
  const sent = await call(
    '/api/v2/sign/pdf',
    json({
      ...person,
      passphrase,
      signatureProperties: [{ tampilan: 'INVISIBLE', location: request.location, reason: request.title }],
      file: [pdf.toString('base64')],
    }),
  );
  if (sent === 'not-sent') return refused('unreachable');
  if (sent === 'unknown') return { outcome: 'unknown' };
  const said = refusalOf(sent);
  if (said) return said;
  const files = sent.type === 'application/json' ? (parsed(sent) as { file?: unknown } | undefined)?.file : undefined;
  const [file] = Array.isArray(files) && files.length === 1 ? files : [];
  if (typeof file !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(file)) return refused('wrong-content');
  return { outcome: 'signed', pdf: Buffer.from(file, 'base64') };
}

/** Whether the person may sign at all; asked first, because it costs no passphrase. */
function barOf(sent: Sent): SigningOutcome | undefined {
  if (typeof sent === 'string') return refused('unreachable');
  if (sent.status === 401 || sent.status === 403) return refused('bad-credentials');
  const text = sent.body.toString('utf8', 0, 4096);
  if (/NOT_REGISTERED|\b2011\b/.test(text)) return refused('not-registered');
  if (/NO_CERTIFICATE|\b2021\b/.test(text)) return refused('no-certificate');
  return sent.status >= 500 ? refused('provider-fault') : undefined;
}

/** What the answer to a signing says no with; undefined when it is a yes. */
function refusalOf(sent: Answer): SigningOutcome | undefined {
  const { status, type } = sent;
  // a gate before the service gave up on it: the service itself may have gone on
  if (status === 408 || status === 502 || status === 503 || status === 504) return { outcome: 'unknown' };
  if (status === 401 || status === 403) return refused('bad-credentials');
  const text = type === 'application/pdf' ? '' : sent.body.toString('utf8', 0, 4096);
  if (status >= 200 && status < 300) {
    if (/"(?:status|message)"[^}]{0,40}NOT_REGISTERED/.test(text)) return refused('not-registered');
    if (/"(?:status|message)"[^}]{0,40}NO_CERTIFICATE/.test(text)) return refused('no-certificate');
    return undefined;
  }
  if (/passphrase/i.test(text)) return refused('wrong-passphrase');
  return refused(status >= 500 ? 'provider-fault' : 'provider-refused');
}

const refused = (reason: Refusal): SigningOutcome => ({ outcome: 'refused', reason });
const json = (body: unknown): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

function parsed({ body }: Answer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // no answer that we know
  }
}

const idIn = (answer: Answer): unknown => {
  const said = parsed(answer) as Record<string, unknown> | undefined;
  return said?.id_dokumen ?? said?.id;
};
const referenceOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\w.-]{1,120}$/.test(value) ? value : undefined;

/** One request. A failed one is told apart only by whether anything can have left this machine. */
async function send(settings: Settings, path: string, init: RequestInit, timeoutMs: number): Promise<Sent> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Basic ${Buffer.from(`${settings.user}:${settings.password}`).toString('base64')}`);
  try {
    const response = await fetch(`${settings.url}${path}`, {
      ...init,
      headers,
      redirect: 'error', // a passphrase goes nowhere else
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await limited(response);
    if (!body) return 'unknown';
    const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
    return { status: response.status, type, headers: response.headers, body };
  } catch (error) {
    // the error itself is dropped: it may quote what was sent
    const cause = (error as { cause?: { code?: string } }).cause;
    return NOT_SENT.test(cause?.code ?? '') ? 'not-sent' : 'unknown';
  }
}

async function limited(response: Response): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_ANSWER) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The certificates of a PEM bundle. */
export function rootsOf(pem: string): X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (one) => new X509Certificate(one),
  );
}
