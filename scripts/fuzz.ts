// Lets both services answer as no book says they do, story by story, and judges each by the oracle of the simulation.
// --runs N (default 100), --seed S (default 1: the first seed), --steps N (default 60); --story tells a single run in full; --shrink FILE writes it, cut down.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withoutOddities, writeOddStory } from '../test/simulation/odd-story.ts';
import { shrink } from '../test/simulation/shrink.ts';
import { tell } from '../test/simulation/tell.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '60' },
    story: { type: 'boolean', default: false },
    shrink: { type: 'string' },
  },
});
const [first, runs, steps] = [Number(values.seed), Number(values.runs), Number(values.steps)];
const begun = performance.now();
let [failed, other, odd] = [0, 0, 0];
for (let seed = first; seed < first + runs; seed += 1) {
  const told = await tell(writeOddStory(seed, steps));
  odd += told.lines.filter((line) => line.includes(' oddly: ')).length;
  if (values.story) console.log(told.lines.join('\n'));
  if (told.wrong.length === 0) continue;
  const fair = await tell(withoutOddities(writeOddStory(seed, steps)));
  if (fair.wrong.length > 0) {
    other += 1;
    console.log(`seed ${String(seed)}, whatever the services answer: ${fair.wrong[0] ?? ''}`);
    continue;
  }
  failed += 1;
  console.log(`seed ${String(seed)}: ${told.wrong[0] ?? ''}`);
  if (values.shrink === undefined) continue;
  const short = await shrink(writeOddStory(seed, steps));
  writeFileSync(values.shrink, `${JSON.stringify(short, null, 2)}\n`);
  console.log((await tell(short)).lines.join('\n'));
}
const seconds = ((performance.now() - begun) / 1000).toFixed(0);
console.log(
  `${String(runs)} stories, ${String(odd)} odd answers, ${String(failed)} with a violation because of them, ${String(other)} with another, ${seconds} s`,
);
if (failed + other > 0) process.exitCode = 1;
