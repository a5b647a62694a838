// The schedule at work: cases that are held, and the proof of what was destroyed.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { readForm, textOf } from '#platform/http.ts';
import { isId } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { type FieldError, PROBLEMS, Problem } from '#platform/problem.ts';
import { briefCases } from '#src/applications/walk/actions.ts';
import { officerNames } from '#src/identity/actions.ts';
import { may, permit } from '#src/rights.ts';
import { button, buttons, confirmDialog, emptyState, section } from '#ui/components.ts';
import { form, selectField, textField } from '#ui/fields.ts';
import { formatBytes, formatDateTime, formatNumber } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { pager, table } from '#ui/lists.ts';
import { coordinatorOf } from '../asked/coordinator/actions.ts';
import { desk, faultsOf, officers, type Web } from '../pages/frame.ts';
import { holdCase, lastDestructions, releaseCase, standingHolds } from './actions.ts';
import { HOLD_REASONS, LIFT_REASONS } from './retention.ts';

const PAGE = 25;
const PATH = '/kerja/data-pribadi/masa-simpan';

export function keepingPages(app: Hono<Env>): void {
  officers(app, 'get', PATH, (c) => showKeeping(c, {}));
  officers(app, 'post', `${PATH}/tahan`, async (c, ctx) => {
    const given = await readForm(c);
    const [number, reason] = [textOf(given, 'nomor').trim(), textOf(given, 'alasan')];
    try {
      await holdCase(ctx, number, reason);
      return c.redirect(PATH, 303);
    } catch (error) {
      if (error instanceof Problem && error.kind.code === PROBLEMS.notFound.code)
        return showKeeping(c, { number, reason, errors: [{ path: 'nomor', message: error.message }] });
      return showKeeping(c, {
        number,
        reason,
        errors: faultsOf(error).map(() => ({ path: 'alasan', message: 'Pilih alasannya.' })),
      });
    }
  });
  officers(app, 'post', `${PATH}/lepas`, async (c, ctx) => {
    const given = await readForm(c);
    await releaseCase(ctx, textOf(given, 'nomor'), textOf(given, 'alasan'));
    return c.redirect(PATH, 303);
  });
}

type Shown = { number?: string; reason?: string; errors?: FieldError[] };

async function showKeeping(c: Web, shown: Shown): Promise<Response> {
  const ctx = c.get('ctx');
  permit(ctx.actor, 'privacy.read');
  const before = cursorOf(c.req.query('sebelum'));
  const [holds, destroyed] = await Promise.all([standingHolds(ctx, 200), lastDestructions(ctx, before, PAGE + 1)]);
  const shownRows = destroyed.slice(0, PAGE);
  const [cases, names] = await Promise.all([
    briefCases(ctx, [...new Set([...holds, ...shownRows].map((one) => one.application))]),
    officerNames(ctx, [...new Set(holds.map((hold) => hold.setBy))]),
  ]);
  const byId = new Map(cases.map((one) => [one.id, one]));
  // an agency sees its own; who answers for the whole regency sees all
  const mine = await visible(ctx);
  const zone = ctx.calendar.offsetMinutes;
  const errors = shown.errors ?? [];
  const last = shownRows.at(-1);
  const heldRows = holds.filter((hold) => mine(byId.get(hold.application)?.agency));
  const gone = shownRows.filter((one) => mine(byId.get(one.application)?.agency));
  const mayHold = may(ctx.actor, 'privacy.hold').allowed;
  return desk(c, {
    title: 'Masa simpan',
    open: PATH,
    errors,
    body: html`<h1>Masa simpan dan pemusnahan</h1><p>Setiap malam berkas, lalu isian, dimusnahkan menurut masa simpan layanannya. Permohonan yang ditahan tetap utuh.</p>${section(
      'Ditahan dari pemusnahan',
      html`${
        heldRows.length > 0
          ? table({
              caption: 'Permohonan yang ditahan',
              captionHidden: true,
              columns: [{ text: 'Nomor' }, { text: 'Alasan' }, { text: 'Sejak' }, { text: 'Oleh' }, { text: '' }],
              rows: heldRows.map((hold) => {
                const number = byId.get(hold.application)?.number ?? '';
                return [
                  number,
                  HOLD_REASONS[hold.reason as keyof typeof HOLD_REASONS],
                  formatDateTime(hold.setAt, zone),
                  names.get(hold.setBy) ?? '',
                  mayHold && release(hold.id, number),
                ];
              }),
            })
          : emptyState({ title: 'Tidak ada permohonan yang ditahan.' })
      }${mayHold && holdForm(shown, errors)}`,
    )}${section(
      'Sudah dimusnahkan',
      html`${
        gone.length > 0
          ? table({
              caption: 'Bukti pemusnahan, terbaru di atas',
              captionHidden: true,
              columns: [
                { text: 'Nomor' },
                { text: 'Yang dimusnahkan' },
                { text: 'Karena' },
                { text: 'Berkas', numeric: true },
                { text: 'Ruang', numeric: true },
                { text: 'Waktu' },
              ],
              rows: gone.map((one) => [
                byId.get(one.application)?.number ?? '',
                one.what === 'case' ? 'Seluruh isi' : 'Berkas unggahan',
                one.cause === 'request' ? 'Permintaan pemilik data' : 'Masa simpan',
                formatNumber(one.files, 0),
                formatBytes(one.bytes),
                formatDateTime(one.at, zone),
              ]),
            })
          : emptyState({ title: 'Belum ada yang dimusnahkan.' })
      }${pager({ newer: before && PATH, older: destroyed.length > PAGE && last ? `${PATH}?sebelum=${last.at.getTime()}.${last.id}` : undefined })}`,
    )}`,
  });
}

async function visible(ctx: Ctx): Promise<(agency: string | undefined) => boolean> {
  const coordinator = await coordinatorOf(ctx);
  return (agency) => may(ctx.actor, 'privacy.read', { register: { agency: agency ?? '', coordinator } }).allowed;
}

function cursorOf(text: string | undefined): { at: Date; id: string } | undefined {
  const [time = '', id = ''] = (text ?? '').split('.');
  return /^\d{1,15}$/.test(time) && isId(id) ? { at: new Date(Number(time)), id } : undefined;
}

const options = (words: Record<string, string>) => Object.entries(words).map(([value, text]) => ({ value, text }));

function holdForm(shown: Shown, errors: readonly FieldError[]): Content {
  const at = (path: string) => errors.find((one) => one.path === path)?.message;
  return html`<h3>Tahan satu permohonan</h3>${form({
    action: `${PATH}/tahan`,
    body: html`${textField({ name: 'nomor', label: 'Nomor permohonan', length: 16, value: shown.number, error: at('nomor'), autocomplete: 'off' })}${selectField({ name: 'alasan', label: 'Mengapa ditahan', options: options(HOLD_REASONS), value: shown.reason, error: at('alasan') })}${buttons(button('Tahan', { kind: 'secondary' }))}`,
  })}`;
}

const release = (id: string, number: string): Content =>
  confirmDialog({
    id: `lepas-${id}`,
    trigger: 'Lepas',
    kind: 'secondary',
    title: `Lepas ${number}?`,
    body: html`<p>Bila masa simpannya sudah lewat, isinya dimusnahkan malam ini.</p>${form({
      action: `${PATH}/lepas`,
      hidden: { nomor: number },
      body: html`${selectField({ name: 'alasan', label: 'Mengapa dilepas', options: options(LIFT_REASONS), value: 'settled' })}${buttons(button('Ya, lepas'))}`,
    })}`,
  });
