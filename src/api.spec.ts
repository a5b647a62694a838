// The machine interface as a whole: what is described is what is there, and what is not there is refused in one way.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { newId } from '#platform/ids.ts';
import { resetLimits } from '#platform/rate-limit.ts';
import { createToken } from '#src/identity/actions.ts';
import { type ApiClient, openApiClient } from '#test/api-client.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';

const BIRTH = '/api/v1/services/akta-kelahiran/applications';
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

type Content = Record<string, { example?: unknown; schema: object }>;
type Described = {
  operationId: string;
  summary: string;
  tags: string[];
  security: object[];
  parameters: { in: string; name: string; required: boolean }[];
  requestBody?: { content: Content };
  responses: Record<string, { content: Content }>;
};

let t: TestWorld;
let api: ApiClient;
before(async () => {
  t = await openTestWorld();
  api = await openApiClient(t);
});
beforeEach(() => resetLimits());
after(() => t.close());

describe('the description', () => {
  test('names every route under /api/v1, and no other', () => {
    const routed = t.app.routes
      .filter(({ path, method }) => path.startsWith('/api/v1/') && method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    const described = Object.entries<object>(api.document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    assert.deepEqual(described.sort(), [...new Set(routed)].sort());
    assert.ok(described.length >= 8);
  });

  test('is complete: ids, summaries, security, refusals, and examples that fit their schemas', async () => {
    assert.equal(api.document.openapi, '3.1.0');
    assert.deepEqual(Object.keys(api.document.components.securitySchemes).sort(), ['bearer', 'trackCode']);
    const { Ajv2020 } = await import('ajv/dist/2020.js');
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ ...api.document, $id: 'api' }, 'api');
    const fits = (example: unknown, schema: object, where: string) => {
      const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/'));
      assert.ok(ajv.validate(absolute, example), `${where}: ${ajv.errorsText()}`);
    };
    const ids = new Set<string>();
    for (const [path, methods] of Object.entries<Record<string, Described>>(api.document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const where = `${method} ${path}`;
        assert.ok(operation.operationId && operation.summary && operation.tags.length > 0 && operation.security, where);
        assert.ok(!ids.has(operation.operationId), where);
        ids.add(operation.operationId);
        for (const name of path.match(/(?<=\{)\w+/g) ?? [])
          assert.ok(
            operation.parameters.some((one) => one.in === 'path' && one.name === name && one.required),
            where,
          );
        for (const [status, response] of Object.entries(operation.responses)) {
          if (Number(status) >= 400) assert.ok(response.content['application/problem+json'], where);
          for (const { example, schema } of Object.values(response.content)) if (example) fits(example, schema, where);
        }
        for (const { example, schema } of Object.values(operation.requestBody?.content ?? {}))
          if (example) fits(example, schema, where);
      }
    }
  });

  test('has a page for people that fits in one round trip and lists every operation', async () => {
    const response = await t.app.request('/api');
    const text = await response.text();
    assert.equal(response.status, 200);
    for (const path of Object.keys(api.document.paths)) assert.ok(text.includes(path), path);
    assert.ok(!text.includes('<script'));
    assert.equal((await t.app.request('/api/problems/invalid')).headers.get('location'), '/api#kesalahan');
  });
});

describe('addresses and methods', () => {
  test('an unknown address is a 404 problem, a wrong method a 405 that says which are right', async () => {
    for (const path of [
      '/api/v1/layanan',
      '/api/v2/services',
      '/api/v1/',
      '/api/x/%ff',
      '/api/v1/services/akta-kelahiran/applications/x',
    ]) {
      const response = await t.app.request(path);
      assert.equal(response.status, 404, path);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
    }
    const wrong = await t.app.request('/api/v1/services', { method: 'DELETE' });
    assert.equal(wrong.status, 405);
    assert.equal(wrong.headers.get('allow'), 'GET, HEAD, OPTIONS');
    assert.equal(((await wrong.json()) as { type: string }).type, '/api/problems/method-not-allowed');
    assert.equal((await t.app.request('/api/v1/files', { method: 'HEAD' })).status, 405);
  });

  test('HEAD and OPTIONS work; only public reads are open to scripts of other sites', async () => {
    const head = await t.app.request('/api/v1/services', { method: 'HEAD' });
    assert.deepEqual([head.status, await head.text()], [200, '']);
    const options = await t.app.request('/api/v1/services/akta-kelahiran/applications', { method: 'OPTIONS' });
    assert.deepEqual(
      [options.status, options.headers.get('allow'), options.headers.get('access-control-allow-origin')],
      [204, 'POST, OPTIONS', null],
    );
    const reads = await t.app.request('/api/v1/services', { method: 'OPTIONS' });
    assert.deepEqual(
      [reads.headers.get('access-control-allow-origin'), reads.headers.get('access-control-allow-methods')],
      ['*', 'GET, HEAD'],
    );
    for (const [path, origin] of [
      ['/api/v1/services', '*'],
      ['/api/v1/services/x', '*'],
      ['/api/v1/documents/x', '*'],
      ['/api/openapi.json', '*'],
      ['/api/v1/tasks', null],
      ['/api/v1/applications/x', null],
    ] as const) {
      assert.equal((await t.app.request(path)).headers.get('access-control-allow-origin'), origin, path);
    }
  });
});

describe('uploading', () => {
  const form = (parts: Record<string, string | Blob>) => {
    const data = new FormData();
    for (const [name, part] of Object.entries(parts)) data.append(name, part);
    return data;
  };
  const picture = () => new File([PIXEL], 'kk.png');

  test('what is no form, no file or no picture is refused', async () => {
    const send = async (body: BodyInit, headers = {}) =>
      (await api.send('POST', '/api/v1/files', body, headers)).status;
    assert.equal(await send('{}', { 'content-type': 'application/json' }), 415);
    assert.equal(await send('x', { 'content-type': 'multipart/form-data; boundary=abc' }), 400);
    assert.equal(await send('x', { 'content-type': 'multipart/form-data' }), 400);
    assert.equal(await send(form({})), 422);
    assert.equal(await send(form({ file: 'teks' })), 422);
    assert.equal(await send(form({ file: picture(), berkas: 'x' })), 422);
    assert.equal(await send(form({ file: picture(), requirement: '../x' })), 422);
    assert.equal(await send(form({ file: new File([], 'kosong.png') })), 422);
    assert.equal(await send(form({ file: new File(['#!/bin/sh'], 'kk.png') })), 415);
    assert.equal(await send(form({ file: new File([Buffer.alloc(13_000_000)], 'kk.png') })), 413);
  });

  test('gives an id; with the same key the same, another content under it is 409', async () => {
    const key = { 'idempotency-key': newId() };
    const first = await api.send('POST', '/api/v1/files', form({ file: picture(), requirement: 'kk' }), key);
    assert.equal(first.status, 201, JSON.stringify(first.body));
    assert.equal(first.body.requirement, 'kk');
    const again = await api.send('POST', '/api/v1/files', form({ file: picture(), requirement: 'kk' }), key);
    assert.deepEqual(again.body, first.body);
    assert.equal((await api.send('POST', '/api/v1/files', form({ file: picture() }), key)).status, 409);
    const other = await api.send('POST', '/api/v1/files', form({ file: picture() }));
    assert.notEqual(other.body.id, first.body.id);
  });

  test('with a token belongs to the officer', async () => {
    const officer = await t.officer('verifikator');
    const id = officer.kind === 'officer' ? officer.id : '';
    const authorization = `Bearer ${await createToken(t.ctx(), id)}`;
    assert.equal((await api.send('POST', '/api/v1/files', form({ file: picture() }), { authorization })).status, 201);
    const rows = await t.world.db.selectFrom('platform.files').select('id').where('owner', '=', id).execute();
    assert.equal(rows.length, 1);
  });
});

describe('whatever is sent', () => {
  test('no body makes the program fail', async () => {
    const answers = JSON.parse(
      readFileSync(join(import.meta.dirname, '../services/akta-kelahiran/example.json'), 'utf8'),
    ).answers;
    const { number, code } = (await api.post(BIRTH, { answers })).body;
    const keys = fc.constantFrom(
      'answers',
      'documents',
      'channel',
      'applicant',
      'note',
      'data',
      'fields',
      'requirements',
      'from',
      'reason',
      'nik',
      'saksi',
      '__proto__',
      'constructor',
      'namaAnak',
    );
    const body = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 2 }),
        fc.constantFrom('kk', 'online', code, '\u0000'),
        tie('object'),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
      object: fc.dictionary(keys, tie('value'), { maxKeys: 5 }),
    })).object;
    const targets = [
      BIRTH,
      `/api/v1/applications/${number}/actions/batalkan-lain`,
      `/api/v1/applications/${number}/actions/__proto__`,
    ];
    await fc.assert(
      fc.asyncProperty(fc.oneof(body, fc.jsonValue()), fc.constantFrom(...targets), async (sent, target) => {
        resetLimits();
        const answer = await api.post(target, sent, { 'track-code': code });
        assert.ok(answer.status < 500, `${target} ${JSON.stringify(sent)}`);
      }),
      { numRuns: 300 },
    );
  });
});
