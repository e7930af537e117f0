// Who holds a lease, so that a process that was killed does not keep the next one waiting. Never takes a living one for dead.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A holder of this process: where it runs, its process id, and what makes it unique. */
export function newHolder(unique: string): string {
  return JSON.stringify({ place: placeHere(), pid: process.pid, unique });
}

/** True only for a holder of this very machine (and its process namespace) whose process is no more. */
export function isGone(holder: string): boolean {
  const { place, pid } = read(holder);
  if (place !== placeHere() || pid === null || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

function read(holder: string): { readonly place: string | null; readonly pid: number | null } {
  try {
    const { place, pid } = JSON.parse(holder) as { readonly place?: unknown; readonly pid?: unknown };
    return { place: typeof place === 'string' ? place : null, pid: typeof pid === 'number' ? pid : null };
  } catch {
    return { place: null, pid: null };
  }
}

/**
 * Two containers may share a name and a database, and so may two machines: a process id means something only within its
 * own namespace, and that only until its machine starts anew.
 */
function placeHere(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${hostname()} ${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
