// Issuing, checking and revoking on the real database and a real folder.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readConfig } from '#platform/config.ts';
import { type Actor, type Ctx, context, SYSTEM } from '#platform/context.ts';
import { sha256 } from '#platform/crypto.ts';
import { eventsOf } from '#platform/event-log.ts';
import { grouped, newId } from '#platform/ids.ts';
import { Problem } from '#platform/problem.ts';
import { type OpenWorld, openWorld } from '#platform/world.ts';
import type { Product } from '#src/catalogue/service.ts';
import { documentsOf, findDocument, type Issue, issueDocument, openDocument, revokeDocument } from './actions.ts';

const PRODUCT: Product = {
  id: 'surat-domisili',
  name: 'Surat Keterangan Domisili',
  kind: 'letter',
  provenance: 'unverified',
  document: {
    title: 'Surat Keterangan Domisili',
    opening: 'Menerangkan bahwa {nama} tinggal di {village}.',
    signer: 'Lurah',
  },
};
const HEAD: Actor = {
  kind: 'officer',
  id: newId(),
  name: 'Ratna',
  agency: 'kelurahan',
  roles: ['village-head'],
  area: '',
};

function issueOf(id = newId()): Issue {
  return {
    application: { id, number: '261122-7KD4-QXM', service: 'domisili', village: '33.16.09.1001' },
    product: PRODUCT,
    agency: { id: 'kelurahan', name: 'Kelurahan Tempelan' },
    names: { village: 'Tempelan', district: 'Blora', regency: 'Pemerintah Kabupaten Blora', town: 'Blora' },
    holder: 'Budi Cahyono',
    values: { nama: 'Budi Cahyono' },
  };
}

describe('documents', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pendopo-documents-'));
  let opened: OpenWorld;
  const act = (actor: Actor = SYSTEM): Ctx => context(opened.world, actor, 'desk');

  before(async () => {
    opened = await openWorld(readConfig({ PENDOPO_STATE: folder, LOG_LEVEL: 'silent' }), []);
  });
  after(async () => {
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a product is issued once, however often and however many at a time ask for it', async () => {
    const issue = issueOf();
    const all = await Promise.all([1, 2, 3, 4].map(() => issueDocument(act(), issue)));
    const [document] = all;
    assert.ok(document);
    assert.deepEqual(new Set(all.map(({ code }) => code)), new Set([document.code]));
    assert.equal(document.code.length, 26);
    assert.equal(document.holder, 'B*** C***');
    assert.deepEqual(await documentsOf(act(), issue.application.id), [document]);
    const events = await eventsOf(act(), document.id);
    assert.deepEqual(
      events.map(({ type, data, village }) => ({ type, data, village })),
      [
        {
          type: 'document.issued',
          data: { application: issue.application.id, service: 'domisili', product: 'surat-domisili' },
          village: '33.16.09.1001',
        },
      ],
    );
    const pdf = await openDocument(act(), document);
    assert.ok(pdf && document.sha256?.equals(sha256(pdf.bytes)));
    assert.equal(pdf.name, 'Surat Keterangan Domisili 261122-7KD4-QXM.pdf');
    const rows = await opened.world.db
      .selectFrom('platform.files')
      .select('id')
      .where('owner', '=', document.id)
      .execute();
    assert.equal(rows.length, 1);
  });

  test('a store that fails leaves no document, no file and no event', async () => {
    const issue = issueOf();
    const broken = { ...act(), files: { ...opened.world.files, put: () => Promise.reject(new Error('disk full')) } };
    await assert.rejects(issueDocument(broken, issue), /disk full/);
    assert.deepEqual(await documentsOf(act(), issue.application.id), []);
    assert.ok(await issueDocument(act(), issue));
  });

  test('issuing inside a transaction shares its fate', async () => {
    const issue = issueOf();
    const undone = opened.world.db.transaction().execute(async (db) => {
      await issueDocument({ ...act(), db }, issue);
      throw new Error('undone');
    });
    await assert.rejects(undone, /undone/);
    assert.deepEqual(await documentsOf(act(), issue.application.id), []);
  });

  test('a code is found as people type it, and nothing else is', async () => {
    const { code, id } = await issueDocument(act(), issueOf());
    const typed = grouped(code).toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
    assert.equal((await findDocument(act(), ` ${typed} `))?.id, id);
    for (const wrong of ['', 'abc', code.slice(1), `${code}7`, 'x'.repeat(100_000), "' OR 1=1 --"])
      assert.equal(await findDocument(act(), wrong), undefined);
  });

  test('what another system makes is not made here', async () => {
    const { document: _, ...external } = PRODUCT;
    await assert.rejects(
      issueDocument(act(), { ...issueOf(), product: { ...external, kind: 'external' } }),
      (error) => error instanceof Problem && error.kind.code === 'document-not-issued',
    );
  });

  test('revoking goes unknown, forbidden, malformed, done, done again', async () => {
    const { code, id } = await issueDocument(act(), issueOf());
    const refused = (promise: Promise<unknown>, kind: string) =>
      assert.rejects(promise, (error) => error instanceof Problem && error.kind.code === kind);
    await refused(revokeDocument(act(HEAD), '7'.repeat(26), 'wrong-data'), 'document-unknown');
    await refused(revokeDocument(act({ ...HEAD, agency: 'dindukcapil' } as Actor), code, 'wrong-data'), 'forbidden');
    await refused(revokeDocument(act(HEAD), code, 'Budi salah tulis'), 'document-reason');
    const revoked = await revokeDocument(act(HEAD), code, 'wrong-data');
    assert.ok(revoked.revokedAt);
    assert.deepEqual(await revokeDocument(act(HEAD), code, 'replaced'), revoked);
    assert.equal((await findDocument(act(), code))?.revokedReason, 'wrong-data');
    const events = await eventsOf(act(), id);
    assert.deepEqual(
      events.map(({ type, data }) => [type, data['reason']]),
      [
        ['document.issued', undefined],
        ['document.revoked', 'wrong-data'],
      ],
    );
  });
});
