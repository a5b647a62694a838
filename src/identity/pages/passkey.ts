// The form that a passkey answers: shown once its script runs; without script the other ways stand beside it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Env } from '#platform/modules.ts';
import { button } from '#ui/components.ts';
import { hiddenFields } from '#ui/fields.ts';
import { attributes, type Content, type Html } from '#ui/html.ts';

export const PASSKEY_SCRIPT = '/kunci.js';
const script = readFileSync(join(import.meta.dirname, '../kunci.js'), 'utf8');

export function passkeyScript(app: Hono<Env>): void {
  app.get(PASSKEY_SCRIPT, (c) =>
    c.body(script, 200, { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'public, max-age=300' }),
  );
}

/** `question` gives the options; the device's answer is posted to `action` in the field `jawaban`. */
export function passkeyForm(given: {
  deed: 'get' | 'create';
  question: string;
  action: string;
  press: string;
  hidden?: Record<string, string>;
  fields?: Content;
  kind?: 'primary' | 'secondary';
}): Html {
  return html`<passkey-form${attributes({ 'data-deed': given.deed, 'data-question': given.question })}><form${attributes({ action: given.action, method: 'post', novalidate: true, hidden: true })}>${hiddenFields({ ...given.hidden, jawaban: '' })}${given.fields}${button(given.press, { kind: given.kind ?? 'primary' })}</form><p class="hint" role="status"></p><noscript><p class="hint">Kunci sandi memerlukan JavaScript. Tanpa itu, pakai kode dari aplikasi.</p></noscript></passkey-form>`;
}
