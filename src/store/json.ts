// JSON columns: written in one canonical spelling so that equal values are equal text, and read back by version.
// Never parses what this program did not write.
import { StoreError } from './error.ts';

const PREFIX = '{"v":1,"d":';

/** Canonical JSON: object keys sorted, no spaces, `undefined` members left out. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) {
    let text = '[';
    for (let i = 0; i < value.length; i++) text += (i === 0 ? '' : ',') + canonicalJson(value[i]);
    return `${text}]`;
  }
  let text = '{';
  for (const [key, member] of Object.entries(value).sort(byKey)) {
    if (member === undefined) continue;
    text += `${text.length === 1 ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

/** The value in the envelope that carries the format's version. */
export function encodeJson(value: unknown): string {
  return `${PREFIX}${canonicalJson(value)}}`;
}

/**
 * Reads what `encodeJson` wrote. The version is checked, the shape is trusted: only this program writes these columns.
 * @throws StoreError `corrupt` when the text has another version or is no JSON.
 */
export function decodeJson<T>(text: string): T {
  if (!text.startsWith(PREFIX)) throw new StoreError('corrupt', 'A stored value has an unknown format version.');
  try {
    return JSON.parse(text.slice(PREFIX.length, -1)) as T;
  } catch (cause) {
    throw new StoreError('corrupt', 'A stored value is not readable.', cause);
  }
}

/** `decodeJson` for columns that may be empty. */
export function decodeJsonOrNull<T>(text: string | null): T | null {
  return text === null ? null : decodeJson<T>(text);
}
