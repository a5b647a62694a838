// What the engine does with personal data, for the record of processing activities.
import type { Processing } from '#platform/processing.ts';

export const processing: Processing[] = [
  {
    id: 'permohonan',
    name: 'Menangani permohonan layanan',
    purpose: 'Memeriksa, memutus, dan menjawab permohonan warga',
    legalBasis: 'UU 25/2009 tentang Pelayanan Publik; kewajiban hukum dan tugas pelayanan publik (UU 27/2022 Pasal 20)',
    provenance: 'unverified',
    subjects: ['Pemohon', 'Orang yang disebut dalam permohonan (keluarga, saksi)'],
    data: ['Isian formulir layanan', 'Nama pemohon', 'Foto dan dokumen syarat', 'Catatan petugas dan pemohon'],
    recipients: ['Instansi penyelenggara layanan', 'Instansi yang dimintai pendapat'],
    retention: 'Menurut layanannya: lihat daftar layanan di bawah',
    safeguards: [
      'Disandikan AES-256-GCM, satu kunci untuk satu permohonan',
      'Dibuka menurut peran, instansi, dan wilayah',
      'NIK, nomor KK, dan nomor HP hanya tampak empat angka terakhir',
      'Setiap pembukaan data lengkap tercatat',
    ],
    columns: [
      'applications.applications.answers',
      'applications.applications.label',
      'applications.applications.nik_hash',
      'applications.notes.text',
      'applications.batches.note',
      'applications.names.words',
      'platform.files.name',
    ],
  },
];
