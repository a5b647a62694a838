// A real OpenID Connect provider on loopback for tests: oidc-provider with three clients of ours and its own sign-in page.
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { calculateJwkThumbprint, type JWK } from 'jose';
import Provider from 'oidc-provider';
import type { Oidc } from '#platform/oidc.ts';

export type TestProvider = {
  /** How Pendopo is set for it: ES512, private_key_jwt. */
  setting: Oidc;
  settingOf(client: 'rahasia' | 'terbuka'): Oidc;
  clientKey: JWK;
  /** Signs somebody in at the provider as a browser would; answers the address to which she is sent back. */
  signIn(authorization: string, who: string): Promise<string>;
  close(): Promise<void>;
};

const SECRET = 'rahasia-contoh-yang-cukup-panjang-untuk-klien-ini';

export async function openProvider(given: { redirect: string }): Promise<TestProvider> {
  const client = generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey;
  const own = generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey.export({ format: 'jwk' }) as JWK;
  const publicKey = createPublicKey(client).export({ format: 'jwk' }) as JWK;
  const clientKey: JWK = { ...publicKey, kid: await calculateJwkThumbprint(publicKey), use: 'sig', alg: 'ES512' };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const common = {
    redirect_uris: [given.redirect],
    response_types: ['code' as const],
    grant_types: ['authorization_code'],
    id_token_signed_response_alg: 'ES512' as const,
  };
  const provider = new Provider(issuer, {
    clients: [
      {
        ...common,
        client_id: 'pendopo',
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES512',
        jwks: { keys: [clientKey as never] },
      },
      { ...common, client_id: 'rahasia', client_secret: SECRET, token_endpoint_auth_method: 'client_secret_basic' },
      { ...common, client_id: 'terbuka', token_endpoint_auth_method: 'none' },
    ],
    jwks: { keys: [{ ...own, alg: 'ES512', use: 'sig' } as never] },
    enabledJWA: {
      idTokenSigningAlgValues: ['ES512'],
      clientAuthSigningAlgValues: ['ES512', 'HS256'],
    },
    clientAuthMethods: ['private_key_jwt', 'client_secret_basic', 'none'],
    pkce: { required: () => true },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    cookies: { keys: ['contoh'] },
  } as never);
  server.on('request', provider.callback());

  const setting: Oidc = {
    issuer,
    clientId: 'pendopo',
    authentication: 'private_key_jwt',
    secret: undefined,
    keys: [client as KeyObject],
    algorithm: 'ES512',
    idTokenAlgorithms: ['ES512', 'ES256', 'RS256'],
    scope: 'openid',
    label: 'Akun Contoh',
    audience: undefined,
  };
  return {
    setting,
    settingOf: (id) => ({
      ...setting,
      clientId: id,
      authentication: id === 'rahasia' ? 'client_secret_basic' : 'none',
      secret: id === 'rahasia' ? SECRET : undefined,
    }),
    clientKey,
    signIn: (authorization, who) => walk(authorization, who, given.redirect),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Follows the provider's redirects and fills in its forms, until it sends back to us. */
async function walk(authorization: string, who: string, redirect: string): Promise<string> {
  const cookies = new Map<string, string>();
  const go = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return response;
  };
  let url = authorization;
  let response = await go(url);
  for (let turn = 0; turn < 12; turn++) {
    const location = response.headers.get('location');
    if (location) {
      url = new URL(location, url).href;
      if (url.startsWith(redirect)) return url;
      response = await go(url);
      continue;
    }
    const page = await response.text();
    const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1];
    if (!action || !prompt) throw new Error(`the provider shows no form: ${response.status} ${page.slice(0, 300)}`);
    url = new URL(action, url).href;
    response = await go(url, {
      method: 'POST',
      body: new URLSearchParams({ prompt, ...(prompt === 'login' && { login: who, password: 'apa-saja' }) }),
    });
  }
  throw new Error('the provider goes round in circles');
}
