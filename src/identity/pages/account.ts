// The page of an officer's account: who I am, how it is secured, and what I may do.

import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { roleName } from '#src/catalogue/roles.ts';
import { shortName } from '#src/office.ts';
import { may } from '#src/rights.ts';
import { details, linkButton, notice, section, split, tag } from '#ui/components.ts';
import { formatList } from '#ui/format.ts';
import type { Content, Html } from '#ui/html.ts';
import { checklist, summaryList } from '#ui/lists.ts';
import { deedsOf, rightsOf } from '../account.ts';
import { type Security, securityOf } from '../factors/actions.ts';
import { self } from '../sessions/actions.ts';
import { FACTOR_WORDS } from '../text.ts';
import { areaName, officerPage, PEOPLE, SECURITY } from './frame.ts';

export async function accountPage(ctx: Ctx): Promise<Html> {
  const actor = self(ctx);
  const [{ agencies, services }, security, area] = await Promise.all([
    getCatalogue(ctx),
    securityOf(ctx, actor.id),
    areaName(ctx, actor.area),
  ]);
  const deeds = deedsOf(
    actor,
    services.map(({ service }) => service),
  );
  const rights = rightsOf(actor);
  return officerPage(ctx, {
    title: 'Akun saya',
    path: '/akun',
    wide: true,
    body: html`<h1>${shortName(actor.name)}</h1>${actor.weak && weakNotice()}${split(
      html`${summaryList([
        { key: 'Instansi', value: agencies.get(actor.agency)?.name ?? actor.agency },
        { key: 'Peran', value: formatList(actor.roles.map(roleName)) },
        { key: 'Wilayah', value: area },
        {
          key: 'Keamanan',
          value: securityWords(security),
          change: SECURITY,
          changeText: 'Atur',
          what: 'keamanan akun',
        },
      ])}${
        may(actor, 'people.manage').allowed
          ? section(
              'Orang di instansi',
              html`<p>Undang petugas, atur peran dan wilayah, tolong yang tidak bisa masuk.</p><p>${linkButton('Kelola orang', PEOPLE, 'secondary')}</p>`,
            )
          : null
      }${section(
        'Tindakan menurut peran',
        deeds.map(({ role, deeds: names, services: count }) =>
          names.length > 0
            ? details(
                `${roleName(role)}: ${names.length} tindakan di ${count} layanan`,
                html`<ul>${names.map((name) => html`<li>${name}</li>`)}</ul>`,
                { open: deeds.length === 1 },
              )
            : html`<p>${roleName(role)}: belum ada layanan yang memberi tindakan kepada peran ini.</p>`,
        ),
      )}`,
      section(
        'Yang boleh Anda lakukan',
        html`${checklist(
          rights.map(({ text, allowed, because }) => ({
            text,
            ready: allowed,
            hint: `${allowed ? 'Boleh' : 'Tidak boleh'}, karena ${because}.`,
          })),
        )}<p class="hint">NIK, nomor KK, dan nomor HP ditutup. Membukanya tercatat dan dapat dibaca oleh warga yang bersangkutan.</p>`,
      ),
      'Hak',
    )}`,
  });
}

/** What stands between this account and somebody who knows its password. */
export function securityWords({ factors, recoveryLeft }: Security): Content {
  if (factors.length === 0) return html`${tag('Kata sandi saja', 'yours')} belum ada pengaman kedua`;
  const kinds = [...new Set(factors.map(({ kind }) => FACTOR_WORDS[kind] ?? kind))];
  return html`${tag('Terpasang', 'done')} ${formatList(['kata sandi', ...kinds.map((kind) => kind.toLowerCase())])}; ${recoveryLeft} kode pemulihan`;
}

/** Says what a session opened with a password alone cannot do, and the way out. */
export function weakNotice(secured = false): Html {
  const way = secured
    ? html`<p>Keluar, lalu masuk lagi dengan kode dari aplikasi atau kunci sandi.</p>`
    : html`<p>Pasang satu sekarang; cukup beberapa menit dan sebuah ponsel.</p>`;
  return notice({
    tone: 'warning',
    title: 'Anda boleh melihat, belum boleh memutuskan',
    body: html`<p>Anda masuk dengan kata sandi saja. Memutuskan berkas, memberi pendapat, mencabut dokumen, dan mengelola akun perlu pengaman kedua.</p>${way}`,
  });
}
