// E-mail by SMTP. A repeat bears the same Message-ID, by which mail systems recognise it; most readers then see it once.
import { createTransport } from 'nodemailer';
import type { SmtpGateway } from '#platform/gateways.ts';
import type { Outcome, Sender } from './channel.ts';

/** `domain`: what stands behind the @ of our Message-IDs. */
export function smtp(gateway: SmtpGateway, domain: string): Sender {
  const url = new URL(gateway.smtp);
  const timeLimit = gateway.timeout * 1000;
  const secure = url.protocol === 'smtps:';
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: gateway.tls && !secure,
    ignoreTLS: !gateway.tls,
    ...(url.username && { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: timeLimit,
    greetingTimeout: timeLimit,
    socketTimeout: timeLimit,
    // what is sent is text that we made: nothing of it may be read from a file or an address
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    name: gateway.name,
    channel: 'email',
    repeat: 'key',
    async send(letter) {
      try {
        await transport.sendMail({
          from: gateway.from,
          to: { name: '', address: letter.email ?? '' },
          subject: letter.subject.replaceAll(/[\r\n]+/g, ' '),
          text: letter.text,
          messageId: `<${letter.key}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { outcome: 'accepted' };
      } catch (error) {
        return judge(error as Fault);
      }
    },
  };
}

type Fault = Error & { code?: string; command?: string; responseCode?: number; timeoutType?: string };

const BEFORE = new Set(['EDNS', 'ETLS', 'EAUTH', 'ENOAUTH', 'EREQUIRETLS', 'ECONFIG', 'EPROXY']);

/** What a fault means: what the server said to the recipient counts for this address, everything else for the server. */
export function judge(fault: Fault): Outcome {
  const { code = '', command = '', responseCode } = fault;
  if (responseCode !== undefined && responseCode >= 400) {
    const forGood = responseCode >= 500;
    if (forGood && command === 'RCPT TO') return { outcome: 'refused', reason: 'no-such-mailbox' };
    if (forGood && command === 'DATA') return { outcome: 'refused', reason: 'not-accepted' };
    return { outcome: 'failed', reason: `smtp-${responseCode}`, aboutReader: command === 'RCPT TO' };
  }
  if (BEFORE.has(code)) return { outcome: 'failed', reason: code.toLowerCase() };
  if (fault.timeoutType && fault.timeoutType !== 'SOCKET_TIMEOUT') return { outcome: 'failed', reason: 'not-reached' };
  if (/ECONNREFUSED|EHOSTUNREACH|ENOTFOUND/.test(fault.message)) return { outcome: 'failed', reason: 'not-reached' };
  // the line broke somewhere: perhaps after the message was taken
  return { outcome: 'unknown', reason: code === 'ETIMEDOUT' ? 'timeout' : 'cut-off' };
}
