// Files in a folder, in a bucket (a small server that speaks S3 and checks signatures), and sealed in the database.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readConfig, type S3 } from './config.ts';
import { type Ctx, context, SYSTEM } from './context.ts';
import { sha256 } from './crypto.ts';
import { acceptUpload, destroyFile, localStore, openFile, s3Store } from './files.ts';
import { newId } from './ids.ts';
import { Problem } from './problem.ts';
import { type OpenWorld, openWorld } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'pendopo-files-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the folder', () => {
  test('a file lies two folders deep, readable by us only, and is replaced and removed whole', async () => {
    const dir = join(folder, 'local');
    const store = localStore(dir);
    const id = '01987654-3210-7abc-8def-0123456789ab';
    assert.equal(await store.get(id), undefined);
    await store.put(id, Buffer.from('one'));
    await store.put(id, Buffer.from('two'));
    assert.equal((await store.get(id))?.toString(), 'two');
    const path = join(dir, 'ab', '89', id);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(dir, 'ab', '89')), [id]);
    await store.remove(id);
    await store.remove(id);
    assert.ok(!existsSync(path));
  });

  test('an id that is not one never becomes a path', async () => {
    for (const id of ['../../../etc/passwd', '', 'kk.jpg']) await assert.rejects(localStore(folder).get(id), /UUID/);
  });

  test('a write that cannot be finished leaves nothing', async () => {
    const dir = join(folder, 'blocked');
    writeFileSync(dir, '');
    await assert.rejects(localStore(dir).put(newId(), Buffer.from('x')));
    assert.equal(readFileSync(dir, 'utf8'), '');
  });

  test('kill -9 loses no acknowledged file and leaves no half one', async () => {
    const dir = join(folder, 'killed');
    const script = `
      import { localStore } from ${JSON.stringify(join(import.meta.dirname, 'files.ts'))};
      import { newId } from ${JSON.stringify(join(import.meta.dirname, 'ids.ts'))};
      const store = localStore(process.argv[1]);
      for (;;) { const id = newId(); await store.put(id, Buffer.alloc(200_000, id)); process.stdout.write(id + '\\n'); }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
      if (said.length > 37 * 20) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const ids = said.split('\n').slice(0, -1);
    assert.ok(ids.length >= 20);
    for (const id of ids) assert.ok((await localStore(dir).get(id))?.equals(Buffer.alloc(200_000, id)), id);
  });
});

describe('the bucket', () => {
  let server: Server;
  let s3: S3;
  const objects = new Map<string, Buffer>();
  const answers: number[] = []; // what to answer instead, for the next requests
  let requests = 0;

  before(async () => {
    server = createServer(async (request, response) => {
      requests += 1;
      const body = Buffer.concat(await request.toArray());
      const status = answers.shift() ?? (isSigned(request, body, s3) ? 200 : 403);
      const path = request.url as string;
      if (status !== 200) return response.writeHead(status).end('<Error/>');
      if (request.method === 'PUT') objects.set(path, body);
      if (request.method === 'DELETE') return response.writeHead(objects.delete(path) ? 204 : 404).end();
      const found = objects.get(path);
      return found ? response.end(request.method === 'GET' ? found : '') : response.writeHead(404).end('<Error/>');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    s3 = {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'berkas',
      region: 'id-jkt-1',
      accessKey: 'AKPENDOPO',
      secretKey: 'rahasia/+=',
    };
  });
  after(() => server.close());

  test('a file is put, read and removed, each request signed over its content', async () => {
    const store = s3Store(s3, 1);
    const id = newId();
    const bytes = randomBytes(50_000);
    assert.equal(await store.get(id), undefined);
    await store.put(id, bytes);
    assert.deepEqual([...objects.keys()], [`/berkas/${id.slice(-2)}/${id.slice(-4, -2)}/${id}`]);
    assert.ok((await store.get(id))?.equals(bytes));
    await store.remove(id);
    await store.remove(id);
    assert.equal(await store.get(id), undefined);
  });

  test('a tired store is asked again; one that stays down is a Problem that says to try later', async () => {
    const store = s3Store(s3, 1);
    const id = newId();
    answers.push(503, 500, 429);
    await store.put(id, Buffer.from('sealed'));
    assert.equal((await store.get(id))?.toString(), 'sealed');
    answers.push(503, 503, 503, 503, 503);
    await assert.rejects(store.get(id), (error) => error instanceof Problem && error.kind.status === 503);
    const closed = s3Store({ ...s3, endpoint: 'http://127.0.0.1:1' }, 1);
    await assert.rejects(closed.get(id), (error) => error instanceof Problem && error.kind.status === 503);
  });

  test('a refused signature is a fault of the settings, at once', async () => {
    requests = 0;
    await assert.rejects(s3Store({ ...s3, secretKey: 'salah' }, 1).put(newId(), Buffer.from('x')), /403.*settings/);
    assert.equal(requests, 1);
  });
});

describe('sealed files', () => {
  let opened: OpenWorld;
  let ctx: Ctx;
  const owner = newId();

  before(async () => {
    opened = await openWorld(readConfig({ PENDOPO_STATE: join(folder, 'state'), LOG_LEVEL: 'silent' }), []);
    ctx = context(opened.world, SYSTEM, 'system');
  });
  after(() => opened.close());

  test('an upload comes back as it was kept, and lies nowhere in clear', async () => {
    const { id, kind, size } = await acceptUpload(ctx, { owner, name: 'D:\\KK Sutrisno.png', bytes: PNG });
    assert.deepEqual({ kind, size }, { kind: 'image/png', size: PNG.length });
    const file = await openFile(ctx, id);
    assert.equal(file?.name, 'KK Sutrisno.png');
    assert.ok(file?.bytes.equals(PNG));
    const sealed = (await ctx.files.get(id)) as Buffer;
    const row = await ctx.db.selectFrom('platform.files').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    assert.ok(!sealed.includes('IHDR') && !row.name?.includes('Sutrisno') && row.sha256.equals(sha256(PNG)));
  });

  test('one changed bit is noticed', async () => {
    const { id } = await acceptUpload(ctx, { owner, name: 'a.png', bytes: PNG });
    const sealed = (await ctx.files.get(id)) as Buffer;
    sealed[20] = (sealed[20] as number) ^ 1;
    await ctx.files.put(id, sealed);
    await assert.rejects(openFile(ctx, id));
  });

  test('a destroyed file is gone even where its bytes remain', async () => {
    const { id } = await acceptUpload(ctx, { owner, name: 'a.png', bytes: PNG });
    const copy = (await ctx.files.get(id)) as Buffer;
    await destroyFile(ctx, id);
    await destroyFile(ctx, id);
    assert.equal(await ctx.files.get(id), undefined);
    await ctx.files.put(id, copy);
    assert.equal(await openFile(ctx, id), undefined);
    assert.equal(await openFile(ctx, newId()), undefined);
  });

  test('a refused upload leaves no row', async () => {
    const nobody = newId();
    await assert.rejects(acceptUpload(ctx, { owner: nobody, name: 'a.png', bytes: PNG.subarray(0, 40) }), Problem);
    assert.deepEqual(await ctx.db.selectFrom('platform.files').select('id').where('owner', '=', nobody).execute(), []);
  });
});

// 1 × 1, grey
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
  'base64',
);

/** Signature Version 4 computed again from what arrived. */
function isSigned(request: IncomingMessage, body: Buffer, s3: S3): boolean {
  const header = (name: string) => String(request.headers[name] ?? '');
  const shape =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
  const [, accessKey, day, region, signedHeaders, signature] = shape.exec(header('authorization')) ?? [];
  if (!accessKey || !day || !region || !signedHeaders) return false;
  if (accessKey !== s3.accessKey || region !== s3.region || !header('x-amz-date').startsWith(day)) return false;
  const names = signedHeaders.split(';');
  const content = sha256(body).toString('hex');
  if (!names.includes('host') || !names.includes('x-amz-content-sha256') || header('x-amz-content-sha256') !== content)
    return false;
  const canonical = [
    request.method,
    request.url,
    '',
    ...names.map((name) => `${name}:${header(name)}`),
    '',
    signedHeaders,
    content,
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', header('x-amz-date'), scope, sha256(canonical).toString('hex')].join('\n');
  const hmac = (key: Buffer | string, value: string) => createHmac('sha256', key).update(value).digest();
  const key = [region, 's3', 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${s3.secretKey}`, day));
  return hmac(key, text).toString('hex') === signature;
}
