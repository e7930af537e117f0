// How far a long command has come: bars on a terminal, now and then a line elsewhere, nothing with --quiet. Only ever on stderr.
import { MultiBar, type SingleBar } from 'cli-progress';
import type { Output } from './output.ts';

/** One thing that is being worked off. */
export interface ProgressTask {
  /** `done` in units; a new total when it has become known. */
  update(done: number, total?: number): void;
  /** The task is over; its last state stays on the screen. */
  end(): void;
}

export interface Progress {
  /** `total` left out: not known yet. `unit` in the plural: `records`, `pages`. */
  task(label: string, unit: string, total?: number): ProgressTask;
  /** Leaves the terminal as it was. */
  stop(): void;
}

/** Milliseconds between two lines of one task where there is no terminal. */
const LINE_EVERY_MS = 10_000;

/** The right kind of progress for this output. `now` in milliseconds. */
export function createProgress(
  output: Output,
  stderr: NodeJS.WritableStream & { readonly isTTY?: boolean | undefined },
  now: () => number = () => performance.now(),
): Progress {
  if (output.options.quiet) return { task: () => ({ update: () => {}, end: () => {} }), stop: () => {} };
  return stderr.isTTY === true ? barProgress(stderr, now) : lineProgress(output, now);
}

/** Units a second since the start; one decimal below ten. */
export function formatRate(done: number, elapsedMs: number): string {
  if (elapsedMs < 500 || done === 0) return '–/s';
  const rate = (done * 1000) / elapsedMs;
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en-GB')}/s`;
}

/** `1:05` or `2:03:10`; `–` when nothing can be said. */
export function formatTimeLeft(done: number, total: number | undefined, elapsedMs: number): string {
  if (total === undefined || done === 0 || elapsedMs < 500) return '–';
  const seconds = Math.ceil(((total - done) * elapsedMs) / done / 1000);
  if (seconds <= 0) return '0:00';
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = `${String(m).padStart(h > 0 ? 2 : 1, '0')}:${String(s).padStart(2, '0')}`;
  return h > 0 ? `${h}:${tail}` : tail;
}

function barProgress(stderr: NodeJS.WritableStream, now: () => number): Progress {
  const bars = new MultiBar({
    stream: stderr,
    clearOnComplete: false,
    hideCursor: true,
    format: '{label} {bar} {count} {unit}  {rate}  left {left}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    fps: 10,
    emptyOnZero: true,
    autopadding: true,
  });
  return {
    task(label, unit, total) {
      const started = now();
      let known = total;
      const payload = (done: number) => ({
        label: label.padEnd(22),
        unit,
        count: known === undefined ? String(done) : `${done}/${known}`,
        rate: formatRate(done, now() - started),
        left: formatTimeLeft(done, known, now() - started),
      });
      const bar: SingleBar = bars.create(known ?? 0, 0, payload(0));
      return {
        update(done, newTotal) {
          if (newTotal !== undefined && newTotal !== known) {
            known = newTotal;
            bar.setTotal(newTotal);
          }
          bar.update(done, payload(done));
        },
        end: () => bar.stop(),
      };
    },
    stop: () => bars.stop(),
  };
}

function lineProgress(output: Output, now: () => number): Progress {
  return {
    task(label, unit, total) {
      const started = now();
      let said = started;
      let known = total;
      let last = 0;
      const say = (): void => {
        const count = known === undefined ? String(last) : `${last} of ${known}`;
        const elapsed = now() - started;
        const left = formatTimeLeft(last, known, elapsed);
        const open = known !== undefined && last < known && left !== '–' ? `, ${left} left` : '';
        output.info(`${label}: ${count} ${unit}, ${formatRate(last, elapsed)}${open}`);
      };
      return {
        update(done, newTotal) {
          last = done;
          known = newTotal ?? known;
          if (now() - said < LINE_EVERY_MS) return;
          said = now();
          say();
        },
        end: say,
      };
    },
    stop: () => {},
  };
}
