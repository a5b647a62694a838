// Anyone checks a paper: by its code, by its file, and by a page that needs no network.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Actor } from '#platform/context.ts';
import { newId } from '#platform/ids.ts';
import { resetLimits } from '#platform/rate-limit.ts';
import type { Product } from '#src/catalogue/service.ts';
import {
  type Issue,
  type IssuedDocument,
  issueDocument,
  openDocument,
  reissueDocument,
  revokeDocument,
} from '#src/documents/actions.ts';
import { rotateKey } from '#src/documents/qr/actions.ts';
import { sealDocument } from '#src/documents/signing/actions.ts';
import { openApiClient } from '#test/api-client.ts';
import { Visitor, wordsOf } from '#test/visitor.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';

const PRODUCT: Product = {
  id: 'surat',
  name: 'Surat Keterangan Domisili',
  kind: 'letter',
  provenance: 'unverified',
  document: { title: 'Surat Keterangan Domisili', opening: 'Menerangkan {nama}.', signer: 'Lurah', signature: true },
};
const HEAD: Actor = {
  kind: 'officer',
  id: newId(),
  name: 'Ratna Contoh',
  agency: 'desa',
  roles: ['village-head'],
  area: '33.16.09.1001',
};

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());
beforeEach(resetLimits);

const issueOf = (product = PRODUCT, simulated = false): Issue => ({
  application: {
    id: newId(),
    number: newId().slice(-12),
    service: 'surat-domisili',
    village: '33.16.09.1001',
    simulated,
  },
  product,
  agency: { id: 'desa', name: 'Kelurahan Contoh' },
  names: { village: 'Contoh', district: 'Blora', town: 'Blora' },
  holder: 'Budi Contoh',
  values: { nama: 'Budi Contoh' },
});
async function issued(issue = issueOf()): Promise<{ document: IssuedDocument; pdf: Buffer; drawn: Buffer }> {
  const ctx = t.ctx({ kind: 'system' });
  const document = await issueDocument(ctx, issue);
  const drawn = (await openDocument(ctx, document))?.bytes ?? assert.fail();
  await sealDocument(ctx, document);
  const after = await issueDocument(ctx, issue);
  return { document: after, drawn, pdf: (await openDocument(ctx, after))?.bytes ?? assert.fail() };
}
async function upload(pdf: Buffer | undefined, name = 'surat.pdf', type = 'application/pdf') {
  const form = new FormData();
  form.set('berkas', pdf ? new File([new Uint8Array(pdf)], name, { type }) : new File([], ''));
  const { status, html, bytes } = await new Visitor(t.app).post('/verifikasi/berkas', form);
  return { status, words: wordsOf(html), html, bytes };
}

describe('a file brought for checking', () => {
  test('nothing, no PDF and too much are said at the field, and the form stays', async () => {
    const none = await upload(undefined);
    assert.equal(none.status, 422);
    assert.match(none.words, /Pilih satu berkas PDF/);
    assert.match((await upload(Buffer.from('halo'))).words, /bukan PDF/);
    const large = await upload(Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(10 * 1024 * 1024 + 1)]));
    assert.equal(large.status, 422);
    assert.match(large.words, /lebih dari 10 MB/);
    assert.equal((await new Visitor(t.app).get('/verifikasi/berkas')).path, '/verifikasi');
  });

  test('our own passes, with its signature, by a page without script', async () => {
    const { pdf } = await issued();
    const answer = await upload(pdf);
    assert.equal(answer.status, 200);
    assert.match(answer.words, /Berkas ini asli dan berlaku/);
    assert.match(answer.words, /mencakup seluruh berkas/);
    assert.match(answer.words, /Segel Contoh Pendopo - BUKAN RESMI/);
    assert.ok(!answer.html.includes('<script') && answer.bytes < 14_336);
  });

  test('as it was before the signature it is not what counts', async () => {
    const { drawn } = await issued();
    assert.match((await upload(drawn)).words, /sebelum ditandatangani/);
  });

  test('altered in one byte, or with an update behind the signature, it never passes', async () => {
    const { pdf } = await issued();
    const changed = Buffer.from(pdf);
    changed[2000] = (changed[2000] as number) ^ 1;
    const appended = Buffer.concat([pdf, Buffer.from('\n9 0 obj\n<<>>\nendobj\n%%EOF\n')]);
    for (const file of [changed, appended, pdf.subarray(0, -40)]) {
      const { words } = await upload(file);
      assert.match(words, /Berkas ini sudah diubah/);
      assert.ok(!words.includes('asli dan berlaku'));
    }
    assert.match((await upload(appended)).words, /PERINGATAN: tidak mencakup seluruh berkas/);
    assert.match((await upload(appended)).words, /Jangan mengandalkan tanda tangan/);
  });

  test('a foreign, a locked and a crooked one are judged, never run', async () => {
    const script = '%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >> endobj\n%%EOF';
    const foreign = await upload(Buffer.from(script));
    assert.match(foreign.words, /Bukan berkas dari kami/);
    assert.match(foreign.words, /memuat skrip/);
    assert.match((await upload(Buffer.from('%PDF-1.7\ntrailer << /Encrypt 3 0 R >>'))).words, /terkunci/);
    assert.match((await upload(Buffer.from(`%PDF-1.7 ${'/ByteRange '.repeat(99)}`))).words, /tidak bisa diperiksa/);
  });

  test('one that was revoked since says so', async () => {
    const { pdf, document } = await issued();
    await revokeDocument(t.ctx(HEAD), document.code, 'court-order');
    const { words } = await upload(pdf);
    assert.match(words, /Surat ini sudah dicabut/);
    assert.match(words, /putusan pengadilan/);
  });

  test('many in a minute are slowed down', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 125; i++) statuses.push((await upload(Buffer.from('x'))).status);
    assert.equal(statuses.at(-1), 429);
  });
});

describe('a file sent by a machine', () => {
  test('goes malformed, foreign, ours', async () => {
    const api = await openApiClient(t);
    const send = (pdf?: Buffer) => {
      const form = new FormData();
      if (pdf) form.set('file', new File([new Uint8Array(pdf)], 'a.pdf'));
      return api.send('POST', '/api/v1/documents/verify', form);
    };
    assert.equal((await send()).status, 422);
    assert.equal((await send(Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(10 * 1024 * 1024 + 9)]))).status, 413);
    assert.deepEqual((await send(Buffer.from('halo'))).body.problem, 'not-pdf');
    const { pdf, document } = await issued();
    const { body } = await send(pdf);
    assert.deepEqual([body.verdict, body.fullySigned, body.document.number], ['genuine', true, document.number]);
    const more = await send(Buffer.concat([pdf, Buffer.from(' ')]));
    assert.deepEqual(
      [more.body.verdict, more.body.fullySigned, more.body.signatures[0].wholeFile],
      ['altered', false, false],
    );
  });
});

describe('the page of a code', () => {
  const page = async (code: string) => wordsOf((await new Visitor(t.app).get(`/verifikasi/${code}`)).html);

  test('says that a paper is signed, or waits for it and must not be taken', async () => {
    const { document } = await issued();
    assert.match(await page(document.code), /asli dan berlaku/);
    assert.match(await page(document.code), /Sudah; tanda tangannya ada di dalam berkas PDF/);
    const waiting = await issueDocument(t.ctx({ kind: 'system' }), issueOf());
    const words = await page(waiting.code);
    assert.match(words, /belum ditandatangani/);
    assert.ok(!words.includes('asli dan berlaku'));
  });

  test('says that a simulated paper counts for nothing', async () => {
    const { document } = await issued(issueOf(PRODUCT, true));
    const words = await page(document.code);
    assert.match(words, /hanya simulasi/);
    assert.ok(!words.includes('asli dan berlaku'));
  });

  test('leads from a replaced paper to the new one and back; made again twice it is made once', async () => {
    const issue = issueOf();
    const { document } = await issued(issue);
    const again = () => reissueDocument(t.ctx(HEAD), document.code, 'wrong-data', async () => issue);
    const refused = { ...HEAD, agency: 'dindukcapil' } as Actor;
    await assert.rejects(
      reissueDocument(t.ctx(refused), document.code, 'wrong-data', async () => issue),
      /Tidak boleh/,
    );
    await assert.rejects(
      reissueDocument(t.ctx(HEAD), document.code, 'sesuka hati', async () => issue),
      /alasan/,
    );
    await assert.rejects(
      reissueDocument(t.ctx(HEAD), document.code, 'wrong-data', async () => undefined),
      /dimusnahkan/,
    );
    const [made, same] = [await again(), await again()];
    assert.equal(made.id, same.id);
    assert.notEqual(made.code, document.code);
    assert.match(await page(document.code), /Sudah ada surat penggantinya/);
    assert.match(await page(made.code), /menggantikan surat yang sudah dicabut/);
    assert.equal((await issueDocument(t.ctx({ kind: 'system' }), issue)).id, made.id, 'the job finds the new one');
  });

  test('a revoked paper stays revoked when its job is repeated', async () => {
    const issue = issueOf();
    const { document } = await issued(issue);
    await revokeDocument(t.ctx(HEAD), document.code, 'wrong-data');
    assert.equal((await issueDocument(t.ctx({ kind: 'system' }), issue)).id, document.id);
  });
});

describe('the page without a network', () => {
  test('carries keys, names and script in itself, and its policy lets it connect nowhere', async () => {
    const answer = await new Visitor(t.app).get('/verifikasi/luring');
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /connect-src 'none'/);
    assert.match(policy, /script-src 'sha256-/);
    assert.ok(!policy.includes("script-src 'self'") && !policy.includes('unsafe'));
    assert.ok(!/ (?:src|href)="https?:/.test(answer.html));
    const data = JSON.parse(/id="data">([\s\S]*?)<\/script>/.exec(answer.html)?.[1] ?? '') as { keys: object[] };
    assert.ok(data.keys.length > 0);
    assert.ok(answer.bytes < 30_000, `${answer.bytes}`);
  });

  test('keys are public, the newest first, and a rotation keeps the old', async () => {
    const keys = async () => {
      const response = await t.app.request('/verifikasi/kunci.json');
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
      return ((await response.json()) as { keys: { kid: string; d?: string; until?: string }[] }).keys;
    };
    const before = await keys();
    assert.ok(
      before.every(({ d }) => d === undefined),
      'never the private half',
    );
    t.pass(1);
    const kid = await rotateKey(t.ctx({ kind: 'system' }));
    const after = await keys();
    assert.deepEqual(
      after.map((key) => key.kid),
      [kid, ...before.map((key) => key.kid)],
    );
    assert.ok(after[1]?.until && !after[0]?.until);
    assert.equal((await issued()).document.kid, kid);
  });
});
