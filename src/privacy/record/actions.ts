// The record as it is today: what the program declares, and every service that is offered.
import type { Ctx } from '#platform/context.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { PROCESSING } from '#src/processing.ts';
import { type Activity, recordOf } from './record.ts';

export async function currentRecord(ctx: Pick<Ctx, 'db' | 'pool'>): Promise<Activity[]> {
  const { services, agencies } = await getCatalogue(ctx);
  return recordOf(
    PROCESSING,
    services.map((one) => one.service),
    agencies,
  );
}
