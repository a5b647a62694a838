// The table of what was issued.
import type { Selectable } from 'kysely';
import type { Ctx } from '#platform/context.ts';
import type { DocumentsDocuments } from '#platform/db/types.ts';

type Row = Selectable<DocumentsDocuments>;

/** What was issued, as anyone with its code may see it: `holder` are initials, `sha256` is of the PDF. */
export type IssuedDocument = {
  id: string;
  code: string;
  application: string;
  number: string;
  service: string;
  product: string;
  agency: string;
  holder: string;
  issuedAt: Date;
  file: string | null;
  sha256: Buffer | null;
  revokedAt: Date | null;
  revokedReason: string | null;
};

const issued = ({ issued_at, revoked_at, revoked_reason, ...row }: Row): IssuedDocument => ({
  ...row,
  issuedAt: issued_at,
  revokedAt: revoked_at,
  revokedReason: revoked_reason,
});

type Where = { code: string } | { application: string; product?: string };

async function select(ctx: Pick<Ctx, 'db'>, where: Where): Promise<IssuedDocument[]> {
  let query = ctx.db.selectFrom('documents.documents').selectAll().orderBy('issued_at').orderBy('id');
  if ('code' in where) query = query.where('code', '=', where.code);
  else query = query.where('application', '=', where.application);
  if ('product' in where && where.product !== undefined) query = query.where('product', '=', where.product);
  return (await query.execute()).map(issued);
}

export const documentByCode = async (ctx: Pick<Ctx, 'db'>, code: string) => (await select(ctx, { code }))[0];
export const documentOf = async (ctx: Pick<Ctx, 'db'>, application: string, product: string) =>
  (await select(ctx, { application, product }))[0];
export const documentsByApplication = (ctx: Pick<Ctx, 'db'>, application: string) => select(ctx, { application });

/** Takes the product's place before it is drawn; false when another has it (a second caller waits for the first). */
export async function reserveDocument(
  ctx: Ctx,
  document: Omit<IssuedDocument, 'file' | 'sha256' | 'revokedAt' | 'revokedReason' | 'issuedAt'>,
): Promise<boolean> {
  const row = await ctx.db
    .insertInto('documents.documents')
    .values({ ...document, issued_at: ctx.now })
    .onConflict((conflict) => conflict.columns(['application', 'product']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function attachFile(ctx: Ctx, id: string, file: { id: string; sha256: Buffer }): Promise<void> {
  await ctx.db
    .updateTable('documents.documents')
    .set({ file: file.id, sha256: file.sha256 })
    .where('id', '=', id)
    .execute();
}

/** False when it was revoked before. */
export async function markRevoked(ctx: Ctx, id: string, reason: string): Promise<boolean> {
  const row = await ctx.db
    .updateTable('documents.documents')
    .set({ revoked_at: ctx.now, revoked_reason: reason })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
