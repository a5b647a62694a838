// What every component is made of: the type of a piece of page, safe attributes, and ids made from field names.
import { html, raw } from 'hono/html';

export type Html = ReturnType<typeof html>;
/** Anything that a template prints: text is escaped, pieces of page are not, nothing prints nothing. */
export type Content = Html | string | number | false | null | undefined | readonly Content[];

export type Link = { text: string; href: string };

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ESCAPES[c]!);
}

/** Attributes with a leading space; true gives the bare name, false and undefined leave the attribute out. */
export function attributes(values: Record<string, string | number | boolean | undefined>): Html {
  let out = '';
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === false) continue;
    out += value === true ? ` ${name}` : ` ${name}="${escapeHtml(String(value))}"`;
  }
  return raw(out);
}

/** The id of the (first) control of a field, so that an error summary can link to it: "pemohon.nama" → "pemohon-nama". */
export function fieldId(path: string): string {
  const id = path.replace(/[^\p{L}\p{N}_]+/gu, '-').replace(/^-+|-+$/g, '');
  return /^\p{L}/u.test(id) ? id : `f-${id}`;
}

/** Text for those who listen, not shown. */
export function hidden(text: string): Html {
  return html`<span class="vh">${text}</span>`;
}
