// PostgreSQL's error codes, and the broken connections around it, in the store's words. The one place that knows them.
import { StoreError, type StoreErrorKind } from '../error.ts';

const GONE: readonly [StoreErrorKind, string] = [
  'unavailable',
  'The database server cannot be reached: check that it runs, and its address in the database URL.',
];
const DENIED: readonly [StoreErrorKind, string] = [
  'unwritable',
  'The database server refused the user or the password of the database URL.',
];
const BUSY: readonly [StoreErrorKind, string] = [
  'busy',
  'Another process works on the same rows of the database and did not finish in time.',
];
const CORRUPT: readonly [StoreErrorKind, string] = [
  'corrupt',
  'The database is damaged. Nothing was overwritten: restore a backup.',
];
const FULL: readonly [StoreErrorKind, string] = [
  'full',
  'No space left for the database. Make room; nothing that was stored is lost.',
];
const FORBIDDEN: readonly [StoreErrorKind, string] = [
  'unwritable',
  'The database user may not do this: it needs the right to make tables in the schema, and to read and write them.',
];

/** By SQLSTATE, or by its class of two characters (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const KINDS: { readonly [code: string]: readonly [StoreErrorKind, string] } = {
  '08': GONE,
  '57P01': GONE,
  '57P02': GONE,
  '57P03': GONE,
  '57P05': GONE,
  '25P03': GONE,
  '53300': ['unavailable', 'The database server has no connection left: raise its max_connections.'],
  '3D000': ['unavailable', 'There is no database of that name on the server: make it with "createdb NAME".'],
  '28': DENIED,
  '42501': FORBIDDEN,
  '25006': ['unavailable', 'The database server takes no writes now: it is a standby, or read-only.'],
  '40001': BUSY,
  '40P01': BUSY,
  '55P03': BUSY,
  '57014': BUSY,
  '53100': FULL,
  '53200': ['unavailable', 'The database server is out of memory.'],
  '23': ['constraint', 'The database refused a row that would break one of its rules.'],
  XX001: CORRUPT,
  XX002: CORRUPT,
};

/** Codes after which the whole transaction was undone and may simply run again. */
const UNDONE = new Set(['40001', '40P01']);

/** System errors of a connection that could not be made or broke. */
const BROKEN = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** What the driver says without a code. */
const BROKEN_WORDS = /terminat|timeout exceeded when trying to connect|not queryable|discarded|Client was closed/i;

/** Any error thrown by the driver as a StoreError; a StoreError stays what it is. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  const detail = wordsOf(error);
  const [kind, words] = known(code, detail) ?? ['failed', `The database answered: ${detail}`];
  const tells = kind === 'constraint' || kind === 'unavailable';
  return new StoreError(kind, tells ? `${words} (${detail})` : words, error, UNDONE.has(code));
}

function known(code: string, detail: string): readonly [StoreErrorKind, string] | undefined {
  if (BROKEN.has(code)) return GONE;
  if (code === '') return BROKEN_WORDS.test(detail) ? GONE : undefined;
  return KINDS[code] ?? KINDS[code.slice(0, 2)];
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** Several addresses of one name fail together, in an error without words of its own. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    const [first] = error.errors as readonly unknown[];
    return first instanceof Error ? first.message : String(first);
  }
  return error instanceof Error ? error.message : String(error);
}
