// The authority on one screen: role × right × scope. Enforced by `permit` in every action and asked by pages for buttons.
import type { Actor } from '#platform/context.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';

export type Right =
  | 'application.read' // open one case with its documents
  | 'application.act' // do an action of the workflow
  | 'application.submit' // apply for oneself or one's family, through the online door
  | 'application.assist' // submit for a resident, at the doorstep or at a counter
  | 'application.consult' // ask another agency for an opinion, or take the question back
  | 'application.opine' // answer such a question
  | 'application.note'
  | 'application.take'
  | 'application.search' // look up by number or NIK within the own agency
  | 'document.revoke'
  | 'inbox.read';

/** What the right is about, as far as it limits who may. */
export type Thing = {
  application?: { id: string; agency: string; village: string };
  /** Desks with an open task on the application (and, for an action, only those of the action). */
  desks?: { agency: string; role: string; area: string }[];
  /** The roles that the workflow lets do the action. */
  by?: string[];
};

/** Roles that may see their agency's cases without having a task in them. */
const OVERSIGHT = new Set(['supervisor', 'head', 'approver', 'district-head', 'village-head']);

export type Verdict = { allowed: boolean; because: string };

/** Says whether, and why: the sentence is shown to people. */
export function may(actor: Actor, right: Right, thing: Thing = {}): Verdict {
  switch (actor.kind) {
    case 'system':
      return yes('dilakukan oleh sistem menurut alur layanan');
    case 'resident':
      return resident(actor, right, thing);
    case 'officer':
      if (actor.rights && !actor.rights.includes(right)) return no('token ini tidak memuat hak tersebut');
      return officer(actor, right, thing);
  }
}

/** The first line after load in every action. Throws Problem 403 with the reason. */
export function permit(actor: Actor, right: Right, thing: Thing = {}): void {
  const verdict = may(actor, right, thing);
  if (!verdict.allowed) throw new Problem(PROBLEMS.forbidden, `Tidak boleh karena ${verdict.because}.`);
}

type Resident = Extract<Actor, { kind: 'resident' }>;
type Officer = Extract<Actor, { kind: 'officer' }>;

function resident(actor: Resident, right: Right, thing: Thing): Verdict {
  if (right === 'application.submit') return yes('siapa pun boleh mengajukan permohonan');
  if (right === 'application.assist') return no('pintu jemput bola dan loket hanya untuk petugas');
  const own = thing.application !== undefined && actor.holds.includes(thing.application.id);
  if (!own) return no('permohonan ini bukan milik Anda, atau kodenya belum dimasukkan');
  if (right === 'application.read') return yes('ini permohonan Anda');
  if (right === 'application.act' && thing.by?.includes('applicant')) return yes('ini permohonan Anda');
  return no('hanya petugas yang berwenang dapat melakukannya');
}

function officer(actor: Officer, right: Right, thing: Thing): Verdict {
  switch (right) {
    case 'inbox.read':
    case 'application.search':
    case 'application.submit':
    case 'application.assist':
      return yes('Anda petugas');
    case 'application.act':
      if (!thing.by?.some((role) => actor.roles.includes(role))) return no('peran Anda tidak memegang tindakan ini');
      return onDesk(actor, thing, true);
    case 'application.opine':
      return onDesk(actor, thing, true);
    case 'application.take':
    case 'application.consult':
    case 'application.note':
      return onDesk(actor, thing, false);
    case 'application.read': {
      const desk = onDesk(actor, thing, false);
      return desk.allowed ? desk : ownAgency(actor, thing);
    }
    case 'document.revoke':
      if (!actor.roles.some((role) => role === 'approver' || role === 'head' || role.endsWith('-head')))
        return no('hanya pejabat pengesah yang dapat mencabut');
      return ownAgency(actor, thing);
  }
}

/** The officer works at a desk where the case lies now. */
function onDesk(actor: Officer, thing: Thing, withRole: boolean): Verdict {
  const desk = thing.desks?.find(
    (one) =>
      one.agency === actor.agency &&
      inArea(actor.area, one.area) &&
      (withRole ? actor.roles.includes(one.role) && (thing.by ?? [one.role]).includes(one.role) : true),
  );
  return desk ? yes('berkas ini ada di meja Anda') : no('berkas ini tidak berada di meja Anda');
}

function ownAgency(actor: Officer, thing: Thing): Verdict {
  const { application } = thing;
  if (!application || application.agency !== actor.agency) return no('berkas ini milik instansi lain');
  if (!inArea(actor.area, application.village)) return no('berkas ini dari wilayah lain');
  return actor.area !== '' || actor.roles.some((role) => OVERSIGHT.has(role) || role === 'verifier')
    ? yes('berkas ini milik instansi Anda')
    : no('peran Anda tidak mencakup berkas ini');
}

/** '' is the whole regency; otherwise the place itself or one inside it. */
export const inArea = (area: string, place: string): boolean =>
  area === '' || place === area || place.startsWith(`${area}.`);

const yes = (because: string): Verdict => ({ allowed: true, because });
const no = (because: string): Verdict => ({ allowed: false, because });
