// The code on the paper: made here, read by the very script of the page that works without a network, and by a scanner.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createECDH, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import PDFDocument from 'pdfkit';
import { drawPaper, PAPER_CODE, without } from '#test/papers.ts';
import { qrPath } from '#ui/qr.ts';
import { kidOf, privateKeyOf, publicJwk, type QrFacts, qrPayload, qrText } from './qr-payload.ts';

const script = readFileSync(join(import.meta.dirname, '../online/verify/offline/luring.js'), 'utf8');
type Checked = {
  fault?: string;
  kid?: string;
  product?: string;
  agency?: string;
  holder?: string;
  day?: Date;
  example?: boolean;
};
const { checkCode } = new Function(`${script}; return { checkCode };`)() as {
  checkCode(text: string, keys: object[]): Promise<Checked>;
};

function newKey() {
  const curve = createECDH('prime256v1');
  const secret = randomBytes(32);
  curve.setPrivateKey(secret);
  const point = curve.getPublicKey();
  return {
    key: { kid: kidOf(point), private: privateKeyOf(secret, point) },
    jwk: { ...publicJwk(point), kid: kidOf(point) },
  };
}

const FACTS: QrFacts = {
  code: PAPER_CODE,
  product: 'surat-kelahiran-desa/surat-keterangan',
  agency: 'dinas-pendidikan',
  day: '2026-11-22',
  holder: 'S*** A*** C***',
  content: Buffer.alloc(32, 0xab),
  example: false,
};
const URL = `https://layanan.pendopo.example.id/verifikasi/${PAPER_CODE}`;
const now = newKey();
const before2 = newKey();
const folder = mkdtempSync(join(tmpdir(), 'pendopo-qr-'));
let text: string;
before(() => {
  text = qrText(URL, qrPayload(FACTS, now.key));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('the page without a network reads what the paper says, with this key and with those before it', async () => {
  for (const keys of [[now.jwk], [newKey().jwk, before2.jwk, now.jwk]]) {
    const said = await checkCode(` ${text}\n`, keys);
    assert.deepEqual(
      [said.fault, said.product, said.agency, said.holder, said.day?.toISOString().slice(0, 10), said.example],
      [undefined, FACTS.product, FACTS.agency, FACTS.holder, FACTS.day, false],
    );
  }
  const old = await checkCode(qrText(URL, qrPayload({ ...FACTS, example: true }, before2.key)), [now.jwk, before2.jwk]);
  assert.deepEqual([old.fault, old.example], [undefined, true]);
});

test('names in any letters survive, and the longest fit', async () => {
  for (const holder of ['É*** Ḍ***', '王***', '***', Array.from({ length: 20 }, () => 'A***').join(' ')]) {
    const said = await checkCode(qrText(URL, qrPayload({ ...FACTS, holder, product: 'x'.repeat(300) }, now.key)), [
      now.jwk,
    ]);
    assert.equal(said.fault, undefined);
  }
});

test('a foreign key, a cut, a longer and a newer code each get their own answer', async () => {
  const fault = async (given: string, keys: object[] = [now.jwk]) => (await checkCode(given, keys)).fault;
  assert.equal(await fault(qrText(URL, qrPayload(FACTS, newKey().key))), 'unknown-key');
  // a stranger who names our key
  assert.equal(await fault(qrText(URL, qrPayload(FACTS, { ...newKey().key, kid: now.key.kid }))), 'forged');
  assert.equal(await fault(text.slice(0, -20)), 'truncated');
  assert.equal(await fault(text.slice(0, text.indexOf('#') + 3)), 'truncated');
  assert.equal(await fault(`${text}00000000`), 'longer');
  assert.equal(await fault(URL), 'code-only');
  assert.equal(await fault(text.replace('#0', '#9')), 'version');
  for (const other of ['', 'halo', 'https://contoh.example/x#y', '#', `${PAPER_CODE}#`, 'x'.repeat(100_000)])
    assert.equal(await fault(other), 'not-ours');
});

test('the code of another paper, put before a good payload, is forged', async () => {
  const other = text.replace(PAPER_CODE, '7KDM4QXA9WZT3PRV6HJN2CBE8H');
  assert.equal((await checkCode(other, [now.jwk])).fault, 'forged');
});

test('no change of any character passes', async () => {
  const at = text.indexOf('#') + 1;
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: at, max: text.length - 2 }), fc.nat(31), async (index, letter) => {
      const changed = text.slice(0, index) + alphabet[letter] + text.slice(index + 1);
      if (changed !== text) assert.notEqual((await checkCode(changed, [now.jwk])).fault, undefined);
    }),
    { numRuns: 300 },
  );
});

test('printed at 28 millimetres, a scanner reads it at 150 dots an inch', {
  skip: without('pdftoppm', 'zbarimg'),
}, async () => {
  const side = (28 / 25.4) * 72;
  const pdf = new PDFDocument({ size: 'A4' });
  const parts: Buffer[] = [];
  pdf.on('data', (part: Buffer) => parts.push(part));
  const { size, path } = qrPath(text);
  pdf
    .translate(72, 72)
    .scale(side / size)
    .path(path)
    .fill('#000');
  const done = new Promise((resolve) => pdf.on('end', resolve));
  pdf.end();
  await done;
  writeFileSync(join(folder, 'qr.pdf'), Buffer.concat(parts));
  assert.equal(scanned('qr', 150), text);
  assert.ok(size <= 69, `${size} modules`);
});

test('scanned from the paper itself, its code verifies', { skip: without('pdftoppm', 'zbarimg') }, async () => {
  writeFileSync(join(folder, 'paper.pdf'), await drawPaper({ verifyUrl: URL, qr: text, demo: true }));
  const read = scanned('paper', 150);
  assert.equal(read, text);
  assert.equal((await checkCode(read, [now.jwk])).fault, undefined);
});

function scanned(name: string, dpi: number): string {
  spawnSync('pdftoppm', [
    '-png',
    '-r',
    String(dpi),
    '-f',
    '1',
    '-l',
    '1',
    '-singlefile',
    join(folder, `${name}.pdf`),
    join(folder, name),
  ]);
  return spawnSync('zbarimg', ['-q', '--raw', join(folder, `${name}.png`)])
    .stdout.toString()
    .trim();
}
