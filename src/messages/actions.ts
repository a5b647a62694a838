// Queueing messages in the caller's transaction, and what people may read and do about them.
import type { Ctx } from '#platform/context.ts';
import { newDataKey, openDataKey, sealJson, unsealJson } from '#platform/crypto.ts';
import { recordEvent } from '#platform/event-log.ts';
import { newId } from '#platform/ids.ts';
import { counters } from '#platform/metrics.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { type Address, cleanEmail, cleanPhone } from './address.ts';
import { DEMO_PROVIDER } from './channels/demo.ts';
import { MESSAGE_PROBLEMS } from './problems.ts';
import { outOfQuiet } from './quiet.ts';
import { channelsOf } from './sending/actions.ts';
import { type Wishes, wishesOf } from './sending/store.ts';
import {
  inboxPage,
  insertMessage,
  markRead,
  messageById,
  messagesAbout,
  messagesOf,
  type Place,
  reopen,
  type StoredMessage,
  writeWishes,
} from './store.ts';
import {
  CHANNELS,
  type Channel,
  cleanValues,
  inLanguage,
  LANGUAGES,
  type Language,
  render,
  type Template,
  type Values,
} from './template.ts';
import { getTemplate, templates } from './templates/store.ts';

export type Sending = {
  /** Made by the caller from what caused the message: the same id changes nothing. A fresh one when not given. */
  id?: string | undefined;
  /** A file of src/messages/templates/. */
  template: string;
  /** `account` gets it in its inbox too; phone and e-mail as typed, a wrong one is left out. */
  to: { account?: string | undefined; phone?: string | undefined; email?: string | undefined };
  /** The application whose pages show how the message fares. */
  about?: string | undefined;
  /** Exactly what the template declares. Links as a path of ours. Never a NIK, a name or a detail of a case. */
  values: Values;
  /** Asked for just now: goes out at night too, before all others. */
  urgent?: boolean | undefined;
  /** Only by this channel. */
  channel?: Channel | undefined;
};

/**
 * Queues one message in the caller's transaction (ctx.db); it leaves after the commit. Returns its id, also when it was
 * known. Throws TemplateError, a mistake of ours, for an unknown template or values that it does not declare.
 */
export async function sendMessage(ctx: Ctx, sending: Sending): Promise<{ id: string }> {
  const template = getTemplate(sending.template);
  const values = cleanValues(template, sending.values, ctx.config.publicUrl);
  const id = sending.id ?? newId(ctx.now);
  const urgent = sending.urgent ?? false;
  const key = newDataKey(ctx.keys);
  const added = await insertMessage(ctx, {
    id,
    template: template.id,
    account: sending.to.account ?? null,
    about: sending.about ?? null,
    urgent,
    onlyBy: sending.channel ?? null,
    key: key.wrapped,
    address: sealJson(key.plain, cleanAddress(sending.to)),
    content: sealJson(key.plain, values),
    nextAt: urgent ? ctx.now : outOfQuiet(ctx.now, ctx.calendar.offsetMinutes, id),
  });
  if (added) counters.message('queued', sending.channel ?? 'any');
  return { id };
}

function cleanAddress(to: Sending['to']): Address {
  const phone = to.phone ? cleanPhone(to.phone) : undefined;
  const email = to.email ? cleanEmail(to.email) : undefined;
  return { ...(phone && { phone }), ...(email && { email }) };
}

/** A message as lists show it: how it fares, never where it went in full. */
export type MessageLine = Pick<
  StoredMessage,
  'id' | 'state' | 'channel' | 'reason' | 'masked' | 'attempts' | 'createdAt' | 'sentAt' | 'deliveredAt' | 'readAt'
> & { kind: string; title: string };
/** The same with its words; undefined when they were destroyed at their time. */
export type OpenMessage = MessageLine & { subject: string; text: string | undefined };

/** What was said about an application, oldest first. The caller permits reading it. */
export async function listMessages(ctx: Pick<Ctx, 'db'>, about: string): Promise<MessageLine[]> {
  return (await messagesAbout(ctx, about)).flatMap((one) => {
    const template = templates().get(one.template);
    return template?.inbox ? [lineOf(one, template, 'id')] : [];
  });
}

/** The same with its words, newest first, for the resident herself: the inbox by number and code. */
export async function openMessages(ctx: Pick<Ctx, 'db' | 'keys'>, about: string): Promise<OpenMessage[]> {
  const open = (await messagesAbout(ctx, about)).flatMap((one) => {
    const template = templates().get(one.template);
    return template?.inbox ? [opened(ctx, one, template, 'id')] : [];
  });
  return open.reverse();
}

const PAGE = 20;

/** One page of the signed-in resident's inbox, newest first; what is shown counts as read. */
export async function openInbox(
  ctx: Ctx,
  page: { older?: Place | undefined; newer?: Place | undefined } = {},
): Promise<{ messages: OpenMessage[]; older: Place | undefined; newer: Place | undefined }> {
  const account = ownAccount(ctx);
  const { language } = await myWishes(ctx);
  const kept = [...templates().values()].filter((one) => one.inbox).map((one) => one.id);
  const rows = await inboxPage(ctx, account, kept, { ...page, size: PAGE + 1 });
  const backward = page.newer !== undefined && page.older === undefined;
  const more = rows.length > PAGE;
  const shown = more ? (backward ? rows.slice(1) : rows.slice(0, PAGE)) : rows;
  await markRead(
    ctx,
    shown.filter((one) => !one.readAt).map((one) => one.id),
  );
  const place = (one: StoredMessage | undefined): Place | undefined => one && { at: one.createdAt, id: one.id };
  return {
    messages: shown.map((one) => opened(ctx, one, getTemplate(one.template), language)),
    older: backward || more ? place(shown.at(-1)) : undefined,
    newer: (backward ? more : page.older !== undefined) ? place(shown[0]) : undefined,
  };
}

/** How the signed-in resident wishes to be told; the house's own order when nothing was chosen. */
export async function myWishes(ctx: Ctx): Promise<Wishes> {
  const account = ownAccount(ctx);
  const found = (await wishesOf(ctx, [account])).get(account);
  return found ?? { account, channels: [...CHANNELS], language: 'id', off: [] };
}

/** Kinds of message that may be switched off. */
export const optionalKinds = (): { id: string; title: string }[] =>
  [...templates().values()].filter((one) => one.optional).map((one) => ({ id: one.id, title: one.title.id }));

/** Writes the signed-in resident's wishes. Notices of decisions and rights cannot be switched off. Throws Problem invalid. */
export async function setWishes(ctx: Ctx, given: { first: string; language: string; on: string[] }): Promise<void> {
  const account = ownAccount(ctx);
  const first = CHANNELS.find((one) => one === given.first);
  const language = LANGUAGES.find((one) => one === given.language);
  const errors = [
    ...(first ? [] : [{ path: 'kanal', message: 'Pilih lewat apa Anda ingin dikabari.' }]),
    ...(language ? [] : [{ path: 'bahasa', message: 'Pilih bahasa pesan.' }]),
  ];
  if (!first || !language) throw new Problem(PROBLEMS.invalid, undefined, errors);
  const off = optionalKinds()
    .map((one) => one.id)
    .filter((id) => !given.on.includes(id));
  const wishes = { account, channels: [first, ...CHANNELS.filter((one) => one !== first)], language, off };
  const write = async (tx: Ctx) => {
    if (!(await writeWishes(tx, wishes))) return;
    await recordEvent(tx, { type: 'message.wished', subject: account, data: { first, language, off } });
  };
  await (ctx.db.isTransaction ? write(ctx) : ctx.db.transaction().execute((db) => write({ ...ctx, db })));
}

/** The message's application and state, for who must permit what is done with it. */
export const findMessage = (ctx: Pick<Ctx, 'db'>, id: string): Promise<StoredMessage | undefined> =>
  messageById(ctx, id);

/**
 * Tries a failed message once more, from the first channel on. The caller permits. Again changes nothing while it is under
 * way. Throws Problem when it has not failed or its content was destroyed.
 */
export async function resendMessage(ctx: Ctx, id: string, agency?: string): Promise<void> {
  const again = async (tx: Ctx) => {
    if (await reopen(tx, id)) {
      await recordEvent(tx, { type: 'message.resent', subject: id, ...(agency && { agency }), data: {} });
      return;
    }
    const now = await messageById(tx, id);
    if (now?.state === 'failed') throw new Problem(MESSAGE_PROBLEMS.contentGone);
    if (!now || now.state === 'dropped') throw new Problem(MESSAGE_PROBLEMS.notAgain);
  };
  await (ctx.db.isTransaction ? again(ctx) : ctx.db.transaction().execute((db) => again({ ...ctx, db })));
}

/**
 * What the demo's outbox took last or will take, as its readers would see it; nothing of messages for real providers.
 * Throws Problem 404 outside a demo.
 */
export async function readDemoOutbox(ctx: Pick<Ctx, 'db' | 'keys' | 'config'>): Promise<OpenMessage[]> {
  if (ctx.config.mode !== 'demo') throw new Problem(PROBLEMS.notFound);
  const { email, sms, whatsapp } = ctx.config.gateways;
  const real = email.length + sms.length + whatsapp.length > 0;
  return (await messagesOf(ctx, DEMO_PROVIDER, !real, 50)).map((one) =>
    opened(ctx, one, getTemplate(one.template), 'id', one.channel ?? 'inbox'),
  );
}

/** Which channels this installation sends by. */
export const availableChannels = (ctx: Pick<Ctx, 'config' | 'pool'>): Channel[] => channelsOf(ctx);

function ownAccount({ actor }: Pick<Ctx, 'actor'>): string {
  if (actor.kind === 'officer')
    throw new Problem(PROBLEMS.forbidden, 'Tidak boleh karena kotak pesan ini untuk akun warga.');
  if (actor.kind !== 'resident' || !actor.account) throw new Problem(PROBLEMS.signIn);
  return actor.account;
}

function lineOf(one: StoredMessage, template: Template, language: Language): MessageLine {
  const { id, state, channel, reason, masked, attempts, createdAt, sentAt, deliveredAt, readAt } = one;
  const title = inLanguage(template.title, language);
  return {
    id,
    kind: template.id,
    title,
    state,
    channel,
    reason,
    masked,
    attempts,
    createdAt,
    sentAt,
    deliveredAt,
    readAt,
  };
}

function opened(
  ctx: Pick<Ctx, 'keys'>,
  one: StoredMessage,
  template: Template,
  language: Language,
  channel: Channel | 'inbox' = 'inbox',
): OpenMessage {
  const line = lineOf(one, template, language);
  if (!one.key) return { ...line, subject: line.title, text: undefined };
  const values = unsealJson<Values>(openDataKey(ctx.keys, one.key), one.content);
  const { subject, text } = render(template, values, language, channel);
  return { ...line, subject, text };
}
