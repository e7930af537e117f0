// Tells the stories of many seeds and prints how they end; a story that ends badly is printed, shortened, with the command that tells it again.
// --seeds N (default 100), --from N (default 1), --steps N (default 300); --seed N --story for one in full; --shrink FILE writes it, cut down, as a story of its own.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { shrink } from '../test/simulation/shrink.ts';
import { writeStory } from '../test/simulation/story.ts';
import { tell } from '../test/simulation/tell.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    steps: { type: 'string', default: '300' },
    seed: { type: 'string' },
    story: { type: 'boolean', default: false },
    shrink: { type: 'string' },
  },
});

/** Seeds between two lines of progress. */
const PROGRESS = 10;

const steps = Number(values.steps);
const [first, last] =
  values.seed === undefined
    ? [Number(values.from), Number(values.from) + Number(values.seeds) - 1]
    : [Number(values.seed), Number(values.seed)];
const begun = performance.now();
let [failed, runs, calls] = [0, 0, 0];
for (let seed = first; seed <= last; seed += 1) {
  const told = await tell(writeStory(seed, steps));
  runs += told.runs;
  calls += told.calls;
  if (values.story) console.log(told.lines.join('\n'));
  if (told.wrong.length > 0) failed += 1;
  if ((seed - first + 1) % PROGRESS === 0) console.error(`${String(seed)} told, ${String(failed)} with a violation`);
  if (told.wrong.length === 0) continue;
  console.log(`seed ${String(seed)}: ${told.wrong[0] ?? ''}`);
  if (values.shrink === undefined) continue;
  const short = await shrink(writeStory(seed, steps));
  writeFileSync(values.shrink, `${JSON.stringify(short, null, 2)}\n`);
  console.log((await tell(short)).lines.join('\n'));
}
const seconds = (performance.now() - begun) / 1000;
const count = last - first + 1;
console.log(
  `${String(count)} seeds of ${String(steps)} steps, ${String(failed)} with a violation; ${String(runs)} runs, ${String(calls)} calls; ${String(Math.round((count / seconds) * 60))} seeds a minute`,
);
if (failed > 0) process.exitCode = 1;
