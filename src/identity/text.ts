// Words about officers and what they may do.
import type { Role } from '#src/catalogue/roles.ts';
import type { Right } from '#src/rights.ts';

/** What a role is there for, in a few words. */
export const ROLE_DEEDS: Record<Role, string> = {
  'front-desk': 'menerima warga di loket',
  verifier: 'memeriksa berkas, meminta perbaikan, menolak',
  approver: 'mengesahkan dan menerbitkan dokumen',
  supervisor: 'menelaah keberatan dan berkas yang terlambat',
  head: 'melihat semua berkas instansi, mencabut dokumen',
  'village-registrar': 'memeriksa dan menyiapkan surat desa',
  'village-head': 'menandatangani surat desa, memberi pendapat',
  'district-head': 'menandatangani surat kecamatan, menelaah keberatan',
  examiner: 'meninjau lapangan, memberi pendapat',
  'privacy-officer': 'menjawab permintaan warga tentang data pribadinya',
};

const OFFICE_DEEDS: Record<string, string> = {
  admin: 'mengundang petugas, mengatur peran, menolong yang tidak bisa masuk',
};

export const roleDeed = (role: string): string =>
  (Object.hasOwn(ROLE_DEEDS, role) ? ROLE_DEEDS[role as Role] : OFFICE_DEEDS[role]) ?? role;

/** Rights that can be told without a case at hand. */
export const RIGHT_WORDS: Partial<Record<Right, string>> = {
  'inbox.read': 'Melihat kotak masuk',
  'application.search': 'Mencari berkas menurut nomor atau NIK',
  'application.read': 'Membuka berkas instansi sendiri yang tidak sedang di meja Anda',
  'message.resend': 'Mengirim ulang pesan yang gagal',
  'document.revoke': 'Mencabut dokumen yang sudah terbit',
  'document.sign': 'Menandatangani dokumen yang terbit',
  'load.read': 'Melihat beban kerja instansi',
  'people.manage': 'Mengelola akun petugas instansi',
  'refusal.read': 'Melihat daftar hak yang ditolak',
};

export const WRONG_SIGN_IN = 'Nama akun atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi.';

export const WRONG_CODE =
  'Kode tidak cocok atau sudah dipakai. Tunggu sampai aplikasi menampilkan kode baru, lalu tulis yang baru itu.';

export const FACTOR_WORDS: Record<string, string> = { totp: 'Aplikasi kode', passkey: 'Kunci sandi' };
