// The rights as a whole: what `may` says is what lists show, routes answer and pages explain, whoever asks about whatever.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type Actor, SYSTEM } from '#platform/context.ts';
import { newId, newNumber } from '#platform/ids.ts';
import { desksOf as desksOfCase, loadByNumber, thing } from '#src/applications/actions.ts';
import { nikIndex } from '#src/applications/content/actions.ts';
import { listArchive, listInbox, searchCases } from '#src/applications/inbox/actions.ts';
import { desksNow } from '#src/applications/tasks.ts';
import { explainCase, explainRight } from '#src/audit/explain/actions.ts';
import { holdersOf } from '#src/audit/explain/holders.ts';
import { RIGHT_NAMES } from '#src/audit/text.ts';
import { OFFICE_ROLES, ROLES } from '#src/catalogue/roles.ts';
import { createOfficer, createToken } from '#src/identity/actions.ts';
import { may, permit, type Right, type Thing } from '#src/rights.ts';
import { openTestWorld, type TestWorld } from './world.ts';

type Officer = Extract<Actor, { kind: 'officer' }>;
const RIGHTS = Object.keys(RIGHT_NAMES) as Right[];
const ALL_ROLES = [...Object.keys(ROLES), ...Object.keys(OFFICE_ROLES)];
const AGENCIES = ['dindukcapil', 'desa', 'kecamatan', 'dinkominfo'];
const VILLAGES = ['33.16.01.2001', '33.16.01.2002', '33.16.02.2001', '33.16.09.1006'];
const AREAS = ['', '33.16.01', '33.16.02', ...VILLAGES];
/** What binds the regency: written out once more, so that a right cannot be dropped from the list unseen. */
const DECIDING: Right[] = ['application.act', 'application.opine', 'document.revoke', 'document.sign', 'people.manage'];

const one = <T>(list: readonly T[]) => fc.constantFrom(...list);
const roles = fc.uniqueArray(one(ALL_ROLES), { minLength: 1, maxLength: 3 });
const officers: fc.Arbitrary<Officer> = fc.record(
  {
    kind: fc.constant('officer' as const),
    id: fc.uuid(),
    name: fc.constant('Contoh'),
    agency: one(AGENCIES),
    roles,
    area: one(AREAS),
    standsFor: fc.array(fc.record({ officer: fc.uuid(), roles, area: one(AREAS) }), { maxLength: 1 }),
  },
  { requiredKeys: ['kind', 'id', 'name', 'agency', 'roles', 'area'] },
);
const desks = fc.array(fc.record({ agency: one(AGENCIES), role: one(ALL_ROLES), area: one(AREAS) }), { maxLength: 3 });
const things: fc.Arbitrary<Thing> = fc.record({
  application: fc.record({ id: fc.uuid(), agency: one(AGENCIES), village: one(VILLAGES) }),
  desks,
  by: fc.array(one([...ALL_ROLES, 'applicant']), { maxLength: 2 }),
});

describe('rights', () => {
  test('who signed in with a password alone never decides', () => {
    fc.assert(
      fc.property(officers, things, one(DECIDING), (officer, about, right) => {
        const verdict = may({ ...officer, weak: true }, right, about);
        assert.equal(verdict.allowed, false);
        assert.match(verdict.because, /\/akun\/keamanan/);
      }),
      { numRuns: 3000 },
    );
  });

  test('a token never gives more than its officer, nor more than it names', () => {
    fc.assert(
      fc.property(officers, things, one(RIGHTS), fc.subarray(RIGHTS), (officer, about, right, carried) => {
        const allowed = may({ ...officer, rights: carried }, right, about).allowed;
        assert.equal(allowed, carried.includes(right) && may(officer, right, about).allowed);
      }),
      { numRuns: 3000 },
    );
  });

  test('a case of another agency that lies on no desk of the own is closed in every way', () => {
    const open: Right[] = ['application.submit', 'application.assist', 'application.search'];
    fc.assert(
      fc.property(officers, things, (officer, about) => {
        if (
          about.application?.agency === officer.agency ||
          about.desks?.some(({ agency }) => agency === officer.agency)
        )
          return;
        for (const right of RIGHTS.filter((name) => /^(application|task|document\.(revoke|sign))/.test(name)))
          assert.equal(may(officer, right, about).allowed, open.includes(right), right);
      }),
      { numRuns: 3000 },
    );
  });

  test('a resident reads what she holds and nothing else, and acts only where the applicant may', () => {
    fc.assert(
      fc.property(things, fc.array(fc.uuid()), fc.boolean(), (about, others, holds) => {
        const id = about.application?.id as string;
        const resident: Actor = {
          kind: 'resident',
          holds: holds ? [...others, id] : others.filter((other) => other !== id),
        };
        assert.equal(may(resident, 'application.read', about).allowed, holds);
        assert.equal(
          may(resident, 'application.act', about).allowed,
          holds && about.by?.includes('applicant') === true,
        );
        for (const right of RIGHTS.filter(
          (name) => !['application.read', 'application.act', 'application.submit'].includes(name),
        ))
          assert.equal(may(resident, right, about).allowed, false, right);
      }),
      { numRuns: 2000 },
    );
  });

  test('who is said to be allowed is allowed, and nobody who is allowed is left out', () => {
    fc.assert(
      fc.property(officers, things, one(RIGHTS), (officer, about, right) => {
        const holders = holdersOf(right, about);
        for (const { agency, role, area } of holders)
          assert.ok(may({ ...officer, id: '', agency, roles: [role], area, standsFor: [] }, right, about).allowed);
        const plain = { ...officer, standsFor: [] };
        const concerned = [about.application?.agency, ...(about.desks ?? []).map(({ agency }) => agency)];
        for (const role of plain.roles) {
          const here =
            may({ ...plain, id: '', roles: [role] }, right, about).allowed && concerned.includes(plain.agency);
          if (here)
            assert.ok(
              holders.some((holder) => holder.agency === plain.agency && holder.role === role),
              `${right} ${role}`,
            );
        }
      }),
      { numRuns: 1500 },
    );
  });

  test('a refusal carries ids and codes for the log, and no words about people', () => {
    fc.assert(
      fc.property(officers, things, one(RIGHTS), (officer, about, right) => {
        try {
          permit(officer, right, about);
          assert.ok(may(officer, right, about).allowed);
        } catch (error) {
          const { refused } = error as { refused: Record<string, string> };
          assert.deepEqual(Object.keys(refused).sort(), ['agency', 'right', 'subject', 'why']);
          assert.equal(refused.subject, about.application?.id);
          assert.match(refused.why as string, /^[a-z-]+$/);
        }
      }),
    );
  });
});

describe('rights in lists', () => {
  let world: TestWorld;
  const NIK = '3316010101900001';
  type Case = { id: string; agency: string; village: string; tasks: { agency: string; role: string; area: string }[] };
  const cases: Case[] = [];

  before(async () => {
    world = await openTestWorld();
    const { pool } = world.world;
    const drawn = fc.sample(
      fc.record({ agency: one(AGENCIES), village: one(VILLAGES), tasks: desks, shared: fc.boolean() }),
      160,
    );
    let shared = 0;
    for (const draw of drawn) {
      const id = newId();
      const at = new Date(Date.parse('2026-11-01T02:00:00Z') + cases.length * 60_000);
      // lists of one person stop at fifty
      const nik = draw.shared && shared++ < 40 ? nikIndex(world.ctx(), NIK) : null;
      await pool.query(
        `INSERT INTO applications.applications (id, number, service, version, agency, village, channel, state, status, seq, head, folded,
           submitted_at, due_at, nik_hash, label, answers, key)
         VALUES ($1, $2, 'akta-kelahiran', 1, $3, $4, 'online', 'x', 'in-progress', 1, $5, '{}', $6, $6, $7, $5, $5, NULL)`,
        [id, newNumber('2026-11-01'), draw.agency, draw.village, randomBytes(32), at, nik],
      );
      for (const task of draw.tasks)
        await pool.query(
          `INSERT INTO applications.tasks (id, application, kind, agency, role, area, service, state, opened_at, due_at)
           VALUES ($1, $2, 'work', $3, $4, $5, 'akta-kelahiran', 'x', $6, $6)`,
          [newId(), id, task.agency, task.role, task.area, at],
        );
      cases.push({
        id,
        agency: draw.agency,
        village: draw.village,
        tasks: draw.tasks,
        ...(nik && { nik: true }),
      } as Case);
    }
  });
  after(() => world.close());

  const idsOf = (items: { id: string }[]) => items.map(({ id }) => id).sort();

  test('archive, inbox and search contain exactly what `may` allows, for any role, agency, place and deputy', async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(officers, fc.boolean(), async (drawn, token) => {
        const officer = token ? { ...drawn, rights: ['inbox.read', 'application.search'] } : drawn;
        const ctx = world.ctx(officer);
        const readable = cases.filter((one_) => may(officer, 'application.read', { application: one_ }).allowed);
        assert.deepEqual(idsOf((await listArchive(ctx, { limit: 500 })).items), idsOf(readable), 'archive');
        const found = (await searchCases(ctx, NIK)).items;
        assert.deepEqual(idsOf(found), idsOf(readable.filter((one_) => 'nik' in one_)), 'search');
        const mine = cases.filter(({ tasks }) =>
          tasks.some((task) => may(drawn, 'application.opine', { desks: [task] }).allowed),
        );
        assert.deepEqual(idsOf((await listInbox(ctx, { limit: 500 })).items), idsOf(mine), 'inbox');
        seen += readable.length + mine.length;
        // what lies on one's desk may be opened
        for (const one_ of mine)
          assert.ok(may(drawn, 'application.read', { application: one_, desks: one_.tasks }).allowed);
      }),
      { numRuns: 1000 },
    );
    assert.ok(seen > 1000, 'the draw was not empty');
  });
});

describe('rights on routes', () => {
  let world: TestWorld;
  let number: string;
  const example = JSON.parse(
    readFileSync(join(import.meta.dirname, '../services/akta-kelahiran/example.json'), 'utf8'),
  );

  before(async () => {
    world = await openTestWorld();
    const response = await world.app.request('/api/v1/services/akta-kelahiran/applications', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
      body: JSON.stringify({ answers: example.answers }),
    });
    number = ((await response.json()) as { number: string }).number;
  });
  after(() => world.close());

  test('the answer of each is the verdict of `may`, and the explanation says the same', async () => {
    const ctx = world.ctx(SYSTEM);
    const { stored, service } = await loadByNumber(ctx, number);
    const about = {
      application: thing(stored.application),
      desks: await desksOfCase(ctx, service, stored.application),
    };
    const [action, { by }] = Object.entries(service.workflow.states[stored.application.state]?.actions ?? {}).find(
      ([, one_]) => one_.by.includes('verifier'),
    ) as [string, { by: string[] }];
    const counts = { yes: 0, no: 0 };
    for (const [index, drawn] of fc.sample(officers, 60).entries()) {
      const officer = { ...drawn, id: newId(), standsFor: [] };
      // every third is of the case's own agency, or nearly all would be refused
      if (index % 3 === 0) {
        Object.assign(officer, { agency: stored.application.agency, area: '' });
        if (index % 2) officer.roles = ['verifier', ...officer.roles.slice(1)];
      }
      await createOfficer(ctx, { ...officer, login: `acak.${index}`, hashed: 'x' });
      const token = await createToken(ctx, officer.id);
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': newId(),
      };
      const read = may(officer, 'application.read', about);
      const shown = await world.app.request(`/api/v1/applications/${number}`, { headers });
      assert.equal(shown.status, read.allowed ? 200 : 403, JSON.stringify(officer));
      const act = may(officer, 'application.act', { ...about, desks: desksNow(service, stored.application), by });
      counts[act.allowed ? 'yes' : 'no'] += 1;
      if (!act.allowed) {
        const acted = await world.app.request(`/api/v1/applications/${number}/actions/${action}`, {
          method: 'POST',
          headers,
          body: '{}',
        });
        assert.equal(acted.status, 403);
        assert.match(((await acted.json()) as { detail: string }).detail, new RegExp(act.because.slice(0, 20)));
      }
      const explained = await explainCase(world.ctx(officer), number);
      const told = (right: string) => explained.rights.find((line) => line.right === right);
      assert.equal(told('application.read')?.allowed, read.allowed);
      assert.equal(
        explained.rights.find(
          ({ what }) => what === `“${service.workflow.states[stored.application.state]?.actions[action]?.name}”`,
        )?.allowed,
        act.allowed,
      );
      assert.equal((await explainRight(ctx, officer, 'application.read', number)).allowed, read.allowed);
    }
    assert.ok(counts.yes > 0 && counts.no > 0, JSON.stringify(counts));
  });
});
