// How a module declares what it does with personal data (UU 27/2022 Pasal 31); the record is made of these declarations.

export type Processing = {
  id: string;
  /** The activity, as people call it. */
  name: string;
  purpose: string;
  legalBasis: string;
  /** `unverified`: shown as "perlu diverifikasi". */
  provenance: 'sourced' | 'unverified';
  /** Whose data. */
  subjects: readonly string[];
  data: readonly string[];
  /** Data of a specific kind (Pasal 4 ayat 2), where there is any. */
  specific?: readonly string[];
  recipients: readonly string[];
  retention: string;
  safeguards: readonly string[];
  /** Columns that hold it, `schema.table.column`: a test finds those that are declared nowhere. */
  columns: readonly string[];
};
