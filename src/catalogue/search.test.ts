import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildIndex, searchServices } from './search.ts';
import type { Service } from './service.ts';

const one = (id: string, name: string, summary: string, keywords: string, agency = 'dindukcapil') =>
  ({ id, name, summary, keywords: keywords.split(', '), agency }) as Service;
const index = buildIndex(
  [
    one('akta-kelahiran', 'Akta Kelahiran', 'Mencatatkan kelahiran anak.', 'surat lahir, bayi baru lahir'),
    one('akta-kematian', 'Akta Kematian', 'Mencatatkan kematian keluarga.', 'surat kematian, orang meninggal'),
    one('akta-perkawinan', 'Akta Perkawinan', 'Mencatatkan perkawinan.', 'surat nikah, kawin'),
    one('ktp-baru', 'KTP-el Pertama', 'Merekam dan mendapat KTP.', 'bikin ktp, umur 17'),
    one('ktp-hilang', 'KTP-el Hilang atau Rusak', 'Mendapat KTP pengganti.', 'ktp hilang, ktp rusak'),
    one('kk-baru', 'Kartu Keluarga Baru', 'KK untuk keluarga baru.', 'bikin kk, kartu keluarga'),
    one('pindah-keluar', 'Surat Pindah', 'Pindah ke kabupaten lain.', 'surat pindah, skpwni'),
    one('surat-usaha', 'Surat Keterangan Usaha', 'Bukti punya usaha.', 'sku, warung, modal bank', 'desa'),
  ],
  { desa: 'Pemerintah Desa' },
);
const first = (query: string) => searchServices(index, query)[0]?.id;

const ASKED: [string, string][] = [
  ['surat lahir', 'akta-kelahiran'],
  ['akte kelahiran', 'akta-kelahiran'],
  ['akta kelahirn', 'akta-kelahiran'],
  ['mau bikin akte anak', 'akta-kelahiran'],
  ['bayi', 'akta-kelahiran'],
  ['ktp ilang', 'ktp-hilang'],
  ['KTP-el hilang', 'ktp-hilang'],
  ['e-ktp rusak', 'ktp-hilang'],
  ['cara bikin katepe', 'ktp-baru'],
  ['kartu kluarga', 'kk-baru'],
  ['kk', 'kk-baru'],
  ['rabi', 'akta-perkawinan'],
  ['surat nikah', 'akta-perkawinan'],
  ['seda', 'akta-kematian'],
  ['orang meninggal', 'akta-kematian'],
  ['boyong', 'pindah-keluar'],
  ['dagang', 'surat-usaha'],
  ['buka warung', 'surat-usaha'],
  ['usah', 'surat-usaha'],
  ['pemerintah desa', 'surat-usaha'],
];
for (const [query, id] of ASKED) test(`"${query}" finds ${id}`, () => assert.equal(first(query), id));

test('words that say nothing find nothing, and no text is too strange to look for', () => {
  for (const query of ['', '   ', 'mau bikin', 'xyzxyzxyz', '\u0000', '('.repeat(5000)])
    assert.deepEqual(searchServices(index, query), [], query.slice(0, 20));
});

test('the best comes first', () => {
  const found = searchServices(index, 'akta');
  assert.ok(found.length >= 3);
  assert.deepEqual(
    found.map(({ score }) => score),
    found.map(({ score }) => score).sort((a, b) => b - a),
  );
});
