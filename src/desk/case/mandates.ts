// Who acts for the applicant, told to the officer who decides. Pure.
import { html } from 'hono/html';
import { type Mandate, RELATION_WORDS, type Standing, standingOf } from '#src/identity/mandates/mandate.ts';
import { notice } from '#ui/components.ts';
import { formatShortDate } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import type { CaseSetting } from './view.ts';

const STANDING: Record<Standing, string> = { running: 'sampai', revoked: 'dicabut', ended: 'berakhir' };

export function mandateLines({ mandates, now, calendar }: CaseSetting, agencyName: (id: string) => string): Content {
  if (mandates.length === 0) return null;
  const line = (one: Mandate) => {
    const standing = standingOf(one, now);
    const who =
      one.agentKind === 'officer'
        ? `petugas ${agencyName(one.agency ?? '')}`
        : `${one.agentName || 'penerima kuasa'} (${RELATION_WORDS[one.relation].toLowerCase()})`;
    const day = one.revokedAt ?? new Date(one.ends.getTime() - 1);
    return html`<p>${one.origin === 'declared' ? 'Diajukan oleh' : 'Boleh diurus oleh'} <b>${who}</b> sebagai kuasa untuk ${one.principal}, ${STANDING[standing]} ${formatShortDate(day, calendar.offsetMinutes)}${one.origin === 'declared' && ' (dinyatakan oleh penerima kuasa)'}.</p>`;
  };
  return notice({ body: html`${mandates.map(line)}` });
}
