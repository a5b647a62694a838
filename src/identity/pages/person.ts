// One officer's account as the agency's admin sees it: what it may, what stands in the way, and the deeds that help or close it.

import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { readForm, textOf } from '#platform/http.ts';
import { isId, newId } from '#platform/ids.ts';
import type { Env, InHand } from '#platform/modules.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { roleName } from '#src/catalogue/roles.ts';
import { shortName } from '#src/office.ts';
import { may } from '#src/rights.ts';
import { button, buttons, confirmDialog, notice, section, split } from '#ui/components.ts';
import { errorSummary, form } from '#ui/fields.ts';
import { formatCount, formatDateTime, formatList } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { summaryList } from '#ui/lists.ts';
import {
  changePerson,
  endSessionsOf,
  liftPause,
  offerNewPassword,
  officesOf,
  openPerson,
  type Person,
  resetPerson,
  setDisabled,
} from '../people/actions.ts';
import { areaName, done, faultsOf, officerPage, PEOPLE, type Request } from './frame.ts';
import { listOf, officeFields, showLink, stateOf } from './people.ts';

const DONE = {
  ubah: 'Peran dan wilayah tersimpan, dan berlaku saat ini juga.',
  tutup: 'Akun dinonaktifkan; semua sesinya sudah berakhir.',
  buka: 'Akun aktif lagi. Orang itu dapat masuk dengan kata sandinya.',
  sesi: 'Semua sesinya sudah diakhiri.',
  pengaman: 'Pengaman kedua dihapus. Minta orang itu memasang yang baru begitu masuk.',
  jeda: 'Jeda sudah diangkat. Orang itu dapat mencoba masuk lagi.',
};
type Done = keyof typeof DONE;

export function personPages(app: Hono<Env>): void {
  const at = `${PEOPLE}/:id{[0-9a-f-]{36}}`;
  app.get(at, (c) => show(c));

  app.post(`${at}/peran`, async (c) => {
    const given = await readForm(c);
    const office = { roles: listOf(given.peran), area: textOf(given, 'wilayah') };
    try {
      await changePerson(c.get('ctx'), idOf(c), office);
    } catch (error) {
      return show(c, { ...office, errors: faultsOf(error) });
    }
    return back(c, 'ubah');
  });

  const deed = (path: string, what: Done, work: (ctx: Ctx, id: string) => Promise<void>) =>
    app.post(`${at}/${path}`, async (c) => {
      await work(c.get('ctx'), idOf(c));
      return back(c, what);
    });
  deed('nonaktif', 'tutup', (ctx, id) => setDisabled(ctx, id, true));
  deed('aktif', 'buka', (ctx, id) => setDisabled(ctx, id, false));
  deed('keluarkan', 'sesi', endSessionsOf);
  deed('hapus-pengaman', 'pengaman', resetPerson);
  deed('angkat-jeda', 'jeda', liftPause);

  app.post(`${at}/kata-sandi`, async (c) => {
    const command = textOf(await readForm(c), 'perintah').toLowerCase();
    const ctx = { ...c.get('ctx'), commandId: isId(command) ? command : c.get('ctx').commandId };
    const { link } = await offerNewPassword(ctx, idOf(c));
    const { person } = await openPerson(ctx, idOf(c));
    return showLink(c, { link, name: person.name, id: person.id, renewal: true });
  });
}

const idOf = (c: Request): string => c.req.param('id') ?? '';
const back = (c: Request, what: Done): Response => c.redirect(`${PEOPLE}/${idOf(c)}?selesai=${what}`, 303);

type Typed = { roles: string[]; area: string; errors: ReturnType<typeof faultsOf> };

async function show(c: Request, typed?: Typed): Promise<Response> {
  const ctx = c.get('ctx');
  const { person, sessions, pausedUntil } = await openPerson(ctx, idOf(c));
  const [{ agencies }, { places }, area, hands] = await Promise.all([
    getCatalogue(ctx),
    officesOf(ctx),
    areaName(ctx, person.area),
    Promise.all(ctx.inHand.map((inHand) => inHand(ctx, person.id))),
  ]);
  const verdict = may(ctx.actor, 'people.manage', {
    person: { id: person.id, agency: person.agency, area: person.area },
  });
  const offset = ctx.calendar.offsetMinutes;
  const name = shortName(person.name);
  const facts = html`${summaryList([
    { key: 'Nama akun', value: person.login },
    { key: 'Instansi', value: agencies.get(person.agency)?.name ?? person.agency },
    { key: 'Peran', value: formatList(person.roles.map(roleName)) },
    { key: 'Wilayah', value: area },
    { key: 'Pengaman kedua', value: person.secured ? 'terpasang' : 'belum ada' },
    { key: 'Sedang masuk', value: formatCount(sessions, 'perangkat', 'tidak di mana pun') },
  ])}${
    verdict.allowed
      ? section(
          'Peran dan wilayah',
          form({
            action: `${PEOPLE}/${person.id}/peran`,
            body: html`${officeFields(typed ?? person, places, typed?.errors.of ?? {})}${buttons(button('Simpan peran dan wilayah'))}`,
          }),
        )
      : notice({ body: html`<p>Tidak bisa diubah di sini, karena ${verdict.because}.</p>` })
  }`;
  const body = html`${done(c, DONE)}${typed && errorSummary(typed.errors.list)}<h1>${name} ${stateOf(person)}</h1>${
    pausedUntil &&
    notice({
      tone: 'warning',
      title: 'Akun sedang jeda',
      body: html`<p>Terlalu banyak kata sandi atau kode yang salah. Bisa mencoba lagi ${formatDateTime(pausedUntil, offset)}.</p>`,
    })
  }${inHandNotice(hands, name, person.disabled)}${verdict.allowed ? split(facts, deeds(ctx, person, { sessions, paused: pausedUntil !== null }), 'Tindakan') : facts}`;
  const page = officerPage(ctx, {
    title: name,
    path: PEOPLE,
    wide: true,
    back: { text: 'Orang', href: PEOPLE },
    error: typed !== undefined,
    body,
  });
  return c.html(page, typed ? 422 : 200);
}

/** What would lie still without this person. */
function inHandNotice(hands: InHand[], name: string, disabled: boolean): Content {
  const count = hands.reduce((sum, hand) => sum + hand.count, 0);
  if (count === 0) return null;
  const items = hands.flatMap((hand) => hand.items);
  return notice({
    tone: disabled ? 'danger' : 'info',
    title: `${count > 100 ? 'Lebih dari 100' : count} berkas diambil ${name}`,
    body: html`<p>${disabled ? 'Akun ini nonaktif: berkas di bawah ini perlu diambil alih orang lain.' : 'Sebelum menonaktifkan akun, minta rekan mengambil alih berkas ini.'}</p><ul>${items.map(({ text, href }) => html`<li><a href="${href}">${text}</a></li>`)}</ul>${count > items.length && html`<p>dan ${count > 100 ? 'banyak' : count - items.length} lagi.</p>`}`,
  });
}

function deeds(ctx: Ctx, person: Person, now: { sessions: number; paused: boolean }): Content {
  const at = `${PEOPLE}/${person.id}`;
  const ask = (
    id: string,
    trigger: string,
    title: string,
    words: string,
    press: string,
    kind: 'danger' | 'secondary',
  ) =>
    html`<p>${confirmDialog({
      id,
      trigger,
      title,
      kind,
      body: form({ action: `${at}/${id}`, body: html`<p>${words}</p>${button(press, { kind: 'danger' })}` }),
    })}</p>`;
  if (person.disabled)
    return section(
      'Akun nonaktif',
      form({
        action: `${at}/aktif`,
        body: html`<p>Kata sandi dan pengaman keduanya masih sama.</p>${button('Aktifkan lagi')}`,
      }),
    );
  return html`${section(
    'Tidak bisa masuk',
    html`${now.paused && form({ action: `${at}/angkat-jeda`, body: buttons(button('Angkat jeda')) })}${form({
      action: `${at}/kata-sandi`,
      hidden: { perintah: newId(ctx.now) },
      body: html`<p>Lupa kata sandi: buat tautan, lalu serahkan langsung kepada orangnya.</p>${buttons(button('Buat tautan kata sandi baru', { kind: 'secondary' }))}`,
    })}${
      person.secured &&
      html`<p>Ponsel dan kode pemulihan hilang: pastikan dulu bahwa yang meminta benar orangnya.</p>${ask('hapus-pengaman', 'Hapus pengaman kedua', `Hapus pengaman kedua ${shortName(person.name)}?`, 'Semua aplikasi kode, kunci sandi, dan kode pemulihannya dihapus, dan sesinya berakhir. Sampai memasang yang baru, orang itu hanya boleh melihat.', 'Ya, hapus', 'secondary')}`
    }`,
  )}${
    now.sessions > 0 &&
    section(
      'Perangkat hilang',
      ask(
        'keluarkan',
        'Akhiri semua sesinya',
        'Akhiri semua sesinya?',
        'Orang itu harus masuk lagi di setiap perangkat.',
        'Ya, akhiri',
        'secondary',
      ),
    )
  }${section(
    'Pindah atau berhenti',
    html`<p>Akun tidak dihapus, supaya riwayat tetap bernama. Bisa diaktifkan lagi.</p>${ask('nonaktif', 'Nonaktifkan akun', `Nonaktifkan ${shortName(person.name)}?`, 'Semua sesi dan tokennya berakhir sekarang juga. Berkas yang sudah diambilnya tetap atas namanya sampai diambil alih.', 'Ya, nonaktifkan', 'danger')}`,
  )}`;
}
