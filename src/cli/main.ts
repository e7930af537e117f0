// The process: arguments in, exit code out. Everything else is in run.ts, which needs no process.
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { environment } from '../config/environment.ts';
import { COMMANDS } from './commands.ts';
import { createInterruption } from './interruption.ts';
import { run } from './run.ts';

// Left alone, the heap of a long run grows to several times of what is in use before it is cleaned; this keeps a large
// alignment in half the memory for no measurable time. A Node that no longer knows the setting ignores it.
setFlagsFromString('--heap-growing-percent=40');

// A reader that closed the pipe (`| head`) has seen enough.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

const interruption = createInterruption(
  process,
  (text) => void process.stderr.write(`${text}\n`),
  (code) => process.exit(code),
);

const code = await run({
  args: process.argv.slice(2),
  env: environment,
  terminal: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
  interruption,
  commands: COMMANDS,
});

// Pipes are written behind the scenes; ending before they are drained would cut a long result.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise<void>((done) => stream.write('', () => done()))),
);
process.exit(code);
