// When residents apply, for what, where and through which door. Proportions from published figures where there are
// some; the rest are assumptions, named as such: this is a plausible year, not Blora's year.
import { type Calendar, isWorkingDay, localDate } from '#platform/calendar.ts';
import type { Channel, Service } from '#src/catalogue/service.ts';
import { type Random, weighted } from './random.ts';

export type Offer = { service: Service; version: number };
export type Arrival = { at: number; offer: Offer; village: string; channel: Channel };
export type Day = { date: string; arrivals: Arrival[] };

export type Plan = {
  applications: number;
  from: Date;
  until: Date;
  calendar: Calendar;
  offers: Offer[];
  villages: string[];
  random: Random;
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

// Applicants at MPP Blora on 8 April 2025 by agency. Village and district offices were not counted there, nor were
// agencies without a counter: their weights are assumed.
const AGENCIES: Record<string, number> = {
  dindukcapil: 143,
  dinperinaker: 100,
  'dinsos-p3a': 56,
  bppkad: 18,
  dpmptsp: 14,
  dpupr: 6,
  dinkesda: 5,
  desa: 120,
  kecamatan: 14,
};
const OTHER_AGENCY = 5;

// Within an agency some services are asked for every day and some a few times a year: assumed.
const POPULAR: Record<string, number> = {
  'akta-kelahiran': 14,
  'kk-perubahan': 14,
  'ktp-hilang': 12,
  'ktp-baru': 10,
  kia: 10,
  'ktp-perubahan': 9,
  'kk-baru': 8,
  'akta-kematian': 6,
  'aktivasi-ikd': 6,
  'pindah-keluar': 4,
  'pindah-datang': 4,
  'surat-tidak-mampu': 10,
  'surat-usaha': 8,
  'surat-domisili': 6,
  'pengantar-nikah': 4,
  'akta-perceraian': 0.2,
  'pengakuan-anak': 0.1,
  'pengangkatan-anak': 0.1,
  'pengesahan-anak': 0.1,
  'perubahan-nama': 0.3,
  'akta-perkawinan': 0.3,
  'bantuan-bencana': 0.5,
  'keberatan-pbb': 0.3,
};

// People by district = density × area (BPS) where a density is published: Cepu 1,561, Sambong 272, Jati 230 per km².
// The other districts share what remains of 911,614 (December 2022) evenly by village; within a district all villages
// are alike.
const DISTRICTS: Record<string, number> = {
  '33.16.05': 1561 * 49.04,
  '33.16.06': 272 * 102.68,
  '33.16.01': 230 * 215.38,
};
const PEOPLE = 911_614;

// Monday to Sunday; at weekends and on holidays only the online door is open.
const WEEK = [1.35, 1.1, 1, 0.95, 0.8, 0.3, 0.22];
const HOLIDAY = 0.2;
// Hours of the day: counters are full from 08 to 11, the phone comes out again after 19.
const OFFICE = [0, 0, 0, 0, 0, 0, 0, 0, 10, 11, 10, 6, 3, 5, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const PHONE = [0.6, 0.3, 0.1, 0.1, 0.2, 0.6, 1.5, 3, 6, 7, 6.5, 5, 4.5, 4.5, 4, 3.5, 3, 2.5, 3, 7, 8, 6.5, 3.5, 1.5];

const drawOffice = weighted(OFFICE);
const drawPhone = weighted(PHONE);

/** Every application of the period, a day at a time, in order of time. */
export function* arrivals(plan: Plan): Generator<Day> {
  const { random, calendar, from, until } = plan;
  const days = daysOf(plan);
  const total = days.reduce((sum, day) => sum + day.weight, 0);
  const doors = {
    online: offersAt(plan, 'online'),
    doorstep: offersAt(plan, 'doorstep'),
    onestop: offersAt(plan, 'onestop'),
  };
  const drawVillage = weighted(villageWeights(plan.villages));
  let weightSoFar = 0;
  let given = 0;
  for (const [index, day] of days.entries()) {
    weightSoFar += day.weight;
    const upTo = index === days.length - 1 ? plan.applications : Math.round((plan.applications * weightSoFar) / total);
    // the team visits two villages on a day of jemput bola, so all who apply at their door that day live there
    const visited = [random.pick(plan.villages), random.pick(plan.villages)];
    const arrived: Arrival[] = [];
    const [earliest, latest] = [Math.max(day.start, from.getTime()), Math.min(day.start + DAY, until.getTime()) - 1];
    for (; given < upTo; given++) {
      const channel = doorOn(day, index / days.length, random);
      const { offers, draw } = doors[channel].offers.length > 0 ? doors[channel] : doors.online;
      const offer = offers[draw(random.next())] as Offer;
      const village =
        channel === 'doorstep' ? random.pick(visited) : (plan.villages[drawVillage(random.next())] as string);
      arrived.push({ at: timeOn(day.start, channel, earliest, latest, random), offer, village, channel });
    }
    arrived.sort((a, b) => a.at - b.at);
    yield { date: localDate(calendar, new Date(day.start + DAY / 2)), arrivals: arrived };
  }
}

type PlannedDay = { start: number; working: boolean; weekday: number; weight: number };

function daysOf({ calendar, from, until, random }: Plan): PlannedDay[] {
  const days: PlannedDay[] = [];
  const offset = calendar.offsetMinutes * 60_000;
  const first = Math.floor((from.getTime() + offset) / DAY) * DAY - offset;
  const length = until.getTime() - first;
  let free = 0;
  let sinceLebaran = Number.POSITIVE_INFINITY;
  let lebaran = false;
  for (let start = first; start < until.getTime(); start += DAY) {
    const date = localDate(calendar, new Date(start));
    const working = isWorkingDay(calendar, date);
    const weekday = (new Date(start + offset).getUTCDay() + 6) % 7;
    if (calendar.holidays.get(date)?.name.includes('Idul Fitri')) lebaran = true;
    let weight = working || weekday > 4 ? (WEEK[weekday] as number) : HOLIDAY;
    if (working) {
      sinceLebaran = lebaran ? 0 : sinceLebaran + 1;
      // 436 applicants came to MPP Blora on the first day after Lebaran 2025; an ordinary day is about half of it
      // (assumed)
      weight *= sinceLebaran < 3 ? ([2, 1.5, 1.25][sinceLebaran] as number) : free > 2 ? 1.15 : 1;
      lebaran = false;
    }
    free = working ? 0 : free + 1;
    const grown = 0.9 + (0.2 * (start - first)) / length;
    const noise = random.lognormal(1, 0.08);
    days.push({ start, working, weekday, weight: weight * grown * noise * partOf(start, from, until) });
  }
  return days;
}

/** How much of a day's visitors come within the period: less than all only on its first and last day. */
function partOf(start: number, from: Date, until: Date): number {
  const sum = (low: number, high: number) => OFFICE.slice(low, high).reduce((a, b) => a + b, 0);
  const hour = (at: Date) => Math.max(0, Math.min(24, Math.floor((at.getTime() - start) / HOUR)));
  return sum(hour(from), hour(until)) / sum(0, 24);
}

// Online grows over the year; the jemput bola car drives on Tuesdays and Wednesdays above all, as in Blora since 2016.
function doorOn(day: PlannedDay, progress: number, random: Random): Channel {
  if (!day.working) return 'online';
  const u = random.next();
  if (u < 0.3 + 0.14 * progress) return 'online';
  const doorstep = day.weekday === 1 || day.weekday === 2 ? 0.26 : 0.08;
  return u > 1 - doorstep ? 'doorstep' : 'onestop';
}

function timeOn(start: number, channel: Channel, earliest: number, latest: number, random: Random): number {
  const draw = channel === 'online' ? drawPhone : drawOffice;
  for (let attempt = 0; attempt < 20; attempt++) {
    const at = Math.floor(start + (draw(random.next()) + random.next()) * HOUR);
    if (at >= earliest && at <= latest) return at;
  }
  return Math.floor(earliest + random.next() * Math.max(0, latest - earliest));
}

function offersAt({ offers }: Plan, channel: Channel): { offers: Offer[]; draw(at: number): number } {
  const popularity = (offer: Offer) => POPULAR[offer.service.id] ?? 1;
  const sums = new Map<string, number>();
  for (const offer of offers) sums.set(offer.service.agency, (sums.get(offer.service.agency) ?? 0) + popularity(offer));
  const open = offers.filter((offer) => offer.service.channels.includes(channel));
  return {
    offers: open,
    draw: weighted(
      open.map(
        (offer) =>
          ((AGENCIES[offer.service.agency] ?? OTHER_AGENCY) * popularity(offer)) /
          (sums.get(offer.service.agency) ?? 1),
      ),
    ),
  };
}

function villageWeights(villages: string[]): number[] {
  const inDistrict = Map.groupBy(villages, (village) => village.slice(0, 8));
  const known = Object.keys(DISTRICTS).filter((district) => inDistrict.has(district));
  const counted = known.reduce((sum, district) => sum + (DISTRICTS[district] as number), 0);
  const others = villages.length - known.reduce((sum, district) => sum + (inDistrict.get(district)?.length ?? 0), 0);
  return villages.map((village) => {
    const people = DISTRICTS[village.slice(0, 8)];
    return people === undefined
      ? (PEOPLE - counted) / Math.max(1, others)
      : people / (inDistrict.get(village.slice(0, 8))?.length ?? 1);
  });
}

/** An instant within the hours at which people use their phones, on the day of `at` or the next ones. */
export function phoneTime(calendar: Calendar, at: number, random: Random): number {
  const offset = calendar.offsetMinutes * 60_000;
  const day = Math.floor((at + offset) / DAY) * DAY - offset;
  const then = Math.floor(day + (drawPhone(random.next()) + random.next()) * HOUR);
  return then > at ? then : then + DAY;
}
