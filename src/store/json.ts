// JSON columns: written in one canonical spelling so that equal values are equal text, and read back by version.
// Never parses what this program did not write.
import { DAMAGED, StoreError } from './error.ts';

const PREFIX = '{"v":1,"d":';

/** Canonical JSON: members in one order whatever order they were set in, no spaces, `undefined` members left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'null';
}

/** A copy with its members in order: one native call then writes the text, which is far faster than writing it here. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.some(isObject) ? value.map(sorted) : value;
  const members: Readonly<Record<string, unknown>> = value as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(members).sort()) {
    const member = isObject(members[key]) ? sorted(members[key]) : members[key];
    // Assigned, this one name would set the prototype instead of a member.
    if (key === '__proto__') Object.defineProperty(copy, key, { value: member, enumerable: true });
    else copy[key] = member;
  }
  return copy;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
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
  if (!text.startsWith(PREFIX)) throw new StoreError('corrupt', `${DAMAGED} (a stored value has an unknown form)`);
  try {
    return JSON.parse(text.slice(PREFIX.length, -1)) as T;
  } catch (cause) {
    throw new StoreError('corrupt', `${DAMAGED} (a stored value is not readable)`, cause);
  }
}

/** `decodeJson` for columns that may be empty. */
export function decodeJsonOrNull<T>(text: string | null): T | null {
  return text === null ? null : decodeJson<T>(text);
}
