// Signing in at an identity provider by OpenID Connect: any provider that publishes its discovery document.
import { createPublicKey, randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, importJWK, type JWK } from 'jose';
import * as oidc from 'openid-client';
import type { Ctx, World } from '#platform/context.ts';
import { blindIndex, sha256 } from '#platform/crypto.ts';
import { isLoopback, type Oidc } from '#platform/oidc.ts';
import { Problem } from '#platform/problem.ts';
import { openAccount, openSession } from '../actions.ts';
import { kinds } from '../problems.ts';
import { addOidcRequest, addSubject, residentBySubject, takeOidcRequest } from '../store.ts';

/** The one address to which the provider sends people back. */
export const CALLBACK = '/masuk/sso/kembali';
const REQUEST_MINUTES = 10;
const PATIENCE_SECONDS = 5;
const KNOWN_MS = 3_600_000; // how long discovery and keys are believed before they are asked again

type Known = { config: Promise<oidc.Configuration>; until: number };
const known = new WeakMap<Oidc, Known>();

/** The provider as it describes itself, asked once an hour; a failure is not remembered. */
function discovered(setting: Oidc): Promise<oidc.Configuration> {
  const before = known.get(setting);
  if (before && before.until > performance.now()) return before.config;
  const config = discover(setting);
  known.set(setting, { config, until: performance.now() + KNOWN_MS });
  config.catch(() => known.delete(setting));
  return config;
}

async function discover(setting: Oidc): Promise<oidc.Configuration> {
  const issuer = new URL(setting.issuer);
  const insecure = issuer.protocol === 'http:' && isLoopback(issuer) ? [oidc.allowInsecureRequests] : [];
  const found = await oidc.discovery(issuer, setting.clientId, undefined, oidc.None(), {
    timeout: PATIENCE_SECONDS,
    execute: insecure,
  });
  const server = found.serverMetadata();
  const offered = server.id_token_signing_alg_values_supported ?? ['RS256'];
  const config = new oidc.Configuration(
    // what we do not accept we do not know of: the library refuses any other algorithm
    {
      ...server,
      id_token_signing_alg_values_supported: setting.idTokenAlgorithms.filter((one) => offered.includes(one)),
    } as unknown as oidc.ServerMetadata,
    setting.clientId,
    undefined,
    await authentication(setting),
  );
  config.timeout = PATIENCE_SECONDS;
  for (const allow of insecure) allow(config);
  // the token's signature is checked although it came straight from the provider: who reads the wire forges nothing
  oidc.enableNonRepudiationChecks(config);
  return config;
}

async function authentication(setting: Oidc): Promise<oidc.ClientAuth> {
  switch (setting.authentication) {
    case 'none':
      return oidc.None();
    case 'client_secret_basic':
      return oidc.ClientSecretBasic(setting.secret);
    case 'private_key_jwt': {
      const [key] = setting.keys;
      if (!key) throw new Error('a client key is checked for at start');
      const jwk = key.export({ format: 'jwk' }) as JWK;
      return oidc.PrivateKeyJwt({
        key: (await importJWK(jwk, setting.algorithm)) as CryptoKey,
        kid: await calculateJwkThumbprint(jwk),
      });
    }
  }
}

/** Our public keys as a JWKS, for the provider; empty when none is set. */
export async function publicKeys({ config }: Pick<World, 'config'>): Promise<{ keys: JWK[] }> {
  const keys = (config.oidc?.keys ?? []).map(async (key, index): Promise<JWK> => {
    const jwk = createPublicKey(key).export({ format: 'jwk' }) as JWK;
    const alg = index === 0 && config.oidc ? { alg: config.oidc.algorithm } : {};
    return { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', ...alg };
  });
  return { keys: await Promise.all(keys) };
}

const redirectUri = (ctx: Pick<Ctx, 'config'>): string => `${ctx.config.publicUrl}${CALLBACK}`;

/** Begins a sign-in: the provider's address to go to, and the secret that this browser must bring back. Throws Problem providerDown. */
export async function beginSignIn(ctx: Ctx, setting: Oidc, back: string): Promise<{ url: URL; secret: string }> {
  const config = await discovered(setting).catch((error: unknown) => {
    throw told(ctx, error, 'discovery');
  });
  const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
  const secret = randomBytes(32).toString('base64url');
  await addOidcRequest(ctx, {
    state: sha256(state),
    browser: sha256(secret),
    nonce,
    verifier,
    back,
    expires: new Date(ctx.now.getTime() + REQUEST_MINUTES * 60_000),
  });
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri(ctx),
    scope: setting.scope,
    response_type: 'code',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(setting.audience && { audience: setting.audience }),
  });
  return { url, secret };
}

/**
 * The provider's answer: a session of the account of (issuer, subject), made when it is new. `search` is what stood behind
 * the question mark. Throws Problem providerRefused for whatever does not fit, providerDown when the provider does not answer.
 */
export async function finishSignIn(
  ctx: Ctx,
  setting: Oidc,
  given: { search: string; secret: string | undefined; device: string },
): Promise<{ token: string; back: string }> {
  const answer = new URL(redirectUri(ctx) + given.search);
  const state = answer.searchParams.get('state') ?? '';
  // whatever comes of it, this request has had its answer
  const request = given.secret ? await takeOidcRequest(ctx, sha256(state), sha256(given.secret)) : undefined;
  if (!request) throw new Problem(kinds.providerRefused);
  const claims = await identified(ctx, setting, answer, { ...request, state });
  const subject = blindIndex(ctx.keys, 'oidc-subject', `${claims.iss} ${claims.sub}`);
  const token = await ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    const account = (await residentBySubject(tx, claims.iss, subject)) ?? (await openAccount(tx));
    if (!(await addSubject(tx, claims.iss, subject, account))) {
      const first = await residentBySubject(tx, claims.iss, subject);
      // two windows at once: the other one made the account
      if (first !== account) throw new Problem(kinds.providerRefused);
    }
    return openSession(tx, account, 'oidc', given.device);
  });
  return { token, back: request.back };
}

async function identified(
  ctx: Ctx,
  setting: Oidc,
  answer: URL,
  request: { state: string; nonce: string; verifier: string },
): Promise<{ iss: string; sub: string }> {
  try {
    const tokens = await oidc.authorizationCodeGrant(await discovered(setting), answer, {
      expectedState: request.state,
      expectedNonce: request.nonce,
      pkceCodeVerifier: request.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims) return { iss: claims.iss, sub: claims.sub };
  } catch (error) {
    throw told(ctx, error, 'answer');
  }
  throw new Problem(kinds.providerRefused);
}

const DOWN = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_HTTP_REQUEST_FORBIDDEN',
]);

/** The refusal for what went wrong; only the kind of fault is logged, for its text may quote the person. */
function told(ctx: Ctx, error: unknown, step: string): Problem {
  if (error instanceof Problem) return error;
  const { name, code = '', status = 0 } = error as { name: string; code?: string; status?: number };
  const down = DOWN.has(code) || name === 'TypeError' || name === 'TimeoutError' || status >= 500;
  ctx.log.warn({ step, fault: name, code: String(code).slice(0, 60), status }, 'identity provider');
  return new Problem(down ? kinds.providerDown : kinds.providerRefused);
}
