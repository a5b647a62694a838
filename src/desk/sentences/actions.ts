// Sentences that an agency's officers need again and again: kept by who answers for the agency, offered beside every note.
import type { Ctx } from '#platform/context.ts';
import { recordEvent } from '#platform/event-log.ts';
import { idFrom, isId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { may, permit } from '#src/rights.ts';
import { addSentence, changeSentence, findSentence, KINDS, type Kind, type Sentence, sentencesOf } from './store.ts';

export type { Kind, Sentence } from './store.ts';

/** The sentences of the officer's agency, in the agency's order. */
export async function offeredSentences(ctx: Ctx): Promise<Sentence[]> {
  return ctx.actor.kind === 'officer' ? sentencesOf(ctx, ctx.actor.agency) : [];
}

/** The same for the page that keeps them, and whether this officer may change them. */
export async function listSentences(ctx: Ctx): Promise<{ sentences: Sentence[]; mayWrite: boolean }> {
  const agency = agencyOf(ctx);
  return {
    sentences: await sentencesOf(ctx, agency),
    mayWrite: may(ctx.actor, 'sentence.write', { own: { agency } }).allowed,
  };
}

export type Written = { kind: string; title: string; text: string };

/** Adds one, or changes it when `id` is given. Throws Problem 403, 404, invalid. */
export async function writeSentence(ctx: Ctx, given: Written, id?: string): Promise<void> {
  const agency = agencyOf(ctx);
  permit(ctx.actor, 'sentence.write', { own: { agency } });
  const kind = KINDS.find((one) => one === given.kind);
  const title = given.title.trim();
  const text = given.text.trim();
  const errors = [
    ...(kind ? [] : [{ path: 'kind', message: 'Pilih untuk apa kalimat ini.' }]),
    ...(title && title.length <= 80 ? [] : [{ path: 'title', message: 'Tulis nama pendek, paling banyak 80 huruf.' }]),
    ...(text && text.length <= 2000 ? [] : [{ path: 'text', message: 'Tulis kalimatnya, paling banyak 2.000 huruf.' }]),
    ...(/\d{16}/.test(text.replaceAll(/[\s.-]/g, ''))
      ? [{ path: 'text', message: 'Hapus nomor 16 angka: kalimat ini dibaca di banyak berkas.' }]
      : []),
  ];
  if (!kind || errors.length > 0) throw new Problem(PROBLEMS.invalid, undefined, errors);
  const known = id === undefined ? undefined : await ownSentence(ctx, id);
  await ctx.db.transaction().execute(async (db) => {
    if (known) {
      await changeSentence({ db }, known.id, { kind, title, text });
      return told({ ...ctx, db }, 'sentence.changed', known.id, agency);
    }
    const place = Math.max(0, ...(await sentencesOf({ db }, agency)).map((one) => one.place)) + 1;
    const added = idFrom('sentence', ctx.commandId);
    if (await addSentence({ db }, { id: added, agency, kind, title, text, place }))
      await told({ ...ctx, db }, 'sentence.added', added, agency);
  });
}

/** Moves one up in the list: it changes places with the one before. */
export async function raiseSentence(ctx: Ctx, id: string): Promise<void> {
  const agency = agencyOf(ctx);
  permit(ctx.actor, 'sentence.write', { own: { agency } });
  const known = await ownSentence(ctx, id);
  const list = await sentencesOf(ctx, agency);
  const before = list[list.findIndex((one) => one.id === known.id) - 1];
  if (!before) return;
  await ctx.db.transaction().execute(async (db) => {
    await changeSentence({ db }, known.id, { place: before.place });
    await changeSentence({ db }, before.id, { place: known.place });
    await told({ ...ctx, db }, 'sentence.changed', known.id, agency);
  });
}

/** Takes one out of the list, or puts it back. Notes that were written with it stay. */
export async function retireSentence(ctx: Ctx, id: string, retired: boolean): Promise<void> {
  const agency = agencyOf(ctx);
  permit(ctx.actor, 'sentence.write', { own: { agency } });
  const known = await ownSentence(ctx, id);
  if (known.retired === retired) return;
  await ctx.db.transaction().execute(async (db) => {
    await changeSentence({ db }, known.id, { retired });
    await told({ ...ctx, db }, retired ? 'sentence.retired' : 'sentence.changed', known.id, agency);
  });
}

async function ownSentence(ctx: Ctx, id: string) {
  const known = isId(id) ? await findSentence(ctx, id) : undefined;
  if (!known || known.agency !== agencyOf(ctx))
    throw new Problem(PROBLEMS.notFound, 'Kalimat ini tidak ada. Muat ulang daftarnya.');
  return known;
}

const told = (ctx: Ctx, type: string, subject: string, agency: string): Promise<void> =>
  recordEvent(ctx, { type, subject, agency, data: {} });

function agencyOf(ctx: Ctx): string {
  if (ctx.actor.kind !== 'officer') throw new Problem(PROBLEMS.forbidden);
  return ctx.actor.agency;
}

/** Those that fit beside a form of this kind. */
export const fitting = (sentences: readonly Sentence[], kind: Kind): Sentence[] =>
  sentences.filter((one) => one.kind === 'any' || one.kind === kind);
