// What a data subject may ask for (UU 27/2022 Pasal 5-13), in words and with the article it stands on. Pure.

export const ASKED = {
  access: { name: 'Melihat atau meminta salinan data saya', article: 'Pasal 7', provenance: 'sourced' },
  correction: { name: 'Memperbaiki data yang keliru', article: 'Pasal 6', provenance: 'sourced' },
  portability: { name: 'Membawa data saya ke tempat lain', article: 'Pasal 13', provenance: 'unverified' },
  erasure: { name: 'Memusnahkan data saya', article: 'Pasal 8', provenance: 'sourced' },
  objection: { name: 'Keberatan atas cara data saya dipakai', article: 'Pasal 10', provenance: 'unverified' },
  limitation: { name: 'Menunda atau membatasi pemakaian data saya', article: 'Pasal 11', provenance: 'unverified' },
  withdrawal: { name: 'Menarik persetujuan saya', article: 'Pasal 9', provenance: 'unverified' },
} as const satisfies Record<string, { name: string; article: string; provenance: 'sourced' | 'unverified' }>;
export type Asked = keyof typeof ASKED;

export const isAsked = (text: string): text is Asked => Object.hasOwn(ASKED, text);

/** "6 jam lagi", "terlambat 2 jam": hours run through nights and holidays, so working days would deceive. */
export function hoursLeft(due: Date, now: Date): { text: string; late: boolean; soon: boolean } {
  const minutes = Math.round((due.getTime() - now.getTime()) / 60_000);
  const size = Math.abs(minutes);
  const [days, hours] = [Math.floor(size / 1440), Math.floor((size % 1440) / 60)];
  const amount =
    size < 60
      ? `${size} menit`
      : size < 48 * 60
        ? `${Math.floor(size / 60)} jam`
        : `${days} hari${hours > 0 ? ` ${hours} jam` : ''}`;
  return {
    text: minutes < 0 ? `terlambat ${amount}` : `${amount} lagi`,
    late: minutes < 0,
    soon: minutes >= 0 && minutes < 24 * 60,
  };
}

/** How a case of the scope stands towards an erasure. */
export type Standing = 'ready' | 'running' | 'held' | 'erased';

export const STANDING_WORDS: Record<Standing, string> = {
  ready: 'Siap dimusnahkan',
  running: 'Masih berjalan',
  held: 'Ditahan',
  erased: 'Sudah dimusnahkan',
};

export const standingOf = (one: { ended: boolean; erased: boolean }, held: boolean): Standing =>
  one.erased ? 'erased' : held ? 'held' : one.ended ? 'ready' : 'running';
