// Who signs papers, as the operator set it. Read once at start; the key file itself is opened when the first paper is signed.
import { readFileSync } from 'node:fs';

export type SigningSettings = {
  /** PEM of roots under which signatures count as trusted. */
  trust: string;
  /** How long a provider may take before its outcome counts as unknown. */
  timeoutMs: number;
} & (
  | { kind: 'local'; pkcs12: string; passphrase: string }
  | { kind: 'bsre-v1' | 'bsre-v2'; url: string; user: string; password: string }
);

const KINDS = ['local', 'bsre-v1', 'bsre-v2'];

/** Undefined when nothing is set. Throws an Error with the name of the variable and the remedy. */
export function readSigning(env: NodeJS.ProcessEnv): SigningSettings | undefined {
  const kind = env.SIGNING_PROVIDER;
  if (!kind) return undefined;
  if (!KINDS.includes(kind)) throw new Error(`SIGNING_PROVIDER: must be one of ${KINDS.join(', ')}`);
  const seconds = Number(env.SIGNING_TIMEOUT || 60);
  if (!(seconds >= 1 && seconds <= 300)) throw new Error('SIGNING_TIMEOUT: must be seconds from 1 to 300');
  const common = {
    timeoutMs: seconds * 1000,
    trust: env.SIGNING_TRUST_FILE ? read('SIGNING_TRUST_FILE', env.SIGNING_TRUST_FILE) : '',
  };
  if (kind === 'local') {
    const pkcs12 = env.SIGNING_PKCS12_FILE;
    if (!pkcs12) throw new Error('SIGNING_PKCS12_FILE: is needed for SIGNING_PROVIDER=local');
    read('SIGNING_PKCS12_FILE', pkcs12);
    return { ...common, kind, pkcs12, passphrase: secret(env, 'SIGNING_PKCS12_PASSPHRASE') };
  }
  const url = env.SIGNING_URL ?? '';
  if (!/^https?:\/\/[^\s/]+/.test(url))
    throw new Error('SIGNING_URL: the address of the signing service, like https://esign.example.id');
  return {
    ...common,
    kind: kind as 'bsre-v1',
    url: url.replace(/\/+$/, ''),
    user: env.SIGNING_USER ?? '',
    password: secret(env, 'SIGNING_PASSWORD'),
  };
}

/** From the variable, or from the file that its sister with _FILE names. */
function secret(env: NodeJS.ProcessEnv, name: string): string {
  const file = env[`${name}_FILE`];
  const value = file ? read(`${name}_FILE`, file).trimEnd() : env[name];
  if (!value) throw new Error(`${name} or ${name}_FILE: is needed for SIGNING_PROVIDER=${env.SIGNING_PROVIDER}`);
  return value;
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    throw new Error(`${name}: the file cannot be read`);
  }
}
