// Runs one benchmark: `npm run bench -- NAME [--json] [flags]`. Each bench/NAME.ts exports `run(flags)` and gives its
// metrics; ours and the other side (a peer, a limit, a smaller size) come from the same run.
import { existsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from '#platform/command.ts';
import type { Flags, Metric, Result } from './measure.ts';

const { words, flags } = parseArgs(process.argv.slice(2), new Set(['json', 'keep', 'clone']));
const name = words[0] ?? '';
const file = join(import.meta.dirname, `${name}.ts`);
// files that benchmarks share stand in the same folder and export no `run`
const { run } = (/^[a-z0-9-]+$/.test(name) && name !== 'run' && existsSync(file) ? await import(file) : {}) as {
  run?(given: Flags): Promise<Result>;
};
if (!run) {
  process.stderr.write(`no benchmark "${name}"\nusage: npm run bench -- NAME [--json] [flags]\n`);
  process.exit(2);
}
const { metrics } = await run(flags);
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, ${process.platform}`;
process.stdout.write(flags.json ? `${JSON.stringify({ name, machine, metrics })}\n` : table(name, machine, metrics));
process.exit(0);

function table(title: string, on: string, list: Metric[]): string {
  const round = (value: number | null) =>
    value === null ? '–' : value.toLocaleString('en', { maximumFractionDigits: 2 });
  const rows = list.map((one) => [
    one.metric,
    `${round(one.ours)} ${one.unit}`,
    one.other === null ? '–' : `${round(one.other)} (${one.otherName})`,
    round(one.ratio),
    one.target ?? '–',
    one.met === null ? '' : one.met ? 'met' : 'NOT MET',
    one.spread ? one.spread.map(round).join(' … ') : '',
  ]);
  const all = [['metric', 'ours', 'other', 'ratio', 'target', '', 'spread'], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return `${title} on ${on}\n\n${lines.join('\n')}\n`;
}
