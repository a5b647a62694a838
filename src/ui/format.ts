// Dates, money and numbers as Indonesians write them. Pure: the moment and the zone come in; the regency's zone is +07.00.

export const MONTHS = [
  'Januari',
  'Februari',
  'Maret',
  'April',
  'Mei',
  'Juni',
  'Juli',
  'Agustus',
  'September',
  'Oktober',
  'November',
  'Desember',
] as const;
const SHORT_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'Mei', 'Jun', 'Jul', 'Agu', 'Sep', 'Okt', 'Nov', 'Des'] as const;
const DAYS = ['Minggu', 'Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu'] as const;
const ZONES: Record<number, string> = { 420: ' WIB', 480: ' WITA', 540: ' WIT' };

const MINUTE = 60_000;
const DAY = 86_400_000;
const WIB = 420;

/** The wall clock of the zone, kept in the UTC fields. A bare calendar day (YYYY-MM-DD) has no zone and is not moved. */
function wallClock(moment: Date | string, offset: number): Date {
  const calendarDay = typeof moment === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(moment);
  const time = typeof moment === 'string' ? Date.parse(moment) : moment.getTime();
  if (Number.isNaN(time)) throw new RangeError(`not a date: ${String(moment)}`);
  return new Date(time + (calendarDay ? 0 : offset * MINUTE));
}

/** "Senin, 23 November 2026" */
export function formatDate(date: Date | string, calendarOffset: number = WIB): string {
  return `${DAYS[wallClock(date, calendarOffset).getUTCDay()]}, ${formatDayMonthYear(date, calendarOffset)}`;
}

/** "23 November 2026" */
export function formatDayMonthYear(date: Date | string, calendarOffset: number = WIB): string {
  const d = wallClock(date, calendarOffset);
  return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`;
}

/** "23 Nov 2026" */
export function formatShortDate(date: Date | string, calendarOffset: number = WIB): string {
  const d = wallClock(date, calendarOffset);
  return `${d.getUTCDate()} ${SHORT_MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`;
}

/** "09.15" */
export function formatTime(moment: Date | string, calendarOffset: number = WIB): string {
  const d = wallClock(moment, calendarOffset);
  return `${String(d.getUTCHours()).padStart(2, '0')}.${String(d.getUTCMinutes()).padStart(2, '0')}`;
}

/** "23 November 2026 pukul 09.15 WIB" */
export function formatDateTime(moment: Date | string, calendarOffset: number = WIB): string {
  const day = formatDayMonthYear(moment, calendarOffset);
  return `${day} pukul ${formatTime(moment, calendarOffset)}${ZONES[calendarOffset] ?? ''}`;
}

/** "baru saja", "5 menit lalu", "3 jam lalu", "kemarin", "3 hari lalu", "besok", "2 hari lagi"; beyond 30 days the date. */
export function formatRelative(moment: Date | string, now: Date, calendarOffset: number = WIB): string {
  const there = wallClock(moment, calendarOffset);
  const here = wallClock(now, calendarOffset);
  const days = Math.floor(there.getTime() / DAY) - Math.floor(here.getTime() / DAY);
  if (days === 0) {
    if (typeof moment === 'string' && moment.length === 10) return 'hari ini';
    const minutes = Math.round((there.getTime() - here.getTime()) / MINUTE);
    const size = Math.abs(minutes);
    if (size < 1) return 'baru saja';
    const amount = size < 60 ? `${size} menit` : `${Math.floor(size / 60)} jam`;
    return `${amount} ${minutes < 0 ? 'lalu' : 'lagi'}`;
  }
  if (days === -1) return 'kemarin';
  if (days === 1) return 'besok';
  if (Math.abs(days) > 30) return formatShortDate(moment, calendarOffset);
  return days < 0 ? `${-days} hari lalu` : `${days} hari lagi`;
}

/** "1.234,5": a dot for thousands, a comma for decimals; at most `decimals` of them, trailing zeros dropped. */
export function formatNumber(value: number, decimals = 2): string {
  if (!Number.isFinite(value)) return '–';
  const [whole, rest = ''] = Math.abs(value).toFixed(decimals).split('.') as [string, string?];
  const fraction = rest.replace(/0+$/, '');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '.');
  const negative = value < 0 && (fraction !== '' || /[1-9]/.test(whole));
  return `${negative ? '−' : ''}${grouped}${fraction && `,${fraction}`}`;
}

/** "Rp 1.500.000". Money is whole rupiah; the space does not break. */
export function formatRupiah(rupiah: number): string {
  const text = formatNumber(rupiah, 0);
  return text.startsWith('−') ? `−Rp\u00a0${text.slice(1)}` : `Rp\u00a0${text}`;
}

/** "Gratis" for nothing, else the amount: the word people look for. */
export function formatFee(rupiah: number): string {
  return rupiah === 0 ? 'Gratis' : formatRupiah(rupiah);
}

/** "87,5%" from 0.875. */
export function formatPercent(share: number, decimals = 1): string {
  return Number.isFinite(share) ? `${formatNumber(share * 100, decimals)}%` : '–';
}

/** "3 permohonan"; none is said in words. Indonesian nouns do not change with the count. */
export function formatCount(count: number, noun: string, none = `belum ada ${noun}`): string {
  return count === 0 ? none : `${formatNumber(count, 0)} ${noun}`;
}

/** "a", "a dan b", "a, b, dan c". */
export function formatList(items: readonly string[], last = 'dan'): string {
  if (items.length < 3) return items.join(` ${last} `);
  return `${items.slice(0, -1).join(', ')}, ${last} ${items.at(-1)}`;
}

/** "340 kB", "2,4 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bita`;
  return bytes < 999_500 ? `${formatNumber(bytes / 1000, 0)} kB` : `${formatNumber(bytes / 1e6, 1)} MB`;
}
