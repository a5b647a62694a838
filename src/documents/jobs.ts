// After a completed application: each product that we make ourselves becomes a document. Repeats find it made.
import type { Ctx } from '#platform/context.ts';
import { assignRegisterNumbers, loadById } from '#src/applications/actions.ts';
import { openAnswers, openLabel } from '#src/applications/content/actions.ts';
import { findVillage, TOWN } from '#src/areas/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import type { Answers } from '#src/catalogue/condition.ts';
import { formatAnswer } from '#src/catalogue/input.ts';
import type { Service } from '#src/catalogue/service.ts';
import { issueDocument } from './actions.ts';
import type { Values } from './letter.ts';

/** `payload.subject` is the application's id. Throws when a product cannot be made, so that the queue tries again. */
export async function issueProducts(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  // a paper bears its register number; the batch may not have come by yet
  await assignRegisterNumbers(ctx);
  const found = await loadById(ctx, String(payload.subject));
  if (!found?.stored.key) return;
  const { stored, service } = found;
  const agency = (await getCatalogue(ctx)).agencies.get(service.agency);
  const place = await findVillage(ctx, stored.application.village);
  if (!agency || !place)
    throw new Error(`agency ${service.agency} or village ${stored.application.village} is not known`);
  const values = valuesOf(service, openAnswers(ctx, stored), place.name);
  for (const product of service.products) {
    if (!product.document || product.kind === 'external') continue;
    await issueDocument(ctx, {
      application: {
        id: stored.application.id,
        number: stored.number,
        service: service.id,
        village: place.code,
        ...(stored.registerNo && { registerNumber: `${stored.registerNo}/${stored.registerYear}` }),
      },
      product,
      agency,
      names: { village: place.name, district: place.district, regency: place.regency, town: TOWN },
      holder: openLabel(ctx, stored),
      values,
    });
  }
}

/** Every single answer as people read it. Answers of repeated steps are lists and stay with the case. */
function valuesOf(service: Service, answers: Answers, village: string): Values {
  const values: Values = {};
  for (const step of service.form) {
    if (step.repeat) continue;
    for (const [id, field] of Object.entries(step.properties)) {
      if (answers[id] !== undefined) values[id] = formatAnswer(field, answers[id], () => village);
    }
  }
  return values;
}
