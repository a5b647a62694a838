// An invitation as the agency's admin sees it.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Env } from '#platform/modules.ts';
import { roleName } from '#src/catalogue/roles.ts';
import { button, buttons, confirmDialog, tag } from '#ui/components.ts';
import { form } from '#ui/fields.ts';
import { formatDateTime, formatList } from '#ui/format.ts';
import { summaryList } from '#ui/lists.ts';
import { openInvitation, resendInvitation, withdrawInvitation } from '../people/actions.ts';
import { areaName, officerPage, PEOPLE, type Request } from './frame.ts';
import { showLink } from './people.ts';

export function invitationPages(app: Hono<Env>): void {
  const at = `${PEOPLE}/undangan/:id`;
  app.get(at, showToAdmin);
  app.post(`${at}/ulang`, async (c) => {
    const ctx = c.get('ctx');
    const id = c.req.param('id');
    const { link } = await resendInvitation(ctx, id);
    return showLink(c, { link, id, name: (await openInvitation(ctx, id)).name, again: true });
  });
  app.post(`${at}/tarik`, async (c) => {
    await withdrawInvitation(c.get('ctx'), c.req.param('id'));
    return c.redirect(`${PEOPLE}?selesai=tarik`, 303);
  });
}

async function showToAdmin(c: Request): Promise<Response> {
  const ctx = c.get('ctx');
  const invitation = await openInvitation(ctx, c.req.param('id') ?? '');
  const { id, name, roles, area, expires, created, used, withdrawn } = invitation;
  const at = `${PEOPLE}/undangan/${id}`;
  const offset = ctx.calendar.offsetMinutes;
  const open = !used && !withdrawn;
  const state = used
    ? tag('Sudah dipakai', 'done')
    : withdrawn
      ? tag('Ditarik', 'stopped')
      : expires > ctx.now
        ? tag('Menunggu', 'yours')
        : tag('Lewat waktu', 'stopped');
  return c.html(
    officerPage(ctx, {
      title: `Undangan ${name}`,
      path: PEOPLE,
      back: { text: 'Orang', href: PEOPLE },
      body: html`<h1>Undangan ${name} ${state}</h1>${summaryList([
        { key: 'Peran', value: formatList(roles.map(roleName)) },
        { key: 'Wilayah', value: await areaName(ctx, area) },
        { key: 'Dibuat', value: formatDateTime(created, offset) },
        { key: 'Berlaku sampai', value: formatDateTime(expires, offset) },
        {
          key: 'Dikirim ke',
          value: invitation.contact ? 'kontak yang Anda tulis' : 'tidak dikirim, diserahkan langsung',
        },
      ])}${
        open &&
        html`${form({
          action: `${at}/ulang`,
          body: html`<p>Tautan hilang atau lewat waktu? Yang baru menggantikan yang lama.</p>${buttons(button('Buat tautan baru dan kirim ulang'))}`,
        })}<p>${confirmDialog({
          id: 'tarik',
          trigger: 'Tarik undangan',
          title: 'Tarik undangan ini?',
          kind: 'secondary',
          body: form({
            action: `${at}/tarik`,
            body: html`<p>Tautannya langsung tidak berlaku. Anda bisa mengundang lagi kapan saja.</p>${button('Ya, tarik', { kind: 'danger' })}`,
          }),
        })}</p>`
      }`,
    }),
  );
}
