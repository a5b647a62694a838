// Refusals of this module.
import type { ProblemKind } from '#platform/problem.ts';

export const DOCUMENT_PROBLEMS = {
  unknown: {
    code: 'document-unknown',
    status: 404,
    title: 'Dokumen dengan kode ini tidak ada. Periksa lagi kodenya; huruf dan angkanya tertulis di bawah kode QR.',
  },
  notIssued: { code: 'document-not-issued', status: 422, title: 'Produk ini tidak diterbitkan oleh sistem ini.' },
  letterheadMoved: {
    code: 'letterhead-moved',
    status: 409,
    title: 'Kop ini baru saja diubah orang lain. Lihat yang terbaru di bawah, lalu simpan lagi bila masih perlu.',
  },
  noSigning: {
    code: 'no-signing',
    status: 409,
    title: 'Penandatanganan elektronik belum dipasang di sini. Hubungi pengelola sistem.',
  },
  notUnknown: {
    code: 'signing-not-unknown',
    status: 409,
    title: 'Hasil penandatanganan dokumen ini sudah diketahui. Muat ulang daftarnya.',
  },
  notSignedCopy: {
    code: 'not-signed-copy',
    status: 422,
    title: 'Berkas itu bukan dokumen ini yang sudah ditandatangani.',
  },
  replacedAlready: {
    code: 'document-replaced',
    status: 409,
    title: 'Dokumen ini sudah diganti dengan yang baru. Buka dokumen penggantinya.',
  },
  noAnswers: {
    code: 'document-answers-gone',
    status: 409,
    title: 'Data permohonannya sudah dimusnahkan menurut jadwal, jadi dokumennya tidak bisa dibuat lagi.',
  },
  pdf: { code: 'pdf-unreadable', status: 422, title: 'Pilih satu berkas PDF, paling besar 10 MB.' },
  reason: { code: 'document-reason', status: 422, title: 'Pilih alasan pencabutan.' },
} satisfies Record<string, ProblemKind>;
