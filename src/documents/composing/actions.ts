// What a case says, put into the form of a paper: for the first making and for making it again.
import type { Ctx } from '#platform/context.ts';
import { loadById } from '#src/applications/actions.ts';
import { openAnswers, openLabel } from '#src/applications/content/actions.ts';
import { findVillage, TOWN } from '#src/areas/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { type Issue, type IssuedDocument, reissueDocument } from '../actions.ts';
import { sealDocument } from '../signing/actions.ts';
import { listsOf, valuesOf } from './answers.ts';

/** What each product of a case would say now; none when its data are destroyed. Throws when its place is not known. */
export async function composeIssues(ctx: Ctx, application: string): Promise<Issue[]> {
  const found = await loadById(ctx, application);
  if (!found?.stored.key) return [];
  const { stored, service } = found;
  const agency = (await getCatalogue(ctx)).agencies.get(service.agency);
  const place = await findVillage(ctx, stored.application.village);
  if (!agency || !place)
    throw new Error(`agency ${service.agency} or village ${stored.application.village} is not known`);
  const answers = openAnswers(ctx, stored);
  return service.products
    .filter((product) => product.document && product.kind !== 'external')
    .map((product) => ({
      application: {
        id: stored.application.id,
        number: stored.number,
        service: service.id,
        village: place.code,
        simulated: stored.simulated,
        ...(stored.registerNo && { registerNumber: `${stored.registerNo}/${stored.registerYear}` }),
      },
      product,
      agency,
      names: { village: place.name, district: place.district, regency: place.regency, town: TOWN },
      holder: openLabel(ctx, stored),
      values: valuesOf(service, answers, place.name),
      lists: listsOf(service, product, answers, place.name),
    }));
}

/** Revokes a paper and makes it anew from its case; see `reissueDocument`. */
export async function makeAnew(ctx: Ctx, code: string, reason: string): Promise<IssuedDocument> {
  const made = await reissueDocument(ctx, code, reason, async ({ application, product }) =>
    (await composeIssues(ctx, application)).find((issue) => issue.product.id === product),
  );
  await sealDocument(ctx, made);
  return made;
}
