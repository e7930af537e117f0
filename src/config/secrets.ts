// Secrets given as a value or as `xFile: PATH`. Reads the files; never puts a secret into a message.
import { resolve } from 'node:path';
import { pathKey } from './interpolate.ts';
import { type PlacedMessage, valueAt } from './issue-text.ts';
import type { ConfigPath } from './problem.ts';
import { readText } from './read-text.ts';

/** The settings of one group that are secrets. */
export const SECRETS: readonly { readonly group: ConfigPath; readonly keys: readonly string[] }[] = [
  { group: ['sell'], keys: ['accessToken'] },
  { group: ['sell', 'oauth'], keys: ['clientSecret', 'refreshToken'] },
  { group: ['dotdigital'], keys: ['password'] },
];

type Group = { [key: string]: unknown };

const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Reading {
  readonly cwd: string;
  /** Paths whose text came from the environment. */
  readonly fromEnvironment: ReadonlySet<string>;
  readonly problems: PlacedMessage[];
}

function readOne(group: Group, path: ConfigPath, key: string, { cwd, fromEnvironment, problems }: Reading): void {
  const fileKey = `${key}File`;
  const file = group[fileKey];
  if (file === undefined || typeof file !== 'string') return;
  if (group[key] !== undefined) {
    problems.push({ path: [...path, fileKey], message: `expected either ${key} or ${fileKey}, found both` });
    return;
  }
  delete group[fileKey];
  // A variable with the secret itself, instead of its file's path, is quickly named here.
  const shown = fromEnvironment.has(pathKey([...path, fileKey])) ? 'the file of this variable' : shownPath(file);
  const read = readText(resolve(cwd, file));
  const content = 'text' in read ? read.text.replace(/\r?\n$/, '') : '';
  if ('why' in read) problems.push({ path: [...path, fileKey], message: `cannot read ${shown}: ${read.why}` });
  else if (content === '') problems.push({ path: [...path, fileKey], message: `the file ${shown} is empty` });
  // Stands in so that the missing secret is not reported a second time.
  group[key] = content === '' ? '-' : content;
}

function shownPath(file: string): string {
  return file.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, '?').slice(0, 300);
}

/** Replaces every `xFile` by what the file holds and reports secrets that are missing or given twice. */
export function resolveSecrets(
  root: unknown,
  cwd: string,
  fromEnvironment: ReadonlySet<string> = new Set(),
): { readonly value: unknown; readonly problems: readonly PlacedMessage[] } {
  const value: unknown = structuredClone(root);
  const problems: PlacedMessage[] = [];
  if (!isGroup(value)) return { value, problems };
  const reading = { cwd, fromEnvironment, problems };
  readOne(value, [], 'secretKey', reading);
  const mail = valueAt(value, ['server', 'mail']);
  if (isGroup(mail)) readOne(mail, ['server', 'mail'], 'password', reading);
  const connections: readonly unknown[] = Array.isArray(value['connections']) ? value['connections'] : [];
  for (const [i, connection] of connections.entries()) {
    for (const { group, keys } of SECRETS) {
      const at = valueAt(connection, group);
      if (!isGroup(at)) continue;
      const path = ['connections', i, ...group];
      for (const key of keys) {
        readOne(at, path, key, reading);
        const optional = key === 'accessToken' && at['oauth'] !== undefined;
        if (at[key] === undefined && !optional) {
          const other = key === 'accessToken' ? ', or oauth' : '';
          problems.push({ path: [...path, key], message: `missing: expected ${key} or ${key}File${other}` });
        }
        if (key === 'accessToken' && at[key] !== undefined && at['oauth'] !== undefined) {
          problems.push({ path: [...path, 'oauth'], message: 'expected either accessToken or oauth, found both' });
        }
      }
    }
  }
  return { value, problems };
}
