// The workflow as a drawing: states in layers from the start downwards, forward moves straight, returning moves in
// lanes at the right, named below. Plain SVG with colours from CSS variables, so that it follows the page's theme and prints.
import { formatDuration } from '#platform/calendar.ts';
import { edgesOf, reachable } from './graph.ts';
import type { Action, State, Workflow } from './workflow.ts';

type Box = { id: string; state: State; layer: number; lines: string[]; x: number; y: number; h: number };
type Line = { from: Box; to: Box; labels: string[] };

const WIDTH = 176;
const GAP_X = 56;
const GAP_Y = 104;
const LINE = 17;
const LETTERS = 22;
const LANE = 26;

/** An SVG document; `title` names it for those who hear it. Draws any workflow, also one with faults. */
export function diagramOf(workflow: Workflow, title: string): string {
  const boxes = place(workflow);
  const lines = linesOf(workflow, boxes);
  const all = [...boxes.values()];
  const inner = Math.max(...all.map(({ x }) => x + WIDTH), WIDTH);
  const lanes = lines.filter(isLane).sort((a, b) => span(a) - span(b));
  const words = Math.max(0, ...lanes.map((line, i) => legendOf(line, i).length));
  const width = Math.max(inner + 40 + lanes.length * LANE, 48 + words * 7);
  const bottom = Math.max(...all.map(({ y, h }) => y + h), 0) + 60;
  const height = bottom + lanes.length * 20;
  const first = boxes.get(workflow.start);
  const described = all.map(({ state }) => state.name).join(', ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="alur-judul alur-isi" font-family="system-ui, sans-serif" font-size="13">`,
    `<title id="alur-judul">${escaped(title)}</title>`,
    `<desc id="alur-isi">${escaped(`Alur dari ${first?.state.name ?? workflow.start}. Keadaan: ${described}.`)}</desc>`,
    `<defs><marker id="alur-panah" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0 8 4 0 8Z" fill="${LINK}"/></marker></defs>`,
    ...lines.filter((line) => !isLane(line)).map(forward),
    ...lanes.map((line, i) => lane(line, i, inner + 20 + i * LANE, all, lanes)),
    ...lanes.map((line, i) => text(24, bottom + i * 20, legendOf(line, i), 'start', '')),
    ...(first ? [entry(first)] : []),
    ...all.map(drawBox),
    '</svg>',
    '',
  ].join('\n');
}

const INK = 'var(--ink, #1d2a22)';
const LINK = 'var(--edge, #5c6f63)';
const PAPER = 'var(--paper, #fffdf8)';
const FILLS: Record<string, string> = {
  working: 'var(--leaf-t, #e7f0e6)',
  resident: 'var(--gold-t, #fbf0d9)',
  completed: 'var(--leaf-t, #cfe6d2)',
  ended: 'var(--sunk, #ece9e4)',
};

/** A box per state: its layer is the fewest moves from the start; inside a layer near those it comes from. */
function place(workflow: Workflow): Map<string, Box> {
  const { states, start } = workflow;
  const edges = edgesOf(workflow).filter(({ to }) => Object.hasOwn(states, to));
  const reached = reachable(Object.hasOwn(states, start) ? [start] : [], edges);
  const order = [...reached, ...Object.keys(states).filter((id) => !reached.has(id))];
  const layers = new Map<string, number>([[start, 0]]);
  for (const id of order) {
    if (!layers.has(id)) layers.set(id, Math.max(0, ...layers.values()) + 1);
    for (const { to } of edges.filter(({ from }) => from === id))
      if (!layers.has(to)) layers.set(to, layers.get(id)! + 1);
  }
  const rows = Map.groupBy(order, (id) => layers.get(id)!);
  const widest = Math.max(...[...rows.values()].map((row) => row.length), 1);
  const total = widest * (WIDTH + GAP_X) - GAP_X;
  const boxes = new Map<string, Box>();
  let y = 52;
  for (const layer of [...rows.keys()].sort((a, b) => a - b)) {
    const middle = (id: string) => {
      const parents = edges
        .filter(({ from, to }) => to === id && boxes.has(from))
        .map(({ from }) => boxes.get(from)!.x);
      return parents.length === 0 ? 0 : parents.reduce((sum, x) => sum + x, 0) / parents.length;
    };
    const row = rows.get(layer)!.sort((a, b) => middle(a) - middle(b));
    const left = 24 + (total - (row.length * (WIDTH + GAP_X) - GAP_X)) / 2;
    const made = row.map((id, i): Box => {
      const state = states[id]!;
      const lines = wrap(state.name);
      const h = lines.length * LINE + 20 + (state.limit ? LINE : 0);
      return { id, state, layer, lines, x: left + i * (WIDTH + GAP_X), y, h };
    });
    for (const box of made) boxes.set(box.id, box);
    y += Math.max(...made.map(({ h }) => h)) + GAP_Y;
  }
  return boxes;
}

/** One line for all moves between the same two states; moves that stay are told in the table, not drawn. */
function linesOf({ states }: Workflow, boxes: Map<string, Box>): Line[] {
  const lines = new Map<string, Line>();
  const add = (from: string, to: string, label: string) => {
    if (from === to || !boxes.has(to)) return;
    const key = JSON.stringify([from, to]);
    const line = lines.get(key) ?? { from: boxes.get(from)!, to: boxes.get(to)!, labels: [] };
    line.labels.push(label);
    lines.set(key, line);
  };
  for (const [id, state] of Object.entries(states)) {
    for (const action of Object.values<Action>(state.actions)) add(id, action.to, action.name);
    if (!state.opinions) continue;
    add(id, state.opinions.agreed, 'Pendapat menyetujui');
    add(id, state.opinions.refused, 'Pendapat menolak');
  }
  return [...lines.values()];
}

function isLane({ from, to }: Line): boolean {
  return to.layer !== from.layer + 1;
}

function span({ from, to }: Line): number {
  return Math.abs(from.layer - to.layer);
}

function forward({ from, to, labels }: Line): string {
  // Lines leave and arrive spread out towards where they go, so that two of them seldom share a point.
  const lean = Math.max(-1, Math.min(1, (to.x - from.x) / (WIDTH + GAP_X)));
  const [x1, y1] = [from.x + WIDTH / 2 + lean * WIDTH * 0.3, from.y + from.h];
  const [x2, y2] = [to.x + WIDTH / 2 - lean * WIDTH * 0.2, to.y];
  const bend = (y2 - y1) / 2;
  const path = `<path d="M${r(x1)} ${r(y1)}C${r(x1)} ${r(y1 + bend)} ${r(x2)} ${r(y2 - bend)} ${r(x2)} ${r(y2 - 1)}" fill="none" stroke="${LINK}" stroke-width="1.5" marker-end="url(#alur-panah)"/>`;
  return path + label(x1 + (x2 - x1) * 0.62, y1 + (y2 - y1) * 0.6, labels);
}

/** Back, sideways or past a layer: out below the row, up or down in a lane of its own, with a number for the legend. */
function lane({ from, to }: Line, i: number, x: number, boxes: Box[], lanes: Line[]): string {
  const row = boxes.filter(({ layer }) => layer === from.layer);
  // Below the tallest box of the row, each lane at its own height, so that no line runs through a box or another line.
  const earlier = lanes.slice(0, i);
  const leaving = earlier.filter((line) => line.from.layer === from.layer).length;
  const arriving = earlier.filter((line) => line.to.layer === to.layer).length;
  const out = Math.max(...row.map(({ y, h }) => y + h)) + 10 + (leaving % 7) * 6;
  const top = to.layer === 0;
  const into = top ? to.y + to.h * 0.4 : to.y - 12 - (arriving % 7) * 6;
  const down = into > out ? 1 : -1;
  const leave = from.x + WIDTH - 14 - (leaving % 7) * 9;
  const arrive = to.x + WIDTH - 14 - (arriving % 7) * 9;
  const start = `M${r(leave)} ${r(from.y + from.h)}V${r(out - 6)}q0 6 6 6H${r(x - 8)}q8 0 8 ${down * 8}`;
  const turn = `V${r(into - down * 8)}q0 ${down * 8} -8 ${down * 8}`;
  const end = top ? `${turn}H${r(to.x + WIDTH + 1)}` : `${turn}H${r(arrive + 6)}q-6 0 -6 6V${r(to.y - 1)}`;
  const middle = r((out + into) / 2);
  const badge = `<circle cx="${r(x)}" cy="${middle}" r="10" fill="${PAPER}" stroke="${LINK}"/>${text(x, middle + 4, String(i + 1), 'middle', 'font-size="12"')}`;
  return `<path d="${start}${end}" fill="none" stroke="${LINK}" stroke-width="1.5" stroke-dasharray="5 3" marker-end="url(#alur-panah)"/>${badge}`;
}

function legendOf({ from, to, labels }: Line, i: number): string {
  return `${i + 1}. ${labels.join(' / ')}: ${from.state.name} → ${to.state.name}`;
}

function entry({ x, y }: Box): string {
  const middle = x + WIDTH / 2;
  return `<circle cx="${middle}" cy="${y - 34}" r="7" fill="${INK}"/><path d="M${middle} ${y - 27}V${y - 1}" stroke="${LINK}" stroke-width="1.5" marker-end="url(#alur-panah)"/><text x="${middle + 14}" y="${y - 30}" fill="${INK}">Mulai</text>`;
}

function drawBox({ state, lines, x, y, h }: Box): string {
  const tone =
    state.end === undefined ? (state.waitsFor ?? 'working') : state.end === 'completed' ? 'completed' : 'ended';
  const round = state.end === undefined ? 8 : Math.min(h / 2, 24);
  const shape = `x="${r(x)}" y="${r(y)}" width="${WIDTH}" height="${h}" rx="${round}"`;
  // Ends have a double border: the difference must not hang on colour alone.
  const inner =
    state.end === undefined
      ? ''
      : `<rect x="${r(x + 4)}" y="${r(y + 4)}" width="${WIDTH - 8}" height="${h - 8}" rx="${round - 4}" fill="none" stroke="${INK}"/>`;
  const texts = lines.map((line, i) => text(x + WIDTH / 2, y + 23 + i * LINE, line, 'middle', 'font-weight="600"'));
  if (state.limit)
    texts.push(
      text(x + WIDTH / 2, y + 23 + lines.length * LINE, formatDuration(state.limit), 'middle', 'font-size="12"'),
    );
  return `<rect ${shape} fill="${FILLS[tone]}" stroke="${INK}" stroke-width="1.5"/>${inner}${texts.join('')}`;
}

function label(x: number, y: number, labels: string[]): string {
  const lines = labels.flatMap(wrap);
  // A border in the paper's colour keeps the words apart from the lines they lie on.
  const halo = `font-size="12" paint-order="stroke" stroke="${PAPER}" stroke-width="4" stroke-linejoin="round"`;
  return lines.map((line, i) => text(x, y + (i - (lines.length - 1) / 2) * 14, line, 'middle', halo)).join('');
}

function text(x: number, y: number, words: string, anchor: string, more: string): string {
  return `<text x="${r(x)}" y="${r(y)}" text-anchor="${anchor}" fill="${INK}" ${more}>${escaped(words)}</text>`;
}

function wrap(words: string): string[] {
  const lines: string[] = [];
  for (const word of words.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LETTERS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function escaped(words: string): string {
  return words.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function r(number: number): number {
  return Math.round(number * 10) / 10;
}
