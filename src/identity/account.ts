// What an officer may do, told from the same rules that permit it. Pure.

import type { Actor } from '#platform/context.ts';
import type { Service } from '#src/catalogue/service.ts';
import { may, type Right } from '#src/rights.ts';
import { RIGHT_WORDS } from './text.ts';

type Officer = Extract<Actor, { kind: 'officer' }>;

/** General rights with their verdict and its reason, on a case of the officer's own agency and place. */
export function rightsOf(officer: Officer): { text: string; allowed: boolean; because: string }[] {
  const own = { application: { id: '', agency: officer.agency, village: officer.area } };
  return Object.entries(RIGHT_WORDS).map(([right, text]) => ({ text, ...may(officer, right as Right, own) }));
}

/** For each role of the officer: the actions that workflows give it at this agency's desks, and for how many services. */
export function deedsOf(officer: Officer, services: Service[]): { role: string; deeds: string[]; services: number }[] {
  return officer.roles.map((role) => {
    const deeds = new Set<string>();
    const held = new Set<string>();
    for (const service of services) {
      for (const state of Object.values(service.workflow.states)) {
        const here = (state.desk?.agency ?? service.agency) === officer.agency;
        const acts = here
          ? Object.values(state.actions)
              .filter((action) => action.by.includes(role))
              .map((action) => action.name)
          : [];
        const asked = state.opinions?.ask.some((ask) => ask.agency === officer.agency && ask.role === role)
          ? ['Memberi pendapat']
          : [];
        for (const deed of [...acts, ...asked]) {
          deeds.add(deed);
          held.add(service.id);
        }
      }
    }
    return { role, deeds: [...deeds], services: held.size };
  });
}
