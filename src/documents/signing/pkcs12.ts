// A PKCS#12 file: who may sign with it, and the demo's own, made here and labelled as such. Pure but for the keys it draws.
import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import type { Signer } from '../cms.ts';

export type Pkcs12Fault = 'wrong-passphrase' | 'file-unreadable' | 'no-key' | 'certificate-expired';

/** The key and its chain; or why they cannot be had. A certificate outside its time does not sign. */
export function openPkcs12(file: Buffer, passphrase: string, now: Date): Signer | Pkcs12Fault {
  let p12: forge.pkcs12.Pkcs12Pfx;
  try {
    const asn1 = forge.asn1.fromDer(file.toString('binary'));
    p12 = forge.pkcs12.pkcs12FromAsn1(asn1, passphrase);
  } catch (error) {
    return /password|MAC could not be verified|decrypt/i.test((error as Error).message)
      ? 'wrong-passphrase'
      : 'file-unreadable';
  }
  try {
    const key = keyOf(p12);
    const bags = p12.getBags({ bagType: CERT_BAG })[CERT_BAG] ?? [];
    const all = bags.flatMap(({ cert, asn1 }) => {
      const der = cert ? forge.pki.certificateToAsn1(cert) : asn1;
      return der ? [new X509Certificate(Buffer.from(forge.asn1.toDer(der).getBytes(), 'binary'))] : [];
    });
    const own = key && all.find((one) => one.checkPrivateKey(key));
    if (!key || !own) return 'no-key';
    if (now < new Date(own.validFrom) || now > new Date(own.validTo)) return 'certificate-expired';
    return { key, certificates: [own, ...all.filter((one) => one !== own)] };
  } catch {
    return 'file-unreadable';
  }
}

const CERT_BAG = forge.pki.oids.certBag as string;
const KEY_BAGS = [forge.pki.oids.pkcs8ShroudedKeyBag as string, forge.pki.oids.keyBag as string];

// keys on elliptic curves are none that forge knows, but it hands over what it decrypted
function keyOf(p12: forge.pkcs12.Pkcs12Pfx): KeyObject | undefined {
  for (const type of KEY_BAGS) {
    const bag = p12.getBags({ bagType: type })[type]?.[0];
    if (bag?.key) return createPrivateKey(forge.pki.privateKeyToPem(bag.key));
    if (bag?.asn1) {
      const der = Buffer.from(forge.asn1.toDer(bag.asn1).getBytes(), 'binary');
      return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    }
  }
  return undefined;
}

export type MadeSigner = { pkcs12: Buffer; root: string };

/** A root and a seal below it, for demonstrations: no name in it could be taken for an office's. `root` is PEM. */
export function makeDemoSigner(now: Date, passphrase: string, years = 10): MadeSigner {
  const root = pair();
  const seal = pair();
  const rootCert = certificate({
    subject: 'CA Contoh Pendopo - BUKAN RESMI',
    issuer: 'CA Contoh Pendopo - BUKAN RESMI',
    keys: root,
    by: root,
    now,
    years,
    ca: true,
  });
  const sealCert = certificate({
    subject: 'Segel Contoh Pendopo - BUKAN RESMI',
    issuer: 'CA Contoh Pendopo - BUKAN RESMI',
    keys: seal,
    by: root,
    now,
    years,
    ca: false,
  });
  const p12 = forge.pkcs12.toPkcs12Asn1(seal.privateKey, [sealCert, rootCert], passphrase, { algorithm: 'aes256' });
  return {
    pkcs12: Buffer.from(forge.asn1.toDer(p12).getBytes(), 'binary'),
    root: forge.pki.certificateToPem(rootCert),
  };
}

type Pair = { privateKey: forge.pki.rsa.PrivateKey; publicKey: forge.pki.rsa.PublicKey };

// drawn by the operating system's library: forge's own takes seconds
function pair(): Pair {
  const made = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    privateKey: forge.pki.privateKeyFromPem(made.privateKey) as forge.pki.rsa.PrivateKey,
    publicKey: forge.pki.publicKeyFromPem(made.publicKey) as forge.pki.rsa.PublicKey,
  };
}

function certificate(of: {
  subject: string;
  issuer: string;
  keys: Pair;
  by: Pair;
  now: Date;
  years: number;
  ca: boolean;
}) {
  const cert = forge.pki.createCertificate();
  cert.publicKey = of.keys.publicKey;
  cert.serialNumber = of.ca ? '01' : '02';
  cert.validity.notBefore = new Date(of.now.getTime() - 86_400_000);
  cert.validity.notAfter = new Date(of.now.getTime() + of.years * 365 * 86_400_000);
  const name = (text: string) => [
    { name: 'commonName', value: text },
    { name: 'organizationName', value: 'Contoh' },
    { name: 'countryName', value: 'ID' },
  ];
  cert.setSubject(name(of.subject));
  cert.setIssuer(name(of.issuer));
  cert.setExtensions([
    { name: 'basicConstraints', cA: of.ca, critical: true },
    of.ca
      ? { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true }
      : { name: 'keyUsage', digitalSignature: true, nonRepudiation: true, critical: true },
  ]);
  cert.sign(of.by.privateKey, forge.md.sha256.create());
  return cert;
}
