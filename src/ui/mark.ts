// The mark: a joglo roof in three tiers on four posts, the open hall that anyone may enter.
import { html } from 'hono/html';
import type { Html } from './html.ts';

const ROOF = 'M12.5 3h7l3.5 6.2H9zM7.6 10.6h16.8l4 4.4H3.6zM3 16.4h26l3 3.6H0z';
const POSTS = 'M4 20h2v8H4zm7 0h2v8h-2zm8 0h2v8h-2zm7 0h2v8h-2z';
const FLOOR = 'M1 28h30v2H1z';

/** Drawn in the colour of the text around it. */
export function mark(): Html {
  return html`<svg class="mark" viewBox="0 0 32 32" width="40" height="40" fill="currentColor" aria-hidden="true" focusable="false"><path d="${ROOF}${POSTS}${FLOOR}"/></svg>`;
}

/** The roofs alone, large and quiet, behind the first heading of the front page. */
export function roofline(): Html {
  return html`<svg class="roofline" viewBox="0 0 32 28" fill="currentColor" aria-hidden="true" focusable="false"><path d="${ROOF}${POSTS}"/></svg>`;
}

/** For /favicon.svg, on a tile of leaf green. */
export const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-6 -6 44 44"><rect x="-6" y="-6" width="44" height="44" rx="9" fill="#103c29"/><path fill="#f7efe0" d="${ROOF}"/><path fill="#e0ac6b" d="${POSTS}${FLOOR}"/></svg>`;
