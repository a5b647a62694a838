// What opens a case without an account: its own code, which its owner may replace, and the codes of its agents; and mandates.
import type { Ctx } from '#platform/context.ts';
import type { Pass } from '#platform/http.ts';
import type { Answers } from '#src/catalogue/condition.ts';
import type { Service } from '#src/catalogue/service.ts';
import { codeOf, giveMandate, openersOf } from '#src/identity/mandates/actions.ts';
import { DEFAULT_DAYS, endOf, type Relation } from '#src/identity/mandates/mandate.ts';
import { sendMessage } from '#src/messages/actions.ts';
import { formatDayMonthYear } from '#ui/format.ts';
import { nikIndex } from '../content/actions.ts';
import { isTrackCode, trackCode } from '../track.ts';

/** The code on the owner's receipt as it is now. */
export const ownCode = async (ctx: Ctx, application: string): Promise<string> =>
  trackCode(ctx.keys, await codeOf(ctx, application));

/** What a typed code opens at this moment; undefined for a wrong, replaced or ended one. `mandate`: it is an agent's. */
export async function passFor(
  ctx: Ctx,
  application: string,
  typed: string,
): Promise<(Required<Pass> & { mandate?: string }) | undefined> {
  const [own, ...agents] = await openersOf(ctx, application);
  if (own && isTrackCode(ctx.keys, own, typed)) return { application, via: own };
  const mandate = agents.find((one) => isTrackCode(ctx.keys, one, typed));
  return mandate ? { application, via: mandate, mandate } : undefined;
}

export type Declared = {
  relation: Relation;
  principal?: string | undefined;
  agentName?: string | undefined;
  days?: number | undefined;
};

/**
 * Records that this application was sent for another, by the actor as agent, and tells the applicant's phone. The command id
 * of `ctx` gives it once. Returns the mandate's id and its end.
 */
export async function declareMandate(
  ctx: Ctx,
  sent: { id: string; number: string; service: Service; answers: Answers },
  declared: Declared,
): Promise<{ id: string; ends: Date }> {
  const { applicant, name } = sent.service;
  const answer = (field: string | undefined): string | undefined => {
    const value = field && sent.answers[field];
    return typeof value === 'string' ? value : undefined;
  };
  const offset = ctx.calendar.offsetMinutes;
  const ends = endOf(ctx.now, declared.days ?? DEFAULT_DAYS, offset);
  if (!ends) throw new Error('the days of a mandate are checked before');
  const nik = answer(applicant.nik);
  return ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    const id = await giveMandate(tx, {
      application: sent.id,
      nikHash: nik ? nikIndex(ctx, nik) : null,
      origin: 'declared',
      relation: declared.relation,
      principal: declared.principal ?? answer(applicant.name) ?? '',
      ...(declared.agentName && { agentName: declared.agentName }),
      ends,
    });
    await sendMessage(tx, {
      id,
      template: 'kuasa-diberikan',
      to: { phone: answer(applicant.phone) },
      about: sent.id,
      values: {
        nomor: sent.number,
        layanan: name.slice(0, 60),
        sampai: formatDayMonthYear(lastDayOf(ends), offset),
        tautan: `/lacak/${sent.number}/kuasa`,
      },
    });
    return { id, ends };
  });
}

/** A mandate ends with the midnight after its last day. */
export const lastDayOf = (ends: Date): Date => new Date(ends.getTime() - 1);
