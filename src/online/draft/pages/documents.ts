// One page a document: which of the lawful alternatives, photos or PDFs of it, or "shown later".
import { html } from 'hono/html';
import { acceptUpload, openFile } from '#platform/files.ts';
import { guard } from '#platform/http.ts';
import { isId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { button, buttons, notice } from '#ui/components.ts';
import { fileField, form, hiddenFields, radios } from '#ui/fields.ts';
import { formatBytes } from '#ui/format.ts';
import { type Content, hidden } from '#ui/html.ts';
import { readPost, type Web } from '../../pages/site.ts';
import { kinds } from '../../problems.ts';
import { counterOf } from '../../text.ts';
import { dropFile, saveDraft } from '../actions.ts';
import { type Choice, type DocumentPage, type DraftFile, findPage, pagesOf } from '../draft.ts';
import { type Opened, opened, showStep } from './opened.ts';
import { nextPath } from './steps.ts';

export const ACCEPT = 'image/jpeg,image/png,image/webp,application/pdf';
const MOST_FILES = 10;

export async function getDocument(c: Web): Promise<Response> {
  const open = await opened(c);
  if (open instanceof Response) return open;
  return showDocument(c, open, pageOf(open, c), { fromCheck: c.req.query('dari') === 'periksa' });
}

function pageOf({ draft, today }: Opened, c: Web): DocumentPage {
  const page = findPage(draft.service, draft.content, today, `dokumen/${c.req.param('requirement')}`);
  if (page?.kind !== 'document') throw new Problem(kinds.noSuchStep);
  return page;
}

export async function postDocument(c: Web): Promise<Response> {
  const open = await opened(c);
  if (open instanceof Response) return open;
  const { ctx, draft, base } = open;
  const page = pageOf(open, c);
  const { requirement, options } = page.required;
  const { typed, files } = await readPost(c);
  const fromCheck = typed.dari === 'periksa';
  const here = `${base}/${page.path}${fromCheck ? '?dari=periksa' : ''}`;
  const option =
    options.find((one) => one.id === typed.pilihan)?.id ?? (options.length === 1 ? options[0]?.id : undefined);

  if (typed.hapus) {
    await dropFile(ctx, draft, requirement.id, typed.hapus);
    return c.redirect(here, 303);
  }
  const known = draft.content.documents[requirement.id];
  const sent = files('berkas');
  const room = MOST_FILES - (known?.files.length ?? 0);
  const { taken, refused } = await takeFiles(c, open, sent.slice(0, Math.max(room, 0)));
  if (sent.length > room)
    refused.push(`Paling banyak ${MOST_FILES} berkas untuk satu syarat. Hapus yang tidak perlu dulu.`);
  const later = typed.aksi === 'nanti' && taken.length === 0;
  const content = await saveDraft(ctx, draft, (now) => {
    const before: Choice = now.documents[requirement.id] ?? { files: [] };
    const { later: _, ...kept } = before;
    const choice: Choice = {
      ...kept,
      ...(option && { option }),
      files: [...before.files, ...taken],
      ...(later && { later }),
    };
    return { ...now, documents: { ...now.documents, [requirement.id]: choice } };
  });
  open.draft.content = content;
  const choice = content.documents[requirement.id];
  const errors: { path: string; message: string }[] = [];
  if (refused.length > 0) errors.push({ path: 'berkas', message: refused.join(' ') });
  else if (typed.aksi === 'unggah' && taken.length === 0)
    errors.push({ path: 'berkas', message: 'Pilih foto atau PDF dulu, lalu tekan Unggah.' });
  if (typed.aksi !== 'unggah') {
    if (!option) errors.unshift({ path: 'pilihan', message: 'Pilih dokumen mana yang Anda pakai.' });
    const satisfied = later || requirement.optional || (choice?.files.length ?? 0) > 0;
    if (!satisfied && refused.length === 0)
      errors.push({ path: 'berkas', message: 'Unggah fotonya, atau tekan “Tunjukkan aslinya nanti”.' });
  }
  if (errors.length > 0) return showDocument(c, open, page, { fromCheck, errors });
  if (typed.aksi === 'unggah') return c.redirect(here, 303);
  return c.redirect(`${base}/${await nextPath(open, content, page.path, fromCheck)}`, 303);
}

async function takeFiles(
  c: Web,
  { ctx, draft }: Opened,
  files: File[],
): Promise<{ taken: DraftFile[]; refused: string[] }> {
  const taken: DraftFile[] = [];
  const refused: string[] = [];
  for (const file of files) {
    guard(c, ctx, 'upload');
    try {
      const name = file.name.slice(-120) || 'foto';
      const stored = await acceptUpload(ctx, { owner: draft.id, name, bytes: Buffer.from(await file.arrayBuffer()) });
      taken.push({ id: stored.id, name, size: stored.size });
    } catch (error) {
      // one bad photo must not cost the good ones sent with it
      if (!(error instanceof Problem) || error.kind.status >= 500) throw error;
      refused.push(files.length > 1 ? `${file.name}: ${error.message}` : error.message);
    }
  }
  return { taken, refused };
}

type Shown = { fromCheck: boolean; errors?: { path: string; message: string }[] };

async function showDocument(c: Web, open: Opened, page: DocumentPage, shown: Shown): Promise<Response> {
  const { draft, base } = open;
  const { requirement, options } = page.required;
  const choice: Choice = draft.content.documents[requirement.id] ?? { files: [] };
  const order = pagesOf(draft.service, draft.content, open.today)
    .filter((one) => one.kind === 'document')
    .map((one) => one.path);
  const errorAt = (path: string) => shown.errors?.find((one) => one.path === path)?.message;
  const [usual] = options;
  const title = options.length > 1 ? 'Dokumen mana yang Anda pakai?' : (usual?.name ?? 'Berkas');
  const many = choice.files.length > 0;
  const choose: Content =
    options.length > 1
      ? radios({
          name: 'pilihan',
          label: title,
          heading: true,
          value: choice.option,
          error: errorAt('pilihan'),
          hint: 'Cukup salah satu.',
          options: options.map((one) => ({
            value: one.id,
            text: one.name,
            ...(one.detail && { hint: one.form ? `${one.detail} (formulir ${one.form})` : one.detail }),
          })),
        })
      : html`<h1>${title}</h1>${usual?.detail && html`<p class="lead">${usual.detail}</p>`}`;
  const upload = fileField({
    name: 'berkas',
    label: many ? 'Tambah lembar lain' : 'Foto atau PDF-nya',
    camera: true,
    multiple: true,
    accept: ACCEPT,
    error: errorAt('berkas'),
    hint: 'Seluruh lembar terlihat, tulisan terbaca, tidak silau. Paling besar 10 MB.',
  });
  const body = html`${form({
    action: `${base}/${page.path}`,
    multipart: true,
    hidden: shown.fromCheck ? { dari: 'periksa' } : {},
    body: html`${choose}${many && sentFiles(base, choice.files)}${upload}${buttons(button('Unggah', { kind: many ? 'secondary' : 'primary', name: 'aksi', value: 'unggah' }), many && button('Lanjutkan', { name: 'aksi', value: 'lanjut' }), !many && requirement.optional && button('Lewati', { kind: 'secondary', name: 'aksi', value: 'lanjut' }))}${!many && html`<h2>Belum punya fotonya?</h2><p>Tidak apa-apa. Tunjukkan aslinya nanti di ${counterOf(draft.service)}${draft.service.channels.includes('doorstep') && ', atau saat petugas datang ke desa Anda'}.${choice.later && html` <b>Ini pilihan Anda sekarang.</b>`}</p>${buttons(button('Tunjukkan aslinya nanti', { kind: 'secondary', name: 'aksi', value: 'nanti' }))}`}`,
  })}${many && html`<form id="hapus" method="post" enctype="multipart/form-data" action="${base}/${page.path}">${shown.fromCheck && hiddenFields({ dari: 'periksa' })}</form>`}`;
  return showStep(c, open, page, {
    title: usual?.name ?? title,
    label: `Berkas ${order.indexOf(page.path) + 1} dari ${order.length}`,
    body,
    fromCheck: shown.fromCheck,
    errors: shown.errors ?? [],
  });
}

function sentFiles(base: string, files: DraftFile[]): Content {
  return notice({
    tone: 'success',
    title: 'Sudah terunggah',
    body: html`<ul>${files.map((file) => html`<li><a href="${base}/berkas/${file.id}" target="_blank" rel="noopener">${file.name}</a> (${formatBytes(file.size)}) <button class="btn alt" type="submit" form="hapus" name="hapus" value="${file.id}">Hapus${hidden(` ${file.name}`)}</button></li>`)}</ul>`,
  });
}

/** The person's own upload, shown by the browser; a PDF without its powers. */
export async function viewUpload(c: Web): Promise<Response> {
  const open = await opened(c);
  if (open instanceof Response) return open;
  const id = c.req.param('file') ?? '';
  const mine = Object.values(open.draft.content.documents).some((choice) =>
    choice.files.some((file) => file.id === id),
  );
  const file = mine && isId(id) ? await openFile(open.ctx, id) : undefined;
  if (!file) throw new Problem(PROBLEMS.notFound);
  return sendFile(c, file, 'inline');
}

/** A stored file as the answer. Browsers refuse to draw a PDF under `sandbox`; its type and nosniff keep it from being a page. */
export function sendFile(
  c: Web,
  file: { kind: string; name: string; bytes: Buffer },
  how: 'inline' | 'attachment',
): Response {
  const policy =
    file.kind === 'application/pdf'
      ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
      : "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'";
  return c.body(new Uint8Array(file.bytes), 200, {
    'Content-Type': file.kind,
    'Content-Disposition': `${how}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'Content-Security-Policy': policy,
  });
}
