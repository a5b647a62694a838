// Whether a service is written as services/schema.json says, with each fault in plain Indonesian and its path.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import published from '../../services/schema.json' with { type: 'json' };
import { didYouMean } from './similar.ts';

/** A fault of a service: `code` in kebab-case, `path` like `form.0.title`, `message` says what to do. */
export type Problem = { code: string; path: string; message: string };

const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true, strictRequired: false });
ajv.addFormat('regex', compiles);
const service = ajv.compile(published);
const agency = ajv.compile({ $ref: 'services/schema.json#/$defs/agency' });

// A file with a thousand faults has one cause; people read the first few.
const MOST = 50;

/** Faults of a service as written (with `use:`) or as resolved. */
export function schemaProblems(raw: unknown): Problem[] {
  return problemsOf(service, raw, '');
}

/** Faults of one agency of agencies.yaml; `path` stands before each path. */
export function agencyProblems(raw: unknown, path: string): Problem[] {
  return problemsOf(agency, raw, path);
}

function problemsOf(validate: ValidateFunction, raw: unknown, prefix: string): Problem[] {
  if (validate(raw)) return [];
  const errors = validate.errors ?? [];
  // Where no alternative fits, the faults of each alternative are noise: the sentence of the whole names the choices.
  const choices = new Set(errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath));
  const insideChoice = ({ instancePath, keyword }: ErrorObject) =>
    keyword === 'anyOf' ? ancestors(instancePath).some((path) => choices.has(path)) : within(instancePath, choices);
  const seen = new Set<string>();
  return errors
    .filter((error) => error.keyword !== 'if' && !insideChoice(error))
    .map((error) => ({ code: 'schema', path: pathOf(error, prefix), message: sentence(error) }))
    .filter(({ path, message }) => !seen.has(`${path} ${message}`) && seen.add(`${path} ${message}`))
    .slice(0, MOST);
}

function within(path: string, choices: Set<string>): boolean {
  return choices.has(path) || ancestors(path).some((above) => choices.has(above));
}

function ancestors(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'));
}

function pathOf(error: ErrorObject, prefix: string): string {
  const parts = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const own = error.params['missingProperty'] ?? error.params['additionalProperty'];
  if (typeof own === 'string') parts.push(own);
  if (error.propertyName !== undefined) parts.push(error.propertyName);
  return [...(prefix === '' ? [] : [prefix]), ...parts].join('.');
}

function sentence(error: ErrorObject): string {
  const { keyword, params, parentSchema } = error;
  switch (keyword) {
    case 'required':
      return `"${params['missingProperty']}" belum ditulis; tambahkan.`;
    case 'additionalProperties':
      return unknownName(params['additionalProperty'], Object.keys(parentSchema?.['properties'] ?? {}));
    case 'enum':
      return `Nilai ${shown(error.data)} tidak dikenal; tulis salah satu: ${params['allowedValues'].join(', ')}.${didYouMean(String(error.data), params['allowedValues'].map(String))}`;
    case 'const':
      return `Tulis ${shown(params['allowedValue'])}, bukan ${shown(error.data)}.`;
    case 'type':
      return `Seharusnya ${[params['type']].flat().map(typeName).join(' atau ')}, bukan ${typeName(kindOf(error.data))}.`;
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return params['limit'] > 1
        ? `Isinya paling sedikit ${params['limit']}; lengkapi.`
        : 'Masih kosong; isi atau hapus.';
    case 'maxLength':
    case 'maxItems':
      return `Isinya paling banyak ${params['limit']}; ringkas.`;
    case 'minimum':
      return `Nilainya paling kecil ${params['limit']}.`;
    case 'exclusiveMinimum':
      return `Nilainya harus lebih dari ${params['limit']}.`;
    case 'maximum':
      return `Nilainya paling besar ${params['limit']}.`;
    case 'pattern':
    case 'propertyNames':
      return `${shown(error.propertyName ?? error.data ?? params['propertyName'])} tidak boleh dipakai sebagai nama di sini; pakai huruf kecil dan angka${String(params['pattern'] ?? '').includes('A-Z') ? ', seperti namaAnak' : ', dipisah tanda hubung, seperti surat-lahir'}.`;
    case 'uniqueItems':
      return 'Ada isi yang ditulis dua kali; hapus salah satu.';
    case 'format':
      return `Pola ${shown(error.data)} tidak dapat dibaca; perbaiki tulisannya.`;
    case 'anyOf':
      return `Bentuknya tidak dikenal; ${parentSchema?.['description'] ?? 'bandingkan dengan services/schema.json'}.`;
    default:
      return `Tidak sesuai dengan services/schema.json (${keyword}); bandingkan dengan layanan lain.`;
  }
}

function unknownName(name: string, known: string[]): string {
  // In YAML a comma inside { } begins a new name; a sentence in that place is the usual way to get here.
  if (name.includes(' '))
    return `"${name}" terbaca sebagai nama; beri tanda petik pada teks yang memuat koma atau titik dua.`;
  const suggestion = didYouMean(name, known);
  return `"${name}" tidak dikenal di sini; hapus atau perbaiki namanya.${suggestion || ` Yang dikenal: ${known.join(', ')}.`}`;
}

function compiles(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== '';
  } catch {
    return false;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function typeName(type: string): string {
  const names: Record<string, string> = {
    string: 'tulisan',
    integer: 'bilangan bulat',
    number: 'angka',
    boolean: 'true/false',
    array: 'daftar',
    object: 'pasangan nama dan isi',
    null: 'kosong',
  };
  return names[type] ?? type;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? 'kosong');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
