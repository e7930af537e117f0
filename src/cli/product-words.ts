// Words for a terminal: names, times, counts, durations.

/** What outputs call the systems: as JSON members, and for people. */
export const SYSTEM_LABEL = { crm: 'sell', marketing: 'dotdigital' } as const;
export { inProductNames, SYSTEM_NAMES as SYSTEM_NAME } from '../config/product-names.ts';

/** `22 Nov 2026 15:04 UTC`; the time zone is said because logs and services tell theirs differently. */
export function timeText(iso: string): string {
  const at = new Date(iso);
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return `${day} ${iso.slice(11, 16)} UTC`;
}

/** `1,204 contacts`, `1 contact`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}

/** What took how long: `4 s`, `2 min 5 s`, `1 h 3 min`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return seconds === 0 ? 'under 1 s' : `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
