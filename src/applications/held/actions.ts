// What an officer has taken and not finished, told to who would close the account.
import type { Ctx } from '#platform/context.ts';
import type { InHand } from '#platform/modules.ts';
import { takenBy } from './store.ts';

const MOST = 100;
const SHOWN = 10;

/** The caller permits; numbers only, no applicant. */
export async function casesInHand(ctx: Ctx, officer: string): Promise<InHand> {
  const numbers = await takenBy(ctx, officer, MOST);
  return {
    count: numbers.length,
    items: numbers.slice(0, SHOWN).map((number) => ({ text: number, href: `/kerja/${number}` })),
  };
}
