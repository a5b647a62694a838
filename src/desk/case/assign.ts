// Who has the case: take, take over, free, give, and send back what was escalated. Pure.

import { html } from 'hono/html';
import type { Colleague } from '#src/applications/assignment/actions.ts';
import type { Dossier } from '#src/applications/dossier/actions.ts';
import { roleName } from '#src/catalogue/roles.ts';
import { shortName } from '#src/office.ts';
import { button, details, notice } from '#ui/components.ts';
import { form, selectField, textArea } from '#ui/fields.ts';
import type { Content, Html } from '#ui/html.ts';

import { type FormSetting, pressForm } from './forms.ts';

export type AssignSetting = {
  dossier: Dossier;
  me: string;
  /** The task on the reader's own desk. */
  own: Dossier['tasks'][number] | undefined;
  /** Tasks that the reader may give to somebody. */
  assignable: { task: Dossier['tasks'][number]; colleagues: Colleague[] }[];
  nameOf: (officer: string) => string;
};

/** One's own share in the case: taken or free, by whom, and the button that goes with it. */
export function takenLine({ dossier, me, own, nameOf }: AssignSetting, forms: FormSetting): Content {
  if (!own || (dossier.actions.length === 0 && own.kind !== 'escalation')) return null;
  if (own.takenBy === me)
    return html`<div class="taken"><span>Berkas ini atas nama Anda.</span>${pressForm(forms, `lepas/${own.id}`, 'Lepaskan')}</div>`;
  if (!own.takenBy)
    return html`<div class="taken"><span>Belum ada yang mengambil.</span>${pressForm(forms, 'ambil', 'Ambil')}</div>`;
  return notice({
    tone: 'warning',
    body: html`<p>Sedang dikerjakan <b>${nameOf(own.takenBy)}</b>. Tanyakan dulu sebelum menindaknya.</p><div class="press">${form({ action: `${forms.path}/ambil`, hidden: { perintah: forms.commandId(), dari: own.takenBy }, body: button('Ambil alih', { kind: 'secondary' }) })}</div>`,
  });
}

/** For who leads: each open task with those who could do it. */
export function assignForms({ assignable, nameOf }: AssignSetting, forms: FormSetting): Content {
  const given = assignable.filter(({ colleagues, task }) => colleagues.length > 0 && task.kind !== 'escalation');
  const escalated = assignable.some(({ task }) => task.kind === 'escalation');
  return [
    escalated && returnForm(forms),
    given.length > 0 &&
      details(
        'Bagi tugas',
        given.map(({ task, colleagues }) => {
          const own = `tugas-${task.id}`;
          return html`<section><h3>${roleName(task.role)}</h3><p>${task.takenBy ? html`Sekarang pada <b>${nameOf(task.takenBy)}</b>.` : 'Belum ada yang mengambil.'}</p>${form(
            {
              action: `${forms.path}/bagi/${task.id}`,
              hidden: { perintah: forms.commandId() },
              body: [
                selectField({
                  name: `${own}.petugas`,
                  label: 'Berikan kepada',
                  options: colleagues.map(({ id, name }) => ({ value: id, text: shortName(name) })),
                  value: forms.typed?.form === own ? forms.typed.values.petugas?.at(-1) : undefined,
                  ...(forms.typed?.form === own && forms.typed.errors.officer && { error: forms.typed.errors.officer }),
                }),
                button('Berikan', { kind: 'secondary' }),
              ],
            },
          )}${task.takenBy && pressForm(forms, `lepas/${task.id}`, 'Kembalikan ke meja')}</section>`;
        }),
        { open: forms.typed?.form.startsWith('tugas-') ?? false },
      ),
  ];
}

function returnForm(forms: FormSetting): Html {
  const own = 'eskalasi';
  const typed = forms.typed?.form === own ? forms.typed : undefined;
  return details(
    'Kembalikan eskalasi ke meja',
    form({
      action: `${forms.path}/eskalasi`,
      hidden: { perintah: forms.commandId() },
      body: [
        textArea({
          name: `${own}.catatan`,
          label: 'Pesan untuk meja',
          hint: 'Berkas tetap di meja semula; yang dieskalasi kepada Anda selesai.',
          rows: 3,
          value: typed?.values.catatan?.at(-1),
          ...(typed?.errors.catatan && { error: typed.errors.catatan }),
        }),
        button('Kembalikan', { kind: 'secondary' }),
      ],
    }),
    { open: typed !== undefined },
  );
}
