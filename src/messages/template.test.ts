// Templates: every file keeps its channel's limits, and nothing that people type becomes more than text.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { cleanEmail, cleanPhone, masked } from './address.ts';
import { partsOf, toGsm } from './gsm.ts';
import {
  CHANNELS,
  cleanValues,
  fill,
  LANGUAGES,
  render,
  type Template,
  TemplateError,
  type Values,
} from './template.ts';
import { getTemplate, templates } from './templates/store.ts';

const HERE = 'https://layanan.blorakab.example';
const all = [...templates().values()];
const placeholders = (text: string): string[] => [...text.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
const textsOf = (template: Template): string[] =>
  [template.subject, template.text, template.sms].flatMap((texts) => Object.values(texts));

/** The longest values that a template takes. */
const longest = (template: Template): Values =>
  Object.fromEntries(
    Object.entries(template.values).map(([name, rule]) => [
      name,
      rule.kind === 'link'
        ? `/${'a'.repeat(rule.max - 1)}`
        : rule.kind === 'code'
          ? 'K'.repeat(rule.max)
          : 'n'.repeat(rule.max),
    ]),
  );

describe('every template', () => {
  test('is there that the issue names', () => {
    for (const id of [
      'kode-masuk',
      'undangan-petugas',
      'permohonan-diterima',
      'perlu-perbaikan',
      'disetujui-terbit',
      'ditolak',
      'kedaluwarsa',
      'kedaluwarsa-dekat',
      'kuasa-diberikan',
      'data-dijawab',
      'pemberitahuan-kebocoran',
    ])
      assert.ok(templates().has(id), id);
  });

  for (const template of all) {
    test(`${template.id} uses exactly the values that it declares, in every language`, () => {
      const declared = Object.keys(template.values);
      const used = new Set([...textsOf(template).flatMap(placeholders), ...template.whatsapp.parameters]);
      assert.deepEqual(
        [...used].filter((name) => !declared.includes(name)),
        [],
      );
      assert.deepEqual(
        declared.filter((name) => !used.has(name)),
        [],
      );
      for (const text of Object.values(template.text))
        for (const name of placeholders(template.text.id))
          assert.ok(text.includes(`{${name}}`) || name === 'menit' || name === 'jam', `${name} lacks in a translation`);
    });

    test(`${template.id} fits its channels with the longest values`, () => {
      const values = cleanValues(template, longest(template), HERE);
      for (const language of LANGUAGES) {
        const sms = toGsm(render(template, values, language, 'sms').text);
        assert.ok(partsOf(sms) <= template.segments, `${language}: ${sms.length} letters, ${template.segments} parts`);
        assert.ok(!sms.includes('?') || render(template, values, language, 'sms').text.includes('?'));
        const { subject, whatsapp } = render(template, values, language, 'email');
        assert.ok(subject.length <= 78 && !/[\r\n]/.test(subject), subject);
        // Meta: a body of at most 1,024 characters, parameters without line breaks
        assert.ok(whatsapp.parameters.every((one) => one !== '' && !/[\n\t]| {4}/.test(one)));
        assert.ok(render(template, values, language, 'whatsapp').text.length <= 1024);
      }
      if (template.whatsapp.button) assert.ok(template.whatsapp.button in template.values);
    });

    test(`${template.id} names no person, no NIK and no reason`, () => {
      for (const text of textsOf(template)) assert.doesNotMatch(text, /\{(nama|nik|kk|alamat|alasan|catatan)\}/);
      assert.ok(Object.values(template.text).length === 1 || !template.text.jv || template.unreviewed.includes('jv'));
    });
  }
});

describe('values', () => {
  const diterima = getTemplate('permohonan-diterima');
  const good = {
    nomor: '261123-7KD4-QXS',
    layanan: 'Akta kelahiran',
    janji: 'Senin, 23 November 2026',
    tautan: '/lacak/x',
  };

  test('with braces stay text: a value never fills another place', () => {
    const values = cleanValues(diterima, { ...good, layanan: '{tautan} {nomor} {{janji}} $x' }, HERE);
    const { text } = render(diterima, values, 'id', 'email');
    assert.match(text, /Layanan: \{tautan\} \{nomor\} \{\{janji\}\} \$x/);
    assert.equal(text.split(good.nomor).length, 2);
  });

  test('lose line breaks and control characters, so that no header and no second line can be forged', () => {
    const layanan = 'Akta\r\nBcc: semua@contoh.id\u0000\u202e\u2028\u0007 lahir';
    const values = cleanValues(diterima, { ...good, layanan }, HERE);
    assert.equal(values.layanan, 'Akta Bcc: semua@contoh. id lahir');
    for (const channel of CHANNELS) assert.doesNotMatch(render(diterima, values, 'id', channel).subject, /[\r\n]/);
  });

  test('never become a link', () => {
    for (const evil of [
      'https://jahat.example/x',
      'www.jahat.example',
      'jahat.example',
      'javascript://x',
      'HTTP://JAHAT.EXAMPLE',
    ])
      assert.doesNotMatch(
        cleanValues(diterima, { ...good, layanan: evil }, HERE).layanan ?? '',
        /:\/\/|www\.|\w\.\w/i,
        evil,
      );
  });

  test('as links lead only to pages of ours', () => {
    for (const tautan of [
      'https://jahat.example/lacak/x',
      '//jahat.example',
      '/\\jahat.example',
      `${HERE}.jahat.example/`,
      `${HERE}@jahat.example/`,
      'lacak/x',
      'javascript:alert(1)',
      '/lacak/x y',
      `/${'a'.repeat(200)}`,
    ])
      assert.throws(() => cleanValues(diterima, { ...good, tautan }, HERE), TemplateError, tautan);
    assert.equal(cleanValues(diterima, good, HERE).tautan, `${HERE}/lacak/x`);
    assert.equal(cleanValues(diterima, { ...good, tautan: `${HERE}/lacak/x` }, HERE).tautan, `${HERE}/lacak/x`);
  });

  test('that are too long are cut at the declared length', () => {
    const { layanan = '' } = cleanValues(diterima, { ...good, layanan: 'panjang '.repeat(500) }, HERE);
    assert.ok(layanan.length <= 60 && layanan.endsWith('...'));
  });

  test('that are not declared, lack, or a template that does not exist are mistakes of ours', () => {
    const { janji: _, ...lacking } = good;
    assert.throws(() => cleanValues(diterima, { ...good, nik: '3316' }, HERE), TemplateError);
    assert.throws(() => cleanValues(diterima, lacking, HERE), TemplateError);
    assert.throws(() => cleanValues(diterima, { ...good, nomor: '1; DROP' }, HERE), TemplateError);
    assert.throws(() => getTemplate('tidak-ada'), TemplateError);
  });

  test('whatever they are, give one line of at most the declared length that fills one place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (typed) => {
        fc.pre(typed.trim() !== '');
        const { layanan = '' } = cleanValues(diterima, { ...good, layanan: `a${typed}` }, HERE);
        assert.ok([...layanan].length <= 60);
        assert.doesNotMatch(layanan, /[\p{Cc}\u2028\u2029]/u);
        assert.equal(fill('<{layanan}>', { layanan }), `<${layanan}>`);
        assert.ok([...toGsm(layanan)].every((letter) => toGsm(letter) === letter));
      }),
    );
  });
});

describe('addresses', () => {
  test('of phones are brought into one form', () => {
    for (const typed of [
      '081234567890',
      '0812-3456-7890',
      '+62 812 3456 7890',
      '6281234567890',
      '81234567890',
      '(0812) 3456 7890',
    ])
      assert.equal(cleanPhone(typed), '+6281234567890', typed);
    for (const typed of ['', '12', 'nol delapan', '0812345678901234567', '08123\r\nx', '+0812345678', '0812345678;x'])
      assert.equal(cleanPhone(typed), undefined, typed);
  });

  test('of mail are one address and nothing else', () => {
    assert.equal(cleanEmail(' Nama@Contoh.ID '), 'nama@contoh.id');
    for (const typed of [
      'a@b',
      'a@b.id,c@d.id',
      'a@b.id\r\nBcc: c@d.id',
      '"a b"@c.id',
      '<a@b.id>',
      'a@b.id c',
      'a@@b.id',
      'a@-b..id',
    ])
      assert.equal(cleanEmail(typed), undefined, typed);
  });

  test('are shown masked', () => {
    assert.equal(masked('sms', { phone: '+6281234567890' }), '0812 **** 890');
    assert.equal(masked('email', { email: 'siti@contoh.id' }), 's***@contoh.id');
  });
});

describe('an SMS', () => {
  test('uses letters of which 160 fit into a part', () => {
    assert.equal(toGsm('Ibu “Siti” – désa {x} €5 ✓ ñ'), 'Ibu "Siti" - désa (x) E5 ? ñ');
    assert.equal(partsOf('x'.repeat(160)), 1);
    assert.equal(partsOf('x'.repeat(161)), 2);
  });
});
