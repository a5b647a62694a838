// The officers of a simulated history: a few at each desk, all with closed accounts, so that the log's actors have
// names.
import { createHash } from 'node:crypto';
import type { Actor } from '#platform/context.ts';
import type { Random } from './random.ts';

export type SimulatedOfficer = { id: string; login: string; name: string; agency: string; role: string; area: string };
export type Officers = {
  /** Somebody who works at this desk. */
  at(agency: string, role: string, area: string, random: Random): Extract<Actor, { kind: 'officer' }>;
  /** How much longer than usual this desk takes: most near 1, one in eight much slower. */
  slowness(agency: string, role: string, area: string): number;
  /** Everybody met so far. */
  all(): SimulatedOfficer[];
};

type Desk = { officers: Extract<Actor, { kind: 'officer' }>[]; slowness: number };

/** The same desks have the same people and the same pace in every simulated history. */
export function createOfficers(): Officers {
  const desks = new Map<string, Desk>();
  const known: SimulatedOfficer[] = [];

  function deskOf(agency: string, role: string, area: string): Desk {
    const key = `${agency}/${role}/${area}`;
    const found = desks.get(key);
    if (found) return found;
    const hash = digest(key);
    const alone = area !== '' || ['approver', 'supervisor', 'head'].includes(role);
    const officers = Array.from({ length: alone ? 1 : 3 + ((hash[0] as number) % 3) }, (_, index) => {
      const mark = digest(`${key}/${index}`).toString('hex');
      const id = `${mark.slice(0, 8)}-${mark.slice(8, 12)}-8${mark.slice(13, 16)}-a${mark.slice(17, 20)}-${mark.slice(20, 32)}`;
      const name = `Petugas Simulasi ${index + 1} (${role}, ${agency}${area && ` ${area}`})`;
      known.push({ id, login: `simulasi.${role}.${mark.slice(0, 12)}`, name, agency, role, area });
      return { kind: 'officer' as const, id, name, agency, roles: [role], area };
    });
    const slow = (hash[1] as number) < 32;
    const desk = { officers, slowness: slow ? 2.2 + (hash[2] as number) / 128 : 0.7 + (hash[2] as number) / 425 };
    desks.set(key, desk);
    return desk;
  }

  return {
    at: (agency, role, area, random) => random.pick(deskOf(agency, role, area).officers),
    slowness: (agency, role, area) => deskOf(agency, role, area).slowness,
    all: () => known,
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(`pendopo/simulate/desk/${text}`).digest();
