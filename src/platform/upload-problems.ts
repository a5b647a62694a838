// Why a file is not taken: each sentence tells the sender what to do instead.
import type { ProblemKind } from './problem.ts';

export const MAX_PAGES = 50;

export const UPLOAD_PROBLEMS = {
  empty: { code: 'upload-empty', status: 422, title: 'Berkas ini kosong. Foto lagi dokumennya, lalu kirim ulang.' },
  kind: {
    code: 'upload-kind',
    status: 415,
    title: 'Jenis berkas ini tidak bisa dipakai. Kirim foto (JPEG, PNG, WebP) atau PDF.',
  },
  damaged: {
    code: 'upload-damaged',
    status: 422,
    title: 'Berkas ini rusak atau terkirim tidak lengkap. Foto lagi dokumennya, lalu kirim ulang.',
  },
  pixels: {
    code: 'upload-pixels',
    status: 422,
    title: 'Gambar ini terlalu besar. Foto lagi dengan ukuran yang lebih kecil.',
  },
  appended: {
    code: 'upload-appended',
    status: 422,
    title: 'Ada isi lain yang menempel pada berkas ini. Foto lagi dokumennya dengan kamera HP, lalu kirim ulang.',
  },
  animated: { code: 'upload-animated', status: 422, title: 'Gambar bergerak tidak bisa dipakai. Kirim foto biasa.' },
  encrypted: {
    code: 'upload-encrypted',
    status: 422,
    title: 'PDF ini terkunci kata sandi. Simpan ulang tanpa kata sandi, atau foto lembarnya.',
  },
  active: {
    code: 'upload-active',
    status: 422,
    title: 'PDF ini memuat program, lampiran, atau perintah otomatis. Cetak ulang ke PDF biasa, atau foto lembarnya.',
  },
  pages: {
    code: 'upload-pages',
    status: 422,
    title: `PDF ini lebih dari ${MAX_PAGES} halaman. Kirim hanya halaman yang diminta.`,
  },
  unpacked: {
    code: 'upload-unpacked',
    status: 422,
    title: 'Isi PDF ini terlalu besar setelah dibuka. Cetak ulang ke PDF biasa, atau foto lembarnya.',
  },
} satisfies Record<string, ProblemKind>;
