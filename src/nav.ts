// The officers' menu, the same on every page whichever module draws it: only what one's roles open. Pure.
import type { Actor } from '#platform/context.ts';
import { may } from './rights.ts';

export type Link = { text: string; href: string };

/** Where an officer may go. */
export function officerNav(actor: Actor): Link[] {
  const own = actor.kind === 'officer' && { application: { id: '', agency: actor.agency, village: actor.area } };
  const links: (Link & { shown?: boolean })[] = [
    { text: 'Kotak masuk', href: '/kerja' },
    { text: 'Arsip', href: '/kerja/arsip' },
    { text: 'Beban', href: '/kerja/beban', shown: may(actor, 'load.read').allowed },
    { text: 'Tanda tangan', href: '/kerja/tanda-tangan', shown: own && may(actor, 'document.sign', own).allowed },
    { text: 'Data pribadi', href: '/kerja/data-pribadi', shown: may(actor, 'privacy.read').allowed },
    { text: 'Orang', href: '/kerja/pengelola/orang', shown: may(actor, 'people.manage').allowed },
    { text: 'Pengganti', href: '/kerja/pengganti' },
    { text: 'Akun', href: '/akun' },
  ];
  return links.filter(({ shown }) => shown !== false).map(({ text, href }) => ({ text, href }));
}
