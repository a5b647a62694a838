// Words for rights and for why one is refused.
import type { Right, Why } from '#src/rights.ts';

/** What a right lets one do, as the rest of "boleh …". */
export const RIGHT_NAMES: Record<Right, string> = {
  'application.read': 'membuka berkas ini',
  'application.act': 'menindak berkas ini',
  'application.submit': 'mengajukan permohonan',
  'application.assist': 'mengajukan untuk warga di loket atau jemput bola',
  'application.consult': 'meminta pendapat instansi lain',
  'application.opine': 'menjawab pendapat yang diminta',
  'application.note': 'menulis catatan',
  'application.take': 'mengambil berkas ini atas namanya',
  'application.search': 'mencari berkas menurut nomor, nama, atau NIK',
  'document.revoke': 'mencabut dokumen yang terbit',
  'document.sign': 'menandatangani dokumen yang terbit',
  'document.letterhead': 'mengubah kop surat instansi',
  'inbox.read': 'melihat kotak masuk',
  'task.assign': 'membagi tugas dan mengembalikan eskalasi',
  'message.resend': 'mengirim ulang pesan kepada warga',
  'delegation.set': 'menunjuk pengganti selama cuti',
  'load.read': 'melihat beban kerja instansi',
  'sentence.write': 'mengatur kalimat siap pakai instansi',
  'calendar.write': 'mengatur hari dan jam kerja instansi',
  'people.manage': 'mengelola akun petugas instansi',
  'privacy.read': 'melihat catatan pelindungan data pribadi',
  'privacy.hold': 'menahan pemusnahan berkas',
  'privacy.breach': 'mencatat kebocoran data dan memberi tahu',
  'refusal.read': 'melihat daftar hak yang ditolak',
};

/** Why a right was refused, in a few words; the codes stand in events. */
export const WHY_WORDS: Record<Exclude<Why, 'allowed'>, string> = {
  'officers-only': 'hanya untuk petugas',
  'not-yours': 'bukan miliknya, atau kodenya belum dimasukkan',
  token: 'token tidak memuat hak itu',
  weak: 'masuk tanpa pengaman kedua',
  role: 'perannya tidak memegang hak itu',
  'not-at-desk': 'berkas tidak di mejanya',
  'other-agency': 'berkas instansi lain',
  'other-area': 'berkas wilayah lain',
};
