// Settings from the environment, checked at start: a wrong one stops the program with the name and the remedy.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

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
  s3: S3 | undefined;
  logLevel: string;
  /** A proxy stands before us: the last address in its X-Forwarded-For is believed. */
  trustProxy: boolean;
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
  S3_ENDPOINT: z.url().optional(),
  S3_BUCKET: z.string().optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY: z.string().optional(),
  S3_SECRET_KEY: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  TRUST_PROXY: z.enum(['0', '1']).default('0'),
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
    s3: readS3(e),
    logLevel: e.LOG_LEVEL,
    trustProxy: e.TRUST_PROXY === '1',
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
