// What a file says about itself, held against what we issued. Only our own bytes pass; everything else is described. Pure.
import type { X509Certificate } from 'node:crypto';
import { type CheckedCms, checkCms } from '../cms.ts';
import { coveredBytes, type Fault, type ReadPdf, readSignatures } from '../pdf-signature.ts';
import type { IssuedDocument } from '../store.ts';

/**
 * genuine: byte for byte what we handed out, valid, its signature whole. before-signing: ours, as it was before it was
 * signed. altered: bears a code of ours, but is not the file we issued. foreign: nothing of ours in it.
 */
export type Verdict = 'genuine' | 'revoked' | 'before-signing' | 'altered' | 'foreign' | 'unreadable';

export type JudgedSignature = Omit<CheckedCms, 'signedAt'> & { wholeFile: boolean; faults: Fault[] };

export type Judgement = {
  verdict: Verdict;
  document?: IssuedDocument;
  problem?: NonNullable<ReadPdf['problem']>;
  signatures: JudgedSignature[];
  /** A whole, valid signature by somebody whom this installation trusts. */
  covered: boolean;
  holds: ReadPdf['holds'];
};

/** Every signature of a file, each checked against the bytes it covers. `at`: when certificates must have been valid. */
export function judgeSignatures(
  pdf: Buffer,
  roots: X509Certificate[],
  at: Date,
): Pick<Judgement, 'signatures' | 'covered' | 'holds' | 'problem'> {
  const { signatures, holds, problem } = readSignatures(pdf);
  const judged = signatures.map(({ range, cms, wholeFile, faults }): JudgedSignature => {
    const checked: CheckedCms =
      range && cms
        ? checkCms(cms, coveredBytes(pdf, range), roots, at)
        : { state: 'unreadable', chain: 'untrusted', namesCertificate: false };
    return { ...checked, wholeFile, faults };
  });
  return {
    signatures: judged,
    // one crooked signature makes the file crooked, however good another is
    covered:
      judged.length > 0 &&
      judged.every(({ state, faults }) => state === 'valid' && faults.length === 0) &&
      judged.some(({ wholeFile, chain }) => wholeFile && chain === 'trusted'),
    holds,
    ...(problem && { problem }),
  };
}

/** The first code of ours that stands in clear in a file. */
export function codeIn(pdf: Buffer): string | undefined {
  const text = pdf.toString('latin1');
  return /\/verifikasi\/([0-9A-HJKMNP-TV-Z]{26})(?![0-9A-Z])/.exec(text)?.[1];
}

/** `match`: our document with exactly these bytes. `named`: the one whose code stands in the file. */
export function judge(
  pdf: Buffer,
  known: { match?: { document: IssuedDocument; drawn: boolean } | undefined; named?: IssuedDocument | undefined },
  roots: X509Certificate[],
  now: Date,
): Judgement {
  const { match, named } = known;
  const document = match?.document ?? named;
  // we know when ours was issued; for others only now can be asked
  const read = judgeSignatures(pdf, roots, match?.document.issuedAt ?? now);
  const verdict = (): Verdict => {
    if (match) {
      const { signature, revokedAt } = match.document;
      if (revokedAt) return 'revoked';
      if (match.drawn || signature === 'awaiting-signature' || signature === 'signing-unknown') return 'before-signing';
      return 'genuine';
    }
    if (named) return 'altered';
    return read.problem ? 'unreadable' : 'foreign';
  };
  return { verdict: verdict(), ...(document && { document }), ...read };
}
