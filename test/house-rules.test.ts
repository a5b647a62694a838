// The architecture as a test: who may import whom, what the core may not do, where SQL may stand, what must be written down.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { MIGRATIONS, migrationFiles } from '#platform/migrate.ts';
import { modules } from '#src/modules.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const sources = globSync('src/**/*.ts', { cwd: root })
  .filter((file) => !/\.(test|spec)\.ts$/.test(file) && !file.endsWith('db/types.ts'))
  .sort();
const inModules = sources.filter((file) => modules.some((module) => file.startsWith(`src/${module.name}/`)));
const moduleOf = (file: string): string => file.split('/')[1] ?? '';
const nameOf = (file: string): string => basename(file, '.ts');

/** Files that may wait for the outside; everything else in a module is core. */
const SHELL = new Set(['actions', 'store', 'pages', 'api', 'jobs', 'module', 'commands']);
/** Shell under another name, each with its reason. */
const SHELL_TOO: Record<string, string> = {
  'src/catalogue/folder.ts': 'reads the YAML files of services/',
  'src/identity/password.ts': 'scrypt runs outside the main thread and is waited for',
  'src/documents/signing/bsre.ts': 'speaks to the signing service over the network',
  'src/documents/signing/local.ts': "reads the agency's key file and keeps the demo's",
  'src/messages/channels/http.ts': 'asks providers over HTTP and waits',
  'src/messages/channels/whatsapp.ts': 'waits for the provider',
  'src/messages/channels/gateway.ts': 'waits for the provider',
  'src/messages/channels/smtp.ts': 'waits for the mail server',
  'src/messages/channels/demo.ts': 'a channel like the others',
  'src/documents/pdf.ts': 'the PDF library hands its pages over as a stream',
};
const isShell = (file: string): boolean =>
  SHELL.has(nameOf(file)) || file in SHELL_TOO || file.split('/').slice(2, -1).includes('pages');
/** From another module one may import what it does and what it knows, not how it stores or shows. */
const PRIVATE = new Set(['store', 'pages', 'api', 'jobs', 'commands', 'module']);

const importsOf = (file: string): string[] =>
  [...read(file).matchAll(/from '([^']+)'|import\('([^']+)'\)/g)].map((match) => match[1] ?? match[2] ?? '');
const without = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '').replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''");

function complaints(list: string[]): void {
  assert.deepEqual(list, []);
}

describe('modules', () => {
  test('name only modules above them, so that there can be no cycle', () => {
    modules.forEach((module, index) => {
      const above = new Set(modules.slice(0, index).map((one) => one.name));
      for (const used of module.uses)
        assert.ok(above.has(used), `${module.name} uses ${used}, which is not above it in modules.ts`);
    });
  });

  test('import only from modules they name, and there only actions and core', () => {
    const wrong: string[] = [];
    for (const file of inModules) {
      const own = moduleOf(file);
      const uses = modules.find((module) => module.name === own)?.uses ?? [];
      for (const target of importsOf(file)) {
        const other = /^#src\/([a-z-]+)\/(.+)\.ts$/.exec(target);
        if (!other || other[1] === own) continue;
        if (!uses.includes(other[1] ?? '')) wrong.push(`${file} imports ${target}: not in its uses`);
        if (PRIVATE.has(basename(other[2] ?? ''))) wrong.push(`${file} imports ${target}: private to its module`);
      }
    }
    complaints(wrong);
  });

  test('leave platform and ui without any knowledge of the domain', () => {
    const files = sources.filter((file) => /^src\/(platform|ui)\//.test(file));
    complaints(
      files.flatMap((file) =>
        importsOf(file)
          .filter((target) => target.startsWith('#src/'))
          .map((target) => `${file} imports ${target}`),
      ),
    );
  });

  test('have a README of at most 40 lines', () => {
    for (const module of [...modules.map((one) => one.name), 'platform', 'ui']) {
      const lines = read(`src/${module}/README.md`).trimEnd().split('\n').length;
      assert.ok(lines <= 40, `src/${module}/README.md has ${lines} lines`);
    }
  });
});

describe('the core', () => {
  test('never waits, never asks the clock or chance or the environment, imports no shell', () => {
    const wrong: string[] = [];
    for (const file of inModules.filter((one) => !isShell(one))) {
      const code = without(read(file));
      for (const [what, pattern] of [
        ['await', /\bawait\b/],
        ['new Date()', /new Date\(\)/],
        ['Date.now', /Date\.now/],
        ['Math.random', /Math\.random/],
        ['process', /\bprocess\./],
      ] as const) {
        if (pattern.test(code)) wrong.push(`${file}: ${what}`);
      }
      for (const target of importsOf(file)) {
        const shell =
          (target.startsWith('./') || target.startsWith('../') || target.startsWith('#src/')) &&
          SHELL.has(nameOf(target));
        const typeOnly = new RegExp(`import type [^;]*from '${target.replaceAll(/[.#/]/g, '\\$&')}'`).test(read(file));
        if (shell && !typeOnly) wrong.push(`${file} imports the shell ${target}`);
        if (/^node:(fs|net|http|child_process|os)/.test(target)) wrong.push(`${file} imports ${target}`);
      }
    }
    complaints(wrong);
  });
});

describe('SQL', () => {
  test('stands only in store.ts (and in platform), and a store writes only its own schema', () => {
    const wrong: string[] = [];
    const query = /\bsql`|\bsql<|pool\.query|\.(selectFrom|insertInto|updateTable|deleteFrom)\(/;
    for (const file of sources.filter((one) => !one.startsWith('src/platform/') && !one.startsWith('src/simulate'))) {
      const text = read(file);
      if (nameOf(file) !== 'store' && query.test(text)) wrong.push(`${file}: SQL outside a store`);
      for (const [, , schema = ''] of text.matchAll(
        /(INSERT INTO|UPDATE|DELETE FROM|insertInto\('|updateTable\('|deleteFrom\(')\s*([a-z]+)\./g,
      )) {
        if (schema !== moduleOf(file) && schema !== 'platform') wrong.push(`${file} writes schema ${schema}`);
      }
    }
    complaints(wrong);
  });

  test('migrations are numbered without gaps and HEAD names the last', () => {
    const files = migrationFiles();
    for (const [index, file] of files.entries()) assert.equal(Number(file.slice(0, 4)), index + 1, file);
    assert.equal(readFileSync(join(MIGRATIONS, 'HEAD'), 'utf8').trim(), files.at(-1));
  });
});

describe('the words', () => {
  test('of every event and every table stand in GLOSSARY.md', () => {
    const glossary = read('GLOSSARY.md');
    const events = new Set(
      sources.flatMap((file) =>
        [...read(file).matchAll(/'((?:application|document|officer|service|file)\.[a-z-]+)'/g)].map(
          (match) => match[1] ?? '',
        ),
      ),
    );
    const tables = migrationFiles().flatMap((file) =>
      [...read(`migrations/${file}`).matchAll(/CREATE TABLE ([a-z]+\.[a-z_]+)/g)].map((match) => match[1] ?? ''),
    );
    assert.ok(events.size > 10 && tables.length > 10);
    complaints([...events, ...tables].filter((word) => !glossary.includes(`\`${word}\``)));
  });
});

describe('files', () => {
  test('have at most 400 lines, open with their purpose, and leave nothing for later without a decision', () => {
    const wrong: string[] = [];
    for (const file of sources) {
      const text = read(file);
      const lines = text.trimEnd().split('\n').length;
      if (lines > 400) wrong.push(`${file}: ${lines} lines`);
      if (!text.startsWith('//')) wrong.push(`${file}: does not open with its purpose`);
      if (/\b(TODO|FIXME|XXX)\b/.test(text)) wrong.push(`${file}: something is left for later`);
    }
    complaints(wrong);
  });

  test('pass unescaped text to a page only inside ui', () => {
    complaints(sources.filter((file) => !file.startsWith('src/ui/') && /\braw\(/.test(without(read(file)))));
  });

  test('are named by nouns of the field', () => {
    complaints(sources.filter((file) => /(utils?|helpers?|common|manager|misc)\.ts$/i.test(file)));
  });
});
