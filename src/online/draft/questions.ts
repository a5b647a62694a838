// A field of a service as the box or choice that asks for it.
import { html } from 'hono/html';
import type { Place } from '#src/areas/actions.ts';
import type { Field } from '#src/catalogue/service.ts';
import { button } from '#ui/components.ts';
import { dateField, fieldset, type Option, radios, selectField, textArea, textField, yesNo } from '#ui/fields.ts';
import { attributes, type Content, fieldId, type Html } from '#ui/html.ts';
import type { Typed } from './reading.ts';
import { wrongParts } from './reading.ts';

export type Question = {
  name: string;
  field: Field;
  typed: Typed;
  error?: string | undefined;
  /** The question is the heading of its page. */
  heading?: boolean;
  optional?: boolean;
  /** What browsers fill in by themselves for the person who applies. */
  autocomplete?: string | undefined;
  /** For a place: what the search found. */
  places?: Places;
};

export type Places = { found: Place[]; searched: boolean; districts: Option[]; district?: string | undefined };

const MANY = 8;

export function question(given: Question): Html {
  const { name, field, typed, error, heading = false, optional = false } = given;
  const common = { name, label: field.title, hint: field.description, error, heading, optional };
  const value = typed[name];
  if (field.oneOf) {
    const options = field.oneOf.map((one) => ({ value: String(one.const), text: one.title, hint: one.description }));
    return options.length < MANY ? radios({ ...common, options, value }) : selectField({ ...common, options, value });
  }
  if (field.type === 'boolean') return yesNo({ ...common, value });
  if (field.type !== 'string' && field.format !== 'money')
    return textField({ ...common, value, length: 6, inputmode: field.type === 'integer' ? 'numeric' : 'decimal' });
  switch (field.format) {
    case 'money':
      return textField({ ...common, value, prefix: 'Rp', length: 16, inputmode: 'numeric' });
    case 'date':
      return dateField({
        ...common,
        value: { d: typed[`${name}.d`], m: typed[`${name}.m`], y: typed[`${name}.y`] },
        wrong: wrongParts(name, typed),
      });
    case 'nik':
    case 'kk':
      return textField({ ...common, value, length: 16, inputmode: 'numeric', spellcheck: false, autocomplete: 'off' });
    case 'phone':
      return textField({ ...common, value, type: 'tel', length: 16, autocomplete: given.autocomplete });
    case 'email':
      return textField({
        ...common,
        value,
        type: 'email',
        length: 30,
        autocomplete: given.autocomplete,
        spellcheck: false,
        autocapitalize: 'none',
      });
    case 'name':
      return textField({
        ...common,
        value,
        length: 30,
        spellcheck: false,
        autocapitalize: 'words',
        autocomplete: given.autocomplete,
      });
    case 'village':
      return placeQuestion(given);
    case 'text':
      return textArea({ ...common, value, limit: field.maxLength ?? 2000 });
    case undefined:
      return (field.maxLength ?? 0) > 160
        ? textArea({ ...common, value, limit: field.maxLength ?? 2000, rows: 3 })
        : textField({ ...common, value, length: boxLength(field) });
  }
}

const boxLength = (field: Field): number => Math.min(30, field.maxLength ?? 30);

/** A place is looked for by name; the list of districts is the way for who does not find it. */
function placeQuestion({ name, field, typed, error, heading = false, optional = false, places }: Question): Html {
  const found = places?.found ?? [];
  const id = fieldId(name);
  const search = attributes({
    type: 'text',
    id: found.length > 0 ? `${id}-q` : id,
    name: `${name}.q`,
    value: typed[`${name}.q`] || undefined,
    autocomplete: 'off',
    spellcheck: 'false',
    autocapitalize: 'words',
  });
  const list: Content =
    found.length > 0 &&
    radios({
      name,
      label: 'Pilih tempatnya',
      value: typed[name],
      options: found.map((place) => ({
        value: place.code,
        text: place.name,
        hint: `Kecamatan ${place.district}, ${place.regency}`,
      })),
    });
  const searchLabel = found.length > 0 ? 'Bukan itu? Cari nama lain' : 'Tulis nama desa atau kelurahan';
  const box = html`<div class="field"><label class="lab" for="${found.length > 0 ? `${id}-q` : id}">${searchLabel}</label><div class="row"><input${search}>${button('Cari', { kind: 'secondary', name: 'aksi', value: 'cari' })}</div></div>`;
  const browse = html`<details class="more"${attributes({ open: places?.searched && found.length === 0 })}><summary>Pilih lewat kecamatan</summary><div>${selectField(
    {
      name: `${name}.kec`,
      label: 'Kecamatan di Blora',
      options: places?.districts ?? [],
      value: places?.district ?? typed[`${name}.kec`],
      empty: 'Pilih kecamatan',
    },
  )}${button('Tampilkan desanya', { kind: 'secondary', name: 'aksi', value: 'kecamatan' })}</div></details>`;
  return fieldset({
    name: `${name}.all`,
    label: field.title,
    heading,
    optional,
    error,
    hint: field.description ?? 'Misalnya: Bangkleyan. Boleh juga dengan kecamatannya: Bangkleyan Jati.',
    // the button that Enter presses comes first in the form: searching, until something was found
    body: found.length > 0 ? [list, box, browse] : [box, browse],
  });
}
