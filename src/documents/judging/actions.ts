// Somebody brings a file: is it ours, unaltered, and who signed it? Nothing of it is kept, run or opened.
import type { Ctx } from '#platform/context.ts';
import { findByBytes, findDocument } from '../actions.ts';
import { MAX_PDF } from '../pdf-signature.ts';
import { providerOf } from '../signing/actions.ts';
import { codeIn, type Judgement, judge } from './judgement.ts';

/** Judges at most 10 MB; larger files are unreadable. */
export async function judgePdf(ctx: Ctx, pdf: Buffer): Promise<Judgement> {
  const small = pdf.length <= MAX_PDF;
  const match = small ? await findByBytes(ctx, pdf) : undefined;
  const code = small && !match ? codeIn(pdf) : undefined;
  const named = code === undefined ? undefined : await findDocument(ctx, code);
  return judge(pdf, { match, named }, providerOf(ctx)?.roots ?? [], ctx.now);
}
