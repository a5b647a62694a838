// What the verification pages say of a paper, in words. Pure.
import { html } from 'hono/html';
import { grouped } from '#platform/ids.ts';
import type { Catalogue } from '#src/catalogue/actions.ts';
import type { IssuedDocument } from '#src/documents/actions.ts';
import { REVOCATION_REASONS } from '#src/documents/text.ts';
import { notice } from '#ui/components.ts';
import { formatDayMonthYear } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';

const SIGNATURE = {
  none: 'Surat ini tidak memakai tanda tangan elektronik',
  'awaiting-signature': 'Menunggu tanda tangan elektronik',
  'signing-unknown': 'Sedang dipastikan; belum dapat dianggap ditandatangani',
  signed: 'Sudah; tanda tangannya ada di dalam berkas PDF',
} as const;

export function documentRows(document: IssuedDocument, { agencies, byId }: Catalogue, offset: number) {
  const service = byId.get(document.service)?.service;
  return [
    { key: 'Surat', value: service?.products.find((one) => one.id === document.product)?.name ?? document.product },
    { key: 'Layanan', value: service?.name ?? document.service },
    { key: 'Diterbitkan oleh', value: agencies.get(document.agency)?.name ?? document.agency },
    { key: 'Nomor', value: document.number },
    { key: 'Tanggal', value: formatDayMonthYear(document.issuedAt, offset) },
    { key: 'Pemegang', value: document.holder },
    { key: 'Tanda tangan elektronik', value: SIGNATURE[document.signature] },
  ];
}

export const revocationWords = (document: IssuedDocument): string =>
  (REVOCATION_REASONS as Record<string, string>)[document.revokedReason ?? ''] ?? 'Alasan lain';

/** Said above everything else: no such paper counts. */
export const simulationNotice = (document: IssuedDocument): Content =>
  document.simulated &&
  notice({
    tone: 'warning',
    title: 'Data simulasi',
    body: html`<p>Surat ini berasal dari riwayat simulasi untuk percobaan. Tidak berlaku untuk apa pun.</p>`,
  });

export const linkTo = (document: IssuedDocument): string => `/verifikasi/${grouped(document.code)}`;
