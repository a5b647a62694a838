// How long a case is kept, counted in months from its end as its service says. Pure.
import type { Service } from '#src/catalogue/service.ts';

/** What the schedule asks of an ended case now: first its pictures, later all that is sealed. */
export type Due = 'nothing' | 'files' | 'case';

export type Retention = Service['retention'];

/** Judged by the schedule that is published today: a corrected one (JRA) holds for older cases too. */
export function dueNow(retention: Retention, endedAt: Date, now: Date): Due {
  if (now >= monthsAfter(endedAt, retention.answers)) return 'case';
  return now >= monthsAfter(endedAt, retention.files) ? 'files' : 'nothing';
}

/** The same day so many months later; the last day of a month that has no such day. */
export function monthsAfter(from: Date, months: number): Date {
  const moved = new Date(from);
  moved.setUTCMonth(moved.getUTCMonth() + months, 1);
  const last = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(from.getUTCDate(), last));
  return moved;
}

/** "12 bulan", "5 tahun". */
export const monthsWords = (months: number): string =>
  months % 12 === 0 && months > 12 ? `${months / 12} tahun` : `${months} bulan`;

export const HOLD_REASONS = {
  dispute: 'Sengketa',
  objection: 'Keberatan',
  complaint: 'Pengaduan',
  audit: 'Pemeriksaan',
  court: 'Perkara di pengadilan',
} as const;
export type HoldReason = keyof typeof HOLD_REASONS;

export const LIFT_REASONS = {
  settled: 'Perkaranya sudah selesai',
  mistaken: 'Ditahan karena keliru',
  expired: 'Masa penahanannya habis',
} as const;
export type LiftReason = keyof typeof LIFT_REASONS;
