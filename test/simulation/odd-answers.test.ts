// Both services answer as no book says: nobody is deleted, cleared, doubled or subscribed for it, and the next runs end in agreement.
// The long form: npm run fuzz. What a single odd answer does to a single call is in test/connectors.
import { expect, it } from 'vitest';
import { writeOddStory } from './odd-story.ts';
import { tell } from './tell.ts';

const STEPS = 50;

it.each([1, 2, 3, 4])('C8, R6, R20: seed %i of odd answers ends without a violation', async (seed) => {
  const told = await tell(writeOddStory(seed, STEPS));
  expect(told.wrong.length === 0 ? [] : told.lines).toEqual([]);
  expect(told.lines.some((line) => line.includes(' oddly: '))).toBe(true);
});

it('C8: a name that is not in the answer to a write is not cleared on the other side', async () => {
  const told = await tell(writeOddStory(16, 60));
  expect(told.wrong).toEqual([]);
});
