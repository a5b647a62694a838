// Reads a BusinessService of eGov DIGIT as our workflow without losing a state, an action or a role; what could not run
// is refused with the reason. Names stay as written there: they are the keys by which an office recognises its own flow.
import { leadingTo, reachable, type Edge as Way } from './graph.ts';
import type { Problem } from './schema.ts';
import { didYouMean } from './similar.ts';
import type { Action, ActionKind, State, Workflow } from './workflow.ts';

export type Edge = { from: string; action: string; to: string; roles: string[] };
/** DIGIT may leave out the promised time; then so do we, and `services check` will ask for it. */
export type Definition = Omit<Workflow, 'promise'> & Partial<Pick<Workflow, 'promise'>>;
export type Imported = {
  valid: boolean;
  name: string;
  states: string[];
  actions: string[];
  roles: string[];
  problems: Problem[];
  /** Only when valid. */
  definition?: Definition;
  /** As in the file; `edgesOfDefinition(definition)` gives the same from what we made of it. */
  edges: Edge[];
};

type Tree = Record<string, unknown>;
type Move = { action: string; to: string; roles: string[]; path: string };
type Node = { key: string; raw: Tree; moves: Move[]; ends: boolean; path: string };

const HOUR_MS = 3_600_000;
const DEEPEST = 40;
/** From here on a message no longer guesses what was meant: guessing compares with every name there is. */
const GUESSES = 100;
const RESIDENT = 'CITIZEN';

/**
 * Imports the one BusinessService in `json`: bare, in a list, under BusinessServices, or inside a Postman collection.
 * When the document holds several, `name` chooses. Never throws.
 */
export function importDigit(json: unknown, name?: string): Imported {
  const all = findServices(json);
  if (all.some((one) => isDeeperThan(DEEPEST, one)))
    return refusal('too-deep', 'Berkas ini bertingkat terlalu dalam; sebuah BusinessService hanya beberapa tingkat.');
  const found = unique(all);
  const chosen = name === undefined ? found : found.filter((one) => one['businessService'] === name);
  if (chosen.length === 1) return importService(chosen[0]!);
  const names = [...new Set(found.map((one) => textOf(one['businessService'])))];
  if (found.length === 0)
    return refusal(
      'not-a-business-service',
      'Tidak ada BusinessService di berkas ini: dicari objek dengan daftar "states".',
    );
  if (chosen.length === 0)
    return refusal(
      'not-a-business-service',
      `"${name}" tidak ada di berkas ini; yang ada: ${names.join(', ')}.${didYouMean(name ?? '', names)}`,
    );
  return refusal(
    'several-services',
    `Berkas ini berisi ${chosen.length} BusinessService (${names.join(', ')}); pilih satu, atau pisahkan.`,
  );
}

/** The edges of an imported workflow, in its own order: what a round trip must give back. */
export function edgesOfDefinition({ states }: Definition): Edge[] {
  return Object.entries(states).flatMap(([from, state]) =>
    Object.values(state.actions).map((action) => ({ from, action: action.name, to: action.to, roles: [...action.by] })),
  );
}

function importService(service: Tree): Imported {
  const problems: Problem[] = [];
  const nodes = nodesOf(service['states'] as unknown[], problems);
  const start = startOf(nodes, problems);
  problems.push(...wayProblems(nodes, start));
  const edges = nodes.flatMap(({ key, moves }) =>
    moves.map(({ action, to, roles }) => ({ from: key, action, to, roles })),
  );
  const imported = {
    name: typeof service['businessService'] === 'string' ? service['businessService'] : '',
    states: nodes.map(({ key }) => key),
    actions: [...new Set(edges.map(({ action }) => action))],
    roles: [...new Set(edges.flatMap(({ roles }) => roles))],
    edges,
    problems,
  };
  if (problems.length > 0 || !start) return { valid: false, ...imported };
  return { valid: true, ...imported, definition: definitionOf(service, nodes, start) };
}

function nodesOf(states: unknown[], problems: Problem[]): Node[] {
  const add = (code: string, path: string, message: string) => problems.push({ code, path, message });
  if (states.length === 0) add('no-start', 'states', 'Daftar keadaan kosong; tulis keadaan-keadaannya.');
  const trees = states.flatMap((state, i) => {
    if (isTree(state)) return [{ raw: state, path: `states.${i}` }];
    add('not-a-state', `states.${i}`, 'Bagian ini bukan keadaan; tulis sebagai objek.');
    return [];
  });
  for (const { raw, path } of trees)
    if (typeof (raw['state'] ?? '') !== 'string')
      add('not-a-name', `${path}.state`, 'Nama keadaan bukan teks; tulis di antara tanda petik.');
  const written = trees.map(({ raw }) => nameOf(raw));
  const start = freeName('start', new Set(written));
  const keys = written.map((name) => name ?? start);
  const known = new Set(keys);
  const uuids = new Map(
    trees.flatMap(({ raw }, i) => (typeof raw['uuid'] === 'string' ? [[raw['uuid'], keys[i]!]] : [])),
  );
  const seen = new Set<string>();
  for (const [i, key] of keys.entries()) {
    if (seen.has(key))
      add(
        'duplicate-state',
        `states.${i}`,
        written[i] === undefined
          ? 'Ada lebih dari satu keadaan tanpa nama; beri nama.'
          : `Keadaan "${key}" ditulis dua kali; hapus atau ganti namanya.`,
      );
    seen.add(key);
  }
  return trees.map(({ raw, path }, i) => {
    const actions = Array.isArray(raw['actions']) ? raw['actions'] : [];
    if (!Array.isArray(raw['actions'] ?? []))
      add('not-a-list', `${path}.actions`, 'Tindakan-tindakan bukan daftar; tulis actions sebagai daftar, atau null.');
    const moves = actions.flatMap((action: unknown, j): Move[] => {
      const at = `${path}.actions.${j}`;
      if (!isTree(action) || typeof action['action'] !== 'string' || action['action'] === '') {
        add('no-action-name', at, 'Tindakan ini belum bernama; tulis "action".');
        return [];
      }
      const next = action['nextState'];
      // An export names its targets by uuid, a hand-written file by name.
      const to = typeof next === 'string' ? (known.has(next) ? next : (uuids.get(next) ?? next)) : '';
      if (!known.has(to))
        add(
          'dangling-state',
          `${at}.nextState`,
          to === ''
            ? `Tindakan "${action['action']}" belum punya tujuan; tulis nextState.`
            : `Keadaan "${to}" tidak ada.${problems.length < GUESSES ? didYouMean(to, known) : ''}`,
        );
      const given: unknown[] = Array.isArray(action['roles']) ? action['roles'] : [];
      const roles = given.filter((role) => typeof role === 'string' && role !== '') as string[];
      if (roles.length < given.length)
        add('not-a-role', `${at}.roles`, `Tindakan "${action['action']}" menyebut pelaku yang bukan nama; perbaiki.`);
      else if (roles.length === 0)
        add('nobody', `${at}.roles`, `Tindakan "${action['action']}" belum punya pelaku; tulis roles sebagai daftar.`);
      return [{ action: action['action'], to, roles, path: `${at}.nextState` }];
    });
    const ends = typeof raw['isTerminateState'] === 'boolean' ? raw['isTerminateState'] : actions.length === 0;
    return { key: keys[i]!, raw, moves, ends, path };
  });
}

/**
 * Where a case begins. DIGIT begins at the state without a name; the flag isStartState is set on others too in real
 * files, where it only says that a case may still be edited there.
 */
function startOf(nodes: Node[], problems: Problem[]): Node | undefined {
  const nameless = nodes.filter(({ raw }) => nameOf(raw) === undefined);
  if (nameless.length > 0) return nameless[0];
  const flagged = nodes.filter(({ raw }) => raw['isStartState'] === true);
  if (flagged.length === 1) return flagged[0];
  const ways = waysOf(nodes);
  const first = firstOf(flagged, ways);
  const entered = new Set(ways.filter(({ from, to }) => from !== to).map(({ to }) => to));
  const real = first.length === 1 ? first : first.filter(({ key }) => !entered.has(key));
  if (real.length === 1) return real[0];
  if (flagged.length === 0)
    problems.push({
      code: 'no-start',
      path: 'states',
      message: 'Tidak ada keadaan awal; tandai satu dengan isStartState: true.',
    });
  else {
    const names = flagged.map(({ key }) => key).join(', ');
    problems.push({
      code: 'several-starts',
      path: 'states',
      message: `Ada beberapa keadaan awal (${names}); sisakan satu.`,
    });
  }
  return undefined;
}

/** Those of `nodes` from which all others of them can be reached. */
function firstOf(nodes: Node[], ways: Way[]): Node[] {
  const seen = new Set<string>();
  let last = '';
  for (const { key } of nodes) {
    if (seen.has(key)) continue;
    // If any node reaches all, then this one does too by the end: what came before it could not reach it.
    last = key;
    for (const found of reachable([key], ways)) seen.add(found);
  }
  const reached = reachable([last], ways);
  const before = leadingTo([last], ways);
  return nodes.every(({ key }) => reached.has(key)) ? nodes.filter(({ key }) => before.has(key)) : [];
}

function wayProblems(nodes: Node[], start: Node | undefined): Problem[] {
  const ways = waysOf(nodes);
  const reached = start ? reachable([start.key], ways) : undefined;
  const finishing = leadingTo(
    nodes.filter(({ ends }) => ends).map(({ key }) => key),
    ways,
  );
  return nodes.flatMap(({ key, path, raw }) => {
    if (reached && !reached.has(key)) {
      if (raw['isStartState'] === true)
        return [
          {
            code: 'several-starts',
            path,
            message: `"${key}" ditandai sebagai awal kedua; arahkan tindakan ke sini atau hapus.`,
          },
        ];
      return [
        {
          code: 'unreachable-state',
          path,
          message: `Tidak ada tindakan yang menuju "${key}"; hapus, atau arahkan tindakan ke sini.`,
        },
      ];
    }
    if (finishing.has(key)) return [];
    return [
      {
        code: 'dead-end',
        path,
        message: `Dari "${key}" permohonan tidak pernah bisa berakhir; tambahkan tindakan menuju keadaan akhir.`,
      },
    ];
  });
}

function waysOf(nodes: Node[]): Way[] {
  const keys = new Set(nodes.map(({ key }) => key));
  return nodes.flatMap(({ key, moves }) =>
    moves.filter(({ to }) => keys.has(to)).map(({ to, path }) => ({ from: key, to, path })),
  );
}

function definitionOf(service: Tree, nodes: Node[], start: Node): Definition {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const promise = hoursOf(service['businessServiceSla']);
  return {
    ...(promise && { promise }),
    start: start.key,
    // fromEntries defines keys rather than assigning them: a state may be named anything.
    states: Object.fromEntries(nodes.map((node) => [node.key, stateOf(node, byKey)])),
  };
}

function stateOf(node: Node, byKey: Map<string, Node>): State {
  const limit = hoursOf(node.raw['sla']);
  const name = readable(node.key);
  return {
    name,
    resident: name,
    ...(limit && { limit }),
    ...(waitsForResident(node) && { waitsFor: 'resident' as const }),
    ...(node.ends && { end: endOf(node) }),
    actions: Object.fromEntries(actionsOf(node, byKey)),
  };
}

/** The same action may stand twice in a state, for other roles or another target: the second gets a key of its own. */
function actionsOf(node: Node, byKey: Map<string, Node>): [string, Action][] {
  const taken = new Set<string>();
  const last = new Map<string, number>();
  return node.moves.map((move) => {
    const key = freeName(move.action, taken, last.get(move.action));
    last.set(move.action, (last.get(move.action) ?? 1) + 1);
    taken.add(key);
    return [key, { name: move.action, kind: kindOf(move, node, byKey.get(move.to)!), by: move.roles, to: move.to }];
  });
}

function kindOf(move: Move, from: Node, to: Node): ActionKind {
  if (to === from) return 'note';
  if (from.ends) return to.ends ? 'advance' : 'reopen';
  if (to.ends) {
    const kinds = { completed: 'complete', refused: 'refuse', withdrawn: 'withdraw', expired: 'expire' } as const;
    return kinds[endOf(to)];
  }
  const residentActsIn = ({ moves }: Node) => moves.some(({ roles }) => roles.includes(RESIDENT));
  if (/SEND_?BACK|RETURN/i.test(move.action) && residentActsIn(to)) return 'return';
  if (/RE_?-?SUBMIT/i.test(move.action) && move.roles.includes(RESIDENT)) return 'resubmit';
  if (waitsForResident(from) && nameOf(from.raw) !== undefined) return 'resubmit';
  return 'advance';
}

function endOf({ key, raw }: Node): NonNullable<State['end']> {
  for (const text of [key, textOf(raw['applicationStatus'])].map((word) => word.toUpperCase())) {
    if (/REJECT|DENIED|REFUS|DECLIN/.test(text)) return 'refused';
    if (/CANCEL|WITHDR/.test(text)) return 'withdrawn';
    if (/EXPIR|LAPSE|TIMED?_?OUT/.test(text)) return 'expired';
  }
  return 'completed';
}

function waitsForResident({ moves, ends }: Node): boolean {
  return !ends && moves.length > 0 && moves.every(({ roles }) => onlyResident(roles));
}

function onlyResident(roles: string[]): boolean {
  return roles.length > 0 && roles.every((role) => role === RESIDENT);
}

function hoursOf(sla: unknown): { hours: number } | undefined {
  return typeof sla === 'number' && Number.isFinite(sla) && sla > 0 ? { hours: sla / HOUR_MS } : undefined;
}

function nameOf(state: Tree): string | undefined {
  const name = state['state'];
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function readable(name: string): string {
  const words = name
    .replaceAll(/[_.-]+/g, ' ')
    .toLowerCase()
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `wanted`, or with a number behind it when that is taken; numbers up to `used` are known to be. */
function freeName(wanted: string, taken: ReadonlySet<string | undefined>, used = 1): string {
  let name = wanted;
  for (let i = used + 1; taken.has(name); i++) name = `${wanted}#${i}`;
  return name;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

function findServices(value: unknown, depth = 0): Tree[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((item) => findServices(item, depth + 1));
  if (!isTree(value)) return [];
  if (Array.isArray(value['states'])) return [value];
  return Object.entries(value).flatMap(([key, inner]) =>
    findServices(key === 'raw' && typeof inner === 'string' ? parsed(inner) : inner, depth + 1),
  );
}

/** The body of a Postman request is JSON in a string; another body is simply not a workflow. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Collections repeat a service in their create, update and search requests. */
function unique(services: Tree[]): Tree[] {
  const seen = new Set<string>();
  return services.filter((service) => {
    const text = JSON.stringify([service['businessService'], service['states']]);
    return !seen.has(text) && seen.add(text);
  });
}

function refusal(code: string, message: string): Imported {
  return {
    valid: false,
    name: '',
    states: [],
    actions: [],
    roles: [],
    problems: [{ code, path: '', message }],
    edges: [],
  };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
