// Points and lengths of time for people: how long ago, and the exact time in the viewer's zone on hover.
import { useSyncExternalStore } from 'react';

const TICK_MS = 15_000;
const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function fromNow(seconds: number): string {
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
  }
  return seconds > 20 ? 'in a moment' : 'just now';
}

/** @param at ISO time; null is told as `none` */
export function Moment({ at, none = 'never' }: { readonly at: string | null; readonly none?: string }) {
  const ticked = useSyncExternalStore(listen, () => now);
  if (at === null) return <span className="dim">{none}</span>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={exact.format(date)}>
      {fromNow((date.getTime() - Math.max(ticked, Date.now() - TICK_MS)) / 1000)}
    </time>
  );
}

/** In the largest two units that matter. */
export function lengthText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`.replace(' 0 s', '');
  if (seconds < 86_400)
    return `${Math.floor(seconds / 3_600)} h ${Math.round((seconds % 3_600) / 60)} min`.replace(' 0 min', '');
  return `${Math.round(seconds / 86_400)} days`;
}

export function runLength(startedAt: string, finishedAt: string | null): string {
  return finishedAt === null ? '' : lengthText((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}
