// Proving and changing passwords of officers, and the count of wrong tries that all processes share.
import type { Ctx } from '#platform/context.ts';
import { sha256 } from '#platform/crypto.ts';
import { recordEvent } from '#platform/event-log.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { hashPassword, isPassword } from '../password.ts';
import { passwordFault } from '../password-rule.ts';
import { giveBack, isPaused, takeTry } from '../pause.ts';
import { OFFICER_PROBLEMS } from '../problems.ts';
import { forgetOfficer, self } from '../sessions/actions.ts';
import {
  findOfficer,
  findTries,
  forgetTries,
  lockTries,
  type Officer,
  removeSessions,
  setPassword,
  setTries,
} from '../store.ts';

/**
 * Counts a try for all processes before `check` looks at it. A paused account is looked at for the same work, and refused.
 * The event of a pause is written once, when the try that brought it was wrong.
 */
export async function tried(
  ctx: Ctx,
  officer: Officer,
  check: () => Promise<boolean>,
  options: { giveBack?: boolean } = {},
): Promise<boolean> {
  const taken = await ctx.db.transaction().execute(async (db) => {
    const one = takeTry(await lockTries({ ...ctx, db }, officer.id), ctx.now);
    if (one.allowed) await setTries({ db }, officer.id, one.tries);
    return one;
  });
  const right = await check();
  if (right && taken.allowed) {
    if (options.giveBack)
      await ctx.db
        .transaction()
        .execute(async (db) => setTries({ db }, officer.id, giveBack(await lockTries({ ...ctx, db }, officer.id))));
    return true;
  }
  if (taken.allowed && taken.paused)
    await recordEvent(ctx, {
      type: 'officer.locked',
      subject: officer.id,
      agency: officer.agency,
      data: { until: taken.tries.until?.toISOString() },
    });
  return false;
}

/** Throws wrongPassword unless it is my password; counted like a sign-in, so that a borrowed session cannot guess it. */
export async function provePassword(ctx: Ctx, password: string): Promise<Officer> {
  const officer = await findOfficer(ctx, self(ctx).id);
  if (!officer) throw new Problem(PROBLEMS.signIn);
  if (await tried(ctx, officer, () => isPassword(password, officer.password), { giveBack: true })) return officer;
  throw new Problem(OFFICER_PROBLEMS.wrongPassword, undefined, [
    { path: 'sekarang', message: OFFICER_PROBLEMS.wrongPassword.title },
  ]);
}

/** Changes my password and ends my other sessions. `token` is of the session that stays. */
export async function changePassword(
  ctx: Ctx,
  token: string | undefined,
  given: { current: string; next: string; again: string },
): Promise<void> {
  const officer = await provePassword(ctx, given.current);
  checkNewPassword(given.next, given.again, officer);
  await replacePassword(ctx, officer, given.next, token);
}

/** Throws weakPassword, with the field, unless the new password will do. */
export function checkNewPassword(next: string, again: string, of: { login: string; name: string }): void {
  const fault = passwordFault(next, of);
  const errors = fault
    ? [{ path: 'baru', message: fault }]
    : next === again
      ? []
      : [{ path: 'ulang', message: 'Ulangan kata sandi tidak sama. Tulis sekali lagi.' }];
  if (errors.length > 0) throw new Problem(OFFICER_PROBLEMS.weakPassword, errors[0]?.message, errors);
}

/** Sets a password that was checked, ends all browsers but the one of `token`; the caller permits. */
export async function replacePassword(
  ctx: Ctx,
  officer: Pick<Officer, 'id' | 'agency'>,
  next: string,
  token?: string,
): Promise<void> {
  const password = await hashPassword(next);
  await ctx.db.transaction().execute(async (db) => {
    await setPassword({ db }, officer.id, password);
    await removeSessions({ db }, officer.id, { keep: token === undefined ? undefined : sha256(token) });
    await recordEvent(
      { ...ctx, db },
      { type: 'officer.password-changed', subject: officer.id, agency: officer.agency, data: {} },
    );
  });
  forgetOfficer(ctx, officer.id);
}

/** Lifts a pause after wrong tries; the caller permits. Without one it only forgets the wrong tries. */
export async function liftPauseOf(ctx: Ctx, { id, agency }: Pick<Officer, 'id' | 'agency'>): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    const lifted = isPaused(await findTries(tx, id), ctx.now);
    await forgetTries(tx, id);
    if (lifted) await recordEvent(tx, { type: 'officer.unlocked', subject: id, agency, data: {} });
  });
}
