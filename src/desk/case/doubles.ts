// The same person, the same service, near in time: a banner on the case, and both side by side. Pure.
import { html } from 'hono/html';
import type { Calendar } from '#platform/calendar.ts';
import { STATUSES } from '#src/applications/application.ts';
import type { Dossier } from '#src/applications/dossier/actions.ts';
import type { Twin } from '#src/applications/duplicates/actions.ts';
import { button, buttons, linkButton, notice, tag } from '#ui/components.ts';
import { form } from '#ui/fields.ts';
import { formatDateTime, formatShortDate } from '#ui/format.ts';
import type { Content, Html } from '#ui/html.ts';
import { table } from '#ui/lists.ts';
import { statusTag } from '../lists.ts';
import { readAnswers } from './answers.ts';

export type Reading = { today: string; villageName: (code: string) => string | undefined; open: boolean };

/** On top of a case that may be a double. Nothing is merged; an officer says what it is. */
export function doublesBanner(given: {
  path: string;
  twins: readonly Twin[];
  mayClear: boolean;
  offset: number;
  commandId: () => string;
}): Content {
  const { path, twins, offset, commandId } = given;
  if (twins.length === 0) return null;
  return notice({
    tone: 'warning',
    title: 'Mungkin permohonan ganda',
    body: html`<p>Orang yang sama mengajukan layanan yang sama berdekatan:</p><ul class="doubles">${twins.map(
      (twin) => {
        const status = STATUSES.find((one) => one === twin.status);
        return html`<li><a href="/kerja/${twin.number}">${twin.number}</a>, diajukan ${formatShortDate(twin.submittedAt, offset)} ${status && statusTag(status)}${buttons(
          html`<div class="press">${form({ action: `${path}/ganda/${twin.number}`, hidden: { perintah: commandId() }, body: button('Bandingkan berdampingan', { kind: 'secondary' }) })}</div>`,
          given.mayClear &&
            html`<div class="press">${form({ action: `${path}/ganda/${twin.number}/bukan`, hidden: { perintah: commandId() }, body: button('Bukan ganda', { kind: 'secondary' }) })}</div>`,
        )}</li>`;
      },
    )}</ul><p class="small">Membandingkan membuka nomor lengkap keduanya: tercatat atas nama Anda dan dapat dibaca pemohon.</p>`,
  });
}

/** Both cases, question by question; what differs is marked in words too. */
export function compareView(given: {
  pair: readonly [Dossier, Dossier];
  reading: Reading;
  calendar: Calendar;
  mayClear: boolean;
  commandId: () => string;
}): Html {
  const [own, other] = given.pair;
  const rows = [own, other].map((dossier) => answersOf(dossier, given.reading));
  const keys = [...new Set(rows.flatMap((one) => [...one.keys()]))];
  const at = (dossier: Dossier) => formatDateTime(dossier.application.submittedAt, given.calendar.offsetMinutes);
  const path = `/kerja/${own.number}`;
  let differing = 0;
  const lines = keys.map((key) => {
    const [left, right] = rows.map((one) => one.get(key)?.text ?? '');
    const differs = left !== right;
    if (differs) differing += 1;
    const label = rows[0]?.get(key)?.label ?? rows[1]?.get(key)?.label ?? key;
    return {
      cells: [html`${label}${differs && html` ${tag('beda', 'stopped')}`}`, left || '–', right || '–'],
      ...(differs && { tone: 'late' as const }),
    };
  });
  return html`<h1>Dua permohonan, satu orang</h1><p>${own.service.name}. ${differing === 0 ? 'Semua isian sama.' : `${differing} isian berbeda, diberi tanda.`} Kedua pembukaan ini tercatat.</p>${table(
    {
      caption: 'Kedua permohonan berdampingan',
      captionHidden: true,
      columns: [
        { text: 'Isian' },
        { text: html`<a href="${path}">${own.number}</a>` },
        { text: html`<a href="/kerja/${other.number}">${other.number}</a>` },
      ],
      rows: [['Diajukan', at(own), at(other)], ['Keadaan', statusTag(own.status), statusTag(other.status)], ...lines],
    },
  )}<p>Bila ganda: buka salah satu, lalu tolak dengan alasannya atau minta pemohon membatalkannya. Berkas tidak pernah digabung.</p>${buttons(
    given.mayClear &&
      form({
        action: `${path}/ganda/${other.number}/bukan`,
        hidden: { perintah: given.commandId() },
        body: button('Bukan ganda'),
      }),
    linkButton('Kembali ke berkas', path, 'secondary'),
  )}`;
}

function answersOf(dossier: Dossier, reading: Reading): Map<string, { label: string; text: string }> {
  const found = new Map<string, { label: string; text: string }>();
  for (const step of readAnswers(dossier.service, dossier.answers, reading))
    step.items.forEach((item, index) => {
      for (const row of item.rows)
        found.set(`${step.title}/${index}/${row.id}`, {
          label: index > 0 || step.items.length > 1 ? `${row.label} (${index + 1})` : row.label,
          text: row.text,
        });
    });
  return found;
}
