// The one interface behind which papers are signed, whoever does it.
import type { X509Certificate } from 'node:crypto';
import type { Unacceptable } from './acceptance.ts';
import type { Pkcs12Fault } from './pkcs12.ts';

/** Why a signing did not come to be: codes of ours, never the provider's words, which may quote what was sent. */
export type Refusal =
  | Unacceptable
  | Pkcs12Fault
  | 'bad-credentials' // this installation's own login at the provider
  | 'not-registered'
  | 'no-certificate'
  | 'provider-refused'
  | 'provider-fault'
  | 'wrong-content'
  | 'unreachable' // nothing was sent
  | 'interrupted'
  | 'declared-unsigned';

/**
 * Nothing here outlives the request: `passphrase` is typed for one act and goes straight to the provider. `who`: NIK, or
 * e-mail where the provider takes one.
 */
export type SigningRequest = {
  title: string;
  location: string;
  at: Date;
  verifyUrl: string;
  credentials?: { who: string; passphrase: string };
};

/** unknown: it was sent, and nobody knows what became of it. `reference` is the provider's own name for its answer. */
export type SigningOutcome =
  | { outcome: 'signed'; pdf: Buffer; reference?: string }
  | { outcome: 'refused'; reason: Refusal }
  | { outcome: 'unknown'; reference?: string };

export type SignatureProvider = {
  name: 'local' | 'bsre-v1' | 'bsre-v2';
  /** program: the agency's seal, at once. person: an officer signs with a passphrase. */
  by: 'program' | 'person';
  /** Where a signature must lead to; none: any valid one is taken. */
  roots: X509Certificate[];
  /** Sends once. Never repeats anything. */
  sign(pdf: Buffer, request: SigningRequest): Promise<SigningOutcome>;
  /** Why it could not sign at this time, found without signing; only who signs by itself can tell. */
  probe?(at: Date): Promise<Refusal | undefined>;
  /** Asks what became of a signing, by the provider's reference; undefined when it cannot tell. */
  reconcile(reference: string): Promise<SigningOutcome | undefined>;
};
