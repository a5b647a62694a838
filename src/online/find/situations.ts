// Everyday reasons to come to an office, and the services that belong to each: how people look for things before they
// know what the paper is called. Ids that are not offered are skipped, so that a catalogue may grow or shrink freely.

export type Situation = { id: string; name: string; text: string; services: string[] };

export const SITUATIONS: Situation[] = [
  {
    id: 'lahir',
    name: 'Anak lahir',
    text: 'Akta, masuk KK, kartu anak',
    services: [
      'akta-kelahiran',
      'surat-lahir-rs',
      'surat-kelahiran-desa',
      'kk-perubahan',
      'kia',
      'pengakuan-anak',
      'pengesahan-anak',
      'pengangkatan-anak',
    ],
  },
  {
    id: 'ktp-kk',
    name: 'KTP dan KK',
    text: 'Baru, hilang, atau ada yang berubah',
    services: [
      'ktp-baru',
      'ktp-hilang',
      'ktp-perubahan',
      'aktivasi-ikd',
      'kk-baru',
      'kk-hilang',
      'kk-perubahan',
      'pisah-kk',
      'kk-ganti-kepala',
      'perubahan-nama',
    ],
  },
  {
    id: 'menikah',
    name: 'Menikah atau berpisah',
    text: 'Pengantar nikah, akta, pisah KK',
    services: ['pengantar-nikah', 'dispensasi-nikah', 'akta-perkawinan', 'akta-perceraian', 'pisah-kk'],
  },
  {
    id: 'pindah',
    name: 'Pindah rumah',
    text: 'Keluar, datang, domisili',
    services: ['pindah-keluar', 'pindah-datang', 'surat-domisili', 'mutasi-siswa'],
  },
  {
    id: 'meninggal',
    name: 'Keluarga meninggal',
    text: 'Akta kematian, waris, kepala keluarga',
    services: [
      'akta-kematian',
      'surat-kematian-desa',
      'kk-ganti-kepala',
      'surat-ahli-waris',
      'registrasi-waris',
      'balik-nama-pbb',
    ],
  },
  {
    id: 'bantuan',
    name: 'Butuh bantuan',
    text: 'Tidak mampu, disabilitas, bencana',
    services: [
      'surat-tidak-mampu',
      'rujukan-slrt',
      'keterangan-dtsen',
      'alat-bantu-disabilitas',
      'bantuan-bencana',
      'keterangan-bencana',
      'bantuan-pengamanan',
    ],
  },
  {
    id: 'usaha',
    name: 'Usaha dan tani',
    text: 'Izin usaha, PIRT, pupuk',
    services: [
      'pendampingan-nib',
      'surat-usaha',
      'pemeriksaan-pirt',
      'daftar-pupuk',
      'pendampingan-bumdesa',
      'izin-praktik-nakes',
      'rekomendasi-keramaian',
    ],
  },
  {
    id: 'tanah',
    name: 'Tanah, rumah, dan pajak',
    text: 'PBB, izin bangunan, tata ruang',
    services: [
      'salinan-sppt',
      'balik-nama-pbb',
      'keberatan-pbb',
      'pendampingan-pbg',
      'informasi-tata-ruang',
      'pemangkasan-pohon',
    ],
  },
  {
    id: 'sekolah-kerja',
    name: 'Sekolah dan kerja',
    text: 'Pindah sekolah, ijazah, kartu kuning',
    services: ['mutasi-siswa', 'legalisasi-ijazah', 'kartu-ak1'],
  },
  {
    id: 'sehat-info',
    name: 'Kesehatan dan informasi',
    text: 'Rekam medis, informasi publik',
    services: ['ringkasan-medis', 'surat-lahir-rs', 'informasi-publik'],
  },
];

/** Asked for most often; until the log of a real year says otherwise this is our guess, so it is not called a ranking. */
export const OFTEN = [
  'akta-kelahiran',
  'ktp-hilang',
  'kk-perubahan',
  'surat-tidak-mampu',
  'akta-kematian',
  'pindah-keluar',
];
