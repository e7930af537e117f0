// Durations as people write them: `90s`, `15m`, `1h30m`, `400d`. Never negative, never without a unit.

const UNITS: { readonly [unit: string]: number } = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds, or null when the text is no duration. Units s, m, h, d, w; several may follow each other, each once. */
export function parseDuration(text: string): number | null {
  const parts = [...text.trim().matchAll(/(\d+)\s*([smhdw])\s*/gy)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text.trim()) return null;
  if (new Set(parts.map((part) => part[2])).size !== parts.length) return null;
  return parts.reduce((sum, part) => sum + Number(part[1]) * (UNITS[part[2] ?? ''] ?? 0), 0);
}

/** Hour and minute of `HH:MM` (24 hours), or null. */
export function parseTimeOfDay(text: string): { readonly hour: number; readonly minute: number } | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  return match === null ? null : { hour: Number(match[1]), minute: Number(match[2]) };
}

/** True for a name the IANA time zone database knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
