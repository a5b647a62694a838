// Refuses PDFs that do more than show pages. Objects are searched by name both in the open and inside object streams,
// because a reader finds them through offsets, wherever they lie: so nothing here trusts the file's own structure.
import { inflateSync, constants as zlib } from 'node:zlib';
import { Problem } from './problem.ts';
import { MAX_PAGES, UPLOAD_PROBLEMS } from './upload-problems.ts';

const MAX_UNPACKED = 50 * 1024 * 1024;
const MAX_STREAMS = 20_000;
const MAX_AUTOMATIC = 20;
const MAX_ESCAPES = 100_000;
const SPACE = '[\\0\\t\\n\\f\\r ]';

// Long names do not occur in compressed bytes by chance and are refused anywhere; short ones only where objects are.
const ACTIVE = /\/(JavaScript|Launch|EmbeddedFiles?|SubmitForm|ImportData|RichMedia|GoToE)(?![A-Za-z])/;
const ACTIVE_SHORT = new RegExp(`/(JS|XFA|EF)${SPACE}*([(<[]|\\d+${SPACE}+\\d+${SPACE}+R)`);
const AUTOMATIC = new RegExp(`/(?:OpenAction|AA)${SPACE}*(?:<<|(\\d+)${SPACE}+\\d+${SPACE}+R)`, 'g');
const OBJECT_STREAM = new RegExp(`^${SPACE}*(%|\\d+${SPACE}+\\d+${SPACE}|$)`);

/** Counts the pages of a PDF. Throws Problem (damaged, appended, encrypted, active, unpacked, pages). */
export async function inspectPdf(bytes: Buffer): Promise<number> {
  const raw = bytes.toString('latin1');
  const end = raw.lastIndexOf('%%EOF');
  if (end < 0) throw new Problem(UPLOAD_PROBLEMS.damaged);
  if (!/^[\s\0]*$/.test(raw.slice(end + 5))) throw new Problem(UPLOAD_PROBLEMS.appended);
  const open = unescaped(raw);
  if (/\/Encrypt(?![A-Za-z])/.test(open)) throw new Problem(UPLOAD_PROBLEMS.encrypted);
  if (ACTIVE.test(open)) throw new Problem(UPLOAD_PROBLEMS.active);

  const { visible, packed } = unpack(bytes, raw);
  const texts = [visible, ...packed.map(({ text }) => text)];
  if (texts.some((text) => ACTIVE.test(text) || ACTIVE_SHORT.test(text) || opensAddress(text, visible, packed))) {
    throw new Problem(UPLOAD_PROBLEMS.active);
  }
  const page = new RegExp(`/Type${SPACE}*/Page(?![A-Za-z])`, 'g');
  // a page edited and appended counts twice; the limit is far above what is asked for
  const pages = texts.reduce((sum, text) => sum + (text.match(page)?.length ?? 0), 0);
  if (pages === 0) throw new Problem(UPLOAD_PROBLEMS.damaged);
  if (pages > MAX_PAGES) throw new Problem(UPLOAD_PROBLEMS.pages);
  return pages;
}

/** An object stream's text and where its first object starts. */
type Packed = { text: string; first: number };

/** The text outside of streams, and the text of every object stream. */
function unpack(bytes: Buffer, raw: string): { visible: string; packed: Packed[] } {
  const visible: string[] = [];
  const packed: Packed[] = [];
  let budget = MAX_UNPACKED;
  let streams = 0;
  let shownTo = 0;
  for (const match of raw.matchAll(/(?<!end)stream(\r\n|\n|\r)/g)) {
    if ((streams += 1) > MAX_STREAMS) throw new Problem(UPLOAD_PROBLEMS.unpacked);
    const start = match.index + match[0].length;
    if (match.index >= shownTo) {
      visible.push(raw.slice(shownTo, match.index));
      const close = raw.indexOf('endstream', start);
      shownTo = close < 0 ? raw.length : close;
    }
    const dictionary = dictionaryBefore(raw, match.index);
    const rest = bytes.subarray(start);
    const beginning = unpackedBeginning(rest);
    budget -= beginning?.length ?? 0;
    if (budget <= 0) throw new Problem(UPLOAD_PROBLEMS.unpacked);
    // known by its beginning (pairs of numbers), whatever its dictionary says; so pictures and fonts are not unpacked
    if (beginning !== undefined && OBJECT_STREAM.test(beginning)) {
      const content = unpackedWhole(rest, budget);
      budget -= content.length;
      packed.push({
        text: unescaped(content.toString('latin1')),
        first: Number(/\/First\s+(\d+)/.exec(dictionary)?.[1] ?? 0),
      });
    } else if (/\/ObjStm/.test(dictionary) && /\/Filter/.test(dictionary)) {
      // packed in a way we cannot look into: honest programs use plain Flate here
      throw new Problem(UPLOAD_PROBLEMS.damaged);
    }
  }
  visible.push(raw.slice(shownTo));
  return { visible: unescaped(visible.join(' ')), packed };
}

function dictionaryBefore(raw: string, at: number): string {
  const text = raw.slice(Math.max(0, at - 4096), at);
  return unescaped(text.slice(Math.max(0, text.lastIndexOf(' obj'))));
}

function unpackedWhole(rest: Buffer, budget: number): Buffer {
  try {
    return inflateSync(rest, { maxOutputLength: budget, finishFlush: zlib.Z_SYNC_FLUSH });
  } catch (error) {
    const bomb = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new Problem(bomb ? UPLOAD_PROBLEMS.unpacked : UPLOAD_PROBLEMS.damaged);
  }
}

/** At most 66 kB; undefined when it is not Flate. */
function unpackedBeginning(rest: Buffer): string | undefined {
  try {
    return inflateSync(rest.subarray(0, 64), { finishFlush: zlib.Z_SYNC_FLUSH }).toString('latin1');
  } catch {
    return undefined;
  }
}

/** Whether something done on opening leads to an address; going to a page on opening is usual and harmless. */
function opensAddress(text: string, visible: string, packed: Packed[]): boolean {
  let seen = 0;
  for (const match of text.matchAll(AUTOMATIC)) {
    if ((seen += 1) > MAX_AUTOMATIC) return true; // each look-up costs a search: honest files have one
    const action =
      match[1] === undefined
        ? untilClosed(text.slice(match.index, match.index + 4096))
        : objectText(Number(match[1]), visible, packed);
    if (/\/URI(?![A-Za-z])/.test(action)) return true;
  }
  return false;
}

function untilClosed(text: string): string {
  const close = text.indexOf('>>');
  return close < 0 ? text : text.slice(0, close);
}

function objectText(number: number, visible: string, packed: Packed[]): string {
  const found: string[] = [];
  for (const match of visible.matchAll(new RegExp(`(?<!\\d)${number}\\s+\\d+\\s+obj`, 'g'))) {
    found.push(visible.slice(match.index, match.index + 4096).split('endobj', 1)[0] as string);
  }
  for (const { text, first } of packed) {
    const header = text
      .slice(0, first)
      .trim()
      .split(/[\s\0]+/)
      .map(Number);
    const index = header.findIndex((value, i) => i % 2 === 0 && value === number);
    const from = first + (header[index + 1] ?? 0);
    if (index >= 0) found.push(text.slice(from, Math.min(first + (header[index + 3] ?? text.length), from + 4096)));
  }
  return found.join('\n');
}

/** Names may be written with escapes: /J#61vaScript. */
function unescaped(text: string): string {
  const escaped = /#([0-9a-fA-F]{2})/g;
  // counted first, for replacing millions takes seconds; honest files have a few hundred by chance
  for (let seen = 0; escaped.test(text); seen++) if (seen > MAX_ESCAPES) throw new Problem(UPLOAD_PROBLEMS.damaged);
  return text.replace(escaped, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
