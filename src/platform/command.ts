// The shape of every `pendopo …` command: words and flags in, one outcome out; main.ts prints it and sets the exit code.

/** `words` are what follows the command's own name; a flag without a value is `true`. */
export type Args = { words: string[]; flags: Record<string, string | true> };

/** `ok: false` exits 1 (the input is bad). `json` is printed with --json, `text` otherwise; both go to stdout. */
export type Outcome = { ok: boolean; json: unknown; text: string };

/** `usage` begins with the name and shows every flag there is; then a word in capitals, when the command takes words. */
type Named = { name: string; usage: string };
export type Command = Named & { summary: string; run(args: Args): Promise<Outcome> };

/** Wrong words or flags on the command line: printed with the command's usage, exit 2. */
export class UsageError extends Error {}

/**
 * Splits what follows a command's name into words and flags. `--flag value`, `--flag=value`, and `--flag` (for names in
 * `switches`) are understood. Throws UsageError for a word or flag that the usage of `command` does not show.
 */
export function parseArgs(argv: string[], switches: ReadonlySet<string>, command?: Named): Args {
  const shown = [...(command?.usage.matchAll(/--([a-z][a-z-]*)/g) ?? [])].map(([, flag]) => flag);
  const known = command && new Set(['json', 'help', ...shown]);
  const takesWords = !command || /^ [A-Z]/.test(command.usage.slice(command.name.length));
  const words: string[] = [];
  const flags: Record<string, string | true> = {};
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (!/^-./.test(word)) {
      if (!takesWords) throw new UsageError(`"${word}" has no place here`);
      words.push(word);
      continue;
    }
    const [name = '', inline] = word.slice(2).split(/=(.*)/s);
    if (!word.startsWith('--') || known?.has(name) === false)
      throw new UsageError(`unknown flag "${word.split('=')[0]}"`);
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
