// Giving and taking back a consent; whoever relies on one asks `mayUse` at the moment of use, so that a withdrawal works at once.
import type { Ctx } from '#platform/context.ts';
import { recordEvent } from '#platform/event-log.ts';
import { newId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { CONSENTS, type ConsentRow, isPurpose, PURPOSES, type Purpose, standing } from './consent.ts';
import { addReceipt, receiptsOf } from './store.ts';

/** What the account has agreed to, and every receipt, newest first. */
export async function consentsOf(ctx: Ctx, account: string) {
  const receipts: ConsentRow[] = await receiptsOf(ctx, account);
  return { standing: standing(receipts), receipts };
}

/** Whether the account agrees now. Ask at the moment of use, never remember the answer. */
export const mayUse = async (ctx: Ctx, account: string, purpose: Purpose): Promise<boolean> =>
  standing(await receiptsOf(ctx, account)).get(purpose)?.given ?? false;

/** Writes a yes or a no of the signed-in resident; the same again adds nothing. Throws Problem forbidden, invalid. */
export async function decideConsent(ctx: Ctx, purpose: string, given: boolean): Promise<void> {
  const { actor } = ctx;
  if (actor.kind !== 'resident' || !actor.account)
    throw new Problem(PROBLEMS.signIn, 'Masuk dulu untuk mengatur persetujuan Anda.');
  if (!isPurpose(purpose)) throw new Problem(PROBLEMS.invalid, 'Persetujuan ini tidak dikenal. Muat ulang halamannya.');
  await write(ctx, actor.account, purpose, given);
}

/** The effect of a granted request to withdraw: nothing rests on this person's consent any more. */
export async function withdrawAll(ctx: Ctx, account: string): Promise<void> {
  for (const purpose of PURPOSES) await write(ctx, account, purpose, false);
}

async function write(ctx: Ctx, account: string, purpose: Purpose, given: boolean): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    const now = standing(await receiptsOf(tx, account)).get(purpose)?.given ?? false;
    if (now === given) return;
    const id = newId(ctx.now);
    const { version } = CONSENTS[purpose];
    await addReceipt(tx, { id, account, purpose, version, given });
    await recordEvent(tx, {
      type: given ? 'consent.given' : 'consent.withdrawn',
      subject: id,
      data: { purpose, version },
    });
  });
}
