// The register of breaches: reported, amended, whose data it was, the authority and the people told, closed.
import type { KeyObject } from 'node:crypto';
import type { Ctx } from '#platform/context.ts';
import { blindIndex, newDataKey, openDataKey, seal, sealJson, unseal, unsealJson } from '#platform/crypto.ts';
import { recordEvent } from '#platform/event-log.ts';
import { isId, newId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { loadById } from '#src/applications/actions.ts';
import { openAnswers } from '#src/applications/content/actions.ts';
import { listWithin } from '#src/applications/walk/actions.ts';
import { sendMessage } from '#src/messages/actions.ts';
import { permit } from '#src/rights.ts';
import { formatDayMonthYear } from '#ui/format.ts';
import { coordinatorOf } from '../asked/coordinator/actions.ts';
import { PRIVACY_PROBLEMS } from '../problems.ts';
import {
  type Account,
  accountFaults,
  type Breach,
  type DatedEntry,
  type Entry,
  FIELD_NAMES,
  foldBreach,
} from './breach.ts';
import {
  addBreach,
  addEntry,
  addSubjects,
  type BreachRow,
  breachPage,
  countSubjects,
  entriesOf,
  findBreach,
  type SubjectCounts,
  setOutcome,
  takeSubjects,
} from './store.ts';

export const PAGE = 25;

/** Opens the register's page of a breach. Throws Problem invalid, forbidden. Answers its id. */
export async function reportBreach(
  ctx: Ctx,
  given: { foundAt: Date | undefined; account: Partial<Account> },
): Promise<string> {
  const by = await permitBreach(ctx);
  const agency = ctx.actor.kind === 'officer' ? ctx.actor.agency : '';
  const { foundAt } = given;
  const errors: { path: string; message: string }[] = accountFaults(given.account);
  if (!foundAt || Number.isNaN(foundAt.getTime()))
    errors.unshift({ path: 'ditemukan', message: 'Tulis kapan kejadian ini ditemukan, tanggal dan jamnya.' });
  else if (foundAt > ctx.now)
    errors.unshift({ path: 'ditemukan', message: 'Waktu ditemukan tidak boleh di masa depan.' });
  if (errors.length > 0 || !foundAt) throw new Problem(PROBLEMS.invalid, undefined, errors);
  const id = ctx.commandId; // the form's own id: pressed twice, reported once
  const key = newDataKey(ctx.keys);
  await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    if (!(await addBreach(tx, { id, agency, foundAt, key: key.wrapped, by }))) return;
    await write(
      tx,
      { id, agency, foundAt, key: key.wrapped },
      key.plain,
      { kind: 'report', account: trimmed(given.account) },
      by,
    );
  });
  return id;
}

/** Adds what is known better now; what was written before stays. Throws Problem 404, forbidden, invalid, closed. */
export async function amendBreach(ctx: Ctx, id: string, account: Partial<Account>): Promise<void> {
  const { row, by, key } = await openForWriting(ctx, id);
  const errors = accountFaults(account);
  if (errors.length > 0) throw new Problem(PROBLEMS.invalid, undefined, errors);
  await writing(ctx, row, key, { kind: 'amendment', account: trimmed(account) }, by);
}

/** Says whose data it was, by a filter over cases; the list is gathered in the background, sealed. */
export async function selectSubjects(
  ctx: Ctx,
  id: string,
  within: { agency?: string; service?: string; village?: string; from: Date; to: Date },
): Promise<void> {
  const { row, by, key, coordinates } = await openForWriting(ctx, id);
  if (!(within.from < within.to))
    throw new Problem(PROBLEMS.invalid, undefined, [
      { path: 'sampai', message: 'Tanggal akhir harus sesudah tanggal awal.' },
    ]);
  // an agency names its own people; the coordinator anybody's
  const agency = coordinates ? within.agency : row.agency;
  const { from, to, service, village } = within;
  await writing(
    ctx,
    row,
    key,
    {
      kind: 'selection',
      within: {
        ...(agency && { agency }),
        ...(service && { service }),
        ...(village && { village }),
        from: from.toISOString(),
        to: to.toISOString(),
      },
    },
    by,
  );
}

/** Writes down that the authority was told, and how. */
export async function tellAuthority(ctx: Ctx, id: string, how: string): Promise<void> {
  const { row, by, key } = await openForWriting(ctx, id);
  if (how.trim().length < 5)
    throw new Problem(PROBLEMS.invalid, undefined, [
      { path: 'cara', message: 'Tulis bagaimana dan kepada siapa surat itu dikirim.' },
    ]);
  await writing(ctx, row, key, { kind: 'authority', how: how.trim().slice(0, 500) }, by);
}

/** Sends the notice to everyone on the list, in the background, once each. Throws Problem incomplete. */
export async function tellSubjects(ctx: Ctx, id: string): Promise<void> {
  const { row, by, key, breach } = await openForWriting(ctx, id);
  if (!breach.account || !breach.within) throw new Problem(PRIVACY_PROBLEMS.incomplete);
  await writing(ctx, row, key, { kind: 'subjects' }, by);
}

export async function closeBreach(ctx: Ctx, id: string): Promise<void> {
  const { row, by, key } = await openForWriting(ctx, id);
  await writing(ctx, row, key, { kind: 'closed' }, by);
}

/** One breach with all its entries and how far the notices are. Throws Problem 404, forbidden. */
export async function openBreach(ctx: Ctx, id: string): Promise<{ breach: Breach; counts: SubjectCounts }> {
  const row = await getBreach(ctx, id);
  permit(ctx.actor, 'privacy.read', { register: { agency: row.agency, coordinator: await coordinatorOf(ctx) } });
  return { breach: await opened(ctx, row), counts: await countSubjects(ctx, row.id) };
}

/** What the people concerned may read without signing in: the newest account, once they were told. Throws Problem 404. */
export async function publicNotice(ctx: Ctx, id: string): Promise<{ foundAt: Date; account: Account }> {
  const breach = await opened(ctx, await getBreach(ctx, id));
  if (!breach.account || !breach.subjectsAt) throw new Problem(PROBLEMS.notFound);
  return { foundAt: breach.foundAt, account: breach.account };
}

/** The register: of the own agency, or of all for the coordinator. */
export async function listBreaches(
  ctx: Ctx,
  before?: { at: Date; id: string },
): Promise<{ items: Breach[]; next: { at: Date; id: string } | undefined }> {
  permit(ctx.actor, 'privacy.read');
  const own = ctx.actor.kind === 'officer' ? ctx.actor.agency : '';
  const rows = await breachPage(ctx, own === (await coordinatorOf(ctx)) ? undefined : own, before, PAGE + 1);
  const shown = rows.slice(0, PAGE);
  const last = shown.at(-1);
  return {
    items: await Promise.all(shown.map((row) => opened(ctx, row))),
    next: rows.length > PAGE && last ? { at: last.foundAt, id: last.id } : undefined,
  };
}

async function getBreach(ctx: Ctx, id: string): Promise<BreachRow> {
  const row = isId(id) ? await findBreach(ctx, id) : undefined;
  if (!row) throw new Problem(PROBLEMS.notFound, 'Catatan kebocoran ini tidak ada. Periksa lagi alamatnya.');
  return row;
}

async function opened(ctx: Ctx, row: BreachRow): Promise<Breach> {
  const key = openDataKey(ctx.keys, row.key);
  const entries = (await entriesOf(ctx, row.id)).map(
    ({ id, at, by, content }): DatedEntry => ({ ...unsealJson<Entry>(key, content), id, at, by }),
  );
  return foldBreach({ id: row.id, agency: row.agency, foundAt: row.foundAt }, entries);
}

async function openForWriting(ctx: Ctx, id: string) {
  const row = await getBreach(ctx, id);
  const by = await permitBreach(ctx, row.agency);
  const breach = await opened(ctx, row);
  if (breach.closedAt) throw new Problem(PRIVACY_PROBLEMS.closed);
  const coordinates = ctx.actor.kind === 'officer' && ctx.actor.agency === (await coordinatorOf(ctx));
  return { row, by, breach, key: openDataKey(ctx.keys, row.key), coordinates };
}

async function permitBreach(ctx: Ctx, agency?: string): Promise<string> {
  const coordinator = await coordinatorOf(ctx);
  permit(ctx.actor, 'privacy.breach', agency === undefined ? {} : { register: { agency, coordinator } });
  if (ctx.actor.kind !== 'officer') throw new Problem(PROBLEMS.forbidden);
  return ctx.actor.id;
}

const EVENTS: Record<Entry['kind'], string> = {
  report: 'breach.reported',
  amendment: 'breach.amended',
  selection: 'breach.selected',
  authority: 'breach.authority-told',
  subjects: 'breach.subjects-told',
  closed: 'breach.closed',
};

const writing = (ctx: Ctx, row: BreachRow, key: KeyObject, entry: Entry, by: string): Promise<void> =>
  ctx.db.transaction().execute((db) => write({ ...ctx, db }, row, key, entry, by));

/** The entry's id is the command's: a form that comes twice writes once. */
async function write(tx: Ctx, row: BreachRow, key: KeyObject, entry: Entry, by: string): Promise<void> {
  const added = await addEntry(tx, {
    id: tx.commandId,
    breach: row.id,
    kind: entry.kind,
    content: sealJson(key, entry),
    by,
  });
  if (added) await recordEvent(tx, { type: EVENTS[entry.kind], subject: row.id, agency: row.agency, data: {} });
}

const trimmed = (account: Partial<Account>): Account =>
  Object.fromEntries(FIELD_NAMES.map((name) => [name, (account[name] ?? '').trim()])) as Account;

const GATHER = 1000;
const NOTIFY = 100;

/** Gathers the list that the newest selection names: a chunk is one statement, a repeat adds nobody twice. */
export async function gatherSubjects(ctx: Ctx, breachId: string): Promise<void> {
  const row = await getBreach(ctx, breachId);
  const breach = await opened(ctx, row);
  if (!breach.within) return;
  const key = openDataKey(ctx.keys, row.key);
  for (let after: string | undefined; ; ) {
    const ids = await listWithin(ctx, breach.within, { after, limit: GATHER });
    await addSubjects(
      ctx,
      row.id,
      ids.map((id) => ({
        id: newId(ctx.now),
        subject: seal(key, id),
        mark: blindIndex(ctx.keys, 'breach', `${row.id}:${id}`),
      })),
    );
    if (ids.length < GATHER) break;
    after = ids.at(-1);
  }
  // the button may have been pressed before the list was whole
  if (breach.subjectsAt) await notifySubjects(ctx, breachId);
}

/** Queues a notice for each who has none yet, in chunks: killed in the middle, the next run tells the rest. */
export async function notifySubjects(ctx: Ctx, breachId: string): Promise<void> {
  const row = await getBreach(ctx, breachId);
  const breach = await opened(ctx, row);
  if (!breach.account || !breach.subjectsAt) return;
  const key = openDataKey(ctx.keys, row.key);
  const { exposed } = breach.account;
  const values = {
    tanggal: formatDayMonthYear(breach.foundAt, ctx.calendar.offsetMinutes),
    data: exposed,
    tautan: `/privasi/pemberitahuan/${row.id}`,
  };
  for (;;) {
    const told = await ctx.db.transaction().execute(async (db) => {
      const tx = { ...ctx, db };
      const some = await takeSubjects(tx, row.id, NOTIFY);
      for (const one of some) {
        const application = unseal(key, one.subject).toString();
        const address = await addressOf(tx, application);
        if (typeof address === 'object')
          await sendMessage(tx, {
            id: one.id,
            template: 'pemberitahuan-kebocoran',
            to: address,
            about: application,
            values,
          });
        await setOutcome(tx, one.id, typeof address === 'object' ? 'queued' : address);
      }
      return some.length;
    });
    if (told < NOTIFY) return;
  }
}

/** Where the applicant is reached, by what the case itself knows. */
async function addressOf(
  ctx: Ctx,
  application: string,
): Promise<{ phone?: string; email?: string } | 'erased' | 'no-address'> {
  const found = await loadById(ctx, application);
  if (!found?.stored.key) return 'erased';
  const field = found.service.applicant.phone;
  const phone = field && openAnswers(ctx, found.stored)[field];
  return typeof phone === 'string' && phone !== '' ? { phone } : 'no-address';
}
