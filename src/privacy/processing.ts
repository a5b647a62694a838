// What guarding personal data does with personal data itself, for the record of processing activities.
import type { Processing } from '#platform/processing.ts';

export const processing: Processing[] = [
  {
    id: 'hak-subjek-data',
    name: 'Menjawab permintaan pemilik data dan mencatat persetujuan',
    purpose: 'Memenuhi hak pemilik data dalam 3 × 24 jam, dan memakai data secara sukarela hanya selama disetujui',
    legalBasis: 'UU 27/2022 Pasal 5 sampai 13',
    provenance: 'unverified',
    subjects: ['Pemilik data'],
    data: ['Hak yang diminta', 'Permohonan yang dimaksud', 'Ya atau tidak untuk tiap persetujuan'],
    recipients: ['Petugas pelindungan data pribadi'],
    retention: 'Permintaan: menurut layanan hak-data-pribadi; tanda persetujuan: selama akun ada',
    safeguards: ['Isi permintaan dan jawaban disandikan seperti permohonan lain'],
    columns: ['privacy.requests.account', 'privacy.consents.account'],
  },
  {
    id: 'kebocoran',
    name: 'Mencatat dan memberitahukan kegagalan pelindungan data',
    purpose: 'Memberi tahu pemilik data dan lembaga yang berwenang dalam 3 × 24 jam',
    legalBasis: 'UU 27/2022 Pasal 46',
    provenance: 'sourced',
    subjects: ['Orang yang datanya terkena'],
    data: ['Keterangan kejadian', 'Daftar permohonan yang terkena'],
    recipients: ['Pemilik data', 'Lembaga pelindungan data pribadi'],
    retention: 'Disimpan sebagai bukti; catatan hanya ditambah',
    safeguards: [
      'Keterangan dan daftar disandikan dengan kunci kejadian',
      'Hanya petugas pelindungan data yang membukanya',
    ],
    columns: ['privacy.breach_entries.content', 'privacy.breach_subjects.subject', 'privacy.breach_subjects.mark'],
  },
];
