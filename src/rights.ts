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
  | 'document.sign' // sign issued papers, and say what became of a signing nobody knows the end of
  | 'document.letterhead' // what stands on top of the own agency's papers
  | 'message.resend' // send a failed message about a case once more
  | 'inbox.read'
  | 'task.assign' // give a task of the own agency to one of its officers, free it, return what was escalated
  | 'delegation.set' // name a deputy for days of absence
  | 'load.read' // how much work lies on the own agency's desks, and how late
  | 'sentence.write' // the agency's ready-made sentences
  | 'calendar.write' // the agency's own days and hours
  | 'people.manage' // accounts of officers: invite, change roles, disable, reset
  | 'privacy.read' // the registers of personal data: requests, schedule, record of processing, breaches
  | 'privacy.hold' // keep a case from being destroyed, and let it go again
  | 'privacy.breach' // report a breach and tell those whose data it was
  | 'refusal.read'; // see whom the own agency's rules turned away

/** What the right is about, as far as it limits who may. */
export type Thing = {
  application?: { id: string; agency: string; village: string };
  /** Desks with an open task on the application (and, for an action, only those of the action). */
  desks?: { agency: string; role: string; area: string }[];
  /** The roles that the workflow lets do the action. */
  by?: string[];
  /** Whose register it is, and which agency answers for personal data in the whole regency. */
  register?: { agency: string; coordinator: string };
  /** Whose account, or a place in which agency and area (no `id`: nobody yet). */
  person?: { id?: string; agency: string; area: string };
  /** Whose absence or settings it is about. */
  own?: { agency: string; officer?: string };
};

/** Roles that may see their agency's cases without having a task in them. */
const OVERSIGHT = new Set(['supervisor', 'head', 'approver', 'district-head', 'village-head', 'verifier']);
/** Roles that may take back what was issued. */
const REVOKERS = new Set(['approver', 'head', 'district-head', 'village-head']);
/** Roles that answer for the agency's people. */
const ANSWERABLE = new Set(['supervisor', 'head', 'admin']);
/** Roles that set the days and hours of an agency. */
const HEADING = new Set(['head', 'admin', 'district-head', 'village-head']);
/** Runs the system for the regency: its admin may help where an agency has none. */
const RUNS_THE_SYSTEM = 'dinkominfo';
/** Roles that lead the work of an agency, or of a place. */
const LEADING = new Set(['supervisor', 'head', 'district-head', 'village-head']);
/** What binds the regency: a password alone is not enough for it. */
const DECIDING = new Set<Right>([
  'application.act',
  'application.opine',
  'document.revoke',
  'document.sign',
  'document.letterhead',
  'people.manage',
  'delegation.set',
  'calendar.write',
  'privacy.hold',
  'privacy.breach',
]);

/** Why, as a code: it stands in the event of a refusal. */
export type Why =
  | 'allowed'
  | 'officers-only'
  | 'not-yours'
  | 'token'
  | 'weak'
  | 'role'
  | 'not-at-desk'
  | 'other-agency'
  | 'other-area';
export type Verdict = { allowed: boolean; because: string; why: Why };

/** Says whether, and why: the sentence is shown to people. */
export function may(actor: Actor, right: Right, thing: Thing = {}): Verdict {
  switch (actor.kind) {
    case 'system':
      return yes('dilakukan oleh sistem menurut alur layanan');
    case 'resident':
      return resident(actor, right, thing);
    case 'officer':
      if (actor.rights && !actor.rights.includes(right)) return no('token', 'token ini tidak memuat hak tersebut');
      if (actor.weak && DECIDING.has(right)) return no('weak', WEAK);
      return officer(actor, right, thing);
  }
}

const WEAK =
  'Anda masuk dengan kata sandi saja, dan ini perlu pengaman kedua; pasang di halaman Akun, bagian Keamanan (/akun/keamanan)';

/** The first line after load in every action. Throws Problem 403 with the reason. */
export function permit(actor: Actor, right: Right, thing: Thing = {}): void {
  const verdict = may(actor, right, thing);
  if (verdict.allowed) return;
  const problem = new Problem(PROBLEMS.forbidden, `Tidak boleh karena ${verdict.because}.`);
  if (verdict.why === 'weak') problem.next = { text: 'Pasang pengaman kedua', href: '/akun/keamanan' };
  problem.refused = {
    right,
    why: verdict.why,
    ...(thing.application?.id && { subject: thing.application.id, agency: thing.application.agency }),
  };
  throw problem;
}

/**
 * The desks where an officer works: the inbox lists exactly the open tasks on them, and `may` asks the same. Agency, role
 * and area must be the desk's own: a district's officer is not at the desks of its villages.
 */
export const desksOf = (actor: Actor): { agency: string; roles: string[]; area: string }[] =>
  standings(actor).filter(({ roles }) => hasDesk(roles));

/** In what an officer stands: her own roles and place, and those of whom she stands for now. */
function standings(actor: Actor): { agency: string; roles: string[]; area: string }[] {
  if (actor.kind !== 'officer') return [];
  const own = { agency: actor.agency, roles: actor.roles, area: actor.area };
  return [own, ...(actor.standsFor ?? []).map(({ roles, area }) => ({ agency: actor.agency, roles, area }))];
}

/** Whose right a deputy uses: the officer she stands for, or undefined when she may do it herself. */
export function actingFor(actor: Actor, right: Right, thing: Thing = {}): string | undefined {
  if (actor.kind !== 'officer' || !actor.standsFor?.length) return undefined;
  if (may({ ...actor, standsFor: [] }, right, thing).allowed) return undefined;
  return actor.standsFor.find((one) => may({ ...actor, standsFor: [one] }, right, thing).allowed)?.officer;
}

/** Own roles and those that a deputy has for now. */
const rolesOf = (actor: Officer): string[] => standings(actor).flatMap(({ roles }) => roles);

/**
 * Where an officer may look into cases that lie on no desk of hers: archive and search list exactly these, and
 * `may(actor, 'application.read')` says the same. Empty: nowhere.
 */
export function officesOf(actor: Actor): { agency: string; area: string }[] {
  if (actor.kind !== 'officer' || actor.rights?.includes('application.read') === false) return [];
  return overseen(actor);
}

// who only looks after accounts sits at no desk: residents' cases are none of that work
const hasDesk = (roles: string[]): boolean => roles.some((role) => role !== 'admin');

const overseen = (actor: Officer): { agency: string; area: string }[] =>
  desksOf(actor)
    .filter(({ area, roles }) => area !== '' || roles.some((role) => OVERSIGHT.has(role)))
    .map(({ agency, area }) => ({ agency, area }));

type Resident = Extract<Actor, { kind: 'resident' }>;
type Officer = Extract<Actor, { kind: 'officer' }>;

function resident(actor: Resident, right: Right, thing: Thing): Verdict {
  if (right === 'application.submit') return yes('siapa pun boleh mengajukan permohonan');
  if (right === 'application.assist') return no('officers-only', 'pintu jemput bola dan loket hanya untuk petugas');
  const own = thing.application !== undefined && actor.holds.includes(thing.application.id);
  if (!own) return no('not-yours', 'permohonan ini bukan milik Anda, atau kodenya belum dimasukkan');
  if (right === 'application.read') return yes('ini permohonan Anda');
  if (right === 'application.act' && thing.by?.includes('applicant')) return yes('ini permohonan Anda');
  return no('officers-only', 'hanya petugas yang berwenang dapat melakukannya');
}

function officer(actor: Officer, right: Right, thing: Thing): Verdict {
  switch (right) {
    case 'inbox.read':
    case 'application.search':
    case 'application.submit':
    case 'application.assist':
      return yes('Anda petugas');
    case 'application.act':
      if (!thing.by?.some((role) => rolesOf(actor).includes(role)))
        return no('role', 'peran Anda tidak memegang tindakan ini');
      return onDesk(actor, thing, true);
    case 'application.opine':
      return onDesk(actor, thing, true);
    case 'application.take':
    case 'application.consult':
    case 'application.note':
      return onDesk(actor, thing, false);
    case 'message.resend':
    case 'application.read': {
      const desk = onDesk(actor, thing, false);
      return desk.allowed ? desk : ownAgency(actor, thing);
    }
    case 'task.assign':
      return leading(actor, thing);
    case 'load.read':
      return rolesOf(actor).some((role) => LEADING.has(role) || role === 'admin')
        ? yes('Anda memimpin instansi ini')
        : no('role', 'hanya atasan, kepala, atau pengelola instansi yang melihat beban kerja');
    case 'delegation.set':
      return answering(actor, thing, ANSWERABLE, 'petugas itu sendiri, atasan, kepala, atau pengelola instansi');
    case 'sentence.write':
      return answering(actor, thing, ANSWERABLE, 'atasan, kepala, atau pengelola instansi');
    case 'calendar.write':
      return answering(actor, thing, HEADING, 'kepala atau pengelola instansi');
    case 'document.letterhead':
      if (actor.area !== '')
        return no('other-area', 'kop berlaku untuk seluruh instansi, dan Anda bertugas di satu wilayah');
      return actor.roles.some((role) => role === 'admin' || role === 'head')
        ? yes('Anda memimpin atau mengelola instansi ini')
        : no('role', 'hanya kepala atau pengelola instansi yang mengubah kop');
    case 'document.sign':
      if (!actor.roles.some((role) => REVOKERS.has(role)))
        return no('role', 'hanya pejabat pengesah yang menandatangani, dan tanda tangan tidak bisa dititipkan');
      return ownAgency(actor, thing);
    case 'document.revoke':
      if (!rolesOf(actor).some((role) => REVOKERS.has(role)))
        return no('role', 'hanya pejabat pengesah yang dapat mencabut');
      return ownAgency(actor, thing);
    case 'privacy.read':
    case 'privacy.hold':
    case 'privacy.breach':
      return guarding(actor, right, thing);
    case 'people.manage':
      return managing(actor, thing);
    case 'refusal.read':
      return actor.roles.some((role) => ANSWERABLE.has(role))
        ? yes('Anda bertanggung jawab atas petugas instansi ini')
        : no('role', 'hanya atasan, kepala, atau pengelola akun instansi yang melihatnya');
  }
}

/** Who watches over personal data: of the own agency, or of all when the own agency answers for the whole regency. */
function guarding(actor: Officer, right: Right, { register }: Thing): Verdict {
  const looks = right === 'privacy.read' && actor.roles.includes('head');
  if (!looks && !actor.roles.includes('privacy-officer'))
    return no('role', 'hanya petugas pelindungan data pribadi yang dapat melakukannya');
  if (register && register.agency !== actor.agency && register.coordinator !== actor.agency)
    return no('other-agency', 'catatan ini milik instansi lain');
  return yes('Anda menjaga data pribadi di instansi ini');
}

/** Who looks after the accounts of an agency's officers; nobody looks after one's own, so that nobody gives oneself roles. */
function managing(actor: Officer, { person }: Thing): Verdict {
  if (!actor.roles.includes('admin')) return no('role', 'hanya pengelola akun instansi yang dapat melakukannya');
  if (person?.id === actor.id) return no('role', 'akun sendiri diurus oleh pengelola lain');
  const everywhere = actor.agency === RUNS_THE_SYSTEM && actor.area === '';
  if (person && !everywhere && person.agency !== actor.agency)
    return no('other-agency', 'akun ini milik instansi lain');
  if (person && !everywhere && !inArea(actor.area, person.area)) return no('other-area', 'akun ini dari wilayah lain');
  return yes('Anda mengelola akun petugas instansi ini');
}

/** Whose people an admin lists: one agency and area, or all (''); the same as `may(actor, 'people.manage')` says of each. */
export function peopleOf(actor: Actor): { agency: string; area: string } | undefined {
  if (actor.kind !== 'officer' || !may(actor, 'people.manage').allowed) return undefined;
  return { agency: actor.agency === RUNS_THE_SYSTEM && actor.area === '' ? '' : actor.agency, area: actor.area };
}

/** The officer works at a desk where the case lies now; `withRole`: at her own role's desk, and the action is that role's. */
function onDesk(actor: Officer, thing: Thing, withRole: boolean): Verdict {
  const here = desksOf(actor).some((own) =>
    thing.desks?.some(
      (desk) =>
        desk.agency === own.agency &&
        desk.area === own.area &&
        (!withRole || (own.roles.includes(desk.role) && (thing.by ?? [desk.role]).includes(desk.role))),
    ),
  );
  return here ? yes('berkas ini ada di meja Anda') : no('not-at-desk', 'berkas ini tidak berada di meja Anda');
}

function ownAgency(actor: Officer, { application }: Thing): Verdict {
  if (application?.agency !== actor.agency) return no('other-agency', 'berkas ini milik instansi lain');
  if (!standings(actor).some(({ area }) => inArea(area, application.village)))
    return no('other-area', 'berkas ini dari wilayah lain');
  return overseen(actor).some(({ area }) => inArea(area, application.village))
    ? yes('berkas ini milik instansi Anda')
    : no('role', 'peran Anda tidak mencakup berkas ini');
}

/** Who leads gives out the work of the own agency, in the own place. */
function leading(actor: Officer, thing: Thing): Verdict {
  if (!rolesOf(actor).some((role) => LEADING.has(role)))
    return no('role', 'hanya atasan atau kepala yang membagi tugas');
  const leads = desksOf(actor).filter(({ roles }) => roles.some((role) => LEADING.has(role)));
  const here = (thing.desks ?? []).some((desk) =>
    leads.some(({ agency, area }) => desk.agency === agency && (desk.area === area || inArea(area, desk.area || ' '))),
  );
  return here ? yes('Anda memimpin meja ini') : no('other-agency', 'tugas ini bukan di meja instansi dan wilayah Anda');
}

/** Settings of the own agency, by those who answer for it. */
function answering(actor: Officer, { own }: Thing, roles: ReadonlySet<string>, who: string): Verdict {
  if (own && own.agency !== actor.agency) return no('other-agency', 'ini milik instansi lain');
  if (own?.officer === actor.id) return yes('ini tentang Anda sendiri');
  return actor.roles.some((role) => roles.has(role))
    ? yes('Anda bertanggung jawab atas instansi ini')
    : no('role', `hanya ${who} yang mengaturnya`);
}

/** '' is the whole regency; otherwise the place itself or one inside it. */
export const inArea = (area: string, place: string): boolean =>
  area === '' || place === area || place.startsWith(`${area}.`);

const yes = (because: string): Verdict => ({ allowed: true, because, why: 'allowed' });
const no = (why: Why, because: string): Verdict => ({ allowed: false, because, why });
