// Exact decimal numbers as text. Never computes with floating point and never rounds.

/** Largest power of ten that is written out; anything beyond is no business number. */
const MAX_EXPONENT = 400;
const MAX_LENGTH = 1000;
const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/**
 * Canonical decimal (`123.45`, `-0.5`, `0`), or null when `raw` is no plain number. Exponents are written out exactly;
 * thousands separators, decimal commas, currency signs, NaN and Infinity are refused because they would be guesses.
 * Total and idempotent. (C28)
 */
export function normalizeDecimal(raw: string): string | null {
  const text = raw.trim();
  if (text.length > MAX_LENGTH) return null;
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const exponent = Number.parseInt(power, 10);
  if (Math.abs(exponent) > MAX_EXPONENT) return null;
  return assemble(sign === '-', whole + fraction, whole.length + exponent);
}

/** `digits` with the point after `point` of them; `point` may lie outside. */
function assemble(negative: boolean, digits: string, point: number): string {
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0');
  const cut = Math.max(point, 0);
  const whole = padded.slice(0, cut).replace(/^0+/, '') || '0';
  const fraction = padded.slice(cut).replace(/0+$/, '');
  const size = fraction === '' ? whole : `${whole}.${fraction}`;
  return negative && size !== '0' ? `-${size}` : size;
}

/** Digits before and after the point and significant digits of a canonical decimal. */
export function measureDecimal(decimal: string): {
  readonly whole: number;
  readonly fraction: number;
  readonly significant: number;
} {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  return { whole: whole.length, fraction: fraction.length, significant: digits.replace(/0+$/, '').length };
}

/** Significant decimal digits that a double always carries unchanged; a number with more may already be damaged. */
const EXACT_DIGITS = 15;

/** The JSON number that says exactly this canonical decimal in plain notation, or null when there is none. */
export function exactNumber(decimal: string): number | null {
  const { whole, significant } = measureDecimal(decimal);
  if (whole > EXACT_DIGITS || significant > EXACT_DIGITS) return null;
  const number = Number(decimal);
  return String(number) === decimal ? number : null;
}

/** Canonical decimal of a JSON number, or null when its digits cannot be trusted (not finite, or too many). */
export function decimalOfNumber(number: number): string | null {
  const decimal = normalizeDecimal(String(number));
  if (decimal === null || measureDecimal(decimal).significant > EXACT_DIGITS) return null;
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? null : decimal;
}
