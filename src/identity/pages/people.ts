// The people of an agency, for its admin: the list, and inviting somebody.

import type { Hono } from 'hono';
import { html } from 'hono/html';
import { readForm, textOf } from '#platform/http.ts';
import { isId, newId } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { roleName } from '#src/catalogue/roles.ts';
import { shortName } from '#src/office.ts';
import { button, buttons, emptyState, linkButton, notice, section, tag } from '#ui/components.ts';
import { checkboxes, errorSummary, form, searchBox, selectField, textField } from '#ui/fields.ts';
import { formatDateTime, formatList } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { pager, table } from '#ui/lists.ts';
import { INVITATION_HOURS, type Invitation, invite, listPeople, officesOf, type Person } from '../people/actions.ts';
import { GIVEN_ROLES } from '../people/person.ts';
import { self } from '../sessions/actions.ts';
import { roleDeed } from '../text.ts';
import { areaName, done, faultsOf, officerPage, PEOPLE, type Request } from './frame.ts';
import { invitationPages } from './invitation.ts';
import { personPages } from './person.ts';

const DONE = {
  tarik: 'Undangan itu sudah ditarik; tautannya tidak berlaku lagi.',
  ganda: 'Undangan ini sudah dibuat sebelumnya. Buka undangannya bila perlu tautan baru.',
};

export function peoplePages(app: Hono<Env>): void {
  app.get(PEOPLE, showList);
  app.get(`${PEOPLE}/undang`, (c) => showInvite(c, { command: newId(c.get('ctx').now) }));
  app.post(`${PEOPLE}/undang`, async (c) => {
    const given = await readForm(c);
    const typed = {
      name: textOf(given, 'nama').slice(0, 200),
      contact: textOf(given, 'kontak').slice(0, 300),
      agency: textOf(given, 'instansi') || self(c.get('ctx')).agency,
      roles: listOf(given.peran),
      area: textOf(given, 'wilayah'),
    };
    const command = textOf(given, 'perintah').toLowerCase();
    const ctx = { ...c.get('ctx'), commandId: isId(command) ? command : c.get('ctx').commandId };
    try {
      const { id, link } = await invite(ctx, typed);
      return link ? showLink(c, { link, name: typed.name, id }) : c.redirect(`${PEOPLE}?selesai=ganda`, 303);
    } catch (error) {
      return showInvite(c, { ...typed, command: ctx.commandId, errors: faultsOf(error) });
    }
  });
  invitationPages(app);
  personPages(app);
}

export const listOf = (value: unknown): string[] =>
  [value ?? []].flat().filter((one): one is string => typeof one === 'string');

async function showList(c: Request): Promise<Response> {
  const ctx = c.get('ctx');
  const me = self(ctx);
  const query = (c.req.query('cari') ?? '').slice(0, 60);
  const after = c.req.query('setelah');
  const [list, { agencies }] = await Promise.all([listPeople(ctx, { query, after }), getCatalogue(ctx)]);
  const short = (id: string) => agencies.get(id)?.short ?? id;
  const several = list.people.some(({ agency }) => agency !== me.agency);
  const areas = new Map<string, string>();
  for (const { area } of [...list.people, ...list.invitations])
    if (!areas.has(area)) areas.set(area, await areaName(ctx, area));
  const keep = query ? `cari=${encodeURIComponent(query)}&` : '';
  const row = (person: Person) => [
    html`<a href="${PEOPLE}/${person.id}">${shortName(person.name)}</a>`,
    person.login,
    ...(several ? [short(person.agency)] : []),
    formatList(person.roles.map(roleName)),
    areas.get(person.area),
    html`${stateOf(person)}${person.id === me.id && html` <span class="hint">Anda</span>`}`,
  ];
  const people =
    list.people.length > 0
      ? table({
          caption: 'Orang',
          captionHidden: true,
          columns: [
            { text: 'Nama' },
            { text: 'Nama akun' },
            ...(several ? [{ text: 'Instansi' }] : []),
            { text: 'Peran' },
            { text: 'Wilayah' },
            { text: 'Keadaan' },
          ],
          rows: list.people.map(row),
        })
      : emptyState({
          title: query ? 'Tidak ada yang cocok.' : 'Belum ada petugas.',
          body: html`<p>${query ? 'Cari dengan potongan nama atau nama akun yang lain.' : 'Undang petugas pertama instansi Anda.'}</p>`,
          action: query ? linkButton('Lihat semua', PEOPLE, 'secondary') : null,
        });
  return c.html(
    officerPage(ctx, {
      title: 'Orang',
      path: PEOPLE,
      wide: true,
      body: html`${done(c, DONE)}<div class="top"><h1>Orang ${several ? 'di semua instansi' : `di ${short(me.agency)}`}</h1>${linkButton('Undang petugas', `${PEOPLE}/undang`)}</div>${searchBox({ action: PEOPLE, name: 'cari', label: 'Cari nama atau nama akun', value: query })}${people}${pager(
        {
          newer: after && `${PEOPLE}${query ? `?cari=${encodeURIComponent(query)}` : ''}`,
          newerText: 'Dari awal',
          older: list.next && `${PEOPLE}?${keep}setelah=${list.next}`,
          olderText: 'Berikutnya',
          label: 'Halaman daftar orang',
        },
      )}${
        list.invitations.length > 0 &&
        section(
          'Undangan yang belum dipakai',
          invitationTable(list.invitations, {
            now: ctx.now,
            offset: ctx.calendar.offsetMinutes,
            areaOf: (area) => areas.get(area) ?? area,
          }),
        )
      }`,
    }),
  );
}

export function stateOf(person: Person): Content {
  if (person.disabled) return tag('Dinonaktifkan', 'stopped');
  if (person.secured) return tag('Aktif', 'done');
  return tag(person.demo ? 'Akun contoh' : 'Belum ada pengaman kedua', person.demo ? 'quiet' : 'yours');
}

function invitationTable(
  list: Invitation[],
  around: { now: Date; offset: number; areaOf(area: string): string },
): Content {
  return table({
    caption: 'Undangan',
    captionHidden: true,
    columns: [{ text: 'Nama' }, { text: 'Peran' }, { text: 'Wilayah' }, { text: 'Berlaku sampai' }],
    rows: list.map(({ id, name, roles, area, expires }) => [
      html`<a href="${PEOPLE}/undangan/${id}">${name}</a>`,
      formatList(roles.map(roleName)),
      around.areaOf(area),
      expires > around.now ? formatDateTime(expires, around.offset) : tag('Lewat waktu', 'stopped'),
    ]),
  });
}

/** The link once, large enough to copy; it opens nothing a second time. */
export async function showLink(
  c: Request,
  given: { link: string; name: string; id: string; again?: boolean; renewal?: boolean },
): Promise<Response> {
  const ctx = c.get('ctx');
  const url = `${ctx.config.publicUrl}${given.link}`;
  const what = given.renewal ? 'Tautan kata sandi baru' : 'Undangan';
  return c.html(
    officerPage(ctx, {
      title: what,
      path: PEOPLE,
      back: { text: 'Orang', href: PEOPLE },
      body: html`<h1>${what} untuk ${shortName(given.name)}</h1>${notice({
        tone: 'success',
        body: html`<p>${given.again ? 'Tautan baru sudah dibuat; yang lama tidak berlaku lagi.' : 'Tautan sudah dibuat.'} ${given.renewal ? 'Serahkan sendiri kepada orangnya.' : 'Bila kontaknya diisi, tautan juga dikirim ke sana.'}</p>`,
      })}<p>Serahkan tautan ini langsung kepada orangnya. Berlaku ${INVITATION_HOURS} jam, satu kali, dan <b>hanya tampil sekarang</b>.</p><p><code class="link">${url}</code></p>${
        given.renewal &&
        html`<p class="hint">Pengaman kedua orang itu tetap diminta saat masuk. Bila ponselnya juga hilang, hapus dulu pengamannya di halaman orang itu.</p>`
      }<p>${linkButton('Kembali ke daftar orang', PEOPLE, 'secondary')}</p>`,
    }),
  );
}

type Typed = {
  command: string;
  name?: string;
  contact?: string;
  agency?: string;
  roles?: string[];
  area?: string;
  errors?: ReturnType<typeof faultsOf>;
};

async function showInvite(c: Request, typed: Typed): Promise<Response> {
  const ctx = c.get('ctx');
  const me = self(ctx);
  await listPeople(ctx, { query: '-' }); // permits
  const { agencies, places } = await officesOf(ctx);
  const wrong = typed.errors?.of ?? {};
  const page = officerPage(ctx, {
    title: 'Undang petugas',
    path: PEOPLE,
    back: { text: 'Orang', href: PEOPLE },
    error: typed.errors !== undefined,
    body: html`${typed.errors && errorSummary(typed.errors.list)}<h1>Undang petugas</h1><p>Orang itu menerima tautan untuk membuat nama akun, kata sandi, dan pengaman kedua sendiri. Anda tidak pernah mengetahui kata sandinya.</p>${form(
      {
        action: `${PEOPLE}/undang`,
        hidden: { perintah: typed.command },
        body: html`${textField({ name: 'nama', label: 'Nama lengkap', value: typed.name, length: 30, maxlength: 120, autocomplete: 'off', error: wrong.nama })}${textField({ name: 'kontak', label: 'Email atau nomor HP dinas', optional: true, hint: 'Tautan dikirim ke sana. Kosongkan bila Anda menyerahkan tautannya sendiri.', value: typed.contact, length: 30, autocomplete: 'off', autocapitalize: 'none', spellcheck: false, error: wrong.kontak })}${
          agencies.length > 1 &&
          selectField({
            name: 'instansi',
            label: 'Instansi',
            options: agencies.map(([value, text]) => ({ value, text })),
            value: typed.agency ?? me.agency,
            error: wrong.instansi,
          })
        }${officeFields({ roles: typed.roles ?? [], area: typed.area ?? me.area }, places, wrong)}${buttons(button('Buat undangan'), linkButton('Batal', PEOPLE, 'secondary'))}`,
      },
    )}`,
  });
  return c.html(page, typed.errors ? 422 : 200);
}

/** Which roles, and where. */
export function officeFields(
  given: { roles: string[]; area: string },
  places: Map<string, string>,
  wrong: Record<string, string>,
): Content {
  return html`${checkboxes({
    name: 'peran',
    label: 'Peran',
    options: Object.entries(GIVEN_ROLES).map(([value, text]) => ({ value, text, hint: roleDeed(value) })),
    values: given.roles,
    error: wrong.peran,
  })}${placeField(given.area, places, wrong.wilayah)}`;
}

// an empty value is a choice here (the whole regency), and the list's own first entry stands for it
function placeField(area: string, places: Map<string, string>, error: string | undefined): Content {
  const options = [...places].filter(([value]) => value !== '').map(([value, text]) => ({ value, text }));
  return selectField({
    name: 'wilayah',
    label: 'Wilayah',
    hint: 'Hanya berkas dari wilayah ini yang tampil baginya.',
    options,
    value: area,
    empty: places.get('') ?? 'Pilih satu',
    error,
  });
}
