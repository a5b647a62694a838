// The table of what was issued, and the keys that sign the codes on it.
import type { Selectable } from 'kysely';
import type { Ctx } from '#platform/context.ts';
import type { DocumentsDocuments } from '#platform/db/types.ts';

type Row = Selectable<DocumentsDocuments>;

/** none: not asked for. signing-unknown: a request went out and nobody knows what became of it. */
export type SignatureState = 'none' | 'awaiting-signature' | 'signing-unknown' | 'signed';

/** What was issued, as anyone with its code may see it: `holder` are initials, `sha256` is of the PDF as it is handed out. */
export type IssuedDocument = {
  id: string;
  code: string;
  application: string;
  number: string;
  service: string;
  product: string;
  agency: string;
  village: string;
  holder: string;
  issuedAt: Date;
  file: string | null;
  sha256: Buffer | null;
  revokedAt: Date | null;
  revokedReason: string | null;
  signature: SignatureState;
  simulated: boolean;
  /** The paper in whose stead this one was made. */
  replaces: string | null;
  /** SHA-256 of the paper before it was signed. */
  drawn: Buffer | null;
  kid: string | null;
};

const issued = ({
  issued_at,
  revoked_at,
  revoked_reason,
  letterhead: _,
  content: __,
  ...row
}: Row): IssuedDocument => ({
  ...row,
  signature: row.signature as SignatureState,
  issuedAt: issued_at,
  revokedAt: revoked_at,
  revokedReason: revoked_reason,
});

type Where = { code: string } | { id: string } | { replaces: string } | { application: string; product?: string };

async function select(ctx: Pick<Ctx, 'db'>, where: Where): Promise<IssuedDocument[]> {
  let query = ctx.db.selectFrom('documents.documents').selectAll().orderBy('issued_at').orderBy('id');
  for (const [column, value] of Object.entries(where)) query = query.where(column as 'code', '=', value as string);
  return (await query.execute()).map(issued);
}

export const documentByCode = async (ctx: Pick<Ctx, 'db'>, code: string) => (await select(ctx, { code }))[0];
export const documentById = async (ctx: Pick<Ctx, 'db'>, id: string) => (await select(ctx, { id }))[0];
export const successorOf = async (ctx: Pick<Ctx, 'db'>, id: string) => (await select(ctx, { replaces: id }))[0];
export const documentsByApplication = (ctx: Pick<Ctx, 'db'>, application: string) => select(ctx, { application });

/** The product's valid paper, else the last that was. */
export async function documentOf(ctx: Pick<Ctx, 'db'>, application: string, product: string) {
  const all = await select(ctx, { application, product });
  return all.find(({ revokedAt }) => revokedAt === null) ?? all.at(-1);
}

/** The paper with these very bytes, as handed out or as it was before its signature. */
export async function documentByHash(ctx: Pick<Ctx, 'db'>, sha256: Buffer): Promise<IssuedDocument | undefined> {
  const row = await ctx.db
    .selectFrom('documents.documents')
    .selectAll()
    .where((or) => or.or([or('sha256', '=', sha256), or('drawn', '=', sha256)]))
    .limit(1)
    .executeTakeFirst();
  return row && issued(row);
}

export type NewDocument = Pick<
  IssuedDocument,
  | 'id'
  | 'code'
  | 'number'
  | 'application'
  | 'service'
  | 'product'
  | 'agency'
  | 'village'
  | 'holder'
  | 'signature'
  | 'simulated'
  | 'replaces'
> & { letterhead: string | null; content: Buffer; kid: string };

/** Takes the product's place before it is drawn; false when another has it (a second caller waits for the first). */
export async function reserveDocument(ctx: Ctx, document: NewDocument): Promise<boolean> {
  const row = await ctx.db
    .insertInto('documents.documents')
    .values({ ...document, issued_at: ctx.now })
    .onConflict((conflict) => conflict.columns(['application', 'product']).where('revoked_at', 'is', null).doNothing())
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

/** The signed file takes the place of the drawn one, whose hash stays. */
export async function attachSigned(ctx: Ctx, id: string, file: { id: string; sha256: Buffer }): Promise<void> {
  await ctx.db
    .updateTable('documents.documents')
    .set((was) => ({ file: file.id, drawn: was.ref('sha256'), sha256: file.sha256, signature: 'signed' }))
    .where('id', '=', id)
    .execute();
}

export async function setSignature(ctx: Ctx, id: string, signature: SignatureState): Promise<void> {
  await ctx.db.updateTable('documents.documents').set({ signature }).where('id', '=', id).execute();
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

/** Valid papers of an agency that wait for a signature, the oldest first; `area`: of one place only. */
export async function unsignedDocuments(
  ctx: Pick<Ctx, 'db'>,
  of: { agency: string; area: string },
  limit: number,
): Promise<IssuedDocument[]> {
  const rows = await ctx.db
    .selectFrom('documents.documents')
    .selectAll()
    .where('agency', '=', of.agency)
    .where('signature', 'in', ['awaiting-signature', 'signing-unknown'])
    .where('revoked_at', 'is', null)
    .$if(of.area !== '', (query) =>
      query.where((or) => or.or([or('village', '=', of.area), or('village', 'like', `${of.area}.%`)])),
    )
    .orderBy('issued_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(issued);
}
