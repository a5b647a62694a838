// What the online door does with personal data, for the record of processing activities.
import type { Processing } from '#platform/processing.ts';

export const processing: Processing[] = [
  {
    id: 'pengisian',
    name: 'Menyimpan permohonan yang belum dikirim',
    purpose: 'Supaya pengisian dapat dilanjutkan, juga di HP lain',
    legalBasis: 'UU 25/2009 tentang Pelayanan Publik; tugas pelayanan publik (UU 27/2022 Pasal 20)',
    provenance: 'unverified',
    subjects: ['Calon pemohon', 'Orang yang disebut dalam isian'],
    data: ['Isian formulir', 'Foto dan dokumen syarat'],
    recipients: [],
    retention: '14 hari sejak terakhir diubah',
    safeguards: ['Disandikan dengan kunci tersendiri', 'Hanya terbuka dengan kodenya', 'Percobaan kode dibatasi'],
    columns: ['online.drafts.content'],
  },
];
