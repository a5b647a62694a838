// Who stands for whom, and the form that sets it. Pure.

import { html } from 'hono/html';
import type { Absence, Person } from '#src/applications/assignment/deputies/actions.ts';
import { roleName } from '#src/catalogue/roles.ts';
import { shortName } from '#src/office.ts';
import { button, confirmDialog, details, emptyState, notice, tag } from '#ui/components.ts';
import { type DateValue, dateField, errorSummary, form, selectField } from '#ui/fields.ts';
import { formatDate, formatList } from '#ui/format.ts';
import { type Html, hidden } from '#ui/html.ts';
import { table } from '#ui/lists.ts';

export type DeputySetting = {
  absences: Absence[];
  people: Person[];
  mayForOthers: boolean;
  me: string;
  offset: number;
  commandId: () => string;
  typed?: {
    values: { officer: string; deputy: string; starts: DateValue; ends: DateValue };
    errors: Record<string, string>;
  };
};

export function deputiesView(setting: DeputySetting): Html {
  const { absences, me, offset, typed } = setting;
  const standing = absences.filter((one) => one.running && one.deputy === me);
  const day = (at: Date) => formatDate(at, offset);
  return html`${typed && errorSummary(Object.entries(typed.errors).map(([path, message]) => ({ path, message })))}<h1>Pengganti selama cuti</h1><p class="lead">Pengganti melihat kotak masuk yang digantikan dan bertindak dengan peran dan wilayahnya, hanya pada hari-hari itu. Setiap tindakan mencatat siapa yang bertindak dan untuk siapa. Penggantian berakhir sendiri.</p>${standing.map(
    (one) =>
      notice({
        body: html`<p>Anda sedang menggantikan <b>${shortName(one.name)}</b> (${formatList(one.roles.map(roleName)).toLowerCase()}) sampai ${day(last(one.ends))}.</p>`,
      }),
  )}${
    absences.length > 0
      ? table({
          caption: 'Penggantian yang berjalan dan yang akan datang',
          captionHidden: true,
          columns: [
            { text: 'Yang cuti' },
            { text: 'Pengganti' },
            { text: 'Dari' },
            { text: 'Sampai' },
            { text: 'Keadaan' },
            { text: hidden('Tindakan') },
          ],
          rows: absences.map((one) => [
            shortName(one.name),
            shortName(one.deputyName),
            day(one.starts),
            day(last(one.ends)),
            one.running ? tag('Berjalan', 'running') : tag('Akan datang', 'quiet'),
            one.mayEnd &&
              confirmDialog({
                id: `akhiri-${one.id}`,
                trigger: 'Akhiri',
                kind: 'secondary',
                title: `Akhiri penggantian ${shortName(one.name)} sekarang?`,
                body: form({
                  action: `/kerja/pengganti/${one.id}/akhiri`,
                  hidden: { perintah: setting.commandId() },
                  body: [
                    html`<p>${shortName(one.deputyName)} tidak lagi melihat mejanya. Yang sudah dikerjakan tetap berlaku.</p>`,
                    button('Ya, akhiri', { kind: 'danger' }),
                  ],
                }),
              }),
          ]),
        })
      : emptyState({ title: 'Tidak ada penggantian.' })
  }${details('Atur pengganti', deputyForm(setting), { open: typed !== undefined || absences.length === 0 })}`;
}

/** The table tells the last day itself; stored is the moment after it. */
const last = (ends: Date): Date => new Date(ends.getTime() - 1);

function deputyForm({ people, mayForOthers, me, typed, commandId }: DeputySetting): Html {
  const fault = (name: string) => (typed?.errors[name] ? { error: typed.errors[name] } : {});
  const options = people.map((one) => ({
    value: one.id,
    text: `${shortName(one.name)} (${formatList(one.roles.map(roleName)).toLowerCase()}${one.area && `, ${one.area}`})`,
  }));
  return form({
    action: '/kerja/pengganti',
    hidden: { perintah: commandId(), ...(!mayForOthers && { petugas: me }) },
    body: [
      mayForOthers &&
        selectField({
          name: 'petugas',
          label: 'Yang cuti',
          options,
          value: typed?.values.officer ?? me,
          ...fault('petugas'),
        }),
      selectField({
        name: 'pengganti',
        label: 'Pengganti',
        options: options.filter(({ value }) => mayForOthers || value !== me),
        value: typed?.values.deputy,
        ...fault('pengganti'),
      }),
      dateField({ name: 'dari', label: 'Hari pertama', value: typed?.values.starts, ...fault('dari') }),
      dateField({ name: 'sampai', label: 'Hari terakhir', value: typed?.values.ends, ...fault('sampai') }),
      button('Simpan'),
    ],
  });
}
