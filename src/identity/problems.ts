// Refusals of this module's officers' half.
import type { ProblemKind } from '#platform/problem.ts';

export const OFFICER_PROBLEMS = {
  proveAgain: {
    code: 'prove-again',
    status: 403,
    title:
      'Akun ini sudah memakai pengaman kedua, tetapi sesi ini dibuka tanpa pengaman itu. Keluar, lalu masuk lagi dengan kodenya.',
  },
  wrongPassword: {
    code: 'wrong-password',
    status: 422,
    title: 'Kata sandi Anda sekarang tidak cocok. Periksa, lalu coba lagi.',
  },
  weakPassword: { code: 'weak-password', status: 422, title: 'Pilih kata sandi lain.' },
  wrongCode: {
    code: 'wrong-code',
    status: 422,
    title: 'Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi, lalu tulis yang baru.',
  },
  passkey: {
    code: 'passkey',
    status: 422,
    title: 'Kunci sandi tidak dapat diperiksa. Muat ulang halaman ini, lalu coba lagi.',
  },
  invitation: {
    code: 'invitation',
    status: 410,
    title:
      'Tautan ini sudah dipakai, ditarik, atau lewat waktunya. Minta pengelola akun instansi Anda mengirim tautan baru.',
  },
  loginTaken: { code: 'login-taken', status: 422, title: 'Nama akun ini sudah dipakai. Pilih yang lain.' },
  person: { code: 'officer-unknown', status: 404, title: 'Petugas ini tidak ada. Kembali ke daftar orang.' },
} satisfies Record<string, ProblemKind>;
