// A service as documents: the standard of service in its 14 components, and the SOP table, as data for pages and as
// Markdown for the command line.
import { formatDuration } from '#platform/calendar.ts';
import { edgesOf, isWorking, reachable } from './graph.ts';
import { ACTORS, roleName } from './roles.ts';
import { type Agency, COMPONENTS, type ComponentCode, type Service } from './service.ts';
import type { Action, State } from './workflow.ts';

/** `delivery`: components 1–6, to be published; `making`: 7–14. */
export type StandardRow = {
  no: number;
  group: 'delivery' | 'making';
  code: ComponentCode;
  label: string;
  text: string[];
  provenance: 'sourced' | 'unverified';
  source?: string;
};

/** One step: which of `actors` (by index) do it, within what time, with what result, and what else may happen. */
export type SopRow = { no: number; activity: string; marks: boolean[]; time: string; output: string; note: string };
export type Sop = { title: string; actors: string[]; rows: SopRow[] };

export const GROUP_LABELS = { delivery: 'Penyampaian pelayanan', making: 'Pengelolaan pelayanan' } as const;

// PermenPANRB 15/2014, in its order.
export const COMPONENT_LABELS: Record<ComponentCode, string> = {
  requirements: 'Persyaratan',
  procedure: 'Sistem, mekanisme, dan prosedur',
  serviceTime: 'Jangka waktu pelayanan',
  fee: 'Biaya/tarif',
  product: 'Produk pelayanan',
  complaintHandling: 'Penanganan pengaduan, saran, dan masukan',
  legalBasis: 'Dasar hukum',
  facilities: 'Sarana, prasarana, dan/atau fasilitas',
  officerCompetence: 'Kompetensi pelaksana',
  internalSupervision: 'Pengawasan internal',
  officerCount: 'Jumlah pelaksana',
  serviceGuarantee: 'Jaminan pelayanan',
  safetyGuarantee: 'Jaminan keamanan dan keselamatan pelayanan',
  performanceEvaluation: 'Evaluasi kinerja pelaksana',
};
const DELIVERY = 6;

/** The fourteen rows of the standard; a component nobody wrote has no text and is unverified. */
export function standardOf(service: Service, agency?: Agency): StandardRow[] {
  return COMPONENTS.map((code, i) => {
    const component = service.standard[code] ?? agency?.standard?.[code];
    return {
      no: i + 1,
      group: i < DELIVERY ? 'delivery' : 'making',
      code,
      label: COMPONENT_LABELS[code],
      text: component ? [component.text].flat() : [],
      provenance: component?.provenance ?? 'unverified',
      ...(component?.source !== undefined && { source: component.source }),
    };
  });
}

/** The way of a case as an SOP: the states in the order they are reached, each with who works there. */
export function sopOf(service: Service, agencies: Record<string, Agency> = {}): Sop {
  const { states, start } = service.workflow;
  const edges = edgesOf(service.workflow).filter(({ to }) => Object.hasOwn(states, to));
  const steps: { activity: string; roles: string[]; time: string; output: string; note: string }[] = [
    {
      activity: 'Mengajukan permohonan dan melengkapi syarat',
      roles: ['applicant'],
      time: '',
      output: 'Permohonan tercatat',
      note: '',
    },
  ];
  const nameOf = (id: string) => states[id]?.name ?? id;
  const agencyOf = (id: string) => agencies[id]?.short ?? id;
  for (const id of reachable([start], edges)) {
    const state = states[id]!;
    const actions = Object.values(state.actions);
    if (state.end !== undefined && actions.length === 0) continue;
    const [main, ...others] = [...actions].sort(
      (a, b) => Number(b.kind === mainKind(state)) - Number(a.kind === mainKind(state)),
    );
    const roles = new Set(
      actions.filter(({ kind }) => kind !== 'withdraw' && kind !== 'expire').flatMap(({ by }) => by),
    );
    for (const ask of state.opinions?.ask ?? [])
      steps.push({
        activity: ask.question,
        roles: [ask.role],
        time: formatDuration(ask.limit),
        output: `Pendapat ${agencyOf(ask.agency)}`,
        note: agencyOf(ask.agency),
      });
    const decided = state.opinions
      ? [`setuju → ${nameOf(state.opinions.agreed)}`, `tidak setuju → ${nameOf(state.opinions.refused)}`]
      : [];
    const notes = [...decided, ...others.map((action) => outcome(action, nameOf)), ...limitNote(state)];
    steps.push({
      activity: state.name,
      roles: [...roles],
      time: state.limit ? formatDuration(state.limit) : '',
      output: main ? outcome(main, nameOf) : '',
      note: notes.join('; '),
    });
  }
  const present = Object.keys(ACTORS).filter((role) => steps.some(({ roles }) => roles.includes(role)));
  const foreign = [...new Set(steps.flatMap(({ roles }) => roles))].filter((role) => !present.includes(role));
  const actors = [...present, ...foreign];
  return {
    title: `SOP ${service.name}`,
    actors: actors.map(roleName),
    rows: steps.map(({ roles, ...step }, i) => ({
      no: i + 1,
      ...step,
      marks: actors.map((role) => roles.includes(role)),
    })),
  };
}

export function standardMarkdown(service: Service, agency?: Agency): string {
  const rows = standardOf(service, agency);
  const part = (group: StandardRow['group']) =>
    rows.filter((row) => row.group === group).map((row) => `### ${row.no}. ${row.label}\n\n${body(row)}\n`);
  return [
    `# Standar Pelayanan: ${service.name}`,
    '',
    `${agency?.name ?? service.agency}. ${service.summary}`,
    '',
    `## ${GROUP_LABELS.delivery}`,
    '',
    ...part('delivery'),
    `## ${GROUP_LABELS.making}`,
    '',
    ...part('making'),
  ].join('\n');
}

export function sopMarkdown(service: Service, agencies: Record<string, Agency> = {}): string {
  const { title, actors, rows } = sopOf(service, agencies);
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [
    `# ${title}`,
    '',
    `Waktu yang dijanjikan: ${formatDuration(service.workflow.promise)}, di luar waktu pemohon.`,
    '',
    line(['No.', 'Kegiatan', ...actors, 'Waktu', 'Hasil', 'Keterangan']),
    line(Array.from({ length: actors.length + 5 }, () => '---')),
    ...rows.map((row) =>
      line([
        String(row.no),
        row.activity,
        ...row.marks.map((mark) => (mark ? '●' : '')),
        row.time,
        row.output,
        row.note,
      ]),
    ),
    '',
  ].join('\n');
}

function body({ text, provenance, source }: StandardRow): string {
  if (text.length === 0) return '_Belum ditulis._';
  const lines = text.length === 1 ? text : text.map((line) => `- ${line}`);
  const mark =
    provenance === 'unverified'
      ? `_Perlu diverifikasi${source ? `: ${source}` : ''}._`
      : `_Sumber: ${source ?? 'tercatat'}._`;
  return `${lines.join('\n')}\n\n${mark}`;
}

/** The action by which the case goes on as hoped, which the SOP names first. */
function mainKind(state: State): Action['kind'] {
  if (state.waitsFor) return 'resubmit';
  return Object.values(state.actions).some(({ kind }) => kind === 'complete') ? 'complete' : 'advance';
}

function outcome(action: Action, nameOf: (id: string) => string): string {
  return action.kind === 'note' ? action.name : `${action.name} → ${nameOf(action.to)}`;
}

function limitNote(state: State): string[] {
  if (!state.limit || !state.onLimit || !('escalateTo' in state.onLimit)) return [];
  return isWorking(state) ? [`lewat waktu: ${roleName(state.onLimit.escalateTo)} diberi tahu`] : [];
}
