// Who could do it: found by asking the rules themselves about every role at every office concerned, so that the answer cannot
// differ from what is enforced. Pure.
import type { Actor } from '#platform/context.ts';
import { OFFICE_ROLES, ROLES } from '#src/catalogue/roles.ts';
import { may, type Right, type Thing } from '#src/rights.ts';

/** A role at an agency; `area` '' = for the whole regency. */
export type Holder = { agency: string; role: string; area: string };

const EVERY_ROLE = [...Object.keys(ROLES), ...Object.keys(OFFICE_ROLES)];

/** Every role of the agencies concerned that `may` allows it; narrowest to widest places are tried, the first that fits is told. */
export function holdersOf(right: Right, thing: Thing): Holder[] {
  const { application, desks = [], register, own, person } = thing;
  const agencies = [
    ...desks.map(({ agency }) => agency),
    application?.agency,
    register?.agency,
    register?.coordinator,
    own?.agency,
    person?.agency,
  ].filter((agency): agency is string => agency !== undefined);
  const areas = ['', ...desks.map(({ area }) => area), application?.village.slice(0, 8), application?.village].filter(
    (area): area is string => area !== undefined,
  );
  return [...new Set(agencies)].flatMap((agency) =>
    EVERY_ROLE.flatMap((role) => {
      const area = areas.find((place) => may(imagined(agency, role, place), right, thing).allowed);
      return area === undefined ? [] : [{ agency, role, area }];
    }),
  );
}

const imagined = (agency: string, role: string, area: string): Actor => ({
  kind: 'officer',
  id: '',
  name: '',
  agency,
  roles: [role],
  area,
});

/** Of these, roles at one agency together: when all of them may, they are "every officer" (`roles` empty). */
export function byAgency(holders: Holder[]): { agency: string; roles: string[] }[] {
  return [...Map.groupBy(holders, ({ agency }) => agency)].map(([agency, list]) => ({
    agency,
    roles: list.length === EVERY_ROLE.length ? [] : list.map(({ role }) => role),
  }));
}
