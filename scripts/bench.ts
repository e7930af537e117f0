// Runs every benchmark of bench/, or those whose name contains an argument, one process each. Never compares or judges.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'bench');
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort();

if (files.length === 0) {
  console.error(
    wanted.length === 0 ? 'There is no benchmark in bench/.' : `No benchmark matches: ${wanted.join(', ')}`,
  );
  process.exitCode = 1;
}
for (const file of files) {
  console.log(`\n${file}`);
  const run = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(folder, file)], {
    stdio: 'inherit',
  });
  if (run.status !== 0) process.exitCode = 1;
}
