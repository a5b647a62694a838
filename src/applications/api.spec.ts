// The machine interface through HTTP on the real database: each route unknown → forbidden → malformed → done → done again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { newId } from '#platform/ids.ts';
import { resetLimits } from '#platform/rate-limit.ts';
import { createToken } from '#src/identity/actions.ts';
import { type ApiClient, openApiClient } from '#test/api-client.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';

const example = (id: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../services/${id}/example.json`), 'utf8')).answers;
const BIRTH = '/api/v1/services/akta-kelahiran/applications';
const ABSENT = '/api/v1/applications/261123-0000-000';
// the smallest PNG: one pixel
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

let t: TestWorld;
let api: ApiClient;
let answers: Record<string, unknown>;
before(async () => {
  t = await openTestWorld();
  api = await openApiClient(t);
  answers = example('akta-kelahiran');
});
beforeEach(() => resetLimits());
after(() => t.close());

const tokenOf = async (login: string, rights?: string[]): Promise<string> => {
  const officer = await t.officer(login);
  return createToken(t.ctx(), officer.kind === 'officer' ? officer.id : '', rights);
};
const submitted = async () =>
  (await api.post(BIRTH, { answers })).body as { number: string; code: string; track: string; dueAt: string };
const uploaded = async (token?: string): Promise<string> => {
  const form = new FormData();
  form.set('file', new File([PIXEL], 'kk.png', { type: 'image/png' }));
  const answer = await api.send('POST', '/api/v1/files', form, token ? { authorization: `Bearer ${token}` } : {});
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.id;
};

describe('applying', () => {
  test('for a service that is not offered is 404', async () => {
    assert.equal((await api.post('/api/v1/services/tidak-ada/applications', { answers })).status, 404);
  });

  test('through a door of officers is forbidden to residents and to tokens without the right', async () => {
    assert.equal((await api.post(BIRTH, { answers, channel: 'doorstep' })).status, 403);
    const token = await tokenOf('verifikator', ['inbox.read']);
    assert.equal(
      (await api.post(BIRTH, { answers, channel: 'doorstep' }, { authorization: `Bearer ${token}` })).status,
      403,
    );
    assert.equal((await api.post(BIRTH, { answers }, { authorization: 'Bearer salah' })).status, 401);
  });

  test('with what cannot be read is refused, each time with what to do', async () => {
    const json = { 'content-type': 'application/json' };
    const cases: [unknown, Record<string, string>, number, RegExp][] = [
      ['{"answers":', json, 400, /JSON/],
      ['', json, 400, /JSON/],
      ['{"answers":{}}', { 'content-type': 'text/plain' }, 415, /application\/json/],
      [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), json, 400, /UTF-8/],
      [`{"answers":${'['.repeat(5000)}${']'.repeat(5000)}}`, json, 400, /tingkat/],
      [JSON.stringify({ answers: { namaAnak: 'x'.repeat(1_100_000) } }), json, 413, /1 MB/],
      ['{"answers":{"namaAnak":"a\\u0000b"}}', json, 400, /rusak/],
      ['{"answers":{"namaAnak":"\\ud800"}}', json, 400, /rusak/],
      ['[]', json, 422, /isian/],
      ['null', json, 422, /isian/],
    ];
    for (const [body, headers, status, detail] of cases) {
      const answer = await api.send('POST', BIRTH, body as string, headers);
      assert.equal(answer.status, status, JSON.stringify(answer.body).slice(0, 300));
      assert.match(answer.body.detail, detail);
    }
  });

  test('with unknown names is 422 that names them and the known ones', async () => {
    const answer = await api.post(BIRTH, { answer: answers, answers: { ...answers, namaAnk: 'x' } });
    assert.equal(answer.status, 422);
    assert.deepEqual(
      answer.body.errors.map((error: { path: string }) => error.path),
      ['answer'],
    );
    assert.match(answer.body.errors[0].message, /Yang dikenal: answers, documents, channel, applicant/);
    const inside = await api.post(BIRTH, { answers: { ...answers, namaAnk: 'x' } });
    assert.match(inside.body.errors[0].message, /Maksud Anda "namaAnak"/);
  });

  test('is acknowledged with number, promise and follow-up address', async () => {
    const answer = await api.post(BIRTH, { answers });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    const { number, code, track, status } = answer.body;
    assert.equal(status, 'in-progress');
    assert.equal(track, `http://localhost:3000/lacak/${number}/${code}`);
    assert.equal(answer.headers.get('location'), `/api/v1/applications/${number}`);
  });

  test('again with the same key and body is the same case, with another body 409', async () => {
    const key = { 'idempotency-key': newId() };
    const first = await api.post(BIRTH, { answers }, key);
    assert.deepEqual((await api.post(BIRTH, { answers }, key)).body, first.body);
    const other = await api.post(BIRTH, { answers: { ...answers, namaAnak: 'Nama Lain' } }, key);
    assert.equal(other.status, 409);
    assert.equal((await api.post(BIRTH, { answers }, { 'idempotency-key': 'satu' })).status, 400);
    const action = await api.post(
      `/api/v1/applications/${first.body.number}/actions/batalkan`,
      {},
      { ...key, 'track-code': first.body.code },
    );
    assert.equal(action.status, 409, 'the key of one command is not that of another');
  });

  test('sent twice at the same moment under one key is one case', async () => {
    const key = { 'idempotency-key': newId() };
    const all = await Promise.all([1, 2, 3, 4].map(() => api.post(BIRTH, { answers }, key)));
    assert.deepEqual(new Set(all.map(({ status, body }) => `${status} ${body.number}`)).size, 1);
  });

  test('the applicant fills the fields that the answers leave open', async () => {
    const { namaPemohon, nikPemohon, desa, telepon, ...rest } = answers;
    const applicant = { name: namaPemohon, nik: nikPemohon, village: desa, phone: telepon };
    const { body } = await api.post(BIRTH, { answers: { ...rest, namaPemohon: 'Nama Sendiri' }, applicant });
    const opened = await api.get(`/api/v1/applications/${body.number}`, { 'track-code': body.code });
    assert.deepEqual([opened.body.answers.namaPemohon, opened.body.answers.nikPemohon], ['Nama Sendiri', nikPemohon]);
  });

  test('an officer applies for a resident at a counter, and the log knows the door', async () => {
    const token = await tokenOf('verifikator');
    const { status, body } = await api.post(
      BIRTH,
      { answers, channel: 'onestop' },
      { authorization: `Bearer ${token}` },
    );
    assert.equal(status, 201, JSON.stringify(body));
    const opened = await api.get(`/api/v1/applications/${body.number}`, { 'track-code': body.code });
    assert.equal(opened.body.timeline[0].channel, 'onestop');
    assert.equal(opened.body.timeline[0].who, 'petugas', 'residents are not told names');
  });

  test('with uploaded files by their ids; made-up, foreign and repeated ones are refused', async () => {
    const [one, two] = [await uploaded(), await uploaded()];
    const done = await api.post(BIRTH, { answers, documents: [one, { file: two, requirement: 'kk' }] });
    assert.equal(done.status, 201, JSON.stringify(done.body));
    const opened = await api.get(`/api/v1/applications/${done.body.number}`, { 'track-code': done.body.code });
    assert.equal(opened.body.documents.flatMap((document: { files: unknown[] }) => document.files).length, 2);
    const flipped = `${one.slice(0, -1)}${one.endsWith('A') ? 'B' : 'A'}`;
    for (const documents of [
      [newId()],
      [flipped],
      [one.slice(4)],
      [{ file: one, requirement: 'kk', option: 'tidak-ada' }],
      [{ file: one, requirement: 'tidak-ada' }],
      [
        { file: one, requirement: 'kk' },
        { file: one, requirement: 'kk' },
      ],
      Array(51).fill(one),
      [5],
      [{ file: one, requirement: 'kk', lain: 1 }],
    ]) {
      assert.equal(
        (await api.post(BIRTH, { answers, documents })).status,
        422,
        JSON.stringify(documents).slice(0, 200),
      );
    }
  });
});

describe('one application', () => {
  test('without token or code is 401, for an unknown number and a wrong code the same 404', async () => {
    const { number } = await submitted();
    const path = `/api/v1/applications/${number}`;
    assert.equal((await api.get(path)).status, 401);
    const wrong = await api.get(path, { 'track-code': '0000-0000' });
    const unknown = await api.get(ABSENT, { 'track-code': '0000-0000' });
    assert.equal(wrong.status, 404);
    assert.deepEqual(wrong.body, unknown.body);
  });

  test('guessing codes is slowed down', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 35; i++) statuses.push((await api.get(ABSENT, { 'track-code': 'AAAA-AAAA' })).status);
    assert.equal(statuses.at(-1), 429);
  });

  test('is closed to officers of another agency and place', async () => {
    const { number } = await submitted();
    const authorization = `Bearer ${await tokenOf('satpolpp')}`;
    assert.equal((await api.get(`/api/v1/applications/${number}`, { authorization })).status, 403);
    assert.equal((await api.get(ABSENT, { authorization })).status, 404);
  });

  test('shows the resident everything, the officer the long numbers only for a purpose that is recorded', async () => {
    const { number, code } = await submitted();
    const path = `/api/v1/applications/${number}`;
    const own = await api.get(path, { 'track-code': code.toLowerCase().replace('-', ' ') });
    assert.equal(own.status, 200);
    assert.equal(own.body.answers.nikPemohon, answers.nikPemohon);
    assert.equal(own.body.timeline[0].type, 'application.submitted');
    const authorization = `Bearer ${await tokenOf('verifikator')}`;
    const read = await api.get(path, { authorization });
    assert.match(read.body.answers.nikPemohon, /^\*{12}\d{4}$/);
    assert.match(read.body.answers.saksi[0].nikSaksi, /^\*{12}\d{4}$/);
    const full = await api.get(`${path}?purpose=verify`, { authorization });
    assert.equal(full.body.answers.nikPemohon, answers.nikPemohon);
    const seen = (await api.get(path, { 'track-code': code })).body.timeline.at(-1);
    assert.deepEqual([seen.type, seen.purpose], ['application.revealed', 'verify']);
    assert.equal((await api.get(`${path}?purpose=iseng`, { authorization })).status, 422);
    assert.equal((await api.get(`${path}?tujuan=verify`, { authorization })).status, 422);
    assert.ok(!JSON.stringify(read.body).match(/hash|head|prev/));
  });
});

describe('an action', () => {
  const path = (number: string, action: string) => `/api/v1/applications/${number}/actions/${action}`;

  test('on an unknown case is 404, without token 401, by the wrong officer 403', async () => {
    const authorization = `Bearer ${await tokenOf('verifikator')}`;
    assert.equal((await api.post(`${ABSENT}/actions/setujui-berkas`, {}, { authorization })).status, 404);
    const { number, code } = await submitted();
    assert.equal((await api.post(path(number, 'setujui-berkas'), {})).status, 401);
    assert.equal((await api.post(path(number, 'setujui-berkas'), {}, { 'track-code': code })).status, 403);
    assert.equal(
      (await api.post(path(number, 'setujui-berkas'), {}, { authorization: `Bearer ${await tokenOf('pengesah')}` }))
        .status,
      403,
    );
    const narrow = `Bearer ${await tokenOf('verifikator', ['inbox.read'])}`;
    assert.equal((await api.post(path(number, 'setujui-berkas'), {}, { authorization: narrow })).status, 403);
  });

  test('that is malformed or lacks what it needs is 422', async () => {
    const { number } = await submitted();
    const headers = { authorization: `Bearer ${await tokenOf('verifikator')}` };
    for (const body of [{ catatan: 'x' }, { data: { fieldz: [] } }, { note: 5 }, { data: { reason: 'Bukan Kode' } }]) {
      assert.equal((await api.post(path(number, 'setujui-berkas'), body, headers)).status, 422, JSON.stringify(body));
    }
    assert.equal((await api.post(path(number, 'tolak'), {}, headers)).body.errors[0].path, 'reason');
    const nested = await api.post(path(number, 'setujui-berkas'), { data: { fieldz: [] } }, headers);
    assert.match(nested.body.errors[0].message, /Yang dikenal: from, reason, fields/);
  });

  test('goes round: returned by the officer, mended by the resident, approved, issued', async () => {
    const { number, code } = await submitted();
    const verifier = { authorization: `Bearer ${await tokenOf('verifikator')}` };
    const key = { 'idempotency-key': newId() };
    const ask = { note: 'Nama ibu berbeda dengan KK.', data: { from: 'verifikasi', fields: ['namaIbu'] } };
    const returned = await api.post(path(number, 'minta-perbaikan'), ask, { ...verifier, ...key });
    assert.equal(returned.body.status, 'waiting-resident', JSON.stringify(returned.body));
    assert.deepEqual(
      (await api.post(path(number, 'minta-perbaikan'), ask, { ...verifier, ...key })).body,
      returned.body,
    );
    assert.equal(
      (await api.post(path(number, 'minta-perbaikan'), { ...ask, note: 'lain' }, { ...verifier, ...key })).status,
      409,
    );

    const told = await api.get(`/api/v1/applications/${number}`, { 'track-code': code });
    assert.deepEqual(told.body.correction.fields, ['namaIbu']);
    assert.equal(told.body.timeline.at(-1).note, 'Nama ibu berbeda dengan KK.');
    assert.deepEqual(told.body.actions.map((action: { id: string }) => action.id).sort(), [
      'batalkan',
      'kirim-perbaikan',
    ]);
    const unasked = await api.post(
      path(number, 'kirim-perbaikan'),
      { data: { answers: { namaAnak: 'Lain Sekali' } } },
      { 'track-code': code },
    );
    assert.equal(unasked.status, 422);
    const file = await uploaded();
    const mended = await api.post(
      path(number, 'kirim-perbaikan'),
      { data: { answers: { namaIbu: 'Ibu Yang Benar' }, documents: [{ file, requirement: 'kk' }] } },
      { 'track-code': code },
    );
    assert.equal(mended.body.state, 'verifikasi', JSON.stringify(mended.body));

    assert.equal(
      (await api.post(path(number, 'setujui-berkas'), undefined, verifier)).status,
      200,
      'a body is not needed',
    );
    const done = await api.post(path(number, 'sahkan'), {}, { authorization: `Bearer ${await tokenOf('pengesah')}` });
    assert.equal(done.body.status, 'completed', JSON.stringify(done.body));
  });

  test('sent twice at the same moment under one key happens once; under two keys one is told that it came second', async () => {
    const headers = { authorization: `Bearer ${await tokenOf('verifikator')}` };
    const twice = async (keys: [string, string]) => {
      const { number } = await submitted();
      const send = (key: string) =>
        api.post(
          path(number, 'setujui-berkas'),
          { data: { from: 'verifikasi' } },
          { ...headers, 'idempotency-key': key },
        );
      return (await Promise.all(keys.map(send))).map(({ status }) => status).sort();
    };
    const key = newId();
    assert.deepEqual(await twice([key, key]), [200, 200]);
    assert.deepEqual(await twice([newId(), newId()]), [200, 409]);
  });

  test('decided on an old view of the case, or not open any more, is 409', async () => {
    const { number, code } = await submitted();
    const headers = { authorization: `Bearer ${await tokenOf('verifikator')}` };
    const go = { data: { from: 'verifikasi' } };
    assert.equal((await api.post(path(number, 'setujui-berkas'), go, headers)).status, 200);
    assert.equal((await api.post(path(number, 'setujui-berkas'), go, headers)).body.type, '/api/problems/moved-on');
    const gone = await api.post(path(number, 'kirim-perbaikan'), {}, { 'track-code': code });
    assert.equal(gone.body.type, '/api/problems/no-such-action');
  });

  test('the same file cannot prove the same requirement twice', async () => {
    const file = await uploaded();
    const { body } = await api.post(BIRTH, { answers, documents: [{ file, requirement: 'kk' }] });
    const verifier = { authorization: `Bearer ${await tokenOf('verifikator')}` };
    await api.post(
      path(body.number, 'minta-perbaikan'),
      { note: 'KK buram.', data: { requirements: ['kk'] } },
      verifier,
    );
    const again = await api.post(
      path(body.number, 'kirim-perbaikan'),
      { data: { documents: [{ file, requirement: 'kk' }] } },
      { 'track-code': body.code },
    );
    assert.equal(again.status, 422, JSON.stringify(again.body));
  });
});

describe('the inbox', () => {
  test('is for tokens with the right, and says what is wrong with a question', async () => {
    assert.equal((await api.get('/api/v1/tasks')).status, 401);
    assert.equal(
      (await api.get('/api/v1/tasks', { authorization: `Bearer ${await tokenOf('verifikator', ['application.act'])}` }))
        .status,
      403,
    );
    const headers = { authorization: `Bearer ${await tokenOf('verifikator')}` };
    for (const query of ['limit=0', 'limit=1000', 'limit=x', 'late=ya', 'service=%00', 'layanan=x'])
      assert.equal((await api.get(`/api/v1/tasks?${query}`, headers)).status, 422, query);
    assert.equal((await api.get('/api/v1/tasks?after=x', headers)).status, 400);
  });

  test('is read page by page without gap or double', async () => {
    for (let i = 0; i < 5; i++) await submitted();
    const headers = { authorization: `Bearer ${await tokenOf('verifikator')}` };
    const all = (await api.get('/api/v1/tasks?service=akta-kelahiran&limit=100', headers)).body.items.map(
      (item: { id: string }) => item.id,
    );
    const paged: string[] = [];
    let next: string | undefined = '/api/v1/tasks?service=akta-kelahiran&limit=2';
    while (next) {
      const page = await api.get(next, headers);
      assert.equal(page.status, 200, JSON.stringify(page.body));
      paged.push(...page.body.items.map((item: { id: string }) => item.id));
      next = page.headers.get('link')?.match(/<([^>]+)>; rel="next"/)?.[1];
    }
    assert.ok(all.length >= 5);
    assert.deepEqual(paged, all);
  });
});
