// Which agency answers for personal data in the whole regency: the one that offers the service by which people ask.
import type { Ctx } from '#platform/context.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';

/** The service under which requests of data subjects are handled. */
export const REQUEST_SERVICE = 'hak-data-pribadi';

/** The agency's id; '' when the service is not offered, which gives nobody more than the own agency. */
export const coordinatorOf = async (ctx: Pick<Ctx, 'db' | 'pool'>): Promise<string> =>
  (await getCatalogue(ctx)).byId.get(REQUEST_SERVICE)?.service.agency ?? '';
