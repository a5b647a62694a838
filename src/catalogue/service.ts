// What a public service is, as data: the shape of services/<id>/service.yaml after its shared parts are filled in.
// Legal frame: UU 25/2009 Pasal 20–21 (standard of service), PermenPANRB 15/2014 (its 14 components).
import type { Condition } from './condition.ts';
import type { Workflow } from './workflow.ts';

/** `sourced`: found in the named source. `unverified`: shown to people as "perlu diverifikasi". */
export type Provenance = { provenance: 'sourced' | 'unverified'; source?: string };

export const KINDS = ['digital', 'outreach', 'integrated'] as const;
export const CHANNELS = ['online', 'doorstep', 'onestop'] as const;
export type Kind = (typeof KINDS)[number];
export type Channel = (typeof CHANNELS)[number];

/** The 14 components in the order of PermenPANRB 15/2014: 1–6 concern delivery, 7–14 the making of the service. */
export const COMPONENTS = [
  'requirements',
  'procedure',
  'serviceTime',
  'fee',
  'product',
  'complaintHandling',
  'legalBasis',
  'facilities',
  'officerCompetence',
  'internalSupervision',
  'officerCount',
  'serviceGuarantee',
  'safetyGuarantee',
  'performanceEvaluation',
] as const;
export type ComponentCode = (typeof COMPONENTS)[number];

export type Component = Provenance & { text: string | string[] };

/** One thing to bring. One of `options` is enough; the first is the usual one, the others are the lawful alternatives. */
export type Requirement = Provenance & {
  id: string;
  /** Asked only when the condition on the answers holds. */
  when?: Condition;
  options: { id: string; name: string; detail?: string; form?: string; when?: Condition }[];
  /** `upload`: a photo or PDF with the application; `show`: the original is shown at the counter; `none`: we look it up. */
  evidence: 'upload' | 'show' | 'none';
  optional?: boolean;
  legalBasis?: string;
};

/** A JSON Schema 2020-12 property; the question is its `title`, the hint its `description`. */
export type Field = {
  type: 'string' | 'integer' | 'number' | 'boolean';
  title: string;
  description?: string;
  format?: 'date' | 'nik' | 'kk' | 'phone' | 'email' | 'village' | 'name' | 'money' | 'text';
  oneOf?: { const: string | number | boolean; title: string; description?: string }[];
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  /** For dates: 'past' (not after today) or 'future' (not before today). */
  period?: 'past' | 'future';
  /** Also asked on the service page, before applying, so that the list of what to bring fits this person. */
  checklist?: boolean;
  /** Why we ask, in a short phrase, where no condition, document or mapping shows it: only what is needed is asked (UU 27/2022). */
  usedFor?: string;
  /** Asked only when the condition holds (conditions may look at earlier fields, also of the same step). */
  when?: Condition;
};

/** One page of the form: one question, or a few fields that are one question ("siapa nama ibu?"). */
export type Step = {
  id: string;
  title: string;
  description?: string;
  when?: Condition;
  properties: Record<string, Field>;
  /** Fields of this step that may stay empty; all others must be answered. */
  optional?: string[];
  /** The step is answered once for each item; its answers are an array under the step's id. */
  repeat?: { item: string; min: number; max: number };
};

export type Product = Provenance & {
  id: string;
  name: string;
  /** What we ourselves issue: a letter, a proof that the registration is done; `external` is made by another system. */
  kind: 'letter' | 'proof' | 'external';
  /** Placeholders {fieldId}, {number}, {date}, {agency}, {village}, {district} are filled from the application. */
  document?: {
    title: string;
    opening: string;
    rows?: { label: string; value: string }[];
    closing?: string;
    signer: string;
    /** Steps answered more than once, as tables behind the letter; `columns` are fields of the step. */
    lists?: { title: string; step: string; columns: string[] }[];
    /** Signed electronically by whom the installation names for it (docs/decisions/0031). */
    signature?: boolean;
  };
};

export type Fee = Provenance & { name: string; amount: number; when?: Condition };

export type Agency = {
  id: string;
  name: string;
  short: string;
  kind: 'opd' | 'district' | 'village' | 'vertical' | 'hospital';
  address?: string;
  provenance: 'sourced' | 'unverified';
  source?: string;
  /** Components that all services of the agency share; a service may override each. */
  standard?: Partial<Record<ComponentCode, Component>>;
};

export type Service = {
  id: string;
  name: string;
  /** One plain sentence: what you get. */
  summary: string;
  /** Who may ask for it, in plain words. */
  audience: string;
  /** Id in services/shared/agencies.yaml. */
  agency: string;
  kinds: Kind[];
  channels: Channel[];
  /** Everyday words under which people look for it: "surat lahir", "ktp hilang". */
  keywords: string[];
  /** Which answers name the applicant; used for the list of cases, the blind index and the place. */
  applicant: { name: string; nik?: string; phone?: string; village: string };
  standard: Record<ComponentCode, Component>;
  requirements: Requirement[];
  form: Step[];
  workflow: Workflow;
  products: Product[];
  /** Empty = free of charge. */
  fees: Fee[];
  /** Months after the end: when uploaded pictures and when answers are destroyed. */
  retention: Provenance & { files: number; answers: number };
  /** Data of a specific kind that it asks for (UU 27/2022 Pasal 4 ayat 2): for the record of processing activities. */
  specificData?: ('health' | 'child' | 'finance' | 'disability')[];
  survey: boolean;
  provenance: 'sourced' | 'unverified';
  source?: string;
};

/** A service as published: the version that an application keeps for its whole life. */
export type ServiceVersion = { service: Service; version: number; publishedAt: Date };
