// Field values in canonical form: what both sides mean, free of how either side spells it.

/**
 * A canonical field value. `null` is blank (an empty string or list is blank too, never a value of its own).
 * Decimals are strings without trailing zeros, dates `YYYY-MM-DD`, date-times `YYYY-MM-DDTHH:mm:ssZ`,
 * sets are sorted lists without repeats.
 */
export type Value = null | string | boolean | readonly string[];

/** A value as a connector hands it over: JSON, already free of vendor envelopes. */
export type Raw = null | string | number | boolean | readonly string[] | { readonly [key: string]: string | null };

export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

export function isBlank(value: Value): value is null {
  return value === null;
}
