// Places: the regency's own villages are kept at hand, the rest of Indonesia is looked up.
import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Ctx, World } from '#platform/context.ts';
import { type Area, addAreas, countAreas, findPlaces, type Place, placesWithin, searchPlaces } from './store.ts';

export type { Place } from './store.ts';

/** Kemendagri's code of the regency that this installation serves. */
export const REGENCY = '33.16';
/** Where its offices sign. */
export const TOWN = 'Blora';

type Reader = Pick<Ctx, 'db' | 'pool'>;
const own = new WeakMap<World['pool'], Promise<Map<string, Place>>>();

/** The regency's villages by code, in order of district and name. */
export function ownVillages(ctx: Reader): Promise<Map<string, Place>> {
  let loading = own.get(ctx.pool);
  if (!loading) {
    loading = placesWithin(ctx, REGENCY).then((places) => {
      if (places.length === 0) own.delete(ctx.pool); // not seeded yet: ask again next time
      return new Map(places.map((place) => [place.code, place]));
    });
    own.set(ctx.pool, loading);
  }
  return loading;
}

export async function isVillage(ctx: Reader, code: string): Promise<boolean> {
  return (await findVillage(ctx, code)) !== undefined;
}

export async function findVillage(ctx: Reader, code: string): Promise<Place | undefined> {
  if (!/^\d{2}\.\d{2}\.\d{2}\.\d{4}$/.test(code)) return undefined;
  return (await ownVillages(ctx)).get(code) ?? (await findPlaces(ctx, [code]))[0];
}

/** Villages for what somebody typed: the regency's own first, then all of Indonesia; at most `limit`. */
export async function searchVillages(ctx: Reader, typed: string, limit = 12): Promise<Place[]> {
  const text = searchText(typed);
  if (text.length < 2) return [];
  const near = [...(await ownVillages(ctx)).values()].filter((place) => matches(text, place));
  near.sort((a, b) => Number(!searchText(a.name).startsWith(text)) - Number(!searchText(b.name).startsWith(text)));
  if (near.length >= limit) return near.slice(0, limit);
  const far = await searchPlaces(ctx, text, limit);
  const known = new Set(near.map((place) => place.code));
  return [...near, ...far.filter((place) => !known.has(place.code))].slice(0, limit);
}

/** "Ds. Bangkleyan, Kec. Jati" and "bangkleyan jati" are the same search. */
export const searchText = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\b(desa|ds|kelurahan|kel|kecamatan|kec|kabupaten|kab|kota|provinsi|prov)\b\.?/g, ' ')
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();

function matches(text: string, place: Place): boolean {
  const words = searchText(`${place.name} ${place.district}`).split(' ');
  return text.split(' ').every((part) => words.some((word) => word.startsWith(part)));
}

/** Fills the places when there are none: Indonesia's codes (npm idn-area-data, ODbL) and Blora's coordinates. Returns how many. */
export async function seedAreas(ctx: Reader): Promise<number> {
  const before = await countAreas(ctx);
  if (before > 0) return before;
  const folder = join(dirname(createRequire(import.meta.url).resolve('idn-area-data/package.json')), 'data');
  const names = new Map<string, string>();
  let batch: Area[] = [];
  const flush = async () => {
    if (batch.length > 0) await addAreas(ctx, batch);
    batch = [];
  };
  const levels = [
    ['provinces', 'province'],
    ['regencies', 'regency'],
    ['districts', 'district'],
    ['villages', 'village'],
  ] as const;
  for (const [file, level] of levels) {
    for await (const [code = '', ...rest] of rows(join(folder, `${file}.csv`))) {
      const name = titleCase(rest.at(-1) ?? '');
      const parent = code.includes('.') ? code.slice(0, code.lastIndexOf('.')) : null;
      const line = [name, ...ancestors(code).map((up) => names.get(up) ?? '')].join(' ');
      if (level !== 'village') names.set(code, name);
      batch.push({ code, parent, level, name, search: searchText(line) });
      if (batch.length >= 5000) await flush();
    }
    await flush();
  }
  await addAreas(ctx, bloraCoordinates(names));
  own.delete(ctx.pool);
  return countAreas(ctx);
}

function bloraCoordinates(names: Map<string, string>): Area[] {
  const lines = readFileSync(join(import.meta.dirname, 'blora-villages.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  return lines.map((line) => {
    const [code = '', parent = '', name = '', , lat, lon] = line.split(',');
    const search = searchText([name, ...ancestors(code).map((up) => names.get(up) ?? '')].join(' '));
    return { code, parent, level: 'village' as const, name, lat: Number(lat), lon: Number(lon), search };
  });
}

const ancestors = (code: string): string[] => {
  const parts = code.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, parts.length - 1 - index).join('.'));
};

async function* rows(path: string): AsyncGenerator<string[]> {
  let first = true;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!first && line) yield line.split(',').map((cell) => cell.replaceAll('"', "'"));
    first = false;
  }
}

const titleCase = (text: string): string =>
  text === text.toUpperCase()
    ? text.toLowerCase().replaceAll(/(^|[\s(/-])\p{L}/gu, (start) => start.toUpperCase())
    : text;
