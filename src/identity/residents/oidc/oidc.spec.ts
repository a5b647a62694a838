// Signing in at a real OpenID Connect provider on loopback (oidc-provider), with ES512 and private_key_jwt; and what a hostile
// or broken one may try.
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { calculateJwkThumbprint, importJWK, type JWK, SignJWT } from 'jose';
import { type Oidc, readOidc } from '#platform/oidc.ts';
import { resetLimits } from '#platform/rate-limit.ts';
import { createApp } from '#src/app.ts';
import { openProvider, type TestProvider } from '#test/provider.ts';
import { type Answer, Visitor, wordsOf } from '#test/visitor.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';

let t: TestWorld;
let provider: TestProvider;
before(async () => {
  t = await openTestWorld();
  provider = await openProvider({ redirect: 'http://localhost:3000/masuk/sso/kembali' });
});
after(async () => {
  await provider?.close();
  await t?.close();
});
beforeEach(resetLimits);

const visitor = (setting: Oidc | undefined = provider.setting) =>
  new Visitor(createApp({ ...t.world, config: { ...t.world.config, oidc: setting } }));
const session = (phone: Visitor) => phone.cookies.get('warga|/')?.value;

/** Goes to the provider and comes back with its answer, not yet handed in. */
async function atProvider(phone: Visitor, who: string, ke = '/akun'): Promise<string> {
  const begun = await phone.send(`/masuk/sso?ke=${encodeURIComponent(ke)}`, {}, false);
  assert.equal(begun.status, 303, wordsOf(begun.html).slice(0, 300));
  return provider.signIn(begun.path, who);
}
const back = (phone: Visitor, address: string): Promise<Answer> =>
  phone.get(address.replace('http://localhost:3000', ''));

describe('signing in at an identity provider', () => {
  test('asks for a code with PKCE, state and nonce, and nothing more than it needs', async () => {
    const begun = await visitor().send('/masuk/sso', {}, false);
    const url = new URL(begun.path);
    assert.equal(url.origin, provider.setting.issuer);
    const given = Object.fromEntries(url.searchParams);
    assert.equal(given.code_challenge_method, 'S256');
    assert.equal(given.response_type, 'code');
    assert.equal(given.scope, 'openid');
    assert.equal(given.redirect_uri, 'http://localhost:3000/masuk/sso/kembali');
    for (const name of ['state', 'nonce', 'code_challenge']) assert.ok((given[name] ?? '').length >= 32, name);
  });

  test('opens the account of (issuer, subject): made the first time, found again the next, another for another', async () => {
    const accountOf = async (who: string) => {
      const phone = visitor();
      const page = await back(phone, await atProvider(phone, who));
      assert.match(wordsOf(page.html), /Akun saya/);
      const { rows } = await t.world.pool.query(
        `SELECT resident FROM identity.resident_sessions ORDER BY xmin::text::bigint DESC LIMIT 1`,
      );
      return rows[0].resident as string;
    };
    const first = await accountOf('warga-satu');
    assert.equal(await accountOf('warga-satu'), first);
    assert.notEqual(await accountOf('warga-dua'), first);
    const { rows } = await t.world.pool.query(
      'SELECT issuer, encode(subject, $1) AS subject FROM identity.oidc_subjects',
      ['escape'],
    );
    assert.ok(rows.every((row) => row.issuer === provider.setting.issuer && !row.subject.includes('warga')));
  });

  test('signs its request for tokens with the ES512 key whose public half is at /oidc/jwks.json', async () => {
    const { keys } = (await (await visitor().app.request('http://localhost/oidc/jwks.json')).json()) as { keys: JWK[] };
    assert.equal(keys.length, 1);
    assert.equal(keys[0]?.alg, 'ES512');
    assert.equal(keys[0]?.crv, 'P-521');
    assert.ok(!('d' in (keys[0] ?? {})));
    // the provider knows no other key, and has just let us in
    assert.deepEqual(keys[0], provider.clientKey);
  });

  test('returns only to this site', async () => {
    for (const [ke, to] of [
      ['/lacak', '/lacak'],
      ['https://evil.example', '/akun'],
      ['//evil.example', '/akun'],
    ] as const) {
      const phone = visitor();
      const address = await atProvider(phone, 'warga-satu', ke);
      assert.equal((await back(phone, address)).path, to);
    }
  });

  test('shows no button and no address when nothing is set', async () => {
    const phone = new Visitor(t.app);
    assert.doesNotMatch((await phone.get('/masuk')).html, /masuk\/sso/);
    assert.equal((await phone.get('/masuk/sso')).status, 404);
    assert.equal((await phone.get('/masuk/sso/kembali?code=a&state=b')).status, 404);
    assert.match((await visitor().get('/masuk')).html, /Masuk dengan Akun Contoh/);
  });

  test('works with a client secret and without any, as the provider asks', async () => {
    for (const client of ['rahasia', 'terbuka'] as const) {
      const phone = visitor(provider.settingOf(client));
      assert.match(wordsOf((await back(phone, await atProvider(phone, 'warga-tiga'))).html), /Akun saya/, client);
    }
  });
});

describe('an answer that does not fit', () => {
  const refused = async (phone: Visitor, path: string, status = 400) => {
    const page = await phone.get(path);
    assert.equal(page.status, status, wordsOf(page.html).slice(0, 200));
    assert.match(page.html, /name="kontak"/); // the other way in stays open
    assert.equal(session(phone), undefined);
    return page;
  };
  const pathOf = (address: string) => address.replace('http://localhost:3000', '');

  test('with a wrong, missing or used state opens nothing', async () => {
    const phone = visitor();
    const url = new URL(await atProvider(phone, 'warga-satu'));
    url.searchParams.set('state', 'x'.repeat(43));
    await refused(phone, url.pathname + url.search);
    const second = visitor();
    const other = new URL(await atProvider(second, 'warga-satu'));
    other.searchParams.delete('state');
    await refused(second, other.pathname + other.search);
  });

  test('handed in by another browser opens nothing, nor there afterwards', async () => {
    const [mine, thief] = [visitor(), visitor()];
    const address = pathOf(await atProvider(mine, 'warga-satu'));
    await refused(thief, address);
    await thief.send('/masuk/sso', {}, false); // a request of its own does not help
    await refused(thief, address);
  });

  test('is good once: the same address again opens nothing', async () => {
    const phone = visitor();
    const address = pathOf(await atProvider(phone, 'warga-satu'));
    const kept = new Map(phone.cookies);
    assert.match(wordsOf((await phone.get(address)).html), /Akun saya/);
    phone.cookies.clear();
    for (const [name, cookie] of kept) phone.cookies.set(name, cookie);
    await refused(phone, address);
  });

  test('a code of another sign-in, a refusal by the person, another issuer: nothing opens', async () => {
    const [one, two] = [visitor(), visitor()];
    const first = new URL(await atProvider(one, 'warga-satu'));
    const second = new URL(await atProvider(two, 'warga-dua'));
    second.searchParams.set('code', first.searchParams.get('code') ?? '');
    await refused(two, second.pathname + second.search);
    const phone = visitor();
    const url = new URL(await atProvider(phone, 'warga-satu'));
    url.searchParams.set('iss', 'https://evil.example');
    await refused(phone, url.pathname + url.search);
    const unwilling = visitor();
    const asked = new URL((await unwilling.send('/masuk/sso', {}, false)).path);
    await refused(
      unwilling,
      `/masuk/sso/kembali?error=access_denied&error_description=%3Cscript%3E&iss=${encodeURIComponent(provider.setting.issuer)}&state=${asked.searchParams.get('state')}`,
    );
  });
});

/** A provider of our own making that answers whatever a test wants it to. */
type Hostile = {
  setting: Oidc;
  key: JWK;
  /** What to answer instead of the truth. */
  say: { idToken?: (claims: Claims) => Promise<string> | string; token?: (res: ServerResponse) => void };
  /** The nonce that an honest answer would carry. */
  take(nonce: string): void;
  close(): void;
};
type Claims = { iss: string; sub: string; aud: string; nonce: string; iat: number; exp: number };

async function openHostile(): Promise<Hostile> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-521' });
  const key = privateKey.export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(key);
  let nonce = '';
  const say: Hostile['say'] = {};
  const json = (res: ServerResponse, body: unknown) =>
    res.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  const server: Server = createServer(async (req: IncomingMessage, res) => {
    const { port } = server.address() as AddressInfo;
    const iss = `http://localhost:${port}`;
    const url = new URL(req.url ?? '/', iss);
    if (url.pathname === '/.well-known/openid-configuration')
      return json(res, {
        issuer: iss,
        authorization_endpoint: `${iss}/auth`,
        token_endpoint: `${iss}/token`,
        jwks_uri: `${iss}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES512', 'none', 'HS256'],
      });
    if (url.pathname === '/jwks')
      return json(res, {
        keys: [
          {
            ...(createPublicKey({ key: key as JsonWebKey, format: 'jwk' }).export({ format: 'jwk' }) as JWK),
            kid,
            alg: 'ES512',
            use: 'sig',
          },
        ],
      });
    if (say.token) return say.token(res);
    const now = Math.floor(Date.now() / 1000);
    const claims: Claims = { iss, sub: 'jahat', aud: 'pendopo', nonce, iat: now, exp: now + 300 };
    const idToken = await (say.idToken?.(claims) ?? signed(key, claims));
    json(res, { access_token: 'a', token_type: 'Bearer', id_token: idToken });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const setting = { ...provider.settingOf('terbuka'), issuer: `http://localhost:${port}`, clientId: 'pendopo' };
  return {
    setting,
    say,
    key,
    take: (value) => {
      nonce = value;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
const signed = async (key: JWK, claims: Claims, alg = 'ES512'): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg, kid: await calculateJwkThumbprint(key) })
    .sign((await importJWK(key, alg)) as CryptoKey);
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a provider that lies or fails', () => {
  let hostile: Hostile;
  before(async () => {
    hostile = await openHostile();
  });
  after(() => hostile?.close());
  beforeEach(() => {
    delete hostile.say.idToken;
    delete hostile.say.token;
  });

  async function round(): Promise<{ page: Answer; phone: Visitor }> {
    const phone = visitor(hostile.setting);
    const url = new URL((await phone.send('/masuk/sso', {}, false)).path);
    hostile.take(url.searchParams.get('nonce') ?? '');
    const page = await phone.get(`/masuk/sso/kembali?code=apa-saja&state=${url.searchParams.get('state')}`);
    return { page, phone };
  }

  test('lets in when everything fits: what follows fails for its own reason only', async () => {
    const { page } = await round();
    assert.match(wordsOf(page.html), /Akun saya/);
  });

  const other = generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey.export({ format: 'jwk' }) as JWK;
  const lies: [string, (claims: Claims) => Promise<string> | string][] = [
    ['a wrong nonce', (claims) => signed(hostile.key, { ...claims, nonce: 'lain' })],
    [
      'an expired token',
      (claims) => signed(hostile.key, { ...claims, iat: claims.iat - 7200, exp: claims.exp - 7200 }),
    ],
    ['another issuer', (claims) => signed(hostile.key, { ...claims, iss: 'https://evil.example' })],
    ['another audience', (claims) => signed(hostile.key, { ...claims, aud: 'aplikasi-lain' })],
    ['no signature (alg: none)', (claims) => `${encoded({ alg: 'none' })}.${encoded(claims)}.`],
    ['an algorithm outside our list', (claims) => `${encoded({ alg: 'HS256' })}.${encoded(claims)}.${encoded('x')}`],
    ['a key that is not its own', (claims) => signed(other, claims)],
    ['no subject', (claims) => signed(hostile.key, { ...claims, sub: undefined as never })],
    ['rubbish', () => 'bukan.token.sama-sekali'],
  ];
  for (const [what, idToken] of lies)
    test(`${what}: nobody is signed in`, async () => {
      hostile.say.idToken = idToken;
      const { page, phone } = await round();
      assert.ok(page.status === 400 || page.status === 503, String(page.status));
      assert.equal(session(phone), undefined);
      assert.match(page.html, /name="kontak"/);
    });

  for (const [what, token] of [
    ['an error of its own', (res: ServerResponse) => res.writeHead(500).end('kaboom 3316010101909001')],
    ['a page instead of an answer', (res: ServerResponse) => res.setHeader('content-type', 'text/html').end('<html>')],
    ['silence', () => undefined],
  ] as const)
    test(`${what}: a clear page in a few seconds, and the code still works`, { timeout: 20_000 }, async () => {
      hostile.say.token = token as never;
      const began = performance.now();
      const { page, phone } = await round();
      assert.ok(performance.now() - began < 9000);
      assert.equal(page.status, 503, wordsOf(page.html).slice(0, 300));
      assert.match(wordsOf(page.html), /Penyedia akun sedang tidak menjawab/);
      assert.doesNotMatch(page.html, /kaboom|3316/);
      assert.equal((await phone.post('/masuk/kode', { kontak: '0812 7777 8888' })).status, 200);
      await t.world.pool.query('DELETE FROM identity.codes');
    });

  test('not there at all: the same page before anybody leaves this site', async () => {
    const page = await visitor({ ...hostile.setting, issuer: 'http://127.0.0.1:9' }).get('/masuk/sso');
    assert.equal(page.status, 503);
    assert.match(page.html, /name="kontak"/);
  });
});

test('wrong settings stop the program with the name of the variable', () => {
  const good = {
    OIDC_ISSUER: 'https://sso.example',
    OIDC_CLIENT_ID: 'pendopo',
    OIDC_CLIENT_AUTH: 'none',
    OIDC_CLIENT_ALG: 'ES512',
    OIDC_ID_TOKEN_ALGS: 'ES512',
    OIDC_SCOPE: 'openid',
    OIDC_LABEL: 'Contoh',
  };
  assert.equal(readOidc({ ...good, OIDC_ISSUER: undefined }), undefined);
  assert.equal(readOidc(good)?.issuer, 'https://sso.example');
  for (const [wrong, name] of [
    [{ OIDC_ISSUER: 'http://sso.example' }, /OIDC_ISSUER/],
    [{ OIDC_CLIENT_ID: undefined }, /OIDC_CLIENT_ID/],
    [{ OIDC_CLIENT_AUTH: 'private_key_jwt' }, /OIDC_CLIENT_KEY_FILE/],
    [{ OIDC_CLIENT_AUTH: 'client_secret_basic' }, /OIDC_CLIENT_SECRET/],
    [{ OIDC_CLIENT_AUTH: 'apa' }, /OIDC_CLIENT_AUTH/],
    [{ OIDC_ID_TOKEN_ALGS: 'none' }, /OIDC_ID_TOKEN_ALGS/],
    [{ OIDC_ID_TOKEN_ALGS: 'HS256' }, /OIDC_ID_TOKEN_ALGS/],
    [{ OIDC_SCOPE: 'profile' }, /OIDC_SCOPE/],
  ] as const)
    assert.throws(() => readOidc({ ...good, ...wrong }), name);
});
