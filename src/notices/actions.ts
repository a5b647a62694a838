// Tells residents the news of their cases, shows how each message fared, and lets an officer send a failed one again.
import type { Ctx } from '#platform/context.ts';
import { idFrom } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { desksOf, loadById, loadByNumber, thing } from '#src/applications/actions.ts';
import { openAnswers } from '#src/applications/content/actions.ts';
import { residentLimit } from '#src/applications/upkeep/actions.ts';
import { addressesOf } from '#src/identity/residents/actions.ts';
import { holdersOf } from '#src/identity/residents/holdings/actions.ts';
import {
  findMessage,
  listMessages,
  type MessageLine,
  type OpenMessage,
  openMessages,
  resendMessage,
  sendMessage,
} from '#src/messages/actions.ts';
import { cleanEmail, cleanPhone } from '#src/messages/address.ts';
import { permit } from '#src/rights.ts';
import { formatDate } from '#ui/format.ts';
import { type Address, addressIn, type News, valuesOf } from './notice.ts';

/** The answer to a data subject has words of its own (`data-dijawab`, sent by privacy): nobody is told the same twice. */
const ANSWERED_ELSEWHERE = new Set(['hak-data-pribadi']);

/**
 * Queues the news of a case for everybody whom it concerns: the accounts that hold it, and the phone of the form where no
 * account has it. `cause` is what happened (an event's id): the same cause is told once. Simulated and erased cases are silent.
 */
export async function tell(ctx: Ctx, application: string, news: News, cause: string): Promise<void> {
  const found = await loadById(ctx, application);
  if (!found?.stored.key || found.stored.simulated) return;
  const { stored, service } = found;
  if (ANSWERED_ELSEWHERE.has(service.id) && (news === 'disetujui-terbit' || news === 'ditolak')) return;
  const limit = await residentLimit(ctx, application);
  const day = (date: Date | string) => formatDate(date, ctx.calendar.offsetMinutes);
  const values = valuesOf(news, {
    number: stored.number,
    service: service.name,
    due: day(stored.application.dueAt),
    limit: limit && day(limit),
  });
  for (const to of await readersOf(ctx, application, addressIn(service, openAnswers(ctx, stored))))
    await sendMessage(ctx, {
      id: idFrom('notice', news, cause, to.account ?? 'form'),
      template: news,
      to,
      about: application,
      values,
    });
}

type Reader = Address & { account?: string };

async function readersOf(ctx: Ctx, application: string, form: Address): Promise<Reader[]> {
  const readers: Reader[] = [];
  for (const account of await holdersOf(ctx, application)) {
    const own = await addressesOf(ctx, account);
    // an account without a contact of its own is told where the form says
    readers.push({ account, ...(own.phone || own.email ? own : form) });
  }
  const same = (one: Reader) =>
    form.phone
      ? cleanPhone(one.phone ?? '') === cleanPhone(form.phone)
      : cleanEmail(one.email ?? '') === cleanEmail(form.email ?? '');
  return readers.some(same) ? readers : [...readers, form];
}

/** How the messages about a case fared, oldest first. The caller has opened the case. */
export const deliveriesOf = (ctx: Pick<Ctx, 'db'>, application: string): Promise<MessageLine[]> =>
  listMessages(ctx, application);

/** The messages about a case with their words, for its holder. Throws Problem 404, forbidden. */
export async function readNews(ctx: Ctx, number: string): Promise<{ number: string; messages: OpenMessage[] }> {
  const { stored } = await loadByNumber(ctx, number);
  permit(ctx.actor, 'application.read', { application: thing(stored.application) });
  return { number: stored.number, messages: await openMessages(ctx, stored.application.id) };
}

/** Sends a failed message about this case once more. Throws Problem 404, forbidden, and what resendMessage throws. */
export async function resendNews(ctx: Ctx, number: string, message: string): Promise<void> {
  const { stored, service } = await loadByNumber(ctx, number);
  const { application } = stored;
  permit(ctx.actor, 'message.resend', {
    application: thing(application),
    desks: await desksOf(ctx, service, application),
  });
  const known = await findMessage(ctx, message);
  if (known?.about !== application.id) throw new Problem(PROBLEMS.notFound, 'Pesan ini tidak ada pada permohonan itu.');
  await resendMessage(ctx, message, application.agency);
}
