// The keys behind the codes: one signs, all that ever signed stay known to whoever checks.
import { createECDH } from 'node:crypto';
import type { Ctx } from '#platform/context.ts';
import { newDataKey, openDataKey } from '#platform/crypto.ts';
import { privateKeyOf, publicJwk, type QrKey, qrKeyOf } from '../qr-payload.ts';
import { activeKey, addKey, allKeys, retireKey } from './store.ts';

/** The key that signs now; the first paper makes it. */
export async function signingKey(ctx: Pick<Ctx, 'db' | 'keys' | 'now'>): Promise<QrKey> {
  const known = (await activeKey(ctx)) ?? (await makeKey(ctx));
  const secret = openDataKey(ctx.keys, known.key).export();
  return { kid: known.kid, private: privateKeyOf(secret, known.public) };
}

async function makeKey(ctx: Pick<Ctx, 'db' | 'keys' | 'now'>) {
  for (;;) {
    const { plain, wrapped } = newDataKey(ctx.keys);
    const made = qrKeyOf(plain.export(), pointOf);
    if (!made) continue; // one in four thousand million
    await addKey(ctx, { ...made, key: wrapped });
    const active = await activeKey(ctx);
    if (active) return active;
  }
}

function pointOf(secret: Buffer): Buffer {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(secret);
  return curve.getPublicKey();
}

/** From now on a new key signs; papers of the old one stay verifiable. Gives the new key's name. */
export async function rotateKey(ctx: Ctx): Promise<string> {
  return ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    const before = await activeKey(tx);
    if (before) await retireKey(tx, before.kid);
    return (await makeKey(tx)).kid;
  });
}

export type PublicKey = ReturnType<typeof publicJwk> & {
  kid: string;
  alg: 'ES256';
  use: 'sig';
  from: string;
  until?: string;
};

/** Every public key, the newest first: what `/verifikasi/kunci.json` and the page without a network hold. */
export async function publicKeys(ctx: Pick<Ctx, 'db' | 'keys' | 'now'>): Promise<PublicKey[]> {
  await signingKey(ctx); // who saves the page before the first paper still has its key
  return (await allKeys(ctx)).map((key) => ({
    ...publicJwk(key.public),
    kid: key.kid,
    alg: 'ES256',
    use: 'sig',
    from: key.madeAt.toISOString(),
    ...(key.retiredAt && { until: key.retiredAt.toISOString() }),
  }));
}
