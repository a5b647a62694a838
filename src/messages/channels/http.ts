// Asks a provider over HTTP: one time limit for all of it, no redirects, an answer of bounded size, and says what is known
// when no answer came.
import type { Outcome } from './channel.ts';

const LARGEST = 64 * 1024;
/** Faults before anything could have been sent. */
const NOT_REACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export type Answer = { status: number; text: string; headers: Headers };

/** The answer within `seconds`, or the outcome when there was none. */
export async function ask(
  url: string,
  request: RequestInit,
  seconds: number,
): Promise<Answer | Extract<Outcome, { outcome: 'failed' | 'unknown' }>> {
  try {
    const response = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(seconds * 1000) });
    return { status: response.status, text: await bounded(response), headers: response.headers };
  } catch (error) {
    const code = (error as { cause?: { code?: string } }).cause?.code ?? '';
    if (NOT_REACHED.has(code)) return { outcome: 'failed', reason: 'not-reached' };
    return { outcome: 'unknown', reason: (error as Error).name === 'TimeoutError' ? 'timeout' : 'cut-off' };
  }
}

async function bounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > LARGEST) return '';
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
