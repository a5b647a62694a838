// The agency's own key in a PKCS#12 file: papers are sealed here, at once and without a network. A demo makes its own.
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#platform/config.ts';
import type { SigningSettings } from '#platform/signing.ts';
import { commonName, makeCms, type Signer } from '../cms.ts';
import { coveredBytes } from '../pdf-signature.ts';
import { rootsOf } from './bsre.ts';
import { placeSignature, prepareSignature } from './increment.ts';
import { makeDemoSigner, openPkcs12 } from './pkcs12.ts';
import type { SignatureProvider } from './provider.ts';

type Settings = Extract<SigningSettings, { kind: 'local' }>;

export function localProvider(settings: Settings, now: Date): SignatureProvider {
  const file = readFileSync(settings.pkcs12);
  const first = openPkcs12(file, settings.passphrase, now);
  // its own root counts as trusted: the agency put it there
  const own = typeof first === 'string' ? [] : first.certificates.filter((one) => one.checkIssued(one));
  return {
    name: 'local',
    by: 'program',
    roots: [...own, ...rootsOf(settings.trust)],
    sign: async (pdf, request) => {
      const signer = openPkcs12(file, settings.passphrase, request.at);
      if (typeof signer === 'string') return { outcome: 'refused', reason: signer };
      return { outcome: 'signed', pdf: sealed(pdf, signer, request) };
    },
    probe: async (at) => {
      const signer = openPkcs12(file, settings.passphrase, at);
      return typeof signer === 'string' ? signer : undefined;
    },
    reconcile: async () => undefined,
  };
}

function sealed(pdf: Buffer, signer: Signer, request: { title: string; location: string; at: Date }): Buffer {
  const name = commonName(signer.certificates[0]?.subject ?? '');
  const prepared = prepareSignature(pdf, { name, reason: request.title, location: request.location, at: request.at });
  return placeSignature(prepared, makeCms(signer, coveredBytes(prepared.pdf, prepared.range)));
}

/** Not secret, and it guards nothing: the key in the file is an example that nobody trusts. */
const DEMO_PASSPHRASE = 'contoh-bukan-rahasia';

/** The demo's seal, made once in the state folder; of two starts at once one wins. */
export function demoSettings(config: Pick<Config, 'stateDir'>, now: Date): Settings {
  const path = join(config.stateDir, 'segel-contoh.p12');
  const settings: Settings = { kind: 'local', pkcs12: path, passphrase: DEMO_PASSPHRASE, trust: '', timeoutMs: 60_000 };
  try {
    readFileSync(path);
    return settings;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part`;
  writeFileSync(temporary, makeDemoSigner(now, DEMO_PASSPHRASE).pkcs12, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(temporary, path); // whole or not at all, and never over another's
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  return settings;
}
