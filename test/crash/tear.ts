// What a power cut may leave of a SQLite database beyond kill -9: half a write at the end of its log, half a copy of the log in the
// file. What was committed is whole all the same. (https://sqlite.org/fileformat2.html#walformat, https://sqlite.org/atomiccommit.html)
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { createRandom } from '../../sandbox/random.ts';

const LOG_HEADER = 32;
const FRAME_HEADER = 24;

/** Nobody may have the database open. @returns what was done to it; null where there is no log */
export function tear(file: string, random: ReturnType<typeof createRandom>): string | null {
  const log = `${file}-wal`;
  if (!existsSync(log)) return null;
  const bytes = readFileSync(log);
  const { end, pages, pageSize } = committed(bytes);
  if (pages.size === 0) return null;
  const rubbish = (length: number): Buffer => Buffer.from(Array.from({ length }, () => random.int(0, 255)));
  // No reboot leaves the index of the log behind.
  rmSync(`${file}-shm`, { force: true });
  if (random.chance(0.5)) {
    // The next frame looks right until its second half.
    const frame = Buffer.from(bytes.subarray(end - FRAME_HEADER - pageSize, end));
    const half = random.int(1, frame.length - 1);
    rubbish(frame.length - half).copy(frame, half);
    writeFileSync(log, Buffer.concat([bytes.subarray(0, end), frame.subarray(0, random.int(1, frame.length))]));
    return 'the end of the log is torn';
  }
  const stored = readFileSync(file);
  const torn = random.shuffle([...pages]).slice(0, random.int(1, 5));
  for (const page of torn) {
    const at = (page - 1) * pageSize;
    if (at + pageSize > stored.length) continue;
    const from = random.int(0, pageSize - 1);
    rubbish(pageSize - from).copy(stored, at + from);
  }
  writeFileSync(file, stored);
  return `${String(torn.length)} pages are torn`;
}

/** Where the last commit ends, and which pages of the file the log has; those are read from nowhere else. */
function committed(log: Buffer): {
  readonly end: number;
  readonly pages: ReadonlySet<number>;
  readonly pageSize: number;
} {
  if (log.length < LOG_HEADER) return { end: 0, pages: new Set(), pageSize: 0 };
  const pageSize = log.readUInt32BE(8);
  const pages = new Set<number>();
  let [end, open]: [number, number[]] = [0, []];
  for (let at = LOG_HEADER; at + FRAME_HEADER + pageSize <= log.length; at += FRAME_HEADER + pageSize) {
    // Frames of an earlier round of the log carry other salts.
    if (log.compare(log, 16, 24, at + 8, at + 16) !== 0) break;
    open.push(log.readUInt32BE(at));
    if (log.readUInt32BE(at + 4) === 0) continue;
    for (const page of open) pages.add(page);
    [end, open] = [at + FRAME_HEADER + pageSize, []];
  }
  return { end, pages, pageSize };
}
