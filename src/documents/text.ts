// Words about documents that several pages share.

/** Why a document may be revoked; the code is kept and shown, never free text, for it stands in public. */
export const REVOCATION_REASONS = {
  'wrong-data': 'Ada data yang keliru',
  replaced: 'Diganti dokumen baru',
  'false-evidence': 'Berkas pendukung terbukti tidak benar',
  'court-order': 'Putusan pengadilan',
  'holder-request': 'Permintaan pemegang',
} as const;
export type RevocationReason = keyof typeof REVOCATION_REASONS;

/** What a signature's flaw means for whoever holds the file. */
export const FAULT_WORDS = {
  'range-unreadable': 'bagian yang ditandatangani tidak tertulis dengan benar',
  'range-outside': 'bagian yang ditandatangani tidak mulai dari awal berkas atau melampaui akhirnya',
  'range-overlap': 'bagian yang ditandatangani saling tumpang tindih',
  'gap-not-contents': 'ada bagian yang disisihkan dari tanda tangan',
  'contents-not-hex': 'isi tanda tangan tidak terbaca',
  'contents-padding': 'ada isian tambahan di balik tanda tangan',
  'range-doubled': 'dua tanda tangan menunjuk tempat yang sama',
  'name-disguised': 'tanda tangan ditulis dengan cara yang menyamarkan',
  'cms-size': 'ukuran tanda tangan tidak wajar',
} as const;

/** Why a signing did not come to be, and what to do. */
export const REFUSAL_WORDS: Record<string, string> = {
  'wrong-passphrase': 'Passphrase keliru. Tidak ada yang tersimpan; periksa lalu coba lagi.',
  'bad-credentials': 'Penyedia menolak akun aplikasi ini. Hubungi pengelola sistem.',
  'not-registered': 'NIK atau e-mail itu belum terdaftar di penyedia tanda tangan.',
  'no-certificate': 'Sertifikat Anda belum ada atau sudah tidak berlaku. Urus dulu di penyedia tanda tangan.',
  'certificate-expired': 'Sertifikat sudah tidak berlaku, atau belum mulai berlaku. Perbarui dulu.',
  'certificate-untrusted': 'Sertifikat pada hasilnya bukan dari penerbit yang dipercaya di sini. Hasil ditolak.',
  'file-unreadable': 'Berkas kunci instansi tidak terbaca. Hubungi pengelola sistem.',
  'no-key': 'Berkas kunci instansi tidak memuat kunci dan sertifikat yang cocok. Hubungi pengelola sistem.',
  unreachable: 'Penyedia tanda tangan tidak terjangkau; tidak ada yang terkirim. Coba lagi nanti.',
  'provider-refused': 'Penyedia menolak permintaan ini. Periksa isiannya, lalu coba lagi.',
  'provider-fault': 'Penyedia mengalami gangguan saat memproses. Coba lagi nanti.',
  'wrong-content': 'Jawaban penyedia bukan PDF. Hasil ditolak.',
  'not-a-pdf': 'Jawaban penyedia bukan PDF. Hasil ditolak.',
  truncated: 'PDF dari penyedia terpotong. Hasil ditolak.',
  'other-document': 'PDF dari penyedia bukan dokumen ini. Hasil ditolak.',
  'content-changed': 'PDF dari penyedia mengubah isi dokumen. Hasil ditolak.',
  unsigned: 'PDF dari penyedia tidak bertanda tangan. Hasil ditolak.',
  'not-covered': 'Tanda tangan pada PDF dari penyedia tidak mencakup seluruh berkas. Hasil ditolak.',
  'signature-invalid': 'Tanda tangan pada PDF dari penyedia tidak sah. Hasil ditolak.',
  interrupted: 'Pembubuhan segel terputus. Coba lagi.',
  'declared-unsigned': 'Dinyatakan belum ditandatangani. Boleh ditandatangani lagi.',
};
