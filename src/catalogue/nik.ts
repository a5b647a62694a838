// What the digits of a NIK or a KK number can and cannot tell. There is no check digit, and old numbers carry codes of
// districts long split: so only length and digits can refuse; everything else is a warning to look again.
import { isDate } from './dates.ts';

export type Sex = 'L' | 'P';
export type NikParts = {
  sex: Sex /** Possible birth dates: the year has two digits, so at most two. */;
  births: string[];
};

// Kemendagri codes of provinces, with those that only old numbers carry left in (a NIK never changes).
const PROVINCES = new Set(
  '11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 94 95 96 97'.split(
    ' ',
  ),
);

/** The 16 digits without the spaces, dots and dashes people type between them; undefined when it is not 16 digits. */
export function digits16(text: string): string | undefined {
  const digits = text.replace(/[\s.-]/g, '');
  return /^\d{16}$/.test(digits) ? digits : undefined;
}

/** Sex and possible birth dates in a NIK of 16 digits: the day is raised by 40 for women. */
export function nikParts(nik: string): NikParts {
  const day = Number(nik.slice(6, 8));
  const female = day > 40;
  const rest = `-${nik.slice(8, 10)}-${String(female ? day - 40 : day).padStart(2, '0')}`;
  const births = [`19${nik.slice(10, 12)}${rest}`, `20${nik.slice(10, 12)}${rest}`].filter(isDate);
  return { sex: female ? 'P' : 'L', births };
}

/** What looks wrong in a NIK of 16 digits, as one sentence, or undefined. */
export function nikWarning(nik: string): string | undefined {
  if (!PROVINCES.has(nik.slice(0, 2))) return unknownProvince('NIK', nik);
  if (nikParts(nik).births.length === 0)
    return 'Tanggal lahir di dalam NIK ini (angka ke-7 sampai ke-12) tidak ada; cocokkan lagi dengan KTP atau KK.';
  if (nik.endsWith('0000')) return 'NIK tidak pernah berakhir 0000; cocokkan lagi dengan KTP atau KK.';
  return undefined;
}

/** What looks wrong in a KK number of 16 digits (its middle is the day it was made), or undefined. */
export function kkWarning(kk: string): string | undefined {
  if (!PROVINCES.has(kk.slice(0, 2))) return unknownProvince('nomor KK', kk);
  const rest = `-${kk.slice(8, 10)}-${kk.slice(6, 8)}`;
  if (![`19${kk.slice(10, 12)}${rest}`, `20${kk.slice(10, 12)}${rest}`].some(isDate))
    return 'Tanggal di dalam nomor KK ini (angka ke-7 sampai ke-12) tidak ada; cocokkan lagi dengan KK.';
  if (kk.endsWith('0000')) return 'Nomor KK tidak pernah berakhir 0000; cocokkan lagi dengan KK.';
  return undefined;
}

function unknownProvince(what: string, digits: string): string {
  return `Kode provinsi ${digits.slice(0, 2)} pada awal ${what} tidak dikenal; cocokkan lagi dengan KTP atau KK.`;
}
