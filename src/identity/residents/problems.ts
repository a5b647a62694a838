// What the accounts of residents refuse, each with one sentence that says what to do next.
import type { ProblemKind } from '#platform/problem.ts';

export const kinds = {
  tooManyCodes: {
    code: 'too-many-codes',
    status: 429,
    title:
      'Terlalu banyak kode diminta. Tunggu satu jam, lalu coba lagi. Mengajukan dan melacak tetap bisa tanpa akun.',
  },
  tooSoon: {
    code: 'too-soon',
    status: 429,
    title: 'Kode baru saja dikirim. Tunggu satu menit sebelum meminta lagi.',
  },
  codeGone: {
    code: 'code-gone',
    status: 410,
    title: 'Kode ini sudah dipakai, sudah lewat 10 menit, atau terlalu sering salah. Minta kode baru.',
  },
  contactTaken: {
    code: 'contact-taken',
    status: 409,
    title: 'Nomor atau email ini dipakai akun lain. Masuk dengan nomor atau email itu, atau pakai yang lain.',
  },
  contactsFull: {
    code: 'contacts-full',
    status: 409,
    title: 'Satu akun paling banyak menyimpan lima nomor dan email. Hapus salah satu dulu.',
  },
  lastContact: {
    code: 'last-contact',
    status: 409,
    title: 'Ini satu-satunya cara Anda masuk. Tambah nomor atau email lain dulu, atau tutup akun Anda.',
  },
  providerDown: {
    code: 'provider-down',
    status: 503,
    title:
      'Penyedia akun itu sedang tidak bisa dijangkau. Masuk dengan kode lewat HP atau email saja, atau coba lagi nanti.',
  },
  providerRefused: {
    code: 'provider-refused',
    status: 400,
    title: 'Masuk lewat penyedia akun itu tidak berhasil. Mulai lagi dari halaman Masuk, atau masuk dengan kode.',
  },
} satisfies Record<string, ProblemKind>;
