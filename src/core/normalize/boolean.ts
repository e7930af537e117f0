// Yes and no in the words that services and people use. Never takes an unknown word for false.

const TRUE: ReadonlySet<string> = new Set(['true', 'yes', '1']);
const FALSE: ReadonlySet<string> = new Set(['false', 'no', '0']);

/** The boolean that `raw` says, or null when it says none; case and outer white space do not matter. */
export function parseBoolean(raw: string): boolean | null {
  const word = raw.trim().toLowerCase();
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : null;
}
