// The last page before sending: everything on one page to check, what is still missing, the declaration, and sending.
import { html } from 'hono/html';
import { Problem } from '#platform/problem.ts';
import { findVillage } from '#src/areas/actions.ts';
import { requiredDocuments, visibleSteps } from '#src/catalogue/form.ts';
import { formatAnswer } from '#src/catalogue/input.ts';
import { RELATION_WORDS } from '#src/identity/mandates/mandate.ts';
import { button, buttons, details, lead, linkButton, notice } from '#ui/components.ts';
import { consent, form } from '#ui/fields.ts';
import { formatCount } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { checklist, summaryList } from '#ui/lists.ts';
import { readPost, type Web } from '../../pages/site.ts';
import { sendDraft } from '../actions.ts';
import { type Choice, type FieldsPage, type Gap, itemsOf, pagesOf } from '../draft.ts';
import { gapsNow, type Opened, opened, showStep, toReceipt } from './opened.ts';

const AGREE =
  'Data yang saya isi benar. Saya tahu petugas dapat memeriksanya, dan keterangan palsu dapat dikenai sanksi.';

export async function getCheck(c: Web): Promise<Response> {
  const open = await opened(c);
  return open instanceof Response ? open : showCheck(c, open, await gapsNow(open, open.draft.content));
}

export async function postCheck(c: Web): Promise<Response> {
  const open = await opened(c);
  if (open instanceof Response) return open;
  const { ctx, draft } = open;
  const { typed } = await readPost(c);
  if (!draft.content.sent) {
    const gaps = await gapsNow(open, draft.content);
    if (gaps.length > 0) return showCheck(c, open, gaps, { pressed: true });
    if (typed.setuju !== 'ya') return showCheck(c, open, [], { unsigned: true });
  }
  try {
    return toReceipt(c, ctx, await sendDraft(ctx, draft));
  } catch (error) {
    if (!(error instanceof Problem) || error.kind.status !== 422) throw error;
    return showCheck(c, open, [], {
      refused:
        error.errors.length > 0
          ? error.errors.map((one) => ({ path: '', message: one.message }))
          : [{ path: '', message: error.message }],
    });
  }
}

type Shown = { pressed?: boolean; unsigned?: boolean; refused?: { path: string; message: string }[] };

async function showCheck(c: Web, open: Opened, gaps: Gap[], shown: Shown = {}): Promise<Response> {
  const { draft, base, today } = open;
  const unsigned = shown.unsigned ? [{ path: 'setuju', message: 'Centang pernyataan bahwa data Anda benar.' }] : [];
  const body = html`<h1>Periksa jawaban Anda</h1>${lead('Baca pelan-pelan. Yang keliru bisa diubah sekarang, sebelum dikirim.')}${
    draft.content.sent &&
    notice({
      tone: 'warning',
      title: 'Kiriman Anda sedang kami pastikan',
      body: html`<p>Tekan “Kirim permohonan” sekali lagi. Permohonan tidak akan terkirim dua kali.</p>`,
    })
  }${draft.renewed && notice({ body: html`<p>Layanan ini diperbarui sejak Anda mulai mengisi. Periksa lagi setiap jawaban.</p>` })}${gaps.length > 0 && missing(base, gaps)}${whose(open)}${await answers(open)}${documents(open)}${
    gaps.length > 0
      ? buttons(linkButton('Lengkapi sekarang', `${base}/${gaps[0]?.page.path}?dari=periksa`))
      : html`<h2>Kirim</h2>${form({
          action: `${base}/periksa`,
          body: html`${consent({ name: 'setuju', label: AGREE, error: unsigned[0]?.message })}${buttons(button('Kirim permohonan'))}`,
        })}${details('Siapa yang melihat data saya?', html`<p>Hanya petugas yang menangani permohonan ini. NIK dan nomor KK disimpan tersandi; setiap kali petugas membukanya, tercatat dan bisa Anda lihat di halaman Lacak.</p>`)}`
  }`;
  const page = pagesOf(draft.service, draft.content, today).at(-1);
  if (!page) throw new Error('a draft always ends with the check');
  const gapErrors = shown.pressed
    ? [{ path: '', message: `Belum bisa dikirim: masih ada ${formatCount(gaps.length, 'hal')} yang perlu dilengkapi.` }]
    : [];
  return showStep(c, open, page, {
    title: 'Periksa jawaban Anda',
    body,
    errors: [...unsigned, ...gapErrors, ...(shown.refused ?? [])],
  });
}

function missing(base: string, gaps: Gap[]): Content {
  return notice({
    tone: 'warning',
    title: 'Masih perlu dilengkapi',
    body: html`<ul>${gaps.slice(0, 12).map(({ page, message }) => html`<li><a href="${base}/${page.path}?dari=periksa">${message}</a></li>`)}</ul>${gaps.length > 12 && html`<p>dan ${gaps.length - 12} lagi.</p>`}`,
  });
}

/** For whom, and by what mandate; nothing for a draft that began before this was asked. */
function whose({ draft: { content }, base }: Opened): Content {
  if (!content.for) return null;
  const { behalf } = content;
  const change = (path: string) => `${base}/${path}?dari=periksa`;
  return html`<h2>Untuk siapa</h2>${summaryList([
    {
      key: 'Permohonan ini',
      value: content.for === 'self' ? 'Untuk saya sendiri' : 'Untuk orang lain',
      change: change('mulai/untuk-siapa'),
      what: 'untuk siapa',
    },
    ...(content.for === 'other' && behalf
      ? [
          { key: 'Orang yang punya urusan', value: behalf.principal, change: change('mulai/kuasa') },
          {
            key: 'Anda, penerima kuasa',
            value: `${behalf.agentName} (${RELATION_WORDS[behalf.relation].toLowerCase()}), ${behalf.days} hari`,
            change: change('mulai/kuasa'),
          },
        ]
      : []),
  ])}`;
}

async function answers({ ctx, draft, base, today }: Opened): Promise<Content> {
  const { service, content } = draft;
  const pages = pagesOf(service, content, today);
  const sections = visibleSteps(service, content.answers, today).map(async (step) => {
    const own = pages.filter((page): page is FieldsPage => page.kind === 'fields' && page.chapter === step.id);
    const rows = await Promise.all(
      own.flatMap((page) =>
        page.fields.map(async ([id, field]) => {
          const given = page.item === undefined ? content.answers : (itemsOf(content.answers, step)[page.item] ?? {});
          const place =
            field.format === 'village' && typeof given[id] === 'string' ? await findVillage(ctx, given[id]) : undefined;
          const which = page.item === undefined ? '' : ` ${(step.repeat?.item ?? '').toLowerCase()} ${page.item + 1}`;
          return {
            key: page.item === undefined ? field.title : `${field.title} ${page.item + 1}`,
            value: place ? `${place.name}, ${place.district}` : formatAnswer(field, given[id]),
            change: `${base}/${page.path}?dari=periksa`,
            what: `${field.title.toLowerCase()}${which}`,
          };
        }),
      ),
    );
    const grows = step.repeat && step.repeat.min !== step.repeat.max;
    return html`<h2>${step.title}</h2>${summaryList(rows)}${grows && html`<p><a href="${base}/${step.id}?dari=periksa">Tambah atau hapus ${(step.repeat?.item ?? '').toLowerCase()}</a></p>`}`;
  });
  return Promise.all(sections);
}

function documents({ draft, base, today }: Opened): Content {
  const required = requiredDocuments(draft.service, draft.content.answers, today);
  const sent = required.filter(({ requirement }) => requirement.evidence === 'upload');
  const shown = required.filter(({ requirement }) => requirement.evidence === 'show');
  const rows = sent.map(({ requirement, options }) => {
    const choice: Choice = draft.content.documents[requirement.id] ?? { files: [] };
    const option = options.find((one) => one.id === choice.option) ?? options[0];
    const value =
      choice.files.length > 0
        ? choice.files.map((file) => file.name).join(', ')
        : choice.later
          ? 'Aslinya ditunjukkan nanti'
          : '';
    return {
      key: option?.name ?? requirement.id,
      value,
      change: `${base}/dokumen/${requirement.id}?dari=periksa`,
      what: option?.name ?? 'berkas',
    };
  });
  return html`${rows.length > 0 && html`<h2>Berkas</h2>${summaryList(rows)}`}${shown.length > 0 && html`<h2>Bawa aslinya saat datang</h2>${checklist(shown.map(({ options }) => ({ text: options[0]?.name ?? '', hint: options[0]?.detail })))}`}`;
}
