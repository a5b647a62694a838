// The papers of a case: what was brought, what is missing, and what was issued. Pictures open beside the answers. Pure.
import { html } from 'hono/html';
import type { Dossier, Evidenced } from '#src/applications/dossier/actions.ts';
import type { IssuedDocument } from '#src/documents/actions.ts';
import { REVOCATION_REASONS } from '#src/documents/text.ts';
import { button, buttons, details, tag } from '#ui/components.ts';
import { form, radios } from '#ui/fields.ts';
import { formatShortDate } from '#ui/format.ts';
import type { Content, Html } from '#ui/html.ts';

/** Each requirement with its files; a picture opens at the right edge, so that the answers stay in sight. */
export function papers(path: string, dossier: Dossier): Html {
  return html`<ul class="papers">${dossier.documents.map((document) => html`<li>${heading(document, dossier.application.channel)}${files(path, document)}</li>`)}</ul>`;
}

function heading({ requirement, options, files: given }: Evidenced, channel: string): Html {
  const current = given.find((file) => !file.superseded);
  const option = options.find(({ id }) => id === current?.option) ?? options[0];
  const absent = current ? null : absence(requirement, channel);
  // the detail of what needs no paper speaks to the resident ("terisi sendiri dari jawaban Anda")
  const detail = requirement.evidence === 'none' ? undefined : option?.detail;
  return html`<p class="t">${option?.name ?? requirement.id} ${absent}</p>${detail && html`<p class="hint">${detail}</p>`}`;
}

/** Why there is no file. Online nothing is sent without one unless the resident chose to show the paper itself. */
function absence({ evidence, optional }: Evidenced['requirement'], channel: string): Html {
  if (evidence === 'none') return tag('tidak perlu berkas', 'quiet');
  if (evidence === 'show') return tag('cocokkan aslinya', 'quiet');
  if (optional) return tag('tidak disertakan (tidak wajib)', 'quiet');
  return channel === 'online'
    ? tag('belum diunggah: aslinya ditunjukkan nanti', 'running')
    : tag('belum diunggah: lihat aslinya', 'running');
}

function files(path: string, { options, requirement, files: given }: Evidenced): Content {
  const name = options[0]?.name ?? requirement.id;
  // the newest first; what it replaced stays to be compared
  const sorted = [...given].sort((a, b) => Number(a.superseded) - Number(b.superseded));
  return (
    given.length > 0 &&
    html`<div class="shots">${sorted.map((file, index) => {
      const href = `${path}/berkas/${file.id}`;
      const old = file.superseded ? html`<span class="tag quiet">diganti</span>` : null;
      const label = `${name}${sorted.length > 1 ? ` ${index + 1}` : ''}`;
      if (file.kind === 'application/pdf')
        return html`<a class="shot pdf${file.superseded ? ' old' : ''}" href="${href}" target="_blank" rel="noopener"><b>PDF</b> <span>Buka ${label} di tab baru</span>${old}</a>`;
      return html`<button type="button" class="shot${file.superseded ? ' old' : ''}" popovertarget="lihat-${file.id}"><img src="${href}" alt="${label}" loading="lazy" decoding="async">${old}</button><div class="viewer" popover id="lihat-${file.id}"><p><b>${label}</b>${old}<a href="${href}" target="_blank" rel="noopener">Ukuran penuh</a><button class="btn alt" type="button" popovertarget="lihat-${file.id}" popovertargetaction="hide">Tutup</button></p><img src="${href}" alt="${label}" loading="lazy"></div>`;
    })}</div>`
  );
}

const signatureTag = ({ signature }: IssuedDocument): Html => {
  switch (signature) {
    case 'none':
      return tag('berlaku', 'done');
    case 'signed':
      return tag('berlaku, bertanda tangan', 'done');
    case 'awaiting-signature':
      return tag('menunggu tanda tangan', 'yours');
    case 'signing-unknown':
      return tag('tanda tangan perlu dipastikan', 'stopped');
  }
};

/** What was issued: to download, and to revoke for those who may. */
export function issuedList(given: {
  path: string;
  dossier: Dossier;
  documents: IssuedDocument[];
  mayRevoke: boolean;
  commandId: () => string;
  offset: number;
  error?: string | undefined;
  at?: string | undefined;
}): Content {
  const { path, dossier, documents, offset } = given;
  if (documents.length === 0) {
    return dossier.status === 'completed' &&
      dossier.service.products.some((product) => product.document && product.kind !== 'external')
      ? html`<p class="hint">Dokumen sedang dibuat. Muat ulang sebentar lagi.</p>`
      : null;
  }
  return html`<ul class="papers">${documents.map((document) => {
    const product = dossier.service.products.find(({ id }) => id === document.product)?.name ?? document.product;
    const reason = (REVOCATION_REASONS as Record<string, string>)[document.revokedReason ?? ''];
    return html`<li><p class="t">${product} ${document.revokedAt ? tag('dicabut', 'stopped') : signatureTag(document)}</p><p class="hint">Terbit ${formatShortDate(document.issuedAt, offset)}, nomor ${document.number}${
      document.revokedAt &&
      html`; dicabut ${formatShortDate(document.revokedAt, offset)}: ${reason?.toLowerCase() ?? document.revokedReason}`
    }</p><p>${
      document.file && html`<a href="${path}/dokumen/${document.id}" target="_blank" rel="noopener">Buka PDF</a> · `
    }<a href="/verifikasi/${document.code}">Halaman verifikasi</a></p>${
      given.mayRevoke &&
      !document.revokedAt &&
      (document.signature === 'awaiting-signature' || document.signature === 'signing-unknown') &&
      html`<p><a class="btn alt" href="/kerja/tanda-tangan?dokumen=${document.id}">${document.signature === 'signing-unknown' ? 'Pastikan tanda tangan' : 'Tanda tangani'}</a></p>`
    }${
      given.mayRevoke &&
      !document.revokedAt &&
      details(
        'Cabut dokumen ini atau terbitkan ulang',
        form({
          action: `${path}/dokumen/${document.id}/cabut`,
          hidden: { perintah: given.commandId() },
          body: [
            radios({
              name: `cabut-${document.id}.alasan`,
              label: 'Alasan',
              hint: 'Tampil kepada siapa pun yang memeriksa dokumen ini. Tidak bisa dibatalkan.',
              options: Object.entries(REVOCATION_REASONS).map(([value, text]) => ({ value, text })),
              ...(given.at === document.id && given.error && { error: given.error }),
            }),
            buttons(
              button('Cabut dan terbitkan ulang', { kind: 'danger', name: 'ganti', value: 'ya' }),
              button('Cabut saja', { kind: 'secondary' }),
            ),
          ],
        }),
        { open: given.at === document.id },
      )
    }</li>`;
  })}</ul>`;
}
