// From a service as written to a service complete: shared steps and workflow filled in, components of the standard
// taken from the agency or told from the data, so that nothing is written twice and nothing contradicts itself.
import { type Duration, formatDuration } from '#platform/calendar.ts';
import { formatMoney } from './input.ts';
import { type Problem, schemaProblems } from './schema.ts';
import type { Agency, Component, Fee, Product, Provenance, Requirement, Service } from './service.ts';
import { didYouMean } from './similar.ts';

/** What services share: agencies by id, and steps and workflows that are named with `use:`. */
export type Shared = {
  agencies: Record<string, Agency>;
  steps: Record<string, Record<string, unknown>>;
  workflows: Record<string, Record<string, unknown>>;
};

type Tree = Record<string, unknown>;

/**
 * Completes a service; no service is given back when it cannot be read as one. A part written by the service replaces
 * the shared part under the same key, `null` removes it, a list is replaced as a whole.
 */
export function resolveService(raw: unknown, shared: Shared): { service?: Service; problems: Problem[] } {
  const problems = schemaProblems(raw);
  if (problems.length > 0) return { problems };
  const written = raw as Tree;
  const form = (written['form'] as Tree[]).map((step, i) => useShared(step, shared.steps, `form.${i}`, problems));
  for (const [i, step] of form.entries()) step['id'] ??= (written['form'] as Tree[])[i]!['use'];
  const workflow = useShared(written['workflow'] as Tree, shared.workflows, 'workflow', problems);
  if (problems.length > 0) return { problems };
  const filled = { ...written, form, workflow };
  // Once more, now that the shared parts are in: a merge can leave a step without a title as well as a file can.
  const faults = schemaProblems(filled);
  if (faults.length > 0) return { problems: faults };
  const service = filled as unknown as Service;
  const agency = Object.hasOwn(shared.agencies, service.agency) ? shared.agencies[service.agency] : undefined;
  return { service: { ...service, standard: standardFor(service, agency) }, problems: [] };
}

function standardFor(service: Service, agency: Agency | undefined): Service['standard'] {
  const told: Partial<Service['standard']> = {
    requirements: requirementsComponent(service),
    serviceTime: serviceTimeComponent(service.workflow.promise),
    fee: feeComponent(service),
    product: productComponent(service.products),
  };
  // Still partial when agency and service are silent on a component: the analyser names what is missing.
  return { ...told, ...agency?.standard, ...service.standard } as Service['standard'];
}

function requirementsComponent(service: Service): Component {
  const { requirements } = service;
  if (requirements.length === 0) return { text: 'Tanpa dokumen persyaratan.', ...originOf(service) };
  return { text: requirements.map(requirementText), ...weakest(requirements) };
}

/** "Buku nikah, atau surat pernyataan … (F-2.04)": every lawful alternative, the usual one first. */
function requirementText({ options, optional }: Requirement): string {
  const names = options.map(({ name, detail, form }) => {
    const more = [detail, form].filter((part) => part !== undefined).join('; ');
    return more === '' ? name : `${name} (${more})`;
  });
  return `${names.join(', atau ')}${optional ? ' (bila ada)' : ''}`;
}

/** The promise is the agency's word, which no source confirms unless the service says so itself. */
function serviceTimeComponent(promise: Duration): Component {
  return { text: `Paling lama ${formatDuration(promise)} setelah berkas lengkap.`, provenance: 'unverified' };
}

function feeComponent(service: Service): Component {
  const { fees } = service;
  if (fees.length === 0) return { text: 'Gratis (Rp 0).', ...originOf(service) };
  return { text: fees.map(feeText), ...weakest(fees) };
}

function feeText({ name, amount }: Fee): string {
  return `${name}: ${amount === 0 ? 'gratis' : formatMoney(amount)}`;
}

function productComponent(products: Product[]): Component {
  return { text: products.map((product) => product.name), ...weakest(products) };
}

/** A statement made of parts is only as sure as the least sure of them. */
function weakest(parts: Provenance[]): Provenance {
  const sources = [...new Set(parts.flatMap(({ source }) => (source === undefined ? [] : [source])))].join('; ');
  const provenance = parts.every((part) => part.provenance === 'sourced') ? 'sourced' : 'unverified';
  return sources === '' ? { provenance } : { provenance, source: sources };
}

function originOf({ provenance, source }: Service): Provenance {
  return source === undefined ? { provenance } : { provenance, source };
}

function useShared(own: Tree, known: Record<string, Tree>, path: string, problems: Problem[]): Tree {
  const { use, ...rest } = own;
  if (use === undefined) return { ...rest };
  const name = String(use);
  if (Object.hasOwn(known, name)) return merge(known[name]!, rest) as Tree;
  const names = Object.keys(known);
  const message = `"${name}" tidak ada di services/shared; pakai salah satu: ${names.join(', ') || '(belum ada)'}.${didYouMean(name, names)}`;
  problems.push({ code: 'unknown-shared', path: `${path}.use`, message });
  return rest;
}

function merge(base: unknown, own: unknown): unknown {
  if (!isTree(base) || !isTree(own)) return own;
  // fromEntries defines keys rather than assigning them, so that a key named __proto__ stays a key.
  const keys = new Set([...Object.keys(base), ...Object.keys(own)]);
  return Object.fromEntries(
    [...keys].flatMap((key) => {
      if (!Object.hasOwn(own, key)) return [[key, base[key]]];
      if (own[key] === null) return [];
      return [[key, Object.hasOwn(base, key) ? merge(base[key], own[key]) : own[key]]];
    }),
  );
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
