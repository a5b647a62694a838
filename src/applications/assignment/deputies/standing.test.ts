import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Actor } from '#platform/context.ts';
import { actingFor, desksOf, may, officesOf } from '#src/rights.ts';
import { type Delegation, standingAt } from './standing.ts';

const AT = (hour: number) => new Date(Date.UTC(2026, 10, 23) + hour * 3_600_000);
const ROLES = ['verifier', 'approver', 'supervisor', 'head', 'front-desk', 'village-head'];
const AREAS = ['', '33.16.01', '33.16.01.2001', '33.16.02.2001'];
const roles = fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1, maxLength: 3 });
const area = fc.constantFrom(...AREAS);
const agency = fc.constantFrom('dindukcapil', 'desa', 'perizinan');

const delegation: fc.Arbitrary<Delegation> = fc
  .record({
    id: fc.uuid(),
    agency,
    officer: fc.uuid(),
    roles,
    area,
    from: fc.integer({ min: 0, max: 48 }),
    hours: fc.integer({ min: 1, max: 48 }),
    ended: fc.option(fc.integer({ min: 0, max: 96 })),
  })
  .map(({ from, hours, ended, ...one }) => ({
    ...one,
    starts: AT(from),
    ends: AT(from + hours),
    endedAt: ended === null ? null : AT(ended),
  }));
const officer = fc
  .record({ agency, roles, area })
  .map((own): Extract<Actor, { kind: 'officer' }> => ({ kind: 'officer', id: 'b', name: 'B', ...own }));
const desk = fc.record({ agency, role: fc.constantFrom(...ROLES), area });

/** What somebody with these desks alone may do. */
const alone = (own: { agency: string; roles: string[]; area: string }): Actor => ({
  kind: 'officer',
  id: 'x',
  name: 'X',
  ...own,
});

describe('a deputy', () => {
  test('may act exactly where she or one of those she stands for at that moment may, whatever the clock says', () => {
    fc.assert(
      fc.property(
        officer,
        fc.array(delegation, { maxLength: 4 }),
        fc.integer({ min: 0, max: 96 }),
        desk,
        (own, list, hour, at) => {
          const now = AT(hour);
          const deputy: Actor = { ...own, standsFor: standingAt(list, own.agency, now) };
          const running = list.filter(
            (one) =>
              one.agency === own.agency && one.starts <= now && now < one.ends && !(one.endedAt && one.endedAt <= now),
          );
          const thing = { desks: [at], by: [at.role] };
          const expected = [own, ...running].some(
            (one) =>
              may(alone({ agency: own.agency, roles: one.roles, area: one.area }), 'application.act', thing).allowed,
          );
          assert.equal(may(deputy, 'application.act', thing).allowed, expected);
          // the lists in SQL are made of the same desks
          const listed = desksOf(deputy).some(
            (one) => one.agency === at.agency && one.area === at.area && one.roles.includes(at.role),
          );
          assert.equal(listed, expected);
          const behalf = actingFor(deputy, 'application.act', thing);
          const byHerself = may(own, 'application.act', thing).allowed;
          assert.equal(behalf !== undefined, expected && !byHerself);
          if (behalf) assert.ok(running.some((one) => one.officer === behalf));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('reads in the archive exactly the cases that may(read) allows', () => {
    const villages = ['33.16.01.2001', '33.16.01.2002', '33.16.02.2001'];
    fc.assert(
      fc.property(
        officer,
        fc.array(delegation, { maxLength: 3 }),
        fc.integer({ min: 0, max: 96 }),
        agency,
        fc.constantFrom(...villages),
        (own, list, hour, owner, village) => {
          const deputy: Actor = { ...own, standsFor: standingAt(list, own.agency, AT(hour)) };
          const listed = officesOf(deputy).some(
            (office) =>
              office.agency === owner &&
              (office.area === '' || village === office.area || village.startsWith(`${office.area}.`)),
          );
          const allowed = may(deputy, 'application.read', {
            application: { id: 'a', agency: owner, village },
            desks: [],
          }).allowed;
          assert.equal(allowed, listed);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('of a deputy does not pass on what she has for another', () => {
    const list: Delegation[] = [
      {
        id: '1',
        agency: 'dindukcapil',
        officer: 'a',
        roles: ['approver'],
        area: '',
        starts: AT(0),
        ends: AT(24),
        endedAt: null,
      },
    ];
    assert.deepEqual(standingAt(list, 'dindukcapil', AT(1)), [{ officer: 'a', roles: ['approver'], area: '' }]);
    assert.deepEqual(standingAt(list, 'desa', AT(1)), [], 'who changed the agency stands for nobody of the old one');
  });
});
