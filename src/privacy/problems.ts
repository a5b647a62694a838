// Refusals of this module.
import type { ProblemKind } from '#platform/problem.ts';

export const PRIVACY_PROBLEMS = {
  nothingHeld: {
    code: 'privacy-nothing-held',
    status: 409,
    title: 'Belum ada permohonan yang Anda buka di sini. Buka dulu satu permohonan dengan nomor dan kodenya.',
  },
  allErased: {
    code: 'privacy-all-erased',
    status: 410,
    title: 'Isi permohonan ini sudah dimusnahkan, sehingga tidak ada lagi data yang dapat diminta.',
  },
  held: {
    code: 'privacy-held',
    status: 409,
    title: 'Permohonan ini sudah ditahan. Muat ulang untuk melihat alasannya.',
  },
  notHeld: {
    code: 'privacy-not-held',
    status: 409,
    title: 'Permohonan ini tidak sedang ditahan. Muat ulang halamannya.',
  },
  closed: {
    code: 'breach-closed',
    status: 409,
    title: 'Catatan kebocoran ini sudah ditutup dan tidak dapat ditambah lagi.',
  },
  incomplete: {
    code: 'breach-incomplete',
    status: 409,
    title: 'Lengkapi dulu keterangan minimum (Pasal 46), lalu pilih siapa yang datanya terkena.',
  },
} satisfies Record<string, ProblemKind>;
