// A small fixed set of simulated stories; `npm run simulate` tells as many as one likes. See README.md.
import { expect, it } from 'vitest';
import { writeStory } from './story.ts';
import { tell } from './tell.ts';

const STEPS = 80;

it.each([1, 2, 3, 4, 5, 6])(
  'contract 6, R1-R20: seed %i ends without a violation',
  { timeout: 120_000 },
  async (seed) => {
    const told = await tell(writeStory(seed, STEPS));
    expect(told.wrong.length === 0 ? [] : told.lines).toEqual([]);
  },
);

it('R18: the same seed tells the same story, word for word', { timeout: 120_000 }, async () => {
  const [first, second] = [await tell(writeStory(7, 40)), await tell(writeStory(7, 40))];
  expect(second.lines).toEqual(first.lines);
  expect([first.calls > 50, first.calls]).toEqual([true, second.calls]);
});
