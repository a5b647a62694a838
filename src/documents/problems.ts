// Refusals of this module.
import type { ProblemKind } from '#platform/problem.ts';

export const DOCUMENT_PROBLEMS = {
  unknown: {
    code: 'document-unknown',
    status: 404,
    title: 'Dokumen dengan kode ini tidak ada. Periksa lagi kodenya; huruf dan angkanya tertulis di bawah kode QR.',
  },
  notIssued: { code: 'document-not-issued', status: 422, title: 'Produk ini tidak diterbitkan oleh sistem ini.' },
  reason: { code: 'document-reason', status: 422, title: 'Pilih alasan pencabutan.' },
} satisfies Record<string, ProblemKind>;
