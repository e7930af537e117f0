// Secrets given as a value or as `xFile: PATH`. Reads the files; never puts a secret into a message.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type PlacedMessage, valueAt } from './issue-text.ts';
import type { ConfigPath } from './problem.ts';

/** The settings of one group that are secrets. */
export const SECRETS: readonly { readonly group: ConfigPath; readonly keys: readonly string[] }[] = [
  { group: ['sell'], keys: ['accessToken'] },
  { group: ['sell', 'oauth'], keys: ['clientSecret', 'refreshToken'] },
  { group: ['dotdigital'], keys: ['password'] },
];

type Group = { [key: string]: unknown };

const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readOne(group: Group, path: ConfigPath, key: string, cwd: string, problems: PlacedMessage[]): void {
  const fileKey = `${key}File`;
  const file = group[fileKey];
  if (file === undefined || typeof file !== 'string') return;
  if (group[key] !== undefined) {
    problems.push({ path: [...path, fileKey], message: `expected either ${key} or ${fileKey}, found both` });
    return;
  }
  delete group[fileKey];
  try {
    const content = readFileSync(resolve(cwd, file), 'utf8').replace(/\r?\n$/, '');
    if (content === '') problems.push({ path: [...path, fileKey], message: `the file ${file} is empty` });
    group[key] = content === '' ? '-' : content;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'reading it is not permitted' : code;
    problems.push({ path: [...path, fileKey], message: `cannot read ${file}: ${why}` });
    // Stands in so that the missing secret is not reported a second time.
    group[key] = '-';
  }
}

/** Replaces every `xFile` by what the file holds and reports secrets that are missing or given twice. */
export function resolveSecrets(
  root: unknown,
  cwd: string,
): { readonly value: unknown; readonly problems: readonly PlacedMessage[] } {
  const value: unknown = structuredClone(root);
  const problems: PlacedMessage[] = [];
  if (!isGroup(value)) return { value, problems };
  readOne(value, [], 'secretKey', cwd, problems);
  const mail = valueAt(value, ['server', 'mail']);
  if (isGroup(mail)) readOne(mail, ['server', 'mail'], 'password', cwd, problems);
  const connections: readonly unknown[] = Array.isArray(value['connections']) ? value['connections'] : [];
  for (const [i, connection] of connections.entries()) {
    for (const { group, keys } of SECRETS) {
      const at = valueAt(connection, group);
      if (!isGroup(at)) continue;
      const path = ['connections', i, ...group];
      for (const key of keys) {
        readOne(at, path, key, cwd, problems);
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
