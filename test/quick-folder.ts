// Where tests put their files: in memory where the machine lends some, since what they write outlives no test. Never less than real files.
import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const IN_MEMORY = '/dev/shm';
/** Bytes: containers often lend 64 MB, which a database server alone would fill. */
const ENOUGH = 4 * 2 ** 30;

/** Folder for temporary files: in memory if that has room, else the machine's own. */
export function quickFolder(): string {
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= ENOUGH ? IN_MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
