// SMS through any provider that takes an HTTP request: what to send and how to read the answer stands in its settings.
import type { SmsGateway } from '#platform/gateways.ts';
import { toGsm } from '../gsm.ts';
import { at, jsonOf, type Letter, type Outcome, referenceOf, restOf, type Sender } from './channel.ts';
import { type Answer, ask } from './http.ts';

export function smsGateway(gateway: SmsGateway): Sender {
  return {
    name: gateway.name,
    channel: 'sms',
    repeat: gateway.idempotent ? 'key' : gateway.lookup ? 'lookup' : 'report',
    async send(letter) {
      const values = { to: digits(gateway, letter.phone ?? ''), text: toGsm(letter.text), id: letter.key };
      const answer = await ask(filledUrl(gateway.url, values), requestOf(gateway, values), gateway.timeout);
      return 'outcome' in answer ? answer : judge(gateway, answer);
    },
    async ask(letter) {
      const { lookup } = gateway;
      if (!lookup) return { outcome: 'unknown', reason: 'no-lookup' };
      const url = filledUrl(lookup.url, { to: '', text: '', id: letter.key });
      const answer = await ask(url, { headers: gateway.headers }, gateway.timeout);
      // a lookup changes nothing: without its answer we know as much as before
      if ('outcome' in answer) return { outcome: 'unknown', reason: answer.reason };
      if (answer.status === 404) return { outcome: 'failed', reason: 'not-taken' };
      const told = answer.status === 200 && says(jsonOf(answer.text), lookup.accepted);
      return told ? accepted(gateway, answer) : { outcome: 'unknown', reason: `http-${answer.status}` };
    },
  };
}

type Values = { to: string; text: string; id: string };

function digits(gateway: SmsGateway, phone: string): string {
  if (gateway.digits === 'plus') return phone;
  if (gateway.digits === 'local' && phone.startsWith('+62')) return `0${phone.slice(3)}`;
  return phone.slice(1);
}

const filledUrl = (url: string, values: Values): string =>
  url.replaceAll(/\{(to|text|id)\}/g, (_, name: keyof Values) => encodeURIComponent(values[name]));

const filled = (text: string, values: Values): string =>
  text.replaceAll(/\{(to|text|id)\}/g, (_, name: keyof Values) => values[name]);

function requestOf(gateway: SmsGateway, values: Values): RequestInit {
  const { method, headers } = gateway;
  if (gateway.form) {
    const form = new URLSearchParams(Object.entries(gateway.form).map(([name, text]) => [name, filled(text, values)]));
    return { method, headers, body: form };
  }
  if (gateway.json === undefined) return { method, headers };
  return {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    // the values go into parsed strings, so nothing in them can become a part of the JSON
    body: JSON.stringify(gateway.json, (_, value) => (typeof value === 'string' ? filled(value, values) : value)),
  };
}

function judge(gateway: SmsGateway, answer: Answer): Outcome {
  const { status } = answer;
  if (status === 429)
    return { outcome: 'failed', reason: 'too-fast', retryAfter: restOf(answer.headers.get('retry-after')) };
  if (status === 503) return { outcome: 'failed', reason: 'http-503' };
  const data = jsonOf(answer.text);
  if (gateway.refused && says(data, gateway.refused)) return { outcome: 'refused', reason: 'bad-number' };
  if (status >= 500) return { outcome: 'unknown', reason: `http-${status}` };
  if (status === 400 || status === 422) return { outcome: 'refused', reason: 'bad-number' };
  if (status >= 300) return { outcome: 'failed', reason: `http-${status}` };
  // 200 alone is believed only where the settings name nothing that tells better
  if (gateway.accepted && !says(data, gateway.accepted))
    return data === undefined
      ? { outcome: 'unknown', reason: 'strange-answer' }
      : { outcome: 'failed', reason: 'not-taken' };
  return accepted(gateway, answer);
}

function accepted(gateway: SmsGateway, answer: Answer): Outcome {
  const reference = gateway.reference ? referenceOf(at(jsonOf(answer.text), gateway.reference)) : undefined;
  return { outcome: 'accepted', ...(reference && { reference }) };
}

const says = (data: unknown, answers: { path: string; is: (string | number | boolean)[] } | undefined): boolean =>
  answers === undefined || answers.is.some((one) => one === at(data, answers.path));

export type { Letter };
