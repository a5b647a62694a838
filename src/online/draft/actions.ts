// Drafts: begun, opened with their code, changed one page at a time, sent once. Content lies sealed under a key of its own.

import { localDate } from '#platform/calendar.ts';
import type { Ctx } from '#platform/context.ts';
import { blindIndex, newDataKey, openDataKey, sealJson, unsealJson } from '#platform/crypto.ts';
import { destroyFile } from '#platform/files.ts';
import { newId, normaliseCode, randomCode } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { type Receipt, submitApplication } from '#src/applications/actions.ts';
import { evidenceFiles } from '#src/applications/content/actions.ts';
import { declareMandate } from '#src/applications/pass/actions.ts';
import { isVillage } from '#src/areas/actions.ts';
import { getOffered } from '#src/catalogue/actions.ts';
import type { Answers } from '#src/catalogue/condition.ts';
import type { Service, ServiceVersion } from '#src/catalogue/service.ts';
import { keepHolding } from '#src/identity/residents/holdings/actions.ts';
import { kinds } from '../problems.ts';
import { addDraft, changeDraft, type DraftRow, draftByCode, expiredDrafts, filesOf, removeDraft } from '../store.ts';
import { type Content, DRAFT_DAYS, EMPTY, gapsOf, givenDocuments, known } from './draft.ts';

export type Draft = {
  id: string;
  code: string;
  service: Service;
  content: Content;
  application: string | null;
  renewed: boolean;
  expires: Date;
};

const CODE_LENGTH = 8;
const DAY = 86_400_000;

/** Begins a draft. The code is shown to the person and kept here only as a keyed hash. */
export async function startDraft(ctx: Ctx, offered: ServiceVersion, answers: Answers): Promise<string> {
  const code = randomCode(CODE_LENGTH);
  const key = newDataKey(ctx.keys);
  await addDraft(ctx, {
    id: newId(ctx.now),
    code: hashOf(ctx, code),
    service: offered.service.id,
    version: offered.version,
    content: sealJson(key.plain, { ...EMPTY, answers }),
    key: key.wrapped,
    expires: expiry(ctx),
  });
  return code;
}

/** The draft behind a code, with the service as it is offered now; undefined when there is none (any more). */
export async function findDraft(ctx: Ctx, typed: string): Promise<Draft | undefined> {
  const code = normaliseCode(typed.slice(0, 100));
  if (code.length !== CODE_LENGTH) return undefined;
  const row = await draftByCode(ctx, hashOf(ctx, code));
  if (!row) return undefined;
  const { service, version } = await getOffered(ctx, row.service);
  const content = open(ctx, row);
  return {
    id: row.id,
    code,
    service,
    content,
    application: row.application,
    renewed: version !== row.version,
    expires: row.expires,
  };
}

/** Changes the content under a lock; what another window saved in between stays. Returns the content as it is now. */
export async function saveDraft(
  ctx: Ctx,
  draft: Pick<Draft, 'id'>,
  change: (content: Content) => Content,
): Promise<Content> {
  const saved = await changeDraft(ctx, draft.id, (row) => {
    const content = open(ctx, row);
    // once sent, answers stand still until we know how it ended
    if (row.application || content.sent) return { answer: content };
    const next = change(content);
    return { write: { content: seal(ctx, row, next), expires: expiry(ctx) }, answer: next };
  });
  if (!saved) throw new Problem(kinds.draftGone);
  return saved;
}

/** Takes one file out of the draft and destroys it. */
export async function dropFile(ctx: Ctx, draft: Draft, requirement: string, file: string): Promise<void> {
  let mine = false;
  await saveDraft(ctx, draft, (content) => {
    const choice = content.documents[requirement];
    mine = choice?.files.some((one) => one.id === file) ?? false;
    if (!choice || !mine) return content;
    return {
      ...content,
      documents: {
        ...content.documents,
        [requirement]: { ...choice, files: choice.files.filter((one) => one.id !== file) },
      },
    };
  });
  if (mine) await destroyFile(ctx, file);
}

/** `mandate`: it was sent for another, by this mandate. */
export type Sent = { id: string; number: string; mandate?: string };

/**
 * Sends the draft: once, however often it is pressed, since the draft's id is the command. Throws Problem invalid when
 * something is missing; the draft then stays open.
 */
export async function sendDraft(ctx: Ctx, draft: Draft): Promise<Sent> {
  const before = await changeDraft(ctx, draft.id, (row) => {
    const content = open(ctx, row);
    const { application } = row;
    if (application || content.sent) return { answer: { content, application } };
    const sent = { ...content, sent: true };
    return { write: { content: seal(ctx, row, sent) }, answer: { content: sent, application } };
  });
  if (!before) throw new Problem(kinds.draftGone);
  const { content, application } = before;
  const known = { ...(content.mandate && { mandate: content.mandate }) };
  if (application && content.number) return { id: application, number: content.number, ...known };
  const receipt = await submit(ctx, draft, content);
  const sent = { ...(await keep(ctx, draft, content, receipt)) };
  await changeDraft(ctx, draft.id, (row) => ({
    write: {
      content: seal(ctx, row, { ...EMPTY, sent: true, number: receipt.number, ...sent }),
      application: receipt.id,
    },
    answer: true,
  }));
  return { id: receipt.id, number: receipt.number, ...sent };
}

/** Gives the mandate and puts the case into the account, if any. Done again after a crash it changes nothing. */
async function keep(ctx: Ctx, draft: Draft, content: Content, { id, number }: Receipt): Promise<{ mandate?: string }> {
  const { behalf, answers } = content;
  if (content.for !== 'other' || !behalf) {
    await keepHolding(ctx, { application: id, how: 'submitted' });
    return {};
  }
  const mandate = await declareMandate(
    { ...ctx, commandId: draft.id },
    { id, number, service: draft.service, answers },
    behalf,
  );
  await keepHolding(ctx, { application: id, how: 'mandate', via: mandate.id });
  return { mandate: mandate.id };
}

async function submit(ctx: Ctx, draft: Draft, content: Content): Promise<Receipt> {
  const { service } = draft;
  const today = localDate(ctx.calendar, ctx.now);
  try {
    const gaps = gapsOf(service, content, today, await villageCheck(ctx, service, content.answers));
    if (gaps.length > 0)
      throw new Problem(
        PROBLEMS.invalid,
        undefined,
        gaps.map(({ page, message }) => ({ path: page.path, message })),
      );
    return await submitApplication(
      { ...ctx, commandId: draft.id },
      {
        service: service.id,
        answers: known(service, content.answers),
        documents: givenDocuments(service, content, today),
        owners: [draft.id],
        channel: 'online',
      },
    );
  } catch (error) {
    // refused: nothing was written, so the person may mend it. Anything else: we do not know, and it stays as sent.
    if (error instanceof Problem && error.kind.status === 422) await reopen(ctx, draft);
    throw error;
  }
}

const reopen = (ctx: Ctx, draft: Draft) =>
  changeDraft(ctx, draft.id, (row) => {
    if (row.application) return { answer: false };
    const { sent: _, ...content } = open(ctx, row);
    return { write: { content: seal(ctx, row, content) }, answer: true };
  });

/** Says of the places in these answers whether they exist; the question is asked of the database beforehand. */
export async function villageCheck(ctx: Ctx, service: Service, answers: Answers): Promise<(code: string) => boolean> {
  const codes = new Set<string>();
  const look = (fields: Service['form'][number]['properties'], given: Answers) => {
    for (const [id, field] of Object.entries(fields))
      if (field.format === 'village' && typeof given[id] === 'string') codes.add(given[id]);
  };
  for (const step of service.form) {
    const items = step.repeat ? answers[step.id] : [answers];
    if (Array.isArray(items)) for (const item of items) look(step.properties, item as Answers);
  }
  const found = new Set<string>();
  for (const code of codes) if (await isVillage(ctx, code)) found.add(code);
  return (code) => found.has(code);
}

/** Deletes drafts past their time with their files; of those that became applications only what the case does not use. */
export async function deleteExpired(ctx: Ctx): Promise<void> {
  for (const row of await expiredDrafts(ctx, 500)) {
    const used = row.application ? await evidenceFiles(ctx, row.application) : new Set<string>();
    for (const file of await filesOf(ctx, row.id)) if (!used.has(file)) await destroyFile(ctx, file);
    await removeDraft(ctx, row.id);
  }
}

const hashOf = (ctx: Pick<Ctx, 'keys'>, code: string): Buffer => blindIndex(ctx.keys, 'draft', code);
const expiry = (ctx: Pick<Ctx, 'now'>): Date => new Date(ctx.now.getTime() + DRAFT_DAYS * DAY);
const open = (ctx: Pick<Ctx, 'keys'>, row: DraftRow): Content =>
  unsealJson(openDataKey(ctx.keys, row.key), row.content);
const seal = (ctx: Pick<Ctx, 'keys'>, row: DraftRow, content: Content): Buffer =>
  sealJson(openDataKey(ctx.keys, row.key), content);
