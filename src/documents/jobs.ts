// After a completed application: each product that we make ourselves becomes a document, sealed at once where the
// installation has a seal. Repeats find it made.
import type { Ctx } from '#platform/context.ts';
import { assignRegisterNumbers } from '#src/applications/actions.ts';
import { issueDocument } from './actions.ts';
import { composeIssues } from './composing/actions.ts';
import { closeSilentSignings, sealDocument } from './signing/actions.ts';

/** `payload.subject` is the application's id. Throws when a product cannot be made, so that the queue tries again. */
export async function issueProducts(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  // a paper bears its register number; the batch may not have come by yet
  await assignRegisterNumbers(ctx);
  for (const issue of await composeIssues(ctx, String(payload.subject)))
    await sealDocument(ctx, await issueDocument(ctx, issue));
}

/** Signings that were cut off by the end of the program. */
export const closeSilent = (ctx: Ctx): Promise<void> => closeSilentSignings(ctx);
