// The accounts of an agency's officers, kept by its admin: invite, change, help, disable. Every act is an event without names.
import type { Ctx } from '#platform/context.ts';
import { newDataKey, openDataKey, sealJson, sha256, unsealJson } from '#platform/crypto.ts';
import { recordEvent } from '#platform/event-log.ts';
import { isId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { randomBytes } from '#platform/random.ts';
import { ownVillages } from '#src/areas/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { sendMessage } from '#src/messages/actions.ts';
import { inArea, peopleOf, permit } from '#src/rights.ts';
import { createOfficer } from '../actions.ts';
import { resetFactors } from '../factors/actions.ts';
import { hashPassword } from '../password.ts';
import { checkNewPassword, liftPauseOf } from '../passwords/actions.ts';
import { isPaused } from '../pause.ts';
import { OFFICER_PROBLEMS } from '../problems.ts';
import { endAllSessions, forgetOfficer, self } from '../sessions/actions.ts';
import { findTries, forgetTries, removeSessions, removeTokens, sessionsOf, setPassword } from '../store.ts';
import { cleanName, loginFaults, nameFaults, officeFaults, type Reach, readReach } from './person.ts';
import * as store from './store.ts';

export type { Invitation, Person } from './store.ts';

export const INVITATION_HOURS = 72;
const PAGE = 30;

export type PeoplePage = { people: store.Person[]; next?: string; invitations: store.Invitation[] };

/** The people I look after, by name; `after` is the `next` of the page before. Invitations stand on the first page only. */
export async function listPeople(ctx: Ctx, given: { query?: string; after?: string | undefined }): Promise<PeoplePage> {
  permit(ctx.actor, 'people.manage');
  const scope = peopleOf(ctx.actor) as store.Scope;
  const place = given.after && isId(given.after) ? await store.findPerson(ctx, given.after) : undefined;
  const people = await store.listPeople(ctx, scope, {
    query: (given.query ?? '').trim().slice(0, 60),
    after: place && { name: place.name, id: place.id },
    limit: PAGE + 1,
  });
  const invitations = place || given.query ? [] : await store.listInvitations(ctx, scope, 50);
  const more = people.length > PAGE;
  const shown = people.slice(0, PAGE);
  return { people: shown, invitations, ...(more && { next: shown.at(-1)?.id as string }) };
}

export type PersonState = { person: store.Person; sessions: number; pausedUntil: Date | null };

/** One of my people, with what stands in the way of signing in. Throws officer-unknown or forbidden. */
export async function openPerson(ctx: Ctx, id: string): Promise<PersonState> {
  const person = await getPerson(ctx, id);
  permit(ctx.actor, 'people.manage', { person: { agency: person.agency, area: person.area } });
  const [sessions, tries] = await Promise.all([sessionsOf(ctx, id, undefined), findTries(ctx, id)]);
  return { person, sessions: sessions.length, pausedUntil: isPaused(tries, ctx.now) ? (tries?.until ?? null) : null };
}

async function getPerson(ctx: Ctx, id: string): Promise<store.Person> {
  const person = isId(id) ? await store.findPerson(ctx, id) : undefined;
  if (!person) throw new Problem(OFFICER_PROBLEMS.person);
  return person;
}

/** Somebody else's account that I may change: load, then permit. */
async function managed(ctx: Ctx, id: string): Promise<store.Person> {
  const person = await getPerson(ctx, id);
  permit(ctx.actor, 'people.manage', { person: { id: person.id, agency: person.agency, area: person.area } });
  return person;
}

/** Agencies and places that I may give: each place with its words, the widest first. */
export async function officesOf(ctx: Ctx): Promise<{ agencies: [string, string][]; places: Map<string, string> }> {
  const { agency, area } = peopleOf(ctx.actor) ?? { agency: self(ctx).agency, area: self(ctx).area };
  const [{ agencies }, villages] = await Promise.all([getCatalogue(ctx), ownVillages(ctx)]);
  const places = new Map<string, string>();
  if (area === '') places.set('', 'Seluruh kabupaten');
  const byDistrict = Map.groupBy(villages.values(), ({ code }) => code.slice(0, 8));
  for (const [district, inside] of byDistrict) {
    if (inArea(area, district)) places.set(district, `Kecamatan ${inside[0]?.district}`);
    for (const { code, name, district: of } of inside) if (inArea(area, code)) places.set(code, `${of}: ${name}`);
  }
  const own = [...agencies].filter(([id]) => agency === '' || id === agency);
  return { agencies: own.map(([id, { name }]) => [id, name]), places };
}

export type Inviting = { name: string; contact: string; agency: string; roles: string[]; area: string };

/**
 * Invites somebody new. Returns the link, to be shown once; undefined when this command was done before. It is also sent to
 * the contact, if one is given.
 */
export async function invite(ctx: Ctx, given: Inviting): Promise<{ id: string; link: string | undefined }> {
  const { agencies, places } = await officesOf(ctx);
  permit(ctx.actor, 'people.manage', { person: { agency: given.agency, area: given.area } });
  const name = cleanName(given.name);
  const { reach, faults } = readReach(given.contact);
  refuse([
    ...nameFaults(name),
    ...faults,
    ...(agencies.some(([id]) => id === given.agency)
      ? []
      : [{ path: 'instansi', message: 'Pilih instansi dari daftar.' }]),
    ...officeFaults(given.roles, given.area, places),
  ]);
  const roles = [...new Set(given.roles)];
  const { token, link } = newLink();
  const key = newDataKey(ctx.keys);
  const reachable = Object.keys(reach).length > 0;
  const fresh = await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    const made = await store.addInvitation(tx, {
      id: ctx.commandId,
      officer: null,
      token,
      name,
      agency: given.agency,
      roles,
      area: given.area,
      key: reachable ? key.wrapped : null,
      contact: reachable ? sealJson(key.plain, reach) : null,
      by: self(ctx).id,
      created: ctx.now,
      expires: expiry(ctx),
    });
    if (!made) return false;
    await recordEvent(tx, {
      type: 'officer.invited',
      subject: ctx.commandId,
      agency: given.agency,
      data: { roles, area: given.area },
    });
    await send(tx, given.agency, reach, link);
    return true;
  });
  const invitation = await store.findInvitation(ctx, ctx.commandId);
  if (!fresh && invitation?.by !== self(ctx).id) throw new Problem(PROBLEMS.keyReused);
  return { id: ctx.commandId, link: fresh ? link : undefined };
}

function refuse(faults: { path: string; message: string }[]): void {
  if (faults.length > 0) throw new Problem(PROBLEMS.invalid, faults[0]?.message, faults);
}

const expiry = (ctx: Ctx): Date => new Date(ctx.now.getTime() + INVITATION_HOURS * 3_600_000);

function newLink(): { token: Buffer; link: string } {
  const secret = randomBytes(32).toString('base64url');
  return { token: sha256(secret), link: `/undangan/${secret}` };
}

async function send(ctx: Ctx, agency: string, to: Reach, link: string): Promise<void> {
  if (Object.keys(to).length === 0) return;
  const { agencies } = await getCatalogue(ctx);
  await sendMessage(ctx, {
    template: 'undangan-petugas',
    to,
    urgent: true,
    values: { instansi: agencies.get(agency)?.short ?? agency, tautan: link, jam: String(INVITATION_HOURS) },
  });
}

async function managedInvitation(ctx: Ctx, id: string): Promise<store.Invitation> {
  const invitation = isId(id) ? await store.findInvitation(ctx, id) : undefined;
  if (!invitation || invitation.officer) throw new Problem(OFFICER_PROBLEMS.person);
  permit(ctx.actor, 'people.manage', { person: { agency: invitation.agency, area: invitation.area } });
  return invitation;
}

/** An invitation of my agency. */
export const openInvitation = managedInvitation;

/** A new link in place of the old one, sent again where the first went. Throws invitation when it is used or withdrawn. */
export async function resendInvitation(ctx: Ctx, id: string): Promise<{ link: string }> {
  const invitation = await managedInvitation(ctx, id);
  const { token, link } = newLink();
  await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    if (!(await store.renewInvitation(tx, id, token, expiry(ctx)))) throw new Problem(OFFICER_PROBLEMS.invitation);
    await recordEvent(tx, { type: 'officer.reinvited', subject: id, agency: invitation.agency, data: {} });
    const { key, contact } = invitation;
    if (key && contact) await send(tx, invitation.agency, unsealJson<Reach>(openDataKey(ctx.keys, key), contact), link);
  });
  return { link };
}

/** Withdraws an invitation; again changes nothing. */
export async function withdrawInvitation(ctx: Ctx, id: string): Promise<void> {
  const invitation = await managedInvitation(ctx, id);
  await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    if ((await store.withdrawInvitations(tx, { id })) === 0) return;
    await recordEvent(tx, { type: 'officer.uninvited', subject: id, agency: invitation.agency, data: {} });
  });
}

/** The invitation behind a link that is still good. Throws invitation otherwise, without saying which of the reasons. */
export async function readInvitation(ctx: Ctx, secret: string): Promise<store.Invitation> {
  const invitation = /^[\w-]{43}$/.test(secret) ? await store.openInvitation(ctx, sha256(secret)) : undefined;
  if (!invitation) throw new Problem(OFFICER_PROBLEMS.invitation);
  return invitation;
}

/**
 * Accepts an invitation with a login and a password; with one that renews a password the login stays. Returns the login to
 * sign in with. A second factor is never touched: who lost that too needs the admin's reset beside the link.
 */
export async function join(
  ctx: Ctx,
  secret: string,
  given: { login: string; password: string; again: string },
): Promise<{ login: string; renewed: boolean }> {
  const invitation = await readInvitation(ctx, secret);
  const known = invitation.officer ? await store.findPerson(ctx, invitation.officer) : undefined;
  const login = known?.login ?? given.login.trim().toLowerCase();
  const faults = known ? [] : loginFaults(login);
  refuse(faults);
  checkNewPassword(given.password, given.again, { login, name: invitation.name });
  const password = await hashPassword(given.password);
  await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    if (!(await store.useInvitation(tx, invitation.id))) throw new Problem(OFFICER_PROBLEMS.invitation);
    if (known) {
      await setPassword(tx, known.id, password);
      await removeSessions(tx, known.id);
      await forgetTries(tx, known.id);
    } else if (!(await addJoined(tx, invitation, login, password)))
      throw new Problem(PROBLEMS.invalid, OFFICER_PROBLEMS.loginTaken.title, [
        { path: 'login', message: OFFICER_PROBLEMS.loginTaken.title },
      ]);
    await recordEvent(tx, {
      type: known ? 'officer.password-changed' : 'officer.joined',
      subject: known?.id ?? invitation.id,
      agency: invitation.agency,
      data: known ? { by: invitation.by } : { roles: invitation.roles, area: invitation.area },
    });
  });
  if (known) forgetOfficer(ctx, known.id);
  return { login, renewed: known !== undefined };
}

const addJoined = (ctx: Ctx, { id, name, agency, roles, area }: store.Invitation, login: string, hashed: string) =>
  createOfficer(ctx, { id, login, name, agency, roles, area, hashed });

/** A link with which one of my people sets a new password; older ones are withdrawn. Shown once, to be handed over. */
export async function offerNewPassword(ctx: Ctx, id: string): Promise<{ link: string }> {
  const { name, agency, roles, area } = await managed(ctx, id);
  const { token, link } = newLink();
  await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    await store.withdrawInvitations(tx, { officer: id });
    const made = await store.addInvitation(tx, {
      id: ctx.commandId,
      officer: id,
      token,
      name,
      agency,
      roles,
      area,
      key: null,
      contact: null,
      by: self(ctx).id,
      created: ctx.now,
      expires: expiry(ctx),
    });
    if (!made) throw new Problem(PROBLEMS.keyReused);
    await recordEvent(tx, { type: 'officer.password-offered', subject: id, agency, data: {} });
  });
  return { link };
}

/** Gives roles and a place; never to oneself. The same again changes nothing. */
export async function changePerson(ctx: Ctx, id: string, given: { roles: string[]; area: string }): Promise<void> {
  const person = await managed(ctx, id);
  const { places } = await officesOf(ctx);
  permit(ctx.actor, 'people.manage', { person: { id, agency: person.agency, area: given.area } });
  refuse(officeFaults(given.roles, given.area, places));
  const roles = [...new Set(given.roles)];
  const same = person.area === given.area && [...person.roles].sort().join() === [...roles].sort().join();
  if (same) return;
  await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    await store.setOffice(tx, id, { roles, area: given.area });
    await recordEvent(tx, {
      type: 'officer.changed',
      subject: id,
      agency: person.agency,
      data: { roles, area: given.area, before: { roles: person.roles, area: person.area } },
    });
  });
  forgetOfficer(ctx, id);
}

/** Closes or opens an account. Closing ends browsers and tokens at once; what was done stays in the log. */
export async function setDisabled(ctx: Ctx, id: string, disabled: boolean): Promise<void> {
  const person = await managed(ctx, id);
  await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    if (!(await store.setDisabled(tx, id, disabled))) return;
    if (disabled) {
      await removeSessions(tx, id);
      await removeTokens(tx, id);
      await store.withdrawInvitations(tx, { officer: id });
    }
    await recordEvent(tx, {
      type: disabled ? 'officer.disabled' : 'officer.enabled',
      subject: id,
      agency: person.agency,
      data: {},
    });
  });
  forgetOfficer(ctx, id);
}

/** Ends all browsers of one of my people. */
export async function endSessionsOf(ctx: Ctx, id: string): Promise<void> {
  await endAllSessions(ctx, await managed(ctx, id));
}

/** Takes all second factors and recovery codes of one of my people away, and ends the sessions they opened. */
export async function resetPerson(ctx: Ctx, id: string): Promise<void> {
  const person = await managed(ctx, id);
  await resetFactors(ctx, person);
  await endAllSessions(ctx, person);
}

/** Lifts a pause after wrong tries. */
export async function liftPause(ctx: Ctx, id: string): Promise<void> {
  await liftPauseOf(ctx, await managed(ctx, id));
}
