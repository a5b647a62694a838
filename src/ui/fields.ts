// What people fill in: each field carries its label, hint, error and the value that was typed, and works without script.
import { html, raw } from 'hono/html';
import { MONTHS } from './format.ts';
import { attributes, type Content, fieldId, type Html, hidden } from './html.ts';

export type Field = {
  name: string;
  label: string;
  hint?: Content;
  error?: string | undefined;
  /** The label is also the heading of the page: one question on a page. */
  heading?: boolean;
  optional?: boolean;
};

export type TextField = Field & {
  value?: string | undefined;
  /** How many characters are expected; the box is about that wide. */
  length?: number;
  maxlength?: number;
  prefix?: string;
  suffix?: string;
  type?: 'text' | 'tel' | 'email' | 'password' | 'search' | 'url';
  inputmode?: 'numeric' | 'decimal' | 'tel' | 'email' | 'url';
  autocomplete?: string;
  spellcheck?: boolean;
  autocapitalize?: 'none' | 'words' | 'sentences' | 'characters';
};

export type Option = { value: string; text: string; hint?: Content; disabled?: boolean };

const WIDTHS = [2, 4, 8, 16, 30] as const;

function widthClass(length: number | undefined): string | undefined {
  if (length === undefined) return undefined;
  const width = WIDTHS.find((w) => w >= length);
  return width && `w${width}`;
}

function describedBy(field: Field): string | undefined {
  const id = fieldId(field.name);
  const ids = [field.hint ? `${id}-hint` : '', field.error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return ids || undefined;
}

function notes(field: Field): Content {
  const id = fieldId(field.name);
  return [
    field.hint ? html`<div class="hint" id="${id}-hint">${field.hint}</div>` : null,
    field.error ? html`<p class="err" id="${id}-error">${hidden('Kesalahan: ')}${field.error}</p>` : null,
  ];
}

function titled(field: Field): Content {
  return [field.label, field.optional && html` <span class="opt">(boleh dikosongkan)</span>`];
}

function labelled(field: Field, control: Html): Html {
  const label = html`<label class="lab" for="${fieldId(field.name)}">${titled(field)}</label>`;
  return html`<div class="${field.error ? 'field bad' : 'field'}">${field.heading ? html`<h1 class="q">${label}</h1>` : label}${notes(field)}${control}</div>`;
}

/** A text box; wrap amounts with prefix "Rp", measures with suffix "m²". */
export function textField(field: TextField): Html {
  const input = html`<input${attributes({
    class: widthClass(field.length),
    type: field.type ?? 'text',
    id: fieldId(field.name),
    name: field.name,
    value: field.value || undefined,
    maxlength: field.maxlength,
    inputmode: field.inputmode,
    autocomplete: field.autocomplete,
    spellcheck: field.spellcheck === undefined ? undefined : String(field.spellcheck),
    autocapitalize: field.autocapitalize,
    'aria-describedby': describedBy(field),
    'aria-invalid': field.error ? 'true' : undefined,
  })}>`;
  if (!field.prefix && !field.suffix) return labelled(field, input);
  const side = (text: string | undefined) => text && html`<span class="affix" aria-hidden="true">${text}</span>`;
  return labelled(field, html`<div class="affixed">${side(field.prefix)}${input}${side(field.suffix)}</div>`);
}

/** A longer answer. The limit is said in the hint, and checked on the server. */
export function textArea(field: Field & { value?: string | undefined; limit?: number; rows?: number }): Html {
  const said = field.limit && `Paling banyak ${field.limit} huruf.`;
  const hint = said ? (field.hint ? html`${field.hint} ${said}` : said) : field.hint;
  const own = { ...field, hint };
  const given = attributes({
    id: fieldId(field.name),
    name: field.name,
    rows: field.rows ?? 5,
    'aria-describedby': describedBy(own),
    'aria-invalid': field.error ? 'true' : undefined,
  });
  // A browser drops the first line break of a textarea: one is added so that a typed one survives.
  return labelled(own, html`<textarea${given}>${raw('\n')}${field.value}</textarea>`);
}

export function selectField(field: Field & { options: Option[]; value?: string | undefined; empty?: string }): Html {
  const given = attributes({
    id: fieldId(field.name),
    name: field.name,
    'aria-describedby': describedBy(field),
    'aria-invalid': field.error ? 'true' : undefined,
  });
  return labelled(
    field,
    html`<select${given}><option value="">${field.empty ?? 'Pilih satu'}</option>${field.options.map((o) => option(o, field.value))}</select>`,
  );
}

function option(o: Option, value: string | undefined): Html {
  return html`<option${attributes({ value: o.value, selected: o.value === value, disabled: o.disabled })}>${o.text}</option>`;
}

/** Several controls under one question. */
export function fieldset(field: Field & { body: Content }): Html {
  const legend = field.heading ? html`<h1 class="q">${titled(field)}</h1>` : titled(field);
  return html`<div class="${field.error ? 'field bad' : 'field'}"><fieldset${attributes({ 'aria-describedby': describedBy(field) })}><legend class="lab">${legend}</legend>${notes(field)}${field.body}</fieldset></div>`;
}

function choices(
  type: 'radio' | 'checkbox',
  field: Field & { options: Option[]; inline?: boolean },
  chosen: string[],
): Html {
  const body = field.options.map((o, i) => {
    const id = i === 0 ? fieldId(field.name) : `${fieldId(field.name)}-${i + 1}`;
    const given = attributes({
      type,
      id,
      name: field.name,
      value: o.value,
      checked: chosen.includes(o.value),
      disabled: o.disabled,
      'aria-describedby': o.hint ? `${id}-about` : undefined,
    });
    return html`<div class="pick"><input${given}><label for="${id}">${o.text}</label>${o.hint && html`<div class="hint" id="${id}-about">${o.hint}</div>`}</div>`;
  });
  return fieldset({ ...field, body: html`<div class="${field.inline ? 'picks side' : 'picks'}">${body}</div>` });
}

/** One of a few: each choice is a whole tappable card. */
export function radios(field: Field & { options: Option[]; value?: string | undefined; inline?: boolean }): Html {
  return choices('radio', field, field.value === undefined ? [] : [field.value]);
}

export function checkboxes(field: Field & { options: Option[]; values?: string[]; inline?: boolean }): Html {
  return choices('checkbox', field, field.values ?? []);
}

/** Ya or Tidak, sent as "ya" and "tidak". */
export function yesNo(field: Field & { value?: string | undefined }): Html {
  return radios({
    ...field,
    inline: true,
    options: [
      { value: 'ya', text: 'Ya' },
      { value: 'tidak', text: 'Tidak' },
    ],
  });
}

/** A lone tick ("Saya menyatakan …"): the label is the sentence. */
export function consent(field: Omit<Field, 'heading'> & { value?: string; checked?: boolean }): Html {
  const id = fieldId(field.name);
  const given = attributes({
    type: 'checkbox',
    id,
    name: field.name,
    value: field.value ?? 'ya',
    checked: field.checked,
    'aria-describedby': describedBy(field),
    'aria-invalid': field.error ? 'true' : undefined,
  });
  return html`<div class="${field.error ? 'field bad' : 'field'}">${notes(field)}<div class="picks"><div class="pick"><input${given}><label for="${id}">${field.label}</label></div></div></div>`;
}

export type DateValue = { d?: string | undefined; m?: string | undefined; y?: string | undefined };

/** A day people know by heart: name.d, name.m (1–12, by its name) and name.y. `wrong` says which of the three to mark. */
export function dateField(
  field: Field & { value?: DateValue | undefined; birthday?: boolean; wrong?: ('d' | 'm' | 'y')[] },
): Html {
  const id = fieldId(field.name);
  const marked = (part: 'd' | 'm' | 'y') =>
    field.error && (field.wrong ?? ['d', 'm', 'y']).includes(part) ? 'true' : undefined;
  const auto = (part: string) => (field.birthday ? `bday-${part}` : undefined);
  const box = (part: 'd' | 'y', label: string, width: number, where: string, long: string) =>
    html`<div><label class="sub" for="${where}">${label}</label><input${attributes({
      class: `w${width}`,
      type: 'text',
      id: where,
      name: `${field.name}.${part}`,
      value: field.value?.[part] || undefined,
      inputmode: 'numeric',
      maxlength: width,
      autocomplete: auto(long),
      'aria-invalid': marked(part),
    })}></div>`;
  const month = html`<div><label class="sub" for="${id}-m">Bulan</label><select${attributes({
    id: `${id}-m`,
    name: `${field.name}.m`,
    autocomplete: auto('month'),
    'aria-invalid': marked('m'),
  })}><option value="">Pilih</option>${MONTHS.map((text, i) => option({ value: String(i + 1), text }, field.value?.m && String(Number(field.value.m))))}</select></div>`;
  return fieldset({
    ...field,
    hint: field.hint ?? 'Misalnya 7 Maret 1990.',
    body: html`<div class="date">${box('d', 'Tanggal', 2, id, 'day')}${month}${box('y', 'Tahun', 4, `${id}-y`, 'year')}</div>`,
  });
}

/**
 * A file. With `camera` there are two: `name.camera` opens the camera, `name` the files of the phone. Take the one that
 * is not empty.
 */
export function fileField(
  field: Field & { accept?: string; camera?: boolean; multiple?: boolean; current?: Content },
): Html {
  const id = fieldId(field.name);
  const kept = field.current
    ? html`<p class="kept">Sudah ada: ${field.current}. Pilih lagi hanya untuk mengganti.</p>`
    : null;
  const input = (where: string, capture: boolean) =>
    html`<input${attributes({
      type: 'file',
      id: where,
      name: capture ? `${field.name}.camera` : field.name,
      accept: capture ? 'image/*' : (field.accept ?? 'image/jpeg,image/png,application/pdf'),
      capture: capture ? 'environment' : undefined,
      multiple: !capture && field.multiple,
      'aria-describedby': field.camera ? undefined : describedBy(field),
      'aria-invalid': field.error ? 'true' : undefined,
    })}>`;
  if (!field.camera) return labelled(field, html`${kept}${input(id, false)}`);
  return fieldset({
    ...field,
    body: html`${kept}<div class="files"><div><label class="sub" for="${id}">Ambil foto dengan kamera</label>${input(id, true)}</div><div><label class="sub" for="${id}-file">atau pilih berkas dari ponsel</label>${input(`${id}-file`, false)}</div></div>`,
  });
}

/** On top of the page when something is wrong: each line leads to its field. The path is the name of the field. */
export function errorSummary(
  errors: readonly { path: string; message: string }[],
  title = 'Ada yang perlu diperbaiki',
): Html | null {
  if (errors.length === 0) return null;
  return html`<div class="errs" role="alert" tabindex="-1" autofocus><h2>${title}</h2><ul>${errors.map(
    (e) => html`<li>${e.path ? html`<a href="#${fieldId(e.path)}">${e.message}</a>` : e.message}</li>`,
  )}</ul></div>`;
}

/** A form that leaves all checking to the server, so that every browser says the same words. */
export function form(given: {
  action: string;
  body: Content;
  method?: 'get' | 'post';
  multipart?: boolean;
  hidden?: Record<string, string>;
}): Html {
  const own = attributes({
    action: given.action,
    method: given.method ?? 'post',
    enctype: given.multipart ? 'multipart/form-data' : undefined,
    novalidate: true,
  });
  return html`<form${own}>${hiddenFields(given.hidden)}${given.body}</form>`;
}

export function hiddenFields(values: Record<string, string> = {}): Content {
  return Object.entries(values).map(([name, value]) => html`<input${attributes({ type: 'hidden', name, value })}>`);
}

/** Big search box with its button. */
export function searchBox(box: {
  action: string;
  label: string;
  name?: string;
  value?: string | undefined;
  hint?: Content;
  button?: string;
  hidden?: Record<string, string>;
  labelHidden?: boolean;
}): Html {
  const name = box.name ?? 'q';
  const given = attributes({
    type: 'search',
    id: fieldId(name),
    name,
    value: box.value || undefined,
    spellcheck: 'false',
    autocomplete: 'off',
    'aria-describedby': box.hint ? `${fieldId(name)}-hint` : undefined,
  });
  return html`<form class="search" action="${box.action}" method="get" role="search">${hiddenFields(box.hidden)}<label class="${box.labelHidden ? 'vh' : 'lab'}" for="${fieldId(name)}">${box.label}</label>${box.hint && html`<div class="hint" id="${fieldId(name)}-hint">${box.hint}</div>`}<div class="row"><input${given}><button class="btn" type="submit">${box.button ?? 'Cari'}</button></div></form>`;
}
