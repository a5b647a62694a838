// The style sheets, read and minified once at start, with the hashes that the content security policy names.
// The doorstep bundle replaces this module by its values, since a service worker has no files.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Drops comments and needless space; what stands between quotes stays as it is. */
export function minifyCss(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split(/("[^"\n]*"|'[^'\n]*')/)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part
            .replace(/\s+/g, ' ')
            .replace(/ ?([{};,]) ?/g, '$1')
            .replace(/: /g, ':')
            .replace(/ > /g, '>')
            .replace(/;}/g, '}'),
    )
    .join('')
    .trim();
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

function hashOf(css: string): string {
  return `'sha256-${createHash('sha256').update(css).digest('base64')}'`;
}

type Part = { css: string; hash: string; classes: Set<string>; tags?: RegExp };

function part(...names: string[]): Part {
  const css = minifyCss(names.map(read).join(''));
  return { css, hash: hashOf(css), classes: new Set([...css.matchAll(/\.([a-z][\w-]*)/g)].map((m) => m[1]!)) };
}

const core = part('./tokens.css', './resident.css');
const forms = part('./forms.css');
const lists = part('./lists.css');
const figures = part('./figures.css');
const desk = part('./desk.css');
forms.tags = /<(?:select|textarea|input(?! type="hidden"))\b/;
figures.tags = /<(?:table|dialog)\b/;
for (const more of [forms, lists, figures]) for (const name of core.classes) more.classes.delete(name);

/** All parts of a resident page, and of an officer's page, as one text each. */
export const residentCss = core.css + forms.css + lists.css + figures.css;
export const deskCss = residentCss + desk.css;
export const residentCssHash = hashOf(residentCss);
export const deskCssHash = hashOf(deskCss);

/** For the policy, quotes included: `style-src ${styleHashes}`. */
export const styleHashes = [core.hash, forms.hash, lists.hash, figures.hash, deskCssHash].join(' ');

/** The parts that a piece of page uses: a page without a question does not carry the style of questions. */
export function stylesFor(body: string): string[] {
  const used = [...body.matchAll(/ class="([^"]*)"/g)].flatMap((m) => m[1]!.split(' '));
  const uses = (p: Part) => p === core || used.some((name) => p.classes.has(name)) || p.tags?.test(body);
  return [core, forms, lists, figures].filter(uses).map((p) => p.css);
}
