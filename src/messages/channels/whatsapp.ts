// WhatsApp Cloud API: template messages through Graph's messages endpoint. It knows no idempotency key, so each message
// carries ours as biz_opaque_callback_data, which comes back in the delivery reports and tells what became of it.
import type { WhatsappGateway } from '#platform/gateways.ts';
import { at, jsonOf, type Letter, type Outcome, referenceOf, restOf, type Sender } from './channel.ts';
import { ask } from './http.ts';

export function whatsapp(gateway: WhatsappGateway): Sender {
  return {
    name: gateway.name,
    channel: 'whatsapp',
    repeat: 'report',
    async send(letter) {
      const answer = await ask(
        `${gateway.api.replace(/\/$/, '')}/${gateway.phone}/messages`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${gateway.token}`, 'content-type': 'application/json' },
          body: JSON.stringify(templateMessage(letter)),
        },
        gateway.timeout,
      );
      return 'outcome' in answer
        ? answer
        : judge(answer.status, jsonOf(answer.text), answer.headers.get('retry-after'));
    },
  };
}

function templateMessage({ key, phone = '', whatsapp: { name, language, parameters, button } }: Letter) {
  const text = (value: string) => ({ type: 'text', text: value });
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: phone.replace('+', ''),
    type: 'template',
    template: {
      name,
      language: { code: language },
      components: [
        { type: 'body', parameters: parameters.map(text) },
        ...(button ? [{ type: 'button', sub_type: 'url', index: '0', parameters: [text(button)] }] : []),
      ],
    },
    biz_opaque_callback_data: key,
  };
}

/** Codes of Graph errors about the reader, or about this template for this reader: another channel must do. */
const ABOUT_READER = new Set([131026, 131030, 131021, 131049, 131050, 131051, 131045, 130472, 130497]);
const ABOUT_CONTENT = (code: number): boolean =>
  (code >= 132000 && code < 133000) || code === 131008 || code === 131009;
const SLOW_DOWN = new Set([4, 80007, 130429, 131048, 131056, 133016]);

/** What an answer of Graph means. A success that names no message is no success: nobody knows what became of it. */
export function judge(status: number, data: unknown, retryAfter: string | null): Outcome {
  const code = at(data, 'error.code');
  if (typeof code === 'number') {
    if (ABOUT_READER.has(code)) return { outcome: 'refused', reason: 'not-on-whatsapp' };
    if (ABOUT_CONTENT(code)) return { outcome: 'refused', reason: 'template-not-approved' };
    if (SLOW_DOWN.has(code)) return { outcome: 'failed', reason: 'too-fast', retryAfter: restOf(retryAfter) };
    return { outcome: 'failed', reason: `graph-${Math.abs(Math.trunc(code))}` };
  }
  if (status === 429) return { outcome: 'failed', reason: 'too-fast', retryAfter: restOf(retryAfter) };
  const id = referenceOf(at(data, 'messages.0.id'));
  if (status === 200 && id) return { outcome: 'accepted', reference: id };
  if (status >= 300 && status < 500) return { outcome: 'failed', reason: `http-${status}` };
  return { outcome: 'unknown', reason: status === 200 ? 'strange-answer' : `http-${status}` };
}
