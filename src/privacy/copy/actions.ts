// Making the copy at once for whoever holds the cases: no officer stands between people and their own data.
import type { Ctx } from '#platform/context.ts';
import { recordEvent } from '#platform/event-log.ts';
import { newId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { type Dossier, openDossier } from '#src/applications/dossier/actions.ts';
import { briefCases } from '#src/applications/walk/actions.ts';
import { findVillage } from '#src/areas/actions.ts';
import { documentsOf } from '#src/documents/actions.ts';
import { listRequests } from '../asked/actions.ts';
import { consentsOf } from '../consent/actions.ts';
import { PRIVACY_PROBLEMS } from '../problems.ts';
import { ABOUT, type CopiedCase, type Copy, FORMAT, ownAnswers } from './copy.ts';

/** What officers write to each other is no data about the applicant's matter that he was told; the rest of the history is. */
const TOLD = new Set(['application.returned', 'application.refused', 'application.completed', 'application.reopened']);
const INTERNAL = new Set(['application.noted', 'application.taken', 'application.escalated']);

/** Everything held in the cases, and of the account. Writes down that it was fetched. Throws Problem forbidden, nothingHeld. */
export async function copyOf(ctx: Ctx, cases: string[], form: 'json' | 'pdf'): Promise<Copy> {
  const { actor } = ctx;
  if (actor.kind !== 'resident') throw new Problem(PROBLEMS.forbidden);
  if (cases.length === 0) throw new Problem(PRIVACY_PROBLEMS.nothingHeld);
  const found = await briefCases(ctx, cases);
  const applications: CopiedCase[] = [];
  for (const { number } of found) applications.push(await caseOf(ctx, await openDossier(ctx, number)));
  const [requests, consents] = await Promise.all([
    listRequests(ctx, { cases, account: actor.account }),
    actor.account ? consentsOf(ctx, actor.account) : undefined,
  ]);
  await recordEvent(ctx, {
    type: 'privacy.copied',
    subject: newId(ctx.now),
    data: { form, applications: found.map((one) => one.id) },
  });
  return {
    format: FORMAT,
    madeAt: ctx.now.toISOString(),
    controller: 'Pemerintah Kabupaten Blora',
    about: ABOUT,
    applications,
    requests: requests.map((one) => ({
      number: one.number,
      right: one.asked,
      askedAt: one.at.toISOString(),
      status: one.status,
    })),
    consents: (consents?.receipts ?? []).map((one) => ({ ...one, at: one.at.toISOString() })),
  };
}

async function caseOf(ctx: Ctx, dossier: Dossier): Promise<CopiedCase> {
  const { application, service, agency } = dossier;
  const place = await findVillage(ctx, application.village);
  const name = place?.name ?? application.village;
  const papers = await documentsOf(ctx, application.id);
  const told = dossier.moments.filter((moment) => moment.who === 'pemohon' || !INTERNAL.has(moment.type));
  return {
    number: dossier.number,
    service: { id: service.id, name: service.name },
    agency: { id: application.agency, name: agency?.name ?? application.agency },
    channel: application.channel,
    village: { code: application.village, name },
    submittedAt: application.submittedAt,
    dueAt: application.dueAt,
    ...(application.endedAt && { endedAt: application.endedAt }),
    status: dossier.status,
    erased: dossier.erased,
    ...ownAnswers(service, dossier.answers, (code) => (code === application.village ? name : undefined)),
    files: dossier.documents.flatMap(({ requirement, files }) =>
      files.map(({ kind, superseded }) => ({
        requirement: requirement.options[0]?.name ?? requirement.id,
        kind,
        superseded,
      })),
    ),
    documents: papers.map((paper) => ({
      product: service.products.find(({ id }) => id === paper.product)?.name ?? paper.product,
      number: paper.number,
      code: paper.code,
      issuedAt: paper.issuedAt.toISOString(),
      ...(paper.revokedAt && { revokedAt: paper.revokedAt.toISOString() }),
    })),
    history: told.map(({ at, type, who, channel, data, note }) => ({
      at: at.toISOString(),
      type,
      who: who === 'pemohon' || who === 'sistem' ? who : 'petugas',
      channel,
      ...(typeof data.purpose === 'string' && { purpose: data.purpose }),
      ...(note && (who === 'pemohon' || TOLD.has(type)) && { note }),
    })),
    keptFor: {
      filesMonths: service.retention.files,
      answersMonths: service.retention.answers,
      verified: service.retention.provenance === 'sourced',
    },
  };
}
