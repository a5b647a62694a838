// Issuing, finding and revoking what a service produces. One transaction each: paper, row and event, or nothing.
import { localDate } from '#platform/calendar.ts';
import type { Ctx } from '#platform/context.ts';
import { eventsOf, recordEvent } from '#platform/event-log.ts';
import { openFile, storeFile } from '#platform/files.ts';
import { newId, normaliseCode, randomCode } from '#platform/ids.ts';
import { Problem } from '#platform/problem.ts';
import type { Agency, Product } from '#src/catalogue/service.ts';
import { permit } from '#src/rights.ts';
import { fillDocument, initials, type Values } from './letter.ts';
import { renderPdf } from './pdf.ts';
import { DOCUMENT_PROBLEMS } from './problems.ts';
import {
  attachFile,
  documentByCode,
  documentOf,
  documentsByApplication,
  type IssuedDocument,
  markRevoked,
  reserveDocument,
} from './store.ts';
import { REVOCATION_REASONS } from './text.ts';

export type { IssuedDocument } from './store.ts';

/** 26 characters of 5 bits: 130 bits, beyond guessing. */
const CODE_LENGTH = 26;

/** Ids and codes of the application; `registerNumber` when the service keeps a register. */
export type Source = { id: string; number: string; service: string; village: string; registerNumber?: string };

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
};

/**
 * Issues a product of an application: once, however often it is asked. The caller permits the act it follows from.
 * Throws Problem notIssued for products that another system makes.
 */
export async function issueDocument(ctx: Ctx, issue: Issue): Promise<IssuedDocument> {
  const { application, product, agency, names } = issue;
  const before = await documentOf(ctx, application.id, product.id);
  if (before) return before;
  if (!product.document || product.kind === 'external') throw new Problem(DOCUMENT_PROBLEMS.notIssued);
  const template = product.document;

  return inTransaction(ctx, async (tx) => {
    const id = newId(ctx.now);
    const code = randomCode(CODE_LENGTH);
    const number = application.registerNumber ?? application.number;
    const reserved = await reserveDocument(tx, {
      id,
      code,
      number,
      application: application.id,
      service: application.service,
      product: product.id,
      agency: agency.id,
      holder: initials(issue.holder),
    });
    if (reserved) {
      const date = localDate(ctx.calendar, ctx.now);
      const own = {
        number: application.number,
        registerNumber: application.registerNumber,
        date,
        agency: agency.name,
        village: names.village,
        district: names.district,
      };
      const bytes = await renderPdf({
        ...fillDocument(template, { ...issue.values, ...own }),
        regency: names.regency,
        agency: agency.name,
        address: agency.address,
        number,
        place: names.town,
        date,
        code,
        verifyUrl: verifyUrl(ctx, code),
        issuedAt: ctx.now,
        demo: ctx.config.mode === 'demo',
      });
      const file = await storeFile(tx, {
        origin: 'issued',
        owner: id,
        name: `${product.name} ${number}`,
        kind: 'application/pdf',
        bytes,
      });
      await attachFile(tx, id, file);
      await recordEvent(tx, {
        type: 'document.issued',
        subject: id,
        agency: agency.id,
        village: application.village,
        data: { application: application.id, service: application.service, product: product.id },
      });
    }
    return (await documentOf(tx, application.id, product.id)) as IssuedDocument;
  });
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
  const { application, agency, service, product } = document;
  const [issued] = await eventsOf(ctx, document.id);
  const village = issued?.village ?? '';
  permit(ctx.actor, 'document.revoke', { application: { id: application, agency, village } });
  if (!Object.hasOwn(REVOCATION_REASONS, reason))
    throw new Problem(DOCUMENT_PROBLEMS.reason, undefined, [
      { path: 'reason', message: DOCUMENT_PROBLEMS.reason.title },
    ]);

  return inTransaction(ctx, async (tx) => {
    if (await markRevoked(tx, document.id, reason)) {
      await recordEvent(tx, {
        type: 'document.revoked',
        subject: document.id,
        agency,
        village,
        data: { application, service, product, reason },
      });
    }
    return (await documentByCode(tx, document.code)) as IssuedDocument;
  });
}

// the engine may already be in its own transaction: then ours is part of it
const inTransaction = <T>(ctx: Ctx, work: (tx: Ctx) => Promise<T>): Promise<T> =>
  ctx.db.isTransaction ? work(ctx) : ctx.db.transaction().execute((db) => work({ ...ctx, db }));
