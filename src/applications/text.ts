// Words for what the engine knows by code: the same on residents' pages, officers' pages and paper.
import type { Tone } from '#ui/components.ts';
import type { Status } from './application.ts';

export const STATUS_WORDS: Record<Status, string> = {
  'in-progress': 'Diproses',
  'waiting-resident': 'Menunggu pemohon',
  'waiting-opinion': 'Menunggu pendapat',
  completed: 'Selesai',
  refused: 'Ditolak',
  withdrawn: 'Dibatalkan',
  expired: 'Kedaluwarsa',
};

/** The colour that goes with the words; `yours` only where the reader is the one waited for. */
export const STATUS_TONES: Record<Status, Tone> = {
  'in-progress': 'running',
  'waiting-resident': 'quiet',
  'waiting-opinion': 'running',
  completed: 'done',
  refused: 'stopped',
  withdrawn: 'quiet',
  expired: 'stopped',
};

const CHANNELS: Record<string, string> = {
  online: 'Layanan digital',
  doorstep: 'Jemput bola',
  onestop: 'Loket terpadu',
  desk: 'Meja petugas',
  api: 'Sistem lain',
  system: 'Sistem',
};

/** The door through which something came, in words; an unknown one as written. */
export const channelWords = (channel: string): string =>
  Object.hasOwn(CHANNELS, channel) ? (CHANNELS[channel] as string) : channel;

/** The purpose under which two cases are opened side by side. */
export const COMPARING = 'pemeriksaan-ganda';

/** Why an officer may need the full NIK, KK number or phone; the resident can read who looked and why. */
export const PURPOSES = {
  verify: 'Mencocokkan dengan dokumen',
  contact: 'Menghubungi pemohon',
  register: 'Mengisi SIAK atau register lain',
  [COMPARING]: 'Memeriksa permohonan ganda',
} as const;
