import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { diagramOf } from './diagram.ts';
import { readLibrary, SERVICES } from './folder.ts';
import { resolveService } from './library.ts';
import { sopMarkdown, sopOf, standardMarkdown, standardOf } from './render.ts';
import type { Service } from './service.ts';

const { shared, entries } = readLibrary(join(SERVICES, 'akta-kelahiran'));
const service = resolveService(entries[0]!.raw, shared).service!;
const agency = shared.agencies[service.agency];

test('the standard has the fourteen components of PermenPANRB 15/2014 in their order and groups', () => {
  const rows = standardOf(service, agency);
  assert.deepEqual(
    rows.map(({ no }) => no),
    Array.from({ length: 14 }, (_, i) => i + 1),
  );
  assert.deepEqual(
    rows.map(({ group }) => group),
    [...Array<string>(6).fill('delivery'), ...Array<string>(8).fill('making')],
  );
  assert.deepEqual(
    [rows[0]!.label, rows[5]!.label, rows[6]!.label, rows[13]!.label],
    ['Persyaratan', 'Penanganan pengaduan, saran, dan masukan', 'Dasar hukum', 'Evaluasi kinerja pelaksana'],
  );
  assert.ok(rows.every(({ text }) => text.length > 0));
  const silent = { ...service, standard: {} as Service['standard'] };
  assert.deepEqual(standardOf(silent)[7], {
    no: 8,
    group: 'making',
    code: 'facilities',
    label: 'Sarana, prasarana, dan/atau fasilitas',
    text: [],
    provenance: 'unverified',
  });
});

test('the standard as a document says what is to be verified', () => {
  const text = standardMarkdown(service, agency);
  assert.match(text, /^# Standar Pelayanan: Akta Kelahiran\n/);
  assert.equal(text.match(/^### \d+\. /gm)!.length, 14);
  assert.match(text, /Perlu diverifikasi/);
});

test('the SOP has a row for each desk, marks who works there and within what time', () => {
  const { actors, rows } = sopOf(service, shared.agencies);
  assert.deepEqual(
    rows.map(({ no }) => no),
    rows.map((_, i) => i + 1),
  );
  const row = rows.find(({ activity }) => activity === service.workflow.states['pengesahan']!.name)!;
  assert.deepEqual(
    actors.filter((_, i) => row.marks[i]),
    ['Pejabat pengesah'],
  );
  assert.match(row.time, /jam kerja/);
  assert.match(row.output, /→ Selesai/);
  assert.ok(rows.every(({ marks }) => marks.length === actors.length && marks.includes(true)));
  const lines = sopMarkdown(service)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  assert.equal(lines.length, rows.length + 2);
  assert.equal(new Set(lines.map((line) => line.split('|').length)).size, 1, 'every row has the same columns');
});

test('opinions asked of others have rows of their own', () => {
  const asked = structuredClone(service);
  const ask = [
    { id: 'a', agency: 'dindukcapil', role: 'examiner', question: 'Apakah lokasi sesuai?', limit: { workingDays: 2 } },
  ];
  asked.workflow.states['verifikasi']!.opinions = { ask, join: 'all', agreed: 'pengesahan', refused: 'ditolak' };
  const row = sopOf(asked, shared.agencies).rows.find(({ activity }) => activity === 'Apakah lokasi sesuai?')!;
  assert.equal(row.time, '2 hari kerja');
  assert.equal(row.output, 'Pendapat Dindukcapil');
});

test('the diagram draws every state and every way, names itself, and escapes what it is given', () => {
  const svg = diagramOf(service.workflow, 'Alur <akta> & "bukti"');
  assert.match(svg, /<title id="alur-judul">Alur &#60;akta&#62; &#38; &#34;bukti&#34;<\/title>/);
  assert.match(svg, /<desc /);
  const states = Object.entries(service.workflow.states);
  assert.equal(svg.match(/<rect [^>]*stroke-width/g)!.length, states.length);
  const ways = new Set(
    states.flatMap(([from, { actions }]) =>
      Object.values(actions)
        .filter(({ to }) => to !== from)
        .map(({ to }) => `${from} ${to}`),
    ),
  );
  assert.equal(svg.match(/marker-end/g)!.length, ways.size + 1, 'and one into the start');
  assert.ok(!/NaN|undefined|Infinity/.test(svg));
});

test('the diagram draws ill workflows too: a picture helps to find the fault', () => {
  const empty = { promise: { days: 1 }, start: 'tiada', states: {} };
  assert.ok(!/NaN|Infinity/.test(diagramOf(empty, 'Kosong')));
  const broken = structuredClone(service.workflow);
  broken.start = 'tiada';
  broken.states['verifikasi']!.actions['tolak']!.to = 'tiada';
  assert.ok(!/NaN|undefined|Infinity/.test(diagramOf(broken, 'Cacat')));
});
