// One text, one spelling: what counts as the same text. Never shortens and never drops inner content.

/**
 * Canonical text, or null when blank: Unicode NFC, line ends as LF, no outer white space. Two values that differ
 * only in these are the same value. Idempotent. (R1, C26)
 */
export function normalizeText(raw: string | null): string | null {
  if (raw === null) return null;
  const text = raw.replace(/\r\n?/g, '\n').normalize('NFC').trim();
  return text === '' ? null : text;
}

/**
 * Key for comparing without regard to case; never stored or sent. Lower case by the Unicode default, independent of the
 * machine's language, with the two letters whose lower-case forms are spelled two ways. Idempotent.
 */
export function foldText(raw: string): string {
  return raw.normalize('NFC').trim().toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ').normalize('NFC');
}

/** Order of UTF-16 code units: the same on every machine, unlike a locale's. (R18) */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Why a text cannot be carried by JSON services without damage, or null when it can. (C28) */
export function findBrokenText(text: string): string | null {
  if (!text.isWellFormed()) return 'contains half of a character (a lone surrogate)';
  if (text.includes('\0')) return 'contains a NUL character';
  return null;
}
