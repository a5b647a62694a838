// The documents as a test: paths, links, commands, settings, dependencies and tests that they name exist.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const exists = (path: string): boolean => existsSync(join(root, path));

const documents = globSync(['*.md', 'docs/**/*.md', 'services/README.md', 'src/*/README.md'], { cwd: root }).sort();
/** Documents whose every path in backticks must be there. */
const strict = documents.filter((file) =>
  /^(ARCHITECTURE|CONTRIBUTING|SECURITY|README)\.md$|^docs\/decisions\//.test(file),
);
const manuals = documents.filter((file) => file.startsWith('docs/panduan/'));
const decisions = documents.filter((file) => /^docs\/decisions\/\d/.test(file));

const withoutBlocks = (text: string): string => text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '');
const inBackticks = (text: string): string[] =>
  [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');

const FOLDERS = /^(src|test|bin|bench|docs|migrations|services|calendars|instruments|events-of-life|\.ci)\//;
const FILES = /^[\w./-]*\w\.(ts|js|sql|css|csv|json|yaml|yml|md)$/;
/** Stands for any such file, or is a command. */
const isPattern = (name: string): boolean => /[<>*{}…\s]/.test(name);

/** Whether something is a path of ours that is not there; a bare file name may lie anywhere. */
function missing(name: string): boolean {
  if (isPattern(name) || name.startsWith('/') || !(FOLDERS.test(name) || FILES.test(name))) return false;
  if (exists(name)) return false;
  return name.includes('/') || !names.has(name);
}
const names = new Set(
  globSync(['*', '{src,test,bin,bench,docs,services,migrations,calendars}/**/*'], { cwd: root }).map((path) =>
    basename(path),
  ),
);

const complaints = (list: string[]): void => assert.deepEqual(list, []);

describe('what the documents name', () => {
  test('exists: every path in backticks', () => {
    complaints(
      strict.flatMap((file) =>
        inBackticks(read(file))
          .filter(missing)
          .map((name) => `${file}: ${name}`),
      ),
    );
  });

  test('exists: every name that is said to be in a file', () => {
    const said = strict.flatMap((file) =>
      [...withoutBlocks(read(file)).matchAll(/`(\w+)` in\s+`([\w./-]+\.ts)`/g)].map(([, name = '', path = '']) => ({
        file,
        name,
        path,
      })),
    );
    assert.ok(said.length > 15);
    complaints(
      said
        .filter(({ name, path }) => !exists(path) || !new RegExp(`\\b${name}\\b`).test(read(path)))
        .map(({ file, name, path }) => `${file}: ${name} in ${path}`),
    );
  });

  test('exists: every relative link', () => {
    const links = (file: string) =>
      [...withoutBlocks(read(file)).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
    const lost = (file: string, link: string) =>
      !/^([a-z]+:|#)/.test(link) && !exists(join(dirname(file), link.replace(/#.*/, '')));
    complaints(
      documents.flatMap((file) =>
        links(file)
          .filter((link) => lost(file, link))
          .map((link) => `${file}: ${link}`),
      ),
    );
  });

  test('exists: every test in SECURITY.md', () => {
    const plain = (text: string): string => text.replaceAll("\\'", "'");
    const wrong: string[] = [];
    let named = 0;
    for (const line of read('SECURITY.md').split('\n')) {
      for (const [, file = '', list = ''] of line.matchAll(/`([^`]+\.(?:test|spec)\.ts)`: ((?:“[^”]+”(?:, )?)+)/g)) {
        for (const [, name = ''] of list.matchAll(/“([^”]+)”/g)) {
          named += 1;
          if (!exists(file) || !plain(read(file)).includes(name)) wrong.push(`${file}: ${name}`);
        }
      }
    }
    assert.ok(named > 15, 'the table of threats was not understood');
    complaints(wrong);
  });

  test('is written down: every dependency, and none that is gone', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read('package.json'));
    const used = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    const table = read('docs/decisions/dependencies.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const told = table.flatMap((line) =>
      [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
    );
    complaints(used.filter((name) => !told.includes(name)).map((name) => `no reason for ${name}`));
    complaints(told.filter((name) => !used.includes(name)).map((name) => `${name} is no dependency`));
  });

  test("is written down: every setting, in the operator's manual", () => {
    const settings = [...read('src/platform/config.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+): z\./gm)].map(
      (match) => match[1] ?? '',
    );
    assert.ok(settings.length > 10);
    const manual = read('docs/panduan/operator.md');
    complaints(settings.filter((name) => !manual.includes(`\`${name}\``)));
  });
});

describe('decisions', () => {
  test('are numbered without gaps and have the same parts', () => {
    for (const [index, file] of decisions.entries()) {
      assert.equal(Number(basename(file).slice(0, 4)), index + 1, file);
      for (const part of ['**Context.**', '**Decision.**', '**Consequences.**', '**Rejected.**'])
        assert.ok(read(file).includes(part), `${file} lacks ${part}`);
      assert.ok(read(file).startsWith(`# ${basename(file).slice(0, 4)} `), `${file} opens with its number`);
      assert.ok(read(file).split('\n').length <= 60, `${file} is longer than a page`);
    }
  });
});

/** Programs of others that an operator needs; everything else is npm or npx. */
const OTHERS = new Set(['openssl', 'psql', 'pg_dump', 'pg_restore', 'tar', 'curl']);

describe('commands in the manuals', () => {
  const usage = execFileSync(process.execPath, ['src/main.ts', 'help'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(1);
  const scripts = Object.keys(JSON.parse(read('package.json')).scripts as Record<string, string>);
  const commandsOf = (file: string): string[] =>
    [...read(file).matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)]
      .flatMap((match) => (match[1] ?? '').split('\n'))
      .map((line) =>
        line
          .replace(/ +#.*$|^#.*$/, '')
          .trim()
          .replace(/^(\$ )?([A-Z][A-Z0-9_]*=\S+ )*/, ''),
      )
      .filter(Boolean);

  /** Why the program would not understand it, if so. */
  function fault(command: string): string | undefined {
    const [program = '', ...words] = command.split(/\s+/);
    if (program === 'npm') {
      const script = words[0] === 'run' ? words[1] : words[0];
      return script && (scripts.includes(script) || (words[0] !== 'run' && script === 'ci'))
        ? undefined
        : 'no such script';
    }
    if (program !== 'npx') return OTHERS.has(program) ? undefined : 'not a program of ours';
    if (words[0] !== 'pendopo') return 'only npx pendopo';
    const line = usage.find((one) => commandWords(one).every((word, index) => words[index + 1] === word));
    if (!line) return 'no such command';
    return words
      .filter((word) => word.startsWith('--'))
      .find((flag) => !line.includes(flag.replace(/=.*/, '')))
      ?.concat(' is no flag of it');
  }
  /** The words of a usage line before its arguments: "services render ID --as …" → services render. */
  function commandWords(line: string): string[] {
    const words = (line.split(/ {2,}/)[0] ?? '').split(' ');
    const end = words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
    return end < 0 ? words : words.slice(0, end);
  }

  test('are known to the program', () => {
    const wrong = [...manuals, 'CONTRIBUTING.md'].flatMap((file) =>
      commandsOf(file).flatMap((command) => {
        const why = fault(command);
        return why ? [`${file}: ${command}: ${why}`] : [];
      }),
    );
    assert.ok(manuals.flatMap(commandsOf).length > 10);
    complaints(wrong);
  });

  test('are known to the program where they stand in a sentence', () => {
    const named = documents.flatMap((file) =>
      inBackticks(read(file))
        .filter((text) => text.startsWith('npx pendopo '))
        .map((text) => ({ file, text })),
    );
    const wrong = named
      .filter(({ text }) => !/^npx pendopo (help|…)/.test(text))
      .flatMap(({ file, text }) => {
        const why = fault(text);
        return why ? [`${file}: ${text}: ${why}`] : [];
      });
    complaints(wrong);
  });
});

test('publiccode.yml has what version 0.4 of its standard asks for', () => {
  const code = parse(read('publiccode.yml'));
  const { version, license } = JSON.parse(read('package.json'));
  assert.equal(code.publiccodeYmlVersion, '0.4');
  assert.equal(code.softwareVersion, version);
  assert.equal(code.legal.license, license);
  for (const key of ['name', 'url', 'releaseDate', 'developmentStatus', 'softwareType']) assert.ok(code[key], key);
  assert.ok(code.platforms.length > 0 && code.categories.length > 0 && code.localisation.availableLanguages.length > 0);
  assert.equal(code.maintenance.type, 'community');
  assert.ok(code.maintenance.contacts[0].name);
  for (const [language, text] of Object.entries<Record<string, string>>(code.description)) {
    assert.ok((text.shortDescription ?? '').length <= 150, `${language}: short description`);
    assert.ok(
      (text.longDescription ?? '').length >= 500 && (text.longDescription ?? '').length <= 10_000,
      `${language}: long description`,
    );
    assert.ok((text.genericName ?? '').length <= 35, `${language}: generic name`);
    assert.ok((text.features ?? []).length > 0, `${language}: features`);
  }
});
