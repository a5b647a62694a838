// Where officers find this module's pages. Pure.
import type { Actor } from '#platform/context.ts';
import { may } from '#src/rights.ts';

/** Which of this module's pages are for the officer; for navigations. */
export function paperLinks(actor: Actor): { text: string; href: string }[] {
  if (actor.kind !== 'officer') return [];
  const own = { application: { id: '', agency: actor.agency, village: actor.area } };
  return [
    ...(may(actor, 'document.sign', own).allowed ? [{ text: 'Tanda tangan', href: '/kerja/tanda-tangan' }] : []),
    ...(may(actor, 'document.letterhead').allowed ? [{ text: 'Kop surat', href: '/kerja/pengelola/kop' }] : []),
  ];
}
