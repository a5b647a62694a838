// The way through a form, as examples.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Service } from '#src/catalogue/service.ts';
import { after, before, EMPTY, type FieldsPage, findPage, gapsOf, merge, nextGap, pagesOf, progress } from './draft.ts';
import { readFields, typeAnswers, typedOf } from './reading.ts';

const TODAY = '2026-11-23';
const service = {
  id: 'contoh',
  applicant: { name: 'nama', village: 'desa' },
  form: [
    {
      id: 'asal',
      title: 'Asal',
      properties: {
        punya: { type: 'boolean', title: 'Punya surat?' },
        nomor: { type: 'string', title: 'Nomor surat', when: { field: 'punya', in: [true] } },
      },
    },
    {
      id: 'anggota',
      title: 'Anggota',
      repeat: { item: 'Anggota', min: 1, max: 3 },
      properties: { namaAnggota: { type: 'string', format: 'name', title: 'Nama' } },
    },
    {
      id: 'kontak',
      title: 'Kontak',
      optional: ['telepon'],
      properties: {
        nama: { type: 'string', format: 'name', title: 'Nama Anda' },
        desa: { type: 'string', format: 'village', title: 'Desa' },
        telepon: { type: 'string', format: 'phone', title: 'Nomor HP' },
      },
    },
  ],
  requirements: [
    { id: 'kk', evidence: 'upload', options: [{ id: 'kk', name: 'KK' }] },
    { id: 'ktp', evidence: 'show', options: [{ id: 'ktp', name: 'KTP' }] },
  ],
} as unknown as Service;

const paths = (answers = {}) => pagesOf(service, { ...EMPTY, answers }, TODAY).map((page) => page.path);
const anywhere = () => true;

describe('pages of a draft', () => {
  test('a question that depends on another of its step comes on a later page, once it matters', () => {
    assert.deepEqual(paths(), [
      'asal',
      'anggota.1',
      'anggota',
      'kontak',
      'kontak.2',
      'kontak.3',
      'dokumen/kk',
      'periksa',
    ]);
    assert.deepEqual(paths({ punya: true }).slice(0, 2), ['asal', 'asal.2']);
  });

  test('a list grows by one page at a time, up to its limit', () => {
    const two = { ...EMPTY, answers: { anggota: [{ namaAnggota: 'A' }, { namaAnggota: 'B' }] } };
    assert.equal(findPage(service, two, TODAY, 'anggota.3')?.kind, 'fields');
    assert.equal(findPage(service, two, TODAY, 'anggota.4'), undefined);
    assert.equal(findPage(service, two, TODAY, 'tidak-ada'), undefined);
    assert.equal(findPage(service, two, TODAY, '__proto__'), undefined);
  });

  test('pages of one step count as one step', () => {
    const pages = pagesOf(service, EMPTY, TODAY);
    const third = pages.find((page) => page.path === 'kontak.3');
    assert.deepEqual(progress(pages, third as FieldsPage), { current: 3, total: 5 });
    assert.equal(after(pages, 'kontak'), 'kontak.2');
    assert.equal(before(pages, 'anggota.1'), 'asal');
    assert.equal(after(pages, 'periksa'), 'periksa');
  });

  test('a posted page changes only its own answers', () => {
    const page = findPage(service, EMPTY, TODAY, 'asal') as FieldsPage;
    assert.deepEqual(merge({ nama: 'Budi', punya: true }, page, { punya: false }), { nama: 'Budi', punya: false });
    const item = findPage(service, EMPTY, TODAY, 'anggota.1') as FieldsPage;
    assert.deepEqual(merge({ nama: 'Budi' }, item, { namaAnggota: 'Siti' }), {
      nama: 'Budi',
      anggota: [{ namaAnggota: 'Siti' }],
    });
  });

  test('gaps lead to the first page that needs an answer; a document shown later is no gap', () => {
    const answers = { punya: false, anggota: [{ namaAnggota: 'Siti' }], nama: 'Budi', desa: '33.16.01.2001' };
    assert.equal(nextGap(gapsOf(service, EMPTY, TODAY, anywhere)), 'asal');
    assert.equal(nextGap(gapsOf(service, { ...EMPTY, answers }, TODAY, anywhere)), 'dokumen/kk');
    assert.deepEqual(gapsOf(service, { answers, documents: { kk: { files: [], later: true } } }, TODAY, anywhere), []);
    assert.equal(
      nextGap(gapsOf(service, { answers: { ...answers, desa: '99.99.99.9999' }, documents: {} }, TODAY, () => false)),
      'kontak.2',
    );
  });
});

describe('reading a form', () => {
  const date = [['lahir', { type: 'string', format: 'date', title: 'Tanggal lahir' }]] as const;
  const text = [['nama', { type: 'string', format: 'name', title: 'Nama' }]] as const;

  test('a date is read from three boxes, also with the month in words', () => {
    assert.equal(
      readFields(date, { 'lahir.d': '7', 'lahir.m': 'Maret', 'lahir.y': '1990' }).answers.lahir,
      '1990-03-07',
    );
    assert.equal(readFields(date, { 'lahir.d': '31', 'lahir.m': '2', 'lahir.y': '1990' }).issues.length, 1);
    assert.deepEqual(typeAnswers(date, { lahir: '1990-03-07' }), { 'lahir.d': '7', 'lahir.m': '3', 'lahir.y': '1990' });
  });

  test('letters that were lost on the way are refused, other scripts are not', () => {
    assert.match(readFields(text, { nama: 'Bu\uFFFDdi' }).issues[0]?.message ?? '', /tidak terbaca/);
    assert.equal(readFields(text, { nama: ' ꦧꦸꦢꦶ  Ñuñez ' }).answers.nama, 'ꦧꦸꦢꦶ Ñuñez');
  });

  test('an empty box takes an answer back', () => {
    const { answers } = readFields(text, { nama: '  ' });
    assert.ok('nama' in answers && answers.nama === undefined);
  });

  test('what is far too long is cut for showing and refused', () => {
    const typed = typedOf({ nama: 'x'.repeat(1_000_000) });
    assert.ok((typed.nama ?? '').length < 21_000);
    assert.match(readFields(text, typed).issues[0]?.message ?? '', /terlalu panjang/);
  });
});
