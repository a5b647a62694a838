// Requests of data subjects: asked by whoever holds a case, handled by the engine as an ordinary permohonan, carried out here.
import type { Ctx } from '#platform/context.ts';
import { recordEvent } from '#platform/event-log.ts';
import { idFrom } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { loadById, loadByNumber, type Receipt, submitApplication, thing } from '#src/applications/actions.ts';
import { statusOf } from '#src/applications/application.ts';
import { openAnswers } from '#src/applications/content/actions.ts';
import { type BriefCase, briefCases } from '#src/applications/walk/actions.ts';
import { getVersion } from '#src/catalogue/actions.ts';
import { sendMessage } from '#src/messages/actions.ts';
import { permit } from '#src/rights.ts';
import { withdrawAll } from '../consent/actions.ts';
import { eraseCase } from '../keeping/actions.ts';
import { heldAmong } from '../keeping/store.ts';
import { PRIVACY_PROBLEMS } from '../problems.ts';
import { coordinatorOf, REQUEST_SERVICE } from './coordinator/actions.ts';
import { type Asked, isAsked, type Standing, standingOf } from './request.ts';
import { addRequest, markSettled, type RequestRow, requestOf, requestsAbout, scopeOf, unsettled } from './store.ts';

/**
 * Asks for a right over cases that the asker holds. Who asks is taken from the newest of them that can still be read, so that
 * nobody types a NIK again. Throws Problem forbidden, invalid, nothingHeld, allErased.
 */
export async function askFor(ctx: Ctx, given: { asked: string; text: string; cases: string[] }): Promise<Receipt> {
  const { actor } = ctx;
  if (actor.kind !== 'resident') throw new Problem(PROBLEMS.forbidden);
  if (given.cases.length === 0) throw new Problem(PRIVACY_PROBLEMS.nothingHeld);
  const cases = await briefCases(ctx, given.cases);
  for (const one of cases) permit(actor, 'application.read', { application: one });
  const errors = faultsOf(given);
  if (errors.length > 0) throw new Problem(PROBLEMS.invalid, undefined, errors);
  const newest = cases.filter((one) => !one.erased).at(-1);
  if (!newest) throw new Problem(PRIVACY_PROBLEMS.allErased);
  const receipt = await submitApplication(ctx, {
    service: REQUEST_SERVICE,
    channel: 'online',
    answers: { hak: given.asked, uraian: given.text.trim(), ...(await applicantOf(ctx, newest)) },
  });
  // the same press again finds the request with its scope; a crash between leaves one that the next press completes
  await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    const scope = cases.map((one) => one.id);
    const account = actor.account ?? null;
    if (!(await addRequest(tx, { application: receipt.id, asked: given.asked, account, scope }))) return;
    await recordEvent(tx, {
      type: 'privacy.asked',
      subject: eventSubject(receipt.id),
      agency: await coordinatorOf(ctx),
      data: { request: receipt.id, right: given.asked, cases: scope.length },
    });
  });
  return receipt;
}

export const LONGEST = 1000;

function faultsOf({ asked, text }: { asked: string; text: string }) {
  const length = text.trim().length;
  return [
    ...(isAsked(asked) ? [] : [{ path: 'hak', message: 'Pilih salah satu permintaan.' }]),
    ...(length < 5 ? [{ path: 'uraian', message: 'Jelaskan permintaan Anda, paling sedikit satu kalimat.' }] : []),
    ...(length > LONGEST ? [{ path: 'uraian', message: `Ringkas sampai 1.000 huruf; sekarang ${length}.` }] : []),
  ];
}

async function applicantOf(ctx: Ctx, newest: BriefCase): Promise<Record<string, unknown>> {
  const found = await loadById(ctx, newest.id);
  if (!found) throw new Problem(PRIVACY_PROBLEMS.nothingHeld);
  const answers = openAnswers(ctx, found.stored);
  const { name, nik, phone } = found.service.applicant;
  const text = (field: string | undefined) =>
    field && typeof answers[field] === 'string' ? answers[field] : undefined;
  return {
    namaPemohon: text(name) ?? '',
    desa: newest.village,
    ...(text(nik) && { nikPemohon: text(nik) }),
    ...(text(phone) && { telepon: text(phone) }),
  };
}

// the engine's chain belongs to the engine; what is told of a request beside it is a subject of its own
const eventSubject = (application: string): string => idFrom('request', application);

export type ShownRequest = { number: string; asked: Asked; at: Date; due: Date; status: string; message: string };

/** Requests about cases that the reader holds, or of the account; the caller has permitted the cases. */
export async function listRequests(
  ctx: Ctx,
  given: { cases: string[]; account?: string | undefined },
): Promise<ShownRequest[]> {
  const rows = await requestsAbout(ctx, given);
  const shown = await Promise.all(
    rows.map(async ({ application, asked, at }) => {
      const found = await loadById(ctx, application);
      if (!found) return undefined;
      const { stored, service } = found;
      return {
        number: stored.number,
        asked: asked as Asked,
        at,
        due: new Date(stored.application.dueAt),
        status: statusOf(service, stored.application),
        message: service.workflow.states[stored.application.state]?.resident ?? '',
      };
    }),
  );
  return shown.filter((one) => one !== undefined);
}

export type OpenedRequest = {
  number: string;
  request: RequestRow | undefined;
  due: Date;
  ended: boolean;
  status: string;
  scope: (BriefCase & { standing: Standing })[];
};

/** A request with the cases it reaches, for the officer who answers it. Throws Problem 404, forbidden. */
export async function openRequest(ctx: Ctx, number: string): Promise<OpenedRequest> {
  const { stored, service } = await loadByNumber(ctx, number);
  const { application } = stored;
  permit(ctx.actor, 'privacy.read', {
    application: thing(application),
    register: { agency: application.agency, coordinator: await coordinatorOf(ctx) },
  });
  if (service.id !== REQUEST_SERVICE) throw new Problem(PROBLEMS.notFound);
  const request = await requestOf(ctx, application.id);
  const ids = request ? await scopeOf(ctx, application.id) : [];
  const [cases, held] = await Promise.all([briefCases(ctx, ids), heldAmong(ctx, ids)]);
  return {
    number: stored.number,
    request,
    due: new Date(application.dueAt),
    ended: application.endedAt !== undefined,
    status: statusOf(service, application),
    scope: cases.map((one) => ({ ...one, standing: standingOf(one, held.has(one.id)) })),
  };
}

const REFUSAL_DAYS = 45; // longer than the time to object and to weigh it

/** What follows from answers: messages, erasures, withdrawals. Repeats do nothing twice; what cannot be done yet is tried again. */
export async function settleRequests(ctx: Ctx): Promise<void> {
  for (const request of await unsettled(ctx, 500)) {
    const found = await loadById(ctx, request.application);
    const { endedAt, state } = found?.stored.application ?? {};
    if (!found || !endedAt || !state) continue;
    const { service } = await getVersion(ctx, REQUEST_SERVICE, found.stored.application.version);
    const end = service.workflow.states[state]?.end;
    if (end === 'completed' || end === 'refused') await tell(ctx, found.stored, state, request.account);
    const done =
      end === 'completed'
        ? await carryOut(ctx, request)
        : end !== 'refused' || daysSince(endedAt, ctx.now) > REFUSAL_DAYS;
    if (end === 'refused' && !done) await writeOutcome(ctx, request, 'privacy.refused', state);
    if (!done) continue;
    await ctx.db.transaction().execute(async (db) => {
      const tx = { ...ctx, db };
      if ((await markSettled(tx, request.application)) && end === 'completed')
        await writeOutcome(tx, request, 'privacy.answered', state);
    });
  }
}

const daysSince = (iso: string, now: Date): number => (now.getTime() - Date.parse(iso)) / 86_400_000;

async function writeOutcome(
  ctx: Ctx,
  request: RequestRow,
  type: 'privacy.answered' | 'privacy.refused',
  state: string,
): Promise<void> {
  await recordEvent(
    { ...ctx, commandId: idFrom(type, request.application, state) },
    {
      type,
      subject: eventSubject(request.application),
      agency: await coordinatorOf(ctx),
      data: { request: request.application, right: request.asked },
    },
  );
}

type Stored = NonNullable<Awaited<ReturnType<typeof loadById>>>['stored'];

async function tell(ctx: Ctx, stored: Stored, state: string, account: string | null): Promise<void> {
  if (!stored.key) return;
  const answers = openAnswers(ctx, stored);
  await sendMessage(ctx, {
    id: idFrom('data-dijawab', stored.application.id, state, stored.application.endedAt ?? ''),
    template: 'data-dijawab',
    to: {
      ...(typeof answers.telepon === 'string' && { phone: answers.telepon }),
      ...(account && { account }),
    },
    about: stored.application.id,
    values: { nomor: stored.number, tautan: `/lacak/${stored.number}` },
  });
}

/** False while something of it is still to be done: a case that runs or is held is destroyed when that ends. */
async function carryOut(ctx: Ctx, request: RequestRow): Promise<boolean> {
  if (request.asked === 'withdrawal' && request.account) await withdrawAll(ctx, request.account);
  if (request.asked !== 'erasure') return true;
  const scope = await scopeOf(ctx, request.application);
  for (const application of scope) await eraseCase(ctx, application, 'request');
  return (await briefCases(ctx, scope)).every((one) => one.erased);
}
