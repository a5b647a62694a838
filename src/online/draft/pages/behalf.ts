// Before the first question: whose matter is it? Who applies for another says so, for how long, and as what: the mandate (kuasa).
import { html } from 'hono/html';
import {
  DEFAULT_DAYS,
  endOf,
  isRelation,
  MOST_DAYS,
  RELATION_WORDS,
  RELATIONS,
  readName,
} from '#src/identity/mandates/mandate.ts';
import { button, buttons, details, lead } from '#ui/components.ts';
import { consent, errorSummary, form, radios, textField } from '#ui/fields.ts';
import { readPost, show, type Web } from '../../pages/site.ts';
import { saveDraft } from '../actions.ts';
import { MANDATE } from '../draft.ts';
import type { Typed } from '../reading.ts';
import { opened, showStep } from './opened.ts';
import { nextPath } from './steps.ts';

export async function getWhose(c: Web): Promise<Response> {
  const open = await opened(c);
  return open instanceof Response ? open : showWhose(c, open.base, open.draft.content.for);
}

async function showWhose(c: Web, base: string, chosen?: string, error?: string): Promise<Response> {
  const fromCheck = c.req.query('dari') === 'periksa';
  return show(
    c,
    {
      title: 'Untuk siapa permohonan ini?',
      back: fromCheck ? `${base}/periksa` : base.replace(/\/ajukan$/, ''),
      error: error !== undefined,
      body: html`${error && errorSummary([{ path: 'untuk', message: error }])}${form({
        action: `${base}/mulai/untuk-siapa`,
        hidden: fromCheck ? { dari: 'periksa' } : {},
        body: html`${radios({
          name: 'untuk',
          label: 'Untuk siapa permohonan ini?',
          heading: true,
          value: chosen,
          error,
          options: [
            {
              value: 'self',
              text: 'Untuk saya sendiri',
              hint: 'Juga bila Anda mengurus akta atau surat untuk anak Anda.',
            },
            {
              value: 'other',
              text: 'Untuk orang lain',
              hint: 'Misalnya orang tua, tetangga, atau warga yang Anda dampingi. Ia harus tahu dan setuju.',
            },
          ],
        })}${buttons(button('Lanjutkan'))}`,
      })}`,
    },
    error ? 422 : 200,
  );
}

export async function postWhose(c: Web): Promise<Response> {
  const open = await opened(c);
  if (open instanceof Response) return open;
  const { typed } = await readPost(c);
  const { untuk } = typed;
  if (untuk !== 'self' && untuk !== 'other')
    return showWhose(c, open.base, undefined, 'Pilih untuk siapa permohonan ini.');
  const content = await saveDraft(open.ctx, open.draft, ({ behalf, ...now }) => ({
    ...now,
    for: untuk,
    ...(untuk === 'other' && behalf && { behalf }),
  }));
  if (untuk === 'other')
    return c.redirect(`${open.base}/mulai/kuasa${typed.dari === 'periksa' ? '?dari=periksa' : ''}`, 303);
  return c.redirect(
    `${open.base}/${await nextPath({ ...open, draft: { ...open.draft, content } }, content, '', true)}`,
    303,
  );
}

export async function getMandate(c: Web): Promise<Response> {
  const open = await opened(c);
  if (open instanceof Response) return open;
  const { content } = open.draft;
  if (content.for !== 'other') return c.redirect(`${open.base}/mulai/untuk-siapa`, 303);
  const { behalf } = content;
  const typed: Typed = behalf
    ? {
        pemohon: behalf.principal,
        nama: behalf.agentName,
        hubungan: behalf.relation,
        hari: String(behalf.days),
        setuju: 'ya',
      }
    : { hari: String(DEFAULT_DAYS) };
  return showMandate(c, open, typed, c.req.query('dari') === 'periksa');
}

/** What an officer is does not stand here: officers submit at their own door. */
const OFFERED = RELATIONS.filter((relation) => relation !== 'officer');

async function showMandate(
  c: Web,
  open: Exclude<Awaited<ReturnType<typeof opened>>, Response>,
  typed: Typed,
  fromCheck: boolean,
  errors: { path: string; message: string }[] = [],
): Promise<Response> {
  const at = (path: string) => errors.find((one) => one.path === path)?.message;
  return showStep(c, open, MANDATE, {
    title: 'Anda mengajukan untuk orang lain',
    fromCheck,
    errors,
    body: html`<h1>Anda mengajukan untuk orang lain</h1>${lead('Ini disebut kuasa. Pemohon dapat melihat bahwa Anda yang mengurus, dan dapat mencabutnya kapan saja.')}${form(
      {
        action: `${open.base}/mulai/kuasa`,
        hidden: fromCheck ? { dari: 'periksa' } : {},
        body: html`${textField({ name: 'pemohon', label: 'Nama orang yang punya urusan', value: typed.pemohon, error: at('pemohon'), autocomplete: 'off', autocapitalize: 'words' })}${textField({ name: 'nama', label: 'Nama Anda', value: typed.nama, error: at('nama'), autocomplete: 'name', autocapitalize: 'words' })}${radios({ name: 'hubungan', label: 'Anda siapanya?', value: typed.hubungan, error: at('hubungan'), options: OFFERED.map((value) => ({ value, text: RELATION_WORDS[value] })) })}${textField({ name: 'hari', label: 'Berlaku berapa hari?', hint: `Setelah itu Anda tidak bisa membukanya lagi. Paling lama ${MOST_DAYS} hari.`, length: 3, suffix: 'hari', inputmode: 'numeric', value: typed.hari, error: at('hari'), autocomplete: 'off' })}${consent({ name: 'setuju', label: 'Orang itu tahu dan menyetujui saya mengurus permohonan ini.', checked: typed.setuju === 'ya', error: at('setuju') })}${buttons(button('Lanjutkan'))}`,
      },
    )}${details('Apa yang tercatat?', html`<p>Nama pemohon dan nama Anda seperti yang Anda tulis di sini, hubungan, dan sampai kapan. Keterangan ini dinyatakan oleh Anda; petugas dapat memeriksanya.</p>`)}`,
  });
}

export async function postMandate(c: Web): Promise<Response> {
  const open = await opened(c);
  if (open instanceof Response) return open;
  const { typed } = await readPost(c);
  const fromCheck = typed.dari === 'periksa';
  const principal = readName(typed.pemohon ?? '');
  const agentName = readName(typed.nama ?? '');
  const relation = typed.hubungan ?? '';
  const days = /^\s*\d{1,4}\s*$/.test(typed.hari ?? '') ? Number(typed.hari) : Number.NaN;
  const errors = [
    ...(principal ? [] : [{ path: 'pemohon', message: 'Tulis nama orang yang punya urusan.' }]),
    ...(agentName ? [] : [{ path: 'nama', message: 'Tulis nama Anda.' }]),
    ...(isRelation(relation) && relation !== 'officer' ? [] : [{ path: 'hubungan', message: 'Pilih Anda siapanya.' }]),
    ...(endOf(open.ctx.now, days, open.ctx.calendar.offsetMinutes)
      ? []
      : [{ path: 'hari', message: `Tulis angka dari 1 sampai ${MOST_DAYS}.` }]),
    ...(typed.setuju === 'ya'
      ? []
      : [
          { path: 'setuju', message: 'Centang bila orang itu sudah setuju. Tanpa persetujuannya, jangan dilanjutkan.' },
        ]),
  ];
  if (errors.length > 0 || !principal || !agentName || !isRelation(relation))
    return showMandate(c, open, typed, fromCheck, errors);
  const content = await saveDraft(open.ctx, open.draft, (now) => ({
    ...now,
    for: 'other',
    behalf: { relation, principal, agentName, days },
  }));
  return c.redirect(
    `${open.base}/${await nextPath({ ...open, draft: { ...open.draft, content } }, content, MANDATE.path, true)}`,
    303,
  );
}
