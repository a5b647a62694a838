// Signing: papers that wait, one passphrase for up to fifty of them, and what nobody knows the end of. What is typed here
// goes to the provider with this request and is written back nowhere.
import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { readForm, textOf } from '#platform/http.ts';
import { isId } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { type Catalogue, getCatalogue } from '#src/catalogue/actions.ts';
import {
  button,
  buttons,
  confirmDialog,
  details,
  emptyState,
  lead,
  linkButton,
  notice,
  section,
} from '#ui/components.ts';
import { checkboxes, errorSummary, fileField, form, textField } from '#ui/fields.ts';
import { formatDateTime, formatDayMonthYear } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { table } from '#ui/lists.ts';
import { openDocument } from '../actions.ts';
import { listUnsigned, MOST_AT_ONCE, reconcileSigning, type Signed, signDocuments } from '../signing/actions.ts';
import type { IssuedDocument } from '../store.ts';
import { REFUSAL_WORDS } from '../text.ts';
import { officerPage, officersOnly } from './frame.ts';
import { sendPdf } from './letterhead.ts';

const PATH = '/kerja/tanda-tangan';
type Web = Context<Env>;
type Shown = { chosen?: string[]; errors?: { path: string; message: string }[]; results?: Signed[] };

export function signingRoutes(app: Hono<Env>): void {
  const own = officersOnly(PATH);
  own.get(PATH, (c) => show(c, { chosen: [c.req.query('dokumen') ?? ''] }));
  own.post(PATH, async (c) => {
    const posted = await readForm(c);
    const chosen = [posted.dokumen ?? []].flat().filter((id): id is string => typeof id === 'string' && isId(id));
    const typed = {
      who: textOf(posted, 'nik')
        .replaceAll(/[\s.-](?=\d)/g, '')
        .trim(),
      passphrase: textOf(posted, 'passphrase'),
    };
    try {
      return show(c, { results: await signDocuments(c.get('ctx'), chosen, typed) });
    } catch (error) {
      return again(c, error, { chosen });
    }
  });
  own.get(`${PATH}/:id/pdf`, async (c) => {
    const ctx = c.get('ctx');
    const document = await waiting(c);
    const file = await openDocument(ctx, document);
    if (!file) throw new Problem(PROBLEMS.notFound, 'Berkas ini tidak ada, atau sudah dimusnahkan sesuai jadwal.');
    return sendPdf(c, file.bytes, file.name);
  });
  own.post(`${PATH}/:id/pastikan`, async (c) => {
    const ctx = c.get('ctx');
    const id = c.req.param('id');
    if (!isId(id)) throw new Problem(PROBLEMS.notFound);
    const posted = await readForm(c);
    const file = [posted.berkas ?? []].flat().find((one): one is File => one instanceof File && one.size > 0);
    try {
      switch (textOf(posted, 'cara')) {
        case 'tanya':
          return show(c, { results: [await reconcileSigning(ctx, id, { kind: 'ask' })] });
        case 'belum':
          return show(c, { results: [await reconcileSigning(ctx, id, { kind: 'unsigned' })] });
        case 'salinan':
          if (!file)
            throw new Problem(PROBLEMS.invalid, undefined, [
              { path: 'berkas', message: 'Pilih PDF bertanda tangan yang diunduh dari penyedia.' },
            ]);
          return show(c, {
            results: [await reconcileSigning(ctx, id, { kind: 'copy', pdf: Buffer.from(await file.arrayBuffer()) })],
          });
        default:
          throw new Problem(PROBLEMS.malformed);
      }
    } catch (error) {
      return again(c, error, {});
    }
  });
  app.route('/', own);
}

function again(c: Web, error: unknown, shown: Shown): Promise<Response> {
  if (!(error instanceof Problem) || (error.kind.status !== 422 && error.kind.status !== 409)) throw error;
  const errors = error.errors.length > 0 ? error.errors : [{ path: '', message: error.message }];
  return show(c, { ...shown, errors }, error.kind.status);
}

async function waiting(c: Web): Promise<IssuedDocument> {
  const { documents } = await listUnsigned(c.get('ctx'));
  const found = documents.find(({ document }) => document.id === c.req.param('id'));
  if (!found) throw new Problem(PROBLEMS.notFound, 'Dokumen ini tidak menunggu tanda tangan Anda.');
  return found.document;
}

async function show(c: Web, { chosen = [], errors = [], results }: Shown, status = 200): Promise<Response> {
  const ctx = c.get('ctx');
  const [{ provider, documents, more }, catalogue] = await Promise.all([listUnsigned(ctx), getCatalogue(ctx)]);
  const offset = ctx.calendar.offsetMinutes;
  const ready = documents.filter(({ document }) => document.signature === 'awaiting-signature');
  const unknown = documents.filter(({ document }) => document.signature === 'signing-unknown');
  const at = (path: string) => errors.find((one) => one.path === path)?.message;
  const option = ({ document, last }: (typeof documents)[0]) => ({
    value: document.id,
    text: `${nameOf(document, catalogue)} – ${document.number}`,
    hint: html`${document.holder}, ${formatDayMonthYear(document.issuedAt, offset)}. <a href="${PATH}/${document.id}/pdf" target="_blank" rel="noopener">Baca PDF</a>${last?.reason && html`<br>Terakhir: ${REFUSAL_WORDS[last.reason] ?? last.reason}`}`,
  });
  const sign = html`${checkboxes({ name: 'dokumen', label: 'Dokumen', hint: `Baca dulu sebelum menandatangani. Paling banyak ${MOST_AT_ONCE} sekali jalan.`, options: ready.map(option), values: chosen, error: at('dokumen') })}${
    provider?.by === 'person'
      ? html`${textField({ name: 'nik', label: provider.name === 'bsre-v2' ? 'NIK atau e-mail Anda' : 'NIK Anda', hint: 'Yang terdaftar di penyedia tanda tangan. Tidak disimpan.', length: 30, autocomplete: 'off', spellcheck: false, error: at('nik') })}${textField({ name: 'passphrase', label: 'Passphrase', hint: 'Langsung diteruskan ke penyedia untuk permintaan ini saja; tidak disimpan dan tidak dicatat. Tulis sendiri; jangan dititipkan.', type: 'password', length: 30, maxlength: 200, autocomplete: 'off', error: at('passphrase') })}${buttons(button('Tanda tangani yang dipilih'))}`
      : buttons(button('Bubuhkan segel pada yang dipilih'))
  }`;
  const list =
    ready.length > 0
      ? form({ action: PATH, body: sign })
      : emptyState({
          title: 'Tidak ada dokumen yang menunggu.',
          body: html`<p>Dokumen muncul di sini begitu permohonannya disahkan.</p>`,
          action: linkButton('Ke kotak masuk', '/kerja', 'secondary'),
        });
  const body = html`${errorSummary(errors)}${results && outcome(results, catalogue)}<h1>Tanda tangan elektronik</h1>${lead(provider ? 'Dokumen instansi Anda yang sudah disahkan dan menunggu tanda tangan, yang paling lama di atas.' : 'Penandatanganan elektronik belum dipasang di sini. Dokumen terbit tanpa tanda tangan elektronik dan mengatakannya.')}${unknown.length > 0 && unknownSection(unknown, catalogue, offset, at('berkas'))}${list}${more && html`<p class="hint">Masih ada yang lain; muncul sesudah ini selesai.</p>`}`;
  return c.html(
    officerPage(ctx, { title: 'Tanda tangan elektronik', path: PATH, body, error: errors.length > 0 }),
    status as 200,
  );
}

const RESULT: Record<Signed['result'], string> = {
  signed: 'Sudah ditandatangani',
  already: 'Sudah ditandatangani sebelumnya',
  'under-way': 'Sedang diproses oleh permintaan lain; muat ulang sebentar lagi',
  refused: 'Tidak jadi',
  unknown: 'Belum pasti: penyedia tidak menjawab. Jangan ditandatangani lagi sebelum dipastikan di bawah',
  left: 'Belum dimulai',
};

function outcome(results: Signed[], catalogue: Catalogue): Content {
  const signed = results.filter(({ result }) => result === 'signed' || result === 'already').length;
  const tone = signed === results.length ? 'success' : 'warning';
  return html`<div role="status">${notice({
    tone,
    title: `${signed} dari ${results.length} dokumen bertanda tangan`,
    body: table({
      caption: 'Hasil tiap dokumen',
      captionHidden: true,
      columns: [{ text: 'Dokumen' }, { text: 'Hasil' }],
      rows: results.map(({ document, result, reason }) => [
        `${nameOf(document, catalogue)} ${document.number}`,
        reason ? `${RESULT[result]}. ${REFUSAL_WORDS[reason] ?? reason}` : RESULT[result],
      ]),
    }),
  })}</div>`;
}

/** What a person does when nobody knows: ask by the provider's id, bring the signed file, or say that there is none. */
function unknownSection(
  unknown: { document: IssuedDocument; last: { sentAt: Date; reference: string | null } | undefined }[],
  catalogue: Catalogue,
  offset: number,
  error: string | undefined,
): Content {
  return section(
    'Perlu dipastikan',
    html`${notice({ tone: 'danger', body: html`<p>Permintaan ini terkirim, tetapi jawabannya tidak sampai. Mungkin sudah ditandatangani, mungkin belum. Lihat dulu riwayat di penyedia tanda tangan Anda, lalu pilih salah satu.</p>` })}<ul class="papers">${unknown.map(
      ({ document, last }) => {
        const action = `${PATH}/${document.id}/pastikan`;
        return html`<li><p class="t">${nameOf(document, catalogue)} ${document.number}</p><p class="hint">${document.holder}${last && html`, dikirim ${formatDateTime(last.sentAt, offset)}`}. <a href="${PATH}/${document.id}/pdf" target="_blank" rel="noopener">Baca PDF</a></p>${
          last?.reference &&
          form({ action, hidden: { cara: 'tanya' }, body: button('Tanyakan ke penyedia', { kind: 'secondary' }) })
        }${details('Sudah ditandatangani: unggah hasilnya', form({ action, multipart: true, hidden: { cara: 'salinan' }, body: html`${fileField({ name: 'berkas', label: 'PDF dari penyedia', accept: 'application/pdf', error })}${button('Periksa dan pakai')}` }), { open: error !== undefined })}${confirmDialog({ id: `belum-${document.id}`, trigger: 'Belum ditandatangani', title: 'Yakin belum ditandatangani?', kind: 'secondary', body: html`<p>Nyatakan ini hanya bila riwayat di penyedia menunjukkan tidak ada tanda tangan. Sesudahnya dokumen bisa ditandatangani lagi. Pernyataan Anda tercatat.</p>${form({ action, hidden: { cara: 'belum' }, body: button('Ya, belum ditandatangani', { kind: 'danger' }) })}` })}</li>`;
      },
    )}</ul>`,
  );
}

function nameOf(document: IssuedDocument, { byId }: Catalogue): string {
  const products = byId.get(document.service)?.service.products;
  return products?.find(({ id }) => id === document.product)?.name ?? document.product;
}
