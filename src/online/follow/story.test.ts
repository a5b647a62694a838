// What an owner reads about a case, as examples.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { STATUSES } from '#src/applications/application.ts';
import type { Service } from '#src/catalogue/service.ts';
import { spanOf } from '../text.ts';
import { aheadOf, type Happened, labelOf, storyOf } from './story.ts';

const service = {
  workflow: {
    start: 'periksa',
    states: {
      periksa: {
        name: 'Pemeriksaan',
        resident: 'Sedang diperiksa.',
        actions: {
          lanjut: { name: 'Berkas lengkap dan benar', kind: 'advance', by: ['verifier'], to: 'sah' },
          kembali: { name: 'Minta perbaikan', kind: 'return', by: ['verifier'], to: 'perbaikan' },
          tolak: {
            name: 'Tolak',
            kind: 'refuse',
            by: ['verifier'],
            to: 'ditolak',
            reasons: [{ id: 'ganda', name: 'Sudah pernah terbit' }],
          },
        },
      },
      perbaikan: {
        name: 'Menunggu perbaikan',
        resident: 'Perbaiki dulu.',
        waitsFor: 'resident',
        actions: { kirim: { name: 'Kirim', kind: 'resubmit', by: ['applicant'], to: 'periksa' } },
      },
      sah: {
        name: 'Pengesahan',
        resident: 'Sedang disahkan.',
        actions: {
          sahkan: { name: 'Sahkan', kind: 'complete', by: ['approver'], to: 'selesai' },
          ulang: { name: 'Periksa ulang', kind: 'advance', by: ['approver'], to: 'periksa' },
        },
      },
      selesai: { name: 'Selesai', resident: 'Selesai.', end: 'completed', actions: {} },
      ditolak: { name: 'Ditolak', resident: 'Ditolak.', end: 'refused', actions: {} },
    },
  },
} as unknown as Service;
const names = { office: 'Dindukcapil', agency: (id: string) => id.toUpperCase() };
const happened = (type: Happened['type'], data = {}, note?: string): Happened => ({
  type,
  at: new Date(0),
  who: 'Vera Contoh',
  channel: 'desk',
  data,
  ...(note && { note }),
});
const told = (...moments: Happened[]) => storyOf(service, moments, names);

describe('the story of a case', () => {
  test('names the office, never the officer', () => {
    const [line] = told(happened('application.advanced', { from: 'periksa', action: 'lanjut', to: 'sah' }));
    assert.equal(line?.text, 'Dindukcapil: berkas lengkap dan benar');
    assert.doesNotMatch(JSON.stringify(line), /Vera/);
  });

  test('notes between officers stay in the office; those to the owner are shown', () => {
    assert.deepEqual(
      told(happened('application.noted', {}, 'curiga'), happened('application.revealed', { purpose: 'verify' })),
      [],
    );
    assert.equal(
      told(happened('application.advanced', { from: 'periksa', action: 'lanjut' }, 'titip'))[0]?.note,
      undefined,
    );
    assert.equal(told(happened('application.returned', { from: 'periksa' }, 'Foto buram'))[0]?.note, 'Foto buram');
  });

  test('a refusal gives its reason', () => {
    assert.match(
      told(happened('application.refused', { from: 'periksa', action: 'tolak', reason: 'ganda' }))[0]?.text ?? '',
      /sudah pernah terbit/,
    );
  });

  test('what lies ahead is the hoped-for way, without turning in circles', () => {
    assert.deepEqual(
      aheadOf(service, 'periksa').map((state) => state.name),
      ['Pengesahan', 'Selesai'],
    );
    assert.deepEqual(
      aheadOf(service, 'perbaikan').map((state) => state.name),
      ['Pemeriksaan', 'Pengesahan', 'Selesai'],
    );
    assert.deepEqual(aheadOf(service, 'selesai'), []);
  });

  test('every status has its words', () => {
    for (const status of STATUSES) assert.ok(labelOf(status).text.length > 3);
  });

  test('lengths of working time are rounded to what people say', () => {
    assert.deepEqual(
      [0, 45, 200, 2040].map((minutes) => spanOf(minutes, 408)),
      ['1 menit', '45 menit', '3 jam kerja', '5 hari kerja'],
    );
  });
});
