// What an invitation and an account must say. Pure.
import { OFFICE_ROLES, ROLES } from '#src/catalogue/roles.ts';
import { readContact } from '../residents/contact.ts';

/** Every role an admin may give, with its words. */
export const GIVEN_ROLES: Record<string, string> = { ...ROLES, ...OFFICE_ROLES };

export type Fault = { path: string; message: string };

export const cleanName = (typed: string): string => typed.normalize('NFC').replaceAll(/\s+/g, ' ').trim().slice(0, 120);

export function nameFaults(name: string): Fault[] {
  if (name.length < 3) return [{ path: 'nama', message: 'Tulis nama lengkap, paling sedikit tiga huruf.' }];
  return /[\p{Cc}<>]/u.test(name) ? [{ path: 'nama', message: 'Nama memuat tanda yang tidak bisa dipakai.' }] : [];
}

/** Roles and place for somebody of an agency; `places` are those the admin may give. */
export function officeFaults(roles: string[], area: string, places: { has(area: string): boolean }): Fault[] {
  const faults: Fault[] = [];
  if (roles.length === 0) faults.push({ path: 'peran', message: 'Pilih paling sedikit satu peran.' });
  else if (roles.some((role) => !Object.hasOwn(GIVEN_ROLES, role)))
    faults.push({ path: 'peran', message: 'Ada peran yang tidak dikenal. Pilih dari daftar.' });
  if (!places.has(area)) faults.push({ path: 'wilayah', message: 'Pilih wilayah dari daftar.' });
  return faults;
}

export type Reach = { email?: string; phone?: string };

/** Where the invitation goes: an e-mail address, a mobile number, or nowhere when the admin hands it over. */
export function readReach(typed: string): { reach: Reach; faults: Fault[] } {
  if (typed.trim() === '') return { reach: {}, faults: [] };
  const contact = readContact(typed);
  if (!contact)
    return {
      reach: {},
      faults: [{ path: 'kontak', message: 'Ini bukan alamat email dan bukan nomor HP. Periksa lagi, atau kosongkan.' }],
    };
  return { reach: { [contact.kind]: contact.value }, faults: [] };
}

/** The name under which somebody signs in. */
export function loginFaults(login: string): Fault[] {
  return /^[a-z0-9][a-z0-9.-]{1,58}[a-z0-9]$/.test(login) && !/[.-]{2}/.test(login)
    ? []
    : [
        {
          path: 'login',
          message: 'Nama akun: 3 sampai 60 huruf kecil, angka, titik, atau tanda hubung; misalnya siti.aminah.',
        },
      ];
}

/** A login to begin with: "Siti Aminah, S.H." → "siti.aminah". */
export function suggestedLogin(name: string): string {
  const words = name
    .replace(/,.*$/, '')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9\s-]/g, '')
    .split(/[\s-]+/)
    .filter((word) => word.length > 1);
  return words.slice(0, 2).join('.').slice(0, 60);
}
