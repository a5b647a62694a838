// What telling people does with personal data, for the record of processing activities.
import type { Processing } from '#platform/processing.ts';

export const processing: Processing[] = [
  {
    id: 'pesan',
    name: 'Mengabari pemohon',
    purpose: 'Memberi tahu perkembangan permohonan dan kode masuk',
    legalBasis: 'Tugas pelayanan publik (UU 27/2022 Pasal 20); kabar di luar permohonan hanya dengan persetujuan',
    provenance: 'unverified',
    subjects: ['Pemohon', 'Petugas yang diundang'],
    data: ['Nomor HP', 'Alamat email', 'Isi pesan (nomor permohonan dan tautan, tanpa rincian)'],
    recipients: ['Penyedia WhatsApp, SMS, dan email yang dipakai kabupaten'],
    retention: 'Alamat dan isi dimusnahkan menurut umur pesan; keterangan terkirim disimpan',
    safeguards: [
      'Alamat dan isi disandikan, satu kunci untuk satu pesan',
      'Pesan tidak memuat NIK, nama, atau rincian perkara',
    ],
    columns: ['messages.messages.address', 'messages.messages.content', 'messages.messages.masked'],
  },
];
