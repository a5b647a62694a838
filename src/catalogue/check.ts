// The analyser: everything about a service that can be known to be wrong before the first resident meets it.
import type { Calendar } from '#platform/calendar.ts';
import { isDate } from './dates.ts';
import { forbiddenProblems } from './forbidden.ts';
import { requiredDocuments, validateAnswers } from './form.ts';
import { formProblems } from './form-check.ts';
import { resolveService, type Shared } from './library.ts';
import type { Problem } from './schema.ts';
import { COMPONENTS, type Service } from './service.ts';
import { didYouMean } from './similar.ts';
import { repeated, workflowProblems } from './workflow-check.ts';

export type Checked = { id: string; valid: boolean; problems: Problem[] };
/** `example`: the parsed example.json; null when one should be there and is not, undefined when none is expected. */
export type Around = { shared: Shared; calendar: Calendar; example?: unknown };

const FEWEST_KEYWORDS = 3;

/** Resolves and checks a service as written. `found` are problems met while reading its files. */
export function check(id: string, raw: unknown, around: Around, found: Problem[] = []): Checked {
  const resolved = raw === undefined ? { problems: [] } : resolveService(raw, around.shared);
  const deep = resolved.service ? checkService(resolved.service, around) : [];
  const problems = [...found, ...resolved.problems, ...deep];
  return { id, valid: problems.length === 0 && resolved.service !== undefined, problems };
}

/** All problems of a resolved service: an empty list means that it may be published. */
export function checkService(service: Service, { shared, calendar, example }: Around): Problem[] {
  return [
    ...agencyProblems(service, shared),
    ...componentProblems(service),
    ...formProblems(service),
    ...duplicateIds(service),
    ...workflowProblems(service.workflow, { agencies: shared.agencies, calendar }),
    ...forbiddenProblems(service),
    ...productProblems(service),
    ...promiseToPeopleProblems(service),
    ...exampleProblems(service, example),
  ];
}

function agencyProblems({ agency }: Service, { agencies }: Shared): Problem[] {
  if (Object.hasOwn(agencies, agency)) return [];
  const message = `Instansi "${agency}" tidak ada di agencies.yaml.${didYouMean(agency, Object.keys(agencies))}`;
  return [{ code: 'unknown-agency', path: 'agency', message }];
}

/** UU 25/2009 Pasal 21, PermenPANRB 15/2014: a standard has all fourteen. */
function componentProblems({ standard }: Service): Problem[] {
  return COMPONENTS.filter((code) => [standard[code]?.text ?? []].flat().join('').trim() === '').map((code) => ({
    code: 'missing-component',
    path: `standard.${code}`,
    message: 'Komponen standar pelayanan ini belum ada; tulis di layanan, atau di perangkat daerahnya (agencies.yaml).',
  }));
}

function duplicateIds({ requirements, products }: Service): Problem[] {
  const lists = [
    { path: 'requirements', ids: requirements.map(({ id }) => id) },
    { path: 'products', ids: products.map(({ id }) => id) },
    ...requirements.map(({ options }, i) => ({ path: `requirements.${i}.options`, ids: options.map(({ id }) => id) })),
  ];
  return lists.flatMap(({ path, ids }) =>
    repeated(ids).map((id) => ({
      code: 'duplicate-id',
      path,
      message: `Id "${id}" dipakai dua kali; ganti salah satu.`,
    })),
  );
}

function productProblems({ products, form }: Service): Problem[] {
  return products.flatMap(({ kind, document }, i) => {
    if (document) return listProblems(document, form, `products.${i}.document.lists`);
    if (kind === 'external') return [];
    const message = 'Surat atau bukti ini kita terbitkan sendiri; tulis isinya (document).';
    return [{ code: 'missing-document', path: `products.${i}.document`, message }];
  });
}

function listProblems(
  { lists = [] }: NonNullable<Service['products'][0]['document']>,
  form: Service['form'],
  at: string,
) {
  return lists.flatMap(({ step, columns }, i): Problem[] => {
    const known = form.find(({ id }) => id === step);
    if (!known?.repeat) {
      const message = `"${step}" bukan langkah yang dijawab berulang; daftar terlampir memuat jawaban berulang saja.`;
      return [{ code: 'unknown-list', path: `${at}.${i}.step`, message }];
    }
    return columns.flatMap((column, j) =>
      Object.hasOwn(known.properties, column)
        ? []
        : [
            {
              code: 'unknown-list',
              path: `${at}.${i}.columns.${j}`,
              message: `"${column}" bukan isian pada langkah "${step}".`,
            },
          ],
    );
  });
}

function promiseToPeopleProblems({ retention, keywords }: Service): Problem[] {
  const problems: Problem[] = [];
  if (!retention || !(retention.files > 0) || !(retention.answers > 0)) {
    const message = 'Tulis berapa bulan berkas (files) dan jawaban (answers) disimpan setelah selesai.';
    problems.push({ code: 'missing-retention', path: 'retention', message });
  }
  if (new Set(keywords.map((word) => word.toLowerCase().trim())).size < FEWEST_KEYWORDS) {
    const message = `Tulis paling sedikit ${FEWEST_KEYWORDS} kata sehari-hari yang dipakai orang untuk mencari layanan ini.`;
    problems.push({ code: 'few-keywords', path: 'keywords', message });
  }
  return problems;
}

function exampleProblems(service: Service, example: unknown): Problem[] {
  if (example === undefined) return [];
  if (example === null) {
    const message = 'Belum ada example.json; tulis satu contoh jawaban yang lolos, agar formulir ini teruji.';
    return [{ code: 'example-missing', path: 'example', message }];
  }
  const { today, answers, documents } = typeof example === 'object' ? (example as Record<string, unknown>) : {};
  if (typeof today !== 'string' || !isDate(today))
    return [
      { code: 'example-fails', path: 'example.today', message: 'Tulis tanggal contoh ini, misalnya "2026-11-23".' },
    ];
  const { issues, clean } = validateAnswers(service, answers, today);
  const problems = issues.map(({ path, message }) => ({
    code: 'example-fails',
    path: `example.answers.${path}`,
    message,
  }));
  const chosen = (typeof documents === 'object' && documents !== null ? documents : {}) as Record<string, unknown>;
  const required = requiredDocuments(service, clean, today);
  for (const { requirement, options } of required) {
    const given = Object.hasOwn(chosen, requirement.id) ? chosen[requirement.id] : undefined;
    // What we look up ourselves, nobody brings.
    if (given === undefined && (requirement.optional || requirement.evidence === 'none')) continue;
    if (options.some(({ id }) => id === given)) continue;
    const message = `Pilih dokumen untuk syarat ini: ${options.map(({ id }) => id).join(', ')}.`;
    problems.push({ code: 'example-fails', path: `example.documents.${requirement.id}`, message });
  }
  const ids = required.map(({ requirement }) => requirement.id);
  for (const id of Object.keys(chosen).filter((name) => !ids.includes(name))) {
    const message = `Syarat "${id}" tidak diminta untuk jawaban contoh ini; hapus.${didYouMean(id, ids)}`;
    problems.push({ code: 'example-fails', path: `example.documents.${id}`, message });
  }
  return problems;
}
