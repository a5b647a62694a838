// The words of this door that several pages use. Plain Indonesian for someone who has never seen the inside of an office.
import type { Channel, Kind, Service } from '#src/catalogue/service.ts';
import { formatNumber } from '#ui/format.ts';

export const DOORS: Record<Kind, { name: string; text: string }> = {
  digital: { name: 'Lewat HP', text: 'Ajukan dari rumah, kapan saja, lalu ikuti sampai jadi.' },
  outreach: { name: 'Petugas datang', text: 'Jemput bola ke desa untuk yang sulit bepergian.' },
  integrated: { name: 'Satu tempat', text: 'Mal Pelayanan Publik: banyak urusan, sekali datang.' },
};

export const CHANNEL: Record<Channel, string> = {
  online: 'Lewat HP, dari mana saja',
  doorstep: 'Petugas datang ke desa (jemput bola)',
  onestop: 'Loket di Mal Pelayanan Publik',
};

/** Where papers are shown and cards are fetched, as people call the place. */
export function counterOf({ agency, channels }: Pick<Service, 'agency' | 'channels'>): string {
  if (agency === 'desa') return 'kantor desa atau kelurahan';
  if (agency === 'kecamatan') return 'kantor kecamatan';
  return channels.includes('onestop') ? 'loket Mal Pelayanan Publik' : 'kantor yang melayani';
}

/** How an application came in, as its owner would say it. */
export const CAME: Record<string, string> = {
  online: 'lewat internet',
  doorstep: 'lewat petugas jemput bola',
  onestop: 'di loket',
  desk: 'oleh petugas',
  api: 'lewat aplikasi lain',
  sync: 'lewat petugas jemput bola',
};

export const UNVERIFIED =
  'Keterangan ini belum dicocokkan dengan sumber resmi. Tanyakan ke petugas sebelum memakainya.';

/** What a resident can do when a promise is broken or a decision seems wrong, without any page of ours. */
export const OMBUDSMAN = 'Ombudsman, telepon 137';

/** A length of working time as people say it; `day` is how many minutes the office is open on an ordinary day. */
export function spanOf(minutes: number, day: number): string {
  if (minutes < 90) return `${formatNumber(Math.max(minutes, 1), 0)} menit`;
  if (minutes < day * 2) return `${formatNumber(minutes / 60, 0)} jam kerja`;
  return `${formatNumber(minutes / day, 0)} hari kerja`;
}
