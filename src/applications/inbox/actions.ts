// The officers' lists: what waits on my desk, what my agency has had, whose case is this.

import type { Actor, Ctx } from '#platform/context.ts';
import { isId, parseNumber } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { ownVillages } from '#src/areas/actions.ts';
import { getVersion } from '#src/catalogue/actions.ts';
import { inArea, permit } from '#src/rights.ts';
import { statusOf } from '../application.ts';
import { nikIndex, openLabel } from '../content/actions.ts';
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
} from './store.ts';

export type InboxItem = Omit<InboxRow, 'label' | 'key'> & { name: string };
export type ArchiveItem = Omit<ArchiveRow, 'label' | 'key'> & { name: string };
/** A page and the cursor of the next one; undefined when there is none. */
export type Listed<T> = { items: T[]; next: string | undefined };

export const PAGE = 25;

export async function listInbox(
  ctx: Ctx,
  filter: { service?: string | undefined; late?: boolean; mine?: boolean; after?: string | undefined; limit?: number },
): Promise<Listed<InboxItem>> {
  permit(ctx.actor, 'inbox.read');
  const limit = filter.limit ?? PAGE;
  const mine = filter.mine && ctx.actor.kind === 'officer' ? ctx.actor.id : undefined;
  const rows = await inboxPage(ctx, deskOf(ctx.actor), {
    ...filter,
    mine,
    after: parseCursor(filter.after),
    limit: limit + 1,
  });
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
  return inboxCounts(ctx, deskOf(ctx.actor), 1000);
}

export async function listArchive(
  ctx: Ctx,
  filter: { status?: string | undefined; service?: string | undefined; before?: string | undefined; limit?: number },
): Promise<Listed<ArchiveItem>> {
  permit(ctx.actor, 'inbox.read');
  const { agency, area } = deskOf(ctx.actor);
  const limit = filter.limit ?? PAGE;
  const villages = area ? [...(await ownVillages(ctx)).keys()].filter((code) => inArea(area, code)) : undefined;
  const rows = await archivePage(ctx, agency, {
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

/** Finds cases by number or by NIK, within what the officer may read. A number of another agency's case is found but not opened. */
export async function searchCases(ctx: Ctx, typed: string): Promise<ArchiveItem[]> {
  permit(ctx.actor, 'application.search');
  const text = typed.trim();
  const digits = text.replaceAll(/\D/g, '');
  const { agency, area } = deskOf(ctx.actor);
  if (digits.length === 16) {
    const rows = await casesOfPerson(ctx, nikIndex(ctx, digits), 50);
    return rows
      .filter((row) => row.agency === agency && inArea(area, row.village))
      .map(({ agency: _, ...row }) => named(ctx, row));
  }
  const number = parseNumber(text);
  const stored = number && (await findByNumber(ctx, number));
  if (!stored) return [];
  const { application, key, label, simulated } = stored;
  const { service } = await getVersion(ctx, application.service, application.version);
  return [
    {
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
      name: application.agency === agency && inArea(area, application.village) ? openLabel(ctx, { label, key }) : '',
    },
  ];
}

export function deskOf(actor: Actor): Desk {
  if (actor.kind !== 'officer') throw new Problem(PROBLEMS.forbidden);
  return { agency: actor.agency, roles: actor.roles, area: actor.area };
}

function named<T extends { label: Buffer; key: Buffer | null }>(
  ctx: Ctx,
  row: T,
): Omit<T, 'label' | 'key'> & { name: string } {
  const { label, key, ...rest } = row;
  return { ...rest, name: openLabel(ctx, { label, key }) };
}

/** The place of a row in a list: what follows it is the next page. */
export const writeCursor = (at: Date, id: string): string => `${at.getTime()}.${id}`;

function parseCursor(text: string | undefined): Cursor | undefined {
  if (!text) return undefined;
  const [at = '', id = ''] = text.split('.');
  if (!/^\d{1,14}$/.test(at) || !isId(id))
    throw new Problem(PROBLEMS.malformed, 'Penanda halaman ini tidak terbaca. Mulai lagi dari halaman pertama.');
  return { at: new Date(Number(at)), id };
}
