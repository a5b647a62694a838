// What can be wrong with a request about messages.
import type { ProblemKind } from '#platform/problem.ts';

export const MESSAGE_PROBLEMS = {
  contentGone: {
    code: 'message-content-gone',
    status: 410,
    title: 'Isi pesan ini sudah dimusnahkan, jadi tidak bisa dikirim ulang. Hubungi pemohon dengan cara lain.',
  },
  notAgain: {
    code: 'message-not-again',
    status: 409,
    title: 'Pesan ini tidak bisa dikirim ulang. Muat ulang halaman untuk melihat keadaannya.',
  },
  signature: {
    code: 'webhook-signature',
    status: 403,
    title: 'Tanda tangan kiriman ini tidak cocok. Periksa rahasia yang dipasang di penyedia.',
  },
} satisfies Record<string, ProblemKind>;
