// Validation issues in plain words: what was expected, what was found, what may have been meant. Never shows a secret.
import type { z } from 'zod';
import { didYouMean } from '../core/mapping/did-you-mean.ts';
import { isSecret, keysAt, schemaAt } from './json-schema.ts';
import { type ConfigPath, shownStep } from './problem.ts';

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

/** A text of the file as a message may quote it: shortened, on one line. */
export function quoted(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57).replace(/\p{Cs}$/u, '')}…` : text;
  return JSON.stringify(short).replaceAll(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** An address may hold a password; and where a group belongs, a forgotten space after a colon makes one text of a key and its secret. */
const MAY_HOLD_SECRET = /[@?#]|:\//;

/** What stands in the value, shortened; secrets and texts from the environment are only named. */
function found(value: unknown, hidden: boolean): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nothing (null)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of settings';
  if (hidden || (typeof value === 'string' && MAY_HOLD_SECRET.test(value)))
    return `another ${typeof value === 'string' ? 'text' : typeof value}`;
  return typeof value === 'string' ? quoted(value) : String(value);
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

/** Unknown keys of one group that are told. */
const MOST = 100;

/** One message per fault, with its path. `hidden` tells which values must not be shown besides the secrets. */
export function explainIssue(
  issue: Issue,
  root: unknown,
  hidden: (path: ConfigPath) => boolean,
): readonly PlacedMessage[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path);
    const told = issue.keys.slice(0, MOST).map((key) => {
      const shown = shownStep(key);
      const meant = didYouMean(shown.replace(/…$/, ''), known);
      const hint =
        meant === null
          ? `known here: ${known.join(', ')}`
          : shown === key
            ? `did you mean "${meant}"?`
            : `a key ends with a colon and a space, as in "${meant}: "`;
      return { path: [...path, key], message: `unknown key "${shown}"; ${hint}` };
    });
    const more = issue.keys.length - told.length;
    return more === 0 ? told : [...told, { path, message: `and ${more} more unknown keys` }];
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
  const unseen = isSecret(path) || hidden(path) || keysAt(path).length > 0;
  return [{ path, message: `expected ${expectation(issue)}, found ${found(value, unseen)}${hint}` }];
}
