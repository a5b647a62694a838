// Structured logs. Routes are logged as patterns, never as addresses, so that no number, code or name gets in.
import { type Logger, pino } from 'pino';

export type Log = Logger;

/** A logger to stderr (stdout belongs to command results). */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: [
          'answers',
          'nik',
          'name',
          'phone',
          'password',
          'token',
          'code',
          '*.answers',
          '*.nik',
          '*.password',
          '*.token',
        ],
        censor: '[tertutup]',
      },
    },
    pino.destination({ dest: 2, sync: false }),
  );
}
