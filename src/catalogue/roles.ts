// Who can have work in a workflow. A role outside this list is nobody's desk: a case that lands there never moves.

export const ROLES = {
  'front-desk': 'Petugas loket',
  verifier: 'Verifikator',
  approver: 'Pejabat pengesah',
  supervisor: 'Atasan',
  head: 'Kepala instansi',
  'village-registrar': 'Petugas registrasi desa',
  'village-head': 'Kepala desa/lurah',
  'district-head': 'Camat',
  examiner: 'Petugas lapangan/pemeriksa teknis',
  'privacy-officer': 'Petugas pelindungan data pribadi',
} as const;
export type Role = keyof typeof ROLES;

/** Roles that keep the office running and have no desk in a workflow. */
export const OFFICE_ROLES: Record<string, string> = { admin: 'Pengelola akun instansi' };

/** Roles of an officer, plus the two that are no officer: the resident and the clock. */
export const ACTORS: Record<string, string> = { applicant: 'Pemohon', ...ROLES, system: 'Sistem' };

/** The words for a role on pages; an unknown one is shown as written. */
export function roleName(role: string): string {
  const names = { ...ACTORS, ...OFFICE_ROLES };
  return Object.hasOwn(names, role) ? (names[role] as string) : role;
}

export function isOfficerRole(role: string): role is Role {
  return Object.hasOwn(ROLES, role);
}
