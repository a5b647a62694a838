// Signing papers, once each: the request is on disk before it is sent, and what became of it right after. Never repeated.
import type { Config } from '#platform/config.ts';
import type { Ctx } from '#platform/context.ts';
import { recordEvent } from '#platform/event-log.ts';
import { destroyFile, openFile, storeFile } from '#platform/files.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { TOWN } from '#src/areas/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { permit } from '#src/rights.ts';
import { DOCUMENT_PROBLEMS } from '../problems.ts';
import { attachSigned, documentById, type IssuedDocument, setSignature, unsignedDocuments } from '../store.ts';
import { acceptSigned } from './acceptance.ts';
import { bsreProvider } from './bsre.ts';
import { demoSettings, localProvider } from './local.ts';
import type { Refusal, SignatureProvider, SigningOutcome } from './provider.ts';
import { closeSigning, lastSignings, openSigning, type Signing, silentSignings } from './store.ts';

/** How many papers one passphrase may sign. */
export const MOST_AT_ONCE = 50;
/** A person waits for the answer: what has not begun by then is left for the next press. */
const PATIENCE_MS = 120_000;
/** Longer than any provider may take, so that a signing under way is not called silent. */
const SILENT_MS = 10 * 60_000;

const providers = new WeakMap<Config, SignatureProvider | undefined>();

/** Who signs here; undefined when nothing is set. A demo has a seal of its own. */
export function providerOf(ctx: Pick<Ctx, 'config' | 'now'>): SignatureProvider | undefined {
  const { config } = ctx;
  if (!providers.has(config)) {
    const settings =
      config.signing ?? (config.mode === 'demo' && config.stateDir ? demoSettings(config, ctx.now) : undefined);
    providers.set(
      config,
      settings && (settings.kind === 'local' ? localProvider(settings, ctx.now) : bsreProvider(settings)),
    );
  }
  return providers.get(config);
}

export type Signed = {
  document: IssuedDocument;
  /** already: it bears its signature. left: not begun, for want of time or because an earlier one failed for all. */
  result: 'signed' | 'already' | 'under-way' | 'refused' | 'unknown' | 'left';
  reason?: Refusal;
};

/** These end the list: the next paper would fail the same way, and wrong passphrases lock certificates. */
const FOR_ALL = new Set<Refusal>([
  'wrong-passphrase',
  'bad-credentials',
  'not-registered',
  'no-certificate',
  'unreachable',
  'certificate-expired',
  'file-unreadable',
  'no-key',
]);

/**
 * Signs papers one after the other with what the officer typed, which is handed to the provider and to nothing else.
 * Throws Problem forbidden, no-signing or invalid before anything is sent.
 */
export async function signDocuments(
  ctx: Ctx,
  ids: string[],
  credentials?: { who: string; passphrase: string },
): Promise<Signed[]> {
  const documents = await Promise.all([...new Set(ids)].slice(0, MOST_AT_ONCE + 1).map((id) => documentById(ctx, id)));
  for (const document of documents) {
    if (!document) throw new Problem(DOCUMENT_PROBLEMS.unknown);
    permit(ctx.actor, 'document.sign', thing(document));
  }
  const provider = providerOf(ctx);
  if (!provider) throw new Problem(DOCUMENT_PROBLEMS.noSigning);
  const errors = [
    ...(documents.length === 0 ? [{ path: 'dokumen', message: 'Pilih dokumen yang akan ditandatangani.' }] : []),
    ...(documents.length > MOST_AT_ONCE
      ? [{ path: 'dokumen', message: `Paling banyak ${MOST_AT_ONCE} dokumen sekali tanda tangan.` }]
      : []),
    ...(provider.by === 'person' ? credentialErrors(provider, credentials) : []),
  ];
  if (errors.length > 0) throw new Problem(PROBLEMS.invalid, undefined, errors);

  const began = performance.now();
  const results: Signed[] = [];
  let ended = false;
  for (const document of documents as IssuedDocument[]) {
    const late = performance.now() - began > PATIENCE_MS;
    const one: Signed =
      ended || late ? { document, result: 'left' } : await signOne(ctx, document, provider, credentials);
    // who was left without an answer may be left without the next: unknown outcomes are not multiplied
    ended ||= one.result === 'unknown' || (one.reason !== undefined && FOR_ALL.has(one.reason));
    results.push(one);
  }
  return results;
}

function credentialErrors(provider: SignatureProvider, given?: { who: string; passphrase: string }) {
  const who = given?.who ?? '';
  const email = provider.name === 'bsre-v2' && /^[^\s@]{1,64}@[^\s@]{3,190}$/.test(who);
  return [
    ...(/^\d{16}$/.test(who) || email
      ? []
      : [
          {
            path: 'nik',
            message:
              provider.name === 'bsre-v2'
                ? 'Tulis NIK (16 angka) atau alamat e-mail yang terdaftar di penyedia tanda tangan.'
                : 'Tulis NIK Anda, 16 angka.',
          },
        ]),
    ...(given?.passphrase && given.passphrase.length <= 200
      ? []
      : [{ path: 'passphrase', message: 'Tulis passphrase tanda tangan Anda.' }]),
  ];
}

/** The agency's seal, right after a paper was made; the caller is the job that made it. */
export async function sealDocument(ctx: Ctx, document: IssuedDocument): Promise<void> {
  const provider = providerOf(ctx);
  if (provider?.by === 'program' && document.signature === 'awaiting-signature' && !document.revokedAt)
    await signOne(ctx, document, provider);
}

async function signOne(
  ctx: Ctx,
  document: IssuedDocument,
  provider: SignatureProvider,
  credentials?: { who: string; passphrase: string },
): Promise<Signed> {
  if (document.signature === 'signed') return { document, result: 'already' };
  if (document.signature !== 'awaiting-signature' || document.revokedAt || !document.file)
    return { document, result: 'under-way' };
  const paper = await openFile(ctx, document.file);
  if (!paper) return { document, result: 'under-way' };
  const officer = ctx.actor.kind === 'officer' ? ctx.actor.id : null;
  const id = await openSigning(ctx, { document: document.id, provider: provider.name, officer });
  if (!id) {
    const now = await documentById(ctx, document.id);
    return { document, result: now?.signature === 'signed' ? 'already' : 'under-way' };
  }
  const product = await productName(ctx, document);
  const outcome = await provider.sign(paper.bytes, {
    title: `${product} ${document.number}`,
    location: TOWN,
    at: ctx.now,
    verifyUrl: `${ctx.config.publicUrl}/verifikasi/${document.code}`,
    ...(credentials && { credentials }),
  });
  return settle(ctx, document, { id, provider: provider.name }, paper.bytes, outcome);
}

/** Writes down what became of a request: file, state and event in one transaction. */
async function settle(
  ctx: Ctx,
  document: IssuedDocument,
  signing: { id: string; provider: string },
  paper: Buffer,
  given: SigningOutcome,
): Promise<Signed> {
  const outcome = judged(ctx, paper, given);
  const { application, service, product, agency, village } = document;
  const about = { application, service, product, provider: signing.provider, signing: signing.id };
  const event = (type: string, more: Record<string, unknown> = {}) => ({
    type,
    subject: document.id,
    agency,
    village,
    data: { ...about, ...more },
  });
  return inTransaction(ctx, async (tx): Promise<Signed> => {
    const reason = outcome.outcome === 'refused' ? outcome.reason : undefined;
    const reference = outcome.outcome === 'refused' ? undefined : outcome.reference;
    if (!(await closeSigning(tx, signing.id, { outcome: outcome.outcome, reason, reference })))
      return { document, result: 'under-way' };
    switch (outcome.outcome) {
      case 'signed': {
        const name = `${await productName(tx, document)} ${document.number}`;
        const file = await storeFile(tx, {
          owner: document.id,
          origin: 'issued',
          name,
          kind: 'application/pdf',
          bytes: outcome.pdf,
        });
        await attachSigned(tx, document.id, file);
        await recordEvent(tx, event('document.signed'));
        // the signed file begins with every byte of the drawn one, which is no longer needed
        if (document.file) await destroyFile(tx, document.file);
        return { document, result: 'signed' };
      }
      case 'refused':
        await setSignature(tx, document.id, 'awaiting-signature');
        await recordEvent(tx, event('document.signing-refused', { reason: outcome.reason }));
        return { document, result: 'refused', reason: outcome.reason };
      case 'unknown':
        await setSignature(tx, document.id, 'signing-unknown');
        await recordEvent(tx, event('document.signing-unknown'));
        return { document, result: 'unknown' };
    }
  });
}

/** A file is signed only when we have seen that it is: whatever the provider says. */
function judged(ctx: Ctx, paper: Buffer, outcome: SigningOutcome): SigningOutcome {
  if (outcome.outcome !== 'signed') return outcome;
  const acceptance = acceptSigned(paper, outcome.pdf, providerOf(ctx)?.roots ?? [], ctx.now);
  return acceptance.ok ? outcome : { outcome: 'refused', reason: acceptance.why };
}

/** Whether papers could be sealed now: opens the key and signs nothing. A person's provider is only named. */
export async function probeSigning(ctx: Ctx): Promise<{ provider?: string; reason?: Refusal }> {
  const provider = providerOf(ctx);
  if (!provider) return { reason: 'no-key' };
  const reason = provider.by === 'program' ? await provider.probe?.(ctx.now) : undefined;
  return { provider: provider.name, ...(reason && { reason }) };
}

/** Papers that wait for the officer's signature, and what became of earlier tries. */
export async function listUnsigned(ctx: Ctx): Promise<{
  provider: SignatureProvider | undefined;
  documents: { document: IssuedDocument; last: Signing | undefined }[];
  more: boolean;
}> {
  const { actor } = ctx;
  if (actor.kind !== 'officer') throw new Problem(PROBLEMS.signIn);
  permit(actor, 'document.sign', { application: { id: '', agency: actor.agency, village: actor.area } });
  const found = await unsignedDocuments(ctx, actor, MOST_AT_ONCE + 1);
  const documents = found.slice(0, MOST_AT_ONCE);
  const last = await lastSignings(
    ctx,
    documents.map(({ id }) => id),
  );
  return {
    provider: providerOf(ctx),
    documents: documents.map((document) => ({ document, last: last.get(document.id) })),
    more: found.length > documents.length,
  };
}

/**
 * Ends an unknown outcome: `ask` the provider by its reference, a `copy` that the officer fetched from it, or her word
 * that nothing was `unsigned`. Throws Problem unknown, forbidden, signing-not-unknown or not-signed-copy.
 */
export async function reconcileSigning(
  ctx: Ctx,
  id: string,
  by: { kind: 'ask' } | { kind: 'copy'; pdf: Buffer } | { kind: 'unsigned' },
): Promise<Signed> {
  const document = await documentById(ctx, id);
  if (!document) throw new Problem(DOCUMENT_PROBLEMS.unknown);
  permit(ctx.actor, 'document.sign', thing(document));
  const signing = (await lastSignings(ctx, [id])).get(id);
  const paper = document.file ? await openFile(ctx, document.file) : undefined;
  if (document.signature !== 'signing-unknown' || signing?.outcome !== 'unknown' || !paper)
    throw new Problem(DOCUMENT_PROBLEMS.notUnknown);
  switch (by.kind) {
    case 'ask': {
      const found = signing.reference ? await providerOf(ctx)?.reconcile(signing.reference) : undefined;
      return found ? settle(ctx, document, signing, paper.bytes, found) : { document, result: 'unknown' };
    }
    case 'copy': {
      const acceptance = acceptSigned(paper.bytes, by.pdf, providerOf(ctx)?.roots ?? [], ctx.now);
      if (!acceptance.ok)
        throw new Problem(DOCUMENT_PROBLEMS.notSignedCopy, undefined, [
          { path: 'berkas', message: DOCUMENT_PROBLEMS.notSignedCopy.title },
        ]);
      return settle(ctx, document, signing, paper.bytes, { outcome: 'signed', pdf: by.pdf });
    }
    case 'unsigned':
      return settle(ctx, document, signing, paper.bytes, { outcome: 'refused', reason: 'declared-unsigned' });
  }
}

/** Requests of which nothing was heard since the program ended become unknown; those of our own key were never sent. */
export async function closeSilentSignings(ctx: Ctx): Promise<void> {
  for (const signing of await silentSignings(ctx, new Date(ctx.now.getTime() - SILENT_MS))) {
    const document = await documentById(ctx, signing.document);
    if (!document) continue;
    const outcome: SigningOutcome =
      signing.provider === 'local' ? { outcome: 'refused', reason: 'interrupted' } : { outcome: 'unknown' };
    await settle(ctx, document, signing, Buffer.alloc(0), outcome);
  }
}

const thing = ({ application, agency, village }: IssuedDocument) => ({
  application: { id: application, agency, village },
});

async function productName(ctx: Ctx, { service, product }: IssuedDocument): Promise<string> {
  const known = (await getCatalogue(ctx)).byId.get(service)?.service;
  return known?.products.find(({ id }) => id === product)?.name ?? product;
}

const inTransaction = <T>(ctx: Ctx, work: (tx: Ctx) => Promise<T>): Promise<T> =>
  ctx.db.isTransaction ? work(ctx) : ctx.db.transaction().execute((db) => work({ ...ctx, db }));
