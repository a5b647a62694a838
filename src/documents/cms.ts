// Cryptographic messages (CMS, RFC 5652) as PDF signatures use them: made with the ESS signing-certificate-v2 attribute
// (ETSI EN 319 142-1: PAdES baseline B), and verified without trusting anything in them. Pure.
import { constants, createHash, type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import { fromBER } from 'asn1js';
import { Certificate, ContentInfo, SignedData, type SignerInfo } from 'pkijs';
import { derLength } from './pdf-signature.ts';

/** Who signs: certificate first, then those above it. */
export type Signer = { key: KeyObject; certificates: X509Certificate[] };

export type CheckedCms = {
  /** valid: the bytes are those that were signed, and the certificate's key signed them. */
  state: 'valid' | 'invalid' | 'unreadable';
  signer?: string;
  issuer?: string;
  /** When, as the signer says; nobody vouches for it. */
  signedAt?: Date;
  /** Up to a root that this installation trusts: `expired` when it was not valid at that time. */
  chain: 'trusted' | 'expired' | 'untrusted';
  /** Whether the signature names its own certificate, as PAdES asks. */
  namesCertificate: boolean;
};

const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
  rsa: '1.2.840.113549.1.1.1',
  rsaSha256: '1.2.840.113549.1.1.11',
  pss: '1.2.840.113549.1.1.10',
  ecdsaSha256: '1.2.840.10045.4.3.2',
} as const;
/** SHA-1 and MD5 are broken for signatures: a file signed with them is not held valid. */
const DIGESTS: Record<string, string> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const RSA = new Set<string>([OID.rsa, OID.rsaSha256, '1.2.840.113549.1.1.12', '1.2.840.113549.1.1.13']);
const ECDSA = new Set<string>([OID.ecdsaSha256, '1.2.840.10045.4.3.3', '1.2.840.10045.4.3.4', '1.2.840.10045.2.1']);

/** Signs bytes, detached. The time of signing stands in the PDF, not here: PAdES forbids it in both places. */
export function makeCms(signer: Signer, content: Buffer): Buffer {
  const own = signer.certificates[0];
  if (!own) throw new Error('a signer has a certificate');
  const { issuer, serialNumber } = Certificate.fromBER(arrayOf(own.raw));
  const certHash = createHash('sha256').update(own.raw).digest();
  const attributes = [
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.messageDigest, tlv(0x04, createHash('sha256').update(content).digest())),
    // ESSCertIDv2 with its default algorithm, SHA-256 (RFC 5035)
    attribute(OID.signingCertificateV2, tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x04, certHash))))),
  ].sort(Buffer.compare);
  const ec = signer.key.asymmetricKeyType === 'ec';
  const signature = sign('sha256', tlv(0x31, ...attributes), signer.key);
  const digest = tlv(0x30, oid(OID.sha256), NULL);
  const signerInfo = tlv(
    0x30,
    INTEGER_1,
    tlv(0x30, Buffer.from(issuer.toSchema().toBER()), Buffer.from(serialNumber.toBER())),
    digest,
    tlv(0xa0, ...attributes),
    ec ? tlv(0x30, oid(OID.ecdsaSha256)) : tlv(0x30, oid(OID.rsaSha256), NULL),
    tlv(0x04, signature),
  );
  const signedData = tlv(
    0x30,
    INTEGER_1,
    tlv(0x31, digest),
    tlv(0x30, oid(OID.data)),
    tlv(0xa0, ...signer.certificates.map(({ raw }) => raw)),
    tlv(0x31, signerInfo),
  );
  return tlv(0x30, oid(OID.signedData), tlv(0xa0, signedData));
}

const UNREADABLE: CheckedCms = { state: 'unreadable', chain: 'untrusted', namesCertificate: false };

/** Whether `cms` signs `content`, and who did. `at`: when the chain must have been valid, unless the signer says when. */
export function checkCms(cms: Buffer, content: Buffer, roots: X509Certificate[], at: Date): CheckedCms {
  try {
    return check(cms, content, roots, at);
  } catch {
    return UNREADABLE; // whatever bytes come: a signature that cannot be read is none
  }
}

function check(cms: Buffer, content: Buffer, roots: X509Certificate[], at: Date): CheckedCms {
  if (derLength(cms) !== cms.length || depthOf(cms, 0, cms.length, 0) > 24) return UNREADABLE;
  const info = new ContentInfo({ schema: fromBER(arrayOf(cms)).result });
  if (info.contentType !== OID.signedData) return UNREADABLE;
  const data = new SignedData({ schema: info.content });
  const [signerInfo] = data.signerInfos;
  if (!signerInfo || data.signerInfos.length !== 1 || data.encapContentInfo.eContent) return UNREADABLE;
  const certificates = (data.certificates ?? [])
    .slice(0, 16)
    .filter((one) => one instanceof Certificate)
    .map((one) => ({ parsed: one, real: new X509Certificate(Buffer.from(one.toSchema(false).toBER())) }));
  const sid = signerInfo.sid as {
    serialNumber?: { isEqual(other: unknown): boolean };
    issuer?: { isEqual(other: unknown): boolean };
  };
  const own = certificates.find(
    ({ parsed }) => sid.serialNumber?.isEqual(parsed.serialNumber) && sid.issuer?.isEqual(parsed.issuer),
  )?.real;
  if (!own) return UNREADABLE;
  const attributes = signerInfo.signedAttrs?.attributes ?? [];
  const only = (type: string) => {
    const found = attributes.filter((one) => one.type === type);
    return found.length === 1 && found[0]?.values.length === 1 ? found[0].values[0] : undefined;
  };
  const digest = DIGESTS[signerInfo.digestAlgorithm.algorithmId];
  const said = only(OID.messageDigest) as { valueBlock?: { valueHexView?: Uint8Array } } | undefined;
  const saidType = (
    only(OID.contentType) as { valueBlock?: { toString(): string } } | undefined
  )?.valueBlock?.toString();
  const real = digest === undefined ? undefined : createHash(digest).update(content).digest();
  const intact =
    real !== undefined &&
    saidType === OID.data &&
    said?.valueBlock?.valueHexView !== undefined &&
    real.equals(said.valueBlock.valueHexView) &&
    signedBy(signerInfo, digest as string, own);
  const ess = only(OID.signingCertificateV2);
  const namesCertificate =
    ess !== undefined && Buffer.from(ess.toBER()).includes(createHash('sha256').update(own.raw).digest());
  return {
    // a signature that names another certificate than the one that comes with it was put together by somebody else
    state: intact && (ess === undefined || namesCertificate) ? 'valid' : 'invalid',
    signer: commonName(own.subject),
    issuer: commonName(own.issuer),
    chain: chainOf(
      own,
      certificates.map((one) => one.real),
      roots,
      at,
    ),
    namesCertificate,
  };
}

function signedBy(info: SignerInfo, digest: string, certificate: X509Certificate): boolean {
  const encoded = Buffer.from(info.signedAttrs?.encodedValue ?? new ArrayBuffer(0));
  if (encoded.length === 0) return false;
  const attributes = Buffer.from(encoded);
  attributes[0] = 0x31; // signed as a SET, stored as [0]
  const signature = Buffer.from(info.signature.valueBlock.valueHexView);
  const key = certificate.publicKey;
  const algorithm = info.signatureAlgorithm.algorithmId;
  if (RSA.has(algorithm) && key.asymmetricKeyType === 'rsa') return verify(digest, attributes, key, signature);
  if (algorithm === OID.pss && key.asymmetricKeyType?.startsWith('rsa'))
    return verify(
      digest,
      attributes,
      { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO },
      signature,
    );
  return ECDSA.has(algorithm) && key.asymmetricKeyType === 'ec' && verify(digest, attributes, key, signature);
}

/** Climbs from the signer to a trusted root through what came along; at most eight steps. */
function chainOf(
  own: X509Certificate,
  given: X509Certificate[],
  roots: X509Certificate[],
  at: Date,
): CheckedCms['chain'] {
  const inTime = (one: X509Certificate) => at >= new Date(one.validFrom) && at <= new Date(one.validTo);
  let current = own;
  let valid = inTime(own);
  for (let step = 0; step < 8; step++) {
    const root = roots.find((one) => one.fingerprint256 === current.fingerprint256);
    if (root) return valid ? 'trusted' : 'expired';
    const issuedBy = (one: X509Certificate) =>
      one.ca &&
      one.fingerprint256 !== current.fingerprint256 &&
      current.checkIssued(one) &&
      current.verify(one.publicKey);
    const above = roots.find(issuedBy) ?? given.find(issuedBy);
    if (!above) return 'untrusted';
    valid &&= inTime(above);
    current = above;
  }
  return 'untrusted';
}

/** "CN=Kepala Contoh\nO=…" → "Kepala Contoh". */
export const commonName = (name: string): string =>
  (/(?:^|\n)CN=([^\n]{1,200})/.exec(name)?.[1] ?? name.split('\n')[0] ?? '').slice(0, 120);

// nesting without end would exhaust the parser's stack; the first fault ends the count
function depthOf(bytes: Buffer, from: number, to: number, depth: number): number {
  let deepest = depth;
  let at = from;
  while (at + 2 <= to && deepest <= 24) {
    const tag = bytes[at] as number;
    const first = bytes[at + 1] as number;
    const count = first < 0x80 ? 0 : first & 0x7f;
    if (count > 4 || at + 2 + count > to) break;
    const length = count === 0 ? first & 0x7f : bytes.readUIntBE(at + 2, count);
    const start = at + 2 + count;
    if (start + length > to) break;
    if (tag & 0x20) deepest = Math.max(deepest, depthOf(bytes, start, start + length, depth + 1));
    at = start + length;
  }
  return deepest;
}

const arrayOf = (bytes: Buffer): ArrayBuffer =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;

const NULL = Buffer.from([5, 0]);
const INTEGER_1 = Buffer.from([2, 1, 1]);

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  if (value.length < 0x80) return Buffer.concat([Buffer.from([tag, value.length]), value]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(value.length);
  const bytes = size.subarray(size.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, value]);
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((number) => {
    const groups = [number & 0x7f];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return tlv(0x06, Buffer.from(bytes));
}

const attribute = (type: string, value: Buffer): Buffer => tlv(0x30, oid(type), tlv(0x31, value));
