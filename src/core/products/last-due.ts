// When the daily product synchronisation was last due, in the connection's own time zone. Pure: the time is an argument.

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * The newest moment not after `now` at which a clock on the wall shows `at`. Both in milliseconds since the epoch.
 * A time that a clock change leaves out counts as the same distance after it; one that comes twice counts once.
 * @param timeZone IANA name, e.g. `Europe/London`
 */
export function lastDue(now: number, at: TimeOfDay, timeZone: string): number {
  const local = new Date(wallClock(now, timeZone));
  const midnight = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate());
  const wall = midnight + (at.hour * 60 + at.minute) * MINUTE_MS;
  // Around a clock change today's time may lie a little after a `now` that shows a later one.
  for (const day of [0, 1]) {
    const moment = momentOf(wall - day * DAY_MS, timeZone);
    if (moment <= now) return moment;
  }
  return momentOf(wall - 2 * DAY_MS, timeZone);
}

/** What a clock in the zone shows, as if it were UTC. */
function wallClock(moment: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** The moment at which a clock in the zone shows `wall`. The first guess may lie on the other side of a clock change. */
function momentOf(wall: number, timeZone: string): number {
  const offsetAt = (moment: number): number => wallClock(moment, timeZone) - moment;
  const guess = wall - offsetAt(wall);
  const moment = wall - offsetAt(guess);
  return wallClock(moment, timeZone) === wall ? moment : Math.max(guess, moment);
}
