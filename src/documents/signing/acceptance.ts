// Whether what a signing service sent back is our paper, unaltered, signed as a whole. Anything else is refused: the
// service may be broken, changed on its way, or lying. Pure.
import type { X509Certificate } from 'node:crypto';
import { type CheckedCms, checkCms } from '../cms.ts';
import { coveredBytes, readSignatures } from '../pdf-signature.ts';

export type Unacceptable =
  | 'not-a-pdf'
  | 'truncated'
  | 'other-document' // our bytes are not its beginning
  | 'content-changed' // what was added draws over or replaces what we wrote
  | 'unsigned'
  | 'not-covered' // a signature that leaves part of the file out, or is built to mislead
  | 'signature-invalid'
  | 'certificate-untrusted';

export type Acceptance = { ok: true; signature: CheckedCms } | { ok: false; why: Unacceptable };

/** Judges a returned file. `roots`: when there are any, the signer's certificate must lead to one of them. */
export function acceptSigned(paper: Buffer, returned: Buffer, roots: X509Certificate[], at: Date): Acceptance {
  const no = (why: Unacceptable): Acceptance => ({ ok: false, why });
  if (returned.subarray(0, 5).toString('latin1') !== '%PDF-') return no('not-a-pdf');
  // updaters may drop or keep the line break behind the last %%EOF
  const ours = trimmed(paper);
  if (returned.length < ours.length)
    return no(ours.subarray(0, returned.length).equals(returned) ? 'truncated' : 'other-document');
  if (!returned.subarray(0, ours.length).equals(ours)) return no('other-document');
  if (trimmed(returned).length === ours.length) return no('unsigned');
  if (!/%%EOF\s*$/.test(returned.toString('latin1', Math.max(0, returned.length - 32)))) return no('truncated');
  const read = readSignatures(returned);
  if (read.problem) return no('not-covered');
  if (read.signatures.length === 0) return no('unsigned');
  const [one] = read.signatures;
  if (read.signatures.length !== 1 || !one?.range || !one.cms || !one.wholeFile || one.faults.length > 0)
    return no('not-covered');
  if (!addsOnlySignature(paper, returned.subarray(ours.length))) return no('content-changed');
  const signature = checkCms(one.cms, coveredBytes(returned, one.range), roots, at);
  if (signature.state !== 'valid') return no('signature-invalid');
  if (roots.length > 0 && signature.chain !== 'trusted') return no('certificate-untrusted');
  return { ok: true, signature };
}

function trimmed(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end -= 1;
  return bytes.subarray(0, end);
}

/**
 * An update can leave our bytes alone and still make a reader show something else. Of our own objects it may define anew
 * only the catalog, the information, and pages whose content and resources stay what they were.
 */
function addsOnlySignature(paper: Buffer, added: Buffer): boolean {
  const before = paper.toString('latin1');
  const after = added.toString('latin1');
  if (/\/ObjStm\b/.test(after)) return false; // objects out of sight: we cannot follow, so we do not accept
  const size = Number(/\/Size (\d+)/.exec(before.slice(before.lastIndexOf('trailer')))?.[1]);
  const root = /\/Root (\d+) 0 R/.exec(before.slice(before.lastIndexOf('trailer')))?.[1];
  if (!size || (/\/Root (\d+) /.exec(after)?.[1] ?? root) !== root) return false;
  for (const match of after.matchAll(/(?:^|[\r\n ])(\d{1,10}) (\d{1,5}) obj\b([\s\S]*?)(?:endobj|$)/g)) {
    const number = Number(match[1]);
    if (number >= size) {
      continue; // new: field, signature, appearance, revocation data
    }
    const old = new RegExp(`(?:^|\\n)${number} 0 obj\\n([\\s\\S]*?)endobj`).exec(before)?.[1] ?? '';
    const now = match[3] ?? '';
    const kept = /\/Type\s*\/Page\b/.test(old)
      ? ['Contents', 'Resources', 'MediaBox', 'Parent']
      : /\/Type\s*\/Catalog\b/.test(old)
        ? ['Pages', 'StructTreeRoot']
        : /\/Producer\b/.test(old)
          ? []
          : undefined;
    if (!kept) return false;
    if (kept.some((entry) => entryOf(old, entry) !== entryOf(now, entry))) return false;
    if (/\/(OpenAction|AA|JavaScript|JS)\b/.test(now)) return false;
  }
  // what lies on a page beside its content: the signature's own field must not be made to cover it
  return !/\/Subtype\s*\/(?:FreeText|Stamp|Square|Redact|Popup|Watermark|Screen|RichMedia)\b/.test(after);
}

const entryOf = (object: string, name: string): string =>
  (new RegExp(`/${name}\\s*(\\d+ \\d+ R|\\[[^\\]]*\\])`).exec(object)?.[1] ?? '').replaceAll(/\s+/g, ' ');
