// Agencies' own days and hours.
import type { Ctx } from '#platform/context.ts';

type Db = Pick<Ctx, 'db'>;
type Provenance = 'sourced' | 'unverified';
export type ClosedDay = { agency: string; day: string; name: string; source: string; provenance: Provenance };
export type OwnHours = {
  agency: string;
  hours: Record<string, [number, number]>;
  source: string;
  provenance: Provenance;
};

/** All of them: a few rows, kept in memory by the caller. */
export async function allOwn({ db }: Db): Promise<{ days: ClosedDay[]; hours: OwnHours[] }> {
  const [days, hours] = await Promise.all([
    db
      .selectFrom('applications.closed_days')
      .select(['agency', 'day', 'name', 'source', 'provenance'])
      .orderBy('day')
      .execute(),
    db.selectFrom('applications.office_hours').select(['agency', 'hours', 'source', 'provenance']).execute(),
  ]);
  return { days: days as unknown as ClosedDay[], hours: hours as unknown as OwnHours[] };
}

export async function saveDay({ db }: Db, day: ClosedDay): Promise<void> {
  await db
    .insertInto('applications.closed_days')
    .values(day as never)
    .onConflict((conflict) =>
      conflict
        .columns(['agency', 'day'])
        .doUpdateSet({ name: day.name, source: day.source, provenance: day.provenance }),
    )
    .execute();
}

export async function removeDay({ db }: Db, agency: string, day: string): Promise<boolean> {
  const result = await db
    .deleteFrom('applications.closed_days')
    .where('agency', '=', agency)
    .where('day', '=', day as never)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export async function saveHours({ db }: Db, own: OwnHours): Promise<void> {
  const hours = JSON.stringify(own.hours);
  await db
    .insertInto('applications.office_hours')
    .values({ ...own, hours })
    .onConflict((conflict) =>
      conflict.column('agency').doUpdateSet({ hours, source: own.source, provenance: own.provenance }),
    )
    .execute();
}

export async function removeHours({ db }: Db, agency: string): Promise<boolean> {
  const result = await db.deleteFrom('applications.office_hours').where('agency', '=', agency).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
