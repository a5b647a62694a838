// Who looked at a case, as its owner reads it: which office and role, when, what, and why; never the officer's name. Pure.
import { PURPOSES } from '../text.ts';

/** Events that are looks of their own; the index events_looks names the same. */
export const LOOK_TYPES = ['application.opened', 'application.file-opened'] as const;
/** Acts within the case's own chain by which somebody came to see data. */
export const CHAIN_TYPES = ['application.revealed', 'application.consulted'] as const;

export type Look = {
  position: number;
  application: string;
  type: (typeof LOOK_TYPES)[number] | (typeof CHAIN_TYPES)[number];
  at: Date;
  /** Of who looked; unknown for an officer that is no longer there. */
  agency: string | undefined;
  roles: string[];
  data: Record<string, unknown>;
};

/** What was done, in words for the owner. `agencyName`: an office as people call it. */
export function whatOf({ type, data }: Pick<Look, 'type' | 'data'>, agencyName: (id: string) => string): string {
  switch (type) {
    case 'application.opened':
      return 'Membuka permohonan';
    case 'application.file-opened':
      return data.kind === 'issued' ? 'Membuka dokumen hasil' : 'Membuka foto atau dokumen syarat';
    case 'application.revealed':
      return 'Membuka NIK, nomor KK, dan nomor HP secara lengkap';
    case 'application.consulted': {
      const asked = (data.opinion as { agency?: string } | undefined)?.agency ?? '';
      return `Meminta pendapat ${asked ? agencyName(asked) : 'instansi lain'}, yang dapat membaca permohonan ini`;
    }
  }
}

/** For what, as far as it was said; opening a case is for handling it. */
export function whyOf({ type, data }: Pick<Look, 'type' | 'data'>): string {
  if (type === 'application.revealed') return PURPOSES[data.purpose as keyof typeof PURPOSES] ?? 'Keperluan lain';
  if (type === 'application.consulted') return 'Pertimbangan untuk memutuskan';
  return 'Menangani permohonan';
}
