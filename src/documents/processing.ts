// What issuing does with personal data, for the record of processing activities.
import type { Processing } from '#platform/processing.ts';

export const processing: Processing[] = [
  {
    id: 'dokumen',
    name: 'Menerbitkan dan memeriksa dokumen',
    purpose: 'Memberikan hasil layanan, dan memastikan keasliannya kepada siapa pun yang memegangnya',
    legalBasis: 'UU 25/2009; UU 11/2008 jo. PP 71/2019 untuk dokumen elektronik',
    provenance: 'unverified',
    subjects: ['Pemohon', 'Pejabat penanda tangan'],
    data: ['Isi surat', 'Huruf awal nama pemegang (tampil kepada pemegang kode)'],
    recipients: ['Siapa pun yang memegang dokumen atau kodenya'],
    retention: 'Berkas surat mengikuti masa simpan isian layanannya; keterangan terbit dan dicabut disimpan seterusnya',
    safeguards: [
      'Berkas disandikan, satu kunci untuk satu berkas',
      'Kode 130 bit',
      'Halaman pemeriksaan hanya memuat huruf awal nama',
    ],
    columns: ['documents.documents.holder'],
  },
];
