// What all pages of officers share, whichever module draws them: the menu of what one's roles open, name and roles. Pure.
import type { Actor, Ctx } from '#platform/context.ts';
import { formatList } from '#ui/format.ts';
import { roleName } from './catalogue/roles.ts';
import { may } from './rights.ts';

export type Link = { text: string; href: string };

/** Where an officer may go. */
function officerNav(actor: Actor): Link[] {
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

/** The demo's names carry their role in brackets; on pages it stands beside them. */
export const shortName = (name: string): string => name.replace(/ \(.*/, '');

/** The frame of a page of officers; `page` takes it with title, path and body. */
export function officerFrame({ actor, config }: Pick<Ctx, 'actor' | 'config'>) {
  return {
    area: 'desk' as const,
    nav: officerNav(actor),
    banner: config.mode === 'demo',
    ...(actor.kind === 'officer' && {
      officer: { name: shortName(actor.name), role: formatList(actor.roles.map(roleName)) },
    }),
  };
}
