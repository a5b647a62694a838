// Shell: reads services and what they share from folders. Whatever a file holds, reading it gives problems, never a crash:
// a catalogue is written by many hands, and `services check` exists for the files that are wrong.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument, type YAMLError } from 'yaml';
import type { Shared } from './library.ts';
import { agencyProblems, type Problem } from './schema.ts';

/** A service as found. `example` is undefined when none belongs beside it, null when it should be there and is not. */
export type Entry = { id: string; dir: string; raw: unknown; example: unknown; problems: Problem[] };
export type Library = { shared: Shared; entries: Entry[]; problems: Problem[] };
export type Read = { data: unknown; problems: Problem[] };

export const SERVICES = fileURLToPath(new URL('../../services', import.meta.url));
const CALENDAR = fileURLToPath(new URL('../../calendars/indonesia.yaml', import.meta.url));
const LARGEST = 1_000_000;

/**
 * Reads one service folder, a folder of services, or a single YAML file. `shared/` is taken from the folder, else from
 * beside the service, else from the product's own services. Never throws: faults are in `problems` and in the entries.
 */
export function readLibrary(path: string): Library {
  const problems: Problem[] = [];
  const kind = kindOf(path);
  if (kind === undefined)
    return {
      shared: readShared(path, problems),
      entries: [lost(path, 'not-found', 'Tidak ditemukan; periksa alamatnya.')],
      problems,
    };
  const shared = readShared(kind === 'file' ? dirname(path) : path, problems);
  if (kind === 'file') return { shared, entries: [readEntry(path, false)], problems };
  if (existsSync(join(path, 'service.yaml')))
    return { shared, entries: [readEntry(join(path, 'service.yaml'), true)], problems };
  const inside = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const entries = inside.flatMap((found) => {
    if (found.name === 'shared' || found.name.startsWith('.')) return [];
    const at = join(path, found.name);
    if (kindOf(at) === 'folder') {
      const file = join(at, 'service.yaml');
      return [
        existsSync(file)
          ? readEntry(file, true)
          : lost(at, 'no-service', 'Folder ini belum berisi service.yaml; tambahkan.'),
      ];
    }
    return /\.ya?ml$/.test(found.name) ? [readEntry(at, false)] : [];
  });
  if (entries.length === 0)
    entries.push(lost(path, 'no-service', 'Tidak ada layanan di folder ini; isi dengan <id>/service.yaml.'));
  return { shared, entries, problems };
}

/** The parsed calendar of the product; the office hours decide whether limits fit in a promise. */
export function readCalendarFile(): unknown {
  return parseDocument(readFileSync(CALENDAR, 'utf8')).toJS();
}

/** Parses a YAML file; faults carry the file's name, line and column. */
export function readYaml(file: string): Read {
  const { text, problem } = readText(file);
  if (problem) return { data: undefined, problems: [problem] };
  try {
    const document = parseDocument(text, { prettyErrors: true });
    if (document.errors.length > 0)
      return { data: undefined, problems: document.errors.slice(0, 20).map((error) => yamlProblem(file, error)) };
    // The count stops a file that names itself over and over until the memory is full.
    const data: unknown = document.toJS({ maxAliasCount: 1_000 });
    if (data !== null && data !== undefined) return { data, problems: [] };
    return { data: undefined, problems: [{ code: 'empty', path: basename(file), message: 'Berkas ini kosong; isi.' }] };
  } catch (error) {
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
    const message = 'Terlalu banyak rujukan (&, *) atau terlalu dalam bertingkat; tulis lebih sederhana.';
    return { data: undefined, problems: [{ code: 'yaml', path: basename(file), message }] };
  }
}

/** Parses a JSON file; the same promise as readYaml. */
export function readJson(file: string): Read {
  const { text, problem } = readText(file, 20 * LARGEST);
  if (problem) return { data: undefined, problems: [problem] };
  try {
    return { data: JSON.parse(text), problems: [] };
  } catch (error) {
    const at = error instanceof Error ? /position (\d+)/.exec(error.message) : null;
    const path = at ? `${basename(file)}:${lineAndColumn(text, Number(at[1]))}` : basename(file);
    return {
      data: undefined,
      problems: [{ code: 'json', path, message: 'Tulisan JSON tidak terbaca di sini; perbaiki.' }],
    };
  }
}

function readEntry(file: string, wantsExample: boolean): Entry {
  const { data, problems } = readYaml(file);
  const dir = dirname(file);
  const named = basename(file) === 'service.yaml' ? basename(dir) : basename(file, extname(file));
  const id = isRecord(data) && typeof data['id'] === 'string' ? data['id'] : named;
  if (wantsExample && isRecord(data) && typeof data['id'] === 'string' && data['id'] !== named) {
    const message = `id "${id}" berbeda dari nama foldernya, "${named}"; samakan.`;
    problems.push({ code: 'id-not-folder', path: 'id', message });
  }
  const exampleFile = join(dir, 'example.json');
  if (basename(file) !== 'service.yaml' || !existsSync(exampleFile))
    return { id, dir, raw: data, example: wantsExample ? null : undefined, problems };
  const example = readJson(exampleFile);
  problems.push(...example.problems);
  return { id, dir, raw: data, example: example.problems.length > 0 ? undefined : example.data, problems };
}

function readShared(dir: string, problems: Problem[]): Shared {
  const nearest = [join(dir, 'shared'), join(dirname(dir), 'shared')].find((at) =>
    existsSync(join(at, 'agencies.yaml')),
  );
  const at = nearest ?? join(SERVICES, 'shared');
  const part = <T>(name: string): Record<string, T> => {
    const file = join(at, name);
    if (!existsSync(file)) return {};
    const read = readYaml(file);
    problems.push(...read.problems.map((problem) => ({ ...problem, path: `shared/${problem.path}` })));
    if (read.problems.length > 0) return {};
    if (isRecord(read.data)) return read.data as Record<string, T>;
    problems.push({ code: 'schema', path: `shared/${name}`, message: 'Tulis sebagai pasangan nama dan isi.' });
    return {};
  };
  const agencies = part<Shared['agencies'][string]>('agencies.yaml');
  for (const [id, agency] of Object.entries(agencies))
    problems.push(...agencyProblems(agency, `shared/agencies.yaml: ${id}`));
  const named = Object.fromEntries(Object.entries(agencies).map(([id, agency]) => [id, { ...agency, id }]));
  return { agencies: named, steps: part('steps.yaml'), workflows: part('workflows.yaml') };
}

function readText(file: string, largest = LARGEST): { text: string; problem?: Problem } {
  const fault = (code: string, message: string) => ({ text: '', problem: { code, path: basename(file), message } });
  try {
    if (statSync(file).size > largest)
      return fault('too-big', `Berkas ini lebih besar dari ${largest / 1_000_000} MB; pecah atau ringkas.`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    if (text.includes('\0')) return fault('not-text', 'Berkas ini bukan tulisan; simpan sebagai teks UTF-8.');
    return { text };
  } catch (error) {
    if (error instanceof TypeError) return fault('not-text', 'Berkas ini bukan tulisan; simpan sebagai teks UTF-8.');
    return fault('not-found', 'Berkas tidak dapat dibaca; periksa alamat dan izinnya.');
  }
}

const YAML_FAULTS: Record<string, string> = {
  TAB_AS_INDENT: 'Jangan pakai tab; pakai spasi di awal baris.',
  BAD_INDENT: 'Spasi di awal baris tidak rata dengan baris lain; ratakan.',
  DUPLICATE_KEY: 'Nama ini ditulis dua kali; hapus salah satu.',
  BAD_ALIAS: 'Rujukan * ini tidak punya pasangan &; perbaiki namanya.',
  MULTIPLE_DOCS: 'Satu berkas hanya untuk satu layanan; hapus tanda --- di tengah.',
};

function yamlProblem(file: string, error: YAMLError): Problem {
  const at = error.linePos?.[0];
  const path = at ? `${basename(file)}:${at.line}:${at.col}` : basename(file);
  const message =
    YAML_FAULTS[error.code] ?? 'Tulisan YAML tidak terbaca di sini; periksa tanda titik dua, kurung, dan petik.';
  return { code: 'yaml', path, message };
}

function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

function lost(path: string, code: string, message: string): Entry {
  return { id: basename(path), dir: path, raw: undefined, example: undefined, problems: [{ code, path, message }] };
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return undefined;
  return found.isDirectory() ? 'folder' : 'file';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
