// The people of the demo world: clearly invented, and only in demo mode.
import type { Ctx } from '#platform/context.ts';
import { createOfficer, listDemoOfficers } from './identity/actions.ts';

/** Shown on the sign-in page of a demo; no such account exists in production. */
export const DEMO_PASSWORD = 'pendopo-contoh';

type DemoOfficer = { login: string; name: string; agency: string; roles: string[]; area?: string };

const ONE_DESK = ['front-desk', 'verifier', 'examiner', 'approver'];

export const DEMO_OFFICERS: DemoOfficer[] = [
  { login: 'verifikator', name: 'Vera Contoh', agency: 'dindukcapil', roles: ['verifier', 'front-desk'] },
  { login: 'verifikator2', name: 'Wisnu Contoh', agency: 'dindukcapil', roles: ['verifier', 'front-desk'] },
  { login: 'pengesah', name: 'Panji Contoh', agency: 'dindukcapil', roles: ['approver'] },
  { login: 'atasan', name: 'Astuti Contoh', agency: 'dindukcapil', roles: ['supervisor'] },
  { login: 'kepala', name: 'Karso Contoh', agency: 'dindukcapil', roles: ['head'] },
  { login: 'pengelola', name: 'Peni Contoh', agency: 'dindukcapil', roles: ['admin'] },
  {
    login: 'desa.bangkleyan',
    name: 'Darmi Contoh',
    agency: 'desa',
    roles: ['village-registrar', 'verifier'],
    area: '33.16.01.2001',
  },
  { login: 'kades.bangkleyan', name: 'Kasdi Contoh', agency: 'desa', roles: ['village-head'], area: '33.16.01.2001' },
  {
    login: 'camat.jati',
    name: 'Cahyo Contoh',
    agency: 'kecamatan',
    roles: ['district-head', 'front-desk', 'verifier'],
    area: '33.16.01',
  },
  { login: 'perizinan', name: 'Prihatin Contoh', agency: 'dpmptsp', roles: ONE_DESK },
  { login: 'sosial', name: 'Sri Contoh', agency: 'dinsos-p3a', roles: ONE_DESK },
  { login: 'satpolpp', name: 'Sardi Contoh', agency: 'satpol-pp', roles: ONE_DESK },
  { login: 'kesehatan', name: 'Endang Contoh', agency: 'dinkesda', roles: ONE_DESK },
  { login: 'pendidikan', name: 'Dwi Contoh', agency: 'dinas-pendidikan', roles: ONE_DESK },
  { login: 'tenagakerja', name: 'Tejo Contoh', agency: 'dinperinaker', roles: ONE_DESK },
  { login: 'pajak', name: 'Bambang Contoh', agency: 'bppkad', roles: ONE_DESK },
  { login: 'tataruang', name: 'Ratna Contoh', agency: 'dpupr', roles: ONE_DESK },
  { login: 'pertanian', name: 'Parto Contoh', agency: 'dinas-pertanian', roles: ONE_DESK },
  { login: 'lingkungan', name: 'Lastri Contoh', agency: 'dlh', roles: ONE_DESK },
  { login: 'ppdp', name: 'Pelita Contoh', agency: 'dinkominfo', roles: ['privacy-officer'] },
  { login: 'ppdp.dukcapil', name: 'Purwanti Contoh', agency: 'dindukcapil', roles: ['privacy-officer'] },
  { login: 'kepala.kominfo', name: 'Kusno Contoh', agency: 'dinkominfo', roles: ['head'] },
  { login: 'pengelola.kabupaten', name: 'Pandu Contoh', agency: 'dinkominfo', roles: ['admin'] },
  { login: 'kominfo', name: 'Indah Contoh', agency: 'dinkominfo', roles: ONE_DESK },
  { login: 'pmd', name: 'Maryono Contoh', agency: 'dinas-pmd', roles: [...ONE_DESK, 'head'] },
  { login: 'bencana', name: 'Bejo Contoh', agency: 'bpbd', roles: ONE_DESK },
  { login: 'rsud', name: 'Retno Contoh', agency: 'rsud-soetijono', roles: ONE_DESK },
];

/** Adds the demo officers that are not there yet; hashing all their passwords at every start would take a second. */
export async function seedDemo(ctx: Ctx): Promise<void> {
  const known = new Set((await listDemoOfficers(ctx)).map((officer) => officer.login));
  const missing = DEMO_OFFICERS.filter((officer) => !known.has(officer.login));
  await Promise.all(missing.map((officer) => createOfficer(ctx, { ...officer, password: DEMO_PASSWORD, demo: true })));
}
