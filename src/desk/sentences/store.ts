// The table of ready-made sentences.
import type { Ctx } from '#platform/context.ts';

export const KINDS = ['any', 'return', 'refuse', 'advance', 'opinion'] as const;
export type Kind = (typeof KINDS)[number];
export type Sentence = { id: string; kind: Kind; title: string; text: string; place: number };
const COLUMNS = ['id', 'kind', 'title', 'text', 'place'] as const;

type Db = Pick<Ctx, 'db'>;

export async function sentencesOf({ db }: Db, agency: string): Promise<Sentence[]> {
  return db
    .selectFrom('desk.sentences')
    .select(COLUMNS)
    .where('agency', '=', agency)
    .where('retired', '=', false)
    .orderBy('place')
    .orderBy('id')
    .limit(200)
    .execute() as Promise<Sentence[]>;
}

export async function findSentence(
  { db }: Db,
  id: string,
): Promise<(Sentence & { agency: string; retired: boolean }) | undefined> {
  return db
    .selectFrom('desk.sentences')
    .select([...COLUMNS, 'agency', 'retired'])
    .where('id', '=', id)
    .executeTakeFirst() as Promise<(Sentence & { agency: string; retired: boolean }) | undefined>;
}

/** Adds a sentence; false when this id was added before. */
export async function addSentence({ db }: Db, sentence: Sentence & { agency: string }): Promise<boolean> {
  const result = await db
    .insertInto('desk.sentences')
    .values(sentence)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function changeSentence(
  { db }: Db,
  id: string,
  change: Partial<Pick<Sentence, 'kind' | 'title' | 'text' | 'place'>> & { retired?: boolean },
): Promise<void> {
  await db.updateTable('desk.sentences').set(change).where('id', '=', id).execute();
}
