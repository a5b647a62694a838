import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCalendar } from '#platform/calendar.ts';
import { check, checkService } from './check.ts';
import { readCalendarFile, readLibrary, SERVICES } from './folder.ts';
import { resolveService } from './library.ts';
import type { Field, Service } from './service.ts';
import type { State } from './workflow.ts';

const { shared, entries } = readLibrary(join(SERVICES, 'akta-kelahiran'));
const calendar = parseCalendar(readCalendarFile());
const entry = entries[0]!;
const sound = resolveService(entry.raw, shared).service!;

/** Problems of the birth certificate service after one change, as "code path". */
function problemsAfter(change: (service: Service) => void, example?: unknown): string[] {
  const service = structuredClone(sound);
  change(service);
  return checkService(service, { shared, calendar, example }).map(({ code, path }) => `${code} ${path}`);
}

function state(service: Service, id: string): State {
  return service.workflow.states[id]!;
}

function firstField(service: Service): Field {
  return Object.values(service.form[0]!.properties)[0]!;
}

test('the birth certificate service has no problems', () => {
  assert.deepEqual(
    check(entry.id, entry.raw, { shared, calendar, example: entry.example }, entry.problems).problems,
    [],
  );
});

const ILL: [string, string, (service: Service) => void][] = [
  [
    'an action to a state that does not exist',
    'dangling-state workflow.states.verifikasi.actions.tolak.to',
    (s) => {
      state(s, 'verifikasi').actions['tolak']!.to = 'ditolk';
    },
  ],
  [
    'a limit that does an action that does not exist',
    'unknown-action workflow.states.perbaikan.onLimit.action',
    (s) => {
      state(s, 'perbaikan').onLimit = { action: 'hapus' };
    },
  ],
  [
    'a state that nothing leads to',
    'unreachable-state workflow.states.pulau',
    (s) => {
      s.workflow.states['pulau'] = { ...state(s, 'verifikasi') };
    },
  ],
  [
    'a state without a way out',
    'dead-end workflow.states.pengesahan',
    (s) => {
      state(s, 'pengesahan').actions = {};
    },
  ],
  [
    'two states that only lead to each other',
    'dead-end workflow.states.keberatan',
    (s) => {
      state(s, 'keberatan').actions = {
        ulang: { name: 'Ulang', kind: 'advance', by: ['supervisor'], to: 'keberatan' },
      };
    },
  ],
  [
    'a start that does not exist',
    'no-start workflow.start',
    (s) => {
      s.workflow.start = 'verifikas';
    },
  ],
  [
    'a start that is an end',
    'no-start workflow.states.selesai.end',
    (s) => {
      s.workflow.start = 'selesai';
    },
  ],
  [
    'no way to completion',
    'never-completed workflow.states',
    (s) => {
      delete state(s, 'selesai').end;
    },
  ],
  [
    'a role nobody has',
    'nobody workflow.states.verifikasi.actions.tolak.by.0',
    (s) => {
      state(s, 'verifikasi').actions['tolak']!.by = ['verifikator'];
    },
  ],
  [
    'an action without anyone',
    'nobody workflow.states.verifikasi.actions.tolak.by',
    (s) => {
      state(s, 'verifikasi').actions['tolak']!.by = [];
    },
  ],
  [
    'a working state where only the resident can act',
    'nobody workflow.states.pengesahan.actions',
    (s) => {
      for (const action of Object.values(state(s, 'pengesahan').actions)) action.by = ['applicant'];
    },
  ],
  [
    'escalation to a role nobody has',
    'nobody workflow.states.verifikasi.onLimit.escalateTo',
    (s) => {
      state(s, 'verifikasi').onLimit = { escalateTo: 'bupati' };
    },
  ],
  [
    'the clock doing what is not its action',
    'nobody workflow.states.perbaikan.onLimit.action',
    (s) => {
      state(s, 'perbaikan').onLimit = { action: 'batalkan' };
    },
  ],
  [
    'one limit longer than the promise',
    'limit-over-promise workflow.states.verifikasi.limit',
    (s) => {
      state(s, 'verifikasi').limit = { workingDays: 2 };
    },
  ],
  [
    'limits that together exceed the promise',
    'limit-over-promise workflow.promise',
    (s) => {
      s.workflow.promise = { workingHours: 7 };
      state(s, 'verifikasi').limit = { workingHours: 4 };
      state(s, 'pengesahan').limit = { workingHours: 4 };
    },
  ],
  [
    'a working state without a limit',
    'clock-less workflow.states.verifikasi.limit',
    (s) => {
      delete state(s, 'verifikasi').limit;
      delete state(s, 'verifikasi').onLimit;
    },
  ],
  [
    'a wait in which the resident can do nothing',
    'wait-without-action workflow.states.perbaikan.actions',
    (s) => {
      for (const action of Object.values(state(s, 'perbaikan').actions)) action.by = ['verifier'];
    },
  ],
  [
    'a return without a way to send again',
    'return-without-resubmit workflow.states.verifikasi.actions.minta-perbaikan.to',
    (s) => {
      state(s, 'verifikasi').actions['minta-perbaikan']!.to = 'pengesahan';
    },
  ],
  [
    'a refusal without reasons',
    'refuse-without-reasons workflow.states.verifikasi.actions.tolak.reasons',
    (s) => {
      state(s, 'verifikasi').actions['tolak']!.reasons = [];
    },
  ],
  [
    'a refusal without the right to object',
    'refuse-without-objection workflow.states.verifikasi.actions.tolak.to',
    (s) => {
      state(s, 'ditolak').actions = {};
    },
  ],
  [
    'completion that does not end',
    'wrong-end workflow.states.pengesahan.actions.sahkan.to',
    (s) => {
      state(s, 'pengesahan').actions['sahkan']!.to = 'ditolak';
    },
  ],
  [
    'opinions without a target',
    'opinions-incomplete workflow.states.verifikasi.opinions.refused',
    (s) => {
      const ask = [{ id: 'a', agency: 'dindukcapil', role: 'head', question: 'Setuju?', limit: { workingHours: 1 } }];
      state(s, 'verifikasi').opinions = { ask, join: 'all', agreed: 'pengesahan' } as never;
    },
  ],
  [
    'opinions of an agency that does not exist',
    'unknown-agency workflow.states.verifikasi.opinions.ask.0.agency',
    (s) => {
      const ask = [{ id: 'a', agency: 'dinas-bulan', role: 'head', question: 'Setuju?', limit: { workingHours: 1 } }];
      state(s, 'verifikasi').opinions = { ask, join: 'all', agreed: 'pengesahan', refused: 'ditolak' };
    },
  ],
  [
    'an unknown agency',
    'unknown-agency agency',
    (s) => {
      s.agency = 'dindukcapi';
    },
  ],
  [
    'a component nobody wrote',
    'missing-component standard.facilities',
    (s) => {
      delete (s.standard as Partial<Service['standard']>).facilities;
    },
  ],
  [
    'a question used for nothing',
    'unused-field form.1.properties.hobi',
    (s) => {
      s.form[1]!.properties['hobi'] = { type: 'string', title: 'Hobi' };
    },
  ],
  [
    'a checklist question that decides nothing',
    'idle-checklist form.1.properties.namaAnak.checklist',
    (s) => {
      s.form[1]!.properties['namaAnak']!.checklist = true;
    },
  ],
  [
    'a condition on a question asked later',
    'condition-order form.0.properties.tempatLahir.when',
    (s) => {
      firstField(s).when = { field: 'namaAnak', filled: true };
    },
  ],
  [
    'a condition on a question that does not exist',
    'unknown-field form.1.when',
    (s) => {
      s.form[1]!.when = { field: 'tempatLahr', filled: true };
    },
  ],
  [
    'a condition outside a repeated step on its field',
    'unknown-field requirements.0.when',
    (s) => {
      s.requirements[0]!.when = { field: 'namaSaksi', filled: true };
    },
  ],
  [
    'a condition on an answer that is not offered',
    'impossible-condition form.1.when',
    (s) => {
      s.form[1]!.when = { field: 'tempatLahir', in: ['rumahan'] };
    },
  ],
  [
    'a condition that contradicts itself',
    'impossible-condition form.1.when',
    (s) => {
      s.form[1]!.when = {
        all: [
          { field: 'tempatLahir', in: ['rumah'] },
          { field: 'tempatLahir', in: ['fasilitas'] },
        ],
      };
    },
  ],
  [
    'a condition on a question hidden just then',
    'impossible-condition requirements.0.when',
    (s) => {
      s.requirements[0]!.when = {
        all: [
          { field: 'tempatLahir', in: ['ditemukan'] },
          { field: 'orangTuaMenikah', in: [true] },
        ],
      };
    },
  ],
  [
    'an age nobody can have',
    'impossible-condition requirements.0.when',
    (s) => {
      s.requirements[0]!.when = { field: 'tanggalLahir', ageFrom: 17, ageBelow: 5 };
    },
  ],
  [
    'a mapping to a question that does not exist',
    'unknown-field applicant.name',
    (s) => {
      s.applicant.name = 'namaPemohn';
    },
  ],
  [
    'a mapping to an answer of another kind',
    'wrong-format applicant.village',
    (s) => {
      s.applicant.village = 'namaPemohon';
    },
  ],
  [
    'an optional field that does not exist',
    'unknown-field form.1.optional.0',
    (s) => {
      s.form[1]!.optional = ['namaAnk'];
    },
  ],
  [
    'a placeholder that does not exist',
    'unknown-placeholder products.1.document.opening',
    (s) => {
      s.products[1]!.document!.opening = 'Nama: {namaAnk}';
    },
  ],
  [
    'a list of answers that are given once',
    'unknown-list products.1.document.lists.0.step',
    (s) => {
      s.products[1]!.document!.lists = [{ title: 'Anak', step: s.form[0]!.id, columns: ['namaAnak'] }];
    },
  ],
  [
    'our own letter without a text',
    'missing-document products.1.document',
    (s) => {
      delete s.products[1]!.document;
    },
  ],
  [
    'two requirements of one id',
    'duplicate-id requirements',
    (s) => {
      s.requirements.push(s.requirements[0]!);
    },
  ],
  [
    'two steps of one id',
    'duplicate-id form',
    (s) => {
      s.form[1]!.id = s.form[0]!.id;
    },
  ],
  [
    'a field asked in two steps',
    'duplicate-id form.1.properties.tempatLahir',
    (s) => {
      s.form[1]!.properties['tempatLahir'] = firstField(s);
    },
  ],
  [
    'two reasons of one id',
    'duplicate-id workflow.states.verifikasi.actions.tolak.reasons',
    (s) => {
      const { reasons } = state(s, 'verifikasi').actions['tolak']!;
      reasons!.push(reasons![0]!);
    },
  ],
  [
    'no retention',
    'missing-retention retention',
    (s) => {
      delete (s as Partial<Service>).retention;
    },
  ],
  [
    'too few everyday words',
    'few-keywords keywords',
    (s) => {
      s.keywords = ['akta lahir', 'Akta lahir', 'bayi'];
    },
  ],
  [
    'an RT/RW letter for a Dukcapil service (Perpres 96/2018)',
    'forbidden-requirement requirements.0.options.0',
    (s) => {
      s.requirements[0]!.options[0]!.name = 'Surat pengantar RT/RW';
    },
  ],
  [
    'a village cover letter for a Dukcapil service (Perpres 96/2018)',
    'forbidden-requirement requirements.0.options.0',
    (s) => {
      s.requirements[0]!.options[0]!.detail = 'dengan pengantar kelurahan';
    },
  ],
  [
    'a legalised copy for a Dukcapil service',
    'forbidden-requirement requirements.0.options.0',
    (s) => {
      s.requirements[0]!.options[0]!.name = 'Fotokopi KK dilegalisir';
    },
  ],
  [
    'a fee for a Dukcapil service (UU 24/2013 Pasal 79A)',
    'forbidden-fee fees.0.amount',
    (s) => {
      s.fees = [{ name: 'Cetak', amount: 5000, provenance: 'sourced' }];
    },
  ],
];

for (const [name, expected, change] of ILL)
  test(`the analyser finds ${name}`, () => {
    const found = problemsAfter(change);
    assert.ok(found.includes(expected), `${expected} not in:\n${found.join('\n')}`);
  });

test('what is denied is not asked, and other agencies may ask what the Dukcapil may not', () => {
  const denied = (s: Service) => {
    s.requirements[0]!.options[0]!.detail = 'tanpa surat pengantar RT/RW';
  };
  assert.deepEqual(problemsAfter(denied), []);
  const elsewhere = (s: Service) => {
    s.agency = 'kecamatan';
    s.requirements[0]!.options[0]!.name = 'Surat pengantar RT/RW';
  };
  assert.ok(!problemsAfter(elsewhere).some((problem) => problem.startsWith('forbidden')));
});

test('an objection takes its own time, outside the promise', () => {
  const found = problemsAfter((s) => {
    state(s, 'keberatan').limit = { workingDays: 20 };
  });
  assert.deepEqual(found, []);
});

test('an example must be there, pass the form, and bring what is asked', () => {
  const example = structuredClone(entry.example) as {
    today: string;
    answers: Record<string, unknown>;
    documents: Record<string, unknown>;
  };
  assert.deepEqual(
    problemsAfter(() => {}, null),
    ['example-missing example'],
  );
  const short = { ...example, answers: { ...example.answers, namaAnak: undefined } };
  assert.deepEqual(
    problemsAfter(() => {}, short),
    ['example-fails example.answers.namaAnak'],
  );
  const wrong = { ...example, documents: { ...example.documents, kk: 'ktp', paspor: 'paspor' } };
  assert.deepEqual(
    problemsAfter(() => {}, wrong),
    ['example-fails example.documents.kk', 'example-fails example.documents.paspor'],
  );
  assert.deepEqual(
    problemsAfter(() => {}, 'nothing'),
    ['example-fails example.today'],
  );
});
