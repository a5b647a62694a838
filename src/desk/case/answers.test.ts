import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readLibrary, SERVICES } from '#src/catalogue/folder.ts';
import { resolveService } from '#src/catalogue/library.ts';
import type { Service } from '#src/catalogue/service.ts';
import { lastFour, mendable, readAnswers } from './answers.ts';

const library = readLibrary(SERVICES);
const birth = resolveService(library.entries.find((entry) => entry.id === 'akta-kelahiran')!.raw, library.shared)
  .service as Service;
const { answers } = JSON.parse(readFileSync(join(SERVICES, 'akta-kelahiran/example.json'), 'utf8'));
const reading = { today: '2026-11-23', villageName: () => 'Bangkleyan', open: false };
const all = (open: boolean, over: object = {}) =>
  readAnswers(birth, { ...answers, ...over }, { ...reading, open }).flatMap((step) =>
    step.items.flatMap((item) => item.rows),
  );

test('personal numbers are closed to their last four digits until they are opened', () => {
  const text = JSON.stringify(all(false));
  for (const value of [
    answers.nikIbu,
    answers.nikAyah,
    answers.nikPemohon,
    answers.nomorKK,
    answers.telepon,
    answers.saksi[0].nikSaksi,
  ]) {
    assert.ok(!text.includes(value) && !text.includes(value.slice(0, -4)), value);
    assert.ok(JSON.stringify(all(true)).includes(value));
  }
  assert.equal(lastFour('3316014505959002'), '••••••••••••9002');
});

test('what is not a personal number reads as people write it', () => {
  const rows = all(false);
  assert.equal(rows.find((row) => row.id === 'tanggalLahir')?.text, '10 November 2026');
  assert.equal(rows.find((row) => row.id === 'desa')?.text, 'Bangkleyan');
  assert.equal(rows.find((row) => row.id === 'orangTuaMenikah')?.text, 'Ya');
});

test('a doubtful NIK carries its warning without opening digits', () => {
  const doubtful = all(false, { nikIbu: '9916014505959002' }).find((row) => row.id === 'nikIbu');
  assert.match(doubtful?.warning ?? '', /Kode provinsi/);
  assert.ok(!doubtful?.warning?.includes('99'));
});

test('witnesses stand one by one, and are asked again as a whole', () => {
  const step = readAnswers(birth, answers, reading).find((one) => one.items.length === 2);
  assert.match(step?.items[1]?.title ?? '', / 2$/);
  assert.ok(mendable(birth, answers, '2026-11-23').some(({ id }) => id === 'saksi'));
  assert.ok(mendable(birth, answers, '2026-11-23').some(({ id }) => id === 'nikIbu'));
});

test('answers of hidden questions are not shown', () => {
  assert.ok(!all(false, { tempatLahir: 'ditemukan' }).some((row) => row.id === 'namaIbu'));
});
