// Whose answers are whose, in the services as they are offered.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readLibrary, SERVICES } from '#src/catalogue/folder.ts';
import { resolveService } from '#src/catalogue/library.ts';
import type { Service } from '#src/catalogue/service.ts';
import { ABOUT, FORMAT, ownAnswers } from './copy.ts';
import { drawCopy } from './sheet.ts';

const library = readLibrary(SERVICES);
const offered = (id: string): { service: Service; answers: Record<string, unknown> } => {
  const entry = library.entries.find((one) => one.id === id);
  const service = entry && resolveService(entry.raw, library.shared).service;
  assert.ok(service && entry, id);
  return { service, answers: (entry.example as { answers: Record<string, unknown> }).answers };
};
const values = (id: string, change: Record<string, unknown> = {}) => {
  const { service, answers } = offered(id);
  const own = ownAnswers(service, { ...answers, ...change } as never, () => undefined);
  return { fields: own.answers.map((one) => one.field), withheld: own.withheld };
};

describe('a copy of one’s answers', () => {
  test('holds the father’s own name where both parents are asked, and not the mother’s', () => {
    const { fields, withheld } = values('akta-kelahiran');
    assert.ok(fields.includes('namaAyah') && fields.includes('nikAyah') && fields.includes('nomorKK'));
    for (const other of ['namaIbu', 'nikIbu', 'namaAnak', 'namaSaksi', 'nikSaksi'])
      assert.ok(!fields.includes(other), other);
    assert.ok(withheld.includes('Siapa orang tuanya?') && withheld.includes('Siapa saksinya?'));
  });

  test('goes by the NIK where it is known: somebody else of the same name stays out', () => {
    const { fields } = values('akta-kelahiran', { nikAyah: '3316019999999999' });
    assert.ok(!fields.includes('namaAyah') && !fields.includes('nikAyah'));
  });

  test('holds everything where nobody else is named', () => {
    assert.deepEqual(values('surat-domisili').withheld, []);
  });

  test('always holds who applied, in every service', () => {
    for (const { id } of library.entries) {
      const { service } = offered(id);
      assert.ok(values(id).fields.includes(service.applicant.name), id);
    }
  });

  test('is drawn on paper also with letters that the fonts lack, and with much text', async () => {
    const text = 'Ŋgātî 愛 '.repeat(2000);
    const answers = [{ step: 'a', field: 'b', label: 'c'.repeat(300), value: text, text }];
    const pdf = await drawCopy(
      {
        format: FORMAT,
        madeAt: '2026-11-23T02:00:00.000Z',
        controller: 'Pemerintah Kabupaten Blora',
        about: ABOUT,
        applications: [
          {
            number: '261123-7KD4-QXS',
            service: { id: 'x', name: 'Layanan' },
            agency: { id: 'y', name: 'Instansi' },
            channel: 'online',
            village: { code: '33.16.01.2001', name: 'Bangkleyan' },
            submittedAt: '2026-11-23T02:00:00.000Z',
            dueAt: '2026-11-24T02:00:00.000Z',
            status: 'in-progress',
            erased: false,
            answers,
            withheld: ['Saksi'],
            files: [],
            documents: [],
            history: [],
            keptFor: { filesMonths: 12, answersMonths: 36, verified: false },
          },
        ],
        requests: [
          { number: '261123-7KD4-QXS', right: 'access', askedAt: '2026-11-23T02:00:00.000Z', status: 'completed' },
        ],
        consents: [{ purpose: 'research', version: 1, given: true, at: '2026-11-23T02:00:00.000Z' }],
      },
      420,
    );
    assert.match(pdf.subarray(0, 8).toString(), /^%PDF-1\.7/);
  });
});
