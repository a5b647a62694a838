// The shape of every `pendopo …` command: words and flags in, one outcome out; main.ts prints it and sets the exit code.

/** `words` are what follows the command's own name; a flag without a value is `true`. */
export type Args = { words: string[]; flags: Record<string, string | true> };

/** `ok: false` exits 1 (the input is bad). `json` is printed with --json, `text` otherwise; both go to stdout. */
export type Outcome = { ok: boolean; json: unknown; text: string };

export type Command = { name: string; usage: string; summary: string; run(args: Args): Promise<Outcome> };

/** Wrong words or flags on the command line: printed with the command's usage, exit 2. */
export class UsageError extends Error {}

/** Splits argv into words and flags. `--flag value`, `--flag=value`, and `--flag` (for names in `switches`) are understood. */
export function parseArgs(argv: string[], switches: ReadonlySet<string>): Args {
  const words: string[] = [];
  const flags: Record<string, string | true> = {};
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (!word.startsWith('--')) {
      words.push(word);
      continue;
    }
    const [name = '', inline] = word.slice(2).split(/=(.*)/s);
    if (inline !== undefined) flags[name] = inline;
    else if (switches.has(name)) flags[name] = true;
    else {
      const value = argv[++i];
      if (value === undefined) throw new UsageError(`--${name} needs a value`);
      flags[name] = value;
    }
  }
  return { words, flags };
}
