// What a backup says of itself; written last, so that a folder without it is no backup. Pure.

export const FORMAT = 'pendopo-backup-1';

/** A file of the backup; `sha256` (hex) is of its bytes as they lie there. */
export type Part = { path: string; bytes: number; sha256: string };
export type TablePart = Part & { name: string; columns: string[]; rows: number };

export type Manifest = {
  format: typeof FORMAT;
  takenAt: string;
  /** The schema it fits: every migration with its hash. */
  migrations: { name: string; sha256: string }[];
  /** In an order in which rows find what they refer to. */
  tables: TablePart[];
  sequences: { name: string; value: number }[];
  jobs: Part & { rows: number };
  files: { count: number; bytes: number; missing: number; parts: Part[] };
  /** Months of the log that need a partition, first and last. */
  months: { from: string; to: string } | null;
  /** The last signed head of the log, as `pendopo audit heads` prints it. */
  head: string | null;
  /** The short names of the master keys that open it. The keys themselves are not in the backup. */
  masterKeys: string[];
};

/** Reads a manifest; a sentence when it is none of ours. */
export function readManifest(text: string): Manifest | string {
  try {
    const read = JSON.parse(text) as Partial<Manifest>;
    if (read.format !== FORMAT) return `its format is ${String(read.format)}, this program reads ${FORMAT}`;
    if (Array.isArray(read.tables) && Array.isArray(read.migrations) && read.files && read.jobs)
      return read as Manifest;
  } catch {
    // the sentence below says it
  }
  return 'its manifest.json cannot be read';
}

export type Link = { table: string; refersTo: string };

/** Tables so that each comes after those it refers to. Throws when two refer to each other. */
export function inOrder(tables: string[], links: Link[]): string[] {
  const done: string[] = [];
  const waiting = new Set(tables);
  const needs = (table: string) =>
    links.filter((link) => link.table === table && link.refersTo !== table && waiting.has(link.refersTo));
  while (waiting.size > 0) {
    const ready = [...waiting].filter((table) => needs(table).length === 0);
    if (ready.length === 0) throw new Error(`these tables refer to each other: ${[...waiting].join(', ')}`);
    for (const table of ready) {
      waiting.delete(table);
      done.push(table);
    }
  }
  return done;
}
