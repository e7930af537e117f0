// The key that seals stored secrets: from the configuration, else from a file beside the database that only its owner reads.
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Config } from './config.ts';

/** What to do where no file beside the database can hold the key. */
export const SECRET_KEY_NEEDED =
  'a key for stored secrets is needed: on a database server every process has to bring the same one. Make one with "openssl rand -base64 32" and name it as secretKey: ${LOCKSTEP_SECRET_KEY}, or as secretKeyFile; a lockstep.key made beside a SQLite file is one, too';

/** The configuration has to name a key. */
export class SecretKeyNeeded extends Error {
  override readonly name = 'SecretKeyNeeded';
}

/** True where the key cannot stand beside the database. */
function needsSecretKey(config: Pick<Config, 'database' | 'secretKey'>): boolean {
  return config.secretKey === null && !config.database.startsWith('sqlite:');
}

/** 32 bytes. Made once; losing the file means entering the credentials again. @throws SecretKeyNeeded when there is no place for one */
export function secretKeyFor(config: Config): Uint8Array {
  if (config.secretKey !== null) return config.secretKey;
  if (needsSecretKey(config)) throw new SecretKeyNeeded(`secretKey: ${SECRET_KEY_NEEDED}.`);
  const path = /^sqlite:(.+)$/.exec(config.database)?.[1];
  if (path === undefined || path === ':memory:') return randomBytes(32);
  const file = join(dirname(resolve(path)), 'lockstep.key');
  try {
    return read(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
  try {
    // Appears complete or not at all, however many processes begin in the same moment.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return read(file);
}

function read(file: string): Uint8Array {
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw new Error(`${file} is damaged: it must hold 32 bytes in base64.`);
  return key;
}
