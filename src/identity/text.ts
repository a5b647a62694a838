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
  'privacy-officer': 'Menjawab permintaan warga tentang data pribadinya',
};

/** Rights that can be told without a case at hand. */
export const RIGHT_WORDS: Partial<Record<Right, string>> = {
  'inbox.read': 'Melihat kotak masuk',
  'application.search': 'Mencari berkas menurut nomor atau NIK',
  'application.read': 'Membuka berkas instansi sendiri yang tidak sedang di meja Anda',
  'document.revoke': 'Mencabut dokumen yang sudah terbit',
};

export const WRONG_SIGN_IN = 'Nama akun atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi.';
