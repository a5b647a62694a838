// Settings from the environment, checked at start: a wrong one stops the program with the name and the remedy.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type Gateways, NO_GATEWAYS, readGateways } from './gateways.ts';
import { type Oidc, readOidc } from './oidc.ts';
import { readSigning, type SigningSettings } from './signing.ts';

export class ConfigError extends Error {}

export type S3 = { endpoint: string; bucket: string; region: string; accessKey: string; secretKey: string };

export type Config = {
  port: number;
  host: string;
  /** Where people reach us; printed in QR codes and links. No slash at the end. */
  publicUrl: string;
  /** Undefined = the embedded PostgreSQL in `stateDir`. */
  databaseUrl: string | undefined;
  stateDir: string;
  /** Demo shows demo accounts and marks every page; production knows none. */
  mode: 'demo' | 'production';
  masterKey: Buffer;
  /** Other master keys that data may still be sealed under; they open and never seal. */
  oldMasterKeys: Buffer[];
  s3: S3 | undefined;
  /** Through which providers messages leave; none in a demo = the demo's own outbox. */
  gateways: Gateways;
  /** Where residents may sign in with an account they have elsewhere; undefined = no button. */
  oidc?: Oidc | undefined;
  /** Who signs papers; undefined in a demo = a seal of its own that is marked as an example. */
  signing?: SigningSettings | undefined;
  logLevel: string;
  /** A proxy stands before us: the last address in its X-Forwarded-For is believed. */
  trustProxy: boolean;
  /** Where the nightly backup goes, and how many are kept; undefined = none is made. */
  backup?: { dir: string; keep: number } | undefined;
};

const Environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: z.url().optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
    .optional(),
  PENDOPO_STATE: z.string().default('.pendopo'),
  PENDOPO_MODE: z.enum(['demo', 'production']).optional(),
  PENDOPO_MASTER_KEY: z
    .string()
    .regex(/^[0-9a-f]{64,}$/i, 'must be 64 hexadecimal characters: openssl rand -hex 32')
    .optional(),
  PENDOPO_MASTER_KEY_FILE: z.string().optional(),
  PENDOPO_OLD_MASTER_KEYS: z
    .string()
    .regex(/^[0-9a-f]{64,}([,\s]+[0-9a-f]{64,})*$/i, 'must be keys of 64 hexadecimal characters, separated by commas')
    .optional(),
  PENDOPO_OLD_MASTER_KEYS_FILE: z.string().optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_BUCKET: z.string().optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY: z.string().optional(),
  S3_SECRET_KEY: z.string().optional(),
  PENDOPO_MESSAGES_FILE: z.string().optional(),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_AUTH: z.string().default('private_key_jwt'),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_CLIENT_KEY_FILE: z.string().optional(),
  OIDC_CLIENT_ALG: z.string().default('ES512'),
  OIDC_ID_TOKEN_ALGS: z.string().default('ES512,ES384,ES256,PS256,RS256'),
  OIDC_SCOPE: z.string().default('openid'),
  OIDC_LABEL: z.string().max(40).default('akun digital'),
  OIDC_AUDIENCE: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  TRUST_PROXY: z.enum(['0', '1']).default('0'),
  PENDOPO_BACKUP_DIR: z.string().optional(),
  PENDOPO_BACKUP_KEEP: z.coerce.number().int().min(1).max(365).default(7),
});

/** Reads the settings. Throws ConfigError with one line for each wrong variable. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const e = parsed.data;
  const mode = e.PENDOPO_MODE ?? (e.DATABASE_URL ? 'production' : 'demo');
  const stateDir = resolve(e.PENDOPO_STATE);
  return {
    port: e.PORT,
    host: e.HOST,
    publicUrl: (e.PUBLIC_URL ?? `http://localhost:${e.PORT}`).replace(/\/$/, ''),
    databaseUrl: e.DATABASE_URL,
    stateDir,
    mode,
    masterKey: readMasterKey(e.PENDOPO_MASTER_KEY, e.PENDOPO_MASTER_KEY_FILE, mode, stateDir),
    oldMasterKeys: readOldKeys(e.PENDOPO_OLD_MASTER_KEYS, e.PENDOPO_OLD_MASTER_KEYS_FILE, stateDir),
    s3: readS3(e),
    gateways: readProviders(e.PENDOPO_MESSAGES_FILE, env),
    oidc: readProvider(e),
    signing: readSigner(env),
    logLevel: e.LOG_LEVEL,
    trustProxy: e.TRUST_PROXY === '1',
    backup: e.PENDOPO_BACKUP_DIR ? { dir: resolve(e.PENDOPO_BACKUP_DIR), keep: e.PENDOPO_BACKUP_KEEP } : undefined,
  };
}

function readMasterKey(
  hex: string | undefined,
  file: string | undefined,
  mode: Config['mode'],
  stateDir: string,
): Buffer {
  if (hex) return Buffer.from(hex, 'hex');
  if (file) {
    try {
      const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
      if (key.length >= 32) return key;
    } catch {
      // the sentence below says what to do for every cause
    }
    throw new ConfigError(
      'PENDOPO_MASTER_KEY_FILE: must be a readable file with 64 hexadecimal characters: openssl rand -hex 32',
    );
  }
  if (mode === 'production') {
    throw new ConfigError(
      'PENDOPO_MASTER_KEY or PENDOPO_MASTER_KEY_FILE is needed in production: openssl rand -hex 32. Keep a copy apart from the database: without it no sealed data can be read.',
    );
  }
  return demoKey(stateDir);
}

/** One key a line or separated by commas: from the variable, the named file, or old-master.keys in the state folder. */
function readOldKeys(listed: string | undefined, file: string | undefined, stateDir: string): Buffer[] {
  const path = file ?? join(stateDir, 'old-master.keys');
  let text = listed ?? '';
  if (!listed && (file || existsSync(path))) {
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      throw new ConfigError(`PENDOPO_OLD_MASTER_KEYS_FILE: ${path} cannot be read`);
    }
  }
  const keys = text.split(/[,\s]+/).filter(Boolean);
  if (keys.some((key) => !/^([0-9a-f]{2}){32,}$/i.test(key)))
    throw new ConfigError(
      `${file ? 'PENDOPO_OLD_MASTER_KEYS_FILE' : listed ? 'PENDOPO_OLD_MASTER_KEYS' : path}: each key must be 64 hexadecimal characters`,
    );
  return keys.map((key) => Buffer.from(key, 'hex'));
}

// The demo makes its own key once; `wx` lets two starts at once agree on one.
function demoKey(stateDir: string): Buffer {
  mkdirSync(stateDir, { recursive: true });
  const path = join(stateDir, 'master.key');
  try {
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
}

function readProviders(file: string | undefined, env: NodeJS.ProcessEnv): Gateways {
  if (!file) return NO_GATEWAYS;
  try {
    return readGateways(file, env);
  } catch (error) {
    throw new ConfigError(`PENDOPO_MESSAGES_FILE: ${(error as Error).message}`);
  }
}

function readSigner(env: NodeJS.ProcessEnv): SigningSettings | undefined {
  try {
    return readSigning(env);
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
}

function readProvider(e: z.infer<typeof Environment>): Oidc | undefined {
  try {
    return readOidc(e);
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
}

function readS3(e: z.infer<typeof Environment>): S3 | undefined {
  if (!e.S3_ENDPOINT) return undefined;
  if (!e.S3_BUCKET || !e.S3_ACCESS_KEY || !e.S3_SECRET_KEY) {
    throw new ConfigError('S3_ENDPOINT is set: S3_BUCKET, S3_ACCESS_KEY and S3_SECRET_KEY are needed too');
  }
  return {
    endpoint: e.S3_ENDPOINT,
    bucket: e.S3_BUCKET,
    region: e.S3_REGION,
    accessKey: e.S3_ACCESS_KEY,
    secretKey: e.S3_SECRET_KEY,
  };
}
