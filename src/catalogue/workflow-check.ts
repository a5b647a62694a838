// Faults of a workflow that would show only with a real case in it: nowhere to go, nobody to act, no time left.
import { type Calendar, compareDurations, type Duration, formatDuration } from '#platform/calendar.ts';
import { cheapestWay, type Edge, edgesOf, isWorking, leadingTo, reachable } from './graph.ts';
import { ACTORS, isOfficerRole, ROLES } from './roles.ts';
import type { Problem } from './schema.ts';
import { didYouMean } from './similar.ts';
import type { Action, State, Workflow } from './workflow.ts';

type World = { agencies: Record<string, unknown>; calendar: Calendar };

export function workflowProblems(workflow: Workflow, world: World): Problem[] {
  const edges = edgesOf(workflow);
  return [
    ...wayProblems(workflow, edges),
    ...Object.entries(workflow.states).flatMap(([id, state]) => stateProblems(id, state, workflow, world)),
    ...actionProblems(workflow),
    ...timeProblems(workflow, edges, world.calendar),
  ];
}

function wayProblems({ start, states }: Workflow, edges: Edge[]): Problem[] {
  const names = Object.keys(states);
  const exists = (name: string) => Object.hasOwn(states, name);
  const dangling = edges
    .filter(({ to }) => !exists(to))
    .map(({ to, path }) =>
      fault(
        'dangling-state',
        path,
        `Keadaan "${to}" tidak ada; perbaiki namanya atau buat keadaannya.${didYouMean(String(to), names)}`,
      ),
    );
  if (!exists(start)) {
    const message = `Keadaan awal "${start}" tidak ada; tulis salah satu keadaan.${didYouMean(String(start), names)}`;
    return [...dangling, fault('no-start', 'workflow.start', message)];
  }
  const real = edges.filter(({ to }) => exists(to));
  const reached = reachable([start], real);
  const ends = names.filter((name) => states[name]!.end !== undefined);
  const finishing = leadingTo(ends, real);
  const completed = ends.filter((name) => states[name]!.end === 'completed');
  return [
    ...dangling,
    ...names
      .filter((name) => !reached.has(name))
      .map((name) =>
        fault(
          'unreachable-state',
          `workflow.states.${name}`,
          `Tidak ada tindakan yang menuju "${name}"; hapus, atau arahkan tindakan ke sini.`,
        ),
      ),
    ...names
      .filter((name) => reached.has(name) && !finishing.has(name))
      .map((name) =>
        fault(
          'dead-end',
          `workflow.states.${name}`,
          `Permohonan di "${name}" tidak pernah bisa berakhir; tambahkan tindakan menuju keadaan akhir.`,
        ),
      ),
    ...(completed.some((name) => reached.has(name))
      ? []
      : [
          fault(
            'never-completed',
            'workflow.states',
            'Tidak ada jalan ke keadaan selesai (end: completed); tambahkan.',
          ),
        ]),
  ];
}

function stateProblems(id: string, state: State, workflow: Workflow, world: World): Problem[] {
  const path = `workflow.states.${id}`;
  const problems: Problem[] = [];
  const add = (code: string, at: string, message: string) => problems.push(fault(code, `${path}${at}`, message));
  const actions = Object.entries(state.actions ?? {});
  const acting = new Set(actions.flatMap(([, action]) => action.by));
  if (state.desk?.agency !== undefined && !Object.hasOwn(world.agencies, state.desk.agency))
    add('unknown-agency', '.desk.agency', unknownAgency(state.desk.agency, world));
  if (isWorking(state)) {
    if (!state.limit && !state.opinions)
      add('clock-less', '.limit', 'Keadaan ini belum punya batas waktu; tulis limit, misalnya { workingHours: 3 }.');
    const worked = actions.some(
      ([, { by, kind }]) => kind !== 'note' && by.some((role) => isOfficerRole(role) || role === 'system'),
    );
    if (!worked && !state.opinions)
      add(
        'nobody',
        '.actions',
        'Tidak ada petugas yang bisa bertindak di sini; tambahkan tindakan dengan peran petugas.',
      );
  }
  if (state.waitsFor === 'resident' && state.end === undefined && !acting.has('applicant'))
    add(
      'wait-without-action',
      '.actions',
      'Menunggu pemohon, tetapi pemohon tidak bisa berbuat apa-apa; tambahkan tindakan oleh applicant.',
    );
  if (state.onLimit && !state.limit)
    add('clock-less', '.onLimit', 'onLimit tidak akan terjadi tanpa limit; tulis limit.');
  if (state.onLimit && 'escalateTo' in state.onLimit && !isOfficerRole(state.onLimit.escalateTo))
    add('nobody', '.onLimit.escalateTo', unknownRole(state.onLimit.escalateTo));
  if (state.onLimit && 'action' in state.onLimit) {
    const action = Object.hasOwn(state.actions, state.onLimit.action) ? state.actions[state.onLimit.action] : undefined;
    if (!action)
      add(
        'unknown-action',
        '.onLimit.action',
        `Tindakan "${state.onLimit.action}" tidak ada di keadaan ini.${didYouMean(state.onLimit.action, Object.keys(state.actions))}`,
      );
    else if (!action.by.includes('system'))
      add('nobody', '.onLimit.action', 'Tindakan ini dilakukan oleh jam; tambahkan system pada by tindakan itu.');
  }
  if (state.opinions) opinionProblems(state.opinions, world, add);
  for (const [name, action] of actions) roleProblems(action, `.actions.${name}`, add);
  if (id === workflow.start && state.end !== undefined)
    add('no-start', '.end', 'Keadaan awal tidak boleh sekaligus keadaan akhir; hapus end atau ganti start.');
  return problems;
}

type Add = (code: string, at: string, message: string) => void;

function opinionProblems(opinions: NonNullable<State['opinions']>, world: World, add: Add): void {
  for (const side of ['agreed', 'refused'] as const)
    if (opinions[side] === undefined)
      add(
        'opinions-incomplete',
        `.opinions.${side}`,
        `Tulis keadaan tujuan bila pendapat ${side === 'agreed' ? 'menyetujui' : 'menolak'}.`,
      );
  if (opinions.ask.length === 0) add('opinions-incomplete', '.opinions.ask', 'Tulis siapa yang dimintai pendapat.');
  for (const [i, ask] of opinions.ask.entries()) {
    if (!Object.hasOwn(world.agencies, ask.agency))
      add('unknown-agency', `.opinions.ask.${i}.agency`, unknownAgency(ask.agency, world));
    if (!isOfficerRole(ask.role)) add('nobody', `.opinions.ask.${i}.role`, unknownRole(ask.role));
  }
  for (const id of repeated(opinions.ask.map((ask) => ask.id)))
    add('duplicate-id', '.opinions.ask', `Id pendapat "${id}" dipakai dua kali; ganti salah satu.`);
}

function roleProblems(action: Action, at: string, add: Add): void {
  if (action.by.length === 0) add('nobody', `${at}.by`, 'Tindakan ini tidak punya pelaku; tulis perannya.');
  for (const [i, role] of action.by.entries())
    if (!Object.hasOwn(ACTORS, role)) add('nobody', `${at}.by.${i}`, unknownRole(role));
  for (const id of repeated((action.reasons ?? []).map((reason) => reason.id)))
    add('duplicate-id', `${at}.reasons`, `Id alasan "${id}" dipakai dua kali; ganti salah satu.`);
}

function actionProblems({ states }: Workflow): Problem[] {
  const forward = (kinds: string[]): Edge[] =>
    Object.entries(states).flatMap(([from, state]) =>
      Object.values(state.actions ?? {})
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ to }) => ({ from, to, path: '' })),
    );
  // Where an objection is being weighed: a refusal there is the last word, since the right to object has been used.
  const objecting = reachable(
    forward(['object']).map(({ to }) => to),
    forward(['advance']),
  );
  const can = (name: string, kind: string) => {
    const target = Object.hasOwn(states, name) ? states[name] : undefined;
    return Object.values(target?.actions ?? {}).some(
      (action) => action.kind === kind && action.by.includes('applicant'),
    );
  };
  return Object.entries(states).flatMap(([from, state]) =>
    Object.entries(state.actions ?? {}).flatMap(([id, { kind, to, reasons, by }]) => {
      const path = `workflow.states.${from}.actions.${id}`;
      const target = Object.hasOwn(states, to) ? states[to] : undefined;
      if (kind === 'return' && target && !can(to, 'resubmit'))
        return [
          fault(
            'return-without-resubmit',
            `${path}.to`,
            `Di "${to}" pemohon tidak bisa mengirim perbaikan; tambahkan tindakan resubmit oleh applicant.`,
          ),
        ];
      if (kind === 'complete' && target && target.end !== 'completed')
        return [fault('wrong-end', `${path}.to`, 'Tindakan complete harus menuju keadaan dengan end: completed.')];
      if (kind === 'expire' && by.some((role) => role !== 'system'))
        return [fault('wrong-end', `${path}.by`, 'Kedaluwarsa hanya boleh dilakukan oleh jam; tulis by: [system].')];
      if (kind !== 'refuse') return [];
      return [
        ...((reasons?.length ?? 0) > 0
          ? []
          : [fault('refuse-without-reasons', `${path}.reasons`, 'Penolakan harus beralasan; tulis daftar alasannya.')]),
        ...(!target || objecting.has(from) || can(to, 'object')
          ? []
          : [
              fault(
                'refuse-without-objection',
                `${path}.to`,
                `Di "${to}" pemohon belum bisa berkeberatan; tambahkan tindakan object oleh applicant.`,
              ),
            ]),
      ];
    }),
  );
}

/** Whether the desks' own limits fit in the promise: each alone, and together on the shortest way to completion. */
function timeProblems({ promise, start, states }: Workflow, edges: Edge[], calendar: Calendar): Problem[] {
  if (!promise)
    return [fault('no-promise', 'workflow.promise', 'Tulis waktu yang dijanjikan, misalnya { workingDays: 3 }.')];
  if (!Object.hasOwn(states, start)) return [];
  const nominal = (limit: Duration) => compareDurations(calendar, limit, { hours: 0 });
  const ends = new Set(Object.keys(states).filter((name) => states[name]!.end !== undefined));
  const real = edges.filter(({ to }) => Object.hasOwn(states, to));
  // Objection and reopening come after an end: they have their own limits, outside the promise.
  const promised = reachable([start], real, ends);
  const time = (name: string) => {
    const state = states[name]!;
    if (!isWorking(state)) return 0;
    const opinions = state.opinions?.ask.map(({ limit }) => nominal(limit)) ?? [];
    return state.limit ? nominal(state.limit) : Math.max(0, ...opinions);
  };
  const most = nominal(promise);
  const words = formatDuration(promise);
  const single = [...promised].filter((name) => time(name) > most);
  const problems = single.map((name) =>
    fault(
      'limit-over-promise',
      `workflow.states.${name}.limit`,
      `Batas waktu ini lebih lama dari yang dijanjikan (${words}); perpendek, atau perpanjang promise.`,
    ),
  );
  if (single.length > 0) return problems;
  const completed = new Set([...promised].filter((name) => states[name]!.end === 'completed'));
  const way = cheapestWay(
    start,
    completed,
    real.filter(({ from }) => !ends.has(from)),
    time,
  );
  if (!way || way.total <= most) return problems;
  const sum = way.states
    .filter((name) => time(name) > 0)
    .map((name) => `${name} ${formatDuration(limitOf(states[name]!))}`);
  const message = `Jumlah batas waktu pada jalan terpendek (${sum.join(' + ')}) melebihi yang dijanjikan (${words}) menurut jam buka kantor; perpendek, atau perpanjang promise.`;
  return [fault('limit-over-promise', 'workflow.promise', message)];
}

function limitOf(state: State): Duration {
  return state.limit ?? state.opinions!.ask[0]!.limit;
}

function unknownRole(role: string): string {
  return `Tidak ada petugas dengan peran "${role}"; pakai salah satu: ${Object.keys(ROLES).join(', ')}.${didYouMean(role, Object.keys(ACTORS))}`;
}

function unknownAgency(agency: string, { agencies }: World): string {
  return `Instansi "${agency}" tidak ada di agencies.yaml.${didYouMean(agency, Object.keys(agencies))}`;
}

/** The values that stand more than once in a list. */
export function repeated(values: string[]): string[] {
  return [...new Set(values.filter((value, i) => values.indexOf(value) !== i))];
}

function fault(code: string, path: string, message: string): Problem {
  return { code, path, message };
}
