// The officers' lists: what waits on my desk, what my agency has had, whose case is this.

import type { Actor, Ctx } from '#platform/context.ts';
import { isId, parseNumber } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { ownVillages } from '#src/areas/actions.ts';
import { getVersion } from '#src/catalogue/actions.ts';
import { desksOf, inArea, officesOf, permit } from '#src/rights.ts';
import { statusOf } from '../application.ts';
import { nikIndex, openLabel } from '../content/actions.ts';
import { fits, hashFor, wordsOf } from '../names/name.ts';
import { casesNamed } from '../names/store.ts';
import { findByNumber } from '../store.ts';
import {
  type ArchiveRow,
  archivePage,
  type Cursor,
  casesOfPerson,
  type Desk,
  type InboxRow,
  inboxCounts,
  inboxPage,
  type TaskFilter,
} from './store.ts';

export type InboxItem = Omit<InboxRow, 'label' | 'key'> & { name: string };
export type ArchiveItem = Omit<ArchiveRow, 'label' | 'key'> & { name: string };
/** A page and the cursor of the next one; undefined when there is none. */
export type Listed<T> = { items: T[]; next: string | undefined };

export const PAGE = 25;

export async function listInbox(
  ctx: Ctx,
  filter: Omit<TaskFilter, 'mine'> & { mine?: boolean; after?: string | undefined; limit?: number },
): Promise<Listed<InboxItem>> {
  permit(ctx.actor, 'inbox.read');
  const mine = filter.mine && ctx.actor.kind === 'officer' ? ctx.actor.id : undefined;
  return listTasks(ctx, officerDesks(ctx.actor), { ...filter, mine });
}

/** A page of the open tasks of desks; the caller has permitted it. */
export async function listTasks(
  ctx: Ctx,
  desks: Desk[],
  filter: TaskFilter & { after?: string | undefined; limit?: number },
): Promise<Listed<InboxItem>> {
  const limit = filter.limit ?? PAGE;
  const rows = await inboxPage(ctx, desks, { ...filter, after: parseCursor(filter.after), limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  // a case that lies on two of the officer's desks is one line
  const seen = new Set<string>();
  const items = shown.filter((row) => !seen.has(row.id) && seen.add(row.id)).map((row) => named(ctx, row));
  return { items, next: rows.length > limit && last ? writeCursor(last.taskDue, last.task) : undefined };
}

/** Counted no further than 1,000: "1000+" is told as such. */
export async function countInbox(ctx: Ctx): Promise<{ open: number; late: number }> {
  permit(ctx.actor, 'inbox.read');
  return inboxCounts(ctx, officerDesks(ctx.actor), 1000);
}

export async function listArchive(
  ctx: Ctx,
  filter: { status?: string | undefined; service?: string | undefined; before?: string | undefined; limit?: number },
): Promise<Listed<ArchiveItem>> {
  permit(ctx.actor, 'inbox.read');
  const offices = officesOf(ctx.actor);
  const limit = filter.limit ?? PAGE;
  const all = offices.some(({ area }) => area === '');
  const villages = all
    ? undefined
    : [...(await ownVillages(ctx)).keys()].filter((code) => offices.some(({ area }) => inArea(area, code)));
  const rows = await archivePage(ctx, agencyOf(ctx.actor), {
    villages,
    status: filter.status,
    service: filter.service,
    before: parseCursor(filter.before),
    limit: limit + 1,
  });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => named(ctx, row)),
    next: rows.length > limit && last ? writeCursor(last.submittedAt, last.id) : undefined,
  };
}

/**
 * Finds cases by number, by NIK or by the words of a name, within what the officer may read. A number of another agency's
 * case is found but not opened. Names come page by page, newest first.
 */
export async function searchCases(ctx: Ctx, typed: string, before?: string): Promise<Listed<ArchiveItem>> {
  permit(ctx.actor, 'application.search');
  const text = typed.trim();
  const digits = text.replaceAll(/\D/g, '');
  const agency = agencyOf(ctx.actor);
  const offices = officesOf(ctx.actor);
  const within = (of: string, village: string) => of === agency && offices.some(({ area }) => inArea(area, village));
  if (digits.length === 16) {
    const rows = await casesOfPerson(ctx, nikIndex(ctx, digits), 50);
    const items = rows.filter((row) => within(row.agency, row.village)).map(({ agency: _, ...row }) => named(ctx, row));
    return { items, next: undefined };
  }
  const number = parseNumber(text);
  const stored = number && (await findByNumber(ctx, number));
  if (!stored) return number || wordsOf(text).length === 0 ? NOTHING : searchNames(ctx, agency, offices, text, before);
  const { application, key, label, simulated } = stored;
  const { service } = await getVersion(ctx, application.service, application.version);
  const item = {
    id: application.id,
    number: stored.number,
    service: application.service,
    state: application.state,
    status: statusOf(service, application),
    village: application.village,
    channel: application.channel,
    submittedAt: new Date(application.submittedAt),
    dueAt: new Date(application.dueAt),
    endedAt: application.endedAt ? new Date(application.endedAt) : null,
    simulated,
    name: within(application.agency, application.village) ? openLabel(ctx, { label, key }) : '',
  };
  return { items: [item], next: undefined };
}

const NOTHING: Listed<ArchiveItem> = { items: [], next: undefined };

async function searchNames(
  ctx: Ctx,
  agency: string,
  offices: { area: string }[],
  typed: string,
  before: string | undefined,
): Promise<Listed<ArchiveItem>> {
  if (offices.length === 0) return NOTHING;
  const words = wordsOf(typed);
  const page = async (begins: boolean, after: string | undefined): Promise<Listed<ArchiveItem>> => {
    const rows = await casesNamed(ctx, agency, {
      hashes: words.map((word) => hashFor(ctx.keys, agency, word, begins)),
      areas: offices.map(({ area }) => area),
      before: parseCursor(after),
      limit: PAGE + 1,
    });
    const shown = rows.slice(0, PAGE);
    const last = shown.at(-1);
    const next = rows.length > PAGE && last ? writeCursor(last.submittedAt, last.id) : undefined;
    return {
      // a beginning of three letters finds more than was typed: what does not fit is left out
      items: shown.map((row) => named(ctx, row)).filter(({ name }) => fits(words, name)),
      next: next && `${begins ? BEGINS : ''}${next}`,
    };
  };
  if (before?.startsWith(BEGINS)) return page(true, before.slice(BEGINS.length));
  const whole = await page(false, before);
  return whole.items.length > 0 || before ? whole : page(true, undefined);
}

/** Stands before the cursor of a search by beginnings of words. */
const BEGINS = 'awal-';

/** The desks of an officer, own and stood for. */
export function officerDesks(actor: Actor): Desk[] {
  if (actor.kind !== 'officer') throw new Problem(PROBLEMS.forbidden);
  return desksOf(actor);
}

const agencyOf = (actor: Actor): string => officerDesks(actor)[0]?.agency ?? '';

function named<T extends { label: Buffer; key: Buffer | null }>(
  ctx: Ctx,
  row: T,
): Omit<T, 'label' | 'key'> & { name: string } {
  const { label, key, ...rest } = row;
  return { ...rest, name: openLabel(ctx, { label, key }) };
}

/** The place of a row in a list: what follows it is the next page. */
export const writeCursor = (at: Date, id: string): string => `${at.getTime()}.${id}`;

export function parseCursor(text: string | undefined): Cursor | undefined {
  if (!text) return undefined;
  const [at = '', id = ''] = text.split('.');
  if (!/^\d{1,14}$/.test(at) || !isId(id))
    throw new Problem(PROBLEMS.malformed, 'Penanda halaman ini tidak terbaca. Mulai lagi dari halaman pertama.');
  return { at: new Date(Number(at)), id };
}
