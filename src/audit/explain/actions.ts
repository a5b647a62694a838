// Why somebody may or may not: every right on one case, with the reason and who could.
import type { Actor, Ctx } from '#platform/context.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { desksOf, loadByNumber, thing } from '#src/applications/actions.ts';
import { stateOf } from '#src/applications/application.ts';
import { desksNow } from '#src/applications/tasks.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { roleName } from '#src/catalogue/roles.ts';
import type { Agency } from '#src/catalogue/service.ts';
import { may, permit, type Right, type Thing, type Why } from '#src/rights.ts';
import { formatList } from '#ui/format.ts';
import { RIGHT_NAMES } from '../text.ts';
import { byAgency, type Holder, holdersOf } from './holders.ts';

/** `what`: the right in words, or the action's own name. `could`: in words, '' when it is no office's right. */
export type Explained = {
  right: Right;
  what: string;
  allowed: boolean;
  because: string;
  why: Why;
  holders: Holder[];
  could: string;
};

/** Rights on a case beside the actions of its state. */
const ON_CASE: Right[] = [
  'application.read',
  'application.take',
  'application.note',
  'application.consult',
  'application.opine',
  'task.assign',
  'document.sign',
  'document.revoke',
];

/**
 * Explains every right of the actor on this case. Any officer who knows the number may ask: nothing of the case is told but
 * on whose desk it lies. Throws Problem notFound, forbidden.
 */
export async function explainCase(
  ctx: Ctx,
  number: string,
): Promise<{ number: string; service: string; rights: Explained[] }> {
  permit(ctx.actor, 'application.search');
  const { stored, service, things, agencies } = await sceneOf(ctx, number);
  const actions = Object.values(stateOf(service, stored.application.state).actions).filter(
    ({ by }) => !by.every((role) => role === 'system' || role === 'applicant'),
  );
  return {
    number: stored.number,
    service: service.name,
    rights: [
      ...ON_CASE.map((right) => explained(ctx.actor, right, things(right), agencies)),
      ...actions.map((action) => ({
        ...explained(ctx.actor, 'application.act', things('application.act', action.by), agencies),
        what: `“${action.name}”`,
      })),
    ],
  };
}

/** One right of one actor, on a case when a number is given. */
export async function explainRight(ctx: Ctx, actor: Actor, right: Right, number?: string): Promise<Explained> {
  if (number !== undefined) {
    const { things, agencies, service, stored } = await sceneOf(ctx, number);
    const acts = Object.values(stateOf(service, stored.application.state).actions).flatMap(({ by }) => by);
    return explained(actor, right, things(right, acts), agencies);
  }
  const { agencies } = await getCatalogue(ctx);
  const agency = actor.kind === 'officer' ? actor.agency : '';
  return explained(actor, right, { own: { agency } }, agencies);
}

async function sceneOf(ctx: Ctx, number: string) {
  const { stored, service } = await loadByNumber(ctx, number);
  const { application } = stored;
  const [open, { agencies }] = await Promise.all([desksOf(ctx, service, application), getCatalogue(ctx)]);
  // the same desks that each action asks about
  const things = (right: Right, by?: string[]): Thing => ({
    application: thing(application),
    desks:
      right === 'application.act' || right === 'application.consult'
        ? desksNow(service, application)
        : right === 'application.opine'
          ? open.filter((desk) => 'kind' in desk && desk.kind === 'opinion')
          : open,
    ...(by && { by }),
  });
  return { stored, service, things, agencies };
}

function explained(actor: Actor, right: Right, about: Thing, agencies: Map<string, Agency>): Explained {
  const holders = holdersOf(right, about);
  return {
    right,
    what: RIGHT_NAMES[right],
    ...may(actor, right, about),
    holders,
    could: couldWords(holders, agencies),
  };
}

function couldWords(holders: Holder[], agencies: Map<string, Agency>): string {
  return formatList(
    byAgency(holders).map(({ agency, roles }) => {
      const name = agencies.get(agency)?.short ?? agency;
      return roles.length === 0
        ? `setiap petugas ${name}`
        : `${formatList(
            roles.map((role) => roleName(role).toLowerCase()),
            'atau',
          )} ${name}`;
    }),
    'atau',
  );
}

/** Throws Problem invalid for a right that there is not. */
export function rightOf(name: string): Right {
  if (Object.hasOwn(RIGHT_NAMES, name)) return name as Right;
  throw new Problem(PROBLEMS.invalid, `Hak "${name}" tidak ada; pilih dari ${Object.keys(RIGHT_NAMES).join(', ')}.`);
}
