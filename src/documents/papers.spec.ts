// Every kind of paper that the services issue, made from their own examples, and looked at by other programs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newId } from '#platform/ids.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { without } from '#test/papers.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { documentsOf, issueDocument, openDocument } from './actions.ts';
import { listsOf, valuesOf } from './composing/answers.ts';
import { sealDocument } from './signing/actions.ts';

const SERVICES = join(import.meta.dirname, '../../services');
const folder = mkdtempSync(join(tmpdir(), 'pendopo-papers-'));
let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(async () => {
  await t.close();
  rmSync(folder, { recursive: true, force: true });
});

const exampleOf = (service: string) =>
  JSON.parse(readFileSync(join(SERVICES, service, 'example.json'), 'utf8')) as { answers: Record<string, unknown> };

async function papersOf(
  id: string,
  over: Record<string, unknown> = {},
): Promise<{ product: string; bytes: Buffer; code: string }[]> {
  const ctx = t.ctx({ kind: 'system' });
  const { byId, agencies } = await getCatalogue(ctx);
  const service = byId.get(id)?.service ?? assert.fail(id);
  const agency = agencies.get(service.agency) ?? assert.fail(service.agency);
  const answers = { ...exampleOf(id).answers, ...over };
  const application = newId();
  for (const product of service.products.filter(({ document, kind }) => document && kind !== 'external')) {
    const document = await issueDocument(ctx, {
      application: { id: application, number: application.slice(-12), service: id, village: '33.16.01.2001' },
      product,
      agency,
      names: { village: 'Bangkleyan', district: 'Jati', regency: 'Kabupaten Blora', town: 'Blora' },
      holder: 'Budi Contoh',
      values: valuesOf(service, answers, 'Bangkleyan'),
      lists: listsOf(service, product, answers, 'Bangkleyan'),
    });
    await sealDocument(ctx, document);
  }
  return Promise.all(
    (await documentsOf(ctx, application)).map(async (document) => ({
      product: `${id}/${document.product}`,
      code: document.code,
      bytes: (await openDocument(ctx, document))?.bytes ?? assert.fail(document.product),
    })),
  );
}

const textOf = (path: string): string =>
  spawnSync('pdftotext', ['-layout', path, '-']).stdout.toString().replace(/\s+/g, ' ');

describe('the papers of all services', () => {
  test('have no fault for qpdf, signed or not, and the signed are signed in total for pdfsig', {
    skip: without('qpdf', 'pdfsig'),
  }, async () => {
    const services = readdirSync(SERVICES, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
      .map(({ name }) => name);
    let papers = 0;
    let signed = 0;
    for (const service of services) {
      for (const { product, bytes } of await papersOf(service)) {
        papers += 1;
        const path = join(folder, 'paper.pdf');
        writeFileSync(path, bytes);
        const { status, stdout, stderr } = spawnSync('qpdf', ['--check', path]);
        assert.equal(status, 0, `${product}: ${stdout}${stderr}`);
        if (!bytes.includes('/ByteRange')) continue;
        signed += 1;
        const said = spawnSync('pdfsig', [path]).stdout.toString();
        assert.ok(
          said.includes('Signature is Valid.') && said.includes('Total document signed'),
          `${product}: ${said}`,
        );
      }
    }
    assert.ok(services.length >= 53 && papers >= 53 && signed >= 10, `${services.length} ${papers} ${signed}`);
  });
});

describe('what was answered more than once', () => {
  test('is printed as an attached list, with the names and without the numbers', {
    skip: without('pdftotext'),
  }, async () => {
    const heirs = Array.from({ length: 20 }, (_, i) => ({
      namaAhliWaris: `Waris Contoh ${i + 1}`,
      nikAhliWaris: `33160190010190${String(i).padStart(2, '0')}`,
      hubunganWaris: 'anak',
    }));
    const [paper] = await papersOf('surat-ahli-waris', { 'ahli-waris': heirs });
    const path = join(folder, 'waris.pdf');
    writeFileSync(path, paper?.bytes ?? '');
    const text = textOf(path);
    for (const said of [
      'Lampiran: Ahli waris',
      'Waris Contoh 1',
      'Waris Contoh 20',
      'Hubungan dengan almarhum',
      'Anak',
      'Lampiran: Saksi',
    ])
      assert.ok(text.includes(said), said);
    assert.ok(!text.includes('3316019001019'), 'no NIK of an heir');
  });

  test('is text, never markup, a placeholder or a command of the file', {
    skip: without('pdftotext', 'qpdf'),
  }, async () => {
    const hostile = [
      '{namaPewaris} {number}',
      ') Tj ET /JS (app.alert(1)) BT (',
      '<b>tebal</b> &amp; $& \\051',
      '%PDF-1.7 endobj',
    ];
    const [paper] = await papersOf('surat-ahli-waris', {
      namaPewaris: '{namaPemohon} {{agency}} <script>',
      'ahli-waris': hostile.map((namaAhliWaris) => ({
        namaAhliWaris,
        nikAhliWaris: '3316019001019001',
        hubunganWaris: 'anak',
      })),
    });
    const path = join(folder, 'jahat.pdf');
    writeFileSync(path, paper?.bytes ?? '');
    assert.equal(spawnSync('qpdf', ['--check', path]).status, 0);
    const text = textOf(path);
    for (const said of ['{namaPemohon} {{agency}} <script>', '{namaPewaris} {number}', '<b>tebal</b> &amp; $& \\051'])
      assert.ok(text.includes(said), said);
    assert.ok(!/\/JS\b|\/JavaScript\b/.test(paper?.bytes.toString('latin1') ?? ''));
  });
});
