// A mandate (kuasa): somebody acts for the principal in one application, for a time. How long, in what words. Pure.

export const RELATIONS = ['family', 'companion', 'village', 'officer', 'other'] as const;
export type Relation = (typeof RELATIONS)[number];
export const isRelation = (text: string): text is Relation => (RELATIONS as readonly string[]).includes(text);

/** Who the agent is to the principal, as people say it. */
export const RELATION_WORDS: Record<Relation, string> = {
  family: 'Keluarga',
  companion: 'Pendamping',
  village: 'Perangkat desa atau kelurahan',
  officer: 'Petugas pelayanan',
  other: 'Lainnya',
};

export const DEFAULT_DAYS = 30;
export const MOST_DAYS = 90;
const DAY = 86_400_000;

export type AgentKind = 'account' | 'officer' | 'code';
/** `declared`: the agent says so when applying; `given`: by whoever holds the application. */
export type Origin = 'declared' | 'given';

export type Mandate = {
  id: string;
  application: string;
  origin: Origin;
  relation: Relation;
  principal: string;
  agentKind: AgentKind;
  agent: string | null;
  agency: string | null;
  agentName: string;
  starts: Date;
  ends: Date;
  revokedAt: Date | null;
  revokedBy: 'principal' | 'agent' | null;
};

export type Standing = 'running' | 'revoked' | 'ended';

export function standingOf(mandate: Pick<Mandate, 'revokedAt' | 'ends'>, now: Date): Standing {
  if (mandate.revokedAt) return 'revoked';
  return mandate.ends <= now ? 'ended' : 'running';
}

/**
 * The last moment of a mandate: the end of the last day in the regency's zone, `days` after today. Undefined when it is no
 * whole number of days between 1 and 90.
 */
export function endOf(now: Date, days: number, offsetMinutes: number): Date | undefined {
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) return undefined;
  const local = now.getTime() + offsetMinutes * 60_000;
  return new Date((Math.floor(local / DAY) + days + 1) * DAY - offsetMinutes * 60_000);
}

/** A name as it may be kept: one line, 2 to 100 characters; undefined when it is none. */
export function readName(typed: string): string | undefined {
  const name = typed
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return name.length >= 2 && name.length <= 100 && /\p{L}/u.test(name) && !name.includes('\uFFFD') ? name : undefined;
}
