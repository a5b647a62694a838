// The only place that reads and writes the online schema.
import type { Ctx } from '#platform/context.ts';

export type DraftRow = {
  id: string;
  service: string;
  version: number;
  content: Buffer;
  key: Buffer;
  application: string | null;
  expires: Date;
};

type Db = Pick<Ctx, 'db'>;
const COLUMNS = ['id', 'service', 'version', 'content', 'key', 'application', 'expires'] as const;

export async function addDraft(
  { db, now }: Pick<Ctx, 'db' | 'now'>,
  draft: Omit<DraftRow, 'application'> & { code: Buffer },
): Promise<void> {
  await db
    .insertInto('online.drafts')
    .values({ ...draft, application: null, updated: now })
    .execute();
}

export async function draftByCode({ db, now }: Pick<Ctx, 'db' | 'now'>, code: Buffer): Promise<DraftRow | undefined> {
  return db
    .selectFrom('online.drafts')
    .select(COLUMNS)
    .where('code', '=', code)
    .where('expires', '>', now)
    .executeTakeFirst();
}

export type Change = Partial<Pick<DraftRow, 'content' | 'version' | 'application' | 'expires'>>;

/** Changes a draft while nobody else does; undefined when it is gone. `change` answers what to write, or nothing. */
export async function changeDraft<T>(
  { db, now }: Pick<Ctx, 'db' | 'now'>,
  id: string,
  change: (row: DraftRow) => { write?: Change; answer: T },
): Promise<T | undefined> {
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('online.drafts')
      .select(COLUMNS)
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!row) return undefined;
    const { write, answer } = change(row);
    if (write)
      await tx
        .updateTable('online.drafts')
        .set({ ...write, updated: now })
        .where('id', '=', id)
        .execute();
    return answer;
  });
}

export async function expiredDrafts({ db, now }: Pick<Ctx, 'db' | 'now'>, limit: number): Promise<DraftRow[]> {
  return db
    .selectFrom('online.drafts')
    .select(COLUMNS)
    .where('expires', '<=', now)
    .orderBy('expires')
    .limit(limit)
    .execute();
}

export async function removeDraft({ db }: Db, id: string): Promise<void> {
  await db.deleteFrom('online.drafts').where('id', '=', id).execute();
}

/** Files that lie under an owner and still have their key. */
export async function filesOf({ db }: Db, owner: string): Promise<string[]> {
  const rows = await db
    .selectFrom('platform.files')
    .select('id')
    .where('owner', '=', owner)
    .where('key', 'is not', null)
    .execute();
  return rows.map((row) => row.id);
}
