// Through which providers messages leave, read from the file that PENDOPO_MESSAGES_FILE names: several a channel, in order.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const Name = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'must be a short name of small letters, digits and dashes');
const Address = z.url({ protocol: /^https?$/ });
const Words = z.record(z.string(), z.string());
const Answers = z.strictObject({
  path: z.string(),
  is: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
});

/** Seconds after which no answer is awaited any more. */
const timeout = z.number().min(0.1).max(60).default(15);

const Smtp = z.strictObject({
  name: Name,
  timeout,
  smtp: z.string().regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://'),
  /** "Name <address>" as readers see it. */
  from: z.string().regex(/^[^\r\n]*<?[^\s<>@]+@[^\s<>@]+>?$/, 'must be an address, with a name before it if you like'),
  /** Refuse to speak in clear. Off only for a server on the same machine. */
  tls: z.boolean().default(true),
});
const Whatsapp = z.strictObject({
  name: Name,
  timeout,
  api: Address.default('https://graph.facebook.com/v23.0'),
  phone: z.string().regex(/^\d{5,20}$/, 'must be the phone number id of the WhatsApp Cloud API'),
  token: z.string().min(1),
  appSecret: z.string().min(8),
  verifyToken: z.string().min(8),
});
const Sms = z
  .strictObject({
    name: Name,
    timeout,
    url: z.string().regex(/^https?:\/\//, 'must start with https://'),
    method: z.enum(['POST', 'PUT', 'GET']).default('POST'),
    headers: Words.default({}),
    /** Exactly one of them says how the body is built; {to}, {text} and {id} are filled in. */
    json: z.unknown().optional(),
    form: Words.optional(),
    /** Digits as the provider wants them: 62812…, +62812… or 0812…. */
    digits: z.enum(['international', 'plus', 'local']).default('international'),
    /** Where 200 alone says nothing: the answer's field that tells, and what it says when the message was taken. */
    accepted: Answers.optional(),
    /** The same field's words for a number that can never be reached. */
    refused: Answers.optional(),
    /** Where the answer holds the provider's own id. */
    reference: z.string().optional(),
    /** The provider takes the same {id} only once. */
    idempotent: z.boolean().default(false),
    /** Asks whether {id} was taken: 200 with `accepted`, 404 when it is not known. */
    lookup: z.strictObject({ url: z.string().regex(/^https?:\/\//), accepted: Answers.optional() }).optional(),
    report: z
      .strictObject({
        secret: z.string().min(16, 'must have at least 16 characters'),
        /** The fields of a delivery report, as JSON, form or query. `key` is our {id}, `reference` the provider's. */
        key: z.string().optional(),
        reference: z.string().optional(),
        status: z.string(),
        delivered: z.array(z.string()).min(1),
        failed: z.array(z.string()).min(1),
      })
      .optional(),
  })
  .refine((one) => one.method === 'GET' || (one.json === undefined) !== (one.form === undefined), {
    message: 'needs exactly one of json and form',
  });

const Gateways = z
  .strictObject({
    email: z.array(Smtp).default([]),
    whatsapp: z.array(Whatsapp).default([]),
    sms: z.array(Sms).default([]),
  })
  .refine(
    (all) => {
      const names = [...all.email, ...all.whatsapp, ...all.sms].map((one) => one.name);
      return new Set(names).size === names.length;
    },
    { message: 'every provider needs a name of its own' },
  );

export type SmtpGateway = z.infer<typeof Smtp>;
export type WhatsappGateway = z.infer<typeof Whatsapp>;
export type SmsGateway = z.infer<typeof Sms>;
export type Gateways = z.infer<typeof Gateways>;

export const NO_GATEWAYS: Gateways = { email: [], whatsapp: [], sms: [] };

/** The providers as data already parsed; `env` fills `${NAME}`, so that secrets need not stand in the file. Throws Error. */
export function parseGateways(data: unknown, env: Record<string, string | undefined>): Gateways {
  const parsed = Gateways.safeParse(filled(data ?? {}, env));
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
}

/** Reads the file. Throws Error with one line for each thing that is wrong. */
export const readGateways = (file: string, env: Record<string, string | undefined>): Gateways =>
  parseGateways(parse(readFileSync(file, 'utf8')), env);

function filled(data: unknown, env: Record<string, string | undefined>): unknown {
  if (typeof data === 'string')
    return data.replaceAll(/\$\{([A-Z][A-Z0-9_]*)\}/g, (_, name: string) => {
      const value = env[name];
      if (!value) throw new Error(`the variable ${name} is named but not set`);
      return value;
    });
  if (Array.isArray(data)) return data.map((item) => filled(item, env));
  if (data !== null && typeof data === 'object')
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, filled(value, env)]));
  return data;
}
