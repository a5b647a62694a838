// Issuing, finding and revoking what a service produces. One transaction each: paper, row and event, or nothing.
import { localDate } from '#platform/calendar.ts';
import type { Ctx } from '#platform/context.ts';
import { sha256 } from '#platform/crypto.ts';
import { recordEvent } from '#platform/event-log.ts';
import { openFile, storeFile } from '#platform/files.ts';
import { newId, normaliseCode, randomCode } from '#platform/ids.ts';
import { Problem } from '#platform/problem.ts';
import type { Agency, Product } from '#src/catalogue/service.ts';
import { permit } from '#src/rights.ts';
import { contentOf, fillDocument, initials, type List, type Values } from './letter.ts';
import { letterheadOf } from './letterhead/actions.ts';
import { placedLetterhead } from './letterhead/letterhead.ts';
import { renderPdf } from './pdf.ts';
import { DOCUMENT_PROBLEMS } from './problems.ts';
import { signingKey } from './qr/actions.ts';
import { qrPayload, qrText } from './qr-payload.ts';
import { providerOf } from './signing/actions.ts';
import {
  attachFile,
  documentByCode,
  documentByHash,
  documentById,
  documentOf,
  documentsByApplication,
  type IssuedDocument,
  markRevoked,
  reserveDocument,
  successorOf,
} from './store.ts';
import { REVOCATION_REASONS } from './text.ts';

export type { IssuedDocument } from './store.ts';

/** 26 characters of 5 bits: 130 bits, beyond guessing. */
const CODE_LENGTH = 26;

/** Ids and codes of the application; `registerNumber` when the service keeps a register. */
export type Source = {
  id: string;
  number: string;
  service: string;
  village: string;
  registerNumber?: string;
  simulated?: boolean;
};

export type Issue = {
  application: Source;
  product: Product;
  agency: Pick<Agency, 'id' | 'name' | 'address'>;
  /** Names for the paper: of the places, and of the town where it is signed. */
  names: { village: string; district: string; regency?: string; town: string };
  /** Full name; only its initials are kept in clear. */
  holder: string;
  /** The answers as people read them. */
  values: Values;
  /** What was answered more than once and is attached. */
  lists?: List[];
};

/**
 * Issues a product of an application: once, however often it is asked. The caller permits the act it follows from.
 * Throws Problem notIssued for products that another system makes.
 */
export async function issueDocument(ctx: Ctx, issue: Issue): Promise<IssuedDocument> {
  const before = await documentOf(ctx, issue.application.id, issue.product.id);
  if (before) return before;
  return inTransaction(ctx, (tx) => makeDocument(tx, issue, null));
}

/** Draws and stores the paper, in the caller's transaction. `replaces`: the revoked one in whose stead it is made. */
async function makeDocument(tx: Ctx, issue: Issue, replaces: string | null): Promise<IssuedDocument> {
  const { application, product, agency, names } = issue;
  if (!product.document || product.kind === 'external') throw new Problem(DOCUMENT_PROBLEMS.notIssued);
  const provider = product.document.signature ? providerOf(tx) : undefined;
  const letterhead = await letterheadOf(tx, agency.id);
  const key = await signingKey(tx);
  const id = newId(tx.now);
  const code = randomCode(CODE_LENGTH);
  const number = application.registerNumber ?? application.number;
  const date = localDate(tx.calendar, tx.now);
  const filled = fillDocument(
    product.document,
    {
      ...issue.values,
      number: application.number,
      registerNumber: application.registerNumber,
      date,
      agency: agency.name,
      village: names.village,
      district: names.district,
    },
    issue.lists,
  );
  const head = letterhead
    ? placedLetterhead(letterhead, names)
    : { regency: names.regency, name: agency.name, address: agency.address };
  const content = sha256(contentOf(filled, { number, date, agency: head.name, place: names.town }));
  const holder = initials(issue.holder);
  const simulated = application.simulated === true;
  const reserved = await reserveDocument(tx, {
    id,
    code,
    number,
    application: application.id,
    service: application.service,
    product: product.id,
    agency: agency.id,
    village: application.village,
    holder,
    signature: provider ? 'awaiting-signature' : 'none',
    simulated,
    replaces,
    letterhead: letterhead?.id ?? null,
    content,
    kid: key.kid,
  });
  if (reserved) {
    const url = verifyUrl(tx, code);
    const example = simulated || tx.config.mode === 'demo';
    const payload = qrPayload(
      { code, product: `${application.service}/${product.id}`, agency: agency.id, day: date, holder, content, example },
      key,
    );
    const bytes = await renderPdf({
      ...filled,
      ...head,
      agency: head.name,
      number,
      place: names.town,
      date,
      code,
      verifyUrl: url,
      qr: qrText(url, payload),
      issuedAt: tx.now,
      demo: tx.config.mode === 'demo',
      simulated,
      ...(provider && { signing: provider.by === 'person' ? 'person' : 'seal' }),
    });
    const file = await storeFile(tx, {
      origin: 'issued',
      owner: id,
      name: `${product.name} ${number}`,
      kind: 'application/pdf',
      bytes,
    });
    await attachFile(tx, id, file);
    const about = { application: application.id, service: application.service, product: product.id };
    await recordEvent(tx, {
      type: replaces ? 'document.reissued' : 'document.issued',
      subject: id,
      agency: agency.id,
      village: application.village,
      data: replaces ? { ...about, replaces } : about,
    });
  }
  return (await documentOf(tx, application.id, product.id)) as IssuedDocument;
}

/**
 * Takes a paper back and makes it anew, with a new code, from the case as it is now. Again gives the new one.
 * `compose` reads the case. Throws Problem unknown, forbidden, reason or answers-gone.
 */
export async function reissueDocument(
  ctx: Ctx,
  code: string,
  reason: string,
  compose: (document: IssuedDocument) => Promise<Issue | undefined>,
): Promise<IssuedDocument> {
  const document = await findDocument(ctx, code);
  if (!document) throw new Problem(DOCUMENT_PROBLEMS.unknown);
  const village = document.village;
  permit(ctx.actor, 'document.revoke', {
    application: { id: document.application, agency: document.agency, village },
  });
  const successor = await successorOf(ctx, document.id);
  if (successor) return successor;
  const valid = await documentOf(ctx, document.application, document.product);
  if (document.revokedAt && valid && valid.revokedAt === null) throw new Problem(DOCUMENT_PROBLEMS.replacedAlready);
  if (!document.revokedAt) refuseUnknownReason(reason);
  const issue = await compose(document);
  if (!issue) throw new Problem(DOCUMENT_PROBLEMS.noAnswers);
  return inTransaction(ctx, async (tx) => {
    await revoke(tx, document, reason);
    return makeDocument(tx, issue, document.id);
  });
}

/** The paper that came in the stead of this one, and the one in whose stead it came. */
export async function neighboursOf(
  ctx: Pick<Ctx, 'db'>,
  document: IssuedDocument,
): Promise<{ successor: IssuedDocument | undefined; predecessor: IssuedDocument | undefined }> {
  return {
    successor: document.revokedAt ? await successorOf(ctx, document.id) : undefined,
    predecessor: document.replaces ? await documentById(ctx, document.replaces) : undefined,
  };
}

/** The paper of ours with exactly these bytes; `drawn`: as it was before it was signed. */
export async function findByBytes(
  ctx: Pick<Ctx, 'db'>,
  pdf: Buffer,
): Promise<{ document: IssuedDocument; drawn: boolean } | undefined> {
  const hash = sha256(pdf);
  const document = await documentByHash(ctx, hash);
  return document && { document, drawn: !document.sha256?.equals(hash) };
}

/** Where anyone checks a document; what its QR code says. */
export const verifyUrl = (ctx: Pick<Ctx, 'config'>, code: string): string =>
  `${ctx.config.publicUrl}/verifikasi/${code}`;

/** The document with this code, however it was typed: grouped or not, lower case, O for 0. */
export async function findDocument(ctx: Pick<Ctx, 'db'>, code: string): Promise<IssuedDocument | undefined> {
  const plain = normaliseCode(code.slice(0, 200));
  return plain.length === CODE_LENGTH ? documentByCode(ctx, plain) : undefined;
}

/** Everything issued for an application, oldest first, revoked ones too. */
export const documentsOf = (ctx: Pick<Ctx, 'db'>, application: string): Promise<IssuedDocument[]> =>
  documentsByApplication(ctx, application);

/** The PDF, for who may read the application (the caller permits); undefined when it was destroyed at its time. */
export const openDocument = (ctx: Pick<Ctx, 'db' | 'files' | 'keys'>, document: IssuedDocument) =>
  document.file ? openFile(ctx, document.file) : Promise.resolve(undefined);

/** Revokes for good; again changes nothing. Throws Problem unknown, forbidden or reason. */
export async function revokeDocument(ctx: Ctx, code: string, reason: string): Promise<IssuedDocument> {
  const document = await findDocument(ctx, code);
  if (!document) throw new Problem(DOCUMENT_PROBLEMS.unknown);
  const { application, agency, village } = document;
  permit(ctx.actor, 'document.revoke', { application: { id: application, agency, village } });
  refuseUnknownReason(reason);
  return inTransaction(ctx, async (tx) => {
    await revoke(tx, document, reason);
    return (await documentByCode(tx, document.code)) as IssuedDocument;
  });
}

function refuseUnknownReason(reason: string): void {
  if (!Object.hasOwn(REVOCATION_REASONS, reason))
    throw new Problem(DOCUMENT_PROBLEMS.reason, undefined, [
      { path: 'reason', message: DOCUMENT_PROBLEMS.reason.title },
    ]);
}

async function revoke(tx: Ctx, document: IssuedDocument, reason: string): Promise<void> {
  const { application, agency, village, service, product } = document;
  if (await markRevoked(tx, document.id, reason))
    await recordEvent(tx, {
      type: 'document.revoked',
      subject: document.id,
      agency,
      village,
      data: { application, service, product, reason },
    });
}

// the engine may already be in its own transaction: then ours is part of it
const inTransaction = <T>(ctx: Ctx, work: (tx: Ctx) => Promise<T>): Promise<T> =>
  ctx.db.isTransaction ? work(ctx) : ctx.db.transaction().execute((db) => work({ ...ctx, db }));
