// Delivery reports of providers as data: what of a body from outside is about a message of ours, and nothing else.
import type { SmsGateway } from '#platform/gateways.ts';
import { isId } from '#platform/ids.ts';
import { at, referenceOf } from './channels/channel.ts';
import type { Report } from './sending/store.ts';

const MOST = 1000;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, MOST) : []);
const keyOf = (value: unknown): string | undefined =>
  typeof value === 'string' && isId(value) ? value.toLowerCase() : undefined;

/** The statuses in a body of the WhatsApp Cloud API that are about this phone number. */
export function whatsappReports(provider: string, phone: string, body: unknown): Report[] {
  const values = list(at(body, 'entry')).flatMap((entry) =>
    list(at(entry, 'changes')).map((change) => at(change, 'value')),
  );
  return values
    .filter((value) => at(value, 'metadata.phone_number_id') === phone)
    .flatMap((value) => list(at(value, 'statuses')))
    .slice(0, MOST)
    .flatMap((status): Report[] => {
      const reference = referenceOf(at(status, 'id'));
      const key = keyOf(at(status, 'biz_opaque_callback_data'));
      const known = WHATSAPP[String(at(status, 'status'))];
      if (!known || !(reference || key)) return [];
      const code = at(status, 'errors.0.code');
      const reason = code === 131026 ? 'not-on-whatsapp' : 'not-delivered';
      return [{ provider, reference, key, status: known, ...(known === 'failed' && { reason }) }];
    });
}

const WHATSAPP: Record<string, Report['status']> = {
  sent: 'accepted',
  delivered: 'delivered',
  read: 'delivered',
  failed: 'failed',
};

/** The report of an SMS provider, from its fields as the settings name them; undefined when it says nothing we know. */
export function smsReport(gateway: SmsGateway, body: unknown): Report | undefined {
  const { report } = gateway;
  if (!report) return undefined;
  const word = String(at(body, report.status) ?? '');
  const status = report.delivered.includes(word) ? 'delivered' : report.failed.includes(word) ? 'failed' : undefined;
  const key = report.key ? keyOf(at(body, report.key)) : undefined;
  const reference = report.reference ? referenceOf(at(body, report.reference)) : undefined;
  if (!status || !(key || reference)) return undefined;
  return { provider: gateway.name, key, reference, status };
}
