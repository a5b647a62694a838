// The people of the demo world: clearly invented, and only in demo mode.
import type { Ctx } from '#platform/context.ts';
import { createOfficer } from './identity/actions.ts';

/** Shown on the sign-in page of a demo; no such account exists in production. */
export const DEMO_PASSWORD = 'pendopo-contoh';

type DemoOfficer = { login: string; name: string; agency: string; roles: string[]; area?: string };

export const DEMO_OFFICERS: DemoOfficer[] = [
  { login: 'verifikator', name: 'Vera Contoh (verifikator Dindukcapil)', agency: 'dindukcapil', roles: ['verifier', 'front-desk'] },
  { login: 'pengesah', name: 'Panji Contoh (pejabat pengesah Dindukcapil)', agency: 'dindukcapil', roles: ['approver'] },
  { login: 'atasan', name: 'Astuti Contoh (atasan Dindukcapil)', agency: 'dindukcapil', roles: ['supervisor'] },
  { login: 'kepala', name: 'Karso Contoh (kepala Dindukcapil)', agency: 'dindukcapil', roles: ['head'] },
  { login: 'desa.bangkleyan', name: 'Darmi Contoh (registrar Desa Bangkleyan)', agency: 'desa', roles: ['village-registrar'], area: '33.16.01.2001' },
  { login: 'kades.bangkleyan', name: 'Kasdi Contoh (kepala Desa Bangkleyan)', agency: 'desa', roles: ['village-head'], area: '33.16.01.2001' },
  { login: 'camat.jati', name: 'Cahyo Contoh (Camat Jati)', agency: 'kecamatan', roles: ['district-head', 'front-desk', 'verifier'], area: '33.16.01' },
  { login: 'perizinan', name: 'Prihatin Contoh (verifikator DPMPTSP)', agency: 'dpmptsp', roles: ['verifier', 'front-desk', 'approver'] },
  { login: 'satpolpp', name: 'Sardi Contoh (pemeriksa Satpol PP)', agency: 'satpol-pp', roles: ['examiner', 'verifier'] },
  { login: 'sosial', name: 'Sri Contoh (verifikator Dinsos P3A)', agency: 'dinsos-p3a', roles: ['verifier', 'approver', 'front-desk'] },
];

/** Adds the demo officers that are not there yet. */
export async function seedDemo(ctx: Ctx): Promise<void> {
  for (const officer of DEMO_OFFICERS) await createOfficer(ctx, { ...officer, password: DEMO_PASSWORD, demo: true });
}
