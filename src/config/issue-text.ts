// Validation issues in plain words: what was expected, what was found, what may have been meant. Never shows a secret.
import type { z } from 'zod';
import { didYouMean } from '../core/mapping/did-you-mean.ts';
import { isSecret, keysAt, schemaAt } from './json-schema.ts';
import type { ConfigPath } from './problem.ts';

type Issue = z.core.$ZodIssue;

const KINDS: { readonly [expected: string]: string } = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of settings',
  record: 'a group of pairs',
};

/** What stands in the value, shortened; secrets and texts from the environment are only named. */
function found(value: unknown, hidden: boolean): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nothing (null)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of settings';
  if (hidden) return `another ${typeof value === 'string' ? 'text' : typeof value}`;
  return JSON.stringify(typeof value === 'string' && value.length > 60 ? `${value.slice(0, 57)}…` : value);
}

export function valueAt(root: unknown, path: ConfigPath): unknown {
  let at: unknown = root;
  for (const step of path) {
    at = typeof at === 'object' && at !== null ? (at as { readonly [key: string]: unknown })[String(step)] : undefined;
  }
  return at;
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('Invalid input') ? (KINDS[issue.expected] ?? issue.expected) : issue.message;
    case 'invalid_value':
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `a number of at least ${issue.minimum}`
        : issue.message;
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `a number of at most ${issue.maximum}`
        : `at most ${issue.maximum} characters`;
    case 'invalid_format':
      return issue.format === 'email' ? 'an e-mail address' : issue.message;
    default:
      return issue.message;
  }
}

export interface PlacedMessage {
  readonly path: ConfigPath;
  readonly message: string;
}

/** One message per fault, with its path. `hidden` tells which values must not be shown besides the secrets. */
export function explainIssue(
  issue: Issue,
  root: unknown,
  hidden: (path: ConfigPath) => boolean,
): readonly PlacedMessage[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const known = keysAt(path);
      const meant = didYouMean(key, known);
      const hint = meant !== null ? `did you mean "${meant}"?` : `known here: ${known.join(', ')}`;
      return { path: [...path, key], message: `unknown key "${key}"; ${hint}` };
    });
  }
  const value = valueAt(root, path);
  const description = value === undefined ? schemaAt(path)?.description : undefined;
  if (value === undefined) {
    return [
      {
        path,
        message: `missing: expected ${expectation(issue)}${description === undefined ? '' : ` (${description})`}`,
      },
    ];
  }
  const meant =
    issue.code === 'invalid_value' && typeof value === 'string' ? didYouMean(value, issue.values.map(String)) : null;
  const bare =
    issue.code === 'invalid_type' && issue.expected === 'string' && ['number', 'boolean'].includes(typeof value);
  const hint = meant !== null ? `; did you mean "${meant}"?` : bare ? '; put it in quotes' : '';
  return [
    { path, message: `expected ${expectation(issue)}, found ${found(value, isSecret(path) || hidden(path))}${hint}` },
  ];
}
