// The one character that PostgreSQL's text cannot hold, and what stands for it there.

/** JSON columns never need it: they escape the character. What is left is text to be shown, such as an address nobody can write to. */
const NUL_SYMBOL = '\u2400';

/** A parameter that PostgreSQL takes. Equal before, equal after. */
export function storable<T>(parameter: T): T | string {
  return typeof parameter === 'string' && parameter.includes('\0') ? parameter.replaceAll('\0', NUL_SYMBOL) : parameter;
}
