// Settings for signing residents in through an identity provider (OpenID Connect), checked at start.
import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
  'EdDSA',
] as const;
export type Algorithm = (typeof ALGORITHMS)[number];
const AUTHENTICATIONS = ['private_key_jwt', 'client_secret_basic', 'none'] as const;

export type Oidc = {
  issuer: string;
  clientId: string;
  authentication: (typeof AUTHENTICATIONS)[number];
  secret: string | undefined;
  /** The first signs; all are published, so that a new key can be known before the old one goes. */
  keys: KeyObject[];
  algorithm: Algorithm;
  /** With which algorithms the provider may sign what it says of a person. */
  idTokenAlgorithms: Algorithm[];
  scope: string;
  label: string;
  audience: string | undefined;
};

/** The variables as read; undefined = not set. */
export type OidcVariables = {
  OIDC_ISSUER?: string | undefined;
  OIDC_CLIENT_ID?: string | undefined;
  OIDC_CLIENT_AUTH: string;
  OIDC_CLIENT_SECRET?: string | undefined;
  OIDC_CLIENT_KEY_FILE?: string | undefined;
  OIDC_CLIENT_ALG: string;
  OIDC_ID_TOKEN_ALGS: string;
  OIDC_SCOPE: string;
  OIDC_LABEL: string;
  OIDC_AUDIENCE?: string | undefined;
};

/** The provider, or undefined when none is set. Throws an Error whose message names the variable and the remedy. */
export function readOidc(e: OidcVariables): Oidc | undefined {
  if (!e.OIDC_ISSUER) return undefined;
  const issuer = new URL(e.OIDC_ISSUER);
  if (issuer.protocol !== 'https:' && !isLoopback(issuer))
    throw new Error('OIDC_ISSUER: must be an https address (http only on this machine, for trying out)');
  if (!e.OIDC_CLIENT_ID) throw new Error('OIDC_ISSUER is set: OIDC_CLIENT_ID is needed too');
  const authentication = oneOf('OIDC_CLIENT_AUTH', AUTHENTICATIONS, e.OIDC_CLIENT_AUTH);
  const algorithm = oneOf('OIDC_CLIENT_ALG', ALGORITHMS, e.OIDC_CLIENT_ALG);
  const keys = e.OIDC_CLIENT_KEY_FILE ? readKeys(e.OIDC_CLIENT_KEY_FILE) : [];
  if (authentication === 'private_key_jwt') {
    if (!keys[0])
      throw new Error(
        'OIDC_CLIENT_AUTH is private_key_jwt: OIDC_CLIENT_KEY_FILE is needed (a private key as JWK, JWKS or PEM)',
      );
    if (!fits(keys[0], algorithm))
      throw new Error(`OIDC_CLIENT_KEY_FILE: this key cannot sign with ${algorithm}; set OIDC_CLIENT_ALG to fit it`);
  }
  if (authentication === 'client_secret_basic' && !e.OIDC_CLIENT_SECRET)
    throw new Error('OIDC_CLIENT_AUTH is client_secret_basic: OIDC_CLIENT_SECRET is needed too');
  if (!e.OIDC_SCOPE.split(' ').includes('openid')) throw new Error('OIDC_SCOPE: must contain openid');
  return {
    // the provider's own spelling counts, to the last slash: it must equal what its answers say
    issuer: e.OIDC_ISSUER,
    clientId: e.OIDC_CLIENT_ID,
    authentication,
    secret: e.OIDC_CLIENT_SECRET,
    keys,
    algorithm,
    idTokenAlgorithms: e.OIDC_ID_TOKEN_ALGS.split(/[,\s]+/).map((name) =>
      oneOf('OIDC_ID_TOKEN_ALGS', ALGORITHMS, name),
    ),
    scope: e.OIDC_SCOPE,
    label: e.OIDC_LABEL,
    audience: e.OIDC_AUDIENCE,
  };
}

export const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);

function oneOf<T extends string>(variable: string, known: readonly T[], value: string): T {
  const found = known.find((one) => one === value);
  if (!found) throw new Error(`${variable}: must be one of ${known.join(', ')}`);
  return found;
}

function readKeys(path: string): KeyObject[] {
  try {
    const text = readFileSync(path, 'utf8').trim();
    if (!text.startsWith('{')) return [createPrivateKey(text)];
    const json = JSON.parse(text) as JsonWebKey & { keys?: JsonWebKey[] };
    return (json.keys ?? [json]).map((key) => createPrivateKey({ key, format: 'jwk' }));
  } catch {
    throw new Error('OIDC_CLIENT_KEY_FILE: must be a readable file with a private key as JWK, JWKS or PEM');
  }
}

const CURVES: Record<string, string> = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' };

function fits(key: KeyObject, algorithm: Algorithm): boolean {
  if (algorithm === 'EdDSA') return key.asymmetricKeyType === 'ed25519';
  const curve = CURVES[algorithm];
  return curve
    ? key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === curve
    : key.asymmetricKeyType === 'rsa';
}
