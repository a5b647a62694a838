// Signing on the real database, with signing services over loopback that work, fail, hang and lie.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Actor, Ctx } from '#platform/context.ts';
import { eventsOf } from '#platform/event-log.ts';
import { openFile } from '#platform/files.ts';
import { newId } from '#platform/ids.ts';
import { Problem } from '#platform/problem.ts';
import type { SigningSettings } from '#platform/signing.ts';
import type { Product } from '#src/catalogue/service.ts';
import { BSRE_LOGIN, type FakeBsre, type Mood, startBsre } from '#test/bsre.ts';
import { makeSeal, SEAL_PASSPHRASE, signPaper } from '#test/papers.ts';
import { MORNING, openTestWorld, type TestWorld } from '#test/world.ts';
import { findDocument, type IssuedDocument, issueDocument, revokeDocument } from '../actions.ts';
import { judgePdf } from '../judging/actions.ts';
import { closeSilentSignings, listUnsigned, reconcileSigning, sealDocument, signDocuments } from './actions.ts';

const NIK = '3316019001019001';
const PASSPHRASE = 'Kata-Rahasia 1&"<>';
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
let settings: SigningSettings | undefined;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());

/** A context under the settings of now: who signs is fixed for the life of a program. */
const programs = new Map<SigningSettings | undefined, Ctx['config']>();
function act(actor: Actor = HEAD): Ctx {
  const config = programs.get(settings) ?? { ...t.world.config, signing: settings };
  programs.set(settings, config);
  return { ...t.ctx(actor), config };
}
const issue = (number = newId().slice(-12)): Promise<IssuedDocument> =>
  issueDocument(act({ kind: 'system' }), {
    application: { id: newId(), number, service: 'surat-domisili', village: '33.16.09.1001' },
    product: PRODUCT,
    agency: { id: 'desa', name: 'Kelurahan Contoh' },
    names: { village: 'Contoh', district: 'Blora', town: 'Blora' },
    holder: 'Budi Contoh',
    values: { nama: 'Budi Contoh' },
  });
const again = async ({ code }: IssuedDocument): Promise<IssuedDocument> =>
  (await findDocument(act(), code)) ?? assert.fail('the document is gone');
const typesOf = async (document: IssuedDocument) => (await eventsOf(act(), document.id)).map(({ type }) => type);
const bytesOf = async (document: IssuedDocument): Promise<Buffer> =>
  (await openFile(act(), (await again(document)).file ?? ''))?.bytes ?? assert.fail('no file');
const sign = (documents: IssuedDocument[], who = NIK, passphrase = PASSPHRASE) =>
  signDocuments(
    act(),
    documents.map(({ id }) => id),
    { who, passphrase },
  );
const refused = (promise: Promise<unknown>, code: string) =>
  assert.rejects(promise, (error) => error instanceof Problem && error.kind.code === code);

for (const version of [1, 2] as const) {
  describe(`signing through BSrE’s client version ${version}`, () => {
    let bsre: FakeBsre;
    before(async () => {
      bsre = await startBsre(version);
      writeFileSync(join(t.world.config.stateDir, `roots-${version}.pem`), bsre.seal.pem);
      settings = {
        kind: version === 1 ? 'bsre-v1' : 'bsre-v2',
        url: bsre.url,
        ...BSRE_LOGIN,
        timeoutMs: 1500,
        trust: bsre.seal.pem,
      };
    });
    afterEach(() => {
      bsre.mood = 'good';
      bsre.signings.length = 0;
    });
    after(() => bsre.close());

    test('a paper waits for its officer, is signed once, and says so', async () => {
      const document = await issue();
      assert.equal(document.signature, 'awaiting-signature');
      await sealDocument(act({ kind: 'system' }), document);
      assert.equal((await again(document)).signature, 'awaiting-signature', 'no program signs for a person');
      assert.equal((await judgePdf(act(), await bytesOf(document))).verdict, 'before-signing');
      const drawn = await bytesOf(document);
      const [one] = await sign([document]);
      assert.equal(one?.result, 'signed');
      const after = await again(document);
      assert.equal(after.signature, 'signed');
      const file = await bytesOf(document);
      assert.ok(file.subarray(0, drawn.length).equals(drawn), 'every byte of ours is still there');
      const judged = await judgePdf(act(), file);
      assert.deepEqual([judged.verdict, judged.covered], ['genuine', true]);
      assert.equal((await judgePdf(act(), drawn)).verdict, 'before-signing');
      assert.deepEqual(await typesOf(document), ['document.issued', 'document.signed']);
      assert.deepEqual(bsre.signings, [{ who: NIK, passphrase: PASSPHRASE }]);
      assert.deepEqual(
        (await sign([after])).map(({ result }) => result),
        ['already'],
      );
      assert.equal(bsre.signings.length, 1, 'never twice');
    });

    test('one passphrase signs a list, and nothing that was typed is kept anywhere', async () => {
      const documents = await Promise.all([issue(), issue(), issue()]);
      assert.deepEqual(
        (await sign(documents)).map(({ result }) => result),
        ['signed', 'signed', 'signed'],
      );
      const { rows } = await t.world.pool.query(
        `SELECT to_jsonb(e)::text AS text FROM platform.events e UNION ALL SELECT to_jsonb(s)::text FROM documents.signings s
         UNION ALL SELECT to_jsonb(d)::text FROM documents.documents d UNION ALL SELECT to_jsonb(c)::text FROM platform.commands c`,
      );
      for (const secret of [PASSPHRASE, NIK, BSRE_LOGIN.password, 'Kata-Rahasia'])
        assert.ok(
          rows.every(({ text }) => !text.includes(secret)),
          secret,
        );
      assert.ok(documents.length > 0 && rows.length > 3);
    });

    test('a wrong passphrase ends the list at once, is said in a sentence, and stands in nothing', async () => {
      bsre.mood = 'wrong-passphrase';
      const documents = await Promise.all([issue(), issue()]);
      const results = await sign(documents);
      assert.deepEqual(
        results.map(({ result, reason }) => [result, reason]),
        [
          ['refused', 'wrong-passphrase'],
          ['left', undefined],
        ],
      );
      assert.equal(bsre.signings.length, 1, 'three wrong ones would lock a certificate');
      assert.ok(!JSON.stringify(results).includes(PASSPHRASE));
      const events = JSON.stringify(await eventsOf(act(), documents[0]?.id ?? ''));
      assert.ok(events.includes('wrong-passphrase') && !events.includes(PASSPHRASE));
      bsre.mood = 'good';
      assert.equal((await sign(documents))[0]?.result, 'signed', 'and may be tried again by the person');
    });

    const NO: [Mood, string, number][] = [
      ['bad-auth', 'bad-credentials', 0],
      ['not-registered', 'not-registered', 0],
      ['no-certificate', 'no-certificate', 0],
      ['invalid-pdf', 'provider-fault', 1],
      ['other-document', 'other-document', 1],
      ['unsigned', 'unsigned', 1],
      ['truncated', 'truncated', 1],
      ['wrong-type', 'wrong-content', 1],
      ['content-changed', 'content-changed', 1],
      ['not-covered', 'not-covered', 1],
      ['stranger', 'certificate-untrusted', 1],
    ];
    for (const [mood, reason, sent] of NO) {
      test(`“${mood}” is refused as ${reason}, and the paper stays as it was`, async () => {
        bsre.mood = mood;
        const document = await issue();
        const before = await bytesOf(document);
        const [one] = await sign([document]);
        assert.deepEqual([one?.result, one?.reason], ['refused', reason]);
        assert.equal(bsre.signings.length, sent, 'one request, never repeated');
        assert.equal((await again(document)).signature, 'awaiting-signature');
        assert.ok((await bytesOf(document)).equals(before));
        assert.deepEqual(await typesOf(document), ['document.issued', 'document.signing-refused']);
      });
    }

    for (const mood of ['hang', 'cut', 'cut-midway', 'gateway-timeout', 'redirect'] as const) {
      test(`“${mood}” leaves the outcome unknown: nothing is sent again until a person has settled it`, async () => {
        bsre.mood = mood;
        const document = await issue();
        const next = await issue();
        const results = await sign([document, next]);
        assert.deepEqual(
          results.map(({ result }) => result),
          ['unknown', 'left'],
        );
        assert.equal((await again(document)).signature, 'signing-unknown');
        bsre.mood = 'good';
        assert.deepEqual(
          (await sign([document])).map(({ result }) => result),
          ['under-way'],
        );
        assert.equal(bsre.signings.length, 1, 'it may have been signed: not again');
        assert.deepEqual(await typesOf(document), ['document.issued', 'document.signing-unknown']);

        assert.equal((await reconcileSigning(act(), document.id, { kind: 'ask' })).result, 'unknown');
        const foreign = signPaper(await bytesOf(next), bsre.seal);
        await refused(reconcileSigning(act(), document.id, { kind: 'copy', pdf: foreign }), 'not-signed-copy');
        await refused(reconcileSigning(act(), document.id, { kind: 'copy', pdf: Buffer.from('x') }), 'not-signed-copy');
        await refused(
          reconcileSigning(act({ ...HEAD, area: '33.16.01' } as Actor), document.id, { kind: 'unsigned' }),
          'forbidden',
        );
        if (mood === 'cut') {
          const copy = signPaper(await bytesOf(document), bsre.seal);
          assert.equal((await reconcileSigning(act(), document.id, { kind: 'copy', pdf: copy })).result, 'signed');
          assert.equal((await again(document)).signature, 'signed');
        } else {
          await reconcileSigning(act(), document.id, { kind: 'unsigned' });
          assert.equal((await again(document)).signature, 'awaiting-signature');
          assert.equal((await sign([document]))[0]?.result, 'signed');
        }
        await refused(reconcileSigning(act(), document.id, { kind: 'unsigned' }), 'signing-not-unknown');
      });
    }

    test('a service that is not there is sent nothing, so that trying again is safe', async () => {
      const kept = settings;
      settings = { ...(settings as SigningSettings), url: 'http://127.0.0.1:9' } as SigningSettings;
      const [one] = await sign([await issue()]);
      assert.deepEqual([one?.result, one?.reason], ['refused', 'unreachable']);
      settings = kept;
    });

    test('two presses at once send one request', async () => {
      const document = await issue();
      const results = await Promise.all([1, 2, 3].map(() => sign([document])));
      assert.equal(results.flat().filter(({ result }) => result === 'signed').length, 1);
      assert.equal(bsre.signings.length, 1);
    });

    test('signing goes unknown, forbidden, malformed, and is not for the deputy, the neighbour or a weak session', async () => {
      const document = await issue();
      await refused(signDocuments(act(), [newId()], { who: NIK, passphrase: 'x' }), 'document-unknown');
      for (const other of [
        { ...HEAD, roles: ['verifier'] },
        { ...HEAD, area: '33.16.09.1002' },
        { ...HEAD, agency: 'dindukcapil', area: '' },
        { ...HEAD, weak: true },
      ])
        await refused(signDocuments(act(other as Actor), [document.id], { who: NIK, passphrase: 'x' }), 'forbidden');
      await refused(sign([document], '123'), 'invalid');
      await refused(sign([document], NIK, ''), 'invalid');
      await refused(sign([]), 'invalid');
      if (version === 1) await refused(sign([document], 'ratna@contoh.example'), 'invalid');
      assert.equal(bsre.signings.length, 0);
    });

    test('the list holds the officer’s own papers, the oldest first, and not the revoked', async () => {
      const [mine, gone] = [await issue(), await issue()];
      await revokeDocument(act(), gone.code, 'wrong-data');
      const { documents } = await listUnsigned(act());
      const ids = documents.map(({ document }) => document.id);
      assert.ok(ids.includes(mine.id) && !ids.includes(gone.id));
      const other = await listUnsigned(act({ ...HEAD, area: '33.16.09.1002' } as Actor));
      assert.deepEqual(other.documents, []);
      assert.equal((await sign([gone]))[0]?.result, 'under-way');
    });
  });
}

describe('what BSrE’s client version 1 keeps', () => {
  let bsre: FakeBsre;
  before(async () => {
    bsre = await startBsre(1);
    settings = { kind: 'bsre-v1', url: bsre.url, ...BSRE_LOGIN, timeoutMs: 1500, trust: bsre.seal.pem };
  });
  after(() => bsre.close());

  test('an answer with an id is fetched by it', async () => {
    bsre.mood = 'json-id';
    assert.equal((await sign([await issue()]))[0]?.result, 'signed');
  });

  test('a fetch that broke is unknown, and asking by the id settles it without signing again', async () => {
    bsre.mood = 'download-cut';
    bsre.signings.length = 0;
    const fresh = await startBsre(1);
    settings = { kind: 'bsre-v1', url: fresh.url, ...BSRE_LOGIN, timeoutMs: 1500, trust: fresh.seal.pem };
    fresh.mood = 'download-cut';
    const document = await issue();
    assert.equal((await sign([document]))[0]?.result, 'unknown');
    assert.equal((await reconcileSigning(act(), document.id, { kind: 'ask' })).result, 'signed');
    assert.equal(fresh.signings.length, 1);
    assert.deepEqual(await typesOf(document), ['document.issued', 'document.signing-unknown', 'document.signed']);
    await fresh.close();
  });

  test('a program that ends in the midst leaves an unknown outcome, which the clock finds', async () => {
    const document = await issue();
    await t.world.db
      .insertInto('documents.signings')
      .values({ id: newId(), document: document.id, provider: 'bsre-v1', officer: newId(), sent_at: MORNING })
      .execute();
    await closeSilentSignings(act({ kind: 'system' }));
    assert.equal((await again(document)).signature, 'awaiting-signature', 'it may still be under way');
    t.pass(11);
    await closeSilentSignings(act({ kind: 'system' }));
    assert.equal((await again(document)).signature, 'signing-unknown');
    t.setClock(MORNING);
  });
});

describe('the agency’s own key', () => {
  const keyFile = (name: string, bytes: Buffer): string => {
    const path = join(t.world.config.stateDir, name);
    writeFileSync(path, bytes);
    return path;
  };
  const local = (pkcs12: string, passphrase = SEAL_PASSPHRASE): SigningSettings => ({
    kind: 'local',
    pkcs12,
    passphrase,
    trust: '',
    timeoutMs: 1000,
  });

  test('seals at once, without a person', async () => {
    settings = local(keyFile('segel.p12', makeSeal(MORNING).pkcs12));
    const document = await issue();
    await sealDocument(act({ kind: 'system' }), document);
    const after = await again(document);
    assert.equal(after.signature, 'signed');
    const judged = await judgePdf(act(), await bytesOf(document));
    assert.deepEqual([judged.verdict, judged.covered], ['genuine', true]);
  });

  test('a wrong passphrase, an expired certificate or a broken file seals nothing and says why', async () => {
    const seal = makeSeal(MORNING);
    const old = makeSeal(new Date('2010-01-01'));
    for (const [given, reason] of [
      [local(keyFile('a.p12', seal.pkcs12), 'keliru'), 'wrong-passphrase'],
      [local(keyFile('b.p12', old.pkcs12)), 'certificate-expired'],
      [local(keyFile('c.p12', Buffer.from('bukan kunci'))), 'file-unreadable'],
      [local(keyFile('d.p12', seal.pkcs12.subarray(0, 900))), 'file-unreadable'],
    ] as const) {
      settings = given;
      const document = await issue();
      await sealDocument(act({ kind: 'system' }), document);
      assert.equal((await again(document)).signature, 'awaiting-signature');
      const events = await eventsOf(act(), document.id);
      assert.equal(events.at(-1)?.data['reason'], reason);
    }
  });

  test('a demo has a seal of its own, marked as an example, the same for all its processes', async () => {
    settings = undefined;
    const document = await issue();
    await sealDocument(act({ kind: 'system' }), document);
    const judged = await judgePdf(act(), await bytesOf(document));
    assert.match(judged.signatures[0]?.signer ?? '', /Contoh.*BUKAN RESMI/);
    const path = join(t.world.config.stateDir, 'segel-contoh.p12');
    const made = readFileSync(path);
    await sealDocument({ ...act({ kind: 'system' }), config: { ...t.world.config } }, await issue());
    assert.ok(readFileSync(path).equals(made));
  });

  test('a production without settings signs nothing, and its papers say so', async () => {
    const ctx = act({ kind: 'system' });
    const production = { ...ctx, config: { ...ctx.config, mode: 'production' as const, signing: undefined } };
    const document = await issueDocument(production, {
      application: { id: newId(), number: 'P-1', service: 'surat-domisili', village: '33.16.09.1001' },
      product: PRODUCT,
      agency: { id: 'desa', name: 'Kelurahan Contoh' },
      names: { village: 'Contoh', district: 'Blora', town: 'Blora' },
      holder: 'Budi Contoh',
      values: {},
    });
    assert.equal(document.signature, 'none');
    await refused(
      signDocuments({ ...production, actor: HEAD }, [document.id], { who: NIK, passphrase: 'x' }),
      'no-signing',
    );
  });
});
