// The few uses that rest on consent, each with the text that was shown. Everything else rests on a public duty and asks for none.

export type Purpose = 'whatsapp-news' | 'photo' | 'research';

/** A changed text gets a higher version; consents to an older one are asked again. */
export const CONSENTS: Record<Purpose, { version: number; title: string; text: string }> = {
  'whatsapp-news': {
    version: 1,
    title: 'Kabar di luar permohonan lewat WhatsApp',
    text: 'Saya setuju nomor HP saya dipakai untuk mengabarkan layanan baru atau jadwal jemput bola di desa saya. Kabar tentang permohonan saya sendiri tetap dikirim tanpa persetujuan ini.',
  },
  photo: {
    version: 1,
    title: 'Foto untuk publikasi',
    text: 'Saya setuju foto saya saat dilayani dimuat di media resmi Pemerintah Kabupaten Blora.',
  },
  research: {
    version: 1,
    title: 'Dihubungi untuk penelitian',
    text: 'Saya setuju dihubungi untuk ditanya tentang mutu layanan. Saya boleh menolak menjawab.',
  },
};

export const PURPOSES = Object.keys(CONSENTS) as Purpose[];
export const isPurpose = (text: string): text is Purpose => Object.hasOwn(CONSENTS, text);

export type ConsentRow = { purpose: string; version: number; given: boolean; at: Date };

/** What holds now: the newest row of each purpose; a yes to an older text holds no longer. */
export function standing(rows: readonly ConsentRow[]): Map<Purpose, { given: boolean; at: Date; outdated: boolean }> {
  const found = new Map<Purpose, { given: boolean; at: Date; outdated: boolean }>();
  for (const row of rows) {
    if (!isPurpose(row.purpose) || found.has(row.purpose)) continue;
    const outdated = row.version < CONSENTS[row.purpose].version;
    found.set(row.purpose, { given: row.given && !outdated, at: row.at, outdated });
  }
  return found;
}
