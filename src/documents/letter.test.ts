// The text of a document, and how little of a name the public sees.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Service } from '#src/catalogue/service.ts';
import { fillDocument, initials, placeholdersOf } from './letter.ts';

const SERVICES = join(import.meta.dirname, '../../services');

test('a document is filled with answers as people read them', () => {
  const { products } = parse(readFileSync(join(SERVICES, 'akta-kelahiran/service.yaml'), 'utf8')) as Service;
  const template = products.find(({ document }) => document)?.document;
  assert.ok(template);
  const filled = fillDocument(template, { namaAnak: 'Sekar Ayu', tanggalLahir: '2026-11-02', namaIbu: 'Siti' });
  const row = (label: string) => filled.rows.find((one) => one.label === label)?.value;
  assert.equal(row('Nama anak'), 'Sekar Ayu');
  assert.equal(row('Tanggal lahir'), '2 November 2026');
  assert.equal(row('Nama ayah'), '—');
  assert.equal(filled.signer, 'Kepala Dinas Kependudukan dan Pencatatan Sipil');
});

test('nothing answered, or a name that nobody knows, is a dash and never a bracket', () => {
  const template = {
    title: '{agency}',
    opening: '{a} {b} {c} {toString} {registerNumber}',
    closing: '{yes} {none}',
    signer: 'x',
  };
  const filled = fillDocument(template, { agency: 'Dinas', a: '', b: null, yes: true, registerNumber: 7 });
  assert.deepEqual(filled, { title: 'Dinas', opening: '— — — — 7', rows: [], closing: 'Ya —', signer: 'x', lists: [] });
  assert.deepEqual(placeholdersOf(template), ['agency', 'a', 'b', 'c', 'toString', 'registerNumber', 'yes', 'none']);
});

test('an answer that looks like a placeholder stays an answer', () => {
  assert.equal(
    fillDocument({ title: '', opening: '{a}', signer: '' }, { a: '{b} $1 $&', b: 'x' }).opening,
    '{b} $1 $&',
  );
});

test('initials tell neither the rest of the name nor its length', () => {
  assert.equal(initials('Budi Cahyono'), 'B*** C***');
  assert.equal(initials("  siti nur'aini, S.Pd."), 'S*** N*** S*** P***');
  assert.equal(initials('Émile-Zola'), 'É*** Z***');
  assert.equal(initials(''), '***');
});
