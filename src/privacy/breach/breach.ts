// A failure to protect personal data (UU 27/2022 Pasal 46): what must be said, to whom, until when. Pure.
import type { Within } from '#src/applications/walk/actions.ts';

/** The minimum content of Pasal 46: data exposed; when and how; handling and recovery. */
export const FIELDS = {
  exposed: {
    title: 'Data apa yang terungkap',
    hint: 'Jenis datanya, tanpa menyebut orangnya. Misalnya: nama, NIK, dan foto KK.',
  },
  when: {
    title: 'Kapan dan bagaimana terungkap',
    hint: 'Tanggal atau rentang waktu, dan jalannya kejadian sejauh diketahui.',
  },
  handling: { title: 'Upaya penanganan', hint: 'Apa yang sudah dilakukan untuk menghentikannya.' },
  recovery: {
    title: 'Upaya pemulihan',
    hint: 'Apa yang dilakukan untuk memulihkan, dan apa yang sebaiknya dilakukan pemilik data.',
  },
} as const;
export type FieldName = keyof typeof FIELDS;
export type Account = Record<FieldName, string>;
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];
export const LONGEST = 2000;
/** A field of one word says nothing to whoever reads it. */
const SHORTEST = 10;

/** "Paling lambat 3 × 24 jam": hours that run through nights and holidays, from when it was found. */
export const noticeDue = (foundAt: Date): Date => new Date(foundAt.getTime() + 72 * 3_600_000);

/** What lacks of the minimum content, and what is too long; one error a field. */
export function accountFaults(account: Partial<Account>): { path: FieldName; message: string }[] {
  return FIELD_NAMES.flatMap((path) => {
    const length = (account[path] ?? '').trim().length;
    if (length < SHORTEST) return [{ path, message: `${FIELDS[path].title}: tulis paling sedikit satu kalimat.` }];
    return length > LONGEST ? [{ path, message: `${FIELDS[path].title}: ringkas sampai 2.000 huruf.` }] : [];
  });
}

export type Entry =
  | { kind: 'report'; account: Account }
  | { kind: 'amendment'; account: Account }
  | { kind: 'selection'; within: { agency?: string; service?: string; village?: string; from: string; to: string } }
  | { kind: 'authority'; how: string }
  | { kind: 'subjects' }
  | { kind: 'closed' };

export type DatedEntry = Entry & { id: string; at: Date; by: string };

export type Breach = {
  id: string;
  agency: string;
  foundAt: Date;
  due: Date;
  entries: DatedEntry[];
  /** The newest account: a correction replaces what is shown, never what was written. */
  account: Account | undefined;
  within: (Within & { at: Date }) | undefined;
  authorityAt: Date | undefined;
  subjectsAt: Date | undefined;
  closedAt: Date | undefined;
};

/** The register's page folded from its entries, oldest first. */
export function foldBreach(row: { id: string; agency: string; foundAt: Date }, entries: DatedEntry[]): Breach {
  const breach: Breach = {
    ...row,
    due: noticeDue(row.foundAt),
    entries,
    account: undefined,
    within: undefined,
    authorityAt: undefined,
    subjectsAt: undefined,
    closedAt: undefined,
  };
  for (const entry of entries) {
    switch (entry.kind) {
      case 'report':
      case 'amendment':
        breach.account = entry.account;
        break;
      case 'selection': {
        const { from, to, ...rest } = entry.within;
        breach.within = { ...rest, from: new Date(from), to: new Date(to), at: entry.at };
        break;
      }
      case 'authority':
        breach.authorityAt ??= entry.at;
        break;
      case 'subjects':
        breach.subjectsAt ??= entry.at;
        break;
      case 'closed':
        breach.closedAt ??= entry.at;
        break;
    }
  }
  return breach;
}

/** Whether both notices are out, and in time. */
export function noticeState(breach: Breach, now: Date): 'done' | 'done-late' | 'late' | 'running' {
  const { authorityAt, subjectsAt, due } = breach;
  if (authorityAt && subjectsAt) return authorityAt <= due && subjectsAt <= due ? 'done' : 'done-late';
  return now > due ? 'late' : 'running';
}
