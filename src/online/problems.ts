// What this door refuses, each with one sentence that says what to do next.
import type { ProblemKind } from '#platform/problem.ts';

export const kinds = {
  draftGone: {
    code: 'draft-gone',
    status: 404,
    title:
      'Pengisian ini tidak ditemukan atau sudah lewat 14 hari. Mulai lagi dari halaman layanannya; isian lama sudah dihapus demi keamanan data Anda.',
  },
  noSuchStep: {
    code: 'no-such-step',
    status: 404,
    title: 'Halaman pertanyaan ini tidak ada. Kembali ke pengisian Anda lewat halaman layanannya.',
  },
  notOnline: {
    code: 'not-online',
    status: 404,
    title: 'Layanan ini belum bisa diajukan lewat internet. Datang ke loket atau tunggu petugas keliling.',
  },
} satisfies Record<string, ProblemKind>;
