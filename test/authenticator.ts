// A passkey made of software, for tests: speaks WebAuthn (ES256, attestation "none") as a phone or a key would, and can lie.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

const UP = 0x01;
const UV = 0x04;
const AT = 0x40;
const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
const bytes = (data: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(data);

type Options = { challenge: string; rp?: { id?: string }; rpId?: string };
/** What it does wrongly, if anything. */
export type Lies = { origin?: string; challenge?: string; unverified?: boolean; counter?: number; rpId?: string };

export class Authenticator {
  readonly id = randomBytes(16);
  readonly origin: string;
  counter = 0;
  private readonly pair: { publicKey: KeyObject; privateKey: KeyObject };
  constructor(origin: string) {
    this.origin = origin;
    this.pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  }

  /** Answers `navigator.credentials.create`, as the JSON that a page sends. */
  create(options: Options, lies: Lies = {}): string {
    const { x = '', y = '' } = this.pair.publicKey.export({ format: 'jwk' });
    const cose = isoCBOR.encode(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, bytes(Buffer.from(x, 'base64url'))],
        [-3, bytes(Buffer.from(y, 'base64url'))],
      ]),
    );
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, cose]);
    const authData = Buffer.concat([this.head(options.rp?.id ?? '', AT, lies), attested]);
    const object = isoCBOR.encode(
      new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', bytes(authData)],
      ]) as never,
    );
    return this.json({
      clientDataJSON: this.clientData('webauthn.create', options, lies).toString('base64url'),
      attestationObject: Buffer.from(object).toString('base64url'),
      transports: ['internal'],
    });
  }

  /** Answers `navigator.credentials.get`. */
  get(options: Options, lies: Lies = {}): string {
    this.counter = lies.counter ?? this.counter + 1;
    const authData = this.head(options.rpId ?? '', 0, lies);
    const clientData = this.clientData('webauthn.get', options, lies);
    const signature = sign('sha256', Buffer.concat([authData, sha256(clientData)]), this.pair.privateKey);
    return this.json({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: signature.toString('base64url'),
    });
  }

  private head(rpId: string, flags: number, lies: Lies): Buffer {
    const tail = Buffer.alloc(5);
    tail.writeUInt8(flags | UP | (lies.unverified ? 0 : UV), 0);
    tail.writeUInt32BE(this.counter, 1);
    return Buffer.concat([sha256(lies.rpId ?? rpId), tail]);
  }

  private clientData(type: string, { challenge }: Options, lies: Lies): Buffer {
    const data = {
      type,
      challenge: lies.challenge ?? challenge,
      origin: lies.origin ?? this.origin,
      crossOrigin: false,
    };
    return Buffer.from(JSON.stringify(data));
  }

  private json(response: Record<string, unknown>): string {
    const id = this.id.toString('base64url');
    return JSON.stringify({ id, rawId: id, type: 'public-key', response, clientExtensionResults: {} });
  }
}
