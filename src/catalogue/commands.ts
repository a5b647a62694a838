// Shell: `pendopo services check | import-digit | render`, for those who write services rather than use them.
import { join } from 'node:path';
import { type Calendar, parseCalendar } from '#platform/calendar.ts';
import { type Args, type Command, type Outcome, UsageError } from '#platform/command.ts';
import { type Checked, check } from './check.ts';
import { diagramOf } from './diagram.ts';
import { edgesOfDefinition, importDigit } from './digit.ts';
import { readCalendarFile, readJson, readLibrary, SERVICES } from './folder.ts';
import { resolveService } from './library.ts';
import { sopMarkdown, standardMarkdown } from './render.ts';
import type { Problem } from './schema.ts';

const FORMS = ['standard', 'sop', 'diagram'] as const;

export const commands: Command[] = [
  {
    name: 'services check',
    usage: 'services check DIR… [--json]',
    summary: 'Memeriksa layanan di folder atau berkas YAML dan menyebut apa yang harus diperbaiki',
    run: async (args) => checkFolders(args),
  },
  {
    name: 'services import-digit',
    usage: 'services import-digit FILE [--name NAME] [--roundtrip] [--json]',
    summary: 'Membaca BusinessService DIGIT sebagai alur kerja; yang cacat ditolak dengan alasannya',
    run: async (args) => importFile(args),
  },
  {
    name: 'services render',
    usage: 'services render ID --as standard|sop|diagram [--json]',
    summary: 'Menulis standar pelayanan (14 komponen), tabel SOP, atau diagram alur sebuah layanan',
    run: async (args) => renderService(args),
  },
];

function checkFolders({ words }: Args): Outcome {
  if (words.length === 0) throw new UsageError('services check needs at least one folder or file');
  const calendar = officeCalendar();
  const services = words.flatMap((path) => checkFolder(path, calendar));
  const ill = services.filter(({ valid }) => !valid);
  const text = [
    ...services.map(({ id, valid, problems }) =>
      valid ? `${id}: baik` : `${id}: ${problems.length} masalah\n${listed(problems)}`,
    ),
    `${services.length} layanan diperiksa, ${services.length - ill.length} baik, ${ill.length} bermasalah.`,
  ].join('\n');
  return { ok: ill.length === 0, json: { services }, text };
}

function checkFolder(path: string, calendar: Calendar): Checked[] {
  const { shared, entries, problems } = readLibrary(path);
  const services = entries.map(({ id, raw, example, problems: found }) =>
    check(id, raw, { shared, calendar, example }, found),
  );
  const ids = services.map(({ id }) => id);
  for (const service of services) {
    if (ids.indexOf(service.id) === ids.lastIndexOf(service.id)) continue;
    service.problems.push({
      code: 'duplicate-id',
      path: 'id',
      message: `Id "${service.id}" dipakai dua layanan; ganti salah satu.`,
    });
    service.valid = false;
  }
  // Faults of what services share belong to no service, and yet must not pass unseen.
  return problems.length > 0 ? [...services, { id: 'shared', valid: false, problems }] : services;
}

function importFile({ words, flags }: Args): Outcome {
  const [file] = words;
  if (file === undefined || words.length > 1) throw new UsageError('services import-digit needs one file');
  const { data, problems } = readJson(file);
  if (problems.length > 0) {
    const lists = { states: [], actions: [], roles: [], problems, ...(flags['roundtrip'] && { edges: [] }) };
    const json = { valid: false, name: '', ...lists };
    return { ok: false, json, text: listed(problems) };
  }
  const { edges, definition, ...imported } = importDigit(
    data,
    typeof flags['name'] === 'string' ? flags['name'] : undefined,
  );
  const rebuilt = definition ? edgesOfDefinition(definition) : edges;
  const json = { ...imported, ...(definition && { definition }), ...(flags['roundtrip'] && { edges: rebuilt }) };
  const { name, states, actions, roles } = imported;
  const counts = `${states.length} keadaan, ${actions.length} tindakan, ${roles.length} peran`;
  const text = imported.valid ? `${name}: baik, ${counts}` : `${name || file}: ditolak\n${listed(imported.problems)}`;
  return { ok: imported.valid, json, text };
}

function renderService({ words, flags }: Args): Outcome {
  const [id] = words;
  const as = FORMS.find((form) => form === flags['as']);
  if (id === undefined || words.length > 1) throw new UsageError('services render needs one service id');
  if (!as) throw new UsageError(`--as needs one of: ${FORMS.join(', ')}`);
  // A path is welcome too, so that a service can be looked at before it joins the catalogue.
  const { shared, entries } = readLibrary(/^[a-z0-9-]+$/.test(id) ? join(SERVICES, id) : id);
  const entry = entries[0]!;
  const resolved =
    entries.length === 1 && entry.raw !== undefined ? resolveService(entry.raw, shared) : { problems: entry.problems };
  if (!resolved.service) {
    const problems = resolved.problems.length > 0 ? resolved.problems : entry.problems;
    return { ok: false, json: { id, as, problems }, text: listed(problems) };
  }
  const { service } = resolved;
  const agency = shared.agencies[service.agency];
  const render = {
    standard: () => standardMarkdown(service, agency),
    sop: () => sopMarkdown(service, shared.agencies),
    diagram: () => diagramOf(service.workflow, `Alur ${service.name}`),
  };
  const text = render[as]();
  return { ok: true, json: { id: service.id, as, text }, text };
}

function officeCalendar(): Calendar {
  return parseCalendar(readCalendarFile());
}

function listed(problems: Problem[]): string {
  return problems.map(({ code, path, message }) => `  ${path} [${code}] ${message}`).join('\n');
}
