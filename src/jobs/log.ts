// The log of a long-running process: JSON lines, one event each. Credentials never get into it, wherever they stand.
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

const SECRETS = ['accessToken', 'password', 'clientSecret', 'refreshToken', 'secretKey', 'authorization'];

export function createLog(destination: DestinationStream, level: 'info' | 'warn'): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '(hidden)' },
    },
    destination,
  );
}
