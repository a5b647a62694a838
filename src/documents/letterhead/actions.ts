// The letterhead of the own agency: read, and changed by adding a version.
import type { Ctx } from '#platform/context.ts';
import { recordEvent } from '#platform/event-log.ts';
import { newId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { ownVillages } from '#src/areas/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { permit } from '#src/rights.ts';
import { DOCUMENT_PROBLEMS } from '../problems.ts';
import { type Letterhead, readLetterhead, sameLetterhead } from './letterhead.ts';
import { addVersion, type StoredLetterhead, versionsOf } from './store.ts';

/** The version in force; undefined until the agency has made one. */
export const letterheadOf = async (ctx: Pick<Ctx, 'db'>, agency: string): Promise<StoredLetterhead | undefined> =>
  (await versionsOf(ctx, agency, 1))[0];

/** Letterhead of the officer's own agency: in force, as the catalogue has it otherwise, and the last versions. */
export async function openLetterhead(
  ctx: Ctx,
): Promise<{ agency: string; current: Letterhead; version: number; versions: StoredLetterhead[] }> {
  const { actor } = ctx;
  permit(ctx.actor, 'document.letterhead', {});
  if (actor.kind !== 'officer') throw new Problem(PROBLEMS.signIn);
  const versions = await versionsOf(ctx, actor.agency, 20);
  const known = (await getCatalogue(ctx)).agencies.get(actor.agency);
  const [newest] = versions;
  const [place] = (await ownVillages(ctx)).values();
  return {
    agency: actor.agency,
    current: newest ?? {
      regency: place ? `Pemerintah ${place.regency}` : 'Pemerintah Kabupaten',
      name: known?.name ?? actor.agency,
      address: known?.address ?? '',
      phone: '',
      mark: 'pendopo',
    },
    version: newest?.version ?? 0,
    versions,
  };
}

/**
 * Adds a version. `seen` is the version that the officer had before her eyes. The same letterhead again changes nothing.
 * Throws Problem forbidden, invalid or letterhead-moved.
 */
export async function changeLetterhead(ctx: Ctx, typed: Record<string, string>, seen: number): Promise<number> {
  const { agency, version, versions } = await openLetterhead(ctx);
  const { letterhead, errors } = readLetterhead(typed);
  if (errors.length > 0) throw new Problem(PROBLEMS.invalid, undefined, errors);
  const [newest] = versions;
  if (newest && sameLetterhead(newest, letterhead)) return newest.version;
  if (seen !== version) throw new Problem(DOCUMENT_PROBLEMS.letterheadMoved);
  const { actor } = ctx;
  if (actor.kind !== 'officer') throw new Problem(PROBLEMS.signIn);
  await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    const id = newId(ctx.now);
    if (!(await addVersion(tx, { ...letterhead, id, agency, version: version + 1, madeBy: actor.id })))
      throw new Problem(DOCUMENT_PROBLEMS.letterheadMoved);
    await recordEvent(tx, { type: 'letterhead.changed', subject: id, agency, data: { agency, version: version + 1 } });
  });
  return version + 1;
}
