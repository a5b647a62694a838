// A client of the machine interface for tests: every answer is held against what /api/openapi.json promises.
import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { TestWorld } from './world.ts';

// biome-ignore lint/suspicious/noExplicitAny: what comes back is judged by the schema, and by the test that reads it
type Body = any;
export type Answer = { status: number; headers: Headers; body: Body };
export type ApiClient = {
  document: Body;
  send(method: string, path: string, body?: BodyInit | null, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
};

/** Reads the description and checks every answer against it: known status, right kind, right shape. */
export async function openApiClient(t: TestWorld): Promise<ApiClient> {
  const document = (await (await t.app.request('/api/openapi.json')).json()) as Body;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ ...document, $id: 'api' }, 'api');
  const checks = new Map<string, ValidateFunction>();
  const check = (pointer: string): ValidateFunction => {
    const known = checks.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
    checks.set(pointer, known);
    return known;
  };
  const pathOf = (path: string): string | undefined => {
    const plain = path.split('?')[0] ?? '';
    return Object.keys(document.paths).find((pattern) =>
      new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(plain),
    );
  };

  async function send(
    method: string,
    path: string,
    body?: BodyInit | null,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await t.app.request(path, { method, headers, ...(body !== undefined && { body }) });
    const text = await response.text();
    const answer: Answer = { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
    const pattern = pathOf(path);
    const operation = pattern && document.paths[pattern][method.toLowerCase()];
    if (!operation) return answer;
    // a token that nobody knows is refused before any operation is reached
    const promised =
      operation.responses[response.status] ??
      (response.status === 401 && headers.authorization ? operation.responses[400] : undefined);
    assert.ok(promised, `${method} ${pattern} does not promise ${response.status}: ${text.slice(0, 200)}`);
    const kind = response.headers.get('content-type')?.split(';')[0] ?? '';
    assert.ok(promised.content[kind], `${method} ${pattern} answers ${response.status} as ${kind}`);
    const status = operation.responses[response.status] ? response.status : 400;
    const escaped = [pattern, method.toLowerCase(), 'responses', status, 'content', kind].map((part) =>
      encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1')),
    );
    const valid = check(`/paths/${escaped.join('/')}/schema`);
    assert.ok(valid(answer.body), `${method} ${path} ${response.status}: ${JSON.stringify(valid.errors)}`);
    return answer;
  }

  return {
    document,
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) =>
      send('POST', path, body === undefined ? undefined : JSON.stringify(body), {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      }),
  };
}
