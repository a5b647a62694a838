// The page of an agency's own days and hours. Pure.
import { html } from 'hono/html';
import type { Calendar, Weekday } from '#platform/calendar.ts';
import type { ClosedDay, OwnHours } from '#src/applications/calendars/actions.ts';
import { button, buttons, details, emptyState, notice, tag } from '#ui/components.ts';
import { consent, type DateValue, dateField, errorSummary, form, textField } from '#ui/fields.ts';
import { formatDate } from '#ui/format.ts';
import type { Html } from '#ui/html.ts';
import { table } from '#ui/lists.ts';

const DAYS: Record<Weekday, string> = {
  1: 'Senin',
  2: 'Selasa',
  3: 'Rabu',
  4: 'Kamis',
  5: 'Jumat',
  6: 'Sabtu',
  7: 'Minggu',
};
const PATH = '/kerja/pengelola/kalender';

export type CalendarSetting = {
  regency: Calendar;
  days: ClosedDay[];
  hours: OwnHours | undefined;
  mayWrite: boolean;
  commandId: () => string;
  typed?: { form: 'jam' | 'tutup'; values: Record<string, string>; date?: DateValue; errors: Record<string, string> };
};

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}.${String(minutes % 60).padStart(2, '0')}`;
const span = (hours: readonly [number, number] | undefined): string =>
  hours ? `${clock(hours[0])}-${clock(hours[1])}` : '';
const unverified = (one: { provenance: string }) =>
  one.provenance === 'unverified' && html` ${tag('perlu diverifikasi', 'quiet')}`;

export function calendarView(setting: CalendarSetting): Html {
  const { regency, days, hours, mayWrite, typed } = setting;
  const open = (day: Weekday) => span(hours ? hours.hours[String(day)] : regency.hours[day]) || 'tutup';
  return html`${typed && errorSummary(Object.entries(typed.errors).map(([path, message]) => ({ path, message })))}<h1>Hari dan jam kerja instansi</h1>${notice({ body: html`<p>Batas waktu berkas baru dihitung dengan kalender ini. Batas yang sudah berjalan tidak diubah. Hari libur nasional dan cuti bersama tetap berlaku.</p>` })}<section><h2>Jam kerja ${hours ? 'sendiri' : 'sama dengan kabupaten'}</h2>${table(
    {
      caption: 'Jam kerja menurut hari',
      captionHidden: true,
      columns: [{ text: 'Hari' }, { text: 'Buka' }],
      rows: (Object.keys(DAYS) as unknown as Weekday[]).map((day) => [DAYS[day], open(day)]),
    },
  )}<p class="small">Dasar: ${(hours ?? regency.hoursOrigin).source}${unverified(hours ?? regency.hoursOrigin)}</p>${mayWrite && details('Atur jam kerja sendiri', hoursForm(setting), { open: typed?.form === 'jam' })}${
    mayWrite &&
    hours &&
    form({
      action: `${PATH}/jam/hapus`,
      hidden: { perintah: setting.commandId() },
      body: button('Kembali ke jam kabupaten', { kind: 'secondary' }),
    })
  }</section><section><h2>Hari tutup sendiri</h2>${
    days.length > 0
      ? table({
          caption: 'Hari tutup instansi',
          captionHidden: true,
          columns: [{ text: 'Hari' }, { text: 'Sebab' }, { text: 'Dasar' }, { text: '' }],
          rows: days.map((one) => [
            formatDate(`${one.day}T00:00:00Z`, 0),
            one.name,
            html`${one.source}${unverified(one)}`,
            mayWrite &&
              html`<div class="press">${form({ action: `${PATH}/tutup/${one.day}/hapus`, hidden: { perintah: setting.commandId() }, body: button('Buka kembali', { kind: 'secondary' }) })}</div>`,
          ]),
        })
      : emptyState({ title: 'Tidak ada hari tutup selain libur nasional.' })
  }${mayWrite && details('Tambah hari tutup', closedForm(setting), { open: typed?.form === 'tutup' })}</section>`;
}

function origin(setting: CalendarSetting, own: 'jam' | 'tutup', fallback?: OwnHours): Html[] {
  const typed = setting.typed?.form === own ? setting.typed : undefined;
  const error = typed?.errors[`${own}.dasar`];
  return [
    textField({
      name: `${own}.dasar`,
      label: 'Dasar',
      hint: 'Surat keputusan, edaran, atau kebiasaan kantor.',
      value: typed?.values[`${own}.dasar`] ?? fallback?.source,
      ...(error && { error }),
    }),
    consent({
      name: `${own}.resmi`,
      label: 'Tertulis di sumber resmi itu. Bila tidak dicentang, tampil sebagai perlu diverifikasi.',
      checked: typed?.values[`${own}.resmi`] === 'ya' || fallback?.provenance === 'sourced',
    }),
  ];
}

function hoursForm(setting: CalendarSetting): Html {
  const typed = setting.typed?.form === 'jam' ? setting.typed : undefined;
  return form({
    action: `${PATH}/jam`,
    hidden: { perintah: setting.commandId() },
    body: [
      ...(Object.keys(DAYS) as unknown as Weekday[]).map((day) => {
        const name = `jam.${day}`;
        const error = typed?.errors[name];
        return textField({
          name,
          label: DAYS[day],
          length: 16,
          hint: 'Misalnya 08.00-15.30; kosong berarti tutup.',
          value:
            typed?.values[name] ?? span(setting.hours ? setting.hours.hours[String(day)] : setting.regency.hours[day]),
          ...(error && { error }),
        });
      }),
      ...origin(setting, 'jam', setting.hours),
      buttons(button('Simpan jam kerja')),
    ],
  });
}

function closedForm(setting: CalendarSetting): Html {
  const typed = setting.typed?.form === 'tutup' ? setting.typed : undefined;
  const fault = (name: string) => (typed?.errors[name] ? { error: typed.errors[name] } : {});
  return form({
    action: `${PATH}/tutup`,
    hidden: { perintah: setting.commandId() },
    body: [
      dateField({ name: 'tutup.hari', label: 'Hari', value: typed?.date, ...fault('tutup.hari') }),
      textField({
        name: 'tutup.sebab',
        label: 'Sebab',
        maxlength: 120,
        value: typed?.values['tutup.sebab'],
        ...fault('tutup.sebab'),
      }),
      ...origin(setting, 'tutup'),
      button('Simpan hari tutup'),
    ],
  });
}
