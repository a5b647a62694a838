// What stands on top of an agency's papers. No coat of arms: a name, where it is, and one of our small drawings. Pure.

export type Letterhead = {
  regency: string;
  name: string;
  address: string;
  phone: string;
  mark: 'pendopo' | 'daun' | 'tanpa';
};

export const MARKS: Record<Letterhead['mark'], string> = {
  pendopo: 'Atap pendopo',
  daun: 'Daun jati',
  tanpa: 'Tanpa gambar',
};

export const LIMITS = { regency: 80, name: 120, address: 200, phone: 60 } as const;
const LABELS = {
  regency: 'Nama pemerintah daerah',
  name: 'Nama instansi',
  address: 'Alamat',
  phone: 'Telepon',
} as const;

/** Checks what was typed; the faults name their field. */
export function readLetterhead(typed: Record<string, string>): {
  letterhead: Letterhead;
  errors: { path: string; message: string }[];
} {
  const one = (name: keyof typeof LIMITS) => (typed[name] ?? '').normalize('NFC').replaceAll(/\s+/g, ' ').trim();
  const mark = Object.hasOwn(MARKS, typed.mark ?? '') ? (typed.mark as Letterhead['mark']) : undefined;
  const errors: { path: string; message: string }[] = (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).flatMap(
    (name) => {
      const text = one(name);
      if (text === '' && (name === 'regency' || name === 'name'))
        return [{ path: name, message: `${LABELS[name]} wajib diisi.` }];
      if ([...text].length > LIMITS[name])
        return [{ path: name, message: `${LABELS[name]} paling panjang ${LIMITS[name]} huruf.` }];
      const unknown = /\{(?!village\}|district\})[^{}]*\}/.exec(text)?.[0];
      return unknown
        ? [{ path: name, message: `${unknown} tidak dikenal. Yang dikenal hanya {village} dan {district}.` }]
        : [];
    },
  );
  if (!mark) errors.push({ path: 'mark', message: 'Pilih gambar kecil di kop.' });
  return {
    letterhead: {
      regency: one('regency'),
      name: one('name'),
      address: one('address'),
      phone: one('phone'),
      mark: mark ?? 'pendopo',
    },
    errors,
  };
}

/** For agencies that stand for all villages or districts (docs/decisions/0013): the place of this paper. */
export function placedLetterhead(letterhead: Letterhead, place: { village: string; district: string }): Letterhead {
  const fill = (text: string) => text.replaceAll('{village}', place.village).replaceAll('{district}', place.district);
  return {
    ...letterhead,
    regency: fill(letterhead.regency),
    name: fill(letterhead.name),
    address: fill(letterhead.address),
  };
}

export const sameLetterhead = (a: Letterhead, b: Letterhead): boolean =>
  a.regency === b.regency && a.name === b.name && a.address === b.address && a.phone === b.phone && a.mark === b.mark;
