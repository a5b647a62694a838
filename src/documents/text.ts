// Words about documents that several pages share.

/** Why a document may be revoked; the code is kept and shown, never free text, for it stands in public. */
export const REVOCATION_REASONS = {
  'wrong-data': 'Ada data yang keliru',
  replaced: 'Diganti dokumen baru',
  'false-evidence': 'Berkas pendukung terbukti tidak benar',
  'court-order': 'Putusan pengadilan',
  'holder-request': 'Permintaan pemegang',
} as const;
export type RevocationReason = keyof typeof REVOCATION_REASONS;
